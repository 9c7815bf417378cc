"""What an exported model says of labelled fields."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..data.pictures import BROKEN, Picture
from ..decoding.labelled import Labelled
from ..errors import UsageError
from ..images.grey import Grey
from ..images.preprocessing import preprocess
from ..models.manifest import Manifest
from .ctc_network import ExportedRecogniser
from .read_again import read_again_of

_BATCH = 32


def read_labelled(manifest: Manifest, fields: Sequence[tuple[Picture, str]], threads: int = 1) -> list[Labelled]:
    """Runs the network on every picture, and what reads again on those it doubts.

    Raises UsageError at the first that can't be read.
    """
    recogniser = ExportedRecogniser(manifest, threads)
    again = read_again_of(recogniser, threads)
    labelled: list[Labelled] = []
    for start in range(0, len(fields), _BATCH):
        part = fields[start : start + _BATCH]
        greys = [_grey(picture) for picture, _ in part]
        inputs = [preprocess(grey, manifest.input) for grey in greys]
        if len({image.shape for image in inputs}) == 1:
            frames = recogniser.probabilities(np.stack(inputs))
        else:
            frames = [recogniser.probabilities(image[np.newaxis])[0] for image in inputs]
        if again:
            frames = again.ask(frames, greys, recogniser.decoder)
        labelled += [Labelled(text, field) for (_, text), field in zip(part, frames, strict=True)]
    return labelled


def _grey(picture: Picture) -> Grey:
    try:
        return picture.grey()
    except BROKEN as error:
        raise UsageError(f"{picture.name}: {error}") from error
