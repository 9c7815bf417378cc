"""Splits that depend on pictures and groups alone: no random state, no order of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .data import Sample
from .errors import UsageError

_TENTH = 10


def is_held_out(group: str) -> bool:
    """Whether a group (writer, page) belongs to the tenth that is never trained on: sha256(group) mod 10 = 0."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % _TENTH == 0


def split_groups(samples: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    """(seen, held out) by group; raises UsageError where a row has none.

    A picture that also occurs in a group held out is in neither.
    """
    ungrouped = sum(not sample.group for sample in samples)
    if ungrouped:
        raise UsageError(f"data.hold_out: {ungrouped} rows have no group: name data.group_column")
    held_out = [sample for sample in samples if is_held_out(sample.group)]
    digests = {sample.digest for sample in held_out}
    return [sample for sample in samples if sample.digest not in digests], held_out


def split_dev(samples: Sequence[Sample], dev_size: int) -> tuple[list[Sample], list[Sample]]:
    """(training, dev): dev is the `dev_size` rows of smallest sha256 of their picture.

    Every other row with a dev picture is left out of training too, whatever its label.
    """
    if dev_size >= len(samples):
        raise UsageError(f"data.dev_size: {dev_size} leaves no training rows of {len(samples)}")
    ordered = sorted(samples, key=lambda sample: (sample.digest, sample.text, sample.picture.name))
    dev = ordered[:dev_size]
    held_out = {sample.digest for sample in dev}
    return [sample for sample in samples if sample.digest not in held_out], dev
