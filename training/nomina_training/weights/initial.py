"""Weights that a run begins with: of a checkpoint or of an exported model, with a charset of its own if need be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ..architectures import Architecture, architecture
from ..configuration.configuration import Configuration
from ..errors import UsageError
from ..models.charset import Charset
from ..models.manifest import read_manifest
from .checkpoint import load_checkpoint
from .exported import weights_from_onnx


def load_initial(network: nn.Module, configuration: Configuration) -> None:
    """Give the network the weights of `training.initial`; characters that those lack keep their fresh rows.

    Raises UsageError where they are another architecture's, unless only some parts are asked for.
    """
    path = Path(configuration.training.initial)
    kind = architecture(configuration.model.architecture)
    if path.suffix == ".pt":
        state = load_checkpoint(path)
        name, characters = state.configuration.model.architecture, tuple(state.configuration.model.charset)
        blank, weights = state.configuration.model.blank, state.average
    elif path.suffix == ".json":
        manifest = read_manifest(path)
        name = manifest.raw.get("training", {}).get("architecture", "")
        characters, blank = manifest.charset.characters, manifest.charset.blank
        other = architecture(name)
        earlier = other.build(other.class_count(len(characters)), manifest.raw["training"].get("settings", {}))
        weights_from_onnx(earlier, manifest.model, manifest.input)
        weights = earlier.state_dict()
    else:
        raise UsageError(f"training.initial: {path}: give a checkpoint (.pt) or a manifest (.json)")
    if configuration.training.initial_parts:
        _load_parts(network, kind, weights, configuration.training.initial_parts)
        return
    if name != kind.name:
        raise UsageError(f"training.initial: {path} is of the architecture {name or 'unknown'}, not {kind.name}")
    place_weights(network, kind, weights, _class_places(kind, configuration, characters, blank))


def place_weights(
    network: nn.Module, kind: Architecture, weights: Mapping[str, Tensor], places: Sequence[tuple[int, int]]
) -> None:
    """Give a network the weights of one of other classes; `places` are (its own class, the other's) of those that both
    have, the rest keep their fresh rows. Raises UsageError where the two are of different sizes."""
    fresh = network.state_dict()
    network.load_state_dict({key: _moved(key, value, fresh, kind, places) for key, value in weights.items()})


def shared_classes(charset: Charset, earlier: Charset) -> list[tuple[int, int]]:
    """(class of a charset, class of an earlier one) of the blank and of every character that both have."""
    return [(charset.blank, earlier.blank)] + [
        (charset.index_of(character), earlier.index_of(character))
        for character in earlier.characters if character in charset.characters
    ]  # fmt: skip


def _load_parts(network: nn.Module, kind: Architecture, weights: dict[str, Tensor], parts: tuple[str, ...]) -> None:
    """Weights of the parts' names and shapes; raises UsageError where a part has none of them."""
    state = network.state_dict()
    for part in parts:
        kind.part_modules(network, part)
        fitting = [
            key for key in state
            if key.startswith(tuple(f"{name}." for name in kind.parts[part]))
            and key in weights and weights[key].shape == state[key].shape
        ]  # fmt: skip
        if not fitting:
            raise UsageError(f"training.initial_parts: the initial weights have nothing for {part}")
        state.update({key: weights[key] for key in fitting})
    network.load_state_dict(state)


def _class_places(
    kind: Architecture, configuration: Configuration, characters: tuple[str, ...], blank: int
) -> list[tuple[int, int]]:
    """(class of the new model, class of the earlier one) for every class that both have."""
    if kind.kind == "attention":
        specials = kind.class_count(0)
        both = [(index, index) for index in range(specials)]
        wanted = list(configuration.model.charset)
        return both + [
            (wanted.index(character) + specials, index + specials)
            for index, character in enumerate(characters) if character in wanted
        ]  # fmt: skip
    return shared_classes(configuration.charset, Charset(characters, blank))


def _moved(
    key: str, value: Tensor, fresh: Mapping[str, Tensor], kind: Architecture, places: Sequence[tuple[int, int]]
) -> Tensor:
    """A weight for the new network: as it is, or a class table's rows put where the new charset has them."""
    if key not in fresh:
        raise UsageError(f"training.initial: its weight {key} has no place in this network")
    if key.rpartition(".")[0] not in kind.class_tables:
        if value.shape != fresh[key].shape:
            shapes = f"{tuple(value.shape)}, this network's {tuple(fresh[key].shape)}"
            raise UsageError(f"training.initial: {key} is {shapes}")
        return value
    table = fresh[key].clone()
    for new, old in places:
        table[new] = value[old]
    return table


def freeze(network: nn.Module, kind: Architecture, parts: tuple[str, ...]) -> list[nn.Module]:
    """Keep parts from learning; the modules whose batch norms are to stay in evaluation mode."""
    modules = [module for part in parts for module in kind.part_modules(network, part)]
    for module in modules:
        module.requires_grad_(False)
    return modules


@torch.no_grad()
def recalibrate_batch_norms(network: nn.Module, batches: Sequence[npt.NDArray[np.float32]]) -> None:
    """Tell folded batch norms what they would have measured, without a change of what the network computes.

    An exported model's convolutions carry their batch norms, which come back as identities. Trained on like that they
    would normalise by statistics that nobody measured: so each one's input is measured over all batches [N, 1, H, W],
    which may differ in width, and its scale and shift are set so that its output stays as it was.
    """
    norms = [m for m in network.modules() if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d))]
    measured = {norm: _Moments() for norm in norms}
    hooks = [
        norm.register_forward_pre_hook(lambda module, inputs: measured[module].add(inputs[0])) for norm in norms
    ]
    network.eval()
    for pixels in batches:
        network(torch.from_numpy(pixels))
    for hook in hooks:
        hook.remove()
    for norm in norms:
        mean, variance = measured[norm].mean_and_variance()
        assert norm.running_mean is not None
        assert norm.running_var is not None
        shift = norm.bias - norm.running_mean * norm.weight / torch.sqrt(norm.running_var + norm.eps)
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_(scale * torch.sqrt(variance + norm.eps))
        norm.bias.copy_(shift + scale * mean)


class _Moments:
    """Sums over all positions of all batches, by channel, in double precision."""

    def __init__(self) -> None:
        self.count = 0
        self.sums: list[Tensor] = []

    def add(self, values: Tensor) -> None:
        """[N, C, ...]."""
        others = [axis for axis in range(values.ndim) if axis != 1]
        double = values.double()
        sums = [double.sum(others), double.square().sum(others)]
        self.sums = [old + new for old, new in zip(self.sums, sums, strict=True)] if self.sums else sums
        self.count += values.numel() // values.shape[1]

    def mean_and_variance(self) -> tuple[Tensor, Tensor]:
        """[C] each, the variance that of the positions (biased)."""
        mean, square = (total / self.count for total in self.sums)
        return mean.float(), (square - mean.square()).clamp(min=0).float()
