"""Names to crops as forms give them: a hand, a place in the box, captions, lines, neighbours' ink, a scanner."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from tqdm import tqdm

from ..errors import UsageError
from ..images.augmentation import Augmentation, augment
from ..images.grey import Grey
from ..runtime.atomic_files import write_atomically
from .fonts import Font
from .ink import Hand, Ink, lay, scaled

_SCANNER = Augmentation(rotation=1.2, slant=0.15, scale=0.04, shift_x=0.01, shift_y=0.03, wave=0.015)
_TRIES = 50
"""Names drawn for one image before it is said that the hands lack too many characters."""


@dataclass(frozen=True)
class Recipe:
    """All that decides what is made; the same recipe gives the same files. Sizes are px, the others probabilities."""

    number: int
    texts: Sequence[str]
    weights: Sequence[float]
    seed: int = 1
    glyph_share: float = 0.5
    """Of the images, written in glyphs where there are any."""
    width: tuple[int, int] = (284, 388)
    height: tuple[int, int] = (28, 64)
    captions: tuple[str, ...] = ("NOM :", "NOM", "PRENOM", "PRENOM :")
    caption_probability: float = 0.4
    line_probability: float = 0.4
    box_probability: float = 0.15
    neighbour_probability: float = 0.35
    scanner: Augmentation = field(default=_SCANNER)


def synthesise(recipe: Recipe, fonts: Sequence[Font], glyphs: Hand | None, folder: Path) -> int:
    """Write SYNTH_000001.png …, labels.csv (FILENAME, IDENTITY, HAND) and sources.json; how many images were made.

    Raises UsageError where there is nothing to write with or to write.
    """
    if not fonts and glyphs is None:
        raise UsageError("synthesise: neither fonts nor glyphs to write with")
    if not recipe.texts:
        raise UsageError("synthesise: no texts to write")
    folder.mkdir(parents=True, exist_ok=True)
    shares = np.asarray(recipe.weights, dtype=np.float64)
    shares /= shares.sum()
    rows = []
    for number in tqdm(range(1, recipe.number + 1), "images", leave=False, disable=None):
        random = np.random.default_rng((recipe.seed, number))
        text, hand, grey = _one(recipe, fonts, glyphs, shares, random)
        name = f"SYNTH_{number:06d}.png"
        buffer = io.BytesIO()
        Image.fromarray(grey).save(buffer, format="PNG")
        (folder / name).write_bytes(buffer.getvalue())
        rows.append((name, text, hand.source))
    table = io.StringIO(newline="")
    csv.writer(table).writerows([("FILENAME", "IDENTITY", "HAND"), *rows])
    write_atomically(folder / "labels.csv", table.getvalue().encode())
    sources = {
        "seed": recipe.seed,
        "fonts": [{"font": f.source, "licence": f.licence, "attribution": f.attribution} for f in fonts],
        "glyphs": glyphs is not None,
    }
    write_atomically(folder / "sources.json", json.dumps(sources, indent=2, ensure_ascii=False).encode())
    return len(rows)


def _one(
    recipe: Recipe,
    fonts: Sequence[Hand],
    glyphs: Hand | None,
    shares: npt.NDArray[np.float64],
    random: np.random.Generator,
) -> tuple[str, Hand, Grey]:
    """A text, what wrote it, and its field."""
    for _ in range(_TRIES):
        text = recipe.texts[int(random.choice(len(recipe.texts), p=shares))]
        use_glyphs = glyphs is not None and (not fonts or random.random() < recipe.glyph_share)
        hand: Hand = glyphs if use_glyphs and glyphs is not None else fonts[int(random.integers(len(fonts)))]
        width, height = int(random.integers(*recipe.width)), int(random.integers(*recipe.height))
        ink = hand.write(text, round(height * random.uniform(0.4, 0.65)), random)
        if ink is not None:
            canvas = _field(recipe, ink, hand, (width, height), random)
            grey = (255 - canvas * random.uniform(130, 235)).astype(np.uint8)
            return text, hand, augment(grey, recipe.scanner, random)
    raise UsageError("synthesise: the fonts and glyphs lack characters of nearly every text")


def _field(recipe: Recipe, ink: Ink, hand: Hand, size: tuple[int, int], random: np.random.Generator) -> Ink:
    """The crop's ink: the name where it fits, and what else is in the box."""
    width, height = size
    canvas = np.zeros((height, width), np.float32)
    left = round(random.uniform(0.01, 0.06) * width)
    if recipe.captions and random.random() < recipe.caption_probability:
        caption = _printed(recipe.captions[int(random.integers(len(recipe.captions)))], round(height * 0.32))
        lay(canvas, caption, left, round((height - caption.shape[0]) / 2 + random.normal(0, 0.05) * height))
        left += caption.shape[1] + round(random.uniform(0.02, 0.05) * width)
    room = max(8, width - left - 4)
    if ink.shape[1] > room:
        ink = scaled(ink, room, max(4, round(ink.shape[0] * max(room / ink.shape[1], 0.6))))
    ink = ink[:height]
    left += round(random.uniform(0, 0.5) * (room - ink.shape[1]))
    lay(canvas, ink, left, round((height - ink.shape[0]) * random.uniform(0.25, 0.75)))
    if random.random() < recipe.neighbour_probability:
        _neighbour(canvas, recipe, hand, random)
    _rules(canvas, recipe, random)
    return canvas


def _neighbour(canvas: Ink, recipe: Recipe, hand: Hand, random: np.random.Generator) -> None:
    """The feet of the row above, or the heads of the row below, by the same hand."""
    height, width = canvas.shape
    text = recipe.texts[int(random.integers(len(recipe.texts)))]
    ink = hand.write(text, round(height * 0.55), random)
    if ink is None:
        return
    seen = round(random.uniform(0.05, 0.18) * height)
    top = seen - ink.shape[0] if random.random() < 0.5 else height - seen
    lay(canvas, ink, round(random.uniform(0, 0.5) * width), top)


def _rules(canvas: Ink, recipe: Recipe, random: np.random.Generator) -> None:
    """Printed lines under the writing, or a box around it."""
    height, width = canvas.shape
    level = np.float32(random.uniform(0.3, 0.9))
    thick = int(random.integers(1, 3))
    if random.random() < recipe.line_probability:
        row = round(random.uniform(0.78, 0.97) * height)
        lay(canvas, np.full((thick, width), level), 0, row)
    if random.random() < recipe.box_probability:
        edge = int(random.integers(0, max(1, height // 10)))
        for top, bottom, left, right in (
            (edge, edge + thick, 0, width), (height - edge - thick, height - edge, 0, width),
            (0, height, edge, edge + thick), (0, height, width - edge - thick, width - edge),
        ):  # fmt: skip
            lay(canvas, np.full((bottom - top, right - left), level), left, top)


def _printed(text: str, height: int) -> Ink:
    """A printed caption, capitals about `height` px high."""
    font = ImageFont.load_default(max(8, round(height * 1.3)))
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (round(right - left) + 2, round(bottom - top) + 2), 0)
    ImageDraw.Draw(image).text((1 - left, 1 - top), text, fill=235, font=font)
    return np.asarray(image, dtype=np.float32) / np.float32(255)
