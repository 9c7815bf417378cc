"""Bootstrap intervals (Efron & Tibshirani 1993): rows drawn again with replacement, the same ones for every figure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Figure = Callable[[Numbers], Numbers]
"""Weights [B, R] of rows (how often each was drawn) to a figure a draw [B]."""

_MOST = 20_000_000
"""Largest number of weights held at a time."""


class Bootstrap:
    """Draws of R rows; the same seed gives the same ones."""

    def __init__(self, rows: int, seed: int = 0, draws: int = 1000) -> None:
        count = max(100, min(draws, _MOST // max(1, rows)))
        random = np.random.default_rng(seed)
        even = np.full(max(1, rows), 1 / max(1, rows))
        self.weights: Numbers = random.multinomial(rows, even, size=count).astype(np.float64)

    def interval(self, figure: Figure) -> tuple[float, float]:
        """The middle 95 % of a figure over the draws."""
        low, high = np.percentile(figure(self.weights), [2.5, 97.5])
        return float(low), float(high)


def ratio(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> Figure:
    """Sum over sum (at least 1) of two columns [R]."""
    above, below = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    return lambda weights: (weights @ above) / np.maximum(weights @ below, 1)


def mean(values: npt.ArrayLike) -> Figure:
    """The mean of a column [R]."""
    return ratio(values, np.ones(np.shape(values)))


def deviation(values: npt.ArrayLike) -> Figure:
    """The standard deviation of a column [R]."""
    column = np.asarray(values, dtype=np.float64)
    first, second = mean(column), mean(column**2)
    return lambda weights: np.sqrt(np.maximum(second(weights) - first(weights) ** 2, 0))


def over_all(figure: Figure, rows: int) -> float:
    """The figure of the rows themselves."""
    return float(figure(np.ones((1, rows)))[0])
