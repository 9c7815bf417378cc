"""A network without batch norms and dropout, for equalities that those would blur."""

from __future__ import annotations

from torch import Tensor, nn

from nomina_training.architectures import ARCHITECTURES
from nomina_training.architectures.interface import Architecture
from nomina_training.models.manifest import InputSpec


class Plain(nn.Module):
    """Images [N, 1, H, W] to logits [N, W / 4, C]."""

    def __init__(self, class_count: int) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(nn.Conv2d(1, 8, 3, (2, 4), 1), nn.ReLU(), nn.Conv2d(8, 8, 3, (2, 1), 1))
        self.recurrence = nn.LSTM(8, 8, batch_first=True)
        self.classes = nn.Linear(8, class_count)

    def forward(self, images: Tensor) -> Tensor:
        line, _ = self.recurrence(self.convolutions(images).mean(2).transpose(1, 2))
        logits: Tensor = self.classes(line)
        return logits


ARCHITECTURES["plain"] = Architecture(
    name="plain",
    title="For tests",
    kind="ctc",
    builder=lambda class_count, _: Plain(class_count),
    input=InputSpec(),
    check_input=lambda _: None,
    frames=lambda _: {"stride": 4, "offset": 0, "rows": 1},
    parts={"cnn": ("convolutions",), "rnn": ("recurrence",), "head": ("classes",)},
    class_tables=("classes",),
)
