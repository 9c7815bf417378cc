"""A shipped reader taught a new hand, in seconds: what `nomina-train finetune` and a resident learner call.

    base = open_base(Path("resources/models/latin-lines.json"))     # once; kept while rounds go by
    generation = fine_tune(base, rows, Budget(seconds=60), cancel, on_progress, judges)
    manifest = write_generation(generation, folder, "latin-lines-1")

`rows` and `judges` are `data.samples.Sample`s: a picture, its NFC text ("" where a person saw that the field is blank)
and the sha256 of the picture. Judges are never trained on, nor is a row with a judge's picture. Every round begins
from the base, so that nothing drifts; nothing random outlives it: the same rows and budget (in epochs) give the same
weights at the same number of threads.

`cancel()` is asked before the first and each further step: where it is true, `Cancelled` is raised and nothing is kept.
`on_progress` is told of every epoch. Mistakes of whoever calls are `UsageError`s, `CannotLearn` where a program may
want to tell them apart; they are told before the first step as far as they can be.
Nothing here prints, and nothing is written but by `write_generation`, which writes the manifest last.
"""

from .base import Base, open_base
from .errors import CannotLearn
from .fine_tune import (
    Budget,
    Cancelled,
    Generation,
    Progress,
    Tuning,
    fine_tune,
    fitting_rate,
    greedy_figures,
    learnt_inputs,
    mean_of,
)
from .write import write_generation

__all__ = [
    "Base", "Budget", "Cancelled", "CannotLearn", "Generation", "Progress", "Tuning",
    "fine_tune", "fitting_rate", "greedy_figures", "learnt_inputs", "mean_of", "open_base", "write_generation",
]  # fmt: skip
