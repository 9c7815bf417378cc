"""cnn-bilstm-iam: seven convolutions and two BiLSTM of 256 for lines 128 px high of any width, as published for IAM.

9,139,147 parameters at its 75 classes.
"""

from __future__ import annotations

from torch import Tensor, nn

from ..models.manifest import InputSpec, WidthRange
from .interface import Architecture, Settings, need

HEIGHT = 128
COLUMN_STRIDE = 4

_BLOCKS: tuple[tuple[int, tuple[int, int] | None], ...] = (
    (64, (2, 2)),
    (128, (2, 2)),
    (256, None),
    (256, (2, 1)),
    (512, None),
    (512, (2, 1)),
)
"""Channels of each 3 x 3 block and the pool (rows, columns) after it."""
_LAST_CHANNELS = 512
_LAST_ROWS = 7
_HIDDEN = 256


class CnnBilstmIam(nn.Module):
    """Images [N, 1, 128, W] to logits [N, W // 4 - 1, class_count]."""

    def __init__(self, class_count: int, dropout: float) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 1
        for width, pool in _BLOCKS:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
            layers += [nn.MaxPool2d(pool)] if pool else []
            channels = width
        # 2 x 2 without padding: 8 rows to 7, and one column fewer.
        last = [nn.Conv2d(channels, _LAST_CHANNELS, 2), nn.BatchNorm2d(_LAST_CHANNELS), nn.ReLU(inplace=True)]
        self.convolutions = nn.Sequential(*layers, *last)
        self.columns = nn.Linear(_LAST_CHANNELS * _LAST_ROWS, 256)
        self.recurrence = nn.LSTM(256, _HIDDEN, num_layers=2, dropout=dropout, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(dropout)
        self.classes = nn.Linear(2 * _HIDDEN, class_count)

    def forward(self, images: Tensor) -> Tensor:
        columns = self.convolutions(images).flatten(1, 2).transpose(1, 2)  # [N, W / 4 - 1, 3584]
        line, _ = self.recurrence(self.columns(columns))
        logits: Tensor = self.classes(self.dropout(line))
        return logits


def check_input(spec: InputSpec) -> None:
    """Raises UsageError unless the input is 128 px high and wide enough for a frame."""
    narrowest = spec.width.minimum if isinstance(spec.width, WidthRange) else spec.width
    need(spec.height == HEIGHT, f"cnn-bilstm-iam reads images {HEIGHT} px high, not {spec.height}")
    need(narrowest >= 2 * COLUMN_STRIDE, f"cnn-bilstm-iam reads images of at least {2 * COLUMN_STRIDE} px width")


def _build(class_count: int, settings: Settings) -> nn.Module:
    return CnnBilstmIam(class_count, settings["dropout"])


ARCHITECTURE = Architecture(
    name="cnn-bilstm-iam",
    title="Seven convolutions and two BiLSTM, as published for IAM",
    kind="ctc",
    builder=_build,
    # Pixels to [-1, 1], white is 1; padded with white.
    input=InputSpec(height=HEIGHT, width=WidthRange(128, 4096, 64), fit="box", mean=0.5, std=0.5),
    check_input=check_input,
    # A frame of the last convolution sees two columns of 4 px: its middle lies half a column further right.
    frames=lambda _: {"stride": COLUMN_STRIDE, "offset": COLUMN_STRIDE // 2, "rows": 1},
    parts={"cnn": ("convolutions",), "rnn": ("columns", "recurrence"), "head": ("classes",)},
    class_tables=("classes",),
    settings={"dropout": 0.3},
)
