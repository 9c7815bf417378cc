"""What a reading's confidence is calibrated from; src/reading/decode/features.ts, the same, tells what each is."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .frames import Frames
from .posterior import Run

FEATURES = ("posterior", "margin", "length", "languageModel", "weakest", "greedy", "omission")
_MOST = 16.0


def logit(probability: float) -> float:
    """Natural logarithm of the odds, within 16 either way."""
    if probability <= 0:
        return -_MOST
    if probability >= 1:
        return _MOST
    return min(_MOST, max(-_MOST, math.log(probability / (1 - probability))))


def features_of(
    probability: float, second: float, runs: Sequence[Run], per_character: float, is_greedy: bool, frames: Frames,
    blank: int,
) -> list[float]:  # fmt: skip
    """In the order of FEATURES, rounded to four places."""
    margin = 0.0
    if probability > 0:
        margin = math.log(probability / second) if second > 0 else _MOST
    weakest = min((run.confidence for run in runs), default=1.0)
    values = (
        logit(probability),
        min(_MOST, max(0.0, margin)),
        float(len(runs)),
        per_character,
        logit(weakest),
        1.0 if is_greedy else 0.0,
        _unclaimed(frames, runs, blank),
    )
    return [math.floor(value * 1e4 + 0.5) / 1e4 for value in values]


def _unclaimed(frames: Frames, runs: Sequence[Run], blank: int) -> float:
    total, run = 0.0, 0
    for number, row in enumerate(frames.tolist()):
        while run < len(runs) and runs[run].end <= number:
            run += 1
        if run < len(runs) and runs[run].start <= number:
            continue
        before = runs[run - 1].index if run else None
        after = runs[run].index if run < len(runs) else None
        claimed = row[blank]
        if before is not None:
            claimed += row[before]
        if after is not None and after != before:
            claimed += row[after]
        total += max(0.0, 1 - claimed)
    return total
