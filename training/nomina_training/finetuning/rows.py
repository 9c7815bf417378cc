"""Rows made fit for one base: what it can't learn is left out and counted, characters that it lacks are added."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..data.pictures import BROKEN
from ..data.samples import Sample, tidy
from ..images.grey import Grey
from ..images.preprocessing import input_width
from ..models.charset import Charset
from .base import Base
from .errors import CannotLearn

MOST_NEW_CHARACTERS = 64
"""More in one set of rows is another script, or a paste gone wrong."""


@dataclass(frozen=True)
class FitRows:
    """Rows to learn from, their pixels and clean texts; and what was left out, by reason."""

    samples: list[Sample]
    fields: list[Grey]
    charset: Charset
    dropped: Counter[str]
    decided: int
    """The first so many are what a person decided, the others as a model read them."""

    @property
    def texts(self) -> list[str]:
        """As the network is to write them."""
        return [sample.text for sample in self.samples]


def fit_rows(
    base: Base,
    rows: Sequence[Sample],
    judges: Sequence[Sample],
    charset: str | None,
    read: Sequence[Sample] = (),
) -> FitRows:
    """Of these rows what the base can learn, then of those `read`. `charset` are all the characters to write; without
    it those of the base and those that the texts have besides. A base of capitals alone is taught capitals.

    Raises CannotLearn where nothing is left to learn from.
    """
    dropped: Counter[str] = Counter()
    seen = {judge.digest for judge in judges}
    samples: list[Sample] = []
    fields: list[Grey] = []
    decided = 0
    for place, row in enumerate([*rows, *read]):
        text = clean_text(base, row.text)
        reason = "a judge's picture" if row.digest in seen else _bad_character(text, charset)
        field = None
        if not reason:
            try:
                field = row.picture.grey()
            except BROKEN:
                reason = "broken image"
        if field is not None and not _has_room(base, text, field):
            reason = "longer than its frames"
        if reason or field is None:
            dropped[reason] += 1
            continue
        samples.append(Sample(row.picture, text, row.digest, row.group, row.source))
        fields.append(field)
        decided += place < len(rows)
    if not any(sample.text for sample in samples[:decided]):
        counts = ", ".join(f"{count} {reason}" for reason, count in dropped.items()) or "no text in any of them"
        raise CannotLearn("no-rows", f"nothing to learn from in {len(rows)} rows: {counts}")
    known = _charset(base, [sample.text for sample in samples], charset)
    return FitRows(samples, fields, known, dropped, decided)


def clean_text(base: Base, text: str) -> str:
    """NFC with single spaces, and in capitals where the base writes nothing else."""
    characters = "".join(base.manifest.charset.characters)
    only_capitals = characters.upper() == characters and characters.lower() != characters
    return tidy(text, upper=only_capitals)


def _bad_character(text: str, charset: str | None) -> str:
    if charset is not None:
        return "outside the charset" if set(text) - set(charset) else ""
    return "a control character" if any(unicodedata.category(character)[0] == "C" for character in text) else ""


def _has_room(base: Base, text: str, field: Grey) -> bool:
    """Whether a CTC path of the text fits the picture's frames."""
    spec, frames = base.manifest.input, base.kind.frames(base.manifest.input)
    height, width = field.shape
    steps = input_width(width, height, spec) // int(frames["stride"]) * int(frames.get("rows", 1))
    return len(text) + sum(one == other for one, other in pairwise(text)) <= steps


def _charset(base: Base, texts: Sequence[str], wanted: str | None) -> Charset:
    known = base.manifest.charset
    if wanted is not None:
        return Charset(tuple(wanted), known.blank if known.blank <= len(wanted) else 0)
    new = known.missing_from("".join(sorted(set("".join(texts)))))
    if len(new) > MOST_NEW_CHARACTERS:
        raise CannotLearn("another-script",
                          f"the texts have {len(new)} characters that {base.manifest.id} does not know: "
                          f"at most {MOST_NEW_CHARACTERS} can be added; it is made for another script")  # fmt: skip
    return Charset((*known.characters, *new), known.blank)
