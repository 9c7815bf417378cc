"""Texts of a file: with the files that they are of, or with how often each counts."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import UsageError
from .samples import tidy


def read_texts(
    labels: Path, text_column: str, where: Sequence[tuple[str, str]] = (), filename_column: str | None = None
) -> list[tuple[str, str]]:
    """(file name or "", text) of a CSV's rows that match `where`; raises UsageError on a missing file or column."""
    try:
        with labels.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            wanted = [text_column, *(column for column, _ in where), *([filename_column] if filename_column else [])]
            missing = [column for column in wanted if column not in (reader.fieldnames or [])]
            if missing:
                raise UsageError(f"{labels}: no column {', '.join(missing)}; there are {reader.fieldnames}")
            return [
                (row[filename_column] if filename_column else "", " ".join((row[text_column] or "").split()))
                for row in reader
                if all(row[column] == value for column, value in where)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{labels}: {error}") from error


def weighted_texts(path: Path, text_column: str, count_column: str | None) -> Iterator[tuple[str, float]]:
    """(text, how often it counts) of a CSV's rows, or of a text file's lines, each 1; empty ones are left out.

    Raises UsageError where the file can't be read or has no such columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix.lower() == ".csv":
                rows = ((row[text_column], row[count_column] if count_column else 1) for row in csv.DictReader(file))
            else:
                rows = ((line, 1) for line in file)
            for raw, count in rows:
                text = tidy(raw, upper=False)
                if text:
                    yield text, float(count)
    except (OSError, UnicodeDecodeError, csv.Error, ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{path}: {error!r}") from error


def counted_texts(path: Path, text_column: str, count_column: str | None) -> dict[str, int]:
    """Texts with how often each occurs, as `weighted_texts` reads them."""
    counts: Counter[str] = Counter()
    for text, count in weighted_texts(path, text_column, count_column):
        counts[text] += int(count)
    return dict(counts)
