"""The command `nomina-train`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .errors import UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a sub-command; 0 on success, 2 with one line on stderr where the user can mend it."""
    parser = argparse.ArgumentParser(prog="nomina-train", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a model from a TOML file; goes on where a run stopped")
    train.add_argument("configuration", type=Path)
    train.add_argument("--run", type=Path, required=True, help="folder of checkpoints and logs")
    train.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", dest="overrides")
    train.set_defaults(run_command=_train)
    options = parser.parse_args(arguments)
    try:
        options.run_command(options)
    except UsageError as error:
        print(f"nomina-train: {error}", file=sys.stderr)
        return 2
    return 0


def _train(options: argparse.Namespace) -> None:
    from .config import read_configuration
    from .train import train

    train(read_configuration(options.configuration, options.overrides), options.run)
