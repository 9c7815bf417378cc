"""Scores of a recogniser on labelled images: the figures, and every field's reading."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .data import tidy
from .errors import UsageError
from .files import write_atomically
from .images import Grey
from .metrics import Scores, character_edits, score
from .pictures import BROKEN
from .recogniser import Recogniser, read_fields
from .sources import Source, rows_of


@dataclass(frozen=True)
class FieldResult:
    """One field's truth and reading."""

    filename: str
    truth: str
    reading: str

    @property
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

    def as_json(self) -> dict[str, object]:
        """Figures only, no texts."""
        return {**self.scores.as_json(), "seconds": round(self.seconds, 2), "broken": [list(b) for b in self.broken]}


def evaluate(recogniser: Recogniser, source: Source) -> Evaluation:
    """Read every image that the CSV names and compare; truths are NFC with single spaces.

    A broken image is listed and left out of the scores. Rows with an empty truth count: what is read
    there is insertions.
    Raises UsageError where no image at all can be read.
    """
    started = time.monotonic()
    broken: list[tuple[str, str]] = []
    rows: list[tuple[str, str]] = []

    def images() -> Iterator[Grey]:
        for row in rows_of(source):
            try:
                grey = row.picture.grey()
            except BROKEN as error:
                broken.append((row.name, type(error).__name__))
                continue
            rows.append((row.name, tidy(row.text, upper=False)))
            yield grey

    readings = list(read_fields(recogniser, images()))
    if not readings:
        raise UsageError(f"{source.labels}: no row with a readable image in {source.images}")
    results = [FieldResult(name, truth, reading) for (name, truth), reading in zip(rows, readings, strict=True)]
    scores = score(readings, [truth for _, truth in rows])
    return Evaluation(scores, results, time.monotonic() - started, broken)


def write_fields(path: Path, evaluation: Evaluation) -> None:
    """FILENAME,TRUTH,READING,EDITS of every field, RFC 4180."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["FILENAME", "TRUTH", "READING", "EDITS"])
    writer.writerows([r.filename, r.truth, r.reading, r.edits] for r in evaluation.results)
    write_atomically(path, buffer.getvalue().encode())
