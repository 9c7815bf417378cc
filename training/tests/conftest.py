"""Small data that the tests draw themselves."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFont

from nomina_training.configuration.configuration import Configuration, configuration_from
from nomina_training.decoding.language_model import count_texts
from nomina_training.decoding.language_model.make import make_language_model
from nomina_training.export.fit_manifest import write_manifest
from nomina_training.export.model_files import export
from nomina_training.weights.checkpoint import Checkpoint, fresh_network

WORDS = ("AB", "BA", "CAB", "ABBA", "BAC", "ACE", "BEAD", "FADE", "CAFE", "DAB",
         "BED", "FED", "FACE", "DECADE", "BEEF", "DEAF", "ADD", "EBB", "FEE", "DEED")  # fmt: skip


def draw_word(word: str, path: Path, size: tuple[int, int] = (160, 40)) -> None:
    """A word in Pillow's own font, dark on white."""
    image = Image.new("L", size, 255)
    ImageDraw.Draw(image).text((6, 4), word, fill=0, font=ImageFont.load_default(26))
    image.save(path)


def write_labels(
    path: Path, rows: Sequence[tuple[str, ...]], header: tuple[str, ...] = ("FILENAME", "IDENTITY")
) -> Path:
    """A CSV of labels."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A folder of twenty drawn words and their labels.csv."""
    folder = tmp_path / "words"
    folder.mkdir()
    rows = []
    for number, word in enumerate(WORDS):
        draw_word(word, folder / f"{number:02d}.png")
        rows.append((f"{number:02d}.png", word))
    write_labels(folder / "labels.csv", rows)
    return folder


@pytest.fixture
def raw_configuration(words: Path, tmp_path: Path) -> dict[str, Any]:
    """A configuration for those words, as parsed from TOML."""
    return {
        "model": {"id": "tiny", "title": "Tiny", "architecture": "nomina-small", "charset": "ABCDEF", "upper": True},
        "input": {"height": 32, "width": 128, "fit": "stretch", "invert": True},
        "data": {"labels": str(words / "labels.csv"), "images": str(words), "dev_size": 4},
        "cache": {"folder": str(tmp_path / "cache"), "copies": 2},
        "training": {"epochs": 4, "batch_size": 8, "learning_rate": 2e-3},
    }


@pytest.fixture
def configuration(raw_configuration: dict[str, Any]) -> Configuration:
    """The same, checked."""
    return configuration_from(raw_configuration)


@pytest.fixture
def random_grey() -> Callable[[int, int], Any]:
    """Random grey images of a width and height, the same each time."""
    return lambda width, height: np.random.default_rng(7).integers(0, 256, (height, width), dtype=np.uint8)


@pytest.fixture
def manifest(raw_configuration: dict[str, Any], tmp_path: Path) -> Path:
    """A model with fresh weights, a language model, a calibration and credits."""
    torch.manual_seed(3)
    raw_configuration["model"] |= {"credits": ["Somebody (CC BY 4.0)"], "licence": "CC BY 4.0"}
    configuration = configuration_from(raw_configuration)
    weights = fresh_network(configuration).state_dict()
    path = export(Checkpoint(0, weights, weights, {}, configuration.raw, [], {}), tmp_path / "base")
    content = make_language_model(count_texts(dict.fromkeys(WORDS, 1), 4), tuple("ABCDEF"), least=1)
    (path.parent / "tiny.lm").write_bytes(content)
    raw = json.loads(path.read_text())
    described = {"file": "tiny.lm", "sha256": hashlib.sha256(content).hexdigest(), "weight": 0.5, "lengthBonus": 1.0}
    raw["decoder"] = {"beam": 4, "greedyAbove": 0.9, "languageModel": described}
    raw["calibration"] = {"method": "platt", "a": 1.0, "b": 0.5}
    write_manifest(path, raw)
    return path


def toml_of(raw: dict[str, Any]) -> str:
    """A parsed configuration as TOML."""
    lines = []
    for section, values in raw.items():
        lines.append(f"[{section}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join(lines)
