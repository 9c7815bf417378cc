"""Learning rates as pure functions of the step and of what the run has measured: a resumed run continues them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..configuration.sections import TrainingSection

_START_DIVISOR = 25.0
_END_DIVISOR = 1e4
_FLOOR = 0.01
"""Share of the peak at which cosine and warm-up-stable-decay end."""


def learning_rate(
    settings: TrainingSection, step: int, steps: int, history: Sequence[Mapping[str, float]]
) -> float:
    """The rate of a step, 0 to steps - 1; `history` are the finished epochs' figures (`dev_cer`)."""
    peak = settings.learning_rate
    if settings.schedule == "one-cycle":
        return one_cycle(step, steps, peak, settings.warm_up)
    rise = settings.warm_up * steps
    if step < rise:
        return peak * (step + 1) / (rise + 1)
    if settings.schedule == "cosine":
        return _cosine(peak, _FLOOR * peak, min(1.0, (step - rise) / max(1.0, steps - 1 - rise)))
    if settings.schedule == "warm-up-stable-decay":
        left = (steps - step) / max(1.0, settings.decay * steps)
        return peak * max(_FLOOR, min(1.0, left))
    reductions = plateaus([epoch["dev_cer"] for epoch in history], settings.plateau_epochs)
    return peak * settings.plateau_factor**reductions


def one_cycle(step: int, steps: int, peak: float, warm_up: float) -> float:
    """Smith & Topin (2018): cosine up from peak / 25 over `warm_up`, then down to peak / 250,000."""
    rise = max(1.0, warm_up * steps)
    if step < rise:
        return _cosine(peak / _START_DIVISOR, peak, step / rise)
    return _cosine(peak, peak / _START_DIVISOR / _END_DIVISOR, min(1.0, (step - rise) / max(1.0, steps - 1 - rise)))


def plateaus(errors: Sequence[float], patience: int) -> int:
    """How many times `patience` epochs went by without a new least error, the count begun anew each time."""
    best, flat, reductions = math.inf, 0, 0
    for error in errors:
        if error < best:
            best, flat = error, 0
            continue
        flat += 1
        if flat >= max(1, patience):
            reductions, flat = reductions + 1, 0
    return reductions


def epochs_since_best(errors: Sequence[float]) -> int:
    """Epochs after the first one of least error; 0 where there is none."""
    return len(errors) - 1 - errors.index(min(errors)) if errors else 0


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
