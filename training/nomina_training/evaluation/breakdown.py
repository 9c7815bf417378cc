"""Where errors lie: by class of character, by length, as confusions, and how far confidence is to be believed."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import jiwer
import numpy as np

from .bootstrap import Bootstrap, Figure, Numbers, over_all, ratio
from .metrics import character_edits

_LENGTHS = ((0, 0), (1, 3), (4, 6), (7, 9), (10, 14), (15, 24), (25, 49), (50, 10_000))
_BINS = 10

Interval = dict[str, float]
"""value, low and high: a figure and its 95 % interval."""


def with_interval(figure: Figure, bootstrap: Bootstrap) -> Interval:
    """A figure of the rows and its interval, to six places."""
    low, high = bootstrap.interval(figure)
    value = over_all(figure, bootstrap.weights.shape[1])
    return {"value": round(value, 6), "low": round(low, 6), "high": round(high, 6)}


def class_of(character: str) -> str:
    """capital, small, accented capital, accented small, digit, space, punctuation or other."""
    if character.isspace():
        return "space"
    if character.isdigit():
        return "digit"
    if character.isalpha():
        accented = "accented " if len(unicodedata.normalize("NFD", character)) > 1 else ""
        return accented + ("capital" if character.isupper() else "small")
    return "punctuation" if unicodedata.category(character)[0] in "PS" else "other"


def changes(reading: str, truth: str) -> Iterator[tuple[str, str]]:
    """(truth, reading) of each aligned character, equal ones too; "" where one side has nothing."""
    if not truth or not reading:
        yield from ((character, "") for character in truth)
        yield from (("", character) for character in reading)
        return
    for chunk in jiwer.process_characters([truth], [reading]).alignments[0]:
        wanted = truth[chunk.ref_start_idx : chunk.ref_end_idx]
        read = reading[chunk.hyp_start_idx : chunk.hyp_end_idx]
        for place in range(max(len(wanted), len(read))):
            yield wanted[place : place + 1], read[place : place + 1]


def by_class(readings: Sequence[str], truths: Sequence[str], bootstrap: Bootstrap) -> dict[str, Interval]:
    """Error rate over the truth's characters of each class; what was put in counts for what it was read as."""
    errors: dict[str, Numbers] = defaultdict(lambda: np.zeros(len(truths)))
    totals: dict[str, Numbers] = defaultdict(lambda: np.zeros(len(truths)))
    for row, (reading, truth) in enumerate(zip(readings, truths, strict=True)):
        for wanted, read in changes(reading, truth):
            kind = class_of(wanted or read)
            totals[kind][row] += bool(wanted)
            errors[kind][row] += wanted != read
    return {
        kind: {"characters": float(totals[kind].sum())} | with_interval(ratio(errors[kind], totals[kind]), bootstrap)
        for kind in sorted(errors)
    }


def by_length(readings: Sequence[str], truths: Sequence[str], bootstrap: Bootstrap) -> list[dict[str, object]]:
    """CER and exact match of truths of like length; empty ones have no CER."""
    lengths = np.array([len(truth) for truth in truths])
    edits = np.array([character_edits(r, t) for r, t in zip(readings, truths, strict=True)], dtype=np.float64)
    equal = np.array([r == t for r, t in zip(readings, truths, strict=True)], dtype=np.float64)
    found: list[dict[str, object]] = []
    for least, most in _LENGTHS:
        inside = ((lengths >= least) & (lengths <= most)).astype(np.float64)
        if inside.any():
            found.append({
                "from": least, "to": most, "fields": int(inside.sum()),
                "character_error_rate":
                    with_interval(ratio(edits * inside, lengths * inside), bootstrap) if most else None,
                "exact": with_interval(ratio(equal * inside, inside), bootstrap),
            })  # fmt: skip
    return found


def confusions(readings: Sequence[str], truths: Sequence[str], most: int = 30) -> list[dict[str, object]]:
    """The commonest mistakes: what was written, what was read, how often; "" is nothing."""
    counted: Counter[tuple[str, str]] = Counter()
    for reading, truth in zip(readings, truths, strict=True):
        counted.update(pair for pair in changes(reading, truth) if pair[0] != pair[1])
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [{"written": written, "read": read, "count": count} for (written, read), count in ordered]


def calibration(confidences: Sequence[float], correct: Sequence[bool], bootstrap: Bootstrap) -> dict[str, object]:
    """Expected calibration error over ten even bins of confidence, Brier score, and the bins themselves."""
    confidence, right = np.asarray(confidences, dtype=np.float64), np.asarray(correct, dtype=np.float64)
    places = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    inside = (places[:, None] == np.arange(_BINS)).astype(np.float64)  # [R, bins]

    def expected_error(weights: Numbers) -> Numbers:
        gaps = np.abs(weights @ (inside * (right - confidence)[:, None]))
        return np.asarray(gaps.sum(axis=1) / np.maximum(weights.sum(axis=1), 1))

    bins = [
        {
            "from": place / _BINS, "fields": int(column.sum()),
            "confidence": round(float((confidence * column).sum() / column.sum()), 4),
            "exact": round(float((right * column).sum() / column.sum()), 4),
        }
        for place, column in enumerate(inside.T) if column.any()
    ]  # fmt: skip
    return {
        "expected_calibration_error": with_interval(expected_error, bootstrap),
        "brier": with_interval(ratio((confidence - right) ** 2, np.ones(len(right))), bootstrap),
        "bins": bins,
    }
