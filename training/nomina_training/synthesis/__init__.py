"""Fields that nobody wrote: names in handwriting fonts and in glyphs cut out of real fields, set as real crops are."""

from .make import Recipe, synthesise

__all__ = ["Recipe", "synthesise"]
