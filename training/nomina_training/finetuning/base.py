"""The reader that fine-tuning begins from: an exported CTC model, its network in float32."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load as load_safetensors
from torch import Tensor, nn

from ..architectures import Architecture, architecture
from ..errors import UsageError
from ..models.charset import Charset
from ..models.hash import model_hash
from ..models.manifest import Manifest, read_manifest
from ..weights.exported import weights_from_onnx

OWN_ROWS = "its own rows, before"
"""Of a generation's metrics."""


@dataclass(frozen=True)
class Base:
    """A model with its weights; `hash` is what the app names it by."""

    manifest: Manifest
    kind: Architecture
    hash: str
    weights: dict[str, Tensor]
    """In the names of the network's state, on the CPU."""
    norms_measured: bool
    """Whether its batch norms know the statistics of their inputs; those of an ONNX file are folded away."""

    @property
    def charset(self) -> Charset:
        """That its network writes."""
        return self.manifest.charset

    @property
    def before(self) -> float | None:
        """Of a generation: the CER of its rows before it learnt them."""
        own: dict[str, float] = (self.manifest.raw.get("metrics") or {}).get(OWN_ROWS) or {}
        return own.get("characterErrorRate")

    def learnt_alone_from(self, base: Base) -> bool:
        """Whether it is a generation that began from this base, and learnt from decided rows alone."""
        raw = self.manifest.raw
        began, read = (raw.get("base") or {}).get("hash"), (raw.get("trainedOn") or {}).get("read")
        return began == base.hash and not read

    def network(self, class_count: int) -> nn.Module:
        """A network of its architecture with fresh weights."""
        return self.kind.build(class_count, self.manifest.raw["training"].get("settings", {}))


def open_base(path: Path) -> Base:
    """A manifest (.json) with its files: safetensors where it names them, else the ONNX file, in float32 or 8 bits.

    Raises UsageError where it is no CTC model of an architecture of this package, or a file is missing or another.
    """
    if path.suffix != ".json":
        raise UsageError(f"{path}: give a model's manifest (.json); a checkpoint is exported first, or used by `train`")
    manifest = read_manifest(path)
    training = manifest.raw.get("training") or {}
    name = training.get("architecture")
    if not isinstance(name, str):
        raise UsageError(f"{path}: does not say its training.architecture, so that it can't be trained on")
    kind = architecture(name)
    kind.check_input(manifest.input)
    named = model_hash(manifest)
    network = kind.build(kind.class_count(len(manifest.charset.characters)), training.get("settings", {}))
    described = manifest.raw.get("weights")
    if described:
        _load_safetensors(network, path.parent / described["file"], described["sha256"])
    else:
        weights_from_onnx(network, manifest.model, manifest.input)
    return Base(manifest, kind, named, network.state_dict(), norms_measured=bool(described))


def _load_safetensors(network: nn.Module, file: Path, digest: str) -> None:
    try:
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != digest.lower():
            raise UsageError(f"{file}: another file than the manifest's weights.sha256 says")
        network.load_state_dict(load_safetensors(content))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise UsageError(f"{file}: not this model's weights: {error}") from error
