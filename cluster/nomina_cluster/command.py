"""The command line."""

from __future__ import annotations

import argparse
import json
import logging
import os
import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from nomina_cluster.form import load_form
from nomina_cluster.sources import list_sources
from nomina_cluster.worker import Worker, WorkerCommand, WorkerFailedError


def main(given: list[str] | None = None) -> int:
    """The exit code: 0 also where some sources could not be read; 1 with a sentence where it can't go on."""
    options = _parser().parse_args(given)
    try:
        result, text = options.run(options)
    except (OSError, ValueError, WorkerFailedError) as error:
        print(f"nomina-cluster: {error}", file=sys.stderr)
        return 1
    print(json.dumps(result) if options.json else text)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nomina-cluster", description=__import__("nomina_cluster").__doc__)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_read(commands.add_parser("read", help="read sources into READINGS; again: only what is missing"))
    _add_fetch(commands.add_parser("fetch", help="bring the crops that people must see, for `nomina import --readings`"))
    _add_merge(commands.add_parser("merge", help="join the decisions of projects to the readings"))
    return parser


def _add_worker(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--nomina", default="nomina", help="the command of Nomina on each machine (default: nomina)")
    parser.add_argument("--template", help="the JSON of a form: every source holds pages of it")
    parser.add_argument("--model", help="the id of a model (default: the one that Nomina prefers)")
    parser.add_argument("--provider", help="insist on an execution provider, such as cpu or cuda")


def _add_read(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", help="files, folders, globs, on any filesystem of fsspec; @FILE is a list")
    parser.add_argument("--out", required=True, metavar="READINGS", help="where the readings go, on any filesystem")
    _add_worker(parser)
    parser.add_argument("--address", help="of a Ray cluster (default: this machine)")
    parser.add_argument("--cpus", type=float, default=1, help="processors of each worker (default: 1)")
    parser.add_argument("--gpus", type=float, default=0, help="GPUs of each worker, such as 0.25 (default: 0)")
    parser.add_argument("--workers", type=int, help="at most (default: as many as there is room for)")
    parser.add_argument("--batch", type=int, default=512, help="sources a part, which a lost worker costs (default: 512)")
    parser.set_defaults(run=_read)


def _read(options: argparse.Namespace) -> tuple[object, str]:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    import ray  # not before it is needed: it takes seconds

    from nomina_cluster.read import ReadOptions, read
    from nomina_cluster.report import describe

    sources = list_sources(options.sources)
    settings = ReadOptions(
        nomina=tuple(shlex.split(options.nomina)),
        model=options.model,
        provider=options.provider,
        form=load_form(options.template) if options.template else None,
        cpus=options.cpus,
        gpus=options.gpus,
        workers=options.workers,
        batch=options.batch,
    )
    ray.init(address=options.address, log_to_driver=False, logging_level=logging.WARNING)
    try:
        report = read(sources, options.out, settings)
    finally:
        ray.shutdown()
    return asdict(report), describe(report)


def _add_fetch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("readings", metavar="READINGS")
    parser.add_argument("--for", dest="what", required=True, choices=["doubtful", "sample", "all"])
    parser.add_argument("--out", required=True, metavar="FOLDER", help="an empty folder")
    parser.add_argument("--below", type=float, default=0.9, help="doubtful: confidence less than this (default: 0.9)")
    parser.add_argument("--size", type=int, default=400, help="fields of a sample (default: 400)")
    parser.add_argument("--seed", type=int, default=1, help="what a sample follows from (default: 1)")
    parser.add_argument("--people", type=int, default=1, help="folders of an equal share, numbered (default: 1)")
    _add_worker(parser)
    parser.set_defaults(run=_fetch)


def _fetch(options: argparse.Namespace) -> tuple[object, str]:
    from nomina_cluster.crops import Wanted, choose, empty, fetch

    out = Path(options.out)
    empty(out)
    folders = [out] if options.people == 1 else [out / str(number + 1) for number in range(options.people)]
    form = load_form(options.template) if options.template else None
    rows = choose(options.readings, Wanted(options.what, options.below, options.size, options.seed))
    if form is None and any(row["name"] for row in rows):
        raise ValueError("These are fields of a form: its --template cuts them out.")
    with TemporaryDirectory(prefix="nomina-form-") as folder:
        template = form.write(Path(folder)) if form else None
        worker = Worker(WorkerCommand(tuple(shlex.split(options.nomina)), options.model, options.provider, template))
        try:
            sampled = options.what == "sample"
            crops = fetch(rows, folders, worker, options.readings, forms=form is not None, sampled=sampled)
        finally:
            worker.close()
    text = f"{crops:,} crops for {len(folders)} projects in {out}"
    if crops < len(rows):
        text += f"; {len(rows) - crops:,} left out, since their source is gone or has changed"
    return {"crops": crops, "wanted": len(rows), "folders": [str(folder) for folder in folders]}, text


def _add_merge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("readings", metavar="READINGS")
    parser.add_argument("projects", nargs="*", type=Path, metavar="PROJECT")
    parser.add_argument("--out", required=True, metavar="FINAL")
    parser.add_argument(
        "--threshold", type=float, default=0, help="the promise is of readings of this confidence or more (default: 0)"
    )
    parser.set_defaults(run=_merge)


def _merge(options: argparse.Namespace) -> tuple[object, str]:
    from nomina_cluster.merge import merge
    from nomina_cluster.report import describe_merged

    merged = merge(options.readings, options.projects, options.out, options.threshold)
    return asdict(merged), describe_merged(merged)
