"""What an epoch shows the network: batches from a cache of copies, or of copies that workers make as they are needed.

Everything random follows from the seed, the epoch and the row, whatever the number of workers or processes.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..configuration.sections import TrainingSection
from ..errors import UsageError
from ..images.augmentation import Augmentation, augment, stretched
from ..images.preprocessing import input_width, natural_width, prepare_pixels, rows_cut
from ..models.manifest import InputSpec
from ..runtime.processes import Processes, end_quietly
from .augmentation_cache import AugmentationCache
from .field_cache import FieldCache, Fields

_POOL = 64
"""Steps whose rows are sorted by width together."""
_PLAIN = 0.1
"""Share of copies made while training that are the field as it is."""

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Rows shown together: pixels [N, H, W] uint8, whether each one's label counts, and the teacher's opinion."""

    rows: Rows
    pixels: npt.NDArray[np.uint8]
    labelled: npt.NDArray[np.bool_]
    share: float
    """Of its step's rows: the weight of its mean loss."""
    teacher: npt.NDArray[np.float16] | None = None


class BatchSource(Protocol):
    """A source of epochs."""

    steps: int
    """Optimiser steps an epoch."""

    def epoch(self, number: int) -> Iterator[list[Batch]]:
        """The batches of each step, gradients of which are added up."""


