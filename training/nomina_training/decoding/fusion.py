"""How a language model's opinion joins the network's: shallow fusion (Gulcehre et al. 2015)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..models.charset import Charset
from .language_model import LanguageModel


@dataclass(frozen=True)
class Fusion:
    """A text counts as its CTC probability x language model^weight x e^(length_bonus x characters)."""

    model: LanguageModel
    symbols: tuple[int, ...]
    weight: float
    length_bonus: float

    def cost(self, text: Sequence[int]) -> int:
        """Of the text and its end, in sixteenths of a nat."""
        total, state = 0, self.model.start
        for index in text:
            cost, state = self.model.step(state, self.symbols[index])
            total += cost
        return total + self.model.step(state, self.model.end)[0]


def fusion_of(model: LanguageModel, charset: Charset, weight: float, length_bonus: float) -> Fusion:
    """The language model's symbol of each class, -1 for the blank and for characters it does not know."""
    symbols = tuple(
        -1 if index == charset.blank else model.symbol_of(charset.character_of(index))
        for index in range(charset.class_count)
    )
    return Fusion(model, symbols, weight, length_bonus)
