"""One way to read fields, whether with a checkpoint in PyTorch or with an exported model and its manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch

from ..decoding.decoder import Decoder
from ..decoding.frames import Frames, probabilities_of
from ..errors import UsageError
from ..models.charset import Charset
from ..models.manifest import InputSpec, Manifest, read_manifest
from ..models.onnx_session import session_of
from ..weights.checkpoint import Checkpoint, load_checkpoint

_LEAST = 1e-30
"""Least probability whose logarithm is taken."""


class Recogniser(Protocol):
    """What reading needs: an input, a charset and scores [N, T, C] of inputs [N, 1, H, W]."""

    input: InputSpec
    charset: Charset

    def scores(self, images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """[N, 1, H, W] to [N, T, C], larger is likelier."""

    def log_probabilities(self, images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """[N, 1, H, W] to [N, T, C], natural logarithms of probabilities that sum to 1 over the classes."""


class ExportedRecogniser:
    """An ONNX model with its manifest; raises UsageError where the two do not fit."""

    def __init__(self, manifest: Manifest, threads: int = 1) -> None:
        self.input, self.charset, self.manifest = manifest.input, manifest.charset, manifest
        self.decoder = Decoder.of_manifest(manifest)
        if not manifest.model.is_file():
            raise UsageError(f"{manifest.model} is missing")
        self.session = session_of(str(manifest.model), threads)
        names = [node.name for node in self.session.get_inputs()], [node.name for node in self.session.get_outputs()]
        if manifest.input.name not in names[0] or manifest.output not in names[1]:
            raise UsageError(f"{manifest.model}: has {names[0]} and {names[1]}, not what its manifest says")

    def scores(self, images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """[N, 1, H, W] to [N, T, C]."""
        (scores,) = self.session.run([self.manifest.output], {self.manifest.input.name: images})
        batch_first = scores.transpose(1, 0, 2) if self.manifest.layout == "TNC" else scores
        return np.asarray(batch_first, dtype=np.float32)

    def probabilities(self, images: npt.NDArray[np.float32]) -> list[Frames]:
        """[N, 1, H, W] to N times [T, C], rows that sum to 1."""
        activation = self.manifest.raw["output"].get("activation", "logits")
        return [probabilities_of(field, activation) for field in self.scores(images)]

    def log_probabilities(self, images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """[N, 1, H, W] to [N, T, C], by the manifest's `output.activation`."""
        scores = self.scores(images)
        if self.manifest.raw["output"].get("activation", "logits") == "probabilities":
            scores = np.log(np.maximum(scores, _LEAST))
        return log_softmax(scores)


class CheckpointRecogniser:
    """A checkpoint's averaged weights in PyTorch."""

    def __init__(self, checkpoint: Checkpoint, threads: int = 1) -> None:
        configuration = checkpoint.configuration
        torch.set_num_threads(threads)
        self.input, self.charset = configuration.input, configuration.charset
        self.network = checkpoint.averaged_network()

    @torch.no_grad()
    def scores(self, images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """[N, 1, H, W] to [N, T, C]."""
        return np.asarray(self.network(torch.from_numpy(images)).numpy(), dtype=np.float32)

    def log_probabilities(self, images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """[N, 1, H, W] to [N, T, C]."""
        return log_softmax(self.scores(images))


def log_softmax(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Over the last axis; log-probabilities stay what they are."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=np.float32)


def open_recogniser(path: Path, threads: int = 1) -> Recogniser:
    """A manifest (.json) or a checkpoint (.pt)."""
    if path.suffix == ".json":
        return ExportedRecogniser(read_manifest(path), threads)
    if path.suffix == ".pt":
        return CheckpointRecogniser(load_checkpoint(path), threads)
    raise UsageError(f"{path}: give a manifest (.json) or a checkpoint (.pt)")
