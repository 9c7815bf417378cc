"""ONNX files ready to run."""

from __future__ import annotations

import onnxruntime


def session_of(content: bytes | str, threads: int) -> onnxruntime.InferenceSession:
    """An onnxruntime session on the CPU; from a file's bytes or its path."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
