"""nomina-lines: a 0.98 M parameter CRNN for lines of any length, 40 px high, four input px a frame.

The convolutions, mixers and collapse of nomina-small on one row more, and two bidirectional LSTMs instead of one: a
line of running text has more to gain from its context than a name.
"""

from __future__ import annotations

from torch import nn

from ..models.manifest import InputSpec, WidthRange
from .interface import Architecture, Settings, need
from .nomina_small import COLUMN_STRIDE, NominaSmall

HEIGHT = 40


def check_input(spec: InputSpec) -> None:
    """Raises UsageError unless the input is 40 px high."""
    need(spec.height == HEIGHT, f"nomina-lines reads images {HEIGHT} px high, not {spec.height}")


def _build(class_count: int, settings: Settings) -> nn.Module:
    return NominaSmall(class_count, settings["dropout"], height=HEIGHT, recurrent_layers=2)


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
