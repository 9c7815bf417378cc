"""What training, decoding and export ask of an attention network."""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

from torch import Tensor, nn

States = tuple[Tensor, ...]
"""A decoder's states between two characters, each [N, size] float32."""


class Step(NamedTuple):
    """One character further: logits [N, C], attention over positions [N, P] (sums to 1), the states after it."""

    logits: Tensor
    attention: Tensor
    states: States


class AttentionNetwork(nn.Module):
    """Encodes images once, then writes one character a step.

    `forward` is teacher forcing: images [N, 1, H, W] and the characters so far, [N, L] class indices that begin with
    [START], to logits [N, L, C], where logits[:, i] tell the character after inputs[:, : i + 1]; and `frames`.
    """

    position_stride: int
    """Input px from one position of the memory to the next: where attention lies on the image."""

    @abstractmethod
    def encode(self, images: Tensor) -> Tensor:
        """Images [N, 1, H, W] to the memory [N, P, D]."""

    @abstractmethod
    def start_states(self, count: int) -> States:
        """The decoder's states before the first character, zeros."""

    @abstractmethod
    def step(self, memory: Tensor, token: Tensor, states: States) -> Step:
        """The next character's logits after `token` [N] int64."""

    @abstractmethod
    def write(self, memory: Tensor, inputs: Tensor) -> Tensor:
        """Teacher forcing over an encoded batch: memory [N, P, D], inputs [N, L] to logits [N, L, C]."""

    def frames(self, memory: Tensor) -> Tensor | None:
        """What the memory alone tells, [N, T, C] logits for CTC with [PAD] as blank: only training asks for it."""
        return None

    def forward(self, images: Tensor, inputs: Tensor) -> tuple[Tensor, Tensor | None]:
        memory = self.encode(images)
        return self.write(memory, inputs), self.frames(memory)
