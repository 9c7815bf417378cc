"""Closer views of what a network is unsure of, as the manifest's `views` says; as in the app's decode/views.ts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import UsageError
from ..models.manifest import InputSpec, Manifest
from ..runtime.checked import MOST_TRIM
from .ctc_greedy import collapse, greedy_path
from .frames import Frames

_MOST = 8


@dataclass(frozen=True)
class Views:
    """A field whose certainty is below `below` is read once more as each of `inputs`, and the surest reading stays.

    Networks read letters larger than those that they learnt from better than smaller ones (Touvron et al. 2019, "Fixing
    the train-test resolution discrepancy"): a line that fills little of its crop is cut closer.
    """

    inputs: tuple[InputSpec, ...]
    below: float


def views_of(manifest: Manifest) -> Views | None:
    """The manifest's; None where it names none. Raises UsageError where they can't be."""
    described: Mapping[str, Any] | None = manifest.raw.get("views")
    if not described:
        return None
    try:
        trims, below = [float(trim) for trim in described["trims"]], float(described["below"])
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{manifest.id}: views: missing or wrong: {error!r}") from error
    if manifest.raw.get("cascade"):
        raise UsageError(f"{manifest.id}: views: only a model without a cascade reads closer views")
    if not (0 < len(trims) <= _MOST and all(0 <= trim <= MOST_TRIM for trim in trims) and 0 <= below <= 1):
        raise UsageError(f"{manifest.id}: views: trims are 1 to {_MOST} numbers from 0 to {MOST_TRIM}, below 0 to 1")
    return Views(manifest.input.closer(trims), below)


def certainty_of(frames: Frames, blank: int) -> float:
    """Probability of the best path of [T, C], for each character of its text: their geometric mean; of all of it where
    there is none."""
    characters = collapse(greedy_path(frames), blank)
    return math.exp(float(np.log(frames.max(axis=1)).sum()) / max(1, len(characters)))
