"""What tells one run's data from another's."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from .samples import Sample
from .sources import Source


def data_hashes(sources: Sequence[Source], splits: dict[str, Sequence[Sample]]) -> dict[str, object]:
    """sha256 of each file of labels (of a folder: of its files' names and sizes), and of each split's rows."""
    return {
        "labels": {str(source.labels): _digest(source.labels) for source in sources},
        "splits": {
            name: hashlib.sha256("\n".join(f"{s.digest} {s.text}" for s in rows).encode()).hexdigest()
            for name, rows in splits.items()
        },
    }


def _digest(path: Path) -> str:
    if not path.is_dir():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    listing = "\n".join(f"{file.name} {file.stat().st_size}" for file in sorted(path.iterdir()))
    return hashlib.sha256(listing.encode()).hexdigest()
