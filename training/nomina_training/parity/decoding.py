"""Golden vectors of decoding: made-up fields, a language model of made-up names, and what is decoded from them.

Probabilities are multiples of 1/1024 and some are equal on purpose, so that both sides start from the same numbers and
ties are among the cases.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from ..decoding.beam import beam_texts
from ..decoding.calibration import Calibration
from ..decoding.cascade import average_frames
from ..decoding.decoder import Decoder, DecoderSettings
from ..decoding.frames import Frames
from ..decoding.fusion import fusion_of
from ..decoding.language_model import count_texts, estimate
from ..decoding.language_model.model import language_model_bytes, parse_language_model
from ..decoding.views import join_views, view_of
from ..models.charset import Charset
from ..runtime.atomic_files import write_atomically

FILE = "decoding.json"
_CHARSET = (" ", "A", "B", "C", "D")
_NAMES = {"ABBA": 5, "CAB": 4, "BAD": 3, "DAD A": 2, "ACDC": 2, "BCD": 1, "ADA": 6, "DABA": 2}
_SETTINGS: tuple[tuple[int, int | None, float | None, float], ...] = (
    (0, None, None, 0.0),
    (0, 4, None, 0.0),
    (0, 6, 0.5, 0.6),
    (5, 3, 1.0, 1.2),
)
"""Blank, beam, the language model's weight, length bonus."""
_CALIBRATION = {
    "method": "features",
    "bias": 0.25,
    "weights": {"posterior": 0.7, "margin": 0.1, "length": 0.05, "languageModel": 0.4, "weakest": 0.2, "greedy": 0.5,
                "omission": -0.3},
    "points": [[0.1, 0.05], [0.5, 0.4], [0.9, 0.95]],
}  # fmt: skip
_FIELDS = 24


def decoding_vectors() -> dict[str, Any]:
    """All cases with what is expected of them; the same at every call."""
    content = language_model_bytes(*estimate(count_texts(_NAMES, 3), _CHARSET, "kneser-ney", 1), 3, {})
    model = parse_language_model(content)
    random = np.random.default_rng(20)
    texts = [*_NAMES, "", "A", "DDDD", "ABBA CAB", "Z", "AZA"]
    cases = []
    for number in range(_FIELDS):
        blank, beam, weight, bonus = _SETTINGS[number % len(_SETTINGS)]
        charset = Charset(_CHARSET, blank)
        counts = _field(random, tied=number % 3 == 0)
        if charset.blank:  # the blank is the likeliest class wherever it stands
            counts = np.roll(counts, -1, axis=1)
        frames = counts / 1024
        fusion = fusion_of(model, charset, weight, bonus) if weight is not None else None
        decoder = Decoder(charset, DecoderSettings(beam, 0.9), fusion, Calibration(_CALIBRATION))
        reading = decoder.read(frames)
        cases.append({
            "blank": blank,
            "beam": beam,
            "weight": weight,
            "bonus": bonus,
            "frames": counts.tolist(),
            "beams": [charset.decode(t) for t in beam_texts(frames, blank, beam or 8, fusion)],
            "text": reading.text,
            "probability": reading.probability,
            "confidence": reading.confidence,
            "features": reading.features,
            "alternatives": [list(alternative) for alternative in reading.alternatives],
        })  # fmt: skip
    return {
        "charset": list(_CHARSET),
        "calibration": _CALIBRATION,
        "languageModel": base64.b64encode(content).decode(),
        "costs": {text: model.cost(text) for text in texts},
        "cases": cases,
        "averages": _averages([case["frames"] for case in cases]),
        "views": _views(np.random.default_rng(21)),
    }


def _averages(fields: list[list[list[float]]]) -> list[dict[str, Any]]:
    """Of neighbouring cases: what a network and its second one say together."""
    averages = []
    for at, weight in enumerate((0.0, 0.3, 0.5, 0.7, 1.0)):
        frames = average_frames(np.array(fields[at]) / 1024, np.array(fields[at + 1]) / 1024, weight)
        averages.append({"first": at, "second": at + 1, "weight": weight, "frames": frames.tolist()})
    return averages


def _views(random: np.random.Generator) -> list[dict[str, Any]]:
    """Of one field in as many frames as its views have: what they say together."""
    cases = []
    for lengths in ((10, 12), (10, 7), (8, 10, 10), (14, 30, 5), (1, 4), (6, 1)):
        whole = np.concatenate([_field(random, tied=False) for _ in range(3)])
        counts = [_seen_in(random, whole, frames) for frames in lengths]
        frames = join_views([view_of(one / 1024, 0) for one in counts], 0)
        cases.append({"views": [one.tolist() for one in counts], "frames": frames.tolist()})
    return cases


def _seen_in(random: np.random.Generator, whole: Frames, frames: int) -> Frames:
    """The field in so many frames, a little otherwise each time."""
    rows: Frames = whole[np.linspace(0, len(whole) - 1, frames).astype(int)]
    moved = np.minimum(rows[:, 1:], np.floor(random.random((frames, rows.shape[1] - 1)) * 60))
    rows[:, 1:] -= moved
    rows[:, 0] += moved.sum(axis=1)
    return rows


def _field(random: np.random.Generator, tied: bool) -> Frames:
    """[T, 6] whole numbers that sum to 1024 a row; class 0 (the blank) is likely in most rows."""
    rows = []
    for number in range(10):
        weights = random.random(6) ** 4
        if number % 2 == 0:
            weights[0] += 3
        if tied:
            weights[2] = weights[1]
            weights[4] = weights[3]
        counts = np.floor(weights / weights.sum() * 1024)
        counts[0] += 1024 - counts.sum()
        rows.append(counts)
    return np.array(rows)


def write_decoding(folder: Path) -> int:
    """Writes the vectors; the file's size in bytes."""
    content = (json.dumps(decoding_vectors(), separators=(",", ":")) + "\n").encode()
    write_atomically(folder / FILE, content)
    return len(content)


def check_decoding(folder: Path) -> list[str]:
    """What is computed otherwise now, one line each."""
    try:
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        return [f"{folder / FILE}: {error}"]
    now = json.loads(json.dumps(decoding_vectors()))
    problems = [f"decoding: {key} differs" for key in ("charset", "calibration", "languageModel", "costs")
                if stored.get(key) != now[key]]  # fmt: skip
    if len(stored["cases"]) != len(now["cases"]):
        return [*problems, "decoding: other cases"]
    if not _close(stored.get("averages"), now["averages"]):
        problems.append("decoding: averages of two networks differ")
    if not _close(stored.get("views"), now["views"]):
        problems.append("decoding: what several views say together differs")
    for number, (old, new) in enumerate(zip(stored["cases"], now["cases"], strict=True)):
        problems += [f"decoding: {key} of case {number} differs" for key in new if not _close(old.get(key), new[key])]
    return problems


def _close(old: Any, new: Any) -> bool:  # noqa: ANN401 (JSON)
    if isinstance(new, list):
        return isinstance(old, list) and len(old) == len(new) and all(map(_close, old, new))
    if isinstance(new, dict):
        return isinstance(old, dict) and old.keys() == new.keys() and all(_close(old[key], new[key]) for key in new)
    if isinstance(new, float) and isinstance(old, (int, float)):
        return abs(old - new) <= 1e-9
    return bool(old == new)
