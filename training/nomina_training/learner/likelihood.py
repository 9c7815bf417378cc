"""How likely a model thinks what a person wrote: told by fewer fields than characters that are wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from ..finetuning import Cancelled, learnt_inputs
from ..images.grey import Grey
from ..images.preprocessing import preprocess
from ..inference.ctc_network import ExportedRecogniser
from ..models.manifest import read_manifest

_MOST = 5.0
"""Nats that one field may count: no single one decides."""
_LEAST = 1e-30
"""Least probability whose logarithm is taken."""


def log_likelihoods(
    model: Path, fields: Sequence[Grey], texts: Sequence[str], threads: int, cancel: Callable[[], bool]
) -> list[float]:
    """Natural logarithm of each text's probability by CTC, without language model and second network; the mean over the
    views that are learnt, which vary less than what they say together. -inf of a text that the model can't write.
    Raises Cancelled."""
    recogniser = ExportedRecogniser(read_manifest(model), threads)
    inputs = learnt_inputs(recogniser.manifest)
    found = []
    for grey, text in zip(fields, texts, strict=True):
        if cancel():
            raise Cancelled
        found.append(sum(_log_likelihood(recogniser, preprocess(grey, spec), text) for spec in inputs) / len(inputs))
    return found


def _log_likelihood(recogniser: ExportedRecogniser, pixels: npt.NDArray[np.float32], text: str) -> float:
    charset = recogniser.charset
    if charset.missing_from(text):
        return float("-inf")
    frames = torch.from_numpy(np.log(np.maximum(recogniser.probabilities(pixels[np.newaxis]), _LEAST)))
    target = torch.tensor([charset.encode(text)], dtype=torch.long)
    lengths = torch.tensor([frames.shape[1]]), torch.tensor([target.shape[1]])
    loss = functional.ctc_loss(frames.transpose(0, 1), target, *lengths, blank=charset.blank, reduction="sum")
    return -float(loss)


def gain(before: Sequence[float], after: Sequence[float]) -> list[float]:
    """Nats that each text became likelier, at most 5 either way; 0 where one of the two models lacks a character: then
    any number is likelier, and the characters themselves tell."""
    return [
        min(_MOST, max(-_MOST, later - earlier)) if math.isfinite(earlier) and math.isfinite(later) else 0.0
        for earlier, later in zip(before, after, strict=True)
    ]
