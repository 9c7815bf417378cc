"""The second network of a cascade, asked about what the first doubts."""

from __future__ import annotations

from collections.abc import Sequence

from ..decoding.cascade import Cascade, average_frames, doubted
from ..decoding.decoder import Decoder
from ..decoding.frames import Frames
from ..images.grey import Grey
from ..images.preprocessing import stack
from .ctc_network import ExportedRecogniser

_BATCH = 32


class SecondNetwork:
    """The second network, ready to run."""

    def __init__(self, cascade: Cascade, threads: int = 1) -> None:
        self.cascade = cascade
        self.recogniser = ExportedRecogniser(cascade.second, threads)

    def frames(self, fields: Sequence[Grey]) -> list[Frames]:
        """What it alone says of grey images, [T, C] each."""
        said: list[Frames] = []
        for start in range(0, len(fields), _BATCH):
            images = stack(list(fields[start : start + _BATCH]), self.cascade.second.input)
            said += self.recogniser.probabilities(images)
        return said

    def ask(self, frames: Sequence[Frames], fields: Sequence[Grey], decoder: Decoder) -> list[Frames]:
        """The first network's frames, those of doubted fields averaged with its own."""
        final = list(frames)
        asked = doubted(frames, decoder, self.cascade.below)
        for at, own in zip(asked, self.frames([fields[at] for at in asked]), strict=True):
            final[at] = average_frames(frames[at], own, self.cascade.weight)
        return final
