"""nomina-small: a 0.77 M parameter CRNN for single lines 32 px high, four input px a frame.

Convolutions (Shi et al. 2015) that halve the width twice and the height three times, a collapse of the last four rows,
three depthwise-separable mixers along the line (as in QuartzNet, Kriman et al. 2019) and one bidirectional LSTM.
"""

from __future__ import annotations

from torch import Tensor, nn

from ..errors import UsageError
from ..models.manifest import InputSpec
from .interface import Architecture

HEIGHT = 32
COLUMN_STRIDE = 4

_CHANNELS = (16, 32, 48, 48, 96, 96, 96)
_STRIDES = ((2, 2), (1, 1), (2, 2), (1, 1), (2, 1), (1, 1), (1, 1))
"""Of each 3 x 3 convolution: rows, columns."""

_LINE_CHANNELS = 128
_MIXER_COUNT = 3
_MIXER_FRAMES = 9


def check_input(spec: InputSpec) -> None:
    """Raises UsageError unless the input is 32 px high."""
    if spec.height != HEIGHT:
        raise UsageError(f"nomina-small reads images {HEIGHT} px high, not {spec.height}")


class LineMixer(nn.Module):
    """Residual mixing along the line, [N, C, T] to [N, C, T]: depthwise over 9 frames, then 1 x 1 up and down."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(channels, channels, _MIXER_FRAMES, padding=_MIXER_FRAMES // 2, groups=channels, bias=False),
            nn.BatchNorm1d(channels),
            nn.Conv1d(channels, 2 * channels, 1),
            nn.ReLU(inplace=True),
            nn.Conv1d(2 * channels, channels, 1, bias=False),
            nn.BatchNorm1d(channels),
        )

    def forward(self, line: Tensor) -> Tensor:
        mixed: Tensor = line + self.body(line)
        return mixed


class NominaSmall(nn.Module):
    """Images [N, 1, height, W] float32 to logits [N, ceil(W / 4), class_count]."""

    def __init__(
        self,
        class_count: int,
        dropout: float = 0.1,
        height: int = HEIGHT,
        recurrent_layers: int = 1,
        widths: tuple[int, ...] = _CHANNELS,
        line_channels: int = _LINE_CHANNELS,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 1
        for width, stride in zip(widths, _STRIDES, strict=True):
            layers += [
                nn.Conv2d(channels, width, 3, stride=stride, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(inplace=True),
            ]
            channels = width
        self.convolutions = nn.Sequential(*layers)
        self.collapse = nn.Sequential(
            nn.Conv2d(channels, line_channels, (height // 8, 1), bias=False),
            nn.BatchNorm2d(line_channels),
            nn.ReLU(inplace=True),
        )
        self.mixers = nn.Sequential(*(LineMixer(line_channels) for _ in range(_MIXER_COUNT)))
        self.dropout = nn.Dropout(dropout)
        self.recurrence = nn.LSTM(
            line_channels,
            line_channels,
            num_layers=recurrent_layers,
            dropout=dropout if recurrent_layers > 1 else 0.0,
            batch_first=True,
            bidirectional=True,
        )
        self.classes = nn.Linear(2 * line_channels, class_count)

    def forward(self, images: Tensor) -> Tensor:
        line: Tensor = self.collapse(self.convolutions(images)).squeeze(2)
        frames = self.dropout(self.mixers(line).transpose(1, 2))
        recurrent, _ = self.recurrence(frames)
        logits: Tensor = self.classes(self.dropout(recurrent))
        return logits


ARCHITECTURE = Architecture(
    name="nomina-small",
    title="Ours: seven convolutions, three line mixers, one BiLSTM",
    kind="ctc",
    builder=lambda class_count, settings: NominaSmall(class_count, settings["dropout"]),
    input=InputSpec(height=HEIGHT, width=256, fit="stretch", invert=True),
    check_input=check_input,
    frames=lambda _: {"stride": COLUMN_STRIDE, "offset": 0, "rows": 1},
    parts={"cnn": ("convolutions", "collapse", "mixers"), "rnn": ("recurrence",), "head": ("classes",)},
    class_tables=("classes",),
    settings={"dropout": 0.1},
)
