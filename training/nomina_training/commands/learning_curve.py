"""The sub-command `learning-curve`: how quickly a model learns a hand, by how many rows it is taught."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from pathlib import Path

from ..errors import UsageError
from .finetuning import add_tuning_options, read_rows, tuning_of
from .sources import add_source_options, sources_of

Add = Callable[..., argparse.ArgumentParser]


def add_learning_curve_command(add: Add) -> None:
    """Adds it to `nomina-train`."""
    curve = add(
        "learning-curve",
        help="teach a model the first 50, 100, 200, 400 rows of a shuffled table; CER on its other rows, greedily",
    )
    curve.add_argument("--from", type=Path, dest="initial", required=True, help="manifest (.json)")
    add_source_options(curve)
    curve.add_argument("--begins", default="", help="only rows whose file's name begins like this: a book")
    curve.add_argument("--counts", type=int, nargs="+", default=[50, 100, 200, 400], help="rows to learn from")
    curve.add_argument("--rest", type=int, default=500, help="rows that are read and never learnt from, at most")
    add_tuning_options(curve)
    curve.set_defaults(run_command=_learning_curve)


def _learning_curve(options: argparse.Namespace) -> None:
    import torch

    from ..finetuning import fine_tune, greedy_figures, open_base

    torch.set_num_threads(options.threads)
    base = open_base(options.initial)
    (source,) = sources_of(options)
    rows = [row for row in read_rows(options, source) if row.picture.name.startswith(options.begins)]
    random.Random(options.seed).shuffle(rows)
    most = max(options.counts)
    rest = rows[most : most + options.rest]
    if not rest:
        raise UsageError(f"--counts: {most} of {len(rows)} rows leave none to read")
    budget, tuning = tuning_of(options)
    print("rows,cer,exact,rate,epochs,seconds,cer_of_its_rows_before")
    cer, exact = greedy_figures(base, base.manifest.charset, base.weights, rest)
    print(f"0,{cer:.4f},{exact:.4f},,,,", flush=True)
    for count in sorted(options.counts):
        generation = fine_tune(base, rows[:count], budget, tuning=tuning)
        cer, exact = generation.figures(rest)
        last = generation.history[-1]
        print(
            f"{count},{cer:.4f},{exact:.4f},{generation.tuning.learning_rate:.2g},{generation.epoch},"
            f"{last['seconds']:.1f},{generation.before:.4f}",
            flush=True,
        )
