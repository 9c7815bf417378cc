"""Class indices of a model: the charset's order with the CTC blank put in at its index."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import UsageError


@dataclass(frozen=True)
class Charset:
    """The characters that a model can write, in class order, and where its blank stands."""

    characters: tuple[str, ...]
    blank: int

    def __post_init__(self) -> None:
        if len(set(self.characters)) != len(self.characters):
            raise UsageError("charset: a character occurs twice")
        if not 0 <= self.blank <= len(self.characters):
            raise UsageError(f"blank: {self.blank} is outside 0 to {len(self.characters)}")

    @property
    def class_count(self) -> int:
        """Number of classes, the blank included."""
        return len(self.characters) + 1

    def index_of(self, character: str) -> int:
        """Class index of a character; raises ValueError where the charset lacks it."""
        position = self.characters.index(character)
        return position + (position >= self.blank)

    def encode(self, text: str) -> list[int]:
        """Class indices of an NFC text; raises ValueError at the first character the charset lacks."""
        return [self.index_of(character) for character in unicodedata.normalize("NFC", text)]

    def character_of(self, index: int) -> str:
        """Character of a class index that is not the blank."""
        return self.characters[index - (index > self.blank)]

    def decode(self, indices: Sequence[int]) -> str:
        """Text of class indices, blanks not among them."""
        return "".join(self.character_of(index) for index in indices)

    def missing_from(self, text: str) -> list[str]:
        """Characters of an NFC text that the charset lacks, each once, in order of appearance."""
        return [c for c in dict.fromkeys(unicodedata.normalize("NFC", text)) if c not in self.characters]
