"""A field's grey image to a model's input, driven by the manifest; the TypeScript app does the same to the pixel.

Order of work: trim, Otsu, morphology, fit (resample, align, pad), then numbers. All steps but the last are on 8 bits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..models.manifest import InputSpec, WidthRange
from .grey import Grey

_RESAMPLE = {"bilinear": Image.Resampling.BILINEAR, "lanczos": Image.Resampling.LANCZOS}


def preprocess(grey: Grey, spec: InputSpec) -> npt.NDArray[np.float32]:
    """[h, w] uint8 to the model's input [1, H, W] float32."""
    return to_numbers(prepare_pixels(grey, spec), spec)[np.newaxis]


def prepare_pixels(grey: Grey, spec: InputSpec) -> Grey:
    """Everything before the numbers: [h, w] uint8 to [H, W] uint8; raises ValueError on an image without pixels."""
    if grey.ndim != 2 or grey.size == 0:
        raise ValueError(f"an image of shape {grey.shape} has no pixels")
    if rows := rows_cut(grey.shape[0], spec):
        grey = grey[rows:-rows]
    if spec.binarise == "otsu":
        grey = np.where(grey > otsu_threshold(grey), 255, 0).astype(np.uint8)
    if spec.morphology != "none":
        grey = morphology(grey, spec.morphology)
    return fit(grey, spec)


def rows_cut(height: int, spec: InputSpec) -> int:
    """Rows that `input.trim` cuts off at the top, and at the bottom; at least one is left."""
    return min(math.floor(height * spec.trim + 0.5), (height - 1) // 2)


def to_numbers(pixels: Grey, spec: InputSpec) -> npt.NDArray[np.float32]:
    """x = grey / 255; x = 1 - x if invert; x = (x - mean) / std; computed in float32."""
    numbers = pixels.astype(np.float32) / np.float32(255)
    if spec.invert:
        numbers = np.float32(1) - numbers
    return (numbers - np.float32(spec.mean)) / np.float32(spec.std)


def otsu_threshold(grey: Grey) -> int:
    """Threshold t, 0 to 255, of most between-class variance (Otsu 1979): <= t against > t, the first maximum wins.

    The variance is compared exactly: with n pixels of sum s below and N of sum S in all, it is
    (s N - n S)^2 / (n (N - n)) up to a constant, a fraction of integers. A one-colour image gives 0.
    """
    histogram = [int(count) for count in np.bincount(grey.ravel(), minlength=256)]
    total, total_sum = grey.size, sum(level * count for level, count in enumerate(histogram))
    best, best_numerator, best_denominator = 0, 0, 1
    below, below_sum = 0, 0
    for level, count in enumerate(histogram):
        below += count
        below_sum += level * count
        denominator = below * (total - below)
        if denominator == 0:
            continue
        numerator = (below_sum * total - below * total_sum) ** 2
        if numerator * best_denominator > best_numerator * denominator:
            best, best_numerator, best_denominator = level, numerator, denominator
    return best


def morphology(grey: Grey, operation: str) -> Grey:
    """Grey opening (minimum, then maximum) or closing (maximum, then minimum) by a 3 x 3 square, edges replicated.

    On the image as it is: with dark ink on light paper, "open" closes gaps in strokes, "close" removes thin strokes.
    """
    filters = [_square_minimum, _square_maximum]
    for apply in filters if operation == "open" else reversed(filters):
        grey = apply(grey)
    return grey


def _square_minimum(grey: Grey) -> Grey:
    padded = np.pad(grey, 1, mode="edge")
    rows = np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    return np.minimum(np.minimum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])


def _square_maximum(grey: Grey) -> Grey:
    return 255 - _square_minimum(255 - grey)


def input_width(width: int, height: int, spec: InputSpec) -> int:
    """Width W, px, of the model's input for an image of width x height px.

    A fixed width is itself. A variable one follows the image:
    natural = max(1, floor(width * spec.height / height + 0.5)) in float64, clamped to at most `max`, raised to at least
    `min`, then up to the next multiple of `multipleOf`; where that multiple is above `max`, the largest multiple
    that is not (at least one multiple).
    """
    if not isinstance(spec.width, WidthRange):
        return spec.width
    limits = spec.width
    wanted = max(limits.minimum, min(limits.maximum, natural_width(width, height, spec.height)))
    multiple = -(-wanted // limits.multiple_of) * limits.multiple_of
    if multiple > limits.maximum:
        multiple = max(1, limits.maximum // limits.multiple_of) * limits.multiple_of
    return multiple


def natural_width(width: int, height: int, target_height: int) -> int:
    """Width, px, of an image scaled to `target_height` with its aspect kept, halves rounded up."""
    return max(1, math.floor(width * target_height / height + 0.5))


def fit(grey: Grey, spec: InputSpec) -> Grey:
    """Scale [h, w] into the model's [H, W].

    stretch: both sides to size. With a variable width that is the natural width, squeezed to W where it is wider,
    padded to W where it is narrower (`align`, `pad`).
    box: scale = min(W / w, H / h) in float64, new side = max(1, floor(side * scale + 0.5)), pasted at x = 0 (left) or
    floor((W - nw) / 2) (centre) and y = floor((H - nh) / 2) on a canvas of `pad`.
    """
    height, width = grey.shape
    target_height, target_width = spec.height, input_width(width, height, spec)
    if spec.fit == "stretch":
        new_height, new_width = target_height, target_width
        if isinstance(spec.width, WidthRange):
            new_width = min(target_width, natural_width(width, height, target_height))
    else:
        scale = min(target_width / width, target_height / height)
        new_width = min(target_width, max(1, math.floor(width * scale + 0.5)))
        new_height = min(target_height, max(1, math.floor(height * scale + 0.5)))
    scaled = resize(grey, (new_width, new_height), spec.resample)
    if (new_width, new_height) == (target_width, target_height):
        return scaled
    left = (target_width - new_width) // 2 if spec.align == "centre" else 0
    top = (target_height - new_height) // 2
    canvas = np.full((target_height, target_width), spec.pad, dtype=np.uint8)
    canvas[top : top + new_height, left : left + new_width] = scaled
    return canvas


def resize(grey: Grey, size: tuple[int, int], resample: str) -> Grey:
    """Pillow's 8-bit resize of a grey image to (width, height): horizontal pass first, each rounded to 8 bits.

    The passes are asked for one by one: from version 13 on Pillow does the vertical one first where that is faster,
    which moves pixels by one grey, and the app must do the same whatever version is installed here.
    """
    if size == (grey.shape[1], grey.shape[0]):
        return grey
    rows = Image.fromarray(grey).resize((size[0], grey.shape[0]), _RESAMPLE[resample])
    return np.asarray(rows.resize(size, _RESAMPLE[resample]))


def stack(fields: Sequence[Grey], spec: InputSpec) -> npt.NDArray[np.float32]:
    """A batch [N, 1, H, W] of images that share one input width; raises ValueError where they do not."""
    return np.stack([preprocess(field, spec) for field in fields])
