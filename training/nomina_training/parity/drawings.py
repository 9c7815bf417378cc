"""Images drawn for the golden vectors: invented words, strokes, noise; awkward sizes and pixel formats; no scans."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_SIZES = ((300, 40), (340, 52), (284, 24), (388, 67), (256, 32), (512, 64), (120, 20), (90, 90), (64, 200), (900, 30),
          (33, 31), (257, 33), (1600, 20))
"""Width and height, px: usual fields first, then exact fits, odd ones and extremes."""
_SYLLABLES = ("BA", "RO", "MIL", "TE", "QUO", "ZAN", "VEX", "I", "DU", "HOR", "KY", "PLE", "OU", "JA", "GNE", "FI")
_DEEP_MODES = ("RGB", "RGBA", "LA", "P", "1", "I;16")


def drawn_images() -> Iterator[tuple[str, bytes]]:
    """About 200 (name, PNG file); the same each time for one Pillow version."""
    number = 0
    for kind, draw, count in (("text", _text, 104), ("strokes", _strokes, 40), ("bands", _bands, 24)):
        for index in range(count):
            random = np.random.default_rng((20261121, number))
            size = _SIZES[index % (5 if kind == "text" and index < 60 else len(_SIZES))]
            image = draw(size, random)
            if index % 6 == 5:
                image = _noisy(image, random)
            if index % 7 == 6:
                image = _in_colour(image, random)
            yield f"{number:03d}-{kind}", _png(image)
            number += 1
    for mode in _DEEP_MODES:
        for index in range(3):
            random = np.random.default_rng((20261121, number))
            image = _text(_SIZES[index], random)
            yield f"{number:03d}-mode-{mode.lower().replace(';', '')}", _png(_in_mode(image, mode))
            number += 1
    for width, height in ((1, 1), (1, 40), (300, 1), (2, 2), (3, 500), (2000, 3), (7, 5), (255, 31), (513, 65), (40, 1),
                          (1, 300), (5, 7), (2100, 16), (64, 64)):
        random = np.random.default_rng((20261121, number))
        yield f"{number:03d}-tiny", _png(Image.fromarray(random.integers(0, 256, (height, width), dtype=np.uint8)))
        number += 1


def _word(random: np.random.Generator) -> str:
    """One or two invented words of two to four syllables."""
    words = ["".join(random.choice(_SYLLABLES, random.integers(2, 5))) for _ in range(random.choice([1, 1, 1, 2]))]
    return str(random.choice([" ", "-", "'"])).join(words)


def _text(size: tuple[int, int], random: np.random.Generator) -> Image.Image:
    """A word in the font that comes with Pillow, slanted and blurred by drawing it double and shrinking."""
    width, height = size
    large = Image.new("L", (width * 2, height * 2), int(random.integers(235, 256)))
    font = ImageFont.load_default(max(8.0, height * 2 * float(random.uniform(0.45, 0.75))))
    at = (int(random.uniform(0.02, 0.15) * width * 2), int(random.uniform(0.02, 0.2) * height * 2))
    ImageDraw.Draw(large).text(at, _word(random), fill=int(random.integers(0, 90)), font=font)
    slant = float(random.uniform(-0.3, 0.3))
    paper = large.getpixel((0, 0))
    slanted = large.transform(large.size, Image.Transform.AFFINE, (1, slant, -slant * height, 0, 1, 0),
                              Image.Resampling.BILINEAR, fillcolor=paper)
    return slanted.resize(size, Image.Resampling.BOX)


def _strokes(size: tuple[int, int], random: np.random.Generator) -> Image.Image:
    """Wandering pen strokes."""
    width, height = size
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    x = 0.03 * width
    while x < 0.9 * width:
        step = max(2.0, 0.5 * height * float(random.uniform(0.4, 1)))
        points = [(x + step * float(px), height * float(py)) for px, py in random.uniform(0, 1, (4, 2))]
        pen.line(points, fill=int(random.integers(0, 120)), width=int(random.integers(1, 4)), joint="curve")
        x += step * 1.2
    return image


def _bands(size: tuple[int, int], random: np.random.Generator) -> Image.Image:
    """Ramps and steps: rounding shows on them first."""
    width, height = size
    ramp = np.linspace(0, 255, width)[None, :] * np.linspace(0.2, 1, height)[:, None]
    steps = (np.arange(width) // int(random.integers(1, 9)) % 2 * 255)[None, :]
    share = float(random.uniform(0, 1))
    return Image.fromarray((ramp * share + steps * (1 - share)).astype(np.uint8))


def _noisy(image: Image.Image, random: np.random.Generator) -> Image.Image:
    noise = random.normal(0, 8, (image.height, image.width))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def _in_colour(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Coloured ink on tinted paper, RGB."""
    level = np.asarray(image, dtype=np.float64)[..., None] / 255
    ink, paper = random.integers(0, 140, 3), random.integers(210, 256, 3)
    return Image.fromarray((ink + (paper - ink) * level).astype(np.uint8))


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """The image in another of PNG's formats; alpha is 0 or 255 alone."""
    if mode == "I;16":
        deep = np.asarray(image, dtype=np.uint16) * 257
        return Image.fromarray(deep - (deep > 300).astype(np.uint16) * 77)
    if mode in ("LA", "RGBA"):
        converted = image.convert(mode)
        converted.putalpha(Image.fromarray(np.where(np.asarray(image) < 200, 255, 0).astype(np.uint8)))
        return converted
    convert: Callable[[Image.Image], Image.Image] = {
        "P": lambda grey: grey.convert("RGB").quantize(16),
        "1": lambda grey: grey.point(lambda level: 255 if level > 128 else 0).convert("1"),
        "RGB": lambda grey: grey.convert("RGB"),
    }[mode]
    return convert(image)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
