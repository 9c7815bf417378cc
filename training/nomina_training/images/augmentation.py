"""Augmented copies of a field: what scanners, writers and crop boxes do to it. Grey [h, w] uint8 in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from ..runtime.checked import Amount, Share, checked
from . import effects
from .grey import Grey

_MESH = (5, 2)
"""Cells of the distortion mesh along and across the line; along a long line there are more …"""
_MESH_CELL = 80
"""… one in so many px."""


@dataclass(frozen=True)
class Augmentation:
    """How strongly copies differ from their image. Lengths are shares of the side, angles degrees, greys 0 to 255."""

    rotation: Amount = 2.0
    slant: Share = 0.20
    scale: Share = 0.10
    stretch: Share = 0.0
    """Change of the width itself, for models that take a range of widths."""
    shift_x: Share = 0.03
    shift_y: Share = 0.08
    wave: Share = 0.02
    contrast: Share = 0.35
    paper: Amount = 25.0
    noise: Amount = 6.0
    blur: Amount = 0.8
    stroke_probability: Share = 0.2
    blur_probability: Share = 0.2
    noise_probability: Share = 0.2
    line_probability: Share = 0.03
    coarse_probability: Share = 0.1
    paper_probability: Share = 0.15
    elastic: Share = 0.06
    crop: Share = 0.06
    elastic_probability: Share = 0.0
    crop_probability: Share = 0.0
    jpeg_probability: Share = 0.0
    bleed_probability: Share = 0.0
    occlusion_probability: Share = 0.0


def augmentation_from(raw: Mapping[str, float]) -> Augmentation:
    """Settings of a configuration; raises UsageError on one that does not exist, is no number or out of bounds."""
    return checked(Augmentation, "augmentation", raw)


def stretched(size: tuple[int, int], settings: Augmentation, random: np.random.Generator) -> tuple[int, int]:
    """Height and width, px, of a copy of an image of that height and width: the first thing that is drawn for it."""
    if not settings.stretch:
        return size
    height, width = size
    return height, max(1, round(width * float(np.exp(random.uniform(-1, 1) * settings.stretch))))


def augment(grey: Grey, settings: Augmentation, random: np.random.Generator, plain: float = 0.0) -> Grey:
    """One random copy of an image, of the same height, and width but for `stretch`; a share `plain` of copies has
    nothing else done to it."""
    height, width = stretched((grey.shape[0], grey.shape[1]), settings, random)
    image = Image.fromarray(grey)
    if width != grey.shape[1]:
        image = image.resize((width, height), Image.Resampling.BILINEAR)
    if plain and random.random() < plain:
        return np.asarray(image)
    if _chosen(settings.crop_probability, random):
        image = effects.crop(image, settings.crop, random)
    image = _distort(image, settings, random)
    if _chosen(settings.elastic_probability, random):
        image = effects.elastic(image, settings.elastic, random)
    if random.random() < settings.stroke_probability:
        image = _thicken_or_thin(image, random)
    if random.random() < settings.coarse_probability:
        image = _coarsen(image, random)
    if random.random() < settings.blur_probability:
        image = image.filter(ImageFilter.GaussianBlur(random.uniform(0.2, 1.0) * settings.blur))
    pixels = np.array(image)
    if random.random() < settings.line_probability:
        _draw_form_line(pixels, random)
    if _chosen(settings.bleed_probability, random):
        pixels = effects.bleed_through(pixels, random)
    if _chosen(settings.occlusion_probability, random):
        effects.occlude(pixels, random)
    copy = _expose(pixels, settings, random)
    return effects.compress(copy, random) if _chosen(settings.jpeg_probability, random) else copy


def _chosen(probability: float, random: np.random.Generator) -> bool:
    """Whether to do something; what is never done draws no number, so that older recipes give their old copies."""
    return probability > 0 and random.random() < probability


def splice(grey: Grey, others: Sequence[Grey], random: np.random.Generator) -> Grey:
    """A field's left part joined to the next part of each of the others at light columns; height of the first.

    Nobody knows its label: a teacher's reading is all there is to learn from it.
    """
    height = grey.shape[0]
    scaled = [grey] + [
        np.asarray(Image.fromarray(other).resize((other.shape[1], height), Image.Resampling.BILINEAR))
        for other in others
    ]
    count = len(scaled)
    pieces = []
    for index, image in enumerate(scaled):
        start = _light_column(image, index / count, random) if index else 0
        end = _light_column(image, (index + 1) / count, random) if index + 1 < count else image.shape[1]
        pieces.append(image[:, start : max(end, start + 1)])
    return np.concatenate(pieces, axis=1)


def _light_column(grey: Grey, share: float, random: np.random.Generator) -> int:
    """A column, px, of little ink within 15 % of the width of that share of it."""
    width = grey.shape[1]
    low = int((share - 0.15) * width)
    high = max(int((share + 0.15) * width), low + 1)
    lightness = grey[:, low:high].mean(axis=0) + random.uniform(0, 12, high - low)
    return low + int(np.argmax(lightness))


def _distort(image: Image.Image, settings: Augmentation, random: np.random.Generator) -> Image.Image:
    """Rotation, slant, scale, shift and a slow wave in one bilinear pass; what comes in from outside is paper."""
    width, height = image.size
    angle = np.deg2rad(random.uniform(-1, 1) * settings.rotation)
    slant = random.uniform(-1, 1) * settings.slant
    scale_x, scale_y = np.exp(random.uniform(-1, 1, 2) * settings.scale)
    shift = random.uniform(-1, 1, 2) * (settings.shift_x * width, settings.shift_y * height)
    columns, rows = _mesh(width)
    grid = np.stack(np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1)), axis=-1)
    centred = (grid - 0.5) * (width, height)
    x, y = centred[..., 0] * scale_x + slant * centred[..., 1], centred[..., 1] * scale_y
    turned = np.stack([x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)], axis=-1)
    source = turned + shift + np.array([width / 2, height / 2])
    source += random.normal(0, settings.wave * height, source.shape)
    paper = int(np.percentile(np.asarray(image), 70))
    return image.transform(image.size, Image.Transform.MESH, _cells(source, width, height),
                           Image.Resampling.BILINEAR, fillcolor=paper)


def _mesh(width: int) -> tuple[int, int]:
    return max(_MESH[0], width // _MESH_CELL), _MESH[1]


def _cells(
    source: npt.NDArray[np.float64], width: int, height: int
) -> list[tuple[tuple[int, int, int, int], tuple[float, ...]]]:
    """Pillow's MESH data: each target box (px) with the source corners NW, SW, SE, NE."""
    columns, rows = _mesh(width)
    xs = np.linspace(0, width, columns + 1).round().astype(int)
    ys = np.linspace(0, height, rows + 1).round().astype(int)
    cells = []
    for row in range(rows):
        for column in range(columns):
            box = (int(xs[column]), int(ys[row]), int(xs[column + 1]), int(ys[row + 1]))
            corners = [(row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1)]
            cells.append((box, tuple(float(v) for corner in corners for v in source[corner])))
    return cells