def _steps(order: Rows, settings: TrainingSection, processes: Processes) -> list[npt.NDArray[np.int64]]:
    """An epoch's order cut into steps; raises UsageError where a process would have nothing to do."""
    together = settings.batch_size * settings.accumulation
    if min(together, len(order)) < settings.accumulation * processes.count:
        raise UsageError(f"training.batch_size: {len(order)} rows are too few for {processes.count} processes "
                         f"with {settings.accumulation} batches a step")  # fmt: skip
    return np.array_split(order, max(1, len(order) // together))


def _parts(step: Rows, settings: TrainingSection, processes: Processes) -> Iterator[tuple[Rows, float]]:
    """This process's rows of each batch of a step, with their share of the step."""
    for part in np.array_split(step, settings.accumulation):
        mine = part[processes.rank :: processes.count]
        yield mine, len(mine) / len(step)


class CachedBatches:
    """One copy of every row from a cache; a row shows all its copies in turn, one an epoch."""

    def __init__(
        self, cache: AugmentationCache, believed: npt.NDArray[np.bool_], settings: TrainingSection, processes: Processes
    ) -> None:
        self.cache, self.believed, self.settings, self.processes = cache, believed, settings, processes
        self.count = len(believed)
        self.steps = len(_steps(np.arange(self.count), settings, processes))

    def epoch(self, number: int) -> Iterator[list[Batch]]:
        """The batches of each step."""
        copy_count = self.cache.copies.shape[0]
        first = np.random.default_rng(self.settings.seed).integers(0, copy_count, self.count)
        copies = (first + number) % copy_count
        order = np.random.default_rng((self.settings.seed, number)).permutation(self.count)
        for step in _steps(order, self.settings, self.processes):
            parts = _parts(step, self.settings, self.processes)
            yield [self._batch(rows, copies[rows], share) for rows, share in parts]

    def _batch(self, rows: Rows, copies: Rows, share: float) -> Batch:
        labelled = self.believed[rows] & (copies < self.cache.labelled_copies)
        teacher = self.cache.teacher[copies, rows] if self.cache.teacher is not None else None
        return Batch(rows, self.cache.copies[copies, rows], labelled, share, teacher)


Job = tuple[Rows, float, int, InputSpec]
"""Rows of a batch, their share of the step, its width in px, and how it shows them."""


@dataclass(frozen=True)
class Augmenter:
    """Makes the copies of a batch; small enough to be sent to a worker once."""

    cache: Path
    input: InputSpec
    augmentation: Augmentation
    seed: int
    closer: tuple[InputSpec, ...] = ()
    """Inputs for closer views (the manifest's `views`): each step shows its fields by one of these or as a whole."""

    def view(self, epoch: int, rows: Rows) -> InputSpec:
        """How a step shows its rows: all alike, so that their widths are."""
        choice = np.random.default_rng((self.seed, epoch, int(rows[0]), 1)).integers(1 + len(self.closer))
        return (self.input, *self.closer)[int(choice)]

    def width(self, size: tuple[int, int], epoch: int, row: int, view: InputSpec) -> int:
        """The model's input width, px, of a row's copy in an epoch; `size` is the field's height and width."""
        _, width = stretched(size, self.augmentation, self._random(epoch, row))
        return input_width(width, size[0] - 2 * rows_cut(size[0], view), view)

    def pixels(self, fields: Fields, rows: Rows, epoch: int, width: int, view: InputSpec) -> npt.NDArray[np.uint8]:
        """[N, H, width] uint8: each copy fitted to its own input width, then padded with paper to the batch's."""
        batch = np.full((len(rows), self.input.height, width), self.input.pad, np.uint8)
        for place, row in enumerate(rows):
            random = self._random(epoch, int(row))
            grey = augment(fields[int(row)], self.augmentation, random, plain=_PLAIN)
            copy = prepare_pixels(grey, view)
            batch[place, :, : copy.shape[1]] = copy
        return batch

    def _random(self, epoch: int, row: int) -> np.random.Generator:
        return np.random.default_rng((self.seed, epoch, row))


class OnlineBatches:
    """Copies made in worker processes, batches of fields of like width; labels all count."""

    def __init__(
        self, fields: Fields, maker: Augmenter, settings: TrainingSection, processes: Processes
    ) -> None:
        self.fields, self.maker, self.settings, self.processes = fields, maker, settings, processes
        natural = [natural_width(int(width), int(height), maker.input.height) for height, width in fields.sizes]
        self.natural = np.array(natural)
        self.steps = len(_steps(np.arange(len(fields)), settings, processes))
        self._pool: ProcessPoolExecutor | None = None

    def epoch(self, number: int) -> Iterator[list[Batch]]:
        """The batches of each step, a few of them made ahead."""
        jobs = ((number, step) for step in self._order(number))
        if not self.settings.workers:
            for epoch, step in jobs:
                yield [self._batch(epoch, *job) for job in self._jobs(epoch, step)]
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.settings.workers, get_context("spawn"), _open_in_worker, (self.maker,)
            )
        waiting: deque[list[tuple[Rows, float, Future[npt.NDArray[np.uint8]]]]] = deque()
        for epoch, step in islice(jobs, 2 + 2 * self.settings.workers):
            waiting.append(self._submit(epoch, step))
        while waiting:
            ready = waiting.popleft()
            for epoch, step in islice(jobs, 1):
                waiting.append(self._submit(epoch, step))
            yield [
                Batch(rows, future.result(), np.ones(len(rows), np.bool_), share) for rows, share, future in ready
            ]

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _order(self, number: int) -> list[Rows]:
        """The epoch's steps: rows shuffled, sorted by width within pools of steps, the steps shuffled again."""
        random = np.random.default_rng((self.settings.seed, number))
        order = random.permutation(len(self.fields))
        pool = _POOL * self.settings.batch_size * self.settings.accumulation
        pools = [order[start : start + pool] for start in range(0, len(order), pool)]
        order = np.concatenate([rows[np.argsort(self.natural[rows], kind="stable")] for rows in pools])
        steps = _steps(order, self.settings, self.processes)
        return [steps[place] for place in random.permutation(len(steps))]

    def _jobs(self, epoch: int, step: Rows) -> list[Job]:
        """Each batch of a step; width and view are those of the whole step."""
        view = self.maker.view(epoch, step)
        sizes = [(int(row), (int(self.fields.sizes[row][0]), int(self.fields.sizes[row][1]))) for row in step]
        width = max(self.maker.width(size, epoch, row, view) for row, size in sizes)
        return [(rows, share, width, view) for rows, share in _parts(step, self.settings, self.processes)]

    def _batch(self, epoch: int, rows: Rows, share: float, width: int, view: InputSpec) -> Batch:
        pixels = self.maker.pixels(self.fields, rows, epoch, width, view)
        return Batch(rows, pixels, np.ones(len(rows), np.bool_), share)

    def _submit(self, epoch: int, step: Rows) -> list[tuple[Rows, float, Future[npt.NDArray[np.uint8]]]]:
        assert self._pool is not None
        return [
            (rows, share, self._pool.submit(_make_in_worker, rows, epoch, width, view))
            for rows, share, width, view in self._jobs(epoch, step)
        ]


_worker: list[tuple[Augmenter, FieldCache]] = []
"""In a worker process: what it makes copies with."""


def _open_in_worker(maker: Augmenter) -> None:
    end_quietly()
    _worker[:] = [(maker, FieldCache(maker.cache))]
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A run that is killed leaves no workers behind that wait for it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make_in_worker(rows: Rows, epoch: int, width: int, view: InputSpec) -> npt.NDArray[np.uint8]:
    maker, fields = _worker[0]
    return maker.pixels(fields, rows, epoch, width, view)


def close(source: BatchSource) -> None:
    """End its workers, where it has any."""
    if isinstance(source, OnlineBatches):
        source.close()
