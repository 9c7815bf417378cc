"""What reads doubtful fields again: a manifest's second network, or its closer views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..decoding.cascade import cascade_of
from ..decoding.decoder import Decoder
from ..decoding.frames import Frames
from ..decoding.views import views_of
from ..images.grey import Grey
from .closer_views import CloserViews
from .ctc_network import ExportedRecogniser
from .second_network import SecondNetwork


class ReadAgain(Protocol):
    """What a network is followed by."""

    def ask(self, frames: Sequence[Frames], fields: Sequence[Grey], decoder: Decoder) -> list[Frames]:
        """The network's frames [T, C] of these fields; others where it was in doubt."""


def read_again_of(recogniser: ExportedRecogniser, threads: int = 1) -> ReadAgain | None:
    """The manifest's; None where it names neither. Raises UsageError where what it names is missing or wrong."""
    manifest = recogniser.manifest
    if views := views_of(manifest):
        return CloserViews(views, recogniser)
    cascade = cascade_of(manifest)
    return SecondNetwork(cascade, threads) if cascade else None