def _thicken_or_thin(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """A pen's width: partly the darkest or the lightest of each 3 x 3 square."""
    filtered = image.filter(ImageFilter.MinFilter(3) if random.random() < 0.6 else ImageFilter.MaxFilter(3))
    return Image.blend(image, filtered, random.uniform(0.15, 0.5))


def _coarsen(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """A lower scan resolution: 45 to 80 % of the size and back."""
    share = random.uniform(0.45, 0.8)
    small = (max(1, int(image.width * share)), max(1, int(image.height * share)))
    return image.resize(small, Image.Resampling.BILINEAR).resize(image.size, Image.Resampling.BILINEAR)


def _draw_form_line(pixels: Grey, random: np.random.Generator) -> None:
    """A printed rule across or down the field, 1 or 2 px, in place."""
    ink = int(random.integers(40, 160))
    thickness = int(random.integers(1, 3))
    if random.random() < 0.7:
        row = int(random.choice([random.uniform(0, 0.2), random.uniform(0.8, 1)]) * (pixels.shape[0] - 1))
        pixels[row : row + thickness] = np.minimum(pixels[row : row + thickness], ink)
    else:
        column = int(random.uniform(0, 1) ** 3 * (pixels.shape[1] - 1))
        pixels[:, column : column + thickness] = np.minimum(pixels[:, column : column + thickness], ink)


def _expose(pixels: Grey, settings: Augmentation, random: np.random.Generator) -> Grey:
    """Ink contrast (white paper stays white), now and then grey paper, and sensor noise."""
    gain = float(np.exp(random.uniform(-1, 0.6) * settings.contrast))
    level = 255 - (255 - pixels.astype(np.float32)) * gain
    if random.random() < settings.paper_probability:
        level -= random.uniform(0, settings.paper)
    if random.random() < settings.noise_probability:
        level += random.standard_normal(level.shape, dtype=np.float32) * random.uniform(0, settings.noise)
    copy: Grey = np.clip(level + 0.5, 0, 255).astype(np.uint8)
    return copy
