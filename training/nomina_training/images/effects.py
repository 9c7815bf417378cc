"""Further things that happen to a field on its way to a file: elastic ink, crops, bleed-through, stains, JPEG."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from .grey import Grey

_ELASTIC_CELL = 16
"""Px between two points of the elastic grid."""


def elastic(image: Image.Image, strength: float, random: np.random.Generator) -> Image.Image:
    """Smooth random displacement (Simard et al. 2003) of up to about a share `strength` of the height."""
    width, height = image.size
    cells = (max(2, round(width / _ELASTIC_CELL)), max(2, round(height / _ELASTIC_CELL)))
    shifts = []
    for _ in range(2):
        coarse = random.normal(0, strength * height / 2, (cells[1], cells[0])).astype(np.float32)
        shifts.append(np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)))
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x = np.clip(columns + shifts[0], 0, width - 1)
    y = np.clip(rows + shifts[1], 0, height - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    pixels = np.asarray(image, dtype=np.float32)
    across, down = x - left, y - top
    upper = pixels[top, left] * (1 - across) + pixels[top, right] * across
    lower = pixels[bottom, left] * (1 - across) + pixels[bottom, right] * across
    return Image.fromarray((upper * (1 - down) + lower * down + 0.5).astype(np.uint8))


def crop(image: Image.Image, most: float, random: np.random.Generator) -> Image.Image:
    """Up to a share `most` of the height off the top and bottom and a quarter of that, of the width, off the sides;
    then the size as before."""
    width, height = image.size
    left, right = (round(random.uniform(0, most / 4) * width) for _ in range(2))
    top, bottom = (round(random.uniform(0, most) * height) for _ in range(2))
    return image.resize((width, height), Image.Resampling.BILINEAR, (left, top, width - right, height - bottom))


def bleed_through(pixels: Grey, random: np.random.Generator) -> Grey:
    """Faint writing from the other side of the paper: the field's own, mirrored and shifted."""
    shift = (int(random.integers(-pixels.shape[0] // 3, pixels.shape[0] // 3 + 1)),
             int(random.integers(-pixels.shape[1] // 4, pixels.shape[1] // 4 + 1)))  # fmt: skip
    behind = np.roll(pixels[:, ::-1], shift, (0, 1)).astype(np.float32)
    paper = float(np.percentile(pixels, 80))
    faint = paper - (paper - behind) * random.uniform(0.08, 0.25)
    both: Grey = np.minimum(pixels, np.clip(faint, 0, 255)).astype(np.uint8)
    return both


def occlude(pixels: Grey, random: np.random.Generator) -> None:
    """A stain or a piece of correction tape, at most a tenth of the width and half of the height, in place."""
    height, width = pixels.shape
    wide, high = max(1, round(random.uniform(0.01, 0.1) * width)), max(1, round(random.uniform(0.1, 0.5) * height))
    left, top = int(random.integers(0, max(1, width - wide))), int(random.integers(0, max(1, height - high)))
    level = np.percentile(pixels, 80) if random.random() < 0.5 else random.uniform(60, 200)
    pixels[top : top + high, left : left + wide] = np.uint8(level)


def compress(pixels: Grey, random: np.random.Generator) -> Grey:
    """What JPEG of a low quality leaves."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="JPEG", quality=int(random.integers(20, 70)))
    with Image.open(buffer) as image:
        return np.array(image)
