"""Error rates of readings: edits over code points of NFC text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True)
class Scores:
    """Rates are shares (0.02 is 2 %); insertions can lift the error rates above 1."""

    fields: int
    characters: int
    character_error_rate: float
    word_error_rate: float
    exact: float
    exact_ignoring_case: float

    def as_json(self) -> dict[str, float]:
        """Plain numbers, rates to six places."""
        return {key: round(value, 6) for key, value in asdict(self).items()}


def character_edits(reading: str, truth: str) -> int:
    """Levenshtein distance over code points of NFC text."""
    return Levenshtein.distance(_nfc(reading), _nfc(truth))


def score(readings: Sequence[str], truths: Sequence[str]) -> Scores:
    """Scores over all fields; error rates are total edits / total length of the truths (at least 1)."""
    if len(readings) != len(truths):
        raise ValueError(f"{len(readings)} readings for {len(truths)} truths")
    pairs = [(_nfc(reading), _nfc(truth)) for reading, truth in zip(readings, truths, strict=True)]
    characters = sum(len(truth) for _, truth in pairs)
    words = sum(len(truth.split()) for _, truth in pairs)
    count = max(1, len(pairs))
    return Scores(
        fields=len(pairs),
        characters=characters,
        character_error_rate=sum(Levenshtein.distance(r, t) for r, t in pairs) / max(1, characters),
        word_error_rate=sum(Levenshtein.distance(r.split(), t.split()) for r, t in pairs) / max(1, words),
        exact=sum(r == t for r, t in pairs) / count,
        exact_ignoring_case=sum(r.casefold() == t.casefold() for r, t in pairs) / count,
    )


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
