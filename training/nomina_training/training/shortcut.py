"""A CTC shortcut: while training, one convolution along the line reads what the recurrent layers are given.

An LSTM over fresh features learns nothing for long but how often each character occurs; the features learn to tell
characters apart within an epoch where CTC's gradient reaches them directly, and the LSTM then follows (Retsinas et al.
2022, Best Practices for a Handwritten Text Recognition System). No export holds it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ..architectures import architecture
from ..configuration.configuration import Configuration
from ..errors import UsageError
from .losses import label_loss

_REACH = 18
"""Input px that its convolution sees to the left and to the right of a frame: about a character."""
_ATTENDED = 8
"""Input px of a frame of CTC where attention looks at fewer, wider positions than a text has characters."""


class CtcShortcut(nn.Module):
    """A head of its own on the input of a network's first LSTM, which must have batches first; `stride` px a step, each
    of them read as `cuts` frames."""

    def __init__(self, network: nn.Module, class_count: int, stride: int, cuts: int = 1) -> None:
        super().__init__()
        around, self._classes = max(1, _REACH // stride), class_count
        first = next((module for module in network.modules() if isinstance(module, nn.LSTM)), None)
        if first is None or not first.batch_first:
            raise UsageError("training.shortcut: this architecture has no LSTM that it could lead around")
        self.classes = nn.Conv1d(first.input_size, cuts * class_count, 2 * around + 1, padding=around)
        # Small weights: the first steps are not spent on taking back what chance says.
        nn.init.normal_(self.classes.weight, std=0.01)
        self._seen: list[Tensor] = []
        first.register_forward_pre_hook(self._look)

    def _look(self, _: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        self._seen = [inputs[0]]

    def loss(self, targets: Sequence[Sequence[int]], weights: Tensor, blank: int) -> Tensor:
        """CTC loss per character of what the network was shown last; weights [N] of 0 or 1."""
        frames = self._seen.pop()  # [N, T, D]
        with torch.autocast(frames.device.type, enabled=False):
            logits = self.classes(frames.float().transpose(1, 2)).transpose(1, 2)
        return label_loss(logits.reshape(len(logits), -1, self._classes), targets, weights, blank)


def shortcut_of(network: nn.Module, configuration: Configuration) -> CtcShortcut:
    """The shortcut of a configuration's network; raises UsageError where it has no LSTM to lead around."""
    kind = architecture(configuration.model.architecture)
    stride = int(kind.frames(configuration.input)["stride"])
    cuts = max(1, stride // _ATTENDED) if kind.kind == "attention" else 1
    return CtcShortcut(network, kind.class_count(len(configuration.model.charset)), stride, cuts)
