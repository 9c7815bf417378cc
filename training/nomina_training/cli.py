"""The command `nomina-train`: train, evaluate, predict, export, golden, speed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .decoding.commands import add_decoding_commands
from .errors import UsageError

# Each command imports what it needs when it runs: `--help` and a wrong argument answer without loading PyTorch.


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a sub-command; 0, 1 where a check found a difference, 2 with one line on stderr that the user can mend."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run_command(options) or 0)
    except UsageError as error:
        print(f"nomina-train: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nomina-train", description="Train and measure Nomina's recognisers")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser

    train = add("train", help="train a model from a TOML file; goes on where the run stopped")
    train.add_argument("configuration", type=Path)
    train.add_argument("--run", type=Path, required=True, help="folder of the run's checkpoint")
    train.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", dest="overrides")
    train.set_defaults(run_command=_train)

    evaluate = add("evaluate", help="error rates on labelled images")
    evaluate.add_argument("--model", type=Path, required=True, help="manifest (.json) or checkpoint (.pt)")
    evaluate.add_argument("--labels", type=Path, help="CSV of labels")
    evaluate.add_argument("--images", type=Path, help="folder of the images (default: the CSV's)")
    evaluate.add_argument("--filename-column", default="FILENAME")
    evaluate.add_argument("--text-column", default="IDENTITY")
    evaluate.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE", help="only rows like this")
    evaluate.add_argument("--json", type=Path, help="write the figures here too")
    evaluate.add_argument("--fields", type=Path, help="write every field's reading here (CSV)")
    evaluate.add_argument("--threads", type=int, default=1)
    evaluate.add_argument("--final", type=Path, metavar="FOLDER",
                          help="score FOLDER's checked validation rows and log it in final-evaluations.csv")
    evaluate.set_defaults(run_command=_evaluate)

    predict = add("predict", help="read images")
    predict.add_argument("--model", type=Path, required=True, help="manifest (.json) or checkpoint (.pt)")
    predict.add_argument("--image", type=Path, nargs="+", required=True)
    predict.set_defaults(run_command=_predict)

    export = add("export", help="write a checkpoint's averaged weights as ONNX with a manifest")
    export.add_argument("--checkpoint", type=Path, required=True)
    export.add_argument("--out", type=Path, required=True, help="folder for <id>.onnx and <id>.json")
    export.add_argument("--metrics", type=Path, help="JSON object to lay into the manifest's metrics")
    export.set_defaults(run_command=_export)

    golden = add("golden", help="write the golden parity vectors, or check them")
    golden.add_argument("--out", type=Path, required=True)
    golden.add_argument("--model", type=Path, default=Path("resources/models/names-caps.json"), help="manifest")
    golden.add_argument("--check", action="store_true", help="recompute from the stored images and compare")
    golden.set_defaults(run_command=_golden)

    speed = add("speed", help="fields a second beside another ONNX model, in turns")
    speed.add_argument("--model", type=Path, required=True, help="ONNX file")
    speed.add_argument("--reference", type=Path, required=True, help="ONNX file")
    speed.add_argument("--threads", type=int, default=1)
    speed.add_argument("--rounds", type=int, default=7)
    speed.set_defaults(run_command=_speed)
    add_decoding_commands(add)
    return parser


def _train(options: argparse.Namespace) -> None:
    from .config import read_configuration
    from .train import train

    train(read_configuration(options.configuration, options.overrides), options.run)


def _evaluate(options: argparse.Namespace) -> None:
    from .config import condition
    from .evaluation import evaluate, write_fields
    from .files import write_atomically
    from .final import evaluate_finally
    from .recogniser import open_recogniser
    from .sources import Source

    if options.final:
        final = {labels: scores.as_json() for labels, scores in evaluate_finally(options.model, options.final).items()}
        print(json.dumps(final, indent=2))
        return
    if not options.labels:
        raise UsageError("evaluate: --labels or --final is needed")
    where = tuple(condition(text) for text in options.where)
    images = options.images or options.labels.parent
    source = Source(options.labels, images, options.filename_column, options.text_column, where)
    result = evaluate(open_recogniser(options.model, options.threads), source)
    figures = json.dumps({"model": str(options.model), "labels": str(options.labels), **result.as_json()}, indent=2)
    if options.json:
        write_atomically(options.json, figures.encode() + b"\n")
    if options.fields:
        write_fields(options.fields, result)
    print(figures)


def _predict(options: argparse.Namespace) -> int:
    from .images import read_grey
    from .recogniser import open_recogniser, read_fields

    recogniser, failed = open_recogniser(options.model), 0
    for path in options.image:
        try:
            grey = read_grey(path)
        except (OSError, SyntaxError, ValueError) as error:
            print(f"{path}: {type(error).__name__}", file=sys.stderr)
            failed = 1
            continue
        print(f"{path}\t{next(read_fields(recogniser, [grey]))}")
    return failed


def _export(options: argparse.Namespace) -> None:
    from .checkpoint import load_checkpoint
    from .export import export

    try:
        metrics = json.loads(options.metrics.read_text(encoding="utf-8")) if options.metrics else {}
    except (OSError, json.JSONDecodeError) as error:
        raise UsageError(f"{options.metrics}: {error}") from error
    print(export(load_checkpoint(options.checkpoint), options.out, metrics))


def _golden(options: argparse.Namespace) -> int:
    from .golden import check_golden, write_golden
    from .manifest import read_manifest

    manifest = read_manifest(options.model)
    if not options.check:
        print(f"{options.out}: {write_golden(options.out, manifest):,} bytes")
        return 0
    problems = check_golden(options.out, manifest)
    print("\n".join(problems) or f"{options.out}: all equal")
    return 1 if problems else 0


def _speed(options: argparse.Namespace) -> None:
    from .speed import compare_speed

    print(json.dumps(compare_speed(options.model, options.reference, options.threads, options.rounds), indent=2))
