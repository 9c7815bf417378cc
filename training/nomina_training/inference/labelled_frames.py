"""What an exported model says of labelled fields."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..data.pictures import BROKEN, Picture
from ..decoding.cascade import cascade_of
from ..decoding.labelled import Labelled
from ..errors import UsageError
from ..images.grey import Grey
from ..images.preprocessing import preprocess
from ..models.manifest import Manifest
from .ctc_network import ExportedRecogniser
from .second_network import SecondNetwork

_BATCH = 32


def read_labelled(manifest: Manifest, fields: Sequence[tuple[Picture, str]], threads: int = 1) -> list[Labelled]:
    """Runs the network on every picture, and the second one of its cascade on those it doubts.

    Raises UsageError at the first that can't be read.
    """
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
