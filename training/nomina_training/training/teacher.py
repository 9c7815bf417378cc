"""A finished recogniser whose frame-wise opinion a new network learns from (Hinton et al. 2015)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnxruntime

from ..configuration.sections import TeacherSettings
from ..errors import UsageError
from ..images.grey import Grey
from ..images.preprocessing import stack
from ..models.charset import Charset

FLOOR = -30.0
"""Smallest log-probability kept: float16 holds it, and nothing is learnt below it."""


class Teacher:
    """The teacher's log-probabilities for a student's classes."""

    def __init__(self, settings: TeacherSettings, student: Charset) -> None:
        if not settings.model.is_file():
            raise UsageError(f"teacher.model: {settings.model} is missing")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(settings.model), options, providers=["CPUExecutionProvider"])
        self.settings = settings
        lacking = settings.charset.missing_from("".join(student.characters))
        if lacking:
            raise UsageError(f"teacher.charset: lacks {lacking}")
        indices = [settings.charset.index_of(character) for character in student.characters]
        indices.insert(student.blank, settings.charset.blank)
        self.order = np.array(indices)

    def log_probabilities(self, copies: list[Grey]) -> npt.NDArray[np.float16]:
        """[N, T, C] over the student's classes, from grey images; the teacher's output is probabilities [N, T, K]."""
        images = stack(copies, self.settings.input)
        (probabilities,) = self.session.run(None, {self.session.get_inputs()[0].name: images})
        known = probabilities[..., self.order].astype(np.float64)
        known /= np.maximum(known.sum(axis=-1, keepdims=True), 1e-30)
        return np.asarray(np.maximum(np.log(np.maximum(known, 1e-30)), FLOOR), dtype=np.float16)
