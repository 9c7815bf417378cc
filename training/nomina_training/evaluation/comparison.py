"""Two models on the same rows: differences with paired bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import UsageError
from .bootstrap import Bootstrap, Figure, Numbers
from .breakdown import with_interval
from .evaluate import FieldResult, figures_of
from .metrics import score

_COMPARED = ("character_error_rate", "word_error_rate", "exact", "exact_ignoring_case")
_LOWER_IS_BETTER = ("character_error_rate", "word_error_rate")


def compare(ours: Sequence[FieldResult], theirs: Sequence[FieldResult], seed: int = 0) -> dict[str, object]:
    """A's and B's scores, and A - B of each with its 95 % interval over rows drawn for both alike.

    "better" names the model that an interval without 0 speaks for, or none. Raises UsageError where the two have no
    row in common or disagree on a truth.
    """
    others = {result.filename: result for result in theirs}
    pairs = [(mine, others[mine.filename]) for mine in ours if mine.filename in others]
    if not pairs:
        raise UsageError("compare: the two have no row in common")
    different = sum(mine.truth != other.truth for mine, other in pairs)
    if different:
        raise UsageError(f"compare: {different} rows have another truth in the other evaluation")
    bootstrap = Bootstrap(len(pairs), seed)
    first, second = [mine for mine, _ in pairs], [other for _, other in pairs]
    figures = {name: (figures_of(first)[name], figures_of(second)[name]) for name in _COMPARED}
    differences: dict[str, object] = {}
    for name, (mine, other) in figures.items():
        interval = with_interval(_difference(mine, other), bootstrap)
        better = "A" if (interval["high"] < 0) == (name in _LOWER_IS_BETTER) else "B"
        decided = interval["low"] > 0 or interval["high"] < 0
        differences[name] = {**interval, "better": better if decided else None}
    return {
        "fields": len(pairs),
        "only_in_one": len(ours) + len(theirs) - 2 * len(pairs),
        "A": score([r.reading for r in first], [r.truth for r in first]).as_json(),
        "B": score([r.reading for r in second], [r.truth for r in second]).as_json(),
        "A - B": differences,
    }


def _difference(mine: Figure, other: Figure) -> Figure:
    def figure(weights: Numbers) -> Numbers:
        return mine(weights) - other(weights)

    return figure
