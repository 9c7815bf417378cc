"""How many texts that nobody looked at are wrong, from a random sample of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, lgamma


@dataclass(frozen=True)
class Promise:
    """Of the readings that stand undecided, from a confidence on: the share that is right, with its 95 % interval."""

    threshold: float
    undecided: int
    sampled: int
    wrong: int
    accuracy: float
    low: float
    high: float


def promise(threshold: float, undecided: int, sampled: int, wrong: int, alpha: float = 0.05) -> Promise:
    """`sampled` were drawn uniformly from all readings at or above `threshold` and decided; `undecided` are the others."""
    if undecided == 0:
        return Promise(threshold, 0, sampled, wrong, 1, 1, 1)
    least, most = wrong_among_rest(wrong, sampled, undecided, alpha)
    value = wrong / sampled if sampled else 0.5
    return Promise(threshold, undecided, sampled, wrong, 1 - value, 1 - most / undecided, 1 - least / undecided)


def wrong_among_rest(wrong: int, sampled: int, rest: int, alpha: float) -> tuple[int, int]:
    """The numbers of wrong ones that a hypergeometric test does not reject, at `alpha` / 2 a side; as the app computes it."""
    everything = sampled + rest

    def at_most(errors: int) -> float:
        return _hypergeometric_at_most(wrong, everything, errors, sampled)

    def at_least(errors: int) -> float:
        return 1 - (0 if wrong == 0 else _hypergeometric_at_most(wrong - 1, everything, errors, sampled))

    most = wrong + rest
    low = _first(wrong, most, lambda errors: at_least(errors) > alpha / 2)
    high = most - _first(0, rest, lambda fewer: at_most(most - fewer) > alpha / 2)
    return low - wrong, high - wrong


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _hypergeometric_at_most(wrong: int, everything: int, errors: int, sampled: int) -> float:
    base = _log_choose(everything, sampled)
    least = max(0, sampled - (everything - errors))
    terms = (
        exp(_log_choose(errors, hits) + _log_choose(everything - errors, sampled - hits) - base)
        for hits in range(least, min(wrong, errors) + 1)
    )
    return min(1, sum(terms))


def _log_choose(count: int, take: int) -> float:
    if take < 0 or take > count:
        return -inf
    return lgamma(count + 1) - lgamma(take + 1) - lgamma(count - take + 1)
