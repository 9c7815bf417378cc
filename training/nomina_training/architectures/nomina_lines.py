"""nomina-lines: a 0.98 M parameter CRNN for lines of any length, 40 px high, four input px a frame.

The convolutions, mixers and collapse of nomina-small on one row more, and two bidirectional LSTMs instead of one: a
line of running text has more to gain from its context than a name.
"""

from __future__ import annotations

from torch import Tensor, nn

from ..manifest import InputSpec, WidthRange
from .interface import Architecture, Settings, need
from .nomina_small import LineMixer

HEIGHT = 40
COLUMN_STRIDE = 4

_CONVOLUTIONS: tuple[tuple[int, tuple[int, int]], ...] = (
    (16, (2, 2)),
    (32, (1, 1)),
    (48, (2, 2)),
    (48, (1, 1)),
    (96, (2, 1)),
    (96, (1, 1)),
    (96, (1, 1)),
)
"""Channels and stride (rows, columns) of each 3 x 3 convolution."""
_LINE_CHANNELS = 128
_MIXER_COUNT = 3


class NominaLines(nn.Module):
    """Images [N, 1, 40, W] float32 to logits [N, ceil(W / 4), class_count]."""

    def __init__(self, class_count: int, dropout: float) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 1
        for width, stride in _CONVOLUTIONS:
            layers += [
                nn.Conv2d(channels, width, 3, stride=stride, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(inplace=True),
            ]
            channels = width
        self.convolutions = nn.Sequential(*layers)
        self.collapse = nn.Sequential(
            nn.Conv2d(channels, _LINE_CHANNELS, (HEIGHT // 8, 1), bias=False),
            nn.BatchNorm2d(_LINE_CHANNELS),
            nn.ReLU(inplace=True),
        )
        self.mixers = nn.Sequential(*(LineMixer(_LINE_CHANNELS) for _ in range(_MIXER_COUNT)))
        self.dropout = nn.Dropout(dropout)
        self.recurrence = nn.LSTM(
            _LINE_CHANNELS, _LINE_CHANNELS, num_layers=2, dropout=dropout, batch_first=True, bidirectional=True
        )
        self.classes = nn.Linear(2 * _LINE_CHANNELS, class_count)

    def forward(self, images: Tensor) -> Tensor:
        line: Tensor = self.collapse(self.convolutions(images)).squeeze(2)
        frames = self.dropout(self.mixers(line).transpose(1, 2))
        recurrent, _ = self.recurrence(frames)
        logits: Tensor = self.classes(self.dropout(recurrent))
        return logits


def check_input(spec: InputSpec) -> None:
    """Raises UsageError unless the input is 40 px high."""
    need(spec.height == HEIGHT, f"nomina-lines reads images {HEIGHT} px high, not {spec.height}")


def _build(class_count: int, settings: Settings) -> nn.Module:
    return NominaLines(class_count, settings["dropout"])


ARCHITECTURE = Architecture(
    name="nomina-lines",
    title="Nomina's own for lines of any length",
    kind="ctc",
    builder=_build,
    input=InputSpec(height=HEIGHT, width=WidthRange(32, 1600, 8), fit="box", invert=True),
    check_input=check_input,
    frames=lambda _: {"stride": COLUMN_STRIDE, "offset": 0, "rows": 1},
    parts={"cnn": ("convolutions", "collapse", "mixers"), "rnn": ("recurrence",), "head": ("classes",)},
    class_tables=("classes",),
    settings={"dropout": 0.1},
)
