"""A cache of augmented copies on disk: made once, read by memory map, so that an epoch costs only the network.

Files of a cache (V copies of each field, R rows in the order of the training samples, T teacher frames, C classes):
    views.npy     [V, R, H, W] uint8, preprocessed pixels before the numbers
    teacher.npy   [V, R, T, C] float16, log-probabilities; only with a teacher
    recipe.json   digest of everything the cache was made from, and the copies that are finished
Copy 0 is the image itself; the last `spliced` copies join parts of two or three fields and have no label.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..configuration.sections import TeacherSettings
from ..data.samples import Sample
from ..errors import UsageError
from ..images.augmentation import Augmentation, augment, splice
from ..images.grey import Grey
from ..images.preprocessing import prepare_pixels
from ..models.charset import Charset
from ..models.manifest import InputSpec, WidthRange
from ..runtime.atomic_files import file_digest, write_atomically
from ..runtime.processes import end_quietly
from .teacher import Teacher

_CHUNK = 32
"""Fields a teacher reads at a time."""


@dataclass(frozen=True)
class CacheRecipe:
    """All that decides a cache's content."""

    samples: tuple[Sample, ...]
    input: InputSpec
    charset: Charset
    augmentation: Augmentation
    teacher: TeacherSettings | None
    copies: int
    spliced: int
    seed: int

    def __post_init__(self) -> None:
        if isinstance(self.input.width, WidthRange):
            raise UsageError("input.width: training needs a fixed width; a range is for reading only")
        if self.spliced and self.teacher is None:
            raise UsageError("cache.spliced: spliced copies have no label and need a teacher")
        if self.copies < 1 + self.spliced:
            raise UsageError("cache.copies: at least one copy must be left beside the spliced ones")

    def digest(self) -> str:
        """sha256 over all of it (hex): a cache of another digest is not this one."""
        teacher = self.teacher and (file_digest(self.teacher.model), self.teacher.input, self.teacher.charset)
        parts = [self.input, self.charset, self.augmentation, teacher, self.copies, self.spliced, self.seed]
        parts += [sample.digest for sample in self.samples]
        return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()


@dataclass(frozen=True)
class AugmentationCache:
    """An open cache."""

    copies: npt.NDArray[np.uint8]
    teacher: npt.NDArray[np.float16] | None
    spliced: int

    @property
    def labelled_copies(self) -> int:
        """Copies 0 to this, exclusive, carry their row's label."""
        return int(self.copies.shape[0]) - self.spliced


def open_augmentation_cache(folder: Path, recipe: CacheRecipe, workers: int = 1) -> AugmentationCache:
    """The cache in `folder`, made or completed first; raises UsageError where it holds another recipe's."""
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "recipe.json"
    digest = recipe.digest()
    finished: list[int] = []
    if state.exists():
        stored = json.loads(state.read_text())
        if stored["digest"] != digest:
            raise UsageError(f"{folder} holds a cache of other data or settings: change cache.folder or remove it")
        finished = stored["finished"]
    else:
        _allocate(folder, recipe)
        write_atomically(state, json.dumps({"digest": digest, "finished": finished}).encode())
    missing = [copy for copy in range(recipe.copies) if copy not in finished]
    if missing:
        with ProcessPoolExecutor(workers, get_context("spawn"), end_quietly) as pool:
            for copy in pool.map(_make_copy, [(folder, recipe, copy) for copy in missing]):
                finished.append(copy)
                write_atomically(state, json.dumps({"digest": digest, "finished": finished}).encode())
                print(f"cache: copy {len(finished)} of {recipe.copies}", flush=True)
    copies = np.load(folder / "views.npy", mmap_mode="r")
    teacher = np.load(folder / "teacher.npy", mmap_mode="r") if recipe.teacher else None
    return AugmentationCache(copies, teacher, recipe.spliced)


def _allocate(folder: Path, recipe: CacheRecipe) -> None:
    rows = len(recipe.samples)
    shape = (recipe.copies, rows, recipe.input.height, recipe.input.width)
    np.lib.format.open_memmap(folder / "views.npy", "w+", np.uint8, shape)  # type: ignore[arg-type]
    if recipe.teacher:
        blank = np.full((recipe.teacher.input.height, 1), 255, np.uint8)
        frames = Teacher(recipe.teacher, recipe.charset).log_probabilities([blank]).shape[1]
        teacher_shape = (recipe.copies, rows, frames, recipe.charset.class_count)
        np.lib.format.open_memmap(folder / "teacher.npy", "w+", np.float16, teacher_shape)


def _make_copy(job: tuple[Path, CacheRecipe, int]) -> int:
    """Fill one copy of the cache; the random state depends on seed, copy and row alone."""
    folder, recipe, copy = job
    copies = np.load(folder / "views.npy", mmap_mode="r+")
    teacher = Teacher(recipe.teacher, recipe.charset) if recipe.teacher else None
    opinions = np.load(folder / "teacher.npy", mmap_mode="r+") if teacher else None
    for start in range(0, len(recipe.samples), _CHUNK):
        rows = range(start, min(start + _CHUNK, len(recipe.samples)))
        images = [_copy_of(recipe, copy, row) for row in rows]
        copies[copy, start : rows.stop] = [prepare_pixels(image, recipe.input) for image in images]
        if teacher is not None and opinions is not None:
            opinions[copy, start : rows.stop] = teacher.log_probabilities(images)
    copies.flush()
    if opinions is not None:
        opinions.flush()
    return copy


def _copy_of(recipe: CacheRecipe, copy: int, row: int) -> Grey:
    grey = recipe.samples[row].picture.grey()
    if copy == 0:
        return grey
    random = np.random.default_rng((recipe.seed, copy, row))
    if copy >= recipe.copies - recipe.spliced:
        others = random.integers(len(recipe.samples), size=int(random.integers(1, 3)))
        grey = splice(grey, [recipe.samples[int(other)].picture.grey() for other in others], random)
    return augment(grey, recipe.augmentation, random)


def dev_pixels(samples: Sequence[Sample], spec: InputSpec) -> npt.NDArray[np.uint8]:
    """[R, H, W] uint8 of samples as they are."""
    return np.stack([prepare_pixels(sample.picture.grey(), spec) for sample in samples])
