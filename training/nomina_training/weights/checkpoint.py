"""Checkpoints: all that a run needs to go on, and all that export needs, in one file written atomically."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..architectures import architecture
from ..configuration.configuration import Configuration, configuration_from
from ..errors import UsageError
from ..runtime.atomic_files import write_atomically


@dataclass
class Checkpoint:
    """State after `epoch` whole epochs; `average` holds the weights to ship, in the names of the network's state."""

    epoch: int
    network: dict[str, Tensor]
    average: dict[str, Tensor]
    optimiser: dict[str, Any]
    raw_configuration: dict[str, Any]
    history: list[dict[str, float]]
    facts: dict[str, Any]
    shortcut: dict[str, Tensor] = field(default_factory=dict)
    """Weights of the head that `training.shortcut` adds; nothing but training uses them."""

    @property
    def configuration(self) -> Configuration:
        """The configuration of the run."""
        return configuration_from(self.raw_configuration)

    def averaged_network(self) -> nn.Module:
        """The network with the averaged weights, in evaluation mode."""
        configuration = self.configuration
        network = fresh_network(configuration)
        network.load_state_dict(self.average)
        return network.eval()


def fresh_network(configuration: Configuration) -> nn.Module:
    """The configuration's network with fresh weights."""
    kind = architecture(configuration.model.architecture)
    return kind.build(kind.class_count(len(configuration.model.charset)), configuration.model.settings)


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write it atomically."""
    buffer = io.BytesIO()
    torch.save(vars(checkpoint), buffer)
    write_atomically(path, buffer.getvalue())


def load_checkpoint(path: Path) -> Checkpoint:
    """Read one; raises UsageError where it is missing or none. Nothing but tensors and plain values is unpickled."""
    try:
        return Checkpoint(**torch.load(path, map_location="cpu", weights_only=True))
    except (OSError, RuntimeError, TypeError, ValueError, EOFError, KeyError) as error:
        raise UsageError(f"{path}: no checkpoint: {error}") from error
