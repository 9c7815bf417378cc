"""Whether an ONNX file computes what its network in PyTorch does."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ..errors import UsageError
from .manifest import InputSpec, WidthRange
from .onnx_session import session_of

ALIKE = 0.1
"""Largest mean difference of a quantised file's logits, over their standard deviation."""
TOLERANCE = 1e-4
"""Largest difference between the file's logits and PyTorch's."""


class ExportError(UsageError):
    """The written file does not compute what the network does."""


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


def check_alike(network: nn.Module, content: bytes, spec: InputSpec) -> None:
    """Raises ExportError where a file in 8 bits computes something else than its network, beyond what rounding does.

    The mean difference of logits is held against how much they vary.
    """
    images = example_input(spec, 2)
    with torch.no_grad():
        expected = network(torch.from_numpy(images)).numpy()
    (actual,) = session_of(content, threads=1).run(None, {spec.name: images})
    if actual.shape != expected.shape:
        raise ExportError(f"the file gives {actual.shape}, PyTorch {expected.shape}")
    share = float(np.abs(actual - expected).mean() / expected.std())
    if not share <= ALIKE:
        raise ExportError(f"the file's logits differ from PyTorch's by {share:.0%} of their variation")


def example_input(spec: InputSpec, count: int) -> npt.NDArray[np.float32]:
    """Ink-like inputs [count, 1, H, W], the same each time; of a range of widths each count has another one."""
    width = spec.width
    if isinstance(width, WidthRange):
        width = min(width.maximum, -(-max(width.minimum, 64) // width.multiple_of) * width.multiple_of * count)
        width -= width % spec.width.multiple_of if isinstance(spec.width, WidthRange) else 0
    random = np.random.default_rng(count)
    return (random.random((count, 1, spec.height, width)) ** 4).astype(np.float32)
