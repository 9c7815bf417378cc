"""Splits that depend on pictures and groups alone: no random state, no order of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from ..errors import UsageError
from .books import held_out_books
from .samples import Sample
from .sources import Row

_TENTH = 10


def is_held_out(group: str) -> bool:
    """Whether a group (writer, page) belongs to the tenth that is never trained on: sha256(group) mod 10 = 0."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % _TENTH == 0


HELD_OUT: dict[str, Callable[[Row], bool]] = {
    "groups": lambda row: is_held_out(row.group),
    "books": lambda row: held_out_books().has(row),
}
"""What may be asked for: rows that training leaves out, by their group or because of their book."""


def split_groups(samples: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    """(seen, held out) by group; raises UsageError where a row has none.

    A picture that also occurs in a group held out is in neither. Rows of training-only sources are seen.
    """
    ungrouped = sum(not sample.group and not sample.training_only for sample in samples)
    if ungrouped:
        raise UsageError(f"data.hold_out: {ungrouped} rows have no group: name data.group_column")
    held_out = [sample for sample in samples if not sample.training_only and is_held_out(sample.group)]
    digests = {sample.digest for sample in held_out}
    return [sample for sample in samples if sample.digest not in digests], held_out


def split_dev(samples: Sequence[Sample], dev_size: int) -> tuple[list[Sample], list[Sample]]:
    """(training, dev): dev is the `dev_size` rows of smallest sha256 of their picture, of sources that are not
    training-only.

    Every other row with a dev picture is left out of training too, whatever its label.
    """
    eligible = [sample for sample in samples if not sample.training_only]
    if dev_size >= len(eligible):
        raise UsageError(f"data.dev_size: {dev_size} leaves no training rows of {len(eligible)}")
    ordered = sorted(eligible, key=lambda sample: (sample.digest, sample.text, sample.picture.name))
    dev = ordered[:dev_size]
    held_out = {sample.digest for sample in dev}
    return [sample for sample in samples if sample.digest not in held_out], dev
