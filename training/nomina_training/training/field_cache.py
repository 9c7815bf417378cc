"""Fields as they were read, in one file that several processes map: for copies made while training."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..data.samples import Sample
from ..images.grey import Grey
from ..images.preprocessing import natural_width
from ..models.manifest import InputSpec
from ..runtime.atomic_files import write_atomically


class Fields(Protocol):
    """Grey fields by row, none higher than a network needs, and their sizes [R, 2] height and width, px."""

    sizes: npt.NDArray[np.int64]

    def __len__(self) -> int: ...

    def __getitem__(self, row: int) -> Grey: ...


class FieldsInMemory:
    """Fields of a set that is small: nothing goes to the disk."""

    def __init__(self, fields: Sequence[Grey], height: int) -> None:
        self.fields = [_reduced(field, height) for field in fields]
        self.sizes: npt.NDArray[np.int64] = np.array([field.shape for field in self.fields]).reshape(-1, 2)

    def __len__(self) -> int:
        return len(self.fields)

    def __getitem__(self, row: int) -> Grey:
        return self.fields[row]


class FieldCache:
    """Grey fields, none higher than a network needs (higher ones are reduced to it, aspect kept)."""

    def __init__(self, path: Path) -> None:
        index = json.loads(path.with_suffix(".json").read_text())
        self.path = path
        self.sizes: npt.NDArray[np.int64] = np.array(index["sizes"], dtype=np.int64).reshape(-1, 2)
        """[R, 2] height and width, px."""
        ends = np.cumsum(self.sizes.prod(axis=1))
        self._starts = np.concatenate([[0], ends[:-1]]).astype(np.int64)
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitem__(self, row: int) -> Grey:
        height, width = self.sizes[row]
        start = self._starts[row]
        return np.asarray(self._bytes[start : start + height * width]).reshape(height, width)


def height_for(inputs: Sequence[InputSpec]) -> int:
    """Height, px, of fields that fill each of these inputs once they are trimmed."""
    return max(math.ceil(spec.height / (1 - 2 * spec.trim)) for spec in inputs)


def open_field_cache(path: Path, samples: Sequence[Sample], height: int) -> FieldCache:
    """The cache of these samples at `path`, written first where it is missing or of others."""
    digest = hashlib.sha256("\n".join([str(height), *(sample.digest for sample in samples)]).encode()).hexdigest()
    index = path.with_suffix(".json")
    if index.exists() and path.exists() and json.loads(index.read_text())["digest"] == digest:
        return FieldCache(path)
    index.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    sizes = []
    with path.open("wb") as file:
        for sample in samples:
            grey = _reduced(sample.picture.grey(), height)
            sizes.append(grey.shape)
            file.write(grey.tobytes())
    write_atomically(index, json.dumps({"digest": digest, "sizes": sizes}).encode())
    return FieldCache(path)


def _reduced(grey: Grey, height: int) -> Grey:
    if grey.shape[0] <= height:
        return grey
    size = (natural_width(grey.shape[1], grey.shape[0], height), height)
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BILINEAR))
