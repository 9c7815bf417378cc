"""Whether a generation is better: it and the one before read the same fields, which neither learnt from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from ..data.pictures import BROKEN
from ..data.samples import Sample
from ..evaluation.bootstrap import Bootstrap, over_all, ratio
from ..finetuning import Base, Cancelled
from ..finetuning.rows import clean_text
from ..images.grey import Grey
from ..inference.text_reader import open_reader, read_texts
from .likelihood import gain, log_likelihoods

_SHOWN = 12
"""Characters that are told of."""
_EXAMPLES = 2
"""Fields that show what a character gained."""
_BY_CHANCE = 1 / 40
"""One end of a 95 % interval."""
_LIKELIER = 0.1, _BY_CHANCE
"""Nats a field that the texts have to be likelier on average, and how often that may be chance. Of a hand that the
base knows a round makes lines likelier by 0.05 and reads them 0.2 points worse; of a new hand by more than 1."""
_MUCH_LIKELIER = 0.5, 1 / 1000
"""The same where no fewer characters are wrong: half of few rows teach too little to show in these, and what learns
from all of them reads better."""
_LIKELY = 2 / 5
"""How often fewer wrong characters may be chance in a round that learns more of a hand that is new."""
_ALL_TURNS, _DRAWN = 14, 20_000
"""Rows whose signs are turned in every way; for more, turns that are drawn."""
_ROUNDING = 1e-9
_OFTEN = 3
"""A character that the judges' texts have less often says nothing."""


Heard = list[tuple[str, float]]
"""What a model says of each field: its text as the app reads with it, and the log-likelihood of the right one."""


@dataclass(frozen=True)
class Judges:
    """Fields that can be read, and what is to be written of each."""

    fields: list[Grey]
    texts: list[str]
    digests: list[str]

    @staticmethod
    def of(base: Base, samples: Sequence[Sample]) -> Judges:
        """Those of the samples whose picture is whole."""
        judges = Judges([], [], [])
        for sample in samples:
            try:
                judges.fields.append(sample.picture.grey())
            except BROKEN:
                continue
            judges.texts.append(clean_text(base, sample.text))
            judges.digests.append(sample.digest)
        return judges

    def heard(self, model: Path, threads: int, cancel: Callable[[], bool], likely: bool = True) -> Heard:
        """What a model says of each; raises Cancelled. With `likely` false every likelihood is 0."""
        texts = [read.text for read in read_texts(open_reader(model, threads), self._unless(cancel), batch=8)]
        if not likely:
            return [(text, 0.0) for text in texts]
        return list(zip(texts, log_likelihoods(model, self.fields, self.texts, threads, cancel), strict=True))

    def verdict(self, before: Heard, after: Heard) -> Verdict:
        """Of what two models say of them."""
        one, two = ([text for text, _ in heard] for heard in (before, after))
        earlier, later = ([likely for _, likely in heard] for heard in (before, after))
        return Verdict(self.texts, one, two, self.digests, gain(earlier, later))

    def _unless(self, cancel: Callable[[], bool]) -> Iterator[Grey]:
        for grey in self.fields:
            if cancel():
                raise Cancelled
            yield grey


