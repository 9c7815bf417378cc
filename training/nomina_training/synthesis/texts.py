"""What is to be written: texts with weights."""

from __future__ import annotations

import math
from pathlib import Path

from ..data.texts import weighted_texts


def read_weighted_texts(path: Path, text_column: str, count_column: str | None) -> dict[str, float]:
    """Texts of a CSV column, or of a text file's lines, each with a weight: 1, or the square root of its count.

    The root keeps common names common without drowning the rare ones. Raises UsageError.
    """
    texts = weighted_texts(path, text_column, count_column)
    return {text: math.sqrt(max(0.0, count)) for text, count in texts}
