"""What an architecture tells the rest of the package about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor, nn

from ..errors import UsageError
from ..models.manifest import InputSpec

Settings = Mapping[str, float]
"""Values of an architecture's settings, by name."""


@dataclass(frozen=True)
class Architecture:
    """A network that can be built, and what training and export need to know of it.

    kind "ctc": the network takes images [N, 1, H, W] float32 and gives logits [N, T, C], C = characters + 1 (blank).
    kind "attention": an `attention.AttentionNetwork`, C = characters + 3 ([PAD], [START], [END]).
    """

    name: str
    title: str
    kind: Literal["ctc", "attention"]
    builder: Callable[[int, Settings], nn.Module]
    """(number of classes, all settings) to a network with fresh weights."""
    input: InputSpec
    """The preprocessing it was published with, or made for."""
    check_input: Callable[[InputSpec], None]
    """Raises UsageError where the network cannot take such an input."""
    frames: Callable[[InputSpec], dict[str, Any]]
    """The manifest's `output.frames` for an input: px a frame, first frame's px, rows."""
    parts: Mapping[str, tuple[str, ...]]
    """Freezable parts ("cnn", "rnn", "head"; or "encoder", "decoder", "head"), each a list of submodule names."""
    class_tables: tuple[str, ...]
    """Submodules whose weight (and bias) have one row a class: an extended charset keeps the others as they are."""
    settings: Settings = field(default_factory=dict)
    """Settings with their defaults, such as dropout."""

    def build(self, class_count: int, settings: Settings | None = None) -> nn.Module:
        """A network with fresh weights; raises UsageError for a setting that it does not have."""
        unknown = set(settings or {}) - set(self.settings)
        if unknown:
            known = ", ".join(self.settings) or "none"
            raise UsageError(f"{self.name} has no setting {', '.join(sorted(unknown))}; there are: {known}")
        return self.builder(class_count, {**self.settings, **(settings or {})})

    def class_count(self, characters: int) -> int:
        """Number of classes of a network that writes so many characters."""
        return characters + (1 if self.kind == "ctc" else 3)

    def part_modules(self, network: nn.Module, part: str) -> list[nn.Module]:
        """The submodules of a part, to freeze (their batch norms are then kept in evaluation mode too).

        Raises UsageError that lists the parts there are.
        """
        if part not in self.parts:
            raise UsageError(f"{self.name} has no part {part!r}; there are: {', '.join(self.parts)}")
        return [network.get_submodule(name) for name in self.parts[part]]


def lstm_penalty(network: nn.Module, l1: float, l2: float) -> Tensor:
    """l1 * sum |w| + l2 * sum w^2 over the weights (not biases) of all LSTMs, as Keras' kernel regularisers do."""
    weights = [
        parameter
        for module in network.modules()
        if isinstance(module, (nn.LSTM, nn.LSTMCell))
        for name, parameter in module.named_parameters(recurse=False)
        if name.startswith("weight")
    ]
    if not weights:
        return next(network.parameters()).new_zeros(())
    total = weights[0].new_zeros(())
    for weight in weights:
        total = total + l1 * weight.abs().sum() + l2 * weight.square().sum()
    return total


class ColumnNorm(nn.Module):
    """A batch norm of a line's frames [N, T, C], whose channels are last."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(channels)

    def forward(self, line: Tensor) -> Tensor:
        normed: Tensor = self.norm(line.transpose(1, 2))
        return normed.transpose(1, 2)


def norm_behind(convolution: nn.Conv2d, wanted: bool) -> list[nn.Module]:
    """A convolution, and behind it a batch norm where one is wanted."""
    return [convolution, nn.BatchNorm2d(convolution.out_channels)] if wanted else [convolution]


def need(condition: bool, message: str) -> None:
    """Raise UsageError with the message unless the condition holds."""
    if not condition:
        raise UsageError(message)
