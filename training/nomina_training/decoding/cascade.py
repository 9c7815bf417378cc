"""A second network for what the first doubts, as the manifest's `cascade` says; the same in the app's reader.ts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import UsageError
from ..models.manifest import Manifest, input_from_json
from .decoder import Decoder
from .frames import Frames
from .together import product_of


@dataclass(frozen=True)
class Cascade:
    """Fields whose text has a probability below `below` are averaged with the second network's opinion."""

    second: Manifest
    below: float
    weight: float


def cascade_of(manifest: Manifest) -> Cascade | None:
    """The manifest's; None where it names none. Raises UsageError where its file is missing or another one."""
    described: Mapping[str, Any] | None = manifest.raw.get("cascade")
    if not described:
        return None
    try:
        return _cascade(manifest, described)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{manifest.id}: cascade: missing or wrong: {error!r}") from error


def _cascade(manifest: Manifest, described: Mapping[str, Any]) -> Cascade:
    path = manifest.model.parent / described["file"]
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: {error}") from error
    if digest != described["sha256"].lower():
        raise UsageError(f"{path}: another file than the manifest's cascade.sha256 says")
    output = described["output"]
    second = replace(
        manifest,
        model=path,
        input=input_from_json(described["input"]),
        output=output["name"],
        layout=output["layout"],
        raw={**manifest.raw, "output": output, "decoder": {}, "cascade": None},
    )
    return Cascade(second, float(described["below"]), float(described["weight"]))


def average_frames(first: Frames, second: Frames, weight: float) -> Frames:
    """What both say together of each frame [T, C]. Raises UsageError where the two differ in shape."""
    if first.shape != second.shape:
        raise UsageError(f"cascade: the second network gives {second.shape}, the first {first.shape}")
    return product_of([first, second], [1 - weight, weight])


def doubted(frames: Sequence[Frames], decoder: Decoder, below: float) -> list[int]:
    """Which of the fields the decoder gives a text of a probability below `below`."""
    return [at for at, field in enumerate(frames) if decoder.read(field).probability < below]
