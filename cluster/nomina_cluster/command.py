"""The command line."""

from __future__ import annotations

import argparse
import json
import logging
import shlex
import sys
from dataclasses import asdict

from nomina_cluster.form import load_form
from nomina_cluster.sources import list_sources


def main(given: list[str] | None = None) -> int:
    """The exit code: 0 also where some sources could not be read; 1 with a sentence where it can't go on."""
    options = _parser().parse_args(given)
    try:
        result, text = options.run(options)
    except (OSError, ValueError) as error:
        print(f"nomina-cluster: {error}", file=sys.stderr)
        return 1
    print(json.dumps(result) if options.json else text)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nomina-cluster", description=__import__("nomina_cluster").__doc__)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_read(commands.add_parser("read", help="read sources into READINGS; again: only what is missing"))
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
