"""Smoothed probabilities of n-grams, as back-off weights: interpolated Kneser-Ney (modified) or Witten-Bell.

Chen and Goodman 1998, "An empirical study of smoothing techniques for language modeling".
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from .counts import BEGIN, END, NgramCounts

METHODS = ("kneser-ney", "witten-bell")

Estimated = tuple[dict[str, float], dict[str, float]]
"""Probability of each n-gram's last symbol after the others; and each context's weight of what is shorter."""


def estimate(
    counts: NgramCounts, characters: tuple[str, ...], method: str = "kneser-ney", least: int = 2
) -> Estimated:
    """Probabilities of all n-grams of 1 to `counts.order` symbols that occur at least `least` times (from order 3 on).

    Every character and END have a probability after every context, whether it was seen or not. What pruning takes away
    goes to the back-off, so that each context's probabilities sum to 1 still; so does what n-grams with characters
    outside `characters` had, and those whose beginning is not kept: texts that were taken out but never counted may
    have taken it away.
    """
    raw = {order: counts.of_order(order) for order in range(1, counts.order + 1)}
    vocabulary = (*characters, END)
    known = {BEGIN, *vocabulary}
    probabilities: dict[str, float] = {}
    backoffs: dict[str, float] = {}
    lower: Callable[[str], float] = lambda _: 1 / len(vocabulary)  # noqa: E731
    for order in range(1, counts.order + 1):
        seen = raw[order] if method == "witten-bell" or order == counts.order else _continuations(raw, order)
        share = _witten_bell if method == "witten-bell" else _kneser_ney(seen)
        kept = [n for n in seen if (order < 3 or raw[order][n] >= least) and n[-1] != BEGIN and known.issuperset(n)]
        if order == 1:
            kept = list(vocabulary)
        kept = [ngram for ngram in kept if ngram[:-1] in probabilities or ngram[:-1] in ("", BEGIN)]
        by_context: dict[str, list[str]] = defaultdict(list)
        for ngram in kept:
            by_context[ngram[:-1]].append(ngram)
        totals, followers = _context_sums(seen)
        for context, ngrams in by_context.items():
            total = totals[context]
            shares = {n: share(seen[n], total, followers[context]) if seen[n] else 0.0 for n in ngrams}
            rest = max(1 - sum(shares.values()), 1e-9)
            if context:
                backoffs[context] = rest
            for ngram, own in shares.items():
                probabilities[ngram] = own + rest * lower(ngram[1:])
        lower = look_up(dict(probabilities), dict(backoffs))
    return probabilities, backoffs


def look_up(probabilities: Mapping[str, float], backoffs: Mapping[str, float]) -> Callable[[str], float]:
    """The probability of an n-gram's last symbol after the others, 0 for a symbol that is not known."""

    def find(ngram: str) -> float:
        weight = 1.0
        while ngram not in probabilities and len(ngram) > 1:
            weight *= backoffs.get(ngram[:-1], 1.0)
            ngram = ngram[1:]
        return weight * probabilities.get(ngram, 0.0)

    return find


def _context_sums(seen: Counter[str]) -> tuple[Counter[str], dict[str, tuple[int, int, int]]]:
    """Of each context: the sum of its counts, and how many symbols follow it once, twice, more often."""
    totals: Counter[str] = Counter()
    followers: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for ngram, count in seen.items():
        totals[ngram[:-1]] += count
        followers[ngram[:-1]][min(count, 3) - 1] += 1
    return totals, defaultdict(lambda: (0, 0, 0), {c: (n[0], n[1], n[2]) for c, n in followers.items()})


def _continuations(raw: Mapping[int, Counter[str]], order: int) -> Counter[str]:
    """In how many contexts one symbol longer an n-gram occurs; as often as it occurs where the text begins with it."""
    counts: Counter[str] = Counter()
    for longer in raw[order + 1]:
        counts[longer[1:]] += 1
    for ngram, count in raw[order].items():
        if ngram.startswith(BEGIN):
            counts[ngram] = count
    return counts


Share = Callable[[int, int, tuple[int, int, int]], float]


def _witten_bell(count: int, total: int, followers: tuple[int, int, int]) -> float:
    return count / (total + sum(followers))


def _kneser_ney(seen: Counter[str]) -> Share:
    """Modified: a discount each for counts of 1, 2 and more, from the counts of counts."""
    of_counts = Counter(min(count, 5) for count in seen.values())
    one, two, three, four = (max(1, of_counts[count]) for count in (1, 2, 3, 4))
    held = one / (one + 2 * two)
    discounts = (
        0.0,
        min(0.99, max(0.05, 1 - 2 * held * two / one)),
        min(1.98, max(0.05, 2 - 3 * held * three / two)),
        min(2.97, max(0.05, 3 - 4 * held * four / three)),
    )

    def share(count: int, total: int, _: tuple[int, int, int]) -> float:
        return max(0.0, count - discounts[min(count, 3)]) / total

    return share


def cross_entropy(log_probabilities: list[float], texts: list[str]) -> float:
    """Mean negative natural logarithm a symbol, ends included."""
    return -sum(log_probabilities) / max(1, sum(len(text) + 1 for text in texts))


def perplexity(log_probabilities: list[float], texts: list[str]) -> float:
    """Of texts by their logarithms."""
    return math.exp(cross_entropy(log_probabilities, texts))
