"""`nomina-cluster merge`: decisions of any number of projects joined to the readings, field by field, nothing twice."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pyarrow as pa
from fsspec.core import url_to_fs

from nomina_cluster.decisions import TEXTS, WORDS, Decision, Decisions, fetched_rows, load_decisions
from nomina_cluster.promise import promise
from nomina_cluster.readings import Row, parts, write_part
from nomina_cluster.sources import is_local

FINAL = pa.schema(
    [
        ("source", pa.string()),
        ("sha256", pa.string()),
        ("page", pa.int32()),
        ("name", pa.string()),
        ("quad", pa.list_(pa.float64())),
        ("text", pa.string()),  # empty where it is blank or illegible
        ("origin", pa.string()),  # one of TEXTS or WORDS: a decision; reading; error
        ("reading", pa.string()),
        ("confidence", pa.float64()),
        ("model", pa.string()),
        ("reviewer", pa.string()),
        ("at", pa.string()),
        ("project", pa.string()),
        ("contested", pa.bool_()),  # people decided differently: see conflicts.csv
        ("error", pa.string()),
    ]
)
CONFLICT = ["source", "page", "name", "project", "reviewer", "at", "kind", "text"]


@dataclass
class Merged:
    """What a merge found."""

    fields: int = 0
    decided: int = 0
    errors: int = 0
    conflicts: int = 0
    promise: dict[str, float] | None = None


class _Tally:
    """The fields that the promise is about."""

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold
        self.undecided = self.sampled = self.wrong = 0

    def add(self, row: Row, decision: Decision | None, drawn: bool) -> None:
        if row["confidence"] is None or row["confidence"] < self.threshold:
            return
        if decision is None:
            self.undecided += 1
        elif drawn and decision.by_person and decision.seen in ("blind", "field"):
            self.sampled += 1
            self.wrong += not is_right(row["text"], decision)


def is_right(reading: str, decision: Decision) -> bool:
    return decision.kind in (*TEXTS, "blank") and _plain(reading) == _plain(decision.text)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def merge(readings: str, projects: list[Path], out: str, threshold: float = 0) -> Merged:
    """Writes `final` as Parquet, a part for each of the readings', `final.csv` and `conflicts.csv` below `out`.

    Raises ValueError where a folder is no project.
    """
    decisions = load_decisions(projects, readings)
    drawn = {(row["sha256"], row["page"], row["name"]) for row in fetched_rows(readings) if row["sampled"]}
    merged, tally = Merged(), _Tally(threshold)
    conflicts: list[dict[str, Any]] = []
    with _Csv(f"{out}/final.csv", [name for name in FINAL.names if name != "quad"]) as table:
        for address, part in parts(readings):
            rows = list(_final(part.to_pylist(), decisions, drawn, tally, conflicts))
            merged.fields += sum(row["error"] is None for row in rows)
            merged.decided += sum(row["reviewer"] is not None for row in rows)
            merged.errors += sum(row["error"] is not None for row in rows)
            merged.conflicts += sum(row["contested"] for row in rows)
            write_part(f"{out}/final/{'/'.join(address.split('/')[-3:])}", rows, FINAL)
            table.write(rows)
    with _Csv(f"{out}/conflicts.csv", CONFLICT) as table:
        table.write(conflicts)
    merged.promise = asdict(promise(threshold, tally.undecided, tally.sampled, tally.wrong))
    return merged


def _final(
    rows: list[Row],
    decisions: Decisions,
    drawn: set[tuple[str, int, str]],
    tally: _Tally,
    conflicts: list[dict[str, Any]],
) -> Iterator[Row]:
    for row in rows:
        if row["error"] is not None:
            yield (
                dict.fromkeys(FINAL.names)
                | {key: row[key] for key in ("source", "sha256", "error")}
                | {
                    "origin": "error",
                    "contested": False,
                }
            )
            continue
        said = decisions.of(row) if row["sha256"] in decisions.contents else []
        contested = len({(one.kind in WORDS and one.kind, one.text) for one in said}) > 1
        if contested:
            conflicts += [
                {key: row[key] for key in ("source", "page", "name")}
                | {"project": one.project, "reviewer": one.reviewer, "at": one.at, "kind": one.kind, "text": one.text}
                for one in said
            ]
        holds = said[0] if said else None
        tally.add(row, holds, (row["sha256"], row["page"], row["name"]) in drawn)
        yield {
            **{key: row[key] for key in ("source", "sha256", "page", "name", "quad", "confidence", "model", "error")},
            "text": holds.text if holds else row["text"],
            "origin": holds.kind if holds else "reading",
            "reading": row["text"],
            "reviewer": holds and holds.reviewer,
            "at": holds and holds.at,
            "project": holds and holds.project,
            "contested": contested,
        }


class _Csv:
    """A table that gets its name when it is whole; UTF-8, RFC 4180."""

    def __init__(self, address: str, columns: list[str]) -> None:
        self._filesystem, self._path = url_to_fs(address)
        self._filesystem.makedirs(self._path.rsplit("/", 1)[0], exist_ok=True)
        beside = Path(self._path).parent if is_local(self._filesystem) else None
        self._file = NamedTemporaryFile(  # noqa: SIM115 closed on exit
            "w", dir=beside, prefix=".", delete=False, encoding="utf-8", newline=""
        )
        self._writer = csv.DictWriter(self._file, columns, extrasaction="ignore")
        self._writer.writeheader()

    def write(self, rows: list[dict[str, Any]]) -> None:
        self._writer.writerows(rows)

    def __enter__(self) -> _Csv:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        self._file.close()
        written = Path(self._file.name)
        if failed is None and is_local(self._filesystem):
            written.chmod(0o644)
            written.replace(self._path)
        elif failed is None:
            self._filesystem.put_file(str(written), self._path)
        written.unlink(missing_ok=True)
