"""Ink on no paper: [h, w] float32, 0 nothing to 1 full ink."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

Ink = npt.NDArray[np.float32]


class Hand(Protocol):
    """Something that writes."""

    @property
    def source(self) -> str:
        """What wrote, for the CSV: a font's name, or glyphs."""

    def write(self, text: str, height: int, random: np.random.Generator) -> Ink | None:
        """A text with capitals about `height` px high; None where a character is lacking."""


def trimmed(ink: Ink) -> Ink:
    """Without empty margins; unchanged where it is all empty."""
    rows, columns = np.flatnonzero(ink.max(axis=1) > 0.1), np.flatnonzero(ink.max(axis=0) > 0.1)
    if not len(rows) or not len(columns):
        return ink
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def scaled(ink: Ink, width: int, height: int) -> Ink:
    """Resampled to a size in px."""
    return np.asarray(Image.fromarray(ink).resize((max(1, width), max(1, height)), Image.Resampling.BILINEAR))


def lay(canvas: Ink, ink: Ink, left: int, top: int) -> None:
    """Put ink on a canvas, in place; what lies outside is cut off."""
    height, width = canvas.shape
    x, y = max(0, left), max(0, top)
    right, bottom = min(width, left + ink.shape[1]), min(height, top + ink.shape[0])
    if right > x and bottom > y:
        part = ink[y - top : bottom - top, x - left : right - left]
        canvas[y:bottom, x:right] = np.maximum(canvas[y:bottom, x:right], part)
