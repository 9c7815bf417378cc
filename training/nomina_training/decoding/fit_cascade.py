"""Choosing on development fields when a second network is asked and how much its opinion counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import UsageError
from .cascade import average_frames
from .decoder import Decoder
from .fit import OBJECTIVES, figures
from .frames import Frames
from .labelled import Labelled

WEIGHTS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class FittedCascade:
    """What goes into the manifest, and the figures that it was chosen by."""

    below: float
    weight: float
    report: dict[str, Any]


def fit_cascade(
    first: Sequence[Labelled], second: Sequence[Frames], decoder: Decoder, share: float, objective: str = "exact"
) -> FittedCascade:
    """`below` asks the second network about `share` of the fields; the weight is the one of least cost by `OBJECTIVES`,
    averaged with its neighbours: no lucky one wins. Raises UsageError unless 0 < share <= 1."""
    if not 0 < share <= 1:
        raise UsageError(f"--share: {share} is not above 0 and at most 1")
    truths = [field.truth for field in first]
    alone = [decoder.read(field.frames) for field in first]
    probabilities = [reading.probability for reading in alone]
    below = min(1.0, math.ceil(float(np.quantile(probabilities, share)) * 1e6) / 1e6)
    asked = [at for at, probability in enumerate(probabilities) if probability < below]

    def readings(weight: float) -> list[str]:
        texts = [reading.text for reading in alone]
        for at in asked:
            texts[at] = decoder.read(average_frames(first[at].frames, second[at], weight)).text
        return texts

    ways = {weight: readings(weight) for weight in WEIGHTS}
    cost = OBJECTIVES[objective]
    costs = [sum(cost(text, truth) for text, truth in zip(way, truths, strict=True)) for way in ways.values()]
    smooth = np.convolve(np.pad(costs, 1, mode="edge"), np.ones(3), mode="valid")
    weight = WEIGHTS[int(np.argmin(smooth))]
    report = {
        "asked": round(len(asked) / len(first), 4),
        "first alone": figures([reading.text for reading in alone], truths),
        "second alone": figures([decoder.read(frames).text for frames in second], truths),
        "cascade": figures(ways[weight], truths),
        "both of all": figures(
            [
                decoder.read(average_frames(field.frames, frames, weight)).text
                for field, frames in zip(first, second, strict=True)
            ],
            truths,
        ),
    }
    return FittedCascade(below, weight, report)
