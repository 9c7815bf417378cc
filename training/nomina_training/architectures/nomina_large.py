"""nomina-large: a 1.65 M parameter CRNN for single lines 48 px high, four input px a frame.

The layers of nomina-small on more rows and with more channels: slower, for what nomina-small is not sure of.
"""

from __future__ import annotations

from dataclasses import replace

from torch import nn

from ..models.manifest import InputSpec
from . import nomina_small
from .interface import Settings, need

HEIGHT = 48
_CHANNELS = (24, 48, 64, 64, 128, 128, 128)
_LINE_CHANNELS = 192


def check_input(spec: InputSpec) -> None:
    """Raises UsageError unless the input is 48 px high."""
    need(spec.height == HEIGHT, f"nomina-large reads images {HEIGHT} px high, not {spec.height}")


def _build(class_count: int, settings: Settings) -> nn.Module:
    return nomina_small.NominaSmall(
        class_count, settings["dropout"], height=HEIGHT, widths=_CHANNELS, line_channels=_LINE_CHANNELS
    )


ARCHITECTURE = replace(
    nomina_small.ARCHITECTURE,
    name="nomina-large",
    title="Nomina's own for single lines that nomina-small is not sure of",
    builder=_build,
    input=InputSpec(height=HEIGHT, width=256, fit="stretch", invert=True),
    check_input=check_input,
)
