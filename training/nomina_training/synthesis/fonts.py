"""Handwriting fonts of open licence: TrueType, OpenType, and the woff and woff2 of npm's @fontsource packages."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..errors import UsageError
from .ink import Ink, trimmed

_ENDINGS = (".ttf", ".otf", ".woff", ".woff2")
_COPYRIGHT, _LICENCE, _LICENCE_ADDRESS = 0, 13, 14
"""Entries of a font's name table."""


@dataclass(frozen=True)
class Font:
    """A font's bytes (TrueType or OpenType), what it can write, and under which terms."""

    source: str
    content: bytes
    characters: frozenset[str]
    licence: str
    attribution: str

    def write(self, text: str, height: int, random: np.random.Generator) -> Ink | None:
        """A text with capitals about `height` px high, letters a little apart from their places."""
        if not all(character in self.characters or character == " " for character in text):
            return None
        font = ImageFont.truetype(io.BytesIO(self.content), max(6, round(height * 1.4)))
        spacing = random.uniform(-0.04, 0.12) * height
        places, x = [], height / 2
        for character in text:
            places.append((x, height / 2 + random.normal(0, 0.03) * height))
            x += font.getlength(character) + spacing
        image = Image.new("L", (round(x + height), height * 3), 0)
        draw = ImageDraw.Draw(image)
        for character, place in zip(text, places, strict=True):
            draw.text(place, character, fill=255, font=font)
        return trimmed(np.asarray(image, dtype=np.float32) / np.float32(255))


def read_fonts(folder: Path) -> list[Font]:
    """The fonts under a folder, ordered by name; of a @fontsource package the regular Latin one.

    Raises UsageError where there is none, where one cannot be read, or where the terms of one are nowhere to be found.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS and _is_wanted(path))
    if not files:
        raise UsageError(f"{folder}: no fonts ({', '.join(_ENDINGS)}) in it")
    return [_read(path) for path in files]


def _is_wanted(path: Path) -> bool:
    """Any file but those of a @fontsource package that are not its regular Latin woff2."""
    package = path.parent.parent / "metadata.json"
    return not package.exists() or path.name.endswith("-latin-400-normal.woff2")


def _read(path: Path) -> Font:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, lazy=False) as font:
            names = {number: font["name"].getDebugName(number) or "" for number in (1, *_NAMES)}
            characters = frozenset(chr(code) for code in font.getBestCmap())
            font.flavor = None
            buffer = io.BytesIO()
            font.save(buffer)
    except (OSError, TTLibError, KeyError, ImportError) as error:
        raise UsageError(f"{path}: {error}") from error
    licence, attribution = _terms(path, names)
    return Font(names[1] or path.stem, buffer.getvalue(), characters, licence, attribution)


_NAMES = (_COPYRIGHT, _LICENCE, _LICENCE_ADDRESS)


def _terms(path: Path, names: dict[int, str]) -> tuple[str, str]:
    """Licence and attribution: of the package's metadata, else of the font itself, else of a licence file beside it."""
    package = path.parent.parent / "metadata.json"
    if package.exists():
        licence = json.loads(package.read_text(encoding="utf-8")).get("license", {})
        if licence.get("type"):
            return str(licence["type"]), str(licence.get("attribution", names[_COPYRIGHT]))
    written = names[_LICENCE] or names[_LICENCE_ADDRESS]
    if not written:
        beside = next((file for file in sorted(path.parent.glob("*")) if file.stem.upper() in ("OFL", "LICENSE")), None)
        if beside is None:
            raise UsageError(f"{path}: its licence is nowhere to be found: put an OFL.txt or LICENSE beside it")
        written = beside.read_text(encoding="utf-8", errors="replace").strip().splitlines()[0]
    return written, names[_COPYRIGHT]
