"""Greedy CTC decoding (Graves et al. 2006): best class per frame, repeats merged, blanks removed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..models.charset import Charset


def greedy_path(scores: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Best class of every frame: [..., T, C] scores of any activation to [..., T]; ties go to the lower index."""
    path: npt.NDArray[np.int64] = np.argmax(scores, axis=-1)
    return path


def collapse(path: npt.NDArray[np.int64], blank: int) -> list[int]:
    """Class indices that a frame path [T] spells: repeats merged first, then blanks removed."""
    if path.size == 0:
        return []
    starts = np.concatenate(([True], path[1:] != path[:-1]))
    return [int(index) for index in path[starts & (path != blank)]]


def greedy_decode(scores: npt.NDArray[Any], charset: Charset) -> list[str]:
    """Texts of a batch of scores [N, T, C]."""
    if scores.ndim != 3 or scores.shape[-1] != charset.class_count:
        raise ValueError(f"scores of shape {scores.shape} do not fit {charset.class_count} classes")
    return [charset.decode(collapse(path, charset.blank)) for path in greedy_path(scores)]
