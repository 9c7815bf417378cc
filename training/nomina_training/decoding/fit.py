"""Choosing a decoder's weights on development fields, and what each choice gains there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from ..models.charset import Charset
from .beam import beam_texts
from .calibration import calibration_error, cross_fitted, fit_calibration
from .decoder import Decoder, DecoderSettings
from .fusion import fusion_of
from .labelled import Labelled
from .language_model import LanguageModel
from .language_model.model import STEPS
from .posterior import greedy_runs, log_posterior

WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2)
BONUSES = (0.0, 0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 2.7, 3.0, 3.3)
THRESHOLDS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)
OBJECTIVES: dict[str, Callable[[str, str], int]] = {
    "exact": lambda reading, truth: int(reading != truth),
    "cer": Levenshtein.distance,
}
"""What a reading of a truth costs: names are right or wrong, of lines of prose every edit counts."""
_SEARCHED = ((24, 0.3, 0.6), (8, 0.0, 0.0))
"""(width, weight, bonus) of the searches whose texts are weighed up; together they hold what any weight would find."""


@dataclass(frozen=True)
class Found:
    """A candidate text with what both models say of it."""

    text: str
    log_ctc: float
    log_language: float

    def score(self, weight: float, bonus: float) -> float:
        """What fusion ranks by."""
        return self.log_ctc + weight * self.log_language + bonus * len(self.text)


@dataclass(frozen=True)
class Candidates:
    """Of one field; the greedy text is the first."""

    truth: str
    posterior: float
    found: tuple[Found, ...]

    def best(self, weight: float, bonus: float) -> str:
        """The text that these weights choose."""
        return max(self.found, key=lambda found: found.score(weight, bonus)).text


def candidates_of(labelled: Sequence[Labelled], charset: Charset, model: LanguageModel) -> list[Candidates]:
    """Candidates of each field by searches of several weights; fields that greedy reads surely have one."""
    searches = [(width, fusion_of(model, charset, weight, bonus)) for width, weight, bonus in _SEARCHED]
    all_candidates = []
    for field in labelled:
        greedy = tuple(run.index for run in greedy_runs(field.frames, charset.blank))
        posterior = math.exp(log_posterior(greedy, field.frames, charset.blank))
        texts = [greedy]
        if posterior <= max(THRESHOLDS):
            for width, fusion in searches:
                texts += [tuple(text) for text in beam_texts(field.frames, charset.blank, width, fusion)]
        found = tuple(
            Found(
                charset.decode(text),
                log_posterior(text, field.frames, charset.blank),
                -searches[0][1].cost(text) / STEPS,
            )
            for text in dict.fromkeys(texts)
        )
        all_candidates.append(Candidates(field.truth, posterior, found))
    return all_candidates


def figures(readings: Sequence[str], truths: Sequence[str]) -> dict[str, float]:
    """Share read exactly, and edits a character."""
    edits = sum(Levenshtein.distance(reading, truth) for reading, truth in zip(readings, truths, strict=True))
    exact = sum(reading == truth for reading, truth in zip(readings, truths, strict=True))
    return {
        "rows": len(truths),
        "exact": round(exact / max(1, len(truths)), 5),
        "characterErrorRate": round(edits / max(1, sum(map(len, truths))), 5),
    }


def choose_weights(candidates: Sequence[Candidates], objective: str = "exact") -> tuple[float, float]:
    """Weight and bonus of least cost by `OBJECTIVES`, each point averaged with its neighbours: no lucky one wins."""
    cost = OBJECTIVES[objective]
    costs = np.array(
        [[sum(cost(c.best(weight, bonus), c.truth) for c in candidates) for bonus in BONUSES] for weight in WEIGHTS],
        dtype=np.float64,
    )
    padded = np.pad(costs, 1, mode="edge")
    rows, columns = costs.shape
    smooth = sum(padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3))
    row, column = np.unravel_index(int(np.argmin(smooth)), costs.shape)
    return WEIGHTS[int(row)], BONUSES[int(column)]


def choose_threshold(candidates: Sequence[Candidates], searched: Sequence[str], objective: str = "exact") -> float:
    """Above it the greedy text is taken without a search: the lowest that costs at most one field in a thousand, or
    one character. `searched` are the texts that the decoder finds."""
    cost = OBJECTIVES[objective]

    def cost_of(threshold: float) -> int:
        readings = readings_above(threshold, candidates, searched)
        return sum(cost(reading, c.truth) for reading, c in zip(readings, candidates, strict=True))

    units = len(candidates) if objective == "exact" else sum(len(c.truth) for c in candidates)
    most = min(cost_of(threshold) for threshold in THRESHOLDS) + units / 1000
    return next(threshold for threshold in THRESHOLDS if cost_of(threshold) <= most)


def readings_above(threshold: float, candidates: Sequence[Candidates], searched: Sequence[str]) -> list[str]:
    """The greedy text of fields whose posterior is above the threshold, else what was searched."""
    return [
        c.found[0].text if c.posterior > threshold else text for c, text in zip(candidates, searched, strict=True)
    ]


def cross_fitted_readings(
    candidates: Sequence[Candidates], objective: str = "exact", folds: int = 5
) -> list[str]:
    """Each field's text by weights chosen on the other folds: what the choice gains on fields it has not seen."""
    readings = [""] * len(candidates)
    for fold in range(folds):
        others = [candidate for row, candidate in enumerate(candidates) if row % folds != fold]
        if not others:
            continue
        weight, bonus = choose_weights(others, objective)
        for row in range(fold, len(candidates), folds):
            readings[row] = candidates[row].best(weight, bonus)
    return readings


