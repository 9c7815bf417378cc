"""Scores of a model on labelled pictures: the figures with their intervals, and every field's reading."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..data.pictures import BROKEN, Picture
from ..data.samples import label_of
from ..data.sources import Source, rows_of
from ..data.splits import HELD_OUT
from ..errors import UsageError
from ..images.grey import Grey
from ..inference.text_reader import Reader, read_texts
from ..runtime.atomic_files import write_atomically
from .bootstrap import Bootstrap, Figure, deviation, mean, ratio
from .breakdown import by_class, by_length, calibration, confusions, with_interval
from .metrics import Scores, character_edits, score, word_edits

COLUMNS = ["FILENAME", "TRUTH", "READING", "EDITS", "CONFIDENCE"]


@dataclass(frozen=True)
class FieldResult:
    """One field's truth and reading."""

    filename: str
    truth: str
    reading: str
    confidence: float = 1.0
    picture: Picture | None = None
    source: str = ""
    """The set it belongs to, by its folder's name."""

    @cached_property
    def edits(self) -> int:
        """Code points to change."""
        return character_edits(self.reading, self.truth)


@dataclass
class Evaluation:
    """Scores over the fields that could be read; `broken` lists those that could not, with the reason."""

    scores: Scores
    results: list[FieldResult]
    seconds: float
    broken: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self, seed: int = 0) -> dict[str, object]:
        """All figures with their intervals; no texts but single characters among the confusions."""
        bootstrap = Bootstrap(len(self.results), seed)
        readings, truths = [r.reading for r in self.results], [r.truth for r in self.results]
        return {
            **self.scores.as_json(),
            "intervals": {
                name: with_interval(figure, bootstrap) for name, figure in figures_of(self.results).items()
            },
            "by_source": by_source(self.results, bootstrap),
            "by_class": by_class(readings, truths, bootstrap),
            "by_length": by_length(readings, truths, bootstrap),
            "confusions": confusions(readings, truths),
            "calibration": calibration(
                [result.confidence for result in self.results], [not result.edits for result in self.results], bootstrap
            ),
            "seconds": round(self.seconds, 2),
            "broken": [list(item) for item in self.broken],
        }


def figures_of(results: Sequence[FieldResult]) -> dict[str, Figure]:
    """The scores as figures of weighted rows, for intervals."""
    edits = [result.edits for result in results]
    characters = [len(result.truth) for result in results]
    words = [len(result.truth.split()) for result in results]
    longer = np.array([len(result.reading) - len(result.truth) for result in results])
    error = ratio(edits, characters)
    return {
        "character_error_rate": error,
        "word_error_rate": ratio([word_edits(result.reading, result.truth) for result in results], words),
        "exact": mean([float(not result.edits) for result in results]),
        "exact_ignoring_case": mean([float(r.reading.casefold() == r.truth.casefold()) for r in results]),
        "character_accuracy": lambda weights: np.maximum(0, 1 - error(weights)),
        "edit_distance_mean": mean(edits),
        "edit_distance_std": deviation(edits),
        "length_mean_absolute_error": mean(np.abs(longer)),
        "length_mean_squared_error": mean(longer**2),
    }


def by_source(results: Sequence[FieldResult], bootstrap: Bootstrap) -> dict[str, dict[str, object]]:
    """CER, WER and exact match of each set, where there are several."""
    names = list(dict.fromkeys(result.source for result in results))
    if len(names) < 2:
        return {}
    found: dict[str, dict[str, object]] = {}
    edits = np.array([result.edits for result in results])
    characters = np.array([len(result.truth) for result in results])
    wrong_words = np.array([word_edits(result.reading, result.truth) for result in results])
    words = np.array([len(result.truth.split()) for result in results])
    for name in names:
        inside = np.array([result.source == name for result in results], dtype=np.float64)
        found[name] = {
            "fields": int(inside.sum()),
            "character_error_rate": with_interval(ratio(edits * inside, characters * inside), bootstrap),
            "word_error_rate": with_interval(ratio(wrong_words * inside, words * inside), bootstrap),
            "exact": with_interval(ratio((edits == 0) * inside, inside), bootstrap),
        }
    return found


def evaluate(reader: Reader, sources: Sequence[Source], held_out: str = "") -> Evaluation:
    """Read every picture of the sources and compare; truths are NFC with single spaces.

    `held_out` keeps only what one of `HELD_OUT` says. A broken image is listed and left out of the scores. Rows with an
    empty truth count: what is read there is insertions.
    Raises UsageError where no image at all can be read.
    """
    fields = [
        Field(
            f"{source.labels.parent.name}/{row.name}" if len(sources) > 1 else row.name,
            label_of(row.text), row.picture, source.labels.parent.name,
        )
        for source in sources for row in rows_of(source) if not held_out or HELD_OUT[held_out](row)
    ]  # fmt: skip
    evaluation = evaluate_fields(reader, fields)
    if not evaluation.results:
        raise UsageError(f"{sources[0].labels}: no row with a readable image in {sources[0].images}")
    return evaluation


class Field(NamedTuple):
    """A picture and what is written on it."""

    name: str
    truth: str
    picture: Picture
    source: str


def evaluate_fields(reader: Reader, fields: Iterable[Field]) -> Evaluation:
    """Read every picture and compare, as `evaluate` does."""
    started = time.monotonic()
    broken: list[tuple[str, str]] = []
    rows: list[Field] = []

    def images() -> Iterator[Grey]:
        for row in fields:
            try:
                grey = row.picture.grey()
            except BROKEN as error:
                broken.append((row.name, f"{type(error).__name__}: {error}"))
                continue
            rows.append(row)
            yield grey

    texts = list(read_texts(reader, images()))
    results = [
        FieldResult(name, truth, text.text, text.confidence, picture, set_name)
        for (name, truth, picture, set_name), text in zip(rows, texts, strict=True)
    ]
    scores = score([result.reading for result in results], [result.truth for result in results])
    return Evaluation(scores, results, time.monotonic() - started, broken)


def write_fields(path: Path, evaluation: Evaluation) -> None:
    """FILENAME,TRUTH,READING,EDITS,CONFIDENCE of every field, RFC 4180."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([r.filename, r.truth, r.reading, r.edits, f"{r.confidence:.6f}"] for r in evaluation.results)
    write_atomically(path, buffer.getvalue().encode())


def read_results(path: Path) -> list[FieldResult]:
    """The fields that `write_fields` wrote; raises UsageError."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                FieldResult(row["FILENAME"], row["TRUTH"], row["READING"], float(row["CONFIDENCE"]))
                for row in csv.DictReader(file)
            ]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError) as error:
        raise UsageError(f"{path}: no readings as evaluate --fields writes them: {error!r}") from error
