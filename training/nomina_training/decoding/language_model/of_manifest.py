"""Files that a manifest names besides the network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ...errors import UsageError
from ...models.manifest import Manifest
from . import LanguageModel, read_language_model


def language_model_of(manifest: Manifest) -> LanguageModel | None:
    """The manifest's language model; None where it names none.

    Raises UsageError where the file is missing, is none, or is another than the manifest says.
    """
    described = _described(manifest)
    if not described:
        return None
    language_model_file(manifest)
    return read_language_model(manifest.model.parent / described["file"])


def language_model_file(manifest: Manifest) -> bytes:
    """Its bytes; raises UsageError where the manifest names none, or the file is missing or another."""
    described = _described(manifest)
    if not described:
        raise UsageError(f"{manifest.id} names no language model")
    path = manifest.model.parent / described["file"]
    try:
        content: bytes = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error}") from error
    if hashlib.sha256(content).hexdigest() != described["sha256"]:
        raise UsageError(f"{path}: another file than the manifest's decoder.languageModel.sha256 says")
    return content


def _described(manifest: Manifest) -> Mapping[str, Any]:
    return (manifest.raw.get("decoder") or {}).get("languageModel") or {}
