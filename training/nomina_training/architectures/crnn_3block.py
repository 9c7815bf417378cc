"""crnn-3block: three Conv-ReLU-MaxPool blocks, a two-layer BiLSTM, a linear layer and log-softmax, for CTC.

What is published of it names no channels; 64, 128 and 256 with a BiLSTM of 256 are ours, pools of 2 x 2 the plain
reading. With the setting `batch_norm` it learns with batch norms behind its convolutions, which an export folds into
these. 6,716,508 parameters at the 92 classes of its configuration.
"""

from __future__ import annotations

from torch import Tensor, nn

from ..models.manifest import InputSpec
from .interface import Architecture, Settings, need, norm_behind

HEIGHT, WIDTH = 64, 256
_CHANNELS = (64, 128, 256)
_HIDDEN = 256
COLUMN_STRIDE = 2 ** len(_CHANNELS)


class Crnn3Block(nn.Module):
    """Images [N, 1, 64, W] to log-probabilities [N, W / 8, class_count]."""

    def __init__(self, class_count: int, dropout: float, batch_norm: bool = False) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 1
        for width in _CHANNELS:
            layers += norm_behind(nn.Conv2d(channels, width, 3, padding=1), batch_norm)
            layers += [nn.ReLU(inplace=True), nn.MaxPool2d(2)]
            channels = width
        self.convolutions = nn.Sequential(*layers)
        rows = HEIGHT // COLUMN_STRIDE
        self.recurrence = nn.LSTM(
            channels * rows, _HIDDEN, num_layers=2, dropout=dropout, batch_first=True, bidirectional=True
        )
        self.classes = nn.Linear(2 * _HIDDEN, class_count)

    def forward(self, images: Tensor) -> Tensor:
        columns = self.convolutions(images).flatten(1, 2).transpose(1, 2)  # [N, W / 8, channels * rows]
        line, _ = self.recurrence(columns)
        log_probabilities: Tensor = self.classes(line).log_softmax(-1)
        return log_probabilities


def check_input(spec: InputSpec) -> None:
    """Raises UsageError unless the input is 64 px high."""
    need(spec.height == HEIGHT, f"crnn-3block reads images {HEIGHT} px high, not {spec.height}")


def _build(class_count: int, settings: Settings) -> nn.Module:
    return Crnn3Block(class_count, settings["dropout"], settings["batch_norm"] > 0)


ARCHITECTURE = Architecture(
    name="crnn-3block",
    title="Three convolution blocks and a two-layer BiLSTM",
    kind="ctc",
    builder=_build,
    input=InputSpec(height=HEIGHT, width=WIDTH, fit="box", invert=True),
    check_input=check_input,
    frames=lambda _: {"stride": COLUMN_STRIDE, "offset": 0, "rows": 1},
    parts={"cnn": ("convolutions",), "rnn": ("recurrence",), "head": ("classes",)},
    class_tables=("classes",),
    settings={"dropout": 0.2, "batch_norm": 0.0},
)
