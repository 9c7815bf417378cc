"""Preprocessing against hand-worked numbers and against Pillow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nomina_training.errors import UsageError
from nomina_training.images.grey import Grey, luma, read_grey
from nomina_training.images.preprocessing import input_width, morphology, otsu_threshold, prepare_pixels, preprocess
from nomina_training.models.manifest import InputSpec, WidthRange, input_from_json

BOX = InputSpec(height=32, width=256, fit="box")


def test_luma_is_pillows(random_grey: Callable[[int, int], Any]) -> None:
    colour = np.random.default_rng(1).integers(0, 256, (50, 60, 3), dtype=np.uint8)
    assert np.array_equal(luma(colour), np.asarray(Image.fromarray(colour).convert("L")))
    assert luma(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], dtype=np.uint8)).tolist() == [[76, 150, 29]]


def test_decoding_turns_flattens_and_shifts(tmp_path: Path) -> None:
    wide = Image.fromarray(np.full((2, 5), 9, np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    wide.save(tmp_path / "turned.png", exif=exif)
    assert read_grey(tmp_path / "turned.png").shape == (5, 2)
    Image.new("RGBA", (1, 1), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert read_grey(tmp_path / "clear.png").tolist() == [[255]]
    Image.fromarray(np.array([[0, 255, 256, 65535]], np.uint16)).save(tmp_path / "deep.png")
    assert read_grey(tmp_path / "deep.png").tolist() == [[0, 0, 1, 255]]
    Image.new("CMYK", (1, 1), (0, 0, 0, 255)).save(tmp_path / "print.tif")
    assert read_grey(tmp_path / "print.tif").tolist() == [[0]]


def test_otsu_takes_the_first_of_equal_thresholds() -> None:
    assert otsu_threshold(np.array([[10, 10, 200, 200]], np.uint8)) == 10
    assert otsu_threshold(np.array([[7, 7, 7]], np.uint8)) == 0
    assert otsu_threshold(np.array([[0, 100, 110, 255, 255]], np.uint8)) == 110
    binary = prepare_pixels(np.array([[10, 11, 200]], np.uint8), InputSpec(height=1, width=3, binarise="otsu"))
    assert binary.tolist() == [[0, 0, 255]]


def test_opening_and_closing_replicate_edges() -> None:
    ink = np.full((5, 5), 255, np.uint8)
    ink[2, 2] = 0
    assert morphology(ink, "close").min() == 255, "a black dot is a gap of light: closing fills it"
    assert np.array_equal(morphology(ink, "open"), ink), "opening keeps it"
    light = 255 - ink
    assert morphology(light, "open").max() == 0
    assert np.array_equal(morphology(light, "close"), 255 - morphology(ink, "open"))
    corner = np.full((3, 3), 255, np.uint8)
    corner[0, 0] = 0
    assert np.array_equal(morphology(corner, "open"), corner), "a border of another grey would lose it"
    gap = np.array([[0, 0, 255, 0, 0]], np.uint8)
    assert morphology(gap, "open").max() == 0


def resample_axis(grey: Grey, size: int, name: str) -> Grey:
    """The last axis of a uint8 array to `size` by the formula of golden.md, written apart from Pillow."""
    radius, scale = (1, 3)[name == "lanczos"], grey.shape[1] / size
    stretch = max(scale, 1.0)
    columns = []
    for index in range(size):
        centre = (index + 0.5) * scale
        low = max(0, int(centre - radius * stretch + 0.5))
        high = min(grey.shape[1], int(centre + radius * stretch + 0.5))
        at = (np.arange(low, high) - centre + 0.5) / stretch
        lanczos = np.where(abs(at) < 3, np.sinc(at) * np.sinc(at / 3), 0)
        weights = np.maximum(0, 1 - abs(at)) if name == "bilinear" else lanczos
        fixed = np.trunc(weights / weights.sum() * 2**22 + np.copysign(0.5, weights)).astype(np.int64)
        columns.append(np.clip((2**21 + grey[:, low:high].astype(np.int64) @ fixed) >> 22, 0, 255))
    return np.stack(columns, axis=1).astype(np.uint8)


@pytest.mark.parametrize("resample", ["bilinear", "lanczos"])
@pytest.mark.parametrize("size", [(300, 40), (5, 90), (1, 1), (256, 50), (900, 32), (2000, 3)])
def test_stretch_is_the_documented_resampling(
    resample: str, size: tuple[int, int], random_grey: Callable[[int, int], Any]
) -> None:
    grey = random_grey(*size)
    across = grey if size[0] == 256 else resample_axis(grey, 256, resample)
    expected = across if size[1] == 32 else resample_axis(across.T, 32, resample).T
    assert np.array_equal(prepare_pixels(grey, InputSpec(fit="stretch", resample=resample)), expected)


@pytest.mark.parametrize(("align", "left"), [("left", 0), ("centre", 77)])
def test_box_keeps_the_aspect_and_pads(align: str, left: int) -> None:
    pixels = prepare_pixels(np.zeros((20, 63), np.uint8), replace(BOX, align=align, pad=200))
    inked = np.flatnonzero((pixels == 0).any(axis=0))
    assert (inked[0], inked[-1] - inked[0] + 1) == (left, 101), "63 * 1.6 = 100.8, spare 155"
    assert set(np.unique(pixels)) == {0, 200}


def test_box_of_a_long_image_is_centred_vertically() -> None:
    pixels = prepare_pixels(np.zeros((20, 512), np.uint8), BOX)
    rows = np.flatnonzero((pixels == 0).any(axis=1))
    assert (rows[0], rows[-1]) == (11, 20)
    assert prepare_pixels(np.zeros((1, 2000), np.uint8), BOX).min() == 0, "a line of ink never vanishes"


@pytest.mark.parametrize(
    ("size", "expected"),
    [((100, 32), 104), ((10, 32), 64), ((5000, 32), 512), ((125, 64), 64), ((129, 64), 72), ((509, 32), 512)],
)
def test_variable_width_follows_the_rule(size: tuple[int, int], expected: int) -> None:
    assert input_width(*size, replace(BOX, width=WidthRange(64, 512, 8))) == expected


def test_variable_width_never_passes_its_maximum_by_rounding() -> None:
    assert input_width(5000, 32, replace(BOX, width=WidthRange(50, 300, 16))) == 288
    assert input_width(5000, 32, replace(BOX, width=WidthRange(3, 5, 8))) == 8


def test_variable_stretch_squeezes_only_what_is_too_wide() -> None:
    spec = replace(BOX, fit="stretch", width=WidthRange(64, 128, 8), pad=255)
    assert prepare_pixels(np.zeros((32, 1000), np.uint8), spec).tolist() == np.zeros((32, 128)).tolist()
    short = prepare_pixels(np.zeros((32, 70), np.uint8), spec)
    assert short.shape == (32, 72)
    assert (short[:, :70].max(), short[:, 70:].min()) == (0, 255)


def test_numbers_invert_then_normalise() -> None:
    spec = InputSpec(height=1, width=2, invert=True, mean=0.25, std=0.5)
    numbers = preprocess(np.array([[0, 255]], np.uint8), spec)
    assert numbers.dtype == np.float32
    assert numbers.tolist() == [[[1.5, -0.5]]]
    assert preprocess(np.array([[0, 255]], np.uint8), replace(spec, invert=False)).tolist() == [[[-0.5, 1.5]]]


@pytest.mark.parametrize(
    ("key", "value"),
    [("fit", "crop"), ("resample", "nearest"), ("height", 0), ("width", "wide"), ("std", 0), ("invert", 1),
     ("pad", 256),
     ("width", {"min": 8, "max": 4, "multipleOf": 1}), ("layout", "NHWC")],
)  # fmt: skip
def test_a_wrong_input_names_its_key(key: str, value: object) -> None:
    with pytest.raises(UsageError, match=rf"input\.{key}"):
        input_from_json({"height": 32, "width": 256, key: value})


def test_input_survives_a_round_trip() -> None:
    spec = InputSpec(width=WidthRange(64, 512, 8), morphology="close", mean=0.5, std=0.25, align="centre", pad=3)
    assert input_from_json(spec.as_json()) == spec
