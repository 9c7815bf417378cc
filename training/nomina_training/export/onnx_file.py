"""A trained network to an ONNX file that is fast on a CPU."""

from __future__ import annotations

import copy
import inspect
import io
import warnings

import onnx
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from ..architectures.interface import ColumnNorm
from ..models.manifest import InputSpec, WidthRange
from ..models.onnx_check import example_input

OPSET = 17
"""Understood by every onnxruntime since 1.12."""


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


def fold_batch_norms(network: nn.Module) -> nn.Module:
    """A copy in which each batch norm behind a convolution or a linear layer in a Sequential has become part of it."""
    folded = copy.deepcopy(network).eval()
    for module in [*folded.modules()]:
        if not isinstance(module, nn.Sequential):
            continue
        for index in range(len(module) - 1):
            layer, norm = module[index], module[index + 1]
            norm = norm.norm if isinstance(norm, ColumnNorm) else norm
            if not isinstance(norm, (nn.BatchNorm1d, nn.BatchNorm2d)):
                continue
            if isinstance(layer, (nn.Conv1d, nn.Conv2d)):
                module[index] = fuse_conv_bn_eval(layer, norm)
            elif isinstance(layer, nn.Linear):
                module[index] = fuse_linear_bn_eval(layer, norm)
            else:
                continue
            module[index + 1] = nn.Identity()
    return folded
