"""Greedy and beam decoding of attention models, batched over images. The app does the same, ties included.

The probability of a text is the product of its characters' and [END]'s, each a softmax (float64) over all classes but
[PAD] and [START]. After `max_length` characters only [END] may come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..models.attention_charset import END, PAD, START

Array = npt.NDArray[np.float32]


class StepModel(Protocol):
    """An attention model as decoding sees it, in PyTorch or onnxruntime; rows are hypotheses."""

    def encode(self, images: Array) -> Array:
        """[N, 1, H, W] to the memory [N, P, D]."""

    def start_states(self, count: int) -> list[Array]:
        """States before the first character, each [count, size]."""

    def step(
        self, memory: Array, tokens: npt.NDArray[np.int64], states: Sequence[Array]
    ) -> tuple[Array, Array, list[Array]]:
        """Logits [R, C] after tokens [R], attention over positions [R, P], states after it."""


@dataclass(frozen=True)
class Hypothesis:
    """A text as class indices without start and end, with its natural log probability."""

    classes: tuple[int, ...]
    log_probability: float
    probabilities: tuple[float, ...]
    """Of each character where it stands."""
    attention: tuple[Array, ...]
    """Over positions [P], of each character."""
    row: int
    """Row of the states it goes on from; -1 where it has ended."""

    @property
    def ended(self) -> bool:
        """Whether [END] was written."""
        return self.row < 0


def decode(model: StepModel, images: Array, max_length: int, width: int = 1) -> list[list[Hypothesis]]:
    """The `width` best texts of each image, best first; width 1 is greedy decoding.

    Of equally probable hypotheses the one from the better parent comes first, then the lower class index.
    """
    memory = model.encode(images)
    states: Sequence[Array] = model.start_states(len(images))
    beams = [[Hypothesis((), 0.0, (), (), row)] for row in range(len(images))]
    item_of_row = np.arange(len(images))
    tokens = np.full(len(images), START, dtype=np.int64)
    for length in range(max_length + 1):
        logits, attention, after = model.step(memory[item_of_row], tokens, states)
        scores = log_shares(logits, only_end=length == max_length)
        beams = [_advance(beam, scores, attention, width) for beam in beams]
        open_rows = [
            (item, place) for item, beam in enumerate(beams) for place, kept in enumerate(beam) if not kept.ended
        ]
        if not open_rows:
            break
        parents = np.array([beams[item][place].row for item, place in open_rows])
        states = [state[parents] for state in after]
        item_of_row = np.array([item for item, _ in open_rows])
        tokens = np.array([beams[item][place].classes[-1] for item, place in open_rows], dtype=np.int64)
        for row, (item, place) in enumerate(open_rows):
            beams[item][place] = _at_row(beams[item][place], row)
    return beams


def log_shares(logits: npt.NDArray[Any], only_end: bool) -> npt.NDArray[np.float64]:
    """Log probabilities [R, C] of what comes next; minus infinity for what may not."""
    scores = logits.astype(np.float64)
    scores[:, [PAD, START]] = -np.inf
    shifted = scores - scores.max(axis=-1, keepdims=True)
    shares = np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=np.float64)
    if only_end:
        shares[:, np.arange(shares.shape[1]) != END] = -np.inf
    return shares


def _advance(beam: list[Hypothesis], scores: npt.NDArray[np.float64], attention: Array, width: int) -> list[Hypothesis]:
    """The best `width` of the ended hypotheses and of the others' continuations, best first."""
    candidates: list[tuple[float, int, int]] = []
    for place, parent in enumerate(beam):
        if parent.ended:
            candidates.append((-parent.log_probability, place, -1))
            continue
        row = scores[parent.row]
        best = np.argsort(-row, kind="stable")[:width]
        candidates += [
            (-(parent.log_probability + float(row[index])), place, int(index)) for index in best if row[index] > -np.inf
        ]
    kept = sorted(candidates)[:width]
    return [_continued(beam[place], index, scores, attention) for _, place, index in kept]


def _continued(parent: Hypothesis, index: int, scores: npt.NDArray[np.float64], attention: Array) -> Hypothesis:
    if parent.ended:
        return parent
    score = float(scores[parent.row, index])
    total = parent.log_probability + score
    if index == END:
        return Hypothesis(parent.classes, total, parent.probabilities, parent.attention, -1)
    return Hypothesis(
        (*parent.classes, index),
        total,
        (*parent.probabilities, float(np.exp(score))),
        (*parent.attention, attention[parent.row]),
        parent.row,
    )


def _at_row(kept: Hypothesis, row: int) -> Hypothesis:
    return Hypothesis(kept.classes, kept.log_probability, kept.probabilities, kept.attention, row)
