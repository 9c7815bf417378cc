"""Labelled images: a CSV beside a folder of crops, cleaned by named rules that are counted, never silently."""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from .errors import UsageError
from .images import read_grey

NOT_A_NAME = ("EMPTY", "UNREADABLE")
"""Published stand-ins for a text: such rows say nothing about the ink."""


@dataclass(frozen=True)
class Sample:
    """One labelled image: `text` is NFC with single spaces, `digest` the sha256 of the file's bytes (hex)."""

    path: Path
    text: str
    digest: str


@dataclass(frozen=True)
class Source:
    """A CSV of labels and the folder that its file names lie in; `where` keeps rows whose columns have these values."""

    labels: Path
    images: Path
    filename_column: str = "FILENAME"
    text_column: str = "IDENTITY"
    where: tuple[tuple[str, str], ...] = ()


@dataclass
class Cleaning:
    """What cleaning did: rows kept, rows left out by rule, and each broken image or label with its reason."""

    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, str]] = field(default_factory=list)

    def drop(self, rule: str) -> None:
        """Count a row left out by a rule."""
        self.dropped[rule] += 1

    def as_json(self) -> dict[str, object]:
        """Counts, and the broken files with their reasons (no texts)."""
        return {"kept": self.kept, "dropped": dict(self.dropped), "broken": [list(item) for item in self.broken]}


def read_rows(source: Source) -> list[tuple[str, str]]:
    """(file name, text) of a CSV's rows that match `where`; raises UsageError on a missing file or column."""
    try:
        with source.labels.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            wanted = [source.filename_column, source.text_column, *(column for column, _ in source.where)]
            missing = [column for column in wanted if column not in (reader.fieldnames or [])]
            if missing:
                raise UsageError(f"{source.labels}: no column {', '.join(missing)}; there are {reader.fieldnames}")
            return [
                (row[source.filename_column] or "", row[source.text_column] or "")
                for row in reader
                if all(row[column] == value for column, value in source.where)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{source.labels}: {error}") from error


def tidy(text: str, upper: bool) -> str:
    """NFC, runs of white space to one space, none at the ends; upper case where asked."""
    single = " ".join(unicodedata.normalize("NFC", text).split())
    return single.upper() if upper else single


def load_samples(source: Source, characters: tuple[str, ...], upper: bool) -> tuple[list[Sample], Cleaning]:
    """Rows fit to train on, and the count of what was left out and why.

    Rules, in order: blank label; EMPTY or UNREADABLE; a character outside the charset (listed); file missing or no
    whole image (listed); the same bytes with the same text seen before.
    """
    report = Cleaning()
    samples: list[Sample] = []
    seen: set[tuple[str, str]] = set()
    for name, raw_text in read_rows(source):
        text = tidy(raw_text, upper)
        if not text:
            report.drop("blank label")
            continue
        if text.upper() in NOT_A_NAME:
            report.drop("not a name")
            continue
        foreign = [character for character in dict.fromkeys(text) if character not in characters]
        if foreign:
            report.drop("outside the charset")
            report.broken.append((name, f"label has {' '.join(f'U+{ord(c):04X}' for c in foreign)}"))
            continue
        path = source.images / name
        try:
            content = path.read_bytes()
            read_grey(content)
        except (OSError, SyntaxError, ValueError) as error:
            report.drop("broken image")
            report.broken.append((name, type(error).__name__))
            continue
        digest = hashlib.sha256(content).hexdigest()
        if (digest, text) in seen:
            report.drop("repeated")
            continue
        seen.add((digest, text))
        samples.append(Sample(path, text, digest))
    report.kept = len(samples)
    return samples, report
