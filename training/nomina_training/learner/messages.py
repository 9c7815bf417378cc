"""What the learner is told and what it answers: a JSON object a line, told apart by `type`."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import msgspec

Text = Annotated[str, msgspec.Meta(min_length=1)]


class Round(msgspec.Struct, tag_field="type", tag="round", rename="camel", frozen=True):
    """A round that is asked for. Keys that are not named here are for other versions, and ignored."""

    id: Text
    base: Text
    out: Text
    name: Text
    rows: Text
    in_use: str | None = None
    budget: Annotated[float, msgspec.Meta(gt=0)] = 60.0
    """Seconds for training."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "cpu"
    threads: Annotated[int, msgspec.Meta(ge=1, le=1024)] = 1
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] = 1
    self_training: bool = False


class Cancel(msgspec.Struct, tag_field="type", tag="cancel", frozen=True):
    """That round is to end without a result."""

    id: Text


def read_request(line: bytes) -> Round | Cancel:
    """Raises msgspec.DecodeError (ValidationError is one), which says what is wrong."""
    return msgspec.json.decode(line, type=Round | Cancel)


def id_of(line: bytes) -> str | None:
    """The id of a request that is wrong otherwise."""
    try:
        request = json.loads(line)
    except ValueError:
        return None
    found = request.get("id") if isinstance(request, dict) else None
    return found if isinstance(found, str) else None
