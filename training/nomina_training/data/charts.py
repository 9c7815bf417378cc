"""Pictures of labelled data as PNG: a chart for each column, all of them on one sheet, and some rows as they are."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..runtime.atomic_files import write_atomically
from .pictures import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BINS, _CHARACTERS = 60, 60
_SAMPLES, _COLUMNS = 24, 4


def draw_charts(folder: Path, columns: Mapping[str, Sequence[float]], characters: Counter[str]) -> None:
    """NAME.png for each column, character_frequencies.png, and all of these in summary.png."""
    for name, values in columns.items():
        figure = _figure(7, 4)
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
        _histogram(upper, name, values)
        lower.boxplot(values, orientation="horizontal", widths=0.6)
        lower.set_yticks([])
        _save(figure, folder / f"{name}.png")
    figure = _figure(12, 4)
    _bars(figure.subplots(), characters)
    _save(figure, folder / "character_frequencies.png")

    figure = _figure(12, 3 * len(columns) / 2 + 3)
    places = figure.add_gridspec(-(-len(columns) // 2) + 1, 2)
    for place, (name, values) in enumerate(columns.items()):
        _histogram(figure.add_subplot(places[place // 2, place % 2]), name, values)
    _bars(figure.add_subplot(places[-1, :]), characters)
    _save(figure, folder / "summary.png")


def draw_samples(path: Path, pictures: Sequence[Picture], texts: Sequence[str]) -> None:
    """Rows from the whole table at even distances, each with its label."""
    chosen = sorted({int(row) for row in np.linspace(0, len(pictures) - 1, _SAMPLES)})
    lines = -(-len(chosen) // _COLUMNS)
    figure = _figure(3 * _COLUMNS, 1.1 * lines)
    for place, axes in enumerate(figure.subplots(lines, _COLUMNS, squeeze=False).flat):
        axes.set_axis_off()
        if place < len(chosen):
            axes.imshow(pictures[chosen[place]].grey(), cmap="gray", vmin=0, vmax=255)
            axes.set_title(texts[chosen[place]].replace("$", r"\$") or "(no text)", fontsize=9)
    _save(figure, path)


def bin_edges(values: Sequence[float]) -> list[float]:
    """At most 60 bins. Each has room for as many whole numbers, so that none is empty for want of one."""
    least, most = min(values), max(values)
    if any(value != int(value) for value in values):
        return [float(edge) for edge in np.histogram_bin_edges(values, min(_BINS, max(5, len(set(values)))))]
    width = -(-(int(most) - int(least) + 1) // _BINS)
    return [edge - 0.5 for edge in range(int(least), int(most) + width + 1, width)]


def _histogram(axes: Axes, name: str, values: Sequence[float]) -> None:
    axes.hist(values, bins=bin_edges(values))
    axes.set_title(name.replace("_", " "))
    axes.set_ylabel("rows")


def _bars(axes: Axes, characters: Counter[str]) -> None:
    common = characters.most_common(_CHARACTERS)
    axes.bar(range(len(common)), [count for _, count in common])
    axes.set_xticks(range(len(common)), [character.replace(" ", "␣").replace("$", r"\$") for character, _ in common])
    if common:
        axes.set_yscale("log")
    axes.set_title("character frequencies")


def _figure(width: float, height: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _save(figure: Figure, path: Path) -> None:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    write_atomically(path, buffer.getvalue())
