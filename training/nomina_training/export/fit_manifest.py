"""What is fitted on development fields, laid into an exported model's manifest.

Each function takes the model as it is and gives its manifest anew with the figures it was chosen by; `write_manifest`
keeps it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..data.pictures import Picture
from ..decoding.decoder import Decoder
from ..decoding.fit import Fitted, fit_confidence, fit_decoder
from ..decoding.fit_cascade import fit_cascade
from ..decoding.fit_list import NameList, fit_list
from ..decoding.labelled import refuse_foreign
from ..decoding.language_model import read_language_model
from ..decoding.language_model.of_manifest import language_model_of
from ..errors import UsageError
from ..inference.labelled_frames import read_labelled
from ..models.manifest import Manifest
from ..runtime.atomic_files import file_digest, write_atomically

Fields = Sequence[tuple[Picture, str]]
"""Pictures with their true texts."""


def with_decoder(
    manifest: Manifest,
    fields: Fields,
    language_model: Path | None = None,
    beam: int = 8,
    is_inside: Callable[[str], bool] = lambda _: False,
    objective: str = "exact",
    threads: int = 1,
) -> tuple[dict[str, Any], Fitted]:
    """Beam, threshold and the language model's weight; the model is a file beside the manifest, or the manifest's own.

    A cascade and a calibration belong to the decoder that they were fitted with and are left out. Raises UsageError.
    """
    folder = manifest.model.parent
    if language_model and language_model.resolve().parent != folder.resolve():
        raise UsageError(f"{language_model}: must lie beside {folder / manifest.id}.json")
    alone = _without(manifest, "cascade")
    model = read_language_model(language_model) if language_model else language_model_of(alone)
    if model is None:
        raise UsageError(f"{manifest.id} names no language model: give --language-model")
    labelled = read_labelled(alone, fields, threads)
    refuse_foreign(labelled, alone.charset)
    fitted = fit_decoder(labelled, alone.charset, model, beam, is_inside, objective)
    before: dict[str, Any] = alone.raw.get("decoder") or {}
    name = language_model.name if language_model else before["languageModel"]["file"]
    chosen = fitted.settings
    decoder = {
        **before,
        "beam": chosen["beam"],
        "greedyAbove": chosen["greedyAbove"],
        "languageModel": {
            "file": name,
            "sha256": file_digest(folder / name),
            "weight": chosen["weight"],
            "lengthBonus": chosen["lengthBonus"],
        },
    }
    raw = {**alone.raw, "decoder": decoder, "calibration": {}}
    return _with_metrics(raw, "devDecoder", fitted.report), fitted


def with_cascade(
    manifest: Manifest, second: Manifest, fields: Fields, share: float, objective: str = "exact", threads: int = 1
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The manifest with a second network for `share` of the fields, and the report; its file is put beside the first.

    A calibration belongs to what it was fitted with and is left out. Raises UsageError where the two don't go together.
    """
    first, second = _without(manifest, "cascade"), _without(second, "cascade")
    if second.charset != first.charset:
        raise UsageError(f"{second.id}: another charset than {first.id} has")
    if not (isinstance(first.input.width, int) and isinstance(second.input.width, int)):
        raise UsageError("a cascade needs inputs of a fixed width")
    if (first.input.fit, first.input.align) != (second.input.fit, second.input.align):
        raise UsageError(f"{second.id}: input.fit and input.align must be those of {first.id}")
    beside = first.model.parent / second.model.name
    if beside.exists() and beside.read_bytes() != second.model.read_bytes():
        raise UsageError(f"{beside}: there is another file of that name, give {second.model} another name first")
    own = [field.frames for field in read_labelled(second, fields, threads)]
    labelled = read_labelled(first, fields, threads)
    fitted = fit_cascade(labelled, own, Decoder.of_manifest(first), share, objective)
    described = {
        "file": second.model.name,
        "sha256": hashlib.sha256(second.model.read_bytes()).hexdigest(),
        "input": second.raw["input"],
        "output": second.raw["output"],
        "below": fitted.below,
        "weight": fitted.weight,
        "training": second.raw.get("training", {}),
    }
    raw = {**first.raw, "cascade": described, "calibration": {}}
    return _with_metrics(raw, "devCascade", fitted.report), fitted.report


def with_list(
    manifest: Manifest, fields: Fields, listed: Mapping[str, int], threads: int = 1
) -> tuple[dict[str, Any], dict[str, object]]:
    """The manifest with how much an imported list counts, and the report; the fields' own texts are taken out first."""
    model = language_model_of(manifest)
    if model is None:
        raise UsageError(f"{manifest.id} names no language model: run fit-decoder first")
    labelled = read_labelled(manifest, fields, threads)
    names = NameList.without(listed, [field.truth for field in labelled])
    own = manifest.raw["decoder"]["languageModel"]
    chosen, report = fit_list(labelled, manifest.charset, model, names, own["weight"], own["lengthBonus"])
    raw = {**manifest.raw, "decoder": {**manifest.raw["decoder"], "lexicon": chosen}}
    return _with_metrics(raw, "devList", report), report


def with_calibration(manifest: Manifest, fields: Fields, threads: int = 1) -> tuple[dict[str, Any], Fitted]:
    """The manifest with how sure its readings are, and the figures."""
    decoder = Decoder.of_manifest(manifest)
    decoder.calibration = None
    fitted = fit_confidence(read_labelled(manifest, fields, threads), decoder)
    return _with_metrics({**manifest.raw, "calibration": fitted.settings}, "devCalibration", fitted.report), fitted


def write_manifest(path: Path, raw: Mapping[str, Any]) -> None:
    """A manifest as all of them are written."""
    write_atomically(path, (json.dumps(raw, indent=2, ensure_ascii=False) + "\n").encode())


def _without(manifest: Manifest, key: str) -> Manifest:
    return replace(manifest, raw={name: value for name, value in manifest.raw.items() if name != key})


def _with_metrics(raw: dict[str, Any], key: str, report: Mapping[str, Any]) -> dict[str, Any]:
    return {**raw, "metrics": {**(raw.get("metrics") or {}), key: report}}
