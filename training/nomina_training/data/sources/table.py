"""A CSV of labels beside a folder of crops, and the two that Nomina exports."""

from __future__ import annotations

import csv
from dataclasses import replace

from ...errors import UsageError
from ..pictures import FilePicture
from .row import Row, Source

_FULL = {"file", "text", "origin", "status"}
"""Columns by which Nomina's full CSV is known."""
_DECIDED = ("decision", "imported")


def read_table(source: Source) -> list[Row]:
    """Rows of a CSV; a file that ends in .tsv is split at tabs. Raises UsageError on a missing file or column."""
    header, records = _records(source)
    wanted = [source.filename_column, source.text_column, *([source.group_column] if source.group_column else [])]
    missing = [column for column in [*wanted, *(column for column, _ in source.where)] if column not in header]
    if missing:
        raise UsageError(f"{source.labels}: no column {', '.join(missing)}; there are {header}")
    rows = []
    for record in records:
        name = record[source.filename_column]
        group = record[source.group_column] if source.group_column else ""
        rows.append(Row(name, record[source.text_column], group, FilePicture(source.images / name), record))
    return rows


def read_nomina(source: Source) -> list[Row]:
    """Nomina's training CSV (FILENAME, IDENTITY), or its full CSV: then rows whose text a person gave or imported."""
    header, _ = _records(source)
    if not set(header) >= _FULL:
        return read_table(source)
    full = read_table(replace(source, filename_column="file", text_column="text"))
    return [row for row in full if row.columns["origin"] in _DECIDED and row.text]


def _records(source: Source) -> tuple[list[str], list[dict[str, str]]]:
    """The header, and each row as texts by column; cells that a short row lacks are empty."""
    try:
        with source.labels.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t" if source.labels.suffix == ".tsv" else ",")
            header = list(reader.fieldnames or [])
            return header, [{column: record[column] or "" for column in header} for record in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{source.labels}: {error}") from error
