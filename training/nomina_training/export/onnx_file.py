"""A trained network to an ONNX file that is fast on a CPU, checked against the network before it is used."""

from __future__ import annotations

import copy
import inspect
import io
import warnings

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .errors import UsageError
from .manifest import InputSpec, WidthRange

OPSET = 17
"""Understood by every onnxruntime since 1.12."""
TOLERANCE = 1e-4
"""Largest difference between the file's logits and PyTorch's."""


class ExportError(UsageError):
    """The written file does not compute what the network does."""


def onnx_bytes(network: nn.Module, spec: InputSpec, output: str) -> bytes:
    """An ONNX file of a network in evaluation mode: dynamic batch, batch norms folded, logits [N, T, C]."""
    folded = fold_batch_norms(network)
    # Two images: an exporter that meets a batch of one writes it into reshapes as a constant.
    example = torch.from_numpy(example_input(spec, 2))
    axes = {spec.name: {0: "batch"}, output: {0: "batch"}}
    if isinstance(spec.width, WidthRange):
        axes[spec.name][3], axes[output][1] = "width", "frames"
    buffer = io.BytesIO()
    # The exporter by tracing writes an LSTM as the one operator that onnxruntime has a kernel for.
    by_tracing = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            folded, (example,), buffer,  # type: ignore[arg-type] # a buffer does with the tracing exporter
            input_names=[spec.name], output_names=[output], dynamic_axes=axes,
            opset_version=OPSET, do_constant_folding=True, **by_tracing,  # type: ignore[arg-type]
        )
    model = onnx.load_from_string(buffer.getvalue())
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())


def check_against(network: nn.Module, content: bytes, spec: InputSpec) -> float:
    """Largest difference of logits between a file and its network; raises ExportError where it is above TOLERANCE."""
    session = session_of(content, threads=1)
    worst = 0.0
    for count in (1, 2, 5):
        images = example_input(spec, count)
        with torch.no_grad():
            expected: Tensor = network(torch.from_numpy(images))
        (actual,) = session.run(None, {spec.name: images})
        if actual.shape != tuple(expected.shape):
            raise ExportError(f"the exported model gives {actual.shape}, PyTorch {tuple(expected.shape)}")
        worst = max(worst, float(np.abs(actual - expected.numpy()).max()))
    if not worst <= TOLERANCE:
        raise ExportError(f"the exported model's logits differ from PyTorch's by {worst:.2g}, more than {TOLERANCE:g}")
    return worst


def session_of(content: bytes | str, threads: int) -> onnxruntime.InferenceSession:
    """An onnxruntime session on the CPU; from a file's bytes or its path."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def fold_batch_norms(network: nn.Module) -> nn.Module:
    """A copy in which each batch norm that follows a convolution in a Sequential has become part of it."""
    folded = copy.deepcopy(network).eval()
    for module in [*folded.modules()]:
        if not isinstance(module, nn.Sequential):
            continue
        for index in range(len(module) - 1):
            convolution, norm = module[index], module[index + 1]
            if isinstance(convolution, (nn.Conv1d, nn.Conv2d)) and isinstance(norm, (nn.BatchNorm1d, nn.BatchNorm2d)):
                module[index] = fuse_conv_bn_eval(convolution, norm)
                module[index + 1] = nn.Identity()
    return folded


def example_input(spec: InputSpec, count: int) -> npt.NDArray[np.float32]:
    """Ink-like inputs [count, 1, H, W], the same each time; of a range of widths each count has another one."""
    width = spec.width
    if isinstance(width, WidthRange):
        width = min(width.maximum, -(-max(width.minimum, 64) // width.multiple_of) * width.multiple_of * count)
        width -= width % spec.width.multiple_of if isinstance(spec.width, WidthRange) else 0
    random = np.random.default_rng(count)
    return (random.random((count, 1, spec.height, width)) ** 4).astype(np.float32)
