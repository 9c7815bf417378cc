"""Labelled fields and what a network says of them: all that choosing a decoder's weights needs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..charset import Charset
from ..errors import UsageError
from ..images import Grey
from ..manifest import Manifest
from ..pictures import BROKEN, Picture
from ..preprocess import preprocess
from .cascade import SecondNetwork, cascade_of
from .scores import Frames

_BATCH = 32


@dataclass(frozen=True)
class Labelled:
    """A field's true text (NFC, single spaces) and the network's probabilities [T, C]."""

    truth: str
    frames: Frames


def read_texts(
    labels: Path, text_column: str, where: Sequence[tuple[str, str]] = (), filename_column: str | None = None
) -> list[tuple[str, str]]:
    """(file name or "", text) of a CSV's rows that match `where`; raises UsageError on a missing file or column."""
    try:
        with labels.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            wanted = [text_column, *(column for column, _ in where), *([filename_column] if filename_column else [])]
            missing = [column for column in wanted if column not in (reader.fieldnames or [])]
            if missing:
                raise UsageError(f"{labels}: no column {', '.join(missing)}; there are {reader.fieldnames}")
            return [
                (row[filename_column] if filename_column else "", " ".join((row[text_column] or "").split()))
                for row in reader
                if all(row[column] == value for column, value in where)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{labels}: {error}") from error


def read_labelled(manifest: Manifest, fields: Sequence[tuple[Picture, str]], threads: int = 1) -> list[Labelled]:
    """Runs the network on every picture, and the second one of its cascade on those it doubts.

    Raises UsageError at the first that can't be read.
    """
    from ..recogniser import ExportedRecogniser  # loads PyTorch

    recogniser = ExportedRecogniser(manifest, threads)
    cascade = cascade_of(manifest)
    second = SecondNetwork(cascade, threads) if cascade else None
    labelled: list[Labelled] = []
    for start in range(0, len(fields), _BATCH):
        part = fields[start : start + _BATCH]
        greys = [_grey(picture) for picture, _ in part]
        inputs = [preprocess(grey, manifest.input) for grey in greys]
        if len({image.shape for image in inputs}) == 1:
            frames = recogniser.probabilities(np.stack(inputs))
        else:
            frames = [recogniser.probabilities(image[np.newaxis])[0] for image in inputs]
        if second:
            frames = second.ask(frames, greys, recogniser.decoder)
        labelled += [Labelled(text, field) for (_, text), field in zip(part, frames, strict=True)]
    return labelled


def _grey(picture: Picture) -> Grey:
    try:
        return picture.grey()
    except BROKEN as error:
        raise UsageError(f"{picture.name}: {error}") from error


def refuse_foreign(labelled: Sequence[Labelled], charset: Charset) -> None:
    """Raises UsageError where there is nothing to fit on, or every text has a character that the model cannot write."""
    if not any(not charset.missing_from(field.truth) for field in labelled):
        raise UsageError("no labelled field has a text that the model can write")
