"""Convolutions in 8 bits: static, per channel, calibrated on training fields; the first, which sees the grey levels and
costs little, and the LSTMs and what follows stay float32.

Weights keep 7 bits of range: processors without VNNI add two 8-bit products in 16 bits and would saturate.
"""

from __future__ import annotations

import logging
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..configuration.configuration import Configuration
from ..data.samples import Sample
from ..decoding.ctc_greedy import greedy_decode
from ..evaluation.metrics import Scores, score
from ..images.preprocessing import prepare_pixels, to_numbers
from ..models.onnx_check import ExportError
from ..models.onnx_session import session_of
from ..training.corpus import read_split

CALIBRATION_FIELDS = 256
_BATCH = 16
_TURNS = 5
_MOST_LOST = 0.05
"""Error rate by which the 8-bit model may be worse on dev; more is a broken quantisation, not a choice."""

Images = list[npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Quantised:
    """The 8-bit file, and what it does on dev beside the one in float32."""

    content: bytes
    before: Scores
    after: Scores
    calibration_fields: int
    same_texts: float
    speed_ratio: float
    """Fields a second on one thread, over float32's, in turns."""

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "precision": "int8",
            "quantised": "convolutions but the first, static, per channel, 7-bit weights",
            "calibrationFields": self.calibration_fields,
            "devFloat32": {"characterErrorRate": round(self.before.character_error_rate, 5),
                           "exact": round(self.before.exact, 5)},
            "devInt8": {"characterErrorRate": round(self.after.character_error_rate, 5),
                        "exact": round(self.after.exact, 5)},
            "sameTexts": round(self.same_texts, 4),
            "speedRatioOneThread": round(self.speed_ratio, 2),
        }  # fmt: skip


def quantise(content: bytes, configuration: Configuration) -> Quantised:
    """An 8-bit copy of a CTC model; raises ExportError where it reads dev much worse."""
    split = read_split(configuration)
    order = np.random.default_rng(configuration.training.seed).permutation(len(split.training))
    chosen = [split.training[int(row)] for row in order[:CALIBRATION_FIELDS]]
    small = int8_bytes(content, configuration.input.name, _inputs(chosen, configuration))
    dev, truths = _inputs(split.dev, configuration), [sample.text for sample in split.dev]
    readings = [_read(model, dev, configuration) for model in (content, small)]
    before, after = (score(texts, truths) for texts in readings)
    if after.character_error_rate > before.character_error_rate + _MOST_LOST:
        rates = f"{after.character_error_rate:.1%}, in float32 {before.character_error_rate:.1%}"
        raise ExportError(f"the 8-bit model's CER on dev is {rates}: nothing is written")
    same = float(np.mean([one == other for one, other in zip(*readings, strict=True)]))
    return Quantised(small, before, after, len(chosen), same, _speed_ratio(content, small, dev, configuration))


def int8_bytes(content: bytes, name: str, fields: Images) -> bytes:
    """An ONNX file's convolutions but the first in 8 bits; `fields` [1, 1, H, W] show what range its values have."""
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Reader(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self.left = iter(fields)

        def get_next(self) -> dict[str, npt.NDArray[np.float32]] | None:
            field = next(self.left, None)
            return None if field is None else {name: field}

    convolutions = [node.name for node in onnx.load_from_string(content).graph.node if node.op_type == "Conv"]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "float32.onnx", Path(folder) / "int8.onnx"
        source.write_bytes(content)
        level = logging.root.manager.disable
        logging.disable(logging.WARNING)  # onnxruntime advises a preparation that these models do not need
        try:
            quantize_static(
                str(source), str(target), Reader(), quant_format=QuantFormat.QDQ, op_types_to_quantize=["Conv"],
                per_channel=True, reduce_range=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
                nodes_to_exclude=convolutions[:1],
            )  # fmt: skip
        finally:
            logging.disable(level)
        return target.read_bytes()


def _inputs(samples: Sequence[Sample], configuration: Configuration) -> Images:
    """[1, 1, H, W] of each sample."""
    spec = configuration.input
    return [to_numbers(prepare_pixels(s.picture.grey(), spec), spec)[np.newaxis, np.newaxis] for s in samples]


def _read(content: bytes, fields: Images, configuration: Configuration) -> list[str]:
    session = session_of(content, threads=1)
    texts: list[str] = []
    for field in fields:
        texts += greedy_decode(session.run(None, {configuration.input.name: field})[0], configuration.charset)
    return texts


def _speed_ratio(content: bytes, small: bytes, fields: Images, configuration: Configuration) -> float:
    """The median over turns of the time of float32 over that of int8, on batches of the commonest width."""
    widths = [field.shape[3] for field in fields]
    common = max(sorted(set(widths)), key=widths.count)
    batch = np.concatenate([field for field in fields if field.shape[3] == common][:_BATCH])
    sessions = [session_of(model, threads=1) for model in (content, small)]
    turns = []
    for _ in range(_TURNS + 1):
        seconds = []
        for session in sessions:
            started = time.perf_counter()
            session.run(None, {configuration.input.name: batch})
            seconds.append(time.perf_counter() - started)
        turns.append(seconds[0] / seconds[1])
    return statistics.median(turns[1:])
