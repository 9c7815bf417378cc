"""A second network for what the first doubts: averaging, fitting, and from the command line to a reading."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nomina_training.cli import main
from nomina_training.decoding.cascade import average_frames
from nomina_training.decoding.decoder import Decoder, DecoderSettings
from nomina_training.decoding.fit_cascade import fit_cascade
from nomina_training.decoding.frames import Frames
from nomina_training.decoding.labelled import Labelled
from nomina_training.errors import UsageError
from nomina_training.images.grey import read_grey
from nomina_training.inference.text_reader import open_reader, read_texts
from nomina_training.models.charset import Charset
from nomina_training.training.run import CHECKPOINT

from .conftest import WORDS, toml_of

CHARSET = Charset(("A", "B", "C"), 0)
DECODER = Decoder(CHARSET, DecoderSettings(4, 0.98), None, None)


def letters(*rows: tuple[float, float, float]) -> Frames:
    """Frames of A, B and C, each with a blank behind it."""
    frames = []
    for row in rows:
        frames += [np.array([0.01, *row]), np.array([0.97, 0.01, 0.01, 0.01])]
    return np.array([frame / frame.sum() for frame in frames])


def test_averages_by_hand() -> None:
    first, second = np.array([[0.5, 0.5, 0.0]]), np.array([[0.1, 0.8, 0.1]])
    product = np.sqrt([0.05, 0.4, 1e-10])
    assert average_frames(first, second, 0.5) == pytest.approx(product[np.newaxis] / product.sum())
    assert average_frames(second, first, 0.0) == pytest.approx(second)
    assert average_frames(first, second, 1.0) == pytest.approx(second)
    with pytest.raises(UsageError, match=r"\(1, 2\), the first \(1, 3\)"):
        average_frames(first, second[:, :2], 0.5)


def test_fitting_asks_about_what_the_first_doubts() -> None:
    sure, unsure = letters((0.98, 0.01, 0.01)), letters((0.3, 0.5, 0.2))
    first = [Labelled("A", unsure if row % 5 == 0 else sure) for row in range(50)]
    knows, misleads = letters((0.9, 0.05, 0.05)), letters((0.0, 0.98, 0.0))
    second = [knows if row % 5 == 0 else misleads for row in range(50)]
    fitted = fit_cascade(first, second, DECODER, 0.2)
    assert fitted.report["asked"] == 0.2
    assert fitted.report["first alone"]["exact"] == 0.8
    assert fitted.report["second alone"]["exact"] == 0.2
    assert fitted.report["cascade"]["exact"] == 1.0
    for share in (0.0, 1.5):
        with pytest.raises(UsageError, match="--share"):
            fit_cascade(first, second, DECODER, share)


def test_from_the_command_line_to_a_reading(raw_configuration: dict[str, Any], words: Path, tmp_path: Path) -> None:
    for name, seed in (("tiny", 1), ("second", 2)):
        raw = raw_configuration | {"model": raw_configuration["model"] | {"id": name}}
        raw["training"] = raw["training"] | {"seed": seed, "epochs": 2}
        raw["cache"] = raw["cache"] | {"folder": str(tmp_path / name)}
        (tmp_path / f"{name}.toml").write_text(toml_of(raw))
        assert main(["train", str(tmp_path / f"{name}.toml"), "--run", str(tmp_path / f"run-{name}")]) == 0
        checkpoint = tmp_path / f"run-{name}" / CHECKPOINT
        assert main(["export", "--checkpoint", str(checkpoint), "--out", str(tmp_path / f"models-{name}")]) == 0
    model, second = tmp_path / "models-tiny" / "tiny.json", tmp_path / "models-second" / "second.json"
    fit = ["fit-cascade", "--model", str(model), "--dev", str(words / "labels.csv"), "--share", "1"]
    assert main([*fit, "--second", str(tmp_path / "none.json")]) == 2
    assert main([*fit, "--second", str(second), "--dry-run"]) == 0
    assert "cascade" not in json.loads(model.read_text())
    greys = [read_grey((words / f"{number:02d}.png").read_bytes()) for number in range(len(WORDS))]
    alone = [text.confidence for text in read_texts(open_reader(model), greys)]
    (model.parent / "second.onnx").write_bytes(b"of someone else")
    assert main([*fit, "--second", str(second)]) == 2
    assert (model.parent / "second.onnx").read_bytes() == b"of someone else"
    (model.parent / "second.onnx").unlink()
    assert main([*fit, "--second", str(second)]) == 0

    checkpoints = [str(tmp_path / f"run-{name}" / CHECKPOINT) for name in ("tiny", "second")]
    assert main(["card", "--checkpoint", checkpoints[1], "--model", str(model)]) == 2
    assert main(["card", "--checkpoint", checkpoints[0], "--model", str(model)]) == 0
    assert "are read by `second.onnx` too" in model.with_suffix(".md").read_text()

    raw = json.loads(model.read_text())
    assert raw["cascade"]["file"] == "second.onnx"
    assert (model.parent / "second.onnx").read_bytes() == (second.parent / "second.onnx").read_bytes()
    raw["cascade"] |= {"below": 1.0, "weight": 1.0}
    model.write_text(json.dumps(raw))
    cascaded = [text.confidence for text in read_texts(open_reader(model), greys)]
    by_second = [text.confidence for text in read_texts(open_reader(second), greys)]
    assert cascaded == pytest.approx(by_second, rel=1e-3, abs=0)
    assert cascaded != pytest.approx(alone, rel=1e-3, abs=0)

    raw["cascade"]["sha256"] = "0" * 64
    model.write_text(json.dumps(raw))
    with pytest.raises(UsageError, match=r"cascade\.sha256"):
        open_reader(model)
    (model.parent / "second.onnx").unlink()
    assert main(["predict", "--model", str(model), "--image", str(words / "00.png")]) == 2
