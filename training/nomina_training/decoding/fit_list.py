"""How much a text counts for being in an imported list: chosen on development fields, with what it gains and breaks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ..errors import UsageError
from ..models.charset import Charset
from .fit import Candidates, Found, candidates_of, figures
from .labelled import Labelled
from .language_model import LanguageModel
from .language_model.model import STEPS
from .posterior import log_posterior

SHARES = (0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95)
WEIGHTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
UNSEEN_NAMES = 1000
"""As if so many names outside the list had been counted too (src/core/lexicon/prior.ts)."""
_NEAR = 2
_MOST_NEAR = 30


@dataclass(frozen=True)
class NameList:
    """Names with counts."""

    counts: Mapping[str, int]
    total: int

    @classmethod
    def without(cls, counts: Mapping[str, int], texts: Sequence[str]) -> NameList:
        """Less one for each text that must not be known; names that are left without a count are gone."""
        removed = Counter(texts)
        left = {name: count - removed[name] for name, count in counts.items() if count > removed[name]}
        if not left:
            raise UsageError("the list holds no names but the development fields' own")
        return cls(left, sum(left.values()))

    def share(self, text: str) -> float:
        """Its part of the list."""
        return self.counts.get(text, 0) / (self.total + UNSEEN_NAMES)


def factor(found: Found, names: NameList, share: float, weight: float, bonus: float) -> float:
    """What is laid over the CTC probability, as a logarithm."""
    mixed = (1 - share) * math.exp(found.log_language) + share * names.share(found.text)
    return weight * math.log(max(mixed, 5e-324)) + bonus * len(found.text)


def fit_list(
    labelled: Sequence[Labelled], charset: Charset, model: LanguageModel, names: NameList, weight: float, bonus: float
) -> tuple[dict[str, float], dict[str, object]]:
    """(`decoder.lexicon`, report); held against the language model alone, at `weight` and `bonus`."""
    candidates = [_with_names(c, f, charset, model, names) for c, f in zip(
        candidates_of(labelled, charset, model), labelled, strict=True)]  # fmt: skip
    truths = [candidate.truth for candidate in candidates]
    before = [candidate.best(weight, bonus) for candidate in candidates]

    def readings(share: float, list_weight: float) -> list[str]:
        return [
            max(c.found, key=lambda f: f.log_ctc + factor(f, names, share, list_weight, bonus)).text
            for c in candidates
        ]

    def right(share: float, list_weight: float) -> int:
        return sum(text == truth for text, truth in zip(readings(share, list_weight), truths, strict=True))

    grid = {(share, list_weight): right(share, list_weight) for share in SHARES for list_weight in WEIGHTS}
    share, list_weight = max(grid, key=lambda point: (_smooth(grid, point), -point[0], -point[1]))
    after = readings(share, list_weight)
    changed = [(b, a, t) for b, a, t in zip(before, after, truths, strict=True) if b != a]
    inside = [names.share(truth) > 0 for truth in truths]
    report: dict[str, object] = {
        "languageModel": figures(before, truths),
        "languageModelAndList": figures(after, truths),
        "gained": sum(a == t for _, a, t in changed),
        "broken": sum(b == t for b, _, t in changed),
    }
    for name, wanted in (("inside the list", True), ("outside the list", False)):
        rows = [row for row, is_in in enumerate(inside) if is_in == wanted]
        report[name] = {
            "before": figures([before[row] for row in rows], [truths[row] for row in rows]),
            "after": figures([after[row] for row in rows], [truths[row] for row in rows]),
        }
    return {"share": share, "weight": list_weight}, report


def _smooth(grid: Mapping[tuple[float, float], int], point: tuple[float, float]) -> float:
    """Mean of a point and its neighbours: no lucky one wins."""
    row, column = SHARES.index(point[0]), WEIGHTS.index(point[1])
    near = [
        grid[SHARES[i], WEIGHTS[j]]
        for i in range(max(0, row - 1), min(len(SHARES), row + 2))
        for j in range(max(0, column - 1), min(len(WEIGHTS), column + 2))
    ]
    return sum(near) / len(near)


def _with_names(
    candidates: Candidates, field: Labelled, charset: Charset, model: LanguageModel, names: NameList
) -> Candidates:
    """The candidates and the list's names that are near to the best of them."""
    known = {found.text for found in candidates.found}
    best = sorted(candidates.found, key=lambda found: -found.score(0.3, 0.6))[:3]
    near = {
        name
        for found in best
        for name, _, _ in process.extract(
            found.text, names.counts.keys(), scorer=Levenshtein.distance, score_cutoff=_NEAR, limit=_MOST_NEAR
        )
    }
    added = [
        Found(name, log_posterior(charset.encode(name), field.frames, charset.blank), -model.cost(name) / STEPS)
        for name in sorted(near - known)
        if not charset.missing_from(name)
    ]
    possible = [found for found in added if found.log_ctc > -math.inf]
    return Candidates(candidates.truth, candidates.posterior, (*candidates.found, *possible))
