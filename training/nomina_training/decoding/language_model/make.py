"""A language model's file from counts."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import UsageError
from .counts import NgramCounts
from .estimate import estimate, perplexity
from .model import language_model_bytes, parse_language_model

MOST_ORDER = 12


def make_language_model(
    counts: NgramCounts, characters: Sequence[str] | None = None, method: str = "kneser-ney", least: int = 2
) -> bytes:
    """The file, for these characters, or for all that were counted; raises UsageError where nothing was counted."""
    if not counts.longest:
        raise UsageError("there is nothing to count")
    estimated = estimate(counts, tuple(characters or counts.characters), method, least)
    return language_model_bytes(*estimated, counts.order, {"method": method, "least": least})


def characters_of(content: bytes) -> list[str]:
    """Those that a model's file knows."""
    return [symbol for symbol in parse_language_model(content).symbols if symbol >= " "]


def perplexity_of(content: bytes, texts: Sequence[str]) -> float | None:
    """Of the texts that the model knows every character of; None where there is none."""
    model = parse_language_model(content)
    known = [text for text in texts if all(model.symbol_of(character) >= 0 for character in text)]
    return perplexity([model.log_probability(text) for text in known], known) if known else None
