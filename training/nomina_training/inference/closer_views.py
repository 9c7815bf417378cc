"""Closer views of fields that a network is unsure of, read by the same network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..decoding.ctc_greedy import collapse, greedy_path
from ..decoding.decoder import Decoder
from ..decoding.frames import Frames
from ..decoding.views import Views, certainty_of
from ..images.grey import Grey
from ..images.preprocessing import preprocess
from .ctc_network import ExportedRecogniser


class CloserViews:
    """The views of a manifest, ready to be read."""

    def __init__(self, views: Views, recogniser: ExportedRecogniser) -> None:
        self.views, self.recogniser = views, recogniser

    def ask(self, frames: Sequence[Frames], fields: Sequence[Grey], _: Decoder) -> list[Frames]:
        """What the network says of whole fields; of those that it is unsure of, what it says of the surest view."""
        return [self._surest(said, field) for said, field in zip(frames, fields, strict=True)]

    def _surest(self, whole: Frames, field: Grey) -> Frames:
        blank = self.recogniser.charset.blank
        best, certainty = whole, certainty_of(whole, blank)
        for spec in self.views.inputs if certainty < self.views.below else ():
            (closer,) = self.recogniser.probabilities(preprocess(field, spec)[np.newaxis])
            # A field that is cut so close that nothing is read does not outdo one that is read.
            if (other := certainty_of(closer, blank)) > certainty and collapse(greedy_path(closer), blank):
                best, certainty = closer, other
        return best
