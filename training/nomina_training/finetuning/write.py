"""A generation as files that the app takes: ONNX, language model, second network, card, and the manifest last."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import torch

from ..data.pictures import BROKEN, Picture
from ..data.samples import Sample
from ..decoding.cascade import cascade_of
from ..decoding.fit import figures
from ..decoding.language_model import count_texts
from ..decoding.language_model.mix import mix_language_model, share_of
from ..decoding.language_model.of_manifest import language_model_file
from ..errors import UsageError
from ..export.fit_manifest import with_calibration, with_decoder, write_manifest
from ..export.model_card import card
from ..export.model_files import OUTPUT
from ..export.onnx_file import onnx_bytes
from ..inference.text_reader import open_reader, read_texts
from ..models.manifest import WidthRange, read_manifest
from ..models.onnx_check import check_against
from ..runtime.atomic_files import write_atomically
from .base import OWN_ROWS
from .fine_tune import ENOUGH_JUDGES, Generation
from .rows import clean_text

ENOUGH_TO_FIT = 200
"""Judges that decoder and calibration are fitted on; with fewer they are carried over, which did better on 64."""
_IDENTIFIER = re.compile(r"\w[\w.-]{0,99}")

Fields = list[tuple[Picture, str]]


def write_generation(
    generation: Generation,
    folder: Path,
    identifier: str,
    title: str | None = None,
    judges: Sequence[Sample] = (),
    threads: int = 1,
) -> Path:
    """The manifest's path. What hangs on the network is the base's, its language model mixed with the rows' texts;
    judges, where there are enough, decide whether the second network stays, and fit decoder and calibration.

    Raises UsageError where the identifier can't be one, or its files are the base's own.
    """
    base = generation.base.manifest
    path = folder / f"{identifier}.json"
    if not _IDENTIFIER.fullmatch(identifier):
        raise UsageError(f'"{identifier}": a model\'s name has letters, digits, ".", "_" and "-" alone')
    if path.parent.resolve() == base.model.parent.resolve() and identifier == base.id:
        raise UsageError(f"{path}: is the base itself: choose another folder or name")
    network = generation.network()
    content = onnx_bytes(network, base.input, OUTPUT)
    difference = check_against(network, content, base.input)
    raw = _manifest(generation, identifier, title, content, difference)
    write_atomically(folder / raw["file"], content)
    if (raw.get("decoder") or {}).get("languageModel"):
        raw["decoder"] = _with_language_model(generation, folder, identifier, raw["decoder"])
    if raw.get("cascade"):
        raw["cascade"] = _with_second_network(generation, folder, identifier, raw["cascade"])
    write_manifest(path, raw)
    fields = _fields(generation, judges)
    if len(fields) >= ENOUGH_JUDGES:
        raw = _judged(path, fields, threads)
    write_atomically(path.with_suffix(".md"), card(raw, _data(generation), _how(generation)).encode())
    return path


def _manifest(
    generation: Generation, identifier: str, title: str | None, content: bytes, difference: float
) -> dict[str, Any]:
    """The base's, with what is new."""
    base, tuning = generation.base, generation.tuning
    earlier = base.manifest.raw
    left = ("weights", "externalData", "metrics", "version", "replaces")
    raw = {key: value for key, value in earlier.items() if key not in left}
    if generation.charset != base.manifest.charset:
        raw.pop("cascade", None)
    digests = {sample.digest for sample in generation.rows}
    return raw | {
        "id": identifier,
        "title": title or f"{earlier['title']}, {identifier}",
        "file": f"{identifier}.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "base": {"id": base.manifest.id, "hash": base.hash},
        "trainedOn": {
            "rows": len(generation.rows),
            "images": sorted(digests | set((earlier.get("trainedOn") or {}).get("images", []))),
            "read": sorted({sample.digest for sample in generation.read}),
            "sources": sorted({sample.source for sample in generation.rows if sample.source}),
        },
        "output": {
            "name": OUTPUT,
            "layout": "NTC",
            "activation": "logits",
            "frames": base.kind.frames(base.manifest.input),
        },
        "charset": list(generation.charset.characters),
        "blank": generation.charset.blank,
        "training": {
            "architecture": base.kind.name,
            "settings": earlier["training"].get("settings", {}),
            "epochs": generation.epoch,
            "epochsPlanned": tuning.epochs,
            "learningRate": tuning.learning_rate,
            "rows": len(generation.rows),
            "dropped": dict(generation.dropped),
            "seed": tuning.seed,
            "trainedIn": tuning.precision,
            "torch": torch.__version__,
            "exported": datetime.now(timezone.utc).date().isoformat(),
            "precision": "fp32",
            "largestDifferenceFromPyTorch": float(f"{difference:.1e}"),
            "parameters": sum(weights.numel() for weights in generation.network().parameters()),
            "carriedOver": [key for key in ("decoder", "cascade", "calibration") if raw.get(key)],
        },
        "metrics": {
            OWN_ROWS: {
                "rows": len(generation.rows), "decoder": "greedy", "characterErrorRate": round(generation.before, 5),
            }
        },
    }  # fmt: skip


