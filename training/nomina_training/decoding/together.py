"""What several looks at one field say together; step by step as the app's decode/together.ts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .frames import Frames

_LEAST = 1e-9
"""No look rules a class out altogether."""
_LEAST_MATCH = 1e-6
"""Least probability that two frames, or a frame and the blank, are the same."""
_BAND = 0.12
"""How far from where it lies by proportion a frame is looked for, as a share of the other's frames."""
_SLACK = 3
"""Frames that the band is wider than that."""


def product_of(looks: Sequence[Frames], weights: Sequence[float]) -> Frames:
    """Weighted geometric mean of each frame's probabilities [T, C] (a product of experts, Hinton 2002), normalised.

    All have one shape; the weights sum to 1.
    """
    logs = sum(weight * np.log(np.maximum(look, _LEAST)) for look, weight in zip(looks, weights, strict=True))
    product = np.exp(logs)
    averaged: Frames = product / product.sum(axis=-1, keepdims=True)
    return averaged


def match_frames(frames: Frames, other: Frames, blank: int) -> npt.NDArray[np.int64]:
    """For each of the frames [T, C] the one of `other` [U, C] that shows the same part of the field: [T], rising.

    Dynamic time warping (Sakoe and Chiba 1978) within a band. Two frames cost the logarithm of the probability that
    they have the same class; a frame of `other` that is passed over costs that of the blank, so no character is passed
    over for nothing.
    """
    count, others = len(frames), len(other)
    cost = -np.log(np.maximum(_LEAST_MATCH, frames @ other.T))
    passed = np.concatenate(([0.0], np.cumsum(-np.log(np.maximum(_LEAST_MATCH, other[:, blank])))))
    most = math.ceil(2 * others / count)
    places = np.arange(others)
    outside = np.abs(places - (np.arange(count)[:, np.newaxis] + 0.5) * others / count) > _BAND * others + _SLACK
    moves = np.zeros((count, others), dtype=np.int64)
    best = np.where(outside[0], np.inf, cost[0] + passed[:-1])
    for number in range(1, count):
        found = best.copy()
        for move in range(1, min(most, others - 1) + 1):
            moved = np.full(others, np.inf)
            moved[move:] = best[:-move] + (passed[move:-1] - passed[1 : others - move + 1])
            better = moved < found
            found[better] = moved[better]
            moves[number][better] = move
        best = np.where(outside[number], np.inf, found + cost[number])
    at = int(np.argmin(best + (passed[-1] - passed[1:])))
    matched = np.empty(count, dtype=np.int64)
    for number in range(count - 1, -1, -1):
        matched[number] = at
        at -= int(moves[number, at])
    return matched
