"""The sub-command `learner`: a process that runs rounds for a program that speaks JSON Lines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

Add = Callable[..., argparse.ArgumentParser]


def add_learner_commands(add: Add) -> None:
    """Adds it to `nomina-train`."""
    learner = add("learner", help="rounds of fine-tuning, asked for in JSON Lines on stdin (training/LEARNER.md)")
    learner.set_defaults(run_command=_learner)


def _learner(_: argparse.Namespace) -> None:
    from ..learner.service import be_a_guest, serve

    serve(iter(sys.stdin.buffer.readline, b""), be_a_guest())
