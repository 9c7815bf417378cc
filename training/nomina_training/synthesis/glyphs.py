"""Glyphs cut out of real fields by forced alignment: a CTC model says where on the field each letter is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..data.samples import Sample
from ..decoding.ctc_greedy import greedy_decode
from ..decoding.posterior import Run, align
from ..images.grey import Grey
from ..images.preprocessing import preprocess
from ..inference.ctc_network import Recogniser, open_recogniser
from .ink import Ink, lay, scaled, trimmed

_SURE = 0.8
"""Least confidence of a letter that is cut out; also of every letter of its field."""
_LEAST_SIDE = 4
"""Px of a letter's shorter side at least."""
_FAINT = 0.15
"""Ink below this is paper."""
_ACCENT_GAP = 3
"""Rows, px, between a letter and its accent at most."""
_SEARCH = 0.12
"""Share of the height, px, by which a cut may move to a lighter column."""


class Glyphs:
    """Letters by field: those of one field are of one hand, and are used together."""

    source = "glyphs"

    def __init__(self, fields: Sequence[dict[str, list[Ink]]]) -> None:
        self.fields = [field for field in fields if field]
        self.having: dict[str, list[int]] = defaultdict(list)
        for number, field in enumerate(self.fields):
            for character in field:
                self.having[character].append(number)

    def write(self, text: str, height: int, random: np.random.Generator) -> Ink | None:
        """A text in glyphs, all of the fields that have most of it; None where no field has a character."""
        letters = [character for character in text if character != " "]
        if not letters or any(character not in self.having for character in letters):
            return None
        candidates = random.choice(self.having[letters[0]], size=6)
        main = max(candidates, key=lambda number: sum(letter in self.fields[number] for letter in letters))
        pieces, gap = [], round(random.uniform(-0.02, 0.08) * height)
        for character in text:
            if character == " ":
                pieces.append(np.zeros((height, round(random.uniform(0.35, 0.7) * height)), np.float32))
                continue
            field = self.fields[main] if character in self.fields[main] else None
            if field is None:
                field = self.fields[int(random.choice(self.having[character]))]
            ink = field[character][int(random.integers(len(field[character])))]
            tall = max(2, round(height * ink.shape[0] / _line_height(field)))
            piece = scaled(ink, round(ink.shape[1] * tall / ink.shape[0]), tall)
            padded = np.zeros((max(height, tall), piece.shape[1] + max(0, gap)), np.float32)
            padded[-tall:, : piece.shape[1]] = piece
            pieces.append(padded)
        tallest = max(piece.shape[0] for piece in pieces)
        return np.concatenate([np.pad(p, ((tallest - p.shape[0], 0), (0, 0))) for p in pieces], axis=1)


def _line_height(field: dict[str, list[Ink]]) -> float:
    """The median height, px, of a field's letters."""
    return float(np.median([ink.shape[0] for inks in field.values() for ink in inks]))


def cut_glyphs(samples: Sequence[Sample], model: Path) -> Glyphs:
    """The glyphs of all samples of which the model is sure; raises UsageError where it is no CTC model."""
    recogniser = open_recogniser(model)
    fields = []
    for sample in tqdm(samples, "glyphs", leave=False, disable=None):
        if recogniser.charset.missing_from(sample.text) or not sample.text:
            continue
        fields.append(_glyphs_of(sample.picture.grey(), sample.text, recogniser))
    return Glyphs(fields)


def _glyphs_of(grey: Grey, text: str, recogniser: Recogniser) -> dict[str, list[Ink]]:
    """The letters of one field; none where one of them is unsure."""
    image = preprocess(grey, recogniser.input)
    frames = np.exp(recogniser.log_probabilities(image[np.newaxis])[0].astype(np.float64))
    runs = align(recogniser.charset.encode(text), frames, recogniser.charset.blank)
    if not runs or min(run.confidence for run in runs) < _SURE:
        return {}
    ink = ink_of(grey)
    cuts = _cuts(runs, len(frames), ink, recogniser, image.shape[2])
    letters = [
        (character, letter)
        for character, (start, end) in zip(text, pairwise(cuts), strict=True)
        if character != " " and min((letter := _own_rows(ink[:, start:end])).shape) >= _LEAST_SIDE
        and _has_letter_s_shape(letter)
    ]  # fmt: skip
    glyphs: dict[str, list[Ink]] = defaultdict(list)
    for (character, letter), read in zip(letters, _read_alone(letters, grey, recogniser), strict=True):
        if read == character:
            glyphs[character].append(letter)
    return dict(glyphs)


