"""A character n-gram language model: estimated from counts, kept in a small file, asked one character at a time."""

from .counts import NgramCounts, count_texts, read_ngrams
from .estimate import METHODS, estimate
from .model import LanguageModel, read_language_model

__all__ = ["METHODS", "LanguageModel", "NgramCounts", "count_texts", "estimate", "read_language_model", "read_ngrams"]
