"""One way to read fields to texts with confidences, whatever the model: CTC or attention, a checkpoint or exported."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..architectures.attention_network import AttentionNetwork
from ..decoding.decoder import Decoder, DecoderSettings
from ..decoding.frames import probabilities_of
from ..errors import UsageError
from ..images.grey import Grey
from ..images.preprocessing import preprocess
from ..models.attention_charset import AttentionCharset
from ..models.manifest import InputSpec, read_manifest
from ..weights.checkpoint import load_checkpoint
from .attention_in_torch import TorchStepModel
from .attention_model import AttentionRecogniser, open_exported_attention
from .ctc_network import CheckpointRecogniser, ExportedRecogniser, Recogniser
from .read_again import ReadAgain, read_again_of

Images = npt.NDArray[np.float32]
_LONGEST = 96
"""Characters after which an attention checkpoint is stopped."""
_GREEDY = DecoderSettings(beam=None, greedy_above=-1.0)


@dataclass(frozen=True)
class Text:
    """A reading and how sure it is, 0 to 1."""

    text: str
    confidence: float


class Reader(Protocol):
    """What evaluating and predicting need."""

    input: InputSpec

    def read(self, images: Images, fields: Sequence[Grey]) -> list[Text]:
        """Inputs [N, 1, H, W], made from these fields, to texts."""


class CtcReader:
    """A CTC model, its decoder, what its scores are, and what reads again where it doubts."""

    def __init__(
        self,
        recogniser: Recogniser,
        decoder: Decoder,
        activation: str = "logits",
        again: ReadAgain | None = None,
    ) -> None:
        self.input, self.recogniser = recogniser.input, recogniser
        self.decoder, self.activation, self.again = decoder, activation, again

    def read(self, images: Images, fields: Sequence[Grey]) -> list[Text]:
        """Inputs [N, 1, H, W], made from these fields, to texts."""
        frames = [probabilities_of(field, self.activation) for field in self.recogniser.scores(images)]
        if self.again:
            frames = self.again.ask(frames, fields, self.decoder)
        readings = [self.decoder.read(field) for field in frames]
        return [Text(reading.text, reading.confidence) for reading in readings]


class AttentionReader:
    """An attention model, decoded greedily; the confidence is the text's probability."""

    def __init__(self, recogniser: AttentionRecogniser) -> None:
        self.input, self.recogniser = recogniser.input, recogniser

    def read(self, images: Images, fields: Sequence[Grey]) -> list[Text]:
        """Inputs [N, 1, H, W], made from these fields, to texts."""
        best = [hypotheses[0] for hypotheses in self.recogniser.hypotheses(images, 1)]
        charset = self.recogniser.charset
        return [Text(charset.decode(one.classes), min(1.0, math.exp(one.log_probability))) for one in best]


def open_reader(path: Path, threads: int = 1, greedy: bool = False) -> Reader:
    """A manifest (.json), read as the app does unless `greedy`, or a checkpoint (.pt), decoded greedily."""
    if path.suffix == ".pt":
        return _checkpoint_reader(path, threads)
    if path.suffix != ".json":
        raise UsageError(f"{path}: give a manifest (.json) or a checkpoint (.pt)")
    try:
        kind = json.loads(path.read_text(encoding="utf-8")).get("kind")
    except (OSError, json.JSONDecodeError, AttributeError) as error:
        raise UsageError(f"{path}: {error}") from error
    if kind == "attention":
        return AttentionReader(open_exported_attention(path, threads))
    manifest = read_manifest(path)
    recogniser = ExportedRecogniser(manifest, threads)
    activation = manifest.raw["output"].get("activation", "logits")
    if greedy:
        return CtcReader(recogniser, Decoder(manifest.charset, _GREEDY, None, None), activation)
    return CtcReader(recogniser, recogniser.decoder, activation, read_again_of(recogniser, threads))


def _checkpoint_reader(path: Path, threads: int) -> Reader:
    checkpoint = load_checkpoint(path)
    network = checkpoint.averaged_network()
    configuration = checkpoint.configuration
    if isinstance(network, AttentionNetwork):
        charset = AttentionCharset(tuple(configuration.model.charset))
        return AttentionReader(AttentionRecogniser(TorchStepModel(network), configuration.input, charset, _LONGEST))
    return CtcReader(
        CheckpointRecogniser(checkpoint, threads), Decoder(configuration.charset, _GREEDY, None, None)
    )


def read_texts(reader: Reader, fields: Iterable[Grey], batch: int = 32) -> Iterator[Text]:
    """Texts in order; neighbours of equal input width share a run, so that none is padded for another."""
    waiting: list[tuple[Images, Grey]] = []
    for field in fields:
        image = preprocess(field, reader.input)
        if waiting and (waiting[0][0].shape != image.shape or len(waiting) == batch):
            yield from _read(reader, waiting)
            waiting = []
        waiting.append((image, field))
    if waiting:
        yield from _read(reader, waiting)


def _read(reader: Reader, waiting: Sequence[tuple[Images, Grey]]) -> list[Text]:
    return reader.read(np.stack([image for image, _ in waiting]), [field for _, field in waiting])
