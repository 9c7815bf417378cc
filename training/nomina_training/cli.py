"""The command `nomina-train`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .commands.architectures import add_architecture_commands
from .commands.decoding import add_decoding_commands
from .commands.evaluation import add_evaluation_commands
from .commands.export import add_export_commands
from .commands.finetuning import add_finetuning_commands
from .commands.learner import add_learner_commands
from .commands.learning_curve import add_learning_curve_command
from .commands.parity import add_parity_commands
from .commands.synthesis import add_synthesis_commands
from .commands.training import add_training_commands
from .commands.trials import add_learning_trials_command
from .errors import UsageError

STOPPED, PIPE_CLOSED = 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a sub-command; 0, 1 where a check found a difference, 2 with one line on stderr that the user can mend, or
    what a shell gives for a command that Ctrl-C or a closed pipe ended."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run_command(options) or 0)
        sys.stdout.flush()
        return code
    except UsageError as error:
        print(f"nomina-train: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("nomina-train: stopped", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # Whoever read along, `head` say, has enough; what is left in the buffer must not complain at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nomina-train", description="Train and measure Nomina's recognisers")
    commands = parser.add_subparsers(dest="command", required=True)
    for add_commands in (
        add_training_commands, add_finetuning_commands, add_evaluation_commands, add_export_commands,
        add_synthesis_commands, add_parity_commands, add_decoding_commands, add_architecture_commands,
        add_learner_commands, add_learning_curve_command, add_learning_trials_command,
    ):  # fmt: skip
        add_commands(commands.add_parser)
    return parser