def _with_language_model(
    generation: Generation, folder: Path, identifier: str, decoder: dict[str, Any]
) -> dict[str, Any]:
    """The decoder with the base's model and the rows' texts as one."""
    base, texts = generation.base.manifest, [sample.text for sample in generation.rows if sample.text]
    content = language_model_file(base)
    counts = count_texts({text: texts.count(text) for text in dict.fromkeys(texts)}, order=_order(content))
    mixed = mix_language_model(content, counts, generation.charset.characters, share_of(texts))
    file = f"{identifier}.lm"
    write_atomically(folder / file, mixed)
    described = decoder["languageModel"] | {"file": file, "sha256": hashlib.sha256(mixed).hexdigest()}
    return decoder | {"languageModel": described}


def _order(content: bytes) -> int:
    from ..decoding.language_model.model import parse_language_model

    return parse_language_model(content).order


def _with_second_network(
    generation: Generation, folder: Path, identifier: str, described: dict[str, Any]
) -> dict[str, Any]:
    cascade = cascade_of(generation.base.manifest)
    assert cascade is not None
    file = f"{identifier}-second.onnx"
    write_atomically(folder / file, cascade.second.model.read_bytes())
    return described | {"file": file}


def _fields(generation: Generation, judges: Sequence[Sample]) -> Fields:
    """Judges whose pictures can be read, with what the model should write."""
    fields: Fields = []
    for judge in judges:
        try:
            judge.picture.grey()
        except BROKEN:
            continue
        fields.append((judge.picture, clean_text(generation.base, judge.text)))
    return fields


def _judged(path: Path, fields: Fields, threads: int) -> dict[str, Any]:
    """The manifest as the judges like it best, written."""
    manifest = read_manifest(path)
    raw = dict(manifest.raw)
    if raw.get("cascade"):
        alone = {key: value for key, value in raw.items() if key != "cascade"}
        with_second, _ = _error(path, fields, threads)
        write_manifest(path, alone)
        without, _ = _error(path, fields, threads)
        raw = raw if with_second <= without else alone
        write_manifest(path, raw)
    if len(fields) >= ENOUGH_TO_FIT:
        if (raw.get("decoder") or {}).get("languageModel") and not raw.get("cascade"):
            objective = "cer" if isinstance(manifest.input.width, WidthRange) else "exact"
            beam = raw["decoder"].get("beam", 8)
            raw, _ = with_decoder(read_manifest(path), fields, beam=beam, objective=objective, threads=threads)
            write_manifest(path, raw)
        raw, _ = with_calibration(read_manifest(path), fields, threads)
        fitted = ("calibration",) if raw.get("cascade") else ("decoder", "calibration")
        raw["training"]["carriedOver"] = [key for key in raw["training"]["carriedOver"] if key not in fitted]
        write_manifest(path, raw)
    _, measured = _error(path, fields, threads)
    raw["metrics"] = raw["metrics"] | {"judges": {"decoder": "as it reads", **measured}}
    write_manifest(path, raw)
    return raw


def _error(path: Path, fields: Fields, threads: int) -> tuple[float, dict[str, float]]:
    """CER of the model as it reads, and all figures."""
    reader = open_reader(path, threads)
    readings = [text.text for text in read_texts(reader, (picture.grey() for picture, _ in fields))]
    measured = figures(readings, [text for _, text in fields])
    return measured["characterErrorRate"], measured


def _data(generation: Generation) -> str:
    dropped = ", ".join(f"{count} {reason}" for reason, count in generation.dropped.items()) or "none"
    base = generation.base.manifest.id
    return f"{len(generation.rows)} rows of its own, on top of what `{base}` was trained on. Left out: {dropped}."


def _how(generation: Generation) -> str:
    tuning, base = generation.tuning, generation.base
    return (
        f"Fine-tuned from `{base.manifest.id}` (`{base.hash[:12]}`): {generation.epoch} epochs of "
        f"{tuning.epochs} planned, {tuning.optimiser}, {tuning.schedule} to {tuning.learning_rate:g}, batch "
        f"{tuning.batch_size}, seed {tuning.seed}, {tuning.precision}, PyTorch {torch.__version__}."
    )