@dataclass(frozen=True)
class Fitted:
    """What goes into the manifest, and the figures that it was chosen by."""

    settings: dict[str, Any]
    report: dict[str, Any]


def fit_decoder(
    labelled: Sequence[Labelled],
    charset: Charset,
    model: LanguageModel,
    beam: int,
    is_inside: Callable[[str], bool],
    objective: str = "exact",
) -> Fitted:
    """Weight, length bonus and threshold; the report is of the decoder itself with these settings."""
    candidates = candidates_of(labelled, charset, model)
    weight, bonus = choose_weights(candidates, objective)
    fused = Decoder(charset, DecoderSettings(beam, max(THRESHOLDS)), fusion_of(model, charset, weight, bonus), None)
    searched = [fused.read(field.frames).text for field in labelled]
    threshold = choose_threshold(candidates, searched, objective)
    settings = {"beam": beam, "greedyAbove": threshold, "weight": weight, "lengthBonus": bonus}
    truths = [field.truth for field in labelled]
    plain = Decoder(charset, DecoderSettings(beam, threshold), None, None)
    ways = {
        "greedy": [c.found[0].text for c in candidates],
        "beam": [plain.read(field.frames).text for field in labelled],
        "beam and language model": readings_above(threshold, candidates, searched),
    }
    ways["cross-fitted"] = cross_fitted_readings(candidates, objective)
    inside = [is_inside(truth) for truth in truths]
    report: dict[str, Any] = {
        "searched": round(sum(c.posterior <= threshold for c in candidates) / max(1, len(candidates)), 4)
    }
    for way, readings in ways.items():
        report[way] = figures(readings, truths)
        for name, wanted in (("inside the list", True), ("outside the list", False)):
            rows = [row for row, is_in in enumerate(inside) if is_in == wanted]
            report[way][name] = figures([readings[row] for row in rows], [truths[row] for row in rows])
    return Fitted(settings, report)


def fit_confidence(labelled: Sequence[Labelled], decoder: Decoder) -> Fitted:
    """A calibration from the decoder's features; its error is of five folds, each by a fit on the other four."""
    readings = [decoder.read(field.frames) for field in labelled]
    features = np.array([reading.features for reading in readings], dtype=np.float64)
    right = np.array([reading.text == field.truth for reading, field in zip(readings, labelled, strict=True)])
    before = np.array([reading.probability for reading in readings])
    confidences = cross_fitted(features, right)
    texts, truths = [reading.text for reading in readings], [field.truth for field in labelled]
    report: dict[str, Any] = {
        **figures(texts, truths),
        "errorBefore": round(calibration_error(before, right), 5),
        "error": round(calibration_error(confidences, right), 5),
        "acceptedAt99": accepted_at(confidences, right, 0.99),
        "meanConfidence": round(float(confidences.mean()), 5),
    }
    return Fitted({**fit_calibration(features, right), "rows": len(labelled)}, report)


def accepted_at(confidences: np.typing.NDArray[np.float64], right: np.typing.NDArray[np.bool_], least: float) -> float:
    """The largest share of the most confident fields of which at least `least` are right."""
    order = np.argsort(-confidences, kind="stable")
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(accuracy >= least)
    return round(float((good[-1] + 1) / len(order)), 4) if len(good) else 0.0
