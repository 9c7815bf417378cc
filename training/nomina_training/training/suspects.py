"""Labels that a finished model contradicts with certainty are left out: confident learning (Northcutt et al. 2021).

The model should not have learnt from those labels, or it repeats them: train it on another part, or stop it early.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..data.samples import Cleaning, Sample
from ..images.preprocessing import preprocess
from ..inference.ctc_network import Recogniser, open_recogniser
from .losses import contradicted_labels

_CERTAIN, _CONTRADICTED = 0.9, 0.01
"""Probability of the model's own reading at least, and of the label at most."""
_BATCH = 64


def without_suspects(samples: Sequence[Sample], model: Path, cleaning: Cleaning) -> list[Sample]:
    """The samples whose label the model does not contradict; the others are counted and listed."""
    recogniser = open_recogniser(model)
    kept: list[Sample] = []
    batch: list[tuple[Sample, npt.NDArray[np.float32]]] = []
    for sample in samples:
        image = preprocess(sample.picture.grey(), recogniser.input)
        if batch and (batch[0][1].shape != image.shape or len(batch) == _BATCH):
            kept += _believed(batch, recogniser, cleaning)
            batch = []
        batch.append((sample, image))
    return kept + _believed(batch, recogniser, cleaning)


def _believed(
    batch: Sequence[tuple[Sample, npt.NDArray[np.float32]]],
    recogniser: Recogniser,
    cleaning: Cleaning,
) -> list[Sample]:
    """Of a batch of equal width; a label outside the model's charset is believed, since the model cannot judge it."""
    if not batch:
        return []
    judged = [not recogniser.charset.missing_from(sample.text) for sample, _ in batch]
    texts = [sample.text if known else "" for (sample, _), known in zip(batch, judged, strict=True)]
    scores = recogniser.log_probabilities(np.stack([image for _, image in batch]))
    suspect = contradicted_labels(scores.astype(np.float16), texts, recogniser.charset, _CERTAIN, _CONTRADICTED)
    kept = []
    for (sample, _), known, contradicted in zip(batch, judged, suspect, strict=True):
        if known and contradicted:
            cleaning.drop("suspect label", sample.picture.name, "a model is certain of another text")
        else:
            kept.append(sample)
    return kept