def _read_alone(letters: Sequence[tuple[str, Ink]], grey: Grey, recogniser: Recogniser) -> list[str]:
    """What the model reads of each letter alone on an empty field of the same size: a letter that was cut out with a
    part of its neighbour is read otherwise."""
    if not letters:
        return []
    height, width = grey.shape
    fields = []
    for _, letter in letters:
        canvas = np.zeros((height, width), np.float32)
        lay(canvas, letter, (width - letter.shape[1]) // 4, (height - letter.shape[0]) // 2)
        fields.append(preprocess((255 - 200 * canvas).astype(np.uint8), recogniser.input))
    return greedy_decode(recogniser.scores(np.stack(fields)), recogniser.charset)


def _own_rows(column: Ink) -> Ink:
    """The letter alone: the band of rows with most ink, and bands close above it (accents); rows of neighbours and
    printed lines are other bands."""
    filled = np.concatenate([[False], column.max(axis=1) > _FAINT, [False]])
    starts = np.flatnonzero(~filled[:-1] & filled[1:])
    ends = np.flatnonzero(filled[:-1] & ~filled[1:])
    if not len(starts):
        return column[:0]
    amounts = [float(column[start:end].sum()) for start, end in zip(starts, ends, strict=True)]
    main = int(np.argmax(amounts))
    first = main
    while first > 0 and starts[first] - ends[first - 1] <= _ACCENT_GAP and starts[first - 1] > 0:
        first -= 1
    return trimmed(column[starts[first] : ends[main]])


def _has_letter_s_shape(letter: Ink) -> bool:
    """Neither a rule nor a row of printed text that was cut out with the letter."""
    height, width = letter.shape
    return 0.08 <= width / height <= 1.8 and float(letter.max()) > 0.5


def _cuts(runs: Sequence[Run], frames: int, ink: Ink, recogniser: Recogniser, input_width: int) -> list[int]:
    """Columns, px, between the letters: halfway between their frames, moved to where there is least ink nearby."""
    height, width = ink.shape
    # Of a field scaled to fit and padded on the right, frames beyond its own width are paper.
    natural = width * recogniser.input.height / height
    used = input_width if recogniser.input.fit == "stretch" else min(input_width, natural)
    scale = input_width / frames * width / used
    middles = [(run.start + run.end) / 2 * scale for run in runs]
    pitch = (middles[-1] - middles[0]) / max(1, len(middles) - 1) or 0.6 * height
    # Before the first letter and after the last one there may be print: no more than half a letter's height is theirs.
    pitch = min(pitch, 0.6 * height)
    inner = [(one + other) / 2 for one, other in pairwise(middles)]
    edges = [middles[0] - pitch / 2, *inner, middles[-1] + pitch / 2]
    column_ink = ink.mean(axis=0)
    reach = max(1, round(_SEARCH * height))
    cuts: list[int] = []
    for edge in edges:
        low = max(cuts[-1] + 1 if cuts else 0, round(edge) - reach)
        high = min(width, max(low + 1, round(edge) + reach + 1))
        cuts.append(low + int(np.argmin(column_ink[low:high])) if high > low else min(low, width))
    return cuts


def ink_of(grey: Grey) -> Ink:
    """Ink of a field: darkness under its paper, 1 at its darkest."""
    paper, darkest = np.percentile(grey, [75, 0.5])
    ink: Ink = np.clip((paper - 12 - grey) / max(20.0, float(paper - darkest)), 0, 1).astype(np.float32)
    return ink
