"""Texts of a file: with the files that they are of, or with how often each counts."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..errors import UsageError
from .books import held_out_books
from .samples import Cleaning, label_of


def texts_by_file(
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
                (row[filename_column] if filename_column else "", label_of(row[text_column] or ""))
                for row in reader
                if all(row[column] == value for column, value in where)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{labels}: {error}") from error


def weighted_texts(
    path: Path, text_column: str, count_column: str | None, report: Cleaning | None = None
) -> Iterator[tuple[str, float]]:
    """(text, how often it counts) of a CSV's rows, or of a text file's lines, each 1; empty ones are left out.

    So are a CSV's rows whose other columns name a book that is held out; the report counts them. Raises UsageError
    where the file can't be read or has no such columns.
    """
    books = held_out_books()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix.lower() == ".csv":
                rows: Iterator[Mapping[str, str]] = csv.DictReader(file)
            else:
                rows, count_column = ({text_column: line} for line in file), None
            for row in rows:
                if books.named_in(value for key, value in row.items() if key != text_column and value):
                    if report:
                        report.drop("book held out")
                    continue
                text = label_of(row[text_column])
                if text:
                    yield text, float(row[count_column]) if count_column else 1.0
    except (OSError, UnicodeDecodeError, csv.Error, ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{path}: {error!r}") from error


def counted_texts(
    path: Path, text_column: str, count_column: str | None, report: Cleaning | None = None
) -> dict[str, int]:
    """Texts with how often each occurs, as `weighted_texts` reads them."""
    counts: Counter[str] = Counter()
    for text, count in weighted_texts(path, text_column, count_column, report):
        counts[text] += int(count)
    return dict(counts)
