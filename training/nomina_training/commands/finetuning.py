"""The sub-command `finetune`: a shipped model and labels to another model, or a run that begins with given weights."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from .sources import add_source_options, sources_of
from .training import add_run_options, configuration_of_run, train_run

if TYPE_CHECKING:
    from ..data.samples import Sample
    from ..data.sources import Source
    from ..finetuning import Budget, Progress, Tuning

Add = Callable[..., argparse.ArgumentParser]


def add_finetuning_commands(add: Add) -> None:
    """Adds it to `nomina-train`."""
    finetune = add(
        "finetune",
        help="teach a model a new hand: --from MODEL.json --labels CSV --out FOLDER; "
        "or CONFIG --run FOLDER --from MODEL for a long run",
    )
    finetune.add_argument("--from", type=Path, dest="initial", help="manifest (.json), or for a run a checkpoint (.pt)")
    finetune.add_argument("--out", type=Path, help="folder for the model: ONNX, language model, card, manifest")
    add_source_options(finetune)
    finetune.add_argument("--dev", type=Path, help="labels that choose and are never learnt from: validation.csv, say")
    finetune.add_argument("--dev-images", type=Path, help="their images (default: those of the labels)")
    finetune.add_argument("--id", help="name of the new model (default: that of the old one and -tuned)")
    finetune.add_argument("--title", help="of the new model")
    finetune.add_argument("--charset", help="characters of the new model (default: the old ones, and the labels')")
    add_tuning_options(finetune)
    add_run_options(finetune)
    finetune.set_defaults(run_command=_finetune)


def add_tuning_options(parser: argparse.ArgumentParser) -> None:
    """How a hand is taught."""
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--seconds", type=float, help="end after so long, whatever the epochs")
    parser.add_argument("--patience", type=int, default=5, help="epochs without a better CER of --dev")
    parser.add_argument("--learning-rate", type=float, help="default: by how well the model knows the hand")
    parser.add_argument("--batch-size", type=int, default=8)
    freeze = "cnn, rnn or head: not trained; none: all are (default: cnn where there are few rows)"
    parser.add_argument("--freeze", action="append", metavar="PART", help=freeze)
    parser.add_argument("--precision", default="float32", help="bfloat16 where the processor has it")
    parser.add_argument("--device", default="cpu", help="auto, cpu, cuda, mps")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--books", choices=("held out", "seen"), default="held out",
        help="rows of splits/books.json are refused unless seen: for measuring, never for what ships",
    )  # fmt: skip


def tuning_of(options: argparse.Namespace) -> tuple[Budget, Tuning]:
    """What they ask for; raises UsageError on one out of bounds."""
    from ..finetuning import Budget, Tuning
    from ..runtime.checked import checked

    budget = {"epochs": options.epochs, "patience": options.patience}
    if options.seconds is not None:
        budget["seconds"] = options.seconds
    given = ("learning_rate", "batch_size", "freeze", "charset", "precision", "device", "threads", "seed")
    values = {key: getattr(options, key, None) for key in given} | {"freeze": _frozen(options)}
    return checked(Budget, "finetune", budget), checked(Tuning, "finetune", values)


def _frozen(options: argparse.Namespace) -> list[str] | None:
    return [] if options.freeze == ["none"] else options.freeze


def _finetune(options: argparse.Namespace) -> None:
    if options.run_configuration or options.run or options.resume:
        _long_run(options)
    else:
        _fine_tune(options)


def _long_run(options: argparse.Namespace) -> None:
    """A run of `train` that begins with given weights."""
    import json

    from ..training.run import CHECKPOINT

    if options.out or options.labels:
        raise UsageError("--out and --labels need no run: leave CONFIG, --run and --resume out")
    if options.resume:
        if options.initial:
            raise UsageError("--resume goes on with what the run has learnt: leave --from out")
        train_run(options, configuration_of_run(options))
        return
    if not options.initial:
        raise UsageError("--from is needed: where the weights come from")
    if options.run and (options.run / CHECKPOINT).exists():
        raise UsageError(f"{options.run} has a run already: go on with it by --resume, or name another folder")
    overrides = [f"training.initial={json.dumps(str(options.initial))}"]
    if _frozen(options):
        overrides.append(f"training.freeze={json.dumps(_frozen(options))}")
    if options.charset is not None:
        overrides.append(f"model.charset={json.dumps(options.charset, ensure_ascii=False)}")
    train_run(options, configuration_of_run(options, *overrides))


def _fine_tune(options: argparse.Namespace) -> None:
    """From a manifest and labels to a model that the app takes."""
    from ..finetuning import fine_tune, open_base, write_generation

    for name in ("initial", "out"):
        if not getattr(options, name):
            raise UsageError(f"--{'from' if name == 'initial' else name} is needed")
    budget, tuning = tuning_of(options)
    base = open_base(options.initial)
    identifier = options.id or f"{base.manifest.id}-tuned"
    rows, judges = _rows(options)
    print(f"{len(rows)} rows to learn from, {len(judges)} to choose by", file=sys.stderr)
    generation = fine_tune(base, rows, budget, on_progress=_tell, judges=judges, tuning=tuning)
    for reason, count in generation.dropped.items():
        print(f"{count} rows left out: {reason}", file=sys.stderr)
    path = write_generation(generation, options.out, identifier, options.title, judges, options.threads)
    print(path)


def _rows(options: argparse.Namespace) -> tuple[list[Sample], list[Sample]]:
    """(rows, judges): of a configuration its training and dev rows, else of --labels and --dev."""
    from dataclasses import replace

    from ..configuration.configuration import read_configuration
    from ..training.corpus import read_split

    if options.configuration:
        split = read_split(read_configuration(options.configuration))
        return split.training, split.dev
    (source,) = sources_of(options)
    rows = read_rows(options, source)
    if not options.dev:
        return rows, []
    return rows, read_rows(options, replace(source, labels=options.dev, images=options.dev_images or source.images))


def read_rows(options: argparse.Namespace, source: Source) -> list[Sample]:
    """Those of a source that may be learnt from; what is left out is told."""
    from ..data.books import NO_BOOKS
    from ..data.samples import load_any_samples

    books = NO_BOOKS if options.books == "seen" else None
    samples, report = load_any_samples(source, books)
    if report.dropped:
        counts = ", ".join(f"{count} {rule}" for rule, count in report.dropped.items())
        print(f"{source.labels}: left out: {counts}", file=sys.stderr)
    return samples


def _tell(progress: Progress) -> None:
    dev = "" if progress.dev_cer is None else f", dev CER {progress.dev_cer:.2%}"
    done = f"epoch {progress.epoch} of {progress.epochs}: loss {progress.loss:.4f}{dev}"
    print(f"{done}, {progress.seconds:.1f} s", flush=True)
