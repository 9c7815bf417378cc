"""Books that no shipped model sees: splits/books.json, and that every loader refuses their rows."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nomina_training.cli import main
from nomina_training.configuration.configuration import configuration_from
from nomina_training.data import books
from nomina_training.data.samples import Cleaning, load_samples
from nomina_training.data.sources import Source
from nomina_training.data.splits import HELD_OUT, is_held_out
from nomina_training.data.texts import counted_texts
from nomina_training.decoding.language_model import read_language_model
from nomina_training.errors import UsageError
from nomina_training.training.corpus import read_split

from .conftest import draw_word, write_labels

HELD_OUT_LINE = "DAFANCH96_048MIC07691_L-0_001.jpg"
LETTERS = tuple("ABCDEFN ")


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Labels of six lines: two of books that are held out by their names, one by its group, three of others."""
    rows = [
        ("a.png", "AB", ""), ("b.png", "BA", "FRAN_0025_00801"), ("c.png", "CAB", "FRAN_0025_0989_L-0.jpg"),
        (HELD_OUT_LINE, "FACE", ""), ("copy of FRAN_0025_0434_L-1_004.jpg", "DAB", ""),
        ("d.png", "ACE", "FRAN_0025_0934_L-0.jpg"),
    ]  # fmt: skip
    for name, text, _ in rows:
        draw_word(text, tmp_path / name)
    return write_labels(tmp_path / "labels.csv", rows, ("FILENAME", "IDENTITY", "GROUP"))


def source_of(labels: Path) -> Source:
    return Source(labels, labels.parent, group_column="GROUP")


def test_pages_held_out_by_their_group_lie_in_the_books() -> None:
    raw = json.loads(books.BOOKS.read_text())
    begins = tuple(book["begins"] for book in raw["books"])
    assert len(begins) == 8
    assert len(raw["pages"]) == 17
    assert all(is_held_out(f"{page}.jpg") and page.startswith(begins) for page in raw["pages"])
    assert len(raw["pictures"]) == len(set(raw["pictures"])) > sum(book["lines"] for book in raw["books"])


def test_rows_of_held_out_books_are_not_trained_on(mixed: Path, raw_configuration: dict[str, Any]) -> None:
    samples, cleaning = load_samples([source_of(mixed)], LETTERS)
    assert sorted(sample.text for sample in samples) == ["AB", "BA", "CAB"]
    assert cleaning.dropped == {"book held out": 3}
    raw_configuration["data"] = {"labels": str(mixed), "group_column": "GROUP", "dev_size": 1}
    split = read_split(configuration_from(raw_configuration))
    assert sorted(sample.text for sample in [*split.training, *split.dev]) == ["AB", "BA", "CAB"]
    raw_configuration["data"]["books"] = "seen"
    assert len(read_split(configuration_from(raw_configuration)).training) == 5
    raw_configuration["data"]["books"] = "perhaps"
    with pytest.raises(UsageError, match=r"data\.books"):
        configuration_from(raw_configuration)


def test_a_picture_is_known_under_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw_word("AB", tmp_path / "x.png")
    draw_word("BA", tmp_path / "y.png")
    digest = sha256((tmp_path / "x.png").read_bytes()).hexdigest()
    monkeypatch.setattr(
        "nomina_training.data.samples.held_out_books", lambda: books.HeldOutBooks((), frozenset([digest[:12]]))
    )
    labels = write_labels(tmp_path / "labels.csv", [("x.png", "AB"), ("y.png", "BA")])
    samples, _ = load_samples([Source(labels, tmp_path)], LETTERS)
    assert [sample.text for sample in samples] == ["BA"]


def test_lines_of_a_held_out_page_are_refused_whatever_the_page_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.fromarray(np.full((40, 160), 255, np.uint8)).save(tmp_path / "page.png")
    (tmp_path / "page.xml").write_text(
        "<PcGts><Page imageFilename='page.png'><TextRegion><TextLine id='l1'>"
        "<Coords points='0,0 100,0 100,30 0,30'/><TextEquiv><Unicode>AB</Unicode></TextEquiv>"
        "</TextLine></TextRegion></Page></PcGts>"
    )
    source = Source(tmp_path / "page.xml", tmp_path, kind="page")
    assert [sample.text for sample in load_samples([source], LETTERS)[0]] == ["AB"]
    digest = sha256((tmp_path / "page.png").read_bytes()).hexdigest()
    monkeypatch.setattr(
        "nomina_training.data.samples.held_out_books", lambda: books.HeldOutBooks((), frozenset([digest[:12]]))
    )
    with pytest.raises(UsageError, match=r"no row to train on \(1 book held out\)"):
        load_samples([source], LETTERS)


def test_the_books_can_be_scored(mixed: Path) -> None:
    from nomina_training.data.sources import rows_of

    rows = rows_of(source_of(mixed))
    assert [row.text for row in rows if HELD_OUT["books"](row)] == ["FACE", "DAB", "ACE"]


def test_language_models_do_not_see_them(mixed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = Cleaning()
    assert counted_texts(mixed, "IDENTITY", None, report) == {"AB": 1, "BA": 1, "CAB": 1}
    assert report.dropped == {"book held out": 3}
    out = tmp_path / "a.lm"
    command = ["language-model", "--texts", str(mixed), "--text-column", "IDENTITY", "--least", "1", "--out", str(out)]
    assert main(command) == 0
    assert "3 rows of books that are held out" in capsys.readouterr().err
    assert read_language_model(out).symbol_of("F") == -1


def test_without_the_file_no_book_is_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "BOOKS", tmp_path / "none.json")
    assert books.held_out_books.__wrapped__() == books.NO_BOOKS


def test_no_row_at_all_says_why(tmp_path: Path) -> None:
    labels = write_labels(tmp_path / "labels.csv", [("x.png", "AB"), ("y.png", "BA")])
    with pytest.raises(UsageError, match=r"elsewhere: no row to train on \(2 broken image; the first: x\.png: "):
        load_samples([Source(labels, tmp_path / "elsewhere")], LETTERS)
