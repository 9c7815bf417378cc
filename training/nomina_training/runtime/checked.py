"""Settings as they come from a file or a command line, held against the types and bounds of a dataclass's fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import msgspec

from ..errors import UsageError

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
PartialShare = Annotated[float, msgspec.Meta(ge=0, lt=1)]
MOST_TRIM = 0.45
"""Of a field's height, at the top and as much at the bottom: something is left."""
Trim = Annotated[float, msgspec.Meta(ge=0, le=MOST_TRIM)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e6)]
Positive = Annotated[float, msgspec.Meta(gt=0, le=1e6)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Number = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]
Rate = Annotated[float, msgspec.Meta(gt=0, le=1)]
"""Bounds that fields are annotated with."""

Kind = TypeVar("Kind")


def checked(kind: type[Kind], name: str, values: Mapping[str, Any], **given: Any) -> Kind:  # noqa: ANN401 - any field's
    """A dataclass of these values; `given` ones are taken as they are.

    Raises UsageError that names section and key where one is unknown, missing, of another type or out of bounds.
    """
    known = {field.name: field for field in fields(kind) if field.name not in given}  # type: ignore[arg-type]
    hints, converted = get_type_hints(kind, include_extras=True), {}
    for key, value in values.items():
        if key not in known:
            raise UsageError(f"{name}.{key} is unknown; there are: {', '.join(known)}")
        try:
            converted[key] = msgspec.convert(value, hints[key], dec_hook=_path)
        except msgspec.ValidationError as error:
            message = str(error).partition(" - at `")[0]
            raise UsageError(f"{name}.{key}: {value!r}: {message[0].lower()}{message[1:]}") from error
    for key, field in known.items():
        if field.default is MISSING and field.default_factory is MISSING and key not in values:
            raise UsageError(f"{name}.{key} is missing")
    return kind(**converted, **given)


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise msgspec.ValidationError(f"Expected `{kind.__name__}`, got `{type(value).__name__}`")
