"""How memory is laid out and kept while a network learns."""

from __future__ import annotations

import contextlib
import ctypes

import torch
from torch import nn

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
"""Of glibc's mallopt (malloc.h)."""


def keep_freed_memory() -> None:
    """Where glibc allocates: a step's large tensors are the last step's memory, whose pages need no clearing by the
    system. An epoch of crnn-names takes half the time so; elsewhere nothing happens."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        glibc = ctypes.CDLL(None)
        glibc.mallopt(_MMAP_MAX, 0)
        glibc.mallopt(_TRIM_THRESHOLD, 2**31 - 1)


def lay_for_convolutions(network: nn.Module) -> None:
    """The same weights with their channels last: convolutions run 1.1 to 2 times as fast on a CPU. It comes before a
    network is shared among processes, which lay gradients out as the weights lie."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
