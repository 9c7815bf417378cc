"""What is to be written: texts with weights."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from ..data import tidy
from ..errors import UsageError


def read_weighted_texts(path: Path, text_column: str, count_column: str | None) -> dict[str, float]:
    """Texts of a CSV column, or of a text file's lines, each with a weight: 1, or the square root of its count.

    The root keeps common names common without drowning the rare ones. Raises UsageError.
    """
    try:
        if path.suffix.lower() != ".csv":
            lines = path.read_text(encoding="utf-8-sig").splitlines()
            return {tidy(line, upper=False): 1.0 for line in lines if line.strip()}
        texts: dict[str, float] = {}
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                text = tidy(row[text_column], upper=False)
                if text:
                    texts[text] = math.sqrt(max(0.0, float(row[count_column]))) if count_column else 1.0
        return texts
    except (OSError, UnicodeDecodeError, csv.Error, ValueError, KeyError) as error:
        raise UsageError(f"{path}: {error!r}") from error
