"""The registry of architectures: a name in a configuration to all that training and export need to know of it.

To add one, write a module with an `ARCHITECTURE` (see interface.py) and list it here.
"""

from __future__ import annotations

from ..errors import UsageError
from . import (
    cnn_bilstm_iam,
    crnn_3block,
    crnn_names,
    mobilenet_attention,
    nomina_large,
    nomina_lines,
    nomina_small,
    resnet_bilstm,
)
from .interface import Architecture, lstm_penalty

__all__ = ["ARCHITECTURES", "Architecture", "architecture", "lstm_penalty"]

ARCHITECTURES: dict[str, Architecture] = {
    known.name: known
    for known in (
        mobilenet_attention.ARCHITECTURE,
        crnn_3block.ARCHITECTURE,
        crnn_names.ARCHITECTURE,
        cnn_bilstm_iam.ARCHITECTURE,
        resnet_bilstm.ARCHITECTURE,
        nomina_small.ARCHITECTURE,
        nomina_large.ARCHITECTURE,
        nomina_lines.ARCHITECTURE,
    )
}


def architecture(name: str) -> Architecture:
    """The architecture of that name; raises UsageError that lists those there are."""
    if name not in ARCHITECTURES:
        raise UsageError(f"architecture {name!r} is unknown; there are: {', '.join(sorted(ARCHITECTURES))}")
    return ARCHITECTURES[name]
