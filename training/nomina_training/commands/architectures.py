"""The sub-command `architectures`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[..., argparse.ArgumentParser]


def add_architecture_commands(add: Add) -> None:
    """Adds it to `nomina-train`."""
    architectures = add("architectures", help="what each architecture costs: parameters, GFLOP, fields/s (Markdown)")
    architectures.add_argument("--threads", type=int, default=1)
    architectures.add_argument("--seconds", type=float, default=2.0, help="of each measurement of fields/s")
    architectures.set_defaults(run_command=_architectures)


def _architectures(options: argparse.Namespace) -> None:
    from ..export.architecture_costs import table

    print(table(options.threads, options.seconds))
