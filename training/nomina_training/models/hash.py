"""What names a model: the hash that the app keeps with every reading. The same as src/reading/models/hash.ts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..errors import UsageError
from .manifest import Manifest, input_from_json

_DETERMINING = ("kind", "externalData", "charset", "blank", "decoder", "calibration", "views")
"""Parts that are hashed as they are; those with defaults are told in `model_hash`."""


def model_hash(manifest: Manifest) -> str:
    """sha256 over the network's sha256 and all of the manifest that determines a reading, defaults filled in.

    Raises UsageError where the network's file can't be read, or the manifest has what this version does not hash.
    """
    raw = manifest.raw
    if "attention" in raw:
        raise UsageError(f"{manifest.id}: only CTC models are named here")
    try:
        network = hashlib.sha256(manifest.model.read_bytes()).hexdigest()
    except OSError as error:
        raise UsageError(f"{manifest.model}: {error}") from error
    parts = {key: raw[key] for key in _DETERMINING if key in raw}
    parts |= {"input": manifest.input.as_json(), "output": _output(raw["output"])}
    if raw.get("cascade"):
        cascade = raw["cascade"]
        parts["cascade"] = cascade | {
            "input": input_from_json(cascade["input"]).as_json(),
            "output": _output(cascade["output"]),
        }
    return hashlib.sha256(f"{network}\n{canonical_json(parts)}".encode()).hexdigest()


def canonical_json(value: object) -> str:
    """JSON with sorted keys and without spaces, numbers as JavaScript writes them."""
    if isinstance(value, Mapping):
        entries = (f"{canonical_json(key)}:{canonical_json(entry)}" for key, entry in sorted(value.items()))
        return "{" + ",".join(entries) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(canonical_json, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    mantissa, exponential, exponent = repr(value).partition("e")
    if not exponential:
        return mantissa
    if -7 < int(exponent) < 21:
        return format(Decimal(repr(value)), "f")
    return f"{mantissa}e{int(exponent):+d}"


def _output(raw: Mapping[str, Any]) -> dict[str, Any]:
    output = {key: raw[key] for key in ("name", "layout", "activation")}
    if "frames" in raw:
        output["frames"] = {"offset": 0, "rows": 1} | {
            key: value for key, value in raw["frames"].items() if key in ("stride", "offset", "rows")
        }
    return output
