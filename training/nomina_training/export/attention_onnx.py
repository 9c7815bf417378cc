"""Attention models as ONNX: an encoder and one decoding step, and the manifest's `attention` block that joins them.

Encoder: image [N, 1, H, W] to memory [N, P, D]. Step: memory [R, P, D], token [R] int64 and the states to logits
[R, C], attention [R, P] and the states after it. States begin as zeros.
"""

from __future__ import annotations

import hashlib
import inspect
import io
import warnings
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from ..architectures.attention_network import AttentionNetwork
from ..decoding.attention_search import Array
from ..inference.attention_in_onnx import MEMORY, OnnxStepModel
from ..inference.attention_in_torch import TorchStepModel
from ..models.attention_charset import END, FIRST_CHARACTER, PAD, START
from ..models.manifest import InputSpec
from ..models.onnx_check import TOLERANCE, ExportError
from .onnx_file import OPSET, fold_batch_norms

_CHECKED_STEPS = 4


class _Encoder(nn.Module):
    def __init__(self, network: AttentionNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        return self.network.encode(images)


class _Step(nn.Module):
    def __init__(self, network: AttentionNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, memory: Tensor, token: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        logits, attention, after = self.network.step(memory, token, states)
        return (logits, attention, *after)


@dataclass(frozen=True)
class AttentionFiles:
    """What export writes: two ONNX files, the manifest's block (its `step` names the second file), and the check."""

    encoder: bytes
    step: bytes
    block: dict[str, Any]
    difference: float
    """Largest difference of a step's logits from PyTorch's."""


def export_attention(network: AttentionNetwork, spec: InputSpec, step_file: str, max_length: int) -> AttentionFiles:
    """Both graphs, checked against the network; raises ExportError where they differ by more than TOLERANCE."""
    folded = cast(AttentionNetwork, fold_batch_norms(network))
    images = torch.from_numpy(_example(spec, 2))
    with torch.no_grad():
        memory = folded.encode(images)
    states = folded.start_states(2)
    block: dict[str, Any] = {
        "start": START, "end": END, "pad": PAD, "maxLength": max_length, "step": step_file,
        "token": "token", "logits": "logits", "weights": "attention",
        "states": [
            {"input": f"state{index}", "output": f"next{index}", "size": state.shape[1]}
            for index, state in enumerate(states)
        ],
    }  # fmt: skip
    inputs = [MEMORY, block["token"], *(state["input"] for state in block["states"])]
    outputs = [block["logits"], block["weights"], *(state["output"] for state in block["states"])]
    encoder = _onnx_bytes(_Encoder(folded), (images,), [spec.name], [MEMORY])
    tokens = torch.tensor([START, FIRST_CHARACTER])
    step = _onnx_bytes(_Step(folded), (memory, tokens, *states), inputs, outputs)
    block["stepSha256"] = hashlib.sha256(step).hexdigest()
    difference = _check(network, OnnxStepModel(encoder, step, spec.name, block), spec)
    return AttentionFiles(encoder, step, block, difference)


def _onnx_bytes(module: nn.Module, example: tuple[Tensor, ...], inputs: list[str], outputs: list[str]) -> bytes:
    """A graph whose first axis, the batch, is free in all inputs and outputs."""
    buffer = io.BytesIO()
    by_tracing = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(), example, buffer,  # type: ignore[arg-type] # a buffer does with the tracing exporter
            input_names=inputs, output_names=outputs, dynamic_axes={name: {0: "batch"} for name in inputs + outputs},
            opset_version=OPSET, do_constant_folding=True, **by_tracing,  # type: ignore[arg-type]
        )
    model = onnx.load_from_string(buffer.getvalue())
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())


def _example(spec: InputSpec, count: int) -> Array:
    """Ink-like inputs [count, 1, H, W], the same each time."""
    assert isinstance(spec.width, int), "attention networks take one width"
    return (np.random.default_rng(count).random((count, 1, spec.height, spec.width)) ** 4).astype(np.float32)


def _check(network: AttentionNetwork, exported: OnnxStepModel, spec: InputSpec) -> float:
    """Largest difference of logits over a few forced steps, at batches of 1, 2 and 5."""
    in_torch = TorchStepModel(network)
    worst = 0.0
    for count in (1, 2, 5):
        random, images = np.random.default_rng(count), _example(spec, count)
        memories = [model.encode(images) for model in (in_torch, exported)]
        states = [model.start_states(count) for model in (in_torch, exported)]
        tokens = np.full(count, START, dtype=np.int64)
        for _ in range(_CHECKED_STEPS):
            expected, _, states[0] = in_torch.step(memories[0], tokens, states[0])
            actual, _, states[1] = exported.step(memories[1], tokens, states[1])
            worst = max(worst, float(np.abs(actual - expected).max()))
            tokens = random.integers(FIRST_CHARACTER, expected.shape[1], count)
    if not worst <= TOLERANCE:
        raise ExportError(f"the exported model's logits differ from PyTorch's by {worst:.2g}, more than {TOLERANCE:g}")
    return worst
