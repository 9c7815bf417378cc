"""Attention: networks that write a text character by character while they look at an encoded image.

Import what needs onnxruntime (`onnx_model`, `recogniser`) from its module: the registry does without.
"""

from .loss import attention_loss
from .network import AttentionNetwork, States
from .tokens import END, FIRST_CHARACTER, PAD, SPECIALS, START, AttentionCharset

__all__ = [
    "END", "FIRST_CHARACTER", "PAD", "SPECIALS", "START",
    "AttentionCharset", "AttentionNetwork", "States", "attention_loss",
]  # fmt: skip
