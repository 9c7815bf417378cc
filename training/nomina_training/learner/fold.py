"""Rows kept back to judge by, where there are too few judges: a fifth, or each half in its turn."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence, Set

from ..data.samples import Sample

SHARE = 5
"""One row in so many."""


def keep_back(
    rows: Sequence[Sample], known: Set[str], turn: str
) -> tuple[list[Sample], list[Sample], bool]:
    """(rows to learn from, rows to judge by, whether none of the latter is `known`, by its sha256).

    What the generation in use has learnt from would flatter it: the fifth is of the other rows where there are enough.
    It is of whole pages where there are pages enough. `turn` rotates it: each round keeps back others.
    """
    new = [row for row in rows if row.digest not in known]
    wanted = max(1, len(rows) // SHARE)
    unknown = len(new) >= wanted
    pool = new if unknown else list(rows)
    kept: list[Sample] = []
    for group in _shuffled(pool, turn):
        if len(kept) + len(group) / 2 <= wanted:
            kept += group
    kept = kept or pool[:wanted]
    back = {row.digest for row in kept}
    return [row for row in rows if row.digest not in back], kept, unknown


def halves(rows: Sequence[Sample], turn: str) -> tuple[list[Sample], list[Sample]]:
    """Two parts of about the same size, of whole pages where there are pages enough."""
    one: list[Sample] = []
    other: list[Sample] = []
    for group in _shuffled(rows, turn):
        smaller = one if len(one) <= len(other) else other
        smaller += group
    return one, other


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
