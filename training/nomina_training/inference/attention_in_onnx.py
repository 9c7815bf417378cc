"""An exported attention model as decoding sees it: an encoder and a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from ..decoding.attention_search import Array
from ..models.onnx_session import session_of

MEMORY = "memory"
"""What the encoder gives and the step takes."""


class OnnxStepModel:
    """The two sessions."""

    def __init__(
        self, encoder: bytes | str, step: bytes | str, image: str, block: Mapping[str, Any], threads: int = 1
    ) -> None:
        self.encoder, self.stepper = session_of(encoder, threads), session_of(step, threads)
        self.image, self.block = image, block

    def encode(self, images: Array) -> Array:
        """[N, 1, H, W] to the memory [N, P, D]."""
        return _run(self.encoder, [MEMORY], {self.image: images})[0]

    def start_states(self, count: int) -> list[Array]:
        """Zeros, each [count, size]."""
        return [np.zeros((count, state["size"]), np.float32) for state in self.block["states"]]

    def step(
        self, memory: Array, tokens: npt.NDArray[np.int64], states: Sequence[Array]
    ) -> tuple[Array, Array, list[Array]]:
        """Logits [R, C], attention [R, P], states."""
        block = self.block
        given: dict[str, npt.NDArray[Any]] = {MEMORY: memory, block["token"]: tokens}
        given |= {state["input"]: values for state, values in zip(block["states"], states, strict=True)}
        wanted = [block["logits"], block["weights"], *(state["output"] for state in block["states"])]
        logits, attention, *after = _run(self.stepper, wanted, given)
        return logits, attention, after


def _run(
    session: onnxruntime.InferenceSession, wanted: list[str], given: Mapping[str, npt.NDArray[Any]]
) -> list[Array]:
    return [np.asarray(values, dtype=np.float32) for values in session.run(wanted, dict(given))]
