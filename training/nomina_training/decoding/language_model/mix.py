"""A language model and the texts of one project as one, each with its share: static interpolation (Stolcke 2002)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from .counts import NgramCounts
from .estimate import Estimated, estimate, look_up
from .model import language_model_bytes, parse_language_model

_LEAST = 1e-9
_EQUAL = 4000
"""Characters of a project's own that weigh as much as its base."""


def mix_language_model(
    base: bytes,
    counts: NgramCounts,
    characters: Sequence[str],
    share: float,
    method: str = "witten-bell",
    least: int = 1,
) -> bytes:
    """A model's file in which a symbol has `share` of its probability from the texts that were counted, the rest from
    the base, whose order it keeps; it knows all `characters`, also those that the base does not."""
    order, kept = _table(base)
    own = estimate(counts, tuple(characters), method, least)
    ours, theirs = look_up(*own), look_up(*kept)
    probabilities = {
        ngram: share * ours(ngram) + (1 - share) * theirs(ngram)
        for ngram in {**kept[0], **own[0]}
        if len(ngram) <= order
    }
    backoffs = _backoffs(probabilities)
    return language_model_bytes(probabilities, backoffs, order, {"method": "mixed", "share": share})


def _backoffs(probabilities: dict[str, float]) -> dict[str, float]:
    """What is left for symbols that are not listed after a context, over what they have without its first symbol."""
    followers: dict[str, list[str]] = defaultdict(list)
    for ngram in probabilities:
        if len(ngram) > 1:
            followers[ngram[:-1]].append(ngram)
    backoffs: dict[str, float] = {}
    shorter = look_up(probabilities, backoffs)
    for context in sorted(followers, key=len):
        listed = followers[context]
        left = 1 - sum(probabilities[ngram] for ngram in listed)
        left_without = 1 - sum(shorter(ngram[1:]) for ngram in listed)
        backoffs[context] = max(_LEAST, left) / max(_LEAST, left_without) if left_without > _LEAST else _LEAST
    return backoffs


@lru_cache(maxsize=2)
def _table(content: bytes) -> tuple[int, Estimated]:
    """(order, probabilities and back-off weights) of a model's file."""
    model = parse_language_model(content)
    probabilities: dict[str, float] = {}
    backoffs: dict[str, float] = {}
    for ngram, probability, backoff in model.ngrams():
        probabilities[ngram] = probability
        backoffs[ngram] = backoff
    return model.order, (probabilities, backoffs)


def share_of(texts: Iterable[str]) -> float:
    """How much a project's own texts count beside a base: more with every character, never more than half."""
    characters = sum(len(text) for text in texts)
    return round(min(0.5, characters / (characters + _EQUAL)), 3)
