"""A development set that depends on the images alone: no random state, no order of rows."""

from __future__ import annotations

from collections.abc import Sequence

from .data import Sample
from .errors import UsageError


def split_dev(samples: Sequence[Sample], dev_size: int) -> tuple[list[Sample], list[Sample]]:
    """(training, dev): dev is the `dev_size` rows of smallest sha256 of their image's bytes.

    Every other row with a dev image's bytes is left out of training too, whatever its label.
    """
    if dev_size >= len(samples):
        raise UsageError(f"data.dev_size: {dev_size} leaves no training rows of {len(samples)}")
    ordered = sorted(samples, key=lambda sample: (sample.digest, sample.text, sample.path.name))
    dev = ordered[:dev_size]
    held_out = {sample.digest for sample in dev}
    return [sample for sample in samples if sample.digest not in held_out], dev
