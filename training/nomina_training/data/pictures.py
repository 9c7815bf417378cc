"""Where a field's pixels are: a file, a cell of a Parquet file, or a polygon on a page. Small: they go to workers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image, ImageDraw

from ..images.grey import Grey, read_grey

BROKEN = (OSError, SyntaxError, ValueError)
"""What reading a picture raises where it is missing or no whole image."""

Points = tuple[tuple[int, int], ...]
"""A polygon's corners (x, y), px of its page."""


class Picture(Protocol):
    """A place of pixels; equal pictures are the same place."""

    @property
    def name(self) -> str:
        """What the user calls it: a file's name, a row, a line of a page."""

    def grey(self) -> Grey:
        """Its pixels; raises one of `BROKEN`."""

    def digest(self) -> str:
        """sha256 (hex) that changes with its pixels; raises OSError or ValueError."""


@dataclass(frozen=True)
class FilePicture:
    """A whole image file."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def grey(self) -> Grey:
        """Its pixels."""
        return read_grey(self.path)

    def digest(self) -> str:
        """sha256 of its bytes."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


@dataclass(frozen=True)
class CellPicture:
    """An image's bytes in a Parquet file, as on the Hugging Face hub: a struct {bytes, path}, or plain bytes."""

    path: Path
    column: str
    row: int

    @property
    def name(self) -> str:
        """The file's name and its row."""
        return f"{self.path.name}:{self.row}"

    def content(self) -> bytes:
        """The image file's bytes; raises ValueError where the cell is empty."""
        group, first = _row_group(self.path, self.row)
        cell = _cells(self.path, self.column, group)[self.row - first].as_py()
        content = cell.get("bytes") if isinstance(cell, dict) else cell
        if not isinstance(content, bytes):
            raise ValueError("the cell holds no bytes")
        return content

    def grey(self) -> Grey:
        """Its pixels."""
        return read_grey(self.content())

    def digest(self) -> str:
        """sha256 of its bytes."""
        return hashlib.sha256(self.content()).hexdigest()


@dataclass(frozen=True)
class CropPicture:
    """A polygon of a page: its bounding box, with paper where the polygon is not."""

    path: Path
    points: Points
    label: str

    @property
    def name(self) -> str:
        """The page and the line's own id."""
        return f"{self.path.name}:{self.label}"

    def grey(self) -> Grey:
        """Its pixels; raises ValueError where the polygon has no pixel on the page."""
        page = _page(self.path)
        height, width = page.shape
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        left, right = max(0, min(xs)), min(width, max(xs) + 1)
        top, bottom = max(0, min(ys)), min(height, max(ys) + 1)
        if right - left < 2 or bottom - top < 2:
            raise ValueError("the polygon has no pixels on its page")
        box = page[top:bottom, left:right]
        mask = Image.new("1", (right - left, bottom - top), 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in self.points], fill=1, outline=1)
        inside = np.asarray(mask)
        if not inside.any():
            raise ValueError("the polygon has no pixels on its page")
        paper = np.percentile(box[inside], 80).astype(np.uint8)
        crop: Grey = np.where(inside, box, paper)
        return crop

    def digest(self) -> str:
        """sha256 of the page's bytes and the polygon."""
        content = hashlib.sha256(self.path.read_bytes())
        content.update(repr(self.points).encode())
        return content.hexdigest()


@lru_cache(maxsize=2)
def _page(path: Path) -> Grey:
    return read_grey(path)


@lru_cache(maxsize=4)
def _parquet(path: Path) -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow.parquet

    return pyarrow.parquet.ParquetFile(path)


@lru_cache(maxsize=2)
def _cells(path: Path, column: str, group: int) -> Any:  # noqa: ANN401 - pyarrow has no types
    return _parquet(path).read_row_group(group, columns=[column]).column(0)


def _row_group(path: Path, row: int) -> tuple[int, int]:
    """The row group that holds a row, and that group's first row."""
    metadata, first = _parquet(path).metadata, 0
    for group in range(metadata.num_row_groups):
        count = metadata.row_group(group).num_rows
        if row < first + count:
            return group, first
        first += count
    raise ValueError(f"row {row} is beyond the file's end")
