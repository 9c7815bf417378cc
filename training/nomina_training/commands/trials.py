"""The sub-command `learning-trials`: how often the learner takes a generation that is worse."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from ..errors import UsageError
from .finetuning import read_rows
from .sources import add_source_options, sources_of

Add = Callable[..., argparse.ArgumentParser]


def add_learning_trials_command(add: Add) -> None:
    """Adds it to `nomina-train`."""
    trials = add(
        "learning-trials",
        help="rounds of the learner on a few rows of a table, judged by the rest: how often a worse model is taken",
    )
    trials.add_argument("--from", type=Path, dest="initial", required=True, help="manifest (.json)")
    add_source_options(trials)
    trials.add_argument("--begins", default="", help="only rows whose file's name begins like this: a book")
    trials.add_argument("--rows", type=int, default=40, help="rows that a round learns from")
    trials.add_argument("--most", type=int, default=300, help="rows of the table in all, at most")
    trials.add_argument("--rounds", type=int, default=20)
    trials.add_argument("--verdicts", type=int, default=100, help="drawn for each round, on as many of the rest")
    trials.add_argument("--budget", type=float, default=5.0, help="seconds that a round may train")
    trials.add_argument("--seed", type=int, default=1)
    trials.add_argument("--books", choices=("held out", "seen"), default="held out", help="as of learning-curve")
    trials.set_defaults(run_command=_trials)


def _trials(options: argparse.Namespace) -> None:
    import random

    from ..learner.trials import trials

    (source,) = sources_of(options)
    samples = [row for row in read_rows(options, source) if row.picture.name.startswith(options.begins)]
    random.Random(options.seed).shuffle(samples)
    samples = samples[: options.most]
    if len(samples) <= options.rows:
        raise UsageError(f"--rows: {options.rows} of {len(samples)} rows leave none to judge by")
    print("round,before,after,taken,worse_taken,worse_by_chance", flush=True)
    rounds = trials(options.initial, samples, options.rows, options.rounds, options.budget, options.seed)
    worse = taken = chance = 0
    for number, trial in enumerate(rounds, 1):
        figures = trial.others.as_json()
        is_worse = trial.taken and trial.difference > 0
        drawn = trial.taken_by_chance(options.verdicts, number)
        worse, taken, chance = worse + is_worse, taken + trial.taken, chance + drawn
        print(
            f"{number},{figures['before']['cer']},{figures['after']['cer']},{trial.taken},{is_worse},{drawn}",
            flush=True,
        )
    print(
        f"{options.rounds} rounds, {taken} taken, {worse} of them worse; "
        f"{chance} of {options.rounds * options.verdicts} drawn verdicts took the worse model"
    )
