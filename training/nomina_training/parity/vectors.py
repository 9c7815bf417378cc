"""Writing and checking the golden vectors. The images are drawn once; a check reads the stored ones."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..decoding.frames import probabilities_of
from ..errors import UsageError
from ..images.grey import Grey, read_grey
from ..images.preprocessing import prepare_pixels, preprocess
from ..inference.ctc_network import ExportedRecogniser
from ..inference.read_again import read_again_of
from ..models.manifest import InputSpec, Manifest, WidthRange, input_from_json
from ..runtime.atomic_files import write_atomically
from .decoding import check_decoding, write_decoding
from .drawings import drawn_images

TOLERANCE = {"pixels": 0, "logits": 0.01, "texts": 0.995}
_LOGIT_IMAGES = range(0, 96, 4)
_STRIDE = 7
"""Manifests other than the model's own take every seventh image, each from another start."""
_BOX = InputSpec(fit="box", resample="bilinear", align="left", pad=255, invert=True)


def other_inputs() -> dict[str, InputSpec]:
    """The manifests beside the model's own: together they use every option at least once."""
    ranged = WidthRange(64, 512, 8)
    return {
        "box-left-lanczos": replace(_BOX, resample="lanczos"),
        "box-centre-otsu": replace(_BOX, align="centre", binarise="otsu", pad=128),
        "open": replace(_BOX, height=48, width=192, morphology="open", pad=0, invert=False),
        "close": replace(_BOX, height=64, width=256, fit="stretch", morphology="close", resample="lanczos"),
        "variable-box": replace(_BOX, width=ranged),
        "variable-stretch": replace(_BOX, height=48, width=WidthRange(50, 300, 16), fit="stretch", align="centre"),
        "mean-std": replace(_BOX, height=40, width=160, mean=0.1307, std=0.3081),
        "trimmed": replace(_BOX, width=ranged, trim=0.1),
        "trimmed-otsu": replace(_BOX, trim=0.3, binarise="otsu"),
        "otsu-close-lanczos": replace(_BOX, binarise="otsu", morphology="close", resample="lanczos", align="centre"),
    }


def write_golden(folder: Path, manifest: Manifest) -> int:
    """Draw, compute and write everything (index last); the folder's size in bytes."""
    names, files = zip(*drawn_images(), strict=True)
    computed = _compute(list(files), manifest)
    offsets = np.cumsum([0, *map(len, files)])
    index = {
        "version": 1,
        "model": {"id": manifest.id, "sha256": _digest(manifest.model.read_bytes())},
        "tolerance": TOLERANCE,
        "images": [
            {"name": name, "offset": int(offset), "length": len(file), **facts}
            for name, offset, file, facts in zip(names, offsets, files, computed.pop("facts"), strict=False)
        ],
    }
    pixels, logits = computed.pop("pixel_bytes"), computed.pop("logit_bytes")
    parts = {
        "images.bin": b"".join(files),
        "pixels.bin.gz": gzip.compress(pixels, 9, mtime=0),
        "logits.bin": logits,
        "golden.json": (json.dumps(index | computed, separators=(",", ":")) + "\n").encode(),
    }
    for name, content in parts.items():
        write_atomically(folder / name, content)
    return sum(map(len, parts.values())) + write_decoding(folder)


