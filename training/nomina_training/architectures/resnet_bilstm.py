"""resnet-bilstm: nine residual blocks, their map flattened row by row as time, BiLSTM 256 and 64, for CTC.

Blocks 32-32-32-64-64-128-128-128-128, strides 1-2-1-2-1-2-1-2-1, 1 x 1 skips on blocks 1, 2, 4, 6, 7 and 8. A map of
several rows is read like lines of a page: the network learns in which row it writes a character.
"""

from __future__ import annotations

from torch import Tensor, nn

from ..models.manifest import InputSpec
from .interface import Architecture, Settings, need

STRIDE = 16

_BLOCKS: tuple[tuple[int, int, bool], ...] = (
    (32, 1, True),
    (32, 2, True),
    (32, 1, False),
    (64, 2, True),
    (64, 1, False),
    (128, 2, True),
    (128, 1, True),
    (128, 2, True),
    (128, 1, False),
)
"""Channels, stride and whether the skip has a 1 x 1 convolution of its own."""


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions beside a skip: [N, C, H, W] to [N, channels, ceil(H / stride), ceil(W / stride)]."""

    def __init__(self, before: int, channels: int, stride: int, skip: bool, dropout: float) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(before, channels, 3, stride=stride, padding=1),
            nn.BatchNorm2d(channels),
            nn.LeakyReLU(0.1, inplace=True),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.BatchNorm2d(channels),
        )
        self.skip = nn.Conv2d(before, channels, 1, stride=stride) if skip else nn.Identity()
        self.after = nn.Sequential(nn.LeakyReLU(0.1, inplace=True), nn.Dropout(dropout))

    def forward(self, maps: Tensor) -> Tensor:
        added: Tensor = self.after(self.body(maps) + self.skip(maps))
        return added


class ResnetBilstm(nn.Module):
    """Images [N, 1, H, W] to logits [N, ceil(H / 16) * ceil(W / 16), class_count]; softmax is left to the loss."""

    def __init__(self, class_count: int, dropout: float) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        channels = 1
        for width, stride, skip in _BLOCKS:
            blocks.append(ResidualBlock(channels, width, stride, skip, dropout))
            channels = width
        self.blocks = nn.Sequential(*blocks)
        self.recurrence_1 = nn.LSTM(channels, 256, batch_first=True, bidirectional=True)
        self.recurrence_2 = nn.LSTM(512, 64, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(dropout)
        self.classes = nn.Linear(128, class_count)

    def forward(self, images: Tensor) -> Tensor:
        time = self.blocks(images).flatten(2).transpose(1, 2)  # row by row: [N, H' * W', 128]
        line, _ = self.recurrence_1(time)
        line, _ = self.recurrence_2(self.dropout(line))
        logits: Tensor = self.classes(self.dropout(line))
        return logits


def check_input(spec: InputSpec) -> None:
    """Raises UsageError unless the height is a multiple of 16 px."""
    need(spec.height % STRIDE == 0, f"resnet-bilstm reads images whose height is a multiple of {STRIDE} px")


def _build(class_count: int, settings: Settings) -> nn.Module:
    return ResnetBilstm(class_count, settings["dropout"])


ARCHITECTURE = Architecture(
    name="resnet-bilstm",
    title="Nine residual blocks and two BiLSTM",
    kind="ctc",
    builder=_build,
    input=InputSpec(height=32, width=256, fit="stretch", invert=True),
    check_input=check_input,
    frames=lambda spec: {"stride": STRIDE, "offset": 0, "rows": spec.height // STRIDE},
    parts={"cnn": ("blocks",), "rnn": ("recurrence_1", "recurrence_2"), "head": ("classes",)},
    class_tables=("classes",),
    settings={"dropout": 0.2},
)
