"""Golden vectors of attention: a tiny model and what it writes, which the app must write too.

    python -m nomina_training.parity.attention --out test/parity/attention
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ..architectures.attention_network import AttentionNetwork, States, Step
from ..decoding.attention_search import Array, Hypothesis, decode
from ..export.attention_onnx import export_attention
from ..images.preprocessing import to_numbers
from ..inference.attention_in_onnx import MEMORY, OnnxStepModel
from ..models.attention_charset import END, FIRST_CHARACTER, AttentionCharset
from ..models.manifest import InputSpec
from ..runtime.atomic_files import write_atomically

CHARACTERS = (" ", "'", "-", "A", "B", "C", "D", "E", "F", "É")
SPEC = InputSpec(height=16, width=64, fit="stretch", invert=True)
MAX_LENGTH = 10
WIDTHS = (1, 4)
_IMAGES = 16
_SIZE = 16

class TinyAttention(AttentionNetwork):
    """Images [N, 1, 16, 64] to 8 positions of 16 numbers; one LSTM of 16 that looks where its state tells it to."""

    position_stride = 8

    def __init__(self, class_count: int) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(nn.Conv2d(1, 8, (16, 8), stride=8), nn.BatchNorm2d(8), nn.ReLU())
        self.memory = nn.Linear(8, _SIZE)
        self.embedding = nn.Embedding(class_count, _SIZE)
        self.query = nn.Linear(_SIZE, _SIZE)
        self.recurrence = nn.LSTM(2 * _SIZE, _SIZE, batch_first=True)
        self.classes = nn.Linear(2 * _SIZE, class_count)

    def encode(self, images: Tensor) -> Tensor:
        columns: Tensor = self.convolutions(images).squeeze(2).transpose(1, 2)
        memory: Tensor = self.memory(columns)
        return memory

    def start_states(self, count: int) -> States:
        return (torch.zeros(count, _SIZE), torch.zeros(count, _SIZE))

    def step(self, memory: Tensor, token: Tensor, states: States) -> Step:
        weights = (memory @ self.query(states[0]).unsqueeze(2)).squeeze(2).softmax(-1)
        seen = (weights.unsqueeze(1) @ memory).squeeze(1)
        given = torch.cat([self.embedding(token), seen], -1).unsqueeze(1)
        line, (hidden, cell) = self.recurrence(given, (states[0].unsqueeze(0), states[1].unsqueeze(0)))
        return Step(self.classes(torch.cat([line[:, 0], seen], -1)), weights, (hidden.squeeze(0), cell.squeeze(0)))

    def write(self, memory: Tensor, inputs: Tensor) -> Tensor:
        states, logits = self.start_states(len(inputs)), []
        for at in range(inputs.shape[1]):
            step = self.step(memory, inputs[:, at], states)
            states = step.states
            logits.append(step.logits)
        return torch.stack(logits, 1)


def tiny_network() -> TinyAttention:
    """Random weights, always the same, of a seed and a size with which texts differ."""
    torch.manual_seed(4)
    network = TinyAttention(len(CHARACTERS) + FIRST_CHARACTER)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(2.5)
        for name, parameter in network.named_parameters():
            if "bias" in name and not name.startswith(("convolutions", "query")):
                parameter.zero_()
        network.classes.weight.mul_(1.5)
        network.classes.bias[END] = 1
    network.train()
    network.convolutions(torch.from_numpy(_numbers(_pixels())))  # batch norms get statistics
    return network.eval()


def write_golden(folder: Path) -> None:
    """The model's two files, its manifest, and golden.json with images and the texts of both widths."""
    network = tiny_network()
    files = export_attention(network, SPEC, "tiny-attention-step.onnx", MAX_LENGTH)
    manifest = {
        "schema": 1, "id": "tiny-attention", "title": "Random weights, for tests", "kind": "attention",
        "file": "tiny-attention.onnx", "sha256": hashlib.sha256(files.encoder).hexdigest(),
        "input": SPEC.as_json(),
        "output": {
            "name": MEMORY, "layout": "NTC", "activation": "logits",
            "frames": {"stride": network.position_stride, "offset": 0, "rows": 1},
        },
        "charset": list(CHARACTERS), "attention": files.block, "licence": "MIT",
    }  # fmt: skip
    pixels = _pixels()
    model = OnnxStepModel(files.encoder, files.step, SPEC.name, files.block)
    found = {str(width): decode(model, _numbers(pixels), MAX_LENGTH, width) for width in WIDTHS}
    golden = {
        "tolerance": 1e-4,
        "height": SPEC.height,
        "width": SPEC.width,
        "pixels": [base64.b64encode(image.tobytes()).decode() for image in pixels],
        "texts": {width: [[_as_json(one) for one in beam] for beam in beams] for width, beams in found.items()},
    }
    write_atomically(folder / "tiny-attention.onnx", files.encoder)
    write_atomically(folder / "tiny-attention-step.onnx", files.step)
    write_atomically(folder / "tiny-attention.json", _json(manifest))
    write_atomically(folder / "golden.json", (json.dumps(golden, ensure_ascii=False) + "\n").encode())


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _pixels() -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Bars and noise, [N, H, W]."""
    random = np.random.default_rng(5)
    images = random.integers(180, 256, (_IMAGES, 16, 64))
    for image in images:
        for start in random.integers(0, 60, random.integers(1, 9)):
            image[random.integers(0, 8) : random.integers(8, 16), start : start + 4] = random.integers(0, 120)
    return images.astype(np.uint8)


def _numbers(pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> Array:
    return np.ascontiguousarray(to_numbers(pixels, SPEC)[:, np.newaxis])


def _as_json(one: Hypothesis) -> dict[str, object]:
    return {
        "text": AttentionCharset(CHARACTERS).decode(one.classes),
        "logProbability": round(one.log_probability, 6),
        "probabilities": [round(value, 6) for value in one.probabilities],
        "weights": [[round(float(value), 4) for value in row] for row in one.attention],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    write_golden(parser.parse_args().out)