def check_golden(folder: Path, manifest: Manifest) -> list[str]:
    """Recompute from the stored images; what differs, one line each (none where all is well)."""
    try:
        index = json.loads((folder / "golden.json").read_text())
        images = (folder / "images.bin").read_bytes()
        pixels = gzip.decompress((folder / "pixels.bin.gz").read_bytes())
        logits = np.frombuffer((folder / "logits.bin").read_bytes(), "<f4")
    except (OSError, EOFError, json.JSONDecodeError) as error:
        raise UsageError(f"{folder}: no golden vectors: {error}") from error
    files = [images[entry["offset"] : entry["offset"] + entry["length"]] for entry in index["images"]]
    computed = _compute(files, manifest)
    problems = []
    if index["model"]["sha256"] != _digest(manifest.model.read_bytes()):
        problems.append("the model is another file than the vectors were made with")
    for entry, facts in zip(index["images"], computed["facts"], strict=True):
        if entry["grey"] != facts["grey"]:
            problems.append(f"grey of {entry['name']} differs")
    stored_inputs = [input_from_json(entry["input"]) for entry in index["manifests"]]
    if stored_inputs != [input_from_json(entry["input"]) for entry in computed["manifests"]]:
        problems.append("the manifests differ")
    for old, new in zip(index["pixels"], computed["pixels"], strict=True):
        if old != new or _slice(pixels, old) != _slice(computed["pixel_bytes"], new):
            name = index["images"][old["image"]]["name"]
            problems.append(f"pixels of {name} for {old['manifest']} differ")
    now = np.frombuffer(computed["logit_bytes"], "<f4")
    difference = float(np.abs(logits - now).max()) if logits.shape == now.shape else float("inf")
    if not difference <= index["tolerance"]["logits"]:
        problems.append(f"logits differ by up to {difference:.3g}")
    same = np.mean([old == new for old, new in zip(index["texts"], computed["texts"], strict=True)])
    if same < index["tolerance"]["texts"]:
        problems.append(f"only {same:.1%} of the texts are equal")
    return problems + check_decoding(folder)


def _compute(files: list[bytes], manifest: Manifest) -> dict[str, Any]:
    """All expectations for image files: facts, manifests, pixels, logits, texts and their bytes."""
    greys = [read_grey(file) for file in files]
    inputs = {manifest.id: manifest.input, **other_inputs()}
    expected, chunks, offset = [], [], 0
    for number, (name, spec) in enumerate(inputs.items()):
        for image in range(len(greys)) if number == 0 else range(number - 1, len(greys), _STRIDE):
            prepared = prepare_pixels(greys[image], spec)
            height, width = prepared.shape
            expected.append({"manifest": name, "image": image, "width": width, "height": height,
                             "offset": offset, "length": prepared.size})
            chunks.append(prepared.tobytes())
            offset += prepared.size
    recogniser = ExportedRecogniser(manifest, threads=1)
    # Every image in a batch of its own.
    logits = [recogniser.scores(preprocess(grey, manifest.input)[np.newaxis])[0] for grey in greys]
    kept = [np.round(logits[image], 4).astype("<f4") for image in _LOGIT_IMAGES]
    length = kept[0].nbytes
    return {
        "facts": [_facts(file, grey) for file, grey in zip(files, greys, strict=True)],
        "manifests": [{"name": name, "input": spec.as_json()} for name, spec in inputs.items()],
        "pixels": expected,
        "pixel_bytes": b"".join(chunks),
        "logits": [
            {"image": image, "frames": len(value), "classes": value.shape[1], "offset": at * length, "length": length}
            for at, (image, value) in enumerate(zip(_LOGIT_IMAGES, kept, strict=True))
        ],
        "logit_bytes": b"".join(value.tobytes() for value in kept),
        "texts": _texts(logits, greys, recogniser),
    }


def _texts(logits: list[npt.NDArray[np.float32]], greys: list[Grey], recogniser: ExportedRecogniser) -> list[str]:
    """As the manifest says they are read: decoder, and what reads again where there is something."""
    decoder, again = recogniser.decoder, read_again_of(recogniser)
    frames = [probabilities_of(value, recogniser.manifest.raw["output"]["activation"]) for value in logits]
    if again:
        frames = again.ask(frames, greys, decoder)
    return [decoder.read(field).text for field in frames]


def _facts(file: bytes, grey: Grey) -> dict[str, Any]:
    with Image.open(io.BytesIO(file)) as image:
        mode = image.mode
    return {"width": grey.shape[1], "height": grey.shape[0], "mode": mode, "grey": _digest(grey.tobytes())}


def _slice(content: bytes, entry: dict[str, int]) -> bytes:
    return content[entry["offset"] : entry["offset"] + entry["length"]]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
