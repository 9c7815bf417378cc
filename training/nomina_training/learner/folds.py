"""What is learnt from and what judges, where judges are too few: each part of the new rows in its turn, or a fifth."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from ..data.samples import Sample

SHARE = 5
"""One row in so many judges, where there are new rows enough for it."""
MANY = 100
"""New rows of which a fifth is enough to be certain by; of fewer, each part judges what the others teach."""


@dataclass(frozen=True)
class Fold:
    """Rows that a generation learns from, and those that judge it: nobody who is judged has learnt from these."""

    learnt: list[Sample]
    kept: list[Sample]


def unknown(rows: Sequence[Sample], known: Set[str]) -> list[Sample]:
    """Those whose sha256 is not known: a generation that has learnt from a row would be flattered by it."""
    return [row for row in rows if row.digest not in known]


def folds_of(rows: Sequence[Sample], known: Set[str], turn: str, parts: int = 2) -> list[Fold]:
    """Of many new rows one fold, a fifth of all; of fewer so many as there are parts, each part of the new rows kept
    from all others; without new rows one that nothing is kept from. Whole pages are kept, where there are pages enough.
    `turn` rotates them: each round keeps back others."""
    new = unknown(rows, known)
    kept = [_fifth(new, len(rows) // SHARE, turn)] if len(new) >= MANY else _parts(new, turn, parts)
    folds = [_without(rows, part) for part in kept if 0 < len(part) < len(rows)]
    return folds or [Fold(list(rows), [])]


def _parts(rows: Sequence[Sample], turn: str, count: int) -> list[list[Sample]]:
    """So many parts of about the same size, of whole pages where there are pages enough."""
    parts: list[list[Sample]] = [[] for _ in range(count)]
    for group in _shuffled(rows, turn):
        min(parts, key=len).extend(group)
    return parts


def _fifth(rows: Sequence[Sample], wanted: int, turn: str) -> list[Sample]:
    kept: list[Sample] = []
    for group in _shuffled(rows, turn):
        if len(kept) + len(group) / 2 <= wanted:
            kept += group
    return kept or list(rows[:wanted])


def _without(rows: Sequence[Sample], kept: list[Sample]) -> Fold:
    back = {row.digest for row in kept}
    return Fold([row for row in rows if row.digest not in back], kept)


def _shuffled(rows: Sequence[Sample], turn: str) -> list[list[Sample]]:
    """The rows of each page in an order of that turn; single rows where there are few pages."""
    by_group: dict[str, list[Sample]] = defaultdict(list)
    for row in rows:
        by_group[row.group].append(row)
    if len(by_group) < 2 * SHARE:
        by_group = {row.digest: [row] for row in rows}
    return [by_group[name] for name in sorted(by_group, key=lambda name: _order(turn, name))]


def _order(turn: str, name: str) -> str:
    return hashlib.sha256(f"{turn} {name}".encode()).hexdigest()
