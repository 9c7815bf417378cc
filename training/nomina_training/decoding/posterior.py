"""Exact CTC probabilities and the best path of a text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .frames import Frames

_FLOOR = 1e-30


@dataclass
class Run:
    """Frames of one character: from `start` to before `end`; `confidence` is the class's highest probability there."""

    index: int
    start: int
    end: int
    confidence: float


def log_posterior(text: Sequence[int], frames: Frames, blank: int) -> float:
    """Natural logarithm of a text's probability over all CTC paths (the forward algorithm); -inf where impossible."""
    if len(frames) == 0:
        return -math.inf if text else 0.0
    states = np.full(2 * len(text) + 1, blank)
    states[1::2] = text
    passes = np.zeros(len(states), dtype=bool)
    passes[3::2] = states[3::2] != states[1:-2:2]
    current = np.zeros(len(states))
    current[:2] = frames[0, states[:2]]
    total = 0.0
    for number, row in enumerate(frames):
        if number:
            following = current.copy()
            following[1:] += current[:-1]
            following[2:] += np.where(passes[2:], current[:-2], 0.0)
            current = following * row[states]
        scale = float(current.sum())
        if scale <= 0:
            return -math.inf
        current = current / scale
        total += math.log(scale)
    last = float(current[-2:].sum())
    return math.log(last) + total if last > 0 else -math.inf


def greedy_runs(frames: Frames, blank: int) -> list[Run]:
    """Frames in a row whose best class is the same character, the lower class on ties."""
    runs: list[Run] = []
    previous = blank
    for number, best in enumerate(frames.argmax(axis=1).tolist()):
        if best != blank:
            confidence = float(frames[number, best])
            if best == previous and runs:
                runs[-1].end = number + 1
                runs[-1].confidence = max(runs[-1].confidence, confidence)
            else:
                runs.append(Run(best, number, number + 1, confidence))
        previous = best
    return runs


def align(text: Sequence[int], frames: Frames, blank: int) -> list[Run]:
    """A run for each character on the text's best path; of equal paths the one that moves on later."""
    states = np.full(2 * len(text) + 1, blank)
    states[1::2] = text
    passes = np.zeros(len(states), dtype=bool)
    passes[3::2] = states[3::2] != states[1:-2:2]
    logs = np.log(np.maximum(_FLOOR, frames[:, states]))
    current = np.full(len(states), -np.inf)
    current[:2] = logs[0, :2]
    steps = np.zeros(logs.shape, dtype=np.int64)
    for number in range(1, len(frames)):
        best = current.copy()
        one = np.concatenate(([-np.inf], current[:-1]))
        two = np.where(passes, np.concatenate(([-np.inf, -np.inf], current[:-2]))[: len(states)], -np.inf)
        for step, other in ((1, one), (2, two)):
            better = other > best
            best = np.where(better, other, best)
            steps[number][better] = step
        current = best + logs[number]
    state = len(states) - 1
    if len(states) > 1 and current[-2] > current[-1]:
        state -= 1
    if current[state] == -np.inf:
        return []
    runs = [Run(index, len(frames), 0, 0.0) for index in text]
    for number in range(len(frames) - 1, -1, -1):
        if state % 2:
            run = runs[state // 2]
            run.start, run.end = min(run.start, number), max(run.end, number + 1)
            run.confidence = max(run.confidence, float(frames[number, run.index]))
        state -= int(steps[number, state])
    return runs
