"""The sub-commands `train` and `finetune`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Add = Callable[..., argparse.ArgumentParser]


def add_training_commands(add: Add) -> None:
    """Adds them to `nomina-train`."""
    train = add("train", help="train a model from a TOML or YAML file; goes on where the run stopped")
    _add_run(train)
    train.set_defaults(run_command=_train)

    finetune = add("finetune", help="train on from a checkpoint (.pt) or an exported model (.json)")
    _add_run(finetune)
    finetune.add_argument("--from", type=Path, required=True, dest="initial", help="where the weights come from")
    finetune.add_argument("--freeze", action="append", default=[], metavar="PART", help="cnn, rnn or head: not trained")
    finetune.add_argument("--charset", help="characters of the new model; those that both know keep their weights")
    finetune.set_defaults(run_command=_finetune)


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("configuration", type=Path)
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", dest="overrides")


def _train(options: argparse.Namespace) -> None:
    from ..configuration.configuration import read_configuration
    from ..training.run import train

    train(read_configuration(options.configuration, options.overrides), options.run)


def _finetune(options: argparse.Namespace) -> None:
    import json

    from ..configuration.configuration import read_configuration
    from ..training.run import train

    overrides = [*options.overrides, f"training.initial={json.dumps(str(options.initial))}"]
    if options.freeze:
        overrides.append(f"training.freeze={json.dumps(options.freeze)}")
    if options.charset is not None:
        overrides.append(f"model.charset={json.dumps(options.charset, ensure_ascii=False)}")
    train(read_configuration(options.configuration, overrides), options.run)
