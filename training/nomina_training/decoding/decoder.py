"""One field's scores to a reading, as the manifest's `decoder` and `calibration` say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import UsageError
from ..models.charset import Charset
from ..models.manifest import Manifest
from .beam import beam_texts
from .calibration import Calibration, calibration_of
from .features import features_of
from .frames import Frames
from .fusion import Fusion, fusion_of
from .language_model.model import STEPS
from .language_model.of_manifest import language_model_of
from .posterior import align, greedy_runs, log_posterior

SURE = 0.98
MOST_ALTERNATIVES = 5
LEAST_PROBABILITY = 1e-4


@dataclass(frozen=True)
class DecoderSettings:
    """`beam` None: the greedy text always stays first. `greedy_above`: a surer greedy text is taken as it is."""

    beam: int | None = None
    greedy_above: float = SURE


@dataclass(frozen=True)
class Candidate:
    """A text with the logarithm of its CTC probability, what is laid over it, and its share of all (`share_out`)."""

    text: tuple[int, ...]
    log_probability: float
    log_factor: float
    per_character: float
    probability: float = 0.0


@dataclass(frozen=True)
class Reading:
    """What is read; `alternatives` are (text, probability), best first, the text itself among them."""

    text: str
    probability: float
    confidence: float
    features: list[float]
    alternatives: list[tuple[str, float]] = field(default_factory=list)


class Decoder:
    """Decodes fields one at a time."""

    def __init__(
        self, charset: Charset, settings: DecoderSettings, fusion: Fusion | None, calibration: Calibration | None
    ) -> None:
        self.charset, self.settings, self.fusion, self.calibration = charset, settings, fusion, calibration

    @classmethod
    def of_manifest(cls, manifest: Manifest) -> Decoder:
        """Raises UsageError where the language model is missing or another file than the manifest says."""
        described: dict[str, Any] = manifest.raw.get("decoder") or {}
        settings = DecoderSettings(described.get("beam"), described.get("greedyAbove", SURE))
        model = language_model_of(manifest)
        fusion = None
        if model:
            named = described["languageModel"]
            fusion = fusion_of(model, manifest.charset, float(named["weight"]), float(named["lengthBonus"]))
        return cls(manifest.charset, settings, fusion, calibration_of(manifest.raw.get("calibration")))

    def read(self, frames: Frames) -> Reading:
        """`frames` [T, C] are probabilities."""
        if frames.shape[-1] != self.charset.class_count:
            raise UsageError(f"{frames.shape[-1]} classes for a charset of {self.charset.class_count}")
        blank = self.charset.blank
        runs = greedy_runs(frames, blank)
        greedy = tuple(run.index for run in runs)
        posterior = min(1.0, math.exp(log_posterior(greedy, frames, blank)))
        texts: list[Sequence[int]] = [greedy]
        if posterior <= self.settings.greedy_above:
            found = beam_texts(frames, blank, self.settings.beam or 8, self.fusion)
            texts = [*found] if list(greedy) in found else [*found, greedy]
        candidates = rank_texts(texts, frames, blank, self.fusion)
        chosen = candidates[0]
        if self.settings.beam is None:
            chosen = next(candidate for candidate in candidates if candidate.text == greedy)
        others = [candidate for candidate in candidates if candidate is not chosen]
        is_greedy = chosen.text == greedy
        unseen = 1 - sum(candidate.probability for candidate in candidates)
        second = max(others[0].probability if others else 0.0, unseen)
        chosen_runs = runs if is_greedy else align(chosen.text, frames, blank)
        features = features_of(
            chosen.probability, second, chosen_runs, chosen.per_character, is_greedy, frames, blank
        )
        confidence = chosen.probability
        if self.calibration:
            confidence = self.calibration.apply(chosen.probability, features)
        share = (1 - confidence) / (1 - chosen.probability) if self.calibration and chosen.probability < 1 else 1.0
        text = self.charset.decode(chosen.text)
        alternatives = [
            (self.charset.decode(other.text), other.probability * share)
            for other in others
            if other.probability >= LEAST_PROBABILITY
        ][: MOST_ALTERNATIVES - 1]
        first = [(text, confidence)] if alternatives else []
        return Reading(text, chosen.probability, confidence, features, first + alternatives)


def rank_texts(texts: Sequence[Sequence[int]], frames: Frames, blank: int, fusion: Fusion | None) -> list[Candidate]:
    """Best first; of equals the one given first."""
    candidates = []
    for text in texts:
        log = -fusion.cost(text) / STEPS if fusion else 0.0
        factor = log * fusion.weight + len(text) * fusion.length_bonus if fusion else 0.0
        candidates.append(
            Candidate(tuple(text), log_posterior(text, frames, blank), factor, log / (len(text) + 1))
        )
    return share_out(candidates)


def share_out(candidates: Sequence[Candidate]) -> list[Candidate]:
    """P(i) = p(i) g(i) / sum(p g) x sum(p): what is left of the CTC probabilities p stays with "something else"."""
    highest = max(candidate.log_factor for candidate in candidates)
    probabilities = [math.exp(candidate.log_probability) for candidate in candidates]
    weights = [
        probability * math.exp(candidate.log_factor - highest)
        for probability, candidate in zip(probabilities, candidates, strict=True)
    ]
    total = sum(weights)
    scale = min(1.0, sum(probabilities)) / total if total > 0 else 0.0
    shared = [
        Candidate(c.text, c.log_probability, c.log_factor, c.per_character, min(1.0, weight * scale))
        for c, weight in zip(candidates, weights, strict=True)
    ]
    return sorted(shared, key=lambda candidate: -candidate.probability)
