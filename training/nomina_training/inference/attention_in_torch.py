"""An attention network in PyTorch as decoding sees it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..architectures.attention_network import AttentionNetwork
from ..decoding.attention_search import Array


class TorchStepModel:
    """The network's evaluation mode on the device it is on."""

    def __init__(self, network: AttentionNetwork) -> None:
        self.network = network.eval()
        self.device = next(network.parameters()).device

    @torch.no_grad()
    def encode(self, images: Array) -> Array:
        """[N, 1, H, W] to the memory [N, P, D]."""
        return _numbers(self.network.encode(torch.from_numpy(images).to(self.device)))

    def start_states(self, count: int) -> list[Array]:
        """Zeros, each [count, size]."""
        return [_numbers(state) for state in self.network.start_states(count)]

    @torch.no_grad()
    def step(
        self, memory: Array, tokens: npt.NDArray[np.int64], states: Sequence[Array]
    ) -> tuple[Array, Array, list[Array]]:
        """Logits [R, C], attention [R, P], states."""
        given = [torch.from_numpy(values).to(self.device) for values in (memory, tokens, *states)]
        logits, attention, after = self.network.step(given[0], given[1], tuple(given[2:]))
        return _numbers(logits), _numbers(attention), [_numbers(state) for state in after]


def _numbers(tensor: Tensor) -> Array:
    return np.asarray(tensor.detach().float().cpu().numpy(), dtype=np.float32)
