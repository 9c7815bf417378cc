"""Fields a second of two exported models in turns in one process: a ratio that the machine's mood falls out of."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np
import onnxruntime

from ..errors import UsageError
from ..models.onnx_session import session_of

_BATCHES = (1, 8, 32, 64)


def compare_speed(ours: Path, reference: Path, threads: int, rounds: int) -> dict[str, float]:
    """Each model at its best batch size: median fields/s over `rounds` turns, and the median of the turns' ratios."""
    for path in (ours, reference):
        if not path.is_file():
            raise UsageError(f"{path} is missing: nothing to compare")
    sessions = {name: session_of(str(path), threads) for name, path in (("ours", ours), ("reference", reference))}
    best = {name: max(_BATCHES, key=lambda size: _rate(session, size, 3)) for name, session in sessions.items()}
    turns = [{name: _rate(session, best[name], 4) for name, session in sessions.items()} for _ in range(rounds)]
    return {
        "threads": threads,
        **{f"{name}_batch": best[name] for name in sessions},
        **{f"{name}_fields_per_second": round(statistics.median(turn[name] for turn in turns), 1) for name in sessions},
        "ratio": round(statistics.median(turn["ours"] / turn["reference"] for turn in turns), 2),
    }


def _rate(session: onnxruntime.InferenceSession, batch: int, runs: int) -> float:
    """Fields a second of a session at a batch size, the first run not counted."""
    node = session.get_inputs()[0]
    images = np.random.default_rng(0).random((batch, *node.shape[1:]), dtype=np.float32)
    session.run(None, {node.name: images})
    fields = max(64, batch) * runs
    started = time.perf_counter()
    for _ in range(fields // batch):
        session.run(None, {node.name: images})
    return fields / (time.perf_counter() - started)
