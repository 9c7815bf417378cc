"""Books that no shipped model sees, as `splits/books.json` lists them: known by their names or by their pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..runtime.atomic_files import file_digest
from ..runtime.checkout import TRAINING
from .pictures import CropPicture, Picture
from .sources import Row

BOOKS = TRAINING / "splits" / "books.json"
"""Of the checkout; a package installed without it trains nothing that ships, and holds no book out."""
_DIGITS = 12
"""Of a sha256 in hex, in that file."""


@dataclass(frozen=True)
class HeldOutBooks:
    """How names of their pages and lines begin, and the sha256 of their files."""

    begins: tuple[str, ...]
    pictures: frozenset[str]

    def named_in(self, names: Iterable[str]) -> bool:
        """Whether one of these names (of a file, a page, a group) is of such a book, whatever stands around it."""
        return any(begin in name for name in names for begin in self.begins)

    def has(self, row: Row) -> bool:
        """Whether a row is of such a book: by its names, its group's or its page's, or because its file is known.

        A picture that can't be read is not known; whoever trains on it will find that out.
        """
        return self.named_in((row.name, row.group, row.picture.name)) or self.has_picture(row.picture)

    def has_picture(self, picture: Picture) -> bool:
        """Whether a picture's file, or the page that it is cut from, is one of theirs under another name."""
        try:
            digest = _page_digest(picture.path) if isinstance(picture, CropPicture) else picture.digest()
        except (OSError, ValueError):
            return False
        return digest[:_DIGITS] in self.pictures


NO_BOOKS = HeldOutBooks((), frozenset())
"""For what never ships."""


@lru_cache(maxsize=1)
def held_out_books() -> HeldOutBooks:
    """Those of `BOOKS`; none where there is no such file."""
    if not BOOKS.exists():
        return NO_BOOKS
    raw = json.loads(BOOKS.read_text(encoding="utf-8"))
    begins = [*(book["begins"] for book in raw["books"]), *raw["pages"]]
    return HeldOutBooks(tuple(begins), frozenset(raw["pictures"]))


@lru_cache(maxsize=4)
def _page_digest(path: Path) -> str:
    return file_digest(path)
