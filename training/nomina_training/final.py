"""The final measurement on the checked validation rows: rare, and each one on record.

Validation rows are for this alone; whatever is chosen is chosen on the dev rows. The log shows how often.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timezone
from pathlib import Path

from .data import tidy
from .environment import commit
from .errors import UsageError
from .evaluation import evaluate
from .files import write_atomically
from .metrics import Scores, score
from .recogniser import open_recogniser
from .sources import Source, rows_of
from .teacher import file_digest

LOG = Path(__file__).parents[1] / "final-evaluations.csv"
_COLUMNS = ["date", "commit", "model", "sha256", "labels", "rows", "cer", "wer", "exact"]


def evaluate_finally(model: Path, folder: Path, log: Path = LOG) -> dict[str, Scores]:
    """Score an exported model against both sets of labels and append two rows to the log.

    `folder` holds validation/, validation-checked.csv and validation.csv. `checked` is on CHECKED of the rows whose
    STATUS is legible, `as published` on IDENTITY of those of them that have one.
    """
    if model.suffix != ".json":
        raise UsageError("--final: give the manifest (.json) of an exported model: the log names its file's hash")
    images = folder / "validation"
    legible = (("STATUS", "legible"),)
    checked = evaluate(
        open_recogniser(model), Source(folder / "validation-checked.csv", images, "FILENAME", "CHECKED", legible)
    )
    readings = {result.filename: result.reading for result in checked.results}
    published = {row.name: tidy(row.text, upper=False) for row in rows_of(Source(folder / "validation.csv", images))}
    names = [name for name in readings if published.get(name)]
    scores = {
        "checked": checked.scores,
        "as published": score([readings[name] for name in names], [published[name] for name in names]),
    }
    _append(log, model, scores)
    return scores


def _append(log: Path, model: Path, scores: dict[str, Scores]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    if log.exists():
        buffer.write(log.read_text(encoding="utf-8"))
    else:
        writer.writerow(_COLUMNS)
    when = datetime.now(timezone.utc).isoformat(timespec="seconds")
    here, digest = commit(), file_digest(model.with_suffix(".onnx"))
    for labels, result in scores.items():
        rates = (result.character_error_rate, result.word_error_rate, result.exact)
        writer.writerow([when, here, model.stem, digest, labels, result.fields, *(f"{rate:.5f}" for rate in rates)])
    write_atomically(log, buffer.getvalue().encode())
