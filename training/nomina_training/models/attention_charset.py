"""Class indices of an attention model: [PAD], [START] and [END] with an index of their own each, then the charset."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import UsageError

PAD, START, END = 0, 1, 2
SPECIALS = (PAD, START, END)
FIRST_CHARACTER = len(SPECIALS)


@dataclass(frozen=True)
class AttentionCharset:
    """The characters that an attention model can write, in class order from FIRST_CHARACTER on."""

    characters: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.characters)) != len(self.characters):
            raise UsageError("charset: a character occurs twice")

    @property
    def class_count(self) -> int:
        """Number of classes, the three special ones included."""
        return len(self.characters) + FIRST_CHARACTER

    def encode(self, text: str) -> list[int]:
        """Class indices of an NFC text, without start and end; raises ValueError where one is lacking."""
        return [self.characters.index(character) + FIRST_CHARACTER for character in unicodedata.normalize("NFC", text)]

    def character_of(self, index: int) -> str:
        """Character of a class index that is no special one."""
        return self.characters[index - FIRST_CHARACTER]

    def decode(self, indices: Sequence[int]) -> str:
        """Text of class indices, special ones not among them."""
        return "".join(self.character_of(index) for index in indices)

    def missing_from(self, text: str) -> list[str]:
        """Characters of an NFC text that the charset lacks, each once, in order of appearance."""
        return [c for c in dict.fromkeys(unicodedata.normalize("NFC", text)) if c not in self.characters]
