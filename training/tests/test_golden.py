"""The golden vectors: written from a tiny model, checked, and every kind of drift found."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from nomina_training.architectures import architecture
from nomina_training.export.onnx_file import onnx_bytes
from nomina_training.images import preprocessing as preprocess
from nomina_training.models.manifest import InputSpec, Manifest, read_manifest
from nomina_training.parity import check_golden, write_golden
from nomina_training.parity.vectors import other_inputs

SPEC = InputSpec(height=32, width=128, fit="stretch", invert=True)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """A model of fresh weights with its manifest."""
    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(3)
    content = onnx_bytes(architecture("nomina-small").build(7).eval(), SPEC, "logits")
    (folder / "tiny.onnx").write_bytes(content)
    (folder / "tiny.json").write_text(json.dumps({
        "schema": 1, "id": "tiny", "kind": "ctc", "file": "tiny.onnx", "input": SPEC.as_json(),
        "output": {"name": "logits", "layout": "NTC", "activation": "logits"}, "charset": list("ABCDEF"), "blank": 0,
        "sha256": hashlib.sha256(content).hexdigest(),
    }))  # fmt: skip
    return read_manifest(folder / "tiny.json")


@pytest.fixture(scope="module")
def golden(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Vectors of that model."""
    folder = tmp_path_factory.mktemp("golden")
    assert write_golden(folder, manifest) < 3_000_000
    return folder


def test_written_vectors_check(golden: Path, manifest: Manifest) -> None:
    assert check_golden(golden, manifest) == []
    index = json.loads((golden / "golden.json").read_text())
    assert len(index["images"]) == len(index["texts"]) == 200
    pixels = gzip.decompress((golden / "pixels.bin.gz").read_bytes())
    assert sum(entry["length"] for entry in index["pixels"]) == len(pixels)


def test_every_option_is_among_the_manifests() -> None:
    specs = list(other_inputs().values())
    for option, count in (("fit", 2), ("resample", 2), ("align", 2), ("binarise", 2), ("morphology", 3), ("invert", 2)):
        assert len({getattr(spec, option) for spec in specs}) == count, option
    assert len({type(spec.width) for spec in specs}) == 2
    assert {spec.mean for spec in specs} > {0.0}


def test_a_drift_of_one_grey_is_found(golden: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preprocess, "otsu_threshold", lambda _: 127)
    assert any("box-centre-otsu" in problem for problem in check_golden(golden, manifest))


def test_other_logits_are_found(golden: Path, manifest: Manifest) -> None:
    logits = golden / "logits.bin"
    before = logits.read_bytes()
    try:
        logits.write_bytes((np.frombuffer(before, "<f4") + np.float32(0.02)).astype("<f4").tobytes())
        assert any("logits differ" in problem for problem in check_golden(golden, manifest))
    finally:
        logits.write_bytes(before)
