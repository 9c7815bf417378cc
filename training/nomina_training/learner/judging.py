"""Whether a generation is better: it and the one before read the same fields, which neither learnt from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from ..data.pictures import BROKEN
from ..data.samples import Sample
from ..evaluation.bootstrap import Bootstrap, over_all, ratio
from ..finetuning import Base, Cancelled
from ..finetuning.rows import clean_text
from ..images.grey import Grey
from ..inference.text_reader import open_reader, read_texts

_SHOWN = 12
"""Characters that are told of."""
_OFTEN = 3
"""A character that the judges' texts have less often says nothing."""


@dataclass(frozen=True)
class Judges:
    """Fields that can be read, and what is to be written of each."""

    fields: list[Grey]
    texts: list[str]

    @staticmethod
    def of(base: Base, samples: Sequence[Sample]) -> Judges:
        """Those of the samples whose picture is whole."""
        judges = Judges([], [])
        for sample in samples:
            try:
                judges.fields.append(sample.picture.grey())
            except BROKEN:
                continue
            judges.texts.append(clean_text(base, sample.text))
        return judges

    def readings(self, model: Path, threads: int, cancel: Callable[[], bool]) -> list[str]:
        """Their texts by a model as the app reads with it; raises Cancelled."""
        return [read.text for read in read_texts(open_reader(model, threads), self._unless(cancel), batch=8)]

    def _unless(self, cancel: Callable[[], bool]) -> Iterator[Grey]:
        for field in self.fields:
            if cancel():
                raise Cancelled
            yield field


@dataclass(frozen=True)
class Verdict:
    """Two models' readings of the judges, in pairs."""

    texts: list[str]
    before: list[str]
    after: list[str]

    def difference(self) -> tuple[float, float, float]:
        """CER after less CER before, and the ends of its 95 % interval (rows drawn again, both models' alike)."""
        if not self.texts:
            return 0.0, 0.0, 0.0
        lengths = [len(text) for text in self.texts]
        gained = [
            Levenshtein.distance(after, text) - Levenshtein.distance(before, text)
            for text, before, after in zip(self.texts, self.before, self.after, strict=True)
        ]
        figure = ratio(gained, lengths)
        low, high = Bootstrap(len(lengths)).interval(figure)
        return over_all(figure, len(lengths)), low, high

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
        """Characters that are read better now, those first that gained most: share read wrong before and after."""
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
            }
            for character in gained[:_SHOWN]
        ]


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
