"""A run's folder: history.csv, curves.png and TensorBoard events from the epochs' figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..runtime.atomic_files import write_atomically

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

COLUMNS = (
    "epoch", "learning_rate", "label_loss", "teacher_loss", "train_loss", "train_cer", "train_exact", "dev_loss",
    "dev_cer", "dev_wer", "dev_exact", "gap", "seconds",
)  # fmt: skip
"""label_loss and teacher_loss are means over the epoch's copies; train_* are of training rows as they are; gap is
dev_cer - train_cer."""

_CURVES = (
    ("Loss", ("label_loss", "teacher_loss", "train_loss", "dev_loss")),
    ("Error rates", ("train_cer", "dev_cer", "dev_wer")),
    ("Exact", ("train_exact", "dev_exact")),
    ("Learning rate", ("learning_rate",)),
)


def write_history(path: Path, history: Sequence[Mapping[str, float]]) -> None:
    """All epochs anew, so that a resumed run's file is whole."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for epoch in history:
        writer.writerow([f"{epoch[column]:.6g}" if column in epoch else "" for column in COLUMNS])
    write_atomically(path, buffer.getvalue().encode())


def check_tensorboard() -> None:
    """Raises UsageError where TensorBoard is not installed."""
    if find_spec("tensorboard") is None:
        raise UsageError("training.tensorboard: install it first (pip install 'nomina-training[tensorboard]')")


def open_events(folder: Path, after: int) -> SummaryWriter:
    """A writer of TensorBoard events, which hides those of epochs later than `after` that a cut-off run left."""
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(folder), purge_step=after + 1)


def write_events(events: SummaryWriter, figures: Mapping[str, float]) -> None:
    """An epoch's figures, each under its column's name."""
    for column in COLUMNS[1:]:
        if column in figures:
            events.add_scalar(column, figures[column], int(figures["epoch"]))
    events.flush()


def draw_curves(path: Path, history: Sequence[Mapping[str, float]]) -> None:
    """A PNG of the figures over the epochs."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 6), layout="constrained")
    FigureCanvasAgg(figure)
    for axes, (title, columns) in zip(figure.subplots(2, 2).flat, _CURVES, strict=True):
        for column in columns:
            points = [(epoch["epoch"], epoch[column]) for epoch in history if column in epoch]
            if points and any(value for _, value in points):
                axes.plot(*zip(*points, strict=True), label=column.replace("_", " "))
        axes.set_title(title)
        axes.set_xlabel("epoch")
        axes.grid(alpha=0.3)
        if axes.get_legend_handles_labels()[0]:
            axes.legend()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    write_atomically(path, buffer.getvalue())
