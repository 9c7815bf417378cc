"""A look at labelled data before training: lengths, sizes, characters, outliers; figures as JSON and charts as PNG."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..errors import UsageError
from ..runtime.atomic_files import write_atomically
from .charts import draw_charts, draw_samples
from .pictures import BROKEN, Picture
from .samples import label_of
from .sources import Source, rows_of

_LISTED = 20


def analyse(sources: Sequence[Source], folder: Path) -> dict[str, object]:
    """Write summary.json, samples.png and the charts to `folder`; the summary.

    Raises UsageError where nothing can be read.
    """
    pictures: list[Picture] = []
    names: list[str] = []
    texts: list[str] = []
    sizes: list[tuple[int, int]] = []
    groups: Counter[str] = Counter()
    broken: list[tuple[str, str]] = []
    for row in (row for source in sources for row in rows_of(source)):
        try:
            height, width = row.picture.grey().shape
        except BROKEN as error:
            broken.append((row.name, f"{type(error).__name__}: {error}"))
            continue
        pictures.append(row.picture)
        names.append(row.name)
        texts.append(label_of(row.text))
        sizes.append((width, height))
        groups[row.group] += 1
    if not names:
        raise UsageError(f"{sources[0].labels}: no row with a readable image")
    characters = Counter(character for text in texts for character in text)
    columns: dict[str, list[float]] = {
        "characters": [len(text) for text in texts],
        "width_px": [width for width, _ in sizes],
        "height_px": [height for _, height in sizes],
        "px_per_character": [width / max(1, len(text)) for (width, _), text in zip(sizes, texts, strict=True)],
    }
    summary: dict[str, object] = {
        "rows": len(names),
        "broken": [list(item) for item in broken],
        "empty_labels": sum(not text for text in texts),
        "distinct_texts": len(set(texts)),
        "groups": len(groups) if "" not in groups else 0,
        "character_counts": dict(characters.most_common()),
        **{name: _spread(values, names) for name, values in columns.items()},
    }
    write_atomically(folder / "summary.json", json.dumps(summary, indent=2, ensure_ascii=False).encode())
    draw_charts(folder, columns, characters)
    draw_samples(folder / "samples.png", pictures, texts)
    return summary


def _spread(values: Sequence[float], names: Sequence[str]) -> dict[str, object]:
    """Quartiles, mean and the rows outside Tukey's fences (1.5 interquartile ranges beyond the quartiles)."""
    column = np.asarray(values, dtype=np.float64)
    least, first, median, third, most = (float(value) for value in np.percentile(column, [0, 25, 50, 75, 100]))
    low, high = first - 1.5 * (third - first), third + 1.5 * (third - first)
    outside = np.flatnonzero((column < low) | (column > high))
    farthest = sorted(outside, key=lambda row: -abs(column[row] - median))[:_LISTED]
    return {
        "least": least, "first_quartile": first, "median": median, "third_quartile": third, "most": most,
        "mean": float(column.mean()), "outliers": len(outside),
        "farthest": [{"file": names[int(row)], "value": float(column[row])} for row in farthest],
    }  # fmt: skip
