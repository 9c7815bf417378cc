"""The final measurement on the checked validation rows: rare, and each one on record.

Validation rows are for this alone; whatever is chosen is chosen on the dev rows. The log shows how often.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timezone
from pathlib import Path

from ..data.samples import label_of
from ..data.sources import Source, rows_of
from ..errors import UsageError
from ..inference.text_reader import open_reader
from ..models.manifest import read_manifest
from ..runtime.atomic_files import file_digest, write_atomically
from ..runtime.checkout import TRAINING
from ..runtime.environment import commit
from .evaluate import evaluate, write_fields
from .metrics import Scores, score

LOG = TRAINING / "final-evaluations.csv"
_COLUMNS = ["date", "commit", "model", "sha256", "labels", "rows", "cer", "wer", "exact", "manifest_sha256", "decoder"]
"""manifest_sha256 is of the model's configuration: preprocessing, decoder and calibration."""


def evaluate_finally(
    model: Path, folder: Path, log: Path = LOG, greedy: bool = False, fields: Path | None = None
) -> dict[str, Scores]:
    """Score an exported model against both sets of labels and append two rows to the log.

    `folder` holds validation/, validation-checked.csv and validation.csv. `checked` is on CHECKED of the rows whose
    STATUS is legible, `as published` on IDENTITY of those of them that have one. Read as the app reads by default,
    language model and beam and all, unless `greedy`. The checked rows' readings go to `fields`, for `compare`.
    """
    if model.suffix != ".json":
        raise UsageError("--final: give the manifest (.json) of an exported model: the log names its file's hash")
    images = folder / "validation"
    legible = (("STATUS", "legible"),)
    source = Source(folder / "validation-checked.csv", images, "FILENAME", "CHECKED", legible)
    checked = evaluate(open_reader(model, greedy=greedy), [source])
    readings = {result.filename: result.reading for result in checked.results}
    published = {row.name: label_of(row.text) for row in rows_of(Source(folder / "validation.csv", images))}
    names = [name for name in readings if published.get(name)]
    scores = {
        "checked": checked.scores,
        "as published": score([readings[name] for name in names], [published[name] for name in names]),
    }
    if fields:
        write_fields(fields, checked)
    _append(log, model, scores, "greedy" if greedy else "manifest")
    return scores


def _append(log: Path, model: Path, scores: dict[str, Scores], decoder: str) -> None:
    """Add the rows; those of earlier days keep what they have, with new columns left empty."""
    manifest = read_manifest(model)
    facts = {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": commit(),
        "model": manifest.id,
        "sha256": file_digest(manifest.model),
        "manifest_sha256": file_digest(model),
        "decoder": decoder,
    }
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    if log.exists():
        with log.open(encoding="utf-8", newline="") as file:
            writer.writerows(csv.DictReader(file))
    for labels, result in scores.items():
        rates = {"cer": result.character_error_rate, "wer": result.word_error_rate, "exact": result.exact}
        row = {"labels": labels, "rows": result.fields, **{name: f"{rate:.5f}" for name, rate in rates.items()}}
        writer.writerow(facts | row)
    write_atomically(log, buffer.getvalue().encode())
