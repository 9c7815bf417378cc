"""Dev labels as a person saw them: a table of corrections by image hash, which holds no name.

`dev-checked.csv` has a row for each dev image: SHA256 of the file, STATUS (legible, blank or illegible-or-ambiguous)
and EDITS, which turn the published label into what is written: `0:D>P` replaces the character at 0, `3:+E` puts one in
before it, `2:-` deletes it; positions are code points of the published label, ordered, joined by `;`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import UsageError
from ..runtime.checkout import TRAINING
from .samples import Sample

DEV_CHECKED = TRAINING / "dev-checked.csv"
"""The table of the 1,000 dev rows of `names/train`."""

LEGIBLE = "legible"
STATUSES = (LEGIBLE, "blank", "illegible-or-ambiguous")
_EDIT = re.compile(r"(\d+):(?:(.)>(.)|\+(.)|-)", re.DOTALL)


@dataclass(frozen=True)
class Check:
    """What was seen on one image."""

    status: str
    edits: str


def read_checks(path: Path = DEV_CHECKED) -> dict[str, Check]:
    """Checks by sha256 of the image file; raises UsageError on a missing file or column or an unknown status."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["SHA256"], Check(row["STATUS"], row["EDITS"])) for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: {error}") from error
    except KeyError as error:
        raise UsageError(f"{path}: no column {error.args[0]}") from error
    for number, (digest, check) in enumerate(rows, start=2):
        if check.status not in STATUSES:
            raise UsageError(f"{path}, line {number}: STATUS {check.status!r} is none of {', '.join(STATUSES)}")
        if re.fullmatch("[0-9a-f]{64}", digest) is None:
            raise UsageError(f"{path}, line {number}: SHA256 is no hash")
    return dict(rows)


def apply_edits(label: str, edits: str) -> str:
    """The label with its edits applied; raises ValueError where they do not fit it."""
    text, at = "", 0
    for edit in _split(edits):
        match = _EDIT.fullmatch(edit)
        if match is None:
            raise ValueError(f"{edit!r} is no edit")
        position, old, new, inserted = int(match[1]), match[2], match[3], match[4]
        if position < at or position > len(label):
            raise ValueError(f"{edit!r} lies outside the label or before the edit ahead of it")
        text, at = text + label[at:position], position
        if inserted is not None:
            text += inserted
            continue
        if position == len(label) or (old is not None and label[position] != old):
            raise ValueError(f"{edit!r} does not fit the label")
        text, at = text + (new or ""), position + 1
    return text + label[at:]


def checked(samples: Sequence[Sample], checks: Mapping[str, Check]) -> list[Sample]:
    """The legible samples with their text as written; the others are left out.

    Raises UsageError where an image was not checked or its edits do not fit its label: other data.
    """
    kept = []
    for sample in samples:
        check = checks.get(sample.digest)
        if check is None:
            raise UsageError(f"image {sample.digest[:12]}…: it is not among the checked ones")
        if check.status != LEGIBLE:
            continue
        try:
            kept.append(replace(sample, text=apply_edits(sample.text, check.edits)))
        except ValueError as error:
            raise UsageError(f"image {sample.digest[:12]}…: its label is not the checked one: {error}") from error
    return kept


def _split(edits: str) -> list[str]:
    """Edits one by one; a `;` may itself be a character of one."""
    return re.findall(r"\d+:(?:.>.|\+.|-)|[^;]+", edits, re.DOTALL)
