"""Reading fields with an attention model, from a checkpoint's network or from its exported files."""

from __future__ import annotations

import json
from pathlib import Path

from ..decoding.attention_search import Array, Hypothesis, StepModel, decode
from ..errors import UsageError
from ..models.attention_charset import SPECIALS, AttentionCharset
from ..models.manifest import InputSpec, input_from_json
from .attention_in_onnx import OnnxStepModel


class AttentionRecogniser:
    """An input, a charset, and the texts of inputs [N, 1, H, W]."""

    def __init__(self, model: StepModel, spec: InputSpec, charset: AttentionCharset, max_length: int) -> None:
        self.model, self.input, self.charset, self.max_length = model, spec, charset, max_length

    def read(self, images: Array) -> list[str]:
        """Greedy texts."""
        return [self.charset.decode(best.classes) for best, in decode(self.model, images, self.max_length)]

    def hypotheses(self, images: Array, width: int) -> list[list[Hypothesis]]:
        """The `width` best texts of each image as class indices, best first."""
        return decode(self.model, images, self.max_length, width)


def open_exported_attention(manifest: Path, threads: int = 1) -> AttentionRecogniser:
    """A manifest of kind "attention" with its two files; raises UsageError where something is missing or unknown."""
    try:
        raw = json.loads(manifest.read_text(encoding="utf-8"))
        block = raw["attention"]
        if raw["kind"] != "attention" or (block["pad"], block["start"], block["end"]) != SPECIALS:
            raise UsageError(f"{manifest}: only kind attention with pad, start, end {SPECIALS} is read here")
        files = [manifest.parent / raw["file"], manifest.parent / block["step"]]
        for file in files:
            if not file.is_file():
                raise UsageError(f"{file} is missing")
        spec = input_from_json(raw["input"])
        model = OnnxStepModel(str(files[0]), str(files[1]), spec.name, block, threads)
        return AttentionRecogniser(model, spec, AttentionCharset(tuple(raw["charset"])), block["maxLength"])
    except (OSError, json.JSONDecodeError) as error:
        raise UsageError(f"{manifest}: {error}") from error
    except (KeyError, TypeError) as error:
        raise UsageError(f"{manifest}: missing or wrong: {error}") from error
