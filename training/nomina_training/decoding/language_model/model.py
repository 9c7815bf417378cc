"""The file of a language model, and asking it. The app reads the same file: src/reading/decode/language-model.ts.

    "NLM1", length of the head (u32), the head as JSON, then for each order from 1, padded to 4 bytes:
    first child of each node and one more (u32; not of the last order), symbols (u8, u16 of more than 256),
    costs (u8), costs of backing off (u8; not of the last order)

A node is an n-gram; its children, sorted by symbol, follow it by one symbol. A cost c is e^(-c / 16): sums of costs are
whole numbers, so that every reader of the file gets the same ones.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import UsageError
from .counts import BEGIN, END

MAGIC = b"NLM1"
STEPS = 16
"""Costs a nat."""
_MOST = 255

Bytes = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]


class LanguageModel:
    """Nodes in the order of the file, 0 the root (no context); a state is the node of the longest known context."""

    def __init__(
        self, head: Mapping[str, Any], first: Indices, symbols: Indices, costs: Bytes, backoffs: Bytes
    ) -> None:
        self.order, self.unknown = int(head["order"]), int(head["unknown"])
        self.symbols = {symbol: index for index, symbol in enumerate(head["symbols"])}
        levels = np.cumsum([1, *head["counts"]])
        self._deepest = int(levels[-2])
        suffixes = _suffixes(first, symbols, levels, len(self.symbols))
        self._first, self._symbols = first.tolist(), symbols.tolist()
        self._costs, self._backoffs, self._suffixes = costs.tolist(), backoffs.tolist(), suffixes.tolist()
        self._known: dict[tuple[int, int], tuple[int, int]] = {}
        self.start = self.step(0, self.symbols[BEGIN])[1]
        self.end = self.symbols[END]

    def symbol_of(self, character: str) -> int:
        """Its index, -1 where the model does not know it."""
        return self.symbols.get(character, -1)

    def step(self, state: int, symbol: int) -> tuple[int, int]:
        """(cost in sixteenths of a nat, next state) of a symbol after a state."""
        known = self._known.get((state, symbol))
        if known is None:
            known = self._known[(state, symbol)] = self._find(state, symbol)
        return known

    def _find(self, state: int, symbol: int) -> tuple[int, int]:
        cost, node = 0, state
        while True:
            child = self._child(node, symbol)
            if child:
                return cost + self._costs[child], self._suffixes[child] if child >= self._deepest else child
            if node == 0:
                return cost + self.unknown, 0
            cost += self._backoffs[node]
            node = self._suffixes[node]

    def _child(self, node: int, symbol: int) -> int:
        for child in range(self._first[node], self._first[node + 1]):
            if self._symbols[child] == symbol:
                return child
        return 0

    def ngrams(self) -> Iterator[tuple[str, float, float]]:
        """(n-gram, probability of its last symbol after the others, weight of backing off from it) of every node."""
        names = {index: symbol for symbol, index in self.symbols.items()}
        waiting = [(0, "")]
        while waiting:
            node, text = waiting.pop()
            for child in range(self._first[node], self._first[node + 1]):
                ngram = text + names[self._symbols[child]]
                yield ngram, math.exp(-self._costs[child] / STEPS), math.exp(-self._backoffs[child] / STEPS)
                waiting.append((child, ngram))

    def cost(self, text: str) -> int:
        """Of a whole text and its end."""
        total, state = 0, self.start
        for symbol in (*(self.symbol_of(character) for character in text), self.end):
            cost, state = self.step(state, symbol)
            total += cost
        return total

    def log_probability(self, text: str) -> float:
        """Natural logarithm of the probability of a whole text and its end."""
        return -self.cost(text) / STEPS


def _suffixes(first: Indices, symbols: Indices, levels: Indices, width: int) -> Indices:
    """Of each node, the node of its n-gram without the first symbol; the root of single symbols."""
    suffixes = np.zeros(len(symbols), dtype=np.int64)
    parents = np.repeat(np.arange(len(first) - 1), np.diff(first))
    parents = np.concatenate(([0], parents))
    keys = parents * width + symbols
    for level in range(2, len(levels)):
        nodes = np.arange(levels[level - 1], levels[level])
        wanted = suffixes[parents[nodes]] * width + symbols[nodes]
        above = np.arange(levels[level - 2], levels[level - 1])
        at = np.searchsorted(keys[above], wanted)
        found = above[np.minimum(at, len(above) - 1)]
        if len(nodes) and not (keys[found] == wanted).all():
            raise UsageError("the language model lacks the end of one of its n-grams")
        suffixes[nodes] = found
    return suffixes


def language_model_bytes(
    probabilities: Mapping[str, float], backoffs: Mapping[str, float], order: int, facts: Mapping[str, Any]
) -> bytes:
    """The file of estimated probabilities; `facts` (how it was made) are kept in its head."""
    symbols = sorted({symbol for ngram in probabilities for symbol in ngram} | {BEGIN})
    index = {symbol: number for number, symbol in enumerate(symbols)}
    known = dict(probabilities) | {BEGIN: 0.0}
    levels: list[list[tuple[int, ...]]] = [[] for _ in range(order + 1)]
    levels[0] = [()]
    for ngram in known:
        levels[len(ngram)].append(tuple(index[symbol] for symbol in ngram))
    for level in levels:
        level.sort()
    head = {
        "order": order,
        "symbols": symbols,
        "counts": [len(level) for level in levels[1:]],
        "unknown": _MOST,
        **facts,
    }
    encoded = json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 4)
    parts = [MAGIC, struct.pack("<I", len(encoded)), encoded]
    wide = "<u2" if len(symbols) > 256 else "u1"
    for number, level in enumerate(levels[1:], start=1):
        texts = ["".join(symbols[at] for at in ngram) for ngram in level]
        chunks = []
        if number < order:
            chunks.append(_first_children(level, levels[number + 1]).astype("<u4").tobytes())
        chunks.append(np.array([ngram[-1] for ngram in level], dtype=wide).tobytes())
        chunks.append(bytes(_cost(known[text]) for text in texts))
        if number < order:
            chunks.append(bytes(_cost(backoffs.get(text, 1.0)) for text in texts))
        content = b"".join(chunks)
        parts.append(content + b"\0" * (-len(content) % 4))
    return b"".join(parts)


def _first_children(level: list[tuple[int, ...]], below: list[tuple[int, ...]]) -> Indices:
    """Where in `below` the children of each n-gram of `level` begin, and where the last one's end."""
    place = {ngram: number for number, ngram in enumerate(level)}
    counts = np.zeros(len(level), dtype=np.int64)
    for ngram in below:
        counts[place[ngram[:-1]]] += 1
    return np.concatenate(([0], np.cumsum(counts)))


