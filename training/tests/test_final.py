"""The final measurement: legible rows alone, both labels, every run on record."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import torch

from nomina_training.architectures import architecture
from nomina_training.errors import UsageError
from nomina_training.evaluation.final import evaluate_finally
from nomina_training.export.onnx_file import onnx_bytes
from nomina_training.models.manifest import InputSpec

from .conftest import draw_word, write_labels


def test_each_final_evaluation_adds_two_rows(tmp_path: Path) -> None:
    torch.manual_seed(0)
    spec = InputSpec(height=32, width=64, fit="stretch")
    (tmp_path / "m.onnx").write_bytes(onnx_bytes(architecture("nomina-small").build(3).eval(), spec, "logits"))
    manifest = {"schema": 1, "id": "m", "kind": "ctc", "file": "m.onnx", "input": spec.as_json(), "charset": ["A", "B"],
                "blank": 0, "output": {"name": "logits", "layout": "NTC", "activation": "logits"}}  # fmt: skip
    (tmp_path / "m.json").write_text(json.dumps(manifest))
    (tmp_path / "validation").mkdir()
    for name in ("1.png", "2.png", "3.png"):
        draw_word("AB", tmp_path / "validation" / name)
    checked = [("1.png", "AB", "legible"), ("2.png", "BAB", "legible"), ("3.png", "", "blank")]
    write_labels(tmp_path / "validation-checked.csv", checked, ("FILENAME", "CHECKED", "STATUS"))
    write_labels(tmp_path / "validation.csv", [("1.png", "AB"), ("2.png", ""), ("3.png", "A")])
    log = tmp_path / "log.csv"
    for _ in range(2):
        scores = evaluate_finally(tmp_path / "m.json", tmp_path, log)
    assert (scores["checked"].fields, scores["checked"].characters) == (2, 5)
    assert (scores["as published"].fields, scores["as published"].characters) == (1, 2)
    with log.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["labels"] for row in rows] == ["checked", "as published"] * 2
    assert len(rows[0]["sha256"]) == 64
    with pytest.raises(UsageError, match="manifest"):
        evaluate_finally(tmp_path / "m.pt", tmp_path, log)
