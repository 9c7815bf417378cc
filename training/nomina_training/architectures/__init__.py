"""The registry of architectures: a name in a configuration to a module that builds the network.

An architecture takes images [N, 1, H, W] float32 and gives logits [N, T, C]. To add one, write a module with a builder
and name it in `ARCHITECTURES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn

from ..errors import UsageError
from ..manifest import InputSpec
from . import nomina_small


@dataclass(frozen=True)
class Architecture:
    """How to build a network, and where its frames lie on its input."""

    build: Callable[[int], nn.Module]
    """Number of classes to a network with fresh weights."""
    check_input: Callable[[InputSpec], None]
    """Raises UsageError where the network cannot take such an input."""
    frames: dict[str, Any]
    """The manifest's `output.frames`: input px a frame, first frame's px, rows."""


ARCHITECTURES: dict[str, Architecture] = {
    "nomina-small": Architecture(nomina_small.NominaSmall, nomina_small.check_input, nomina_small.FRAMES),
}


def architecture(name: str) -> Architecture:
    """The architecture of that name; raises UsageError that lists those there are."""
    if name not in ARCHITECTURES:
        raise UsageError(f"architecture {name!r} is unknown; there are: {', '.join(sorted(ARCHITECTURES))}")
    return ARCHITECTURES[name]