def _cost(probability: float) -> int:
    return min(_MOST, max(0, round(-math.log(probability) * STEPS))) if probability > 0 else _MOST


def read_language_model(path: Path) -> LanguageModel:
    """Raises UsageError where the file can't be read or is no language model."""
    try:
        content = path.read_bytes()
        return parse_language_model(content)
    except (OSError, ValueError, KeyError, TypeError, IndexError, struct.error) as error:
        raise UsageError(f"{path}: no language model: {error}") from error


def parse_language_model(content: bytes) -> LanguageModel:
    """Of a file's bytes; raises ValueError or the like where they are none."""
    if content[:4] != MAGIC:
        raise ValueError("it does not begin with NLM1")
    (length,) = struct.unpack_from("<I", content, 4)
    head = json.loads(content[8 : 8 + length])
    order, counts = int(head["order"]), [int(count) for count in head["counts"]]
    wide, at = np.dtype("<u2" if len(head["symbols"]) > 256 else "u1"), 8 + length
    firsts, symbols, costs, backoffs, level_start = [np.array([1])], [np.array([0])], [], [], 1
    for number, count in enumerate(counts, start=1):
        begin = at
        level_start += count
        if number < order:
            first = np.frombuffer(content, "<u4", count + 1, at).astype(np.int64)
            firsts.append(first[:-1] + level_start)
            at += first.size * 4
        else:
            firsts.append(np.full(count + 1, level_start))
        symbols.append(np.frombuffer(content, wide, count, at).astype(np.int64))
        at += count * wide.itemsize
        costs.append(np.frombuffer(content, np.uint8, count, at))
        at += count
        backoffs.append(np.frombuffer(content, np.uint8, count, at) if number < order else np.zeros(count, np.uint8))
        at += count if number < order else 0
        at += -(at - begin) % 4
    zero = np.zeros(1, np.uint8)
    return LanguageModel(
        head, np.concatenate(firsts), np.concatenate(symbols),
        np.concatenate([zero, *costs]), np.concatenate([zero, *backoffs]),
    )  # fmt: skip
