"""The manifest beside a model: the same file the app reads, checked before anything is computed from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..runtime.checked import MOST_TRIM
from .charset import Charset


@dataclass(frozen=True)
class WidthRange:
    """A variable input width, px: at least `minimum`, at most `maximum`, a multiple of `multiple_of`."""

    minimum: int
    maximum: int
    multiple_of: int


@dataclass(frozen=True)
class InputSpec:
    """The manifest's `input`: how a field's grey image becomes the model's numbers."""

    name: str = "image"
    height: int = 32
    width: int | WidthRange = 256
    fit: str = "box"
    resample: str = "bilinear"
    align: str = "left"
    pad: int = 255
    trim: float = 0.0
    """Share of the height that is cut off at the top, and as much at the bottom, before all else."""
    binarise: str = "none"
    morphology: str = "none"
    invert: bool = False
    mean: float = 0.0
    std: float = 1.0

    def closer(self, trims: Iterable[float]) -> tuple[InputSpec, ...]:
        """The same with each of these trims: closer views of a field."""
        return tuple(replace(self, trim=trim) for trim in trims)

    def as_json(self) -> dict[str, Any]:
        """The `input` object of a manifest, every first option written out, a later one unless it has its default."""
        width: Any = self.width
        if isinstance(width, WidthRange):
            width = {"min": width.minimum, "max": width.maximum, "multipleOf": width.multiple_of}
        fields = {k: getattr(self, k) for k in _CHOICES} | {
            "pad": self.pad, "invert": self.invert, "mean": self.mean, "std": self.std
        }
        later = {"trim": self.trim} if self.trim else {}
        return {"name": self.name, "layout": "NCHW", "height": self.height, "width": width} | fields | later


_CHOICES = {
    "fit": ("box", "stretch"),
    "resample": ("bilinear", "lanczos"),
    "align": ("left", "centre"),
    "binarise": ("none", "otsu"),
    "morphology": ("none", "open", "close"),
}
_NUMBERS = {"pad": (0, 255), "trim": (0, MOST_TRIM), "mean": (-1e6, 1e6), "std": (1e-6, 1e6)}


def input_from_json(raw: Mapping[str, Any]) -> InputSpec:
    """Check and read an `input` object; raises UsageError that names the key."""
    values: dict[str, Any] = {"name": str(raw.get("name", "image"))}
    if raw.get("layout", "NCHW") != "NCHW":
        raise UsageError("input.layout: only NCHW is known")
    values["height"] = _positive("input.height", raw.get("height"))
    width = raw.get("width")
    if isinstance(width, Mapping):
        limits = (_positive(f"input.width.{key}", width.get(key)) for key in ("min", "max", "multipleOf"))
        values["width"] = WidthRange(*limits)
        if values["width"].minimum > values["width"].maximum:
            raise UsageError("input.width: min is above max")
    else:
        values["width"] = _positive("input.width", width)
    for key, allowed in _CHOICES.items():
        values[key] = raw.get(key, getattr(InputSpec, key))
        if values[key] not in allowed:
            raise UsageError(f"input.{key}: {values[key]!r} is none of {', '.join(allowed)}")
    for key, (low, high) in _NUMBERS.items():
        values[key] = raw.get(key, getattr(InputSpec, key))
        if isinstance(values[key], bool) or not isinstance(values[key], (int, float)) or not low <= values[key] <= high:
            raise UsageError(f"input.{key}: {values[key]!r} is not a number from {low} to {high}")
    values["invert"] = raw.get("invert", False)
    if not isinstance(values["invert"], bool):
        raise UsageError("input.invert: must be true or false")
    return InputSpec(**values)


@dataclass(frozen=True)
class Manifest:
    """What evaluation needs of a manifest; `raw` is the whole of it."""

    id: str
    model: Path
    input: InputSpec
    output: str
    layout: str
    charset: Charset
    raw: dict[str, Any]


def read_manifest(path: Path) -> Manifest:
    """Read a manifest file; raises UsageError where it is missing, no JSON, not CTC or against the schema."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["schema"] != 1 or raw["kind"] != "ctc":
            raise UsageError(f"{path}: only schema 1 and kind ctc are read here")
        return Manifest(
            id=raw["id"],
            model=path.parent / raw["file"],
            input=input_from_json(raw["input"]),
            output=raw["output"]["name"],
            layout=raw["output"]["layout"],
            charset=Charset(tuple(raw["charset"]), raw["blank"]),
            raw=raw,
        )
    except (OSError, json.JSONDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    except (KeyError, TypeError) as error:
        raise UsageError(f"{path}: missing or wrong: {error}") from error


def _positive(key: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise UsageError(f"{key}: {value!r} is not a whole number of at least 1")
    return value
