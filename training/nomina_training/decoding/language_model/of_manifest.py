"""Files that a manifest names besides the network."""

from __future__ import annotations

import hashlib

from ...errors import UsageError
from ...models.manifest import Manifest
from . import LanguageModel, read_language_model


def language_model_of(manifest: Manifest) -> LanguageModel | None:
    """The manifest's language model; None where it names none.

    Raises UsageError where the file is missing, is none, or is another than the manifest says.
    """
    described = (manifest.raw.get("decoder") or {}).get("languageModel")
    if not described:
        return None
    path = manifest.model.parent / described["file"]
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: {error}") from error
    if digest != described["sha256"]:
        raise UsageError(f"{path}: another file than the manifest's decoder.languageModel.sha256 says")
    return read_language_model(path)
