"""Readings on disk: Parquet, partitioned by model and form, each part of whole sources and written at once or not at all."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.core import url_to_fs

from nomina_cluster.sources import is_local

SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("sha256", pa.string()),  # of the file's bytes; null where it could not be read
        ("page", pa.int32()),  # from 1
        ("name", pa.string()),  # of the form's field; empty where the file is one field
        ("quad", pa.list_(pa.float64())),  # corners on the page, px, clockwise from top left: x, y, x, y, …
        ("text", pa.string()),
        ("confidence", pa.float64()),  # 0 to 1
        ("alternatives", pa.list_(pa.struct([("text", pa.string()), ("probability", pa.float64())]))),
        (
            "spans",  # characters, `start` and `end` in px of the field
            pa.list_(
                pa.struct(
                    [
                        ("text", pa.string()),
                        ("confidence", pa.float64()),
                        ("start", pa.float64()),
                        ("end", pa.float64()),
                    ]
                )
            ),
        ),
        ("model", pa.string()),  # hash of the model that read it
        ("error", pa.string()),  # why there is no text
    ]
)

Row = dict[str, Any]


def rows_of(source: str, answer: dict[str, Any]) -> list[Row]:
    """What a worker answered, as rows: its fields, then what could not be read of it; at least one."""
    nothing: Row = dict.fromkeys(SCHEMA.names) | {"source": source, "sha256": answer.get("sha256")}
    fields = [
        nothing | field | {"quad": [number for corner in field["quad"] for number in corner]} for field in answer.get("fields", [])
    ]
    errors = [answer["error"]] if "error" in answer else answer.get("problems", [])
    if not fields and not errors:
        errors = ["No field was found on it."]
    return fields + [nothing | {"error": error} for error in errors]


@dataclass(frozen=True)
class Store:
    """The folder of one model's readings with one form, at any address that fsspec knows."""

    root: str
    model: str
    form: str

    @property
    def folder(self) -> str:
        return f"{self.root.rstrip('/')}/model={self.model}/form={self.form}"

    def part_of(self, sources: Sequence[str]) -> str:
        """The address of the part of these sources: the same for the same ones, so that a part read twice is there once."""
        name = hashlib.sha256("\n".join(sources).encode()).hexdigest()[:32]
        return f"{self.folder}/part-{name}.parquet"

    def sources(self) -> set[str]:
        """What has been read, or could not be."""
        found: set[str] = set()
        for part in part_files(self.folder, "part-"):
            found.update(_read(part, ["source"])["source"].to_pylist())
        return found


def write_part(address: str, rows: Iterable[Row], schema: pa.Schema = SCHEMA) -> None:
    """A reader never sees half of it: it gets its name when it is whole."""
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), written, compression="zstd")
    write_whole(address, written.getvalue())


def write_whole(address: str, content: bytes) -> None:
    filesystem, path = url_to_fs(address)
    if not is_local(filesystem):
        filesystem.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        filesystem.pipe_file(path, content)  # one upload: object stores show it when it is complete
        return
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{uuid4().hex}.tmp")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def part_exists(address: str) -> bool:
    filesystem, path = url_to_fs(address)
    return bool(filesystem.exists(path))


def part_files(root: str, beginning: str) -> list[str]:
    """All whole parts below an address, in order of their names."""
    filesystem, path = url_to_fs(root)
    if not filesystem.exists(path):
        return []
    names = [name for name in filesystem.find(path) if name.rsplit("/", 1)[-1].startswith(beginning)]
    return sorted(name if is_local(filesystem) else filesystem.unstrip_protocol(name) for name in names)


def tables(root: str, beginning: str) -> Iterator[tuple[str, pa.Table]]:
    for address in part_files(root, beginning):
        yield address, _read(address)


def parts(root: str) -> Iterator[tuple[str, pa.Table]]:
    """The readings, each source of the same model and form once: also where two drivers once read the same."""
    seen: dict[str, set[str]] = {}
    for address, table in tables(root, "part-"):
        folder = seen.setdefault(address.rsplit("/", 1)[0], set())
        sources = table["source"].to_pylist()
        new = {source for source in sources if source not in folder}
        folder |= new
        yield address, table.filter(pa.array([source in new for source in sources], pa.bool_()))


def _read(address: str, columns: list[str] | None = None) -> pa.Table:
    filesystem, path = url_to_fs(address)
    with filesystem.open(path, "rb") as file:
        # Not by its path: the folders' names would be taken for columns.
        return pq.ParquetFile(file).read(columns=columns)
