"""Labelled fields and what a network says of them: all that choosing a decoder's weights needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import UsageError
from ..models.charset import Charset
from .frames import Frames


@dataclass(frozen=True)
class Labelled:
    """A field's true text (NFC, single spaces) and the network's probabilities [T, C]."""

    truth: str
    frames: Frames


def refuse_foreign(labelled: Sequence[Labelled], charset: Charset) -> None:
    """Raises UsageError where there is nothing to fit on, or every text has a character that the model cannot write."""
    if not any(not charset.missing_from(field.truth) for field in labelled):
        raise UsageError("no labelled field has a text that the model can write")
