"""Image files to grey arrays: upright, alpha on white, 8 bits, ITU-R 601 luma as Pillow's."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

Grey = npt.NDArray[np.uint8]
"""[H, W] uint8, 0 black to 255 white."""


def read_grey(source: Path | bytes) -> Grey:
    """Decode a file, or its bytes, to grey.

    Raises OSError (Pillow's UnidentifiedImageError is one) or SyntaxError where it is not a whole image.
    """
    with Image.open(BytesIO(source) if isinstance(source, bytes) else source) as image:
        image.load()
        return grey_of(image)


def grey_of(image: Image.Image) -> Grey:
    """Grey of a decoded image: EXIF orientation applied, 16 bits shifted down by 8, alpha flattened on white."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I") or upright.mode == "F":
        return _eight_bits(np.asarray(upright))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        rgba = upright.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        upright = Image.alpha_composite(white, rgba).convert("RGB")
    if upright.mode not in ("L", "RGB"):
        upright = upright.convert("L" if upright.mode == "1" else "RGB")
    return luma(np.asarray(upright))


def luma(pixels: npt.NDArray[np.uint8]) -> Grey:
    """[H, W] or [H, W, 3] uint8 to grey by Pillow's integers: (19595 R + 38470 G + 7471 B + 0x8000) >> 16."""
    if pixels.ndim == 2:
        return pixels
    weighted = pixels.astype(np.uint32) @ np.array([19595, 38470, 7471], dtype=np.uint32)
    grey: Grey = ((weighted + 0x8000) >> 16).astype(np.uint8)
    return grey


def _eight_bits(deep: npt.NDArray[Any]) -> Grey:
    """16-bit grey [H, W], 0 to 65535 in whatever type Pillow holds it, to 8 bits by >> 8."""
    grey: Grey = (np.clip(deep, 0, 65535).astype(np.uint32) >> 8).astype(np.uint8)
    return grey
