"""What each architecture costs: parameters, floating-point operations a field, fields/s in onnxruntime on the CPU.

A field is `FIELD` px, of about the size of the name fields in `names/train`; attention models write `CHARACTERS` and an
end. Weights are fresh: the cost of a decode that stops where the text does, not of the reading.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ..architectures import ARCHITECTURES
from ..architectures.attention_network import AttentionNetwork
from ..architectures.interface import Architecture
from ..architectures.mobilenet_attention import HeadedAttention
from ..images.preprocessing import input_width
from ..inference.attention_in_onnx import OnnxStepModel
from ..models.attention_charset import START
from ..models.manifest import InputSpec
from ..models.onnx_session import session_of
from .attention_onnx import export_attention
from .onnx_file import onnx_bytes

FIELD = (340, 45)
"""Width and height, px."""
CHARACTERS = 7
_BATCHES = (8, 16, 32)
PUBLISHED_CLASSES = {"mobilenet-attention": 32, "crnn-3block": 92, "crnn-names": 31, "cnn-bilstm-iam": 75}
"""Classes as published, or of the configuration; 30 (capitals, three signs, blank) where there is none."""


@dataclass(frozen=True)
class Cost:
    """One architecture's line of the table."""

    name: str
    classes: int
    parameters: int
    input: tuple[int, int]
    """Height and width, px."""
    output: tuple[int, int]
    """Frames or positions, and classes."""
    gflop: float
    single: float
    """Fields/s one by one."""
    batched: float
    """Fields/s at the best of several batch sizes, and which."""
    batch: int


def measure(architecture: Architecture, threads: int = 1, seconds: float = 1.0) -> Cost:
    """Build, export and time one architecture; `seconds` a measurement."""
    classes = PUBLISHED_CLASSES.get(architecture.name, 30)
    torch.manual_seed(0)
    network = architecture.build(classes).eval()
    spec = architecture.input
    size = (spec.height, input_width(*FIELD, spec))
    image = torch.rand(1, 1, *size)
    with torch.no_grad():
        if isinstance(network, AttentionNetwork):
            memory = network.encode(image)
            positions = memory.shape[1]
            flop = count_flop(network.encode, network, image) + count_flop(_written, network, network, memory)
        else:
            positions = network(image).shape[1]
            flop = count_flop(network, network, image)
    run = _runner(network, spec, size, threads)
    rates = {batch: _rate(run, batch, seconds) for batch in (1, *_BATCHES)}
    best = max(rates, key=lambda batch: rates[batch])
    parameters = sum(parameter.numel() for parameter in network.parameters())
    return Cost(
        architecture.name, classes, parameters, size, (positions, classes), flop / 1e9, rates[1], rates[best], best
    )


def table(threads: int = 1, seconds: float = 1.0) -> str:
    """Markdown of all architectures."""
    lines = [
        f"| architecture | parameters (classes) | input, px | frames | GFLOP a field | fields/s, {threads} thread"
        f"{'s' if threads > 1 else ''}: one by one | at its best batch |",
        "|---|---|---|---|---|---|---|",
    ]
    for architecture in ARCHITECTURES.values():
        cost = measure(architecture, threads, seconds)
        lines.append(
            f"| {cost.name} | {cost.parameters:,} ({cost.classes}) | {cost.input[0]} x {cost.input[1]} "
            f"| {cost.output[0]} | {cost.gflop:.2f} | {cost.single:,.0f} | {cost.batched:,.0f} (batch {cost.batch}) |"
        )
    return "\n".join(lines)


def count_flop(call: Callable[..., Any], network: nn.Module, *inputs: Any) -> int:  # noqa: ANN401 - whatever it takes
    """Operations of a call: a multiplication and an addition are two.

    Counted are convolutions, linear layers, LSTM and attention's products; not norms, activations and pools.
    """
    total = 0

    def count(module: nn.Module, given: tuple[Any, ...], result: Any) -> None:  # noqa: ANN401 - whatever it gives
        nonlocal total
        total += _flop(module, given, result)

    hooks = [module.register_forward_hook(count) for module in network.modules()]
    try:
        call(*inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return total


def _flop(module: nn.Module, given: tuple[Any, ...], result: Any) -> int:  # noqa: ANN401 - whatever it gives
    if isinstance(module, (nn.Conv1d, nn.Conv2d)):
        return 2 * int(result.numel()) * module.weight[0].numel()
    if isinstance(module, nn.Linear):
        return 2 * int(result.numel()) * module.in_features
    if isinstance(module, nn.LSTM):
        steps = int(given[0].shape[0] * given[0].shape[1])
        weights = sum(values.numel() for name, values in module.named_parameters() if name.startswith("weight"))
        return 2 * steps * weights
    if isinstance(module, HeadedAttention):
        queries, memory = given
        inner = module.query.out_features
        return 2 * 2 * int(queries.shape[0] * queries.shape[1] * memory.shape[1]) * inner
    return 0


def _written(network: AttentionNetwork, memory: Tensor) -> None:
    """CHARACTERS and an end, step by step."""
    states = network.start_states(len(memory))
    tokens = torch.full((len(memory),), START)
    for _ in range(CHARACTERS + 1):
        states = network.step(memory, tokens, states).states


def _runner(network: nn.Module, spec: InputSpec, size: tuple[int, int], threads: int) -> Callable[[int], None]:
    """Reads so many images with the exported model."""
    if isinstance(network, AttentionNetwork):
        files = export_attention(network, spec, "step.onnx", CHARACTERS)
        model = OnnxStepModel(files.encoder, files.step, spec.name, files.block, threads)

        def write(count: int) -> None:
            memory = model.encode(np.zeros((count, 1, *size), np.float32))
            states, tokens = model.start_states(count), np.full(count, START, np.int64)
            for _ in range(CHARACTERS + 1):
                _, _, states = model.step(memory, tokens, states)

        return write
    session = session_of(onnx_bytes(network, spec, "logits"), threads)
    return lambda count: session.run(None, {spec.name: np.zeros((count, 1, *size), np.float32)}) and None


def _rate(run: Callable[[int], None], batch: int, seconds: float) -> float:
    """Fields a second at a batch size, the first batch not counted."""
    run(batch)
    started, fields = time.perf_counter(), 0
    while not fields or time.perf_counter() - started < seconds:
        run(batch)
        fields += batch
    return fields / (time.perf_counter() - started)
