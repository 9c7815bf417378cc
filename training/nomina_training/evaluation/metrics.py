"""Error rates of readings (jiwer): edits over code points and words of NFC text with single spaces."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import jiwer
import numpy as np
from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True)
class Scores:
    """Rates are shares (0.02 is 2 %); insertions can lift the error rates above 1. Lengths are code points."""

    fields: int
    characters: int
    character_error_rate: float
    word_error_rate: float
    exact: float
    exact_ignoring_case: float
    character_accuracy: float = 0.0
    edit_distance_mean: float = 0.0
    edit_distance_std: float = 0.0
    length_mean_absolute_error: float = 0.0
    length_mean_squared_error: float = 0.0

    def as_json(self) -> dict[str, float]:
        """Plain numbers, rates to six places."""
        return {key: round(value, 6) for key, value in asdict(self).items()}


def character_edits(reading: str, truth: str) -> int:
    """Levenshtein distance over code points of NFC text."""
    return Levenshtein.distance(nfc(reading), nfc(truth))


def word_edits(reading: str, truth: str) -> int:
    """Levenshtein distance over words of NFC text."""
    return Levenshtein.distance(nfc(reading).split(), nfc(truth).split())


def score(readings: Sequence[str], truths: Sequence[str]) -> Scores:
    """Scores over all fields; error rates are total edits / total length of the truths (at least 1)."""
    if len(readings) != len(truths):
        raise ValueError(f"{len(readings)} readings for {len(truths)} truths")
    pairs = [(nfc(reading), nfc(truth)) for reading, truth in zip(readings, truths, strict=True)]
    characters = sum(len(truth) for _, truth in pairs)
    edits = np.array([character_edits(reading, truth) for reading, truth in pairs] or [0])
    longer = np.array([len(reading) - len(truth) for reading, truth in pairs] or [0])
    count = max(1, len(pairs))
    return Scores(
        fields=len(pairs),
        characters=characters,
        character_error_rate=_rate(pairs, words=False),
        word_error_rate=_rate(pairs, words=True),
        exact=sum(r == t for r, t in pairs) / count,
        exact_ignoring_case=sum(r.casefold() == t.casefold() for r, t in pairs) / count,
        character_accuracy=max(0.0, 1 - float(edits.sum()) / max(1, characters)),
        edit_distance_mean=float(edits.mean()),
        edit_distance_std=float(edits.std()),
        length_mean_absolute_error=float(np.abs(longer).mean()),
        length_mean_squared_error=float(np.square(longer).mean()),
    )


def _rate(pairs: Sequence[tuple[str, str]], words: bool) -> float:
    """Edits over the truths' length, at least 1, in words or characters."""
    if not pairs:
        return 0.0
    truths, readings = [truth for _, truth in pairs], [reading for reading, _ in pairs]
    found: jiwer.WordOutput | jiwer.CharacterOutput
    found = jiwer.process_words(truths, readings) if words else jiwer.process_characters(truths, readings)
    length = found.hits + found.substitutions + found.deletions
    return float(found.substitutions + found.deletions + found.insertions) / max(1, length)


def nfc(text: str) -> str:
    """NFC, the form that is compared."""
    return unicodedata.normalize("NFC", text)
