"""Closer views of fields that a network is unsure of, read by the same network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..decoding.decoder import Decoder
from ..decoding.frames import Frames
from ..decoding.views import Views, goes_on, join_views, view_of
from ..images.grey import Grey
from ..images.preprocessing import preprocess
from .ctc_network import ExportedRecogniser


class CloserViews:
    """The views of a manifest, ready to be read."""

    def __init__(self, views: Views, recogniser: ExportedRecogniser) -> None:
        self.views, self.recogniser = views, recogniser

    def ask(self, frames: Sequence[Frames], fields: Sequence[Grey], _: Decoder) -> list[Frames]:
        """What the network says of whole fields; of those that it is unsure of, with what it says of closer views."""
        return [self._read(said, field) for said, field in zip(frames, fields, strict=True)]

    def _read(self, whole: Frames, field: Grey) -> Frames:
        blank = self.recogniser.charset.blank
        seen = [view_of(whole, blank)]
        for spec in self.views.inputs:
            if not goes_on(seen, self.views.below):
                break
            (closer,) = self.recogniser.probabilities(preprocess(field, spec)[np.newaxis])
            seen.append(view_of(closer, blank))
        return join_views(seen, blank)
