"""`nomina-cluster read`: sources to readings, by a pool of warm workers on Ray Data."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ray
from ray.data import ActorPoolStrategy

from nomina_cluster.form import Form
from nomina_cluster.readings import Row, Store, part_exists, rows_of, write_part
from nomina_cluster.worker import Worker, WorkerCommand


@dataclass(frozen=True)
class ReadOptions:
    """What reads, and how much of a machine each worker gets."""

    nomina: tuple[str, ...] = ("nomina",)
    model: str | None = None
    """The id of a model; None: the one that each machine prefers."""
    provider: str | None = None
    form: Form | None = None
    cpus: float = 1
    gpus: float = 0
    workers: int | None = None
    """None: as many as the cluster has room for."""
    batch: int = 512
    """Sources a part: what a lost worker costs."""


@dataclass
class Report:
    """What was read in this run, and what had been read before."""

    files: int = 0
    fields: int = 0
    failed: int = 0
    before: int = 0
    seconds: float = 0
    nodes: dict[str, int] | None = None
    reasons: dict[str, int] | None = None


class Reading:
    """An actor: one warm worker, which lives as long as it. Its parts are written where they are read."""

    def __init__(self, store: Store, options: ReadOptions) -> None:
        self._store = store
        self._folder = TemporaryDirectory(prefix="nomina-form-")
        template = options.form.write(Path(self._folder.name)) if options.form else None
        threads = max(1, math.ceil(options.cpus))
        self._worker = Worker(WorkerCommand(options.nomina, options.model, options.provider, template, threads))

    def __call__(self, block: dict[str, Any]) -> dict[str, list[Any]]:
        reports = [self._read([str(source) for source in sources]) for sources in block["sources"]]
        return {key: [report[key] for report in reports] for key in reports[0]}

    def _read(self, sources: Sequence[str]) -> dict[str, Any]:
        address = self._store.part_of(sources)
        report: dict[str, Any] = {"files": 0, "fields": 0, "failed": 0, "reasons": [], "node": node_name()}
        if part_exists(address):
            return report  # another actor wrote it, and was lost before it could say so
        rows: dict[int, list[Row]] = {}
        for place, answer in self._worker.read(sources):
            rows[place] = rows_of(sources[place], answer)
            report["files"] += 1
            errors = [row["error"] for row in rows[place] if row["error"] is not None]
            report["failed"] += 1 if len(errors) == len(rows[place]) else 0
            report["fields"] += len(rows[place]) - len(errors)
            report["reasons"] += errors
        write_part(address, (row for place in sorted(rows) for row in rows[place]))
        return report


def node_name() -> str:
    return str(ray.get_runtime_context().get_node_id())[:8]


def read(sources: Sequence[str], out: str, options: ReadOptions) -> Report:
    """Reads what is missing in `out`; Ray must be initialised.

    A source that can't be read is a row with its reason. Raises Ray's errors where the workers themselves can't run.
    """
    store = Store(out, options.model or "preferred", options.form.name if options.form else "none")
    started = time.monotonic()
    known = store.sources()
    missing = [source for source in sources if source not in known]
    report = Report(before=len(sources) - len(missing))
    nodes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for done in _run(missing, store, options):
        report.files += done["files"]
        report.fields += done["fields"]
        report.failed += done["failed"]
        nodes[done["node"]] += done["files"]
        reasons.update(done["reasons"])
    return replace(report, seconds=time.monotonic() - started, nodes=dict(nodes), reasons=dict(reasons))


MOST_BLOCKS = 10_000
"""Tasks of Ray: each of a few parts where there are many."""


def _run(missing: Sequence[str], store: Store, options: ReadOptions) -> Iterator[dict[str, Any]]:
    batches = [missing[start : start + options.batch] for start in range(0, len(missing), options.batch)]
    if not batches:
        return
    room = max(1, int(ray.cluster_resources().get("CPU", 1) / max(options.cpus, 0.01)))
    if options.gpus > 0:
        room = min(room, max(1, int(ray.cluster_resources().get("GPU", 0) / options.gpus)))
    workers = min(options.workers or room, len(batches))
    tasks = ray.data.from_items([{"sources": list(batch)} for batch in batches], override_num_blocks=min(len(batches), MOST_BLOCKS))
    reports = tasks.map_batches(
        Reading,
        fn_constructor_args=(store, options),
        batch_size=1,
        compute=ActorPoolStrategy(min_size=1, max_size=workers),
        num_cpus=options.cpus,
        num_gpus=options.gpus,
    )
    yield from reports.iter_rows()
