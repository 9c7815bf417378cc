"""crnn-names: the CRNN that Keras examples made common for French name fields (573,151 parameters at 31 classes).

Two convolutions with pools, a dense layer a column, BiLSTM 128 and 64 (weights for it are published by
DCC-UAB/XNAPproject-grup_06, Apache-2.0). It takes the image with its sides swapped, as Keras did, and leaves out
the last two frames of 64, as the reference reader's file does. With the setting `batch_norm` it learns with batch norms
(Ioffe & Szegedy 2015) behind both convolutions and the dense layer, which an export folds into these: the published
layers, trained in fewer steps.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from ..errors import UsageError
from ..models.manifest import InputSpec
from .interface import Architecture, ColumnNorm, Settings, need, norm_behind

HEIGHT, WIDTH = 64, 256
FRAMES_CUT = 2
COLUMN_STRIDE = 4


@torch.no_grad()
def _as_keras(module: nn.Module) -> None:
    """Fresh weights as Keras draws them (he_normal as published, its defaults for LSTM): without batch norms, PyTorch's
    smaller ones leave too little of the image at the far end to learn from."""
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    if isinstance(module, nn.LSTM):
        for name, parameter in module.named_parameters():
            if name.startswith("weight_ih"):
                nn.init.xavier_uniform_(parameter)
            elif name.startswith("weight_hh"):
                nn.init.orthogonal_(parameter)
            else:
                nn.init.zeros_(parameter)
            if name.startswith("bias_ih"):
                parameter[module.hidden_size : 2 * module.hidden_size] = 1  # the forget gate


class CrnnNames(nn.Module):
    """Images [N, 1, 64, 256] to logits [N, 62, class_count]; their softmax is what was published."""

    def __init__(self, class_count: int, dropout: float, batch_norm: bool = False) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            *norm_behind(nn.Conv2d(1, 64, 3, padding=1), batch_norm), nn.ReLU(inplace=True), nn.MaxPool2d(2),
            *norm_behind(nn.Conv2d(64, 128, 3, padding=1), batch_norm), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        )  # fmt: skip
        dense = nn.Linear(HEIGHT // 4 * 128, 64)
        self.dense = nn.Sequential(dense, ColumnNorm(64)) if batch_norm else dense
        self.dropout = nn.Dropout(dropout)
        self.recurrence_1 = nn.LSTM(64, 128, batch_first=True, bidirectional=True)
        self.recurrence_2 = nn.LSTM(256, 64, batch_first=True, bidirectional=True)
        self.classes = nn.Linear(128, class_count)
        self.apply(_as_keras)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.convolutions(images.transpose(2, 3))  # [N, 128, 64 columns, 16 rows]
        columns = maps.permute(0, 2, 3, 1).flatten(2)  # a column's rows, each with its 128 channels
        line = self.dropout(self.dense(columns).relu())
        line, _ = self.recurrence_1(line)
        line, _ = self.recurrence_2(line)
        logits: Tensor = self.classes(line)[:, :-FRAMES_CUT]
        return logits


def check_input(spec: InputSpec) -> None:
    """Raises UsageError unless the input is 64 x 256 px."""
    need((spec.height, spec.width) == (HEIGHT, WIDTH), f"crnn-names reads images {HEIGHT} x {WIDTH} px")


def _build(class_count: int, settings: Settings) -> nn.Module:
    return CrnnNames(class_count, settings["dropout"], settings["batch_norm"] > 0)


ARCHITECTURE = Architecture(
    name="crnn-names",
    title="The Keras CRNN for French names",
    kind="ctc",
    builder=_build,
    input=InputSpec(height=HEIGHT, width=WIDTH, fit="stretch"),
    check_input=check_input,
    frames=lambda _: {"stride": COLUMN_STRIDE, "offset": 0, "rows": 1},
    parts={
        "cnn": ("convolutions", "dense"),
        "rnn": ("recurrence_1", "recurrence_2"),
        "head": ("classes",),
    },
    class_tables=("classes",),
    settings={"dropout": 0.0, "batch_norm": 0.0},
)


def load_onnx(network: CrnnNames, path: Path) -> None:
    """Put the weights of an ONNX file of this topology into the network.

    Raises UsageError where the file is none or its weights have other shapes.
    """
    try:
        graph = onnx.load(str(path)).graph
    except Exception as error:  # protobuf raises its own, which has no stubs
        raise UsageError(f"{path}: no ONNX model: {error}") from error
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    by_operator: dict[str, list[list[npt.NDArray[np.float32]]]] = {}
    for node in graph.node:
        taken = [weights[name] for name in node.input if name in weights]
        if node.op_type == "Identity" and taken:  # equal weights are written once
            weights[node.output[0]] = taken[0]
        elif taken:
            by_operator.setdefault(node.op_type, []).append(taken)
    state: dict[str, npt.NDArray[np.float32]] = {}
    try:
        for at, (weight, bias) in zip((0, 3), by_operator["Conv"], strict=True):
            state |= {f"convolutions.{at}.weight": weight, f"convolutions.{at}.bias": bias}
        for name, (weight,), (bias,) in zip(
            ("dense", "classes"), by_operator["MatMul"], by_operator["Add"], strict=True
        ):
            state |= {f"{name}.weight": weight.T, f"{name}.bias": bias}
        for name, (inputs, recurrent, biases) in zip(
            ("recurrence_1", "recurrence_2"), by_operator["LSTM"], strict=True
        ):
            for direction, suffix in enumerate(("", "_reverse")):
                input_bias, recurrent_bias = np.split(biases[direction], 2)
                state |= {
                    f"{name}.weight_ih_l0{suffix}": _gates(inputs[direction]),
                    f"{name}.weight_hh_l0{suffix}": _gates(recurrent[direction]),
                    f"{name}.bias_ih_l0{suffix}": _gates(input_bias),
                    f"{name}.bias_hh_l0{suffix}": _gates(recurrent_bias),
                }
        network.load_state_dict({key: torch.from_numpy(value.copy()) for key, value in state.items()})
    except (KeyError, ValueError, RuntimeError) as error:
        raise UsageError(f"{path}: not the weights of a crnn-names: {error}") from error


def _gates(weights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """ONNX orders an LSTM's gates input, output, forget, cell; PyTorch input, forget, cell, output."""
    into, out, forget, cell = np.split(weights, 4)
    return np.concatenate([into, forget, cell, out])
