"""An exported model's weights put back into the network it was exported from, so that it can be trained on.

Nodes and modules are matched in the order in which they compute; the result is compared with the file before its use.
Weights in 8 bits are taken as the numbers that they stand for: as good a beginning as the ones they were rounded from.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from ..errors import UsageError
from ..models.manifest import InputSpec
from ..models.onnx_check import check_against, check_alike, example_input

_MATCHED = (nn.Conv1d, nn.Conv2d, nn.LSTM, nn.Linear)
_ALLOWED = (*_MATCHED, nn.BatchNorm1d, nn.BatchNorm2d)

Weights = dict[str, npt.NDArray[np.float32]]


def weights_from_onnx(network: nn.Module, file: Path, spec: InputSpec) -> None:
    """Fill the network with the file's weights; batch norms, which the export folds away, become identities.

    Raises UsageError where the architecture has other modules with weights than convolutions, LSTMs and linear ones,
    or where the two do not compute the same; what a file in 8 bits computes may differ by its rounding.
    """
    for name, module in network.named_modules():
        if next(module.parameters(recurse=False), None) is not None and not isinstance(module, _ALLOWED):
            raise UsageError(f"{file}: {name} is a {type(module).__name__}: go on from the checkpoint (.pt) instead")
    try:
        content = file.read_bytes()
        graph = onnx.load_from_string(content).graph
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {error}") from error
    constants = {tensor.name: np.array(numpy_helper.to_array(tensor)) for tensor in graph.initializer}
    quantised = _add_dequantised(graph, constants)
    nodes = _nodes(graph, constants)
    try:
        with torch.no_grad():
            folded: Tensor | None = None
            for module in _in_order(network, spec):
                if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                    _identity(module, folded)
                    folded = None
                else:
                    folded = _fill(module, nodes)
    except (StopIteration, RuntimeError, KeyError, ValueError, IndexError) as error:
        reason = str(error) or "too few weights"
        raise UsageError(f"{file}: not an export of this architecture ({reason})") from error
    network.eval()
    if quantised:
        check_alike(network, content, spec)
    else:
        check_against(network, content, spec)


def _add_dequantised(graph: onnx.GraphProto, constants: Weights) -> bool:
    """Add what the file's DequantizeLinear nodes make of constants; whether there are any."""
    quantised = False
    for node in graph.node:
        if node.op_type != "DequantizeLinear" or node.input[0] not in constants:
            continue
        quantised = True
        values, scale = constants[node.input[0]].astype(np.float32), constants[node.input[1]]
        zero = constants[node.input[2]].astype(np.float32) if len(node.input) > 2 else np.zeros_like(scale)
        axis = next((attribute.i for attribute in node.attribute if attribute.name == "axis"), 1)
        shape = [-1 if place == axis else 1 for place in range(values.ndim)] if scale.ndim else []
        constants[node.output[0]] = (values - zero.reshape(shape)) * scale.reshape(shape)
    return quantised


def _in_order(network: nn.Module, spec: InputSpec) -> list[nn.Module]:
    """Modules with weights in the order in which they compute."""
    order: list[nn.Module] = []
    called = (*_MATCHED, nn.BatchNorm1d, nn.BatchNorm2d)
    hooks = [
        module.register_forward_hook(lambda module, *_: order.append(module))
        for module in network.modules() if isinstance(module, called)
    ]  # fmt: skip
    network.eval()
    with torch.no_grad():
        network(torch.from_numpy(example_input(spec, 1)))
    for hook in hooks:
        hook.remove()
    return order


def _fill(module: nn.Module, nodes: Iterator[tuple[str, Weights]]) -> Tensor | None:
    """Put the next node's weights into a module; the bias that it has no place for, which is the next batch norm's."""
    if isinstance(module, nn.LSTM):
        for layer in range(module.num_layers):
            _fill_lstm(module, layer, _next(nodes, "LSTM"))
        return None
    wanted = "Linear" if isinstance(module, nn.Linear) else "Conv"
    weights = _next(nodes, wanted)
    assert isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Linear))
    module.weight.copy_(torch.from_numpy(weights["weight"]))
    bias = torch.from_numpy(weights["bias"]) if "bias" in weights else None
    if module.bias is None or bias is None:
        return bias
    module.bias.copy_(bias)
    return None


def _fill_lstm(module: nn.LSTM, layer: int, weights: Weights) -> None:
    """ONNX stacks the gates as input, output, forget, cell; PyTorch as input, forget, cell, output."""
    for direction in range(2 if module.bidirectional else 1):
        suffix = f"l{layer}" + ("_reverse" if direction else "")
        size = module.hidden_size
        values = {
            "weight_ih": weights["W"][direction],
            "weight_hh": weights["R"][direction],
            "bias_ih": weights["B"][direction][: 4 * size],
            "bias_hh": weights["B"][direction][4 * size :],
        }
        for name, value in values.items():
            gates = [value[place * size : (place + 1) * size] for place in (0, 2, 3, 1)]
            parameter: Tensor = getattr(module, f"{name}_{suffix}")
            parameter.copy_(torch.from_numpy(np.concatenate(gates)))


def _nodes(graph: onnx.GraphProto, constants: Weights) -> Iterator[tuple[str, Weights]]:
    """(kind, weights) of the nodes that have weights, in the graph's order."""
    biases = {
        name: constants[other]
        for node in graph.node if node.op_type == "Add"
        for name, other in (tuple(node.input), tuple(reversed(node.input))) if other in constants
    }  # fmt: skip
    for node in graph.node:
        given = [constants.get(name) for name in node.input]
        if node.op_type == "Conv" and given[1] is not None:
            bias = {"bias": given[2]} if len(given) > 2 and given[2] is not None else {}
            yield "Conv", {"weight": given[1], **bias}
        elif node.op_type == "LSTM":
            yield "LSTM", {key: value for key, value in zip("XWRB", given, strict=False) if value is not None}
        elif node.op_type == "MatMul" and given[1] is not None:
            bias = {"bias": biases[node.output[0]]} if node.output[0] in biases else {}
            yield "Linear", {"weight": np.ascontiguousarray(given[1].T), **bias}
        elif node.op_type == "Gemm" and given[1] is not None:
            turned = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
            bias = {"bias": given[2]} if len(given) > 2 and given[2] is not None else {}
            yield "Linear", {"weight": given[1] if turned else np.ascontiguousarray(given[1].T), **bias}


def _next(nodes: Iterator[tuple[str, Weights]], kind: str) -> Weights:
    found, weights = next(nodes)
    if found != kind:
        raise ValueError(f"a {found} where a {kind} was expected")
    return weights


def _identity(norm: nn.BatchNorm1d | nn.BatchNorm2d, bias: Tensor | None) -> None:
    """A batch norm that hands on what it is given, plus the bias."""
    norm.reset_running_stats()
    norm.weight.fill_(float(np.sqrt(1 + norm.eps)))
    norm.bias.zero_()
    if bias is not None:
        norm.bias.copy_(bias)
