"""The sub-command `train`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError

if TYPE_CHECKING:
    from ..configuration.configuration import Configuration

Add = Callable[..., argparse.ArgumentParser]


def add_training_commands(add: Add) -> None:
    """Adds it to `nomina-train`."""
    train = add("train", help="train a model from a TOML or YAML file; goes on where the run stopped")
    add_run_options(train)
    train.set_defaults(run_command=_train)


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """A run's configuration and folder."""
    parser.add_argument("run_configuration", type=Path, nargs="?", metavar="CONFIG", help="TOML or YAML file")
    parser.add_argument("--run", type=Path, help="folder of the run (default: runs/ID-DATE-TIME)")
    parser.add_argument("--resume", action="store_true", help="go on with the run as it was begun; without CONFIG")
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", dest="overrides")


def configuration_of_run(options: argparse.Namespace, *overrides: str) -> Configuration:
    """What the run is to be, or what the one to resume was begun with; raises UsageError where neither is given."""
    from ..configuration.configuration import read_configuration

    if options.resume:
        if options.run is None:
            raise UsageError("--resume: --run is needed, the folder of the run")
        if options.run_configuration:
            raise UsageError("--resume goes on with the configuration of the run: leave the other one out")
        stored = options.run / "configuration.json"
        if not stored.exists():
            raise UsageError(f"--resume: {options.run} has no run to go on with")
        return read_configuration(stored, options.overrides)
    if not options.run_configuration:
        raise UsageError("a configuration file is needed, or --resume")
    return read_configuration(options.run_configuration, [*options.overrides, *overrides])


def train_run(options: argparse.Namespace, configuration: Configuration) -> None:
    """Train in the folder that was named, or in a new one."""
    from ..training.run import train

    folder = options.run
    if folder is None:
        folder = Path("runs") / f"{configuration.model.id}-{datetime.now():%Y%m%d-%H%M%S}"
        print(folder)
    train(configuration, folder)


def _train(options: argparse.Namespace) -> None:
    train_run(options, configuration_of_run(options))
