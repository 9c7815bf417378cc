"""Synthetic fields follow from their seed, say what wrote them, and are read by `train`; effects do what they say."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from nomina_training.data.pictures import FilePicture
from nomina_training.data.samples import Sample, load_samples
from nomina_training.data.sources import Source
from nomina_training.errors import UsageError
from nomina_training.images import effects
from nomina_training.images.augmentation import Augmentation, augment
from nomina_training.models.charset import Charset
from nomina_training.models.manifest import InputSpec
from nomina_training.synthesis import Recipe, synthesise
from nomina_training.synthesis.fonts import read_fonts
from nomina_training.synthesis.glyphs import cut_glyphs
from nomina_training.synthesis.texts import read_weighted_texts

PACKAGE = Path(__file__).parents[2] / "node_modules" / "@fontsource" / "kalam"


def make_font(path: Path, licence: str) -> None:
    """A font whose A and B are boxes of different widths."""
    names = [".notdef", "A", "B"]
    glyphs = {}
    for name, width in zip(names, (100, 400, 700), strict=True):
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0))
        for corner in ((0, 700), (width, 700), (width, 0)):
            pen.lineTo(corner)
        pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({65: "A", 66: "B"})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (800, 0) for name in names})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular", "licenseDescription": licence})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


@pytest.fixture
def fonts(tmp_path: Path) -> Path:
    """A folder with one font of open licence."""
    (tmp_path / "fonts").mkdir()
    make_font(tmp_path / "fonts" / "boxes.ttf", "OFL-1.1")
    return tmp_path / "fonts"


def test_the_same_seed_gives_the_same_files(fonts: Path, tmp_path: Path) -> None:
    hands = read_fonts(fonts)
    recipe = Recipe(6, ["AB", "BA", "A"], [1, 1, 1], caption_probability=0.5, neighbour_probability=1.0)
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        assert synthesise(Recipe(**{**vars(recipe), "seed": seed}), hands, None, tmp_path / name) == 6
    one, again, other = (
        [(tmp_path / name / f"SYNTH_{number:06d}.png").read_bytes() for number in range(1, 7)]
        for name in ("one", "again", "other")
    )
    assert one == again
    assert one != other
    samples, report = load_samples([Source(tmp_path / "one" / "labels.csv", tmp_path / "one")], tuple("AB"))
    assert len(samples) + report.dropped["repeated"] == 6
    assert json.loads((tmp_path / "one" / "sources.json").read_text())["fonts"][0]["licence"] == "OFL-1.1"
    with (tmp_path / "one" / "labels.csv").open(newline="") as file:
        assert {row["HAND"] for row in csv.DictReader(file)} == {"Boxes"}
    assert min(sample.picture.grey().min() for sample in samples) < 150, "there is ink"


def test_fonts_must_say_their_terms(fonts: Path, tmp_path: Path) -> None:
    make_font(fonts / "boxes.ttf", "")
    with pytest.raises(UsageError, match="licence is nowhere"):
        read_fonts(fonts)
    (fonts / "OFL.txt").write_text("SIL Open Font License 1.1\n")
    assert read_fonts(fonts)[0].licence == "SIL Open Font License 1.1"
    with pytest.raises(UsageError, match="no fonts"):
        read_fonts(tmp_path / "empty")
    with pytest.raises(UsageError, match="lack characters"):
        synthesise(Recipe(1, ["XYZ"], [1]), read_fonts(fonts), None, tmp_path / "out")
    with pytest.raises(UsageError, match="neither fonts nor glyphs"):
        synthesise(Recipe(1, ["A"], [1]), [], None, tmp_path / "out")


@pytest.mark.skipif(not PACKAGE.exists(), reason="the npm package is not installed")
def test_a_font_of_npm() -> None:
    (font,) = read_fonts(PACKAGE)
    assert (font.source, font.licence) == ("Kalam", "OFL-1.1")
    ink = font.write("ÉA", 30, np.random.default_rng(0))
    assert ink is not None
    assert 30 < ink.shape[1] < 120


class Halves:
    """A recogniser of fields "AB": A in the first half of the frames, B in the second; a letter alone is its width."""

    input = InputSpec(height=40, width=80, fit="stretch", invert=True)
    charset = Charset(("A", "B"), 0)

    def scores(self, images: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        """[N, 8, 3]."""
        found = np.full((len(images), 8, 3), -9.0, np.float32)
        found[..., 0] = 5.0
        for place, image in enumerate(images):
            inked = np.flatnonzero((image[0] > 0.4).any(axis=0))
            wide = inked[-1] - inked[0] + 1 if len(inked) else 0
            marks = {2: 1, 6: 2} if wide > 40 else {3: 1 if wide < 14 else 2}
            for frame, index in marks.items():
                found[place, frame] = -9
                found[place, frame, index] = 9
        return found

    def log_probabilities(self, images: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        """[N, 8, 3]."""
        scores = self.scores(images)
        return np.asarray(scores - np.log(np.exp(scores).sum(-1, keepdims=True)), dtype=np.float32)


def test_glyphs_are_cut_where_the_letters_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grey = np.full((40, 80), 250, np.uint8)
    grey[10:30, 16:26] = 20
    grey[10:30, 50:70] = 20
    grey[36:40, 10:70] = 60  # the row below
    Image.fromarray(grey).save(tmp_path / "ab.png")
    monkeypatch.setattr("nomina_training.synthesis.glyphs.open_recogniser", lambda _: Halves())
    samples = [Sample(FilePicture(tmp_path / "ab.png"), text, "") for text in ("AB", "AX")]
    glyphs = cut_glyphs(samples, tmp_path / "m.json")
    assert len(glyphs.fields) == 1
    assert {character: inks[0].shape for character, inks in glyphs.fields[0].items()} == {"A": (20, 10), "B": (20, 20)}
    ink = glyphs.write("BA B", 20, np.random.default_rng(0))
    assert ink is not None
    assert ink.shape[0] == 20
    assert ink.shape[1] > 55
    assert glyphs.write("AX", 20, np.random.default_rng(0)) is None


def test_texts_and_their_weights(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("NAME,COUNT\nANNA,16\nEMIL,1\n")
    assert read_weighted_texts(tmp_path / "names.csv", "NAME", "COUNT") == {"ANNA": 4.0, "EMIL": 1.0}
    (tmp_path / "names.txt").write_text("ANNA\n\n EMIL  B\n")
    assert read_weighted_texts(tmp_path / "names.txt", "NAME", None) == {"ANNA": 1.0, "EMIL B": 1.0}
    with pytest.raises(UsageError, match="NOM"):
        read_weighted_texts(tmp_path / "names.csv", "NOM", None)


def test_effects_keep_the_size_and_change_the_picture(words: Path) -> None:
    from nomina_training.images.grey import read_grey

    grey = read_grey(words / "00.png")
    for name in ("elastic", "crop", "jpeg", "bleed", "occlusion"):
        quiet = Augmentation(rotation=0, slant=0, scale=0, shift_x=0, shift_y=0, wave=0, contrast=0,
                             stroke_probability=0, blur_probability=0, noise_probability=0, line_probability=0,
                             coarse_probability=0, paper_probability=0)  # fmt: skip
        settings = Augmentation(**{**vars(quiet), f"{name}_probability": 1.0})
        assert np.array_equal(augment(grey, quiet, np.random.default_rng(1)), grey)
        view = augment(grey, settings, np.random.default_rng(1))
        assert view.shape == grey.shape
        assert not np.array_equal(view, grey), name
    faint = effects.bleed_through(grey, np.random.default_rng(0))
    assert (faint <= grey).all(), "what shows through only darkens"
