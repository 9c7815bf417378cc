"""A run's data: read, cleaned, split, and opened as batches of copies; what was done is written to the run's folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..architectures import architecture
from ..configuration.configuration import Configuration
from ..data.books import NO_BOOKS
from ..data.hashes import data_hashes
from ..data.samples import Cleaning, Sample, load_samples
from ..data.splits import split_dev, split_groups
from ..errors import UsageError
from ..images.grey import Grey
from ..images.preprocessing import input_width, prepare_pixels
from ..models.attention_charset import AttentionCharset
from ..models.charset import Charset
from ..runtime.atomic_files import write_atomically
from ..runtime.processes import Processes
from .augmentation_cache import CacheRecipe, open_augmentation_cache
from .batches import Augmenter, BatchSource, CachedBatches, OnlineBatches
from .field_cache import FieldCache, height_for, open_field_cache
from .losses import contradicted_labels
from .suspects import without_suspects


@dataclass
class Corpus:
    """All that an epoch reads, and what is scored after it."""

    batches: BatchSource
    charset: Charset | AttentionCharset
    targets: list[list[int]]
    """Class indices of each training row."""
    dev: list[Sample]
    dev_fields: list[Grey]
    monitored: list[Sample]
    """Training rows that are scored as they are, for the gap to dev."""
    monitored_fields: list[Grey]


@dataclass
class Split:
    """Clean rows by their use."""

    training: list[Sample]
    dev: list[Sample]
    held_out: list[Sample]
    cleaning: Cleaning


def charset_of(configuration: Configuration) -> Charset | AttentionCharset:
    """The model's classes, by its architecture's kind."""
    if architecture(configuration.model.architecture).kind == "attention":
        return AttentionCharset(tuple(configuration.model.charset))
    return configuration.charset


def read_split(configuration: Configuration) -> Split:
    """Read, clean and split the data."""
    data = configuration.data
    held_out_books = NO_BOOKS if data.books == "seen" else None
    samples, cleaning = load_samples(
        data.sources, tuple(configuration.model.charset), configuration.rules, held_out_books
    )
    held_out: list[Sample] = []
    if data.hold_out == "groups":
        samples, held_out = split_groups(samples)
    if data.dev is None:
        training, dev = split_dev(samples, data.dev_size)
        return Split(training, dev, held_out, cleaning)
    source = replace(data.sources[0], labels=data.dev)
    dev, _ = load_samples([source], tuple(configuration.model.charset), configuration.rules, held_out_books)
    pictures = {sample.digest for sample in dev}
    return Split([sample for sample in samples if sample.digest not in pictures], dev, held_out, cleaning)


def prepare_corpus(
    configuration: Configuration, run: Path, processes: Processes
) -> tuple[Corpus, dict[str, object]]:
    """The corpus and the facts (counts), which also go to `run`: data.json, broken.csv."""
    split = read_split(configuration)
    charset = charset_of(configuration)
    training = _that_fit(split.training, configuration, split.cleaning)
    if configuration.training.suspects:
        training = without_suspects(training, Path(configuration.training.suspects), split.cleaning)
    believed = np.ones(len(training), dtype=np.bool_)
    if configuration.cache is None:
        batches: BatchSource = _online_batches(training, configuration, run, processes)
    else:
        batches, believed = _cached_batches(training, configuration, processes)
    monitored = sorted(training, key=lambda sample: sample.digest)[: configuration.training.monitored]
    facts: dict[str, object] = {
        "training_rows": len(training),
        "dev_rows": len(split.dev),
        "held_out_rows": len(split.held_out),
        "labels_left_to_teacher": int((~believed).sum()),
        "cleaning": split.cleaning.as_json(),
    }
    hashes = data_hashes(
        configuration.data.sources, {"training": training, "dev": split.dev, "held_out": split.held_out}
    )
    facts["splits"] = hashes["splits"]
    if processes.is_first:
        write_atomically(run / "data.json", json.dumps(facts | {"hashes": hashes}, indent=2).encode())
        split.cleaning.write_broken(run / "broken.csv")
    corpus = Corpus(
        batches, charset, [charset.encode(sample.text) for sample in training],
        split.dev, _prepared(split.dev, configuration), monitored, _prepared(monitored, configuration),
    )  # fmt: skip
    return corpus, facts


def _cached_batches(
    training: list[Sample], configuration: Configuration, processes: Processes
) -> tuple[CachedBatches, npt.NDArray[np.bool_]]:
    """The cache, made by the first process, and which labels are believed."""
    section, teacher = configuration.cache, configuration.teacher
    assert section is not None
    recipe = CacheRecipe(
        tuple(training), configuration.input, configuration.charset, configuration.augmentation, teacher,
        section.copies, section.spliced, configuration.training.seed,
    )  # fmt: skip
    if not processes.is_first:
        processes.wait()
    cache = open_augmentation_cache(Path(section.folder), recipe, section.workers)
    if processes.is_first:
        processes.wait()
    believed = np.ones(len(training), dtype=np.bool_)
    if teacher and cache.teacher is not None:
        texts = [sample.text for sample in training]
        contradicted = contradicted_labels(
            cache.teacher[0], texts, configuration.charset, teacher.certain, teacher.contradicted
        )
        believed = ~contradicted
    return CachedBatches(cache, believed, configuration.training, processes), believed


def _online_batches(
    training: list[Sample], configuration: Configuration, run: Path, processes: Processes
) -> OnlineBatches:
    path = run / "fields.bin"
    height = height_for((configuration.input, *configuration.closer))
    if not processes.is_first:
        processes.wait()
    fields = open_field_cache(path, training, height) if processes.is_first else FieldCache(path)
    if processes.is_first:
        processes.wait()
    settings = configuration.training
    maker = Augmenter(path, configuration.input, configuration.augmentation, settings.seed, configuration.closer)
    return OnlineBatches(fields, maker, settings, processes)


def _that_fit(samples: Sequence[Sample], configuration: Configuration, cleaning: Cleaning) -> list[Sample]:
    """Rows whose label has a CTC path over their frames; the others are counted and listed."""
    kind = architecture(configuration.model.architecture)
    if kind.kind == "attention":
        return list(samples)
    frames = kind.frames(configuration.input)
    kept = []
    for sample in samples:
        height, width = sample.picture.grey().shape
        steps = input_width(width, height, configuration.input) // int(frames["stride"]) * int(frames.get("rows", 1))
        needed = len(sample.text) + sum(one == other for one, other in pairwise(sample.text))
        if needed <= steps:
            kept.append(sample)
        else:
            cleaning.drop("longer than its frames", sample.picture.name, f"{needed} frames needed, {steps} there")
    if not kept:
        raise UsageError("data: no label fits the frames of its picture")
    return kept


def _prepared(samples: Sequence[Sample], configuration: Configuration) -> list[Grey]:
    return [prepare_pixels(sample.picture.grey(), configuration.input) for sample in samples]
