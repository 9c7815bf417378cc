"""The registry of data formats: a kind in a configuration to a function that reads rows. To add one, list it here."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import UsageError
from .iam import read_iam
from .page_lines import read_alto, read_page
from .parquet import read_parquet
from .row import Row, Source
from .table import read_nomina, read_table

__all__ = ["KINDS", "Row", "Source", "rows_of"]

KINDS: dict[str, Callable[[Source], list[Row]]] = {
    "csv": read_table,
    "nomina": read_nomina,
    "iam": read_iam,
    "parquet": read_parquet,
    "page": read_page,
    "alto": read_alto,
}


def rows_of(source: Source) -> list[Row]:
    """A source's rows that match its `where` and its `split_file`; raises UsageError that names file and cause."""
    if source.kind not in KINDS:
        raise UsageError(f"data.kind: {source.kind!r} is unknown; there are: {', '.join(KINDS)}")
    rows = KINDS[source.kind](source)
    for column, _ in source.where:
        if rows and column not in rows[0].columns:
            raise UsageError(f"{source.labels}: no column {column}; there are {', '.join(rows[0].columns)}")
    rows = [row for row in rows if all(row.columns[column] == value for column, value in source.where)]
    if source.split_file is None:
        return rows
    wanted = _split(source)
    return [row for row in rows if wanted.intersection(_parents(row.name))]


def _split(source: Source) -> set[str]:
    """The ids that a published split file lists, one a line."""
    assert source.split_file is not None
    try:
        lines = source.split_file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{source.split_file}: {error}") from error
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def _parents(name: str) -> set[str]:
    """An id and what it is part of: a01-000u-00-02, a01-000u-00, a01-000u; a file's name also without its ending."""
    names = {name, name.rpartition(".")[0]}
    for stem in list(names):
        parts = stem.split("-")
        names |= {"-".join(parts[:count]) for count in range(2, len(parts))}
    return names - {""}
