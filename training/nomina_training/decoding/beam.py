"""CTC prefix beam search (Hannun et al. 2014); step by step as src/reading/decode/beam.ts: ties included."""

from __future__ import annotations

import math

from .frames import Frames
from .fusion import Fusion
from .language_model.model import STEPS

UNLIKELY = 1e-3
"""Classes less likely than this in a frame open no new beam."""
SURELY_BLANK = 1 - 1e-3
"""Frames between characters only close the beams."""


class _Prefix:
    """A node of the tree of prefixes, with the probability of its paths that end in a blank and in its character."""

    __slots__ = ("after_blank", "after_character", "children", "cost", "factor", "frame", "last", "length",
                 "next_blank", "next_character", "parent", "state")  # fmt: skip

    def __init__(self, parent: _Prefix | None, last: int, fusion: Fusion | None) -> None:
        self.parent: _Prefix | None = parent
        self.last = last
        self.children: dict[int, _Prefix] = {}
        self.after_blank = self.after_character = self.next_blank = self.next_character = 0.0
        self.frame = -1
        self.length: int = parent.length + 1 if parent else 0
        self.state: int = 0
        self.cost: int = 0
        self.factor = 1.0
        if fusion and parent:
            cost, self.state = fusion.model.step(parent.state, fusion.symbols[last])
            self.cost = parent.cost + cost
            self.factor = math.exp((-self.cost / STEPS) * fusion.weight + self.length * fusion.length_bonus)
        elif fusion:
            self.state = fusion.model.start

    def extend(self, index: int, fusion: Fusion | None) -> _Prefix:
        longer = self.children.get(index)
        if longer is None:
            longer = self.children[index] = _Prefix(self, index, fusion)
        return longer

    def reach(self, frame: int) -> bool:
        if self.frame == frame:
            return False
        self.frame, self.next_blank, self.next_character = frame, 0.0, 0.0
        return True

    def text(self) -> list[int]:
        text: list[int] = []
        node: _Prefix = self
        while node.parent:
            text.append(node.last)
            node = node.parent
        return text[::-1]


def beam_texts(frames: Frames, blank: int, width: int, fusion: Fusion | None = None) -> list[list[int]]:
    """The texts of the `width` best beams, best first; on ties the one that was met first."""
    root = _Prefix(None, -1, fusion)
    root.after_blank = 1.0
    beams = [root]
    for number, row in enumerate(frames.tolist()):
        if row[blank] > SURELY_BLANK:
            for beam in beams:
                beam.after_blank, beam.after_character = beam.after_blank + beam.after_character, 0.0
            continue
        likely = [index for index, value in enumerate(row) if index != blank and value > UNLIKELY]
        beams = _best(_advance(beams, row, blank, likely, number, fusion), width)
    return [beam.text() for beam in beams]


def _advance(
    beams: list[_Prefix], row: list[float], blank: int, likely: list[int], number: int, fusion: Fusion | None
) -> list[_Prefix]:
    reached: list[_Prefix] = []
    for beam in beams:
        closed, opened = beam.after_blank, beam.after_character
        both = closed + opened
        if beam.reach(number):
            reached.append(beam)
        beam.next_blank += both * row[blank]
        if beam.parent:
            beam.next_character += opened * row[beam.last]
        for index in likely:
            source = closed if index == beam.last else both
            if source <= 0:
                continue
            longer = beam.extend(index, fusion)
            if longer.reach(number):
                reached.append(longer)
            longer.next_character += source * row[index]
    return reached


def _best(reached: list[_Prefix], width: int) -> list[_Prefix]:
    kept = sorted(reached, key=lambda p: -((p.next_blank + p.next_character) * p.factor))[:width]
    scale = max((p.next_blank + p.next_character for p in kept), default=0.0) or 1.0
    for prefix in kept:
        prefix.after_blank, prefix.after_character = prefix.next_blank / scale, prefix.next_character / scale
    return kept