@dataclass(frozen=True)
class Verdict:
    """Two models' readings of the judges, in pairs."""

    texts: list[str]
    before: list[str]
    after: list[str]
    digests: list[str] = field(default_factory=list)
    """Of the fields' pictures, where they are to be shown."""
    likelier: list[float] = field(default_factory=list)
    """Nats that the second model thinks each text likelier; empty: not known."""

    def __add__(self, other: Verdict) -> Verdict:
        """Of both sets of fields, each read by a model that did not learn from it."""
        return Verdict(self.texts + other.texts, self.before + other.before, self.after + other.after,
                       self.digests + other.digests, self.likelier + other.likelier)  # fmt: skip

    def part(self, places: Sequence[int]) -> Verdict:
        """On these fields alone."""
        texts, before, after = ([of[place] for place in places] for of in (self.texts, self.before, self.after))
        return Verdict(texts, before, after, likelier=[self.likelier[place] for place in places if self.likelier])

    def turned(self) -> Verdict:
        """With the second model as the one before."""
        return Verdict(self.texts, self.after, self.before, likelier=[-nats for nats in self.likelier])

    def difference(self) -> tuple[float, float, float]:
        """CER after less CER before, and the ends of its 95 % interval (rows drawn again, both models' alike)."""
        if not self.texts:
            return 0.0, 0.0, 0.0
        lengths = [len(text) for text in self.texts]
        figure = ratio(self._gained(), lengths)
        low, high = Bootstrap(len(lengths)).interval(figure)
        return over_all(figure, len(lengths)), low, high

    def is_better(self) -> bool:
        """Whether fewer characters are wrong for certain: the whole interval is below 0, and so would fewer than one
        in 40 turns of the signs be (a randomisation test in pairs, Fisher 1935; exact however few rows there are,
        where the interval of few rows is too narrow). Or whether the texts became likelier for certain, which few rows
        tell much sooner, and fewer characters are wrong; or much likelier beyond doubt, and not more for certain."""
        gained = self._gained()
        if not gained.size:
            return False
        if self.difference()[2] < 0 and _chance(gained) <= _BY_CHANCE:
            return True
        if not self.likelier:
            return False
        least, chance = _LIKELIER if gained.sum() < 0 else _MUCH_LIKELIER
        likelier = np.array(self.likelier)
        return bool(likelier.mean() >= least and _chance(-likelier) <= chance and _chance(-gained) > _BY_CHANCE)

    def is_likely(self) -> bool:
        """Whether fewer characters are wrong, by chance in two of five times at most."""
        gained = self._gained()
        return bool(gained.sum() < 0 and _chance(gained) <= _LIKELY)

    def _gained(self) -> npt.NDArray[np.int64]:
        """Characters wrong after less those before, a row."""
        return np.array([
            Levenshtein.distance(after, text) - Levenshtein.distance(before, text)
            for text, before, after in zip(self.texts, self.before, self.after, strict=True)
        ], dtype=np.int64)  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """`judges` of the answer."""
        _, low, high = self.difference()
        return {
            "rows": len(self.texts),
            "characters": sum(map(len, self.texts)),
            "before": _figures(self.before, self.texts),
            "after": _figures(self.after, self.texts),
            "difference": {"cer": [round(low, 5), round(high, 5)]},
        }

    def learnt(self) -> list[dict[str, Any]]:
        """Characters that are read better now, those first that gained most: share read wrong before and after, and
        fields that show it."""
        counts = Counter(character for text in self.texts for character in text)
        before, after = _missed(self.before, self.texts), _missed(self.after, self.texts)
        gained = sorted(
            (character for character in counts if after[character] < before[character] and counts[character] >= _OFTEN),
            key=lambda character: (after[character] - before[character], character),
        )
        return [
            {
                "character": character,
                "before": round(before[character] / counts[character], 4),
                "after": round(after[character] / counts[character], 4),
                "examples": self._examples(character),
            }
            for character in gained[:_SHOWN]
        ]

    def _examples(self, character: str) -> list[dict[str, str]]:
        """Fields in which it is read right now and was not before, the shortest texts first."""
        readings = zip(self.digests, self.texts, self.before, self.after, strict=False)
        shown = [
            {"sha256": digest, "text": text, "before": before, "after": after}
            for digest, text, before, after in readings
            if _missed([after], [text])[character] < _missed([before], [text])[character]
        ]
        return sorted(shown, key=lambda one: (one["after"] != one["text"], len(one["text"])))[:_EXAMPLES]


def _chance(gained: npt.NDArray[Any]) -> float:
    """Share of turns of the signs whose sum is as low as this one's: all of them for few rows, else a draw."""
    moved = gained[gained != 0]
    if moved.size <= _ALL_TURNS:
        turns = np.arange(2**moved.size)[:, None] >> np.arange(moved.size) & 1
    else:
        turns = np.random.default_rng(0).integers(0, 2, (_DRAWN, moved.size))
    return float(np.mean((1 - 2 * turns) @ moved <= moved.sum() + _ROUNDING))


def _figures(readings: Sequence[str], texts: Sequence[str]) -> dict[str, float]:
    edits = sum(Levenshtein.distance(reading, text) for reading, text in zip(readings, texts, strict=True))
    exact = sum(reading == text for reading, text in zip(readings, texts, strict=True))
    return {
        "cer": round(edits / max(1, sum(map(len, texts))), 5),
        "exact": round(exact / max(1, len(texts)), 5),
    }


def _missed(readings: Sequence[str], texts: Sequence[str]) -> Counter[str]:
    """How often each character of the texts was left out or read as another."""
    missed: Counter[str] = Counter()
    for reading, text in zip(readings, texts, strict=True):
        edits = Levenshtein.editops(text, reading)
        missed.update(text[edit.src_pos] for edit in edits if edit.tag in ("delete", "replace"))
    return missed
