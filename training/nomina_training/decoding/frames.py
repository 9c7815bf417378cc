"""A network's output as probabilities a frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.float64]
"""[T, C], rows sum to 1."""


def probabilities_of(scores: npt.NDArray[Any], activation: str) -> Frames:
    """[T, C] scores to probabilities: softmax of logits and log-probabilities, division by the sum of probabilities."""
    values = np.asarray(scores, dtype=np.float64)
    if activation == "probabilities":
        values = np.maximum(values, 0)
        sums = values.sum(axis=1, keepdims=True)
        shares: Frames = np.where(sums > 0, values / np.where(sums > 0, sums, 1), 1 / values.shape[1])
        return shares
    exponentials = np.exp(values - values.max(axis=1, keepdims=True))
    frames: Frames = exponentials / exponentials.sum(axis=1, keepdims=True)
    return frames
