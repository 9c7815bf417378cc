"""The pictures that a person must see: which readings they are of, and where they lie."""

from __future__ import annotations

import base64
import hashlib
import heapq
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

import fsspec
import pyarrow as pa

from nomina_cluster.readings import Row, parts, write_part
from nomina_cluster.worker import Worker

FETCHED = pa.schema(
    [
        ("source", pa.string()),
        ("crop", pa.string()),  # sha256 of the picture that the person gets
        ("sha256", pa.string()),  # of the source
        ("page", pa.int32()),
        ("name", pa.string()),
        ("sampled", pa.bool_()),  # drawn uniformly from all readings
    ]
)


@dataclass(frozen=True)
class Wanted:
    """Which readings: those below a confidence, a random sample, or all."""

    what: str
    below: float = 0.9
    size: int = 400
    seed: int = 1


def choose(readings: str, wanted: Wanted) -> list[Row]:
    """Readings with a text, in order of their sources. The same sample for the same seed, whatever the order of the parts."""
    if wanted.what == "sample":
        chosen = heapq.nsmallest(wanted.size, _read_rows(readings), key=lambda row: (_draw(row, wanted.seed), place_of(row)))
    else:
        chosen = [row for row in _read_rows(readings) if wanted.what == "all" or row["confidence"] < wanted.below]
    return sorted(chosen, key=place_of)


def place_of(row: Row) -> tuple[str, int, str]:
    return row["source"], row["page"], row["name"]


def _draw(row: Row, seed: int) -> bytes:
    return hashlib.sha256(f"{seed} {row['sha256']} {row['page']} {row['name']}".encode()).digest()


def _read_rows(readings: str) -> Iterator[Row]:
    for _, table in parts(readings):
        for row in table.to_pylist():
            if row["error"] is None:
                yield row


def fetch(rows: list[Row], folders: list[Path], worker: Worker, readings: str, *, forms: bool, sampled: bool) -> int:
    """Brings the crops of these readings, an equal share into each folder, with `readings.jsonl` beside them.

    What was fetched is noted in the readings, where `merge` looks it up. Returns how many crops there are; a source that is
    gone by now is left out. Raises WorkerFailedError.
    """
    by_source: dict[str, list[Row]] = {}
    for row in rows:
        by_source.setdefault(row["source"], []).append(row)
    sources = list(by_source)
    noted: list[Row] = []
    beside: list[list[str]] = [[] for _ in folders]
    pictures = _from_pages(sources, by_source, worker) if forms else _whole_files(sources, by_source)
    share = -(-len(sources) // len(folders)) if sources else 1
    for place, row, picture, suffix in pictures:
        at = place // share
        crop = hashlib.sha256(picture).hexdigest()
        file = f"crops/{crop[:2]}/{crop}{suffix}"
        path = folders[at] / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture)
        kept = {key: row[key] for key in ("text", "confidence", "alternatives", "spans", "model", "source", "page", "name", "quad")}
        beside[at].append(json.dumps({"file": file, "sha256": crop, **kept}, ensure_ascii=False))
        noted.append({key: row[key] for key in ("source", "sha256", "page", "name")} | {"crop": crop, "sampled": sampled})
    for folder, lines in zip(folders, beside, strict=True):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "readings.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    write_part(f"{readings.rstrip('/')}/fetched/fetched-{uuid4().hex}.parquet", noted, FETCHED)
    return len(noted)


Picture = tuple[int, Row, bytes, str]


def _whole_files(sources: list[str], rows: dict[str, list[Row]]) -> Iterator[Picture]:
    for place, source in enumerate(sources):
        try:
            with fsspec.open(source, "rb") as file:
                content = file.read()
        except OSError:
            continue
        for row in rows[source]:
            if hashlib.sha256(content).hexdigest() == row["sha256"]:
                yield place, row, content, PurePosixPath(source).suffix.lower()


def _from_pages(sources: list[str], rows: dict[str, list[Row]], worker: Worker) -> Iterator[Picture]:
    for place, answer in worker.read(sources, crops=True):
        crops: dict[tuple[int, str], Any] = {(field["page"], field["name"]): field["crop"] for field in answer.get("fields", [])}
        for row in rows[sources[place]]:
            crop = crops.get((row["page"], row["name"]))
            if crop is not None and answer["sha256"] == row["sha256"]:
                yield place, row, base64.b64decode(crop), ".png"


def empty(folder: Path) -> None:
    """Raises ValueError where there is something in it already: two fetches would be mixed."""
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"{folder} is not empty.")
    shutil.rmtree(folder, ignore_errors=True)
