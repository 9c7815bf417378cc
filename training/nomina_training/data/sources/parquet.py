"""Parquet files with image bytes and texts, as data sets on the Hugging Face hub are stored."""

from __future__ import annotations

from pathlib import Path

from ...errors import UsageError
from ..pictures import CellPicture
from .row import Row, Source

_SMALL = ("string", "large_string", "int", "float", "double", "bool")
"""Types of columns that are read as texts beside the images."""


def read_parquet(source: Source) -> list[Row]:
    """Rows of every file; the image column's bytes stay where they are until they are needed."""
    files = sorted(source.labels.glob("*.parquet")) if source.labels.is_dir() else [source.labels]
    if not files:
        raise UsageError(f"{source.labels}: no .parquet files in this folder")
    return [row for file in files for row in _rows(file, source)]


def _rows(file: Path, source: Source) -> list[Row]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError("Parquet files need the package pyarrow: pip install pyarrow") from error
    try:
        table = pyarrow.parquet.ParquetFile(file)
        schema = table.schema_arrow
        wanted = [source.filename_column, source.text_column, *([source.group_column] if source.group_column else [])]
        missing = [column for column in wanted if column not in schema.names]
        if missing:
            raise UsageError(f"{file}: no column {', '.join(missing)}; there are {schema.names}")
        small = [field.name for field in schema if str(field.type).rstrip("0123456789").removeprefix("u") in _SMALL]
        records = table.read(columns=[name for name in small if name != source.filename_column]).to_pylist()
    except (OSError, pyarrow.ArrowException) as error:
        raise UsageError(f"{file}: {error}") from error
    rows = []
    for number, record in enumerate(records):
        columns = {key: "" if value is None else str(value) for key, value in record.items()}
        picture = CellPicture(file, source.filename_column, number)
        text, group = columns.get(source.text_column, ""), columns.get(source.group_column, "")
        rows.append(Row(picture.name, text, group, picture, columns))
    return rows
