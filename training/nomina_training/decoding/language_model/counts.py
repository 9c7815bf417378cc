"""Counts of the highest order's n-grams; those of lower orders are their sums."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...errors import UsageError

BEGIN, END = "\x02", "\x03"
"""Before the first and after the last character; never part of a text."""


@dataclass
class NgramCounts:
    """How often each n-gram ends a stretch of text; one that the beginning cuts short starts with a single BEGIN."""

    order: int
    longest: Counter[str]

    @property
    def characters(self) -> list[str]:
        """Those of the texts."""
        return sorted({symbol for ngram in self.longest for symbol in ngram if symbol >= " "})

    def of_order(self, order: int) -> Counter[str]:
        """Counts of n-grams of `order` symbols, those that the beginning makes shorter not among them."""
        counts: Counter[str] = Counter()
        for ngram, count in self.longest.items():
            if len(ngram) >= order:
                counts[ngram[-order:]] += count
        return counts

    def without(self, texts: Iterable[str]) -> tuple[NgramCounts, int]:
        """The counts less those of texts that must not be known; and how many of these n-grams were not there."""
        removed = count_texts(dict(Counter(texts)), self.order).longest
        missing = sum(max(0, count - self.longest[ngram]) for ngram, count in removed.items())
        left = {ngram: count - removed[ngram] for ngram, count in self.longest.items() if count > removed[ngram]}
        return NgramCounts(self.order, Counter(left)), missing


def count_texts(texts: Mapping[str, int], order: int) -> NgramCounts:
    """Counts of texts, each as often as its number says."""
    longest: Counter[str] = Counter()
    for text, times in texts.items():
        marked = BEGIN + text + END
        for end in range(2, len(marked) + 1):
            longest[marked[max(0, end - order) : end]] += times
    return NgramCounts(order, longest)


def read_ngrams(path: Path, order: int) -> NgramCounts:
    """A CSV of NGRAM,COUNT with `^` for the beginning (as often as it fits) and one `$` for the end.

    Raises UsageError where the file is no such table or its n-grams are shorter than `order`.
    """
    longest: Counter[str] = Counter()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                ngram, count = row["NGRAM"], int(row["COUNT"])
                if len(ngram) < order:
                    raise UsageError(f"{path}: {ngram!r} is shorter than {order}")
                inner = ngram[-order:]
                stripped = inner.lstrip("^")
                begin = BEGIN if len(stripped) < len(inner) else ""
                if stripped.endswith("$"):
                    stripped = stripped[:-1] + END
                longest[begin + stripped] += count
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path}: no table of NGRAM,COUNT: {error}") from error
    return NgramCounts(order, longest)
