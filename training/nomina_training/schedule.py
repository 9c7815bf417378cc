"""The one-cycle learning rate (Smith & Topin 2018), a pure function of the step so that a resumed run continues it."""

from __future__ import annotations

import math

_START_DIVISOR = 25.0
_END_DIVISOR = 1e4


def one_cycle(step: int, steps: int, peak: float, warm_up: float) -> float:
    """Learning rate of a step, 0 to steps - 1: cosine up from peak / 25 over `warm_up`, then down to peak / 250,000."""
    rise = max(1.0, warm_up * steps)
    if step < rise:
        return _cosine(peak / _START_DIVISOR, peak, step / rise)
    return _cosine(peak, peak / _START_DIVISOR / _END_DIVISOR, min(1.0, (step - rise) / max(1.0, steps - 1 - rise)))


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
