"""Every data format gives its rows, pictures and groups, and says what is wrong with it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from PIL import Image

from nomina_training.data.pictures import CellPicture, CropPicture
from nomina_training.data.samples import load_samples
from nomina_training.data.sources import Source, rows_of
from nomina_training.data.splits import is_held_out, split_dev, split_groups
from nomina_training.data.texts import texts_by_file, weighted_texts
from nomina_training.errors import UsageError

from .conftest import draw_word, write_labels

LETTERS = tuple("ABCDEF ")


def test_nomina_s_full_export_gives_what_people_said(tmp_path: Path) -> None:
    header = ("file", "page", "text", "origin", "status")
    rows = [("a.png", "1", "AB", "decision", "accepted"), ("b.png", "1", "CD", "reading", "unread"),
            ("c.png", "2", "EF", "imported", ""), ("d.png", "2", "", "none", "")]  # fmt: skip
    full = Source(write_labels(tmp_path / "full.csv", rows, header), tmp_path, kind="nomina", group_column="page")
    assert [(row.name, row.text, row.group) for row in rows_of(full)] == [("a.png", "AB", "1"), ("c.png", "EF", "2")]
    training = Source(write_labels(tmp_path / "train.csv", [("a.png", "AB")]), tmp_path, kind="nomina")
    assert [row.text for row in rows_of(training)] == ["AB"]


IAM_LINES = "# comment\na01-000u-00 ok 154 19 408 746 1661 89 A|BAD|CAB\na01-003-00 err 180 5 1 2 3 4 DAB\n"
IAM_WORDS = "a01-000u-00-00 ok 154 408 768 27 51 AT A\na01-000u-00-01 ok 154 507 766 213 48 NN BAD\n"
IAM_FORMS = "a01-000u 000 2 prt 7 5 52 36\na01-003 007 2 prt 7 5 52 36\n"
IAM_XML = """<form id="a01-000u" writer-id="000"><handwritten-part>
<line id="a01-000u-00" segmentation="ok" text="A BAD">
<word id="a01-000u-00-00" text="A"/><word id="a01-000u-00-01" text="BAD"/></line></handwritten-part></form>"""


@pytest.fixture
def iam(tmp_path: Path) -> Path:
    """The IAM set's folders with two forms."""
    for folder in ("ascii", "xml"):
        (tmp_path / folder).mkdir()
    for name, content in (("lines", IAM_LINES), ("words", IAM_WORDS), ("forms", IAM_FORMS)):
        (tmp_path / "ascii" / f"{name}.txt").write_text(content)
    (tmp_path / "xml" / "a01-000u.xml").write_text(IAM_XML)
    (tmp_path / "lines" / "a01" / "a01-000u").mkdir(parents=True)
    draw_word("A BAD CAB", tmp_path / "lines" / "a01" / "a01-000u" / "a01-000u-00.png")
    return tmp_path


def test_iam_in_its_own_formats(iam: Path) -> None:
    lines = rows_of(Source(iam / "ascii" / "lines.txt", iam, kind="iam"))
    assert [(row.name, row.text, row.group) for row in lines] == [
        ("a01-000u-00", "A BAD CAB", "000"), ("a01-003-00", "DAB", "007"),
    ]  # fmt: skip
    assert lines[0].picture.grey().shape == (40, 160)
    words = rows_of(Source(iam / "ascii" / "words.txt", iam, kind="iam", unit="words"))
    assert [row.text for row in words] == ["A", "BAD"]
    assert words[1].picture.path == iam / "words/a01/a01-000u/a01-000u-00-01.png"  # type: ignore[attr-defined]
    forms = rows_of(Source(iam / "ascii" / "forms.txt", iam, kind="iam", unit="forms"))
    assert (forms[0].name, forms[0].text, forms[0].group) == ("a01-000u", "A BAD CAB", "000")
    assert [row.text for row in rows_of(Source(iam / "xml", iam, kind="iam"))] == ["A BAD"]
    assert [row.text for row in rows_of(Source(iam / "xml", iam, kind="iam", unit="words"))] == ["A", "BAD"]
    well_cut = Source(iam / "ascii" / "lines.txt", iam, kind="iam", where=(("segmentation", "ok"),))
    assert [row.name for row in rows_of(well_cut)] == ["a01-000u-00"]
    samples, report = load_samples([Source(iam / "ascii" / "lines.txt", iam, kind="iam")], LETTERS)
    assert (len(samples), dict(report.dropped)) == (1, {"broken image": 1})
    assert report.broken[0][0] == "a01-003-00"


def test_a_published_split_lists_lines_or_forms(iam: Path) -> None:
    split = iam / "trainset.txt"
    for listed in ("a01-003\n", "a01-003-00\n"):
        split.write_text(listed)
        source = Source(iam / "ascii" / "lines.txt", iam, kind="iam", split_file=split)
        assert [row.name for row in rows_of(source)] == ["a01-003-00"]


def test_iam_that_is_broken_says_where(iam: Path) -> None:
    (iam / "ascii" / "lines.txt").write_text("a01-000u-00 ok 154\n")
    with pytest.raises(UsageError, match=r"lines\.txt, line 1: 3 columns"):
        rows_of(Source(iam / "ascii" / "lines.txt", iam, kind="iam"))
    (iam / "xml" / "a01-000u.xml").write_text("<form>")
    with pytest.raises(UsageError, match=r"a01-000u\.xml"):
        rows_of(Source(iam / "xml", iam, kind="iam"))


def test_parquet_with_image_bytes(tmp_path: Path) -> None:
    for name, word in (("a", "AB"), ("b", "CD"), ("c", "EF")):
        draw_word(word, tmp_path / f"{name}.png")
    images = [{"bytes": (tmp_path / f"{name}.png").read_bytes(), "path": f"{name}.png"} for name in "abc"]
    images.append({"bytes": None, "path": "gone.png"})  # type: ignore[dict-item]
    table = pa.table({"image": images, "text": ["AB", "CD", "EF", "A"], "writer": [1, 1, 2, 2]})
    pyarrow.parquet.write_table(table, tmp_path / "train.parquet", row_group_size=2)
    source = Source(tmp_path, tmp_path, "image", "text", kind="parquet", group_column="writer")
    rows = rows_of(source)
    assert [(row.text, row.group) for row in rows] == [("AB", "1"), ("CD", "1"), ("EF", "2"), ("A", "2")]
    assert np.array_equal(rows[2].picture.grey(), np.asarray(Image.open(tmp_path / "c.png")))
    assert isinstance(rows[2].picture, CellPicture)
    samples, report = load_samples([source], LETTERS)
    assert [sample.text for sample in samples] == ["AB", "CD", "EF"]
    assert report.broken == [("train.parquet:3", "ValueError: the cell holds no bytes")]
    with pytest.raises(UsageError, match="no column label"):
        rows_of(Source(tmp_path / "train.parquet", tmp_path, "image", "label", kind="parquet"))


PAGE = """<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Page imageFilename="p.png"><TextRegion>
<TextLine id="l1"><Coords points="10,10 109,10 109,29 10,29"/><Baseline points="10,25 109,25"/>
<Word><TextEquiv><Unicode>wrong</Unicode></TextEquiv></Word>
<TextEquiv index="1"><Unicode>second</Unicode></TextEquiv><TextEquiv index="0"><Unicode>AB CD</Unicode></TextEquiv></TextLine>
<TextLine id="l2"><Coords points=""/><Baseline points="10,65 109,65"/><TextEquiv><Unicode>EF</Unicode></TextEquiv></TextLine>
</TextRegion></Page></PcGts>"""  # noqa: E501
ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>p.png</fileName></sourceImageInformation></Description><Layout><Page><PrintSpace>
<TextBlock><TextLine ID="l1" HPOS="10" VPOS="10" WIDTH="99" HEIGHT="19"><String CONTENT="AB"/><SP/><String CONTENT="C"/>
<HYP CONTENT="-"/></TextLine><TextLine ID="l2"><Shape><Polygon POINTS="10 50 109 50 109 69 10 69"/></Shape>
<String CONTENT="EF"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>"""


def test_lines_of_page_xml_and_alto(tmp_path: Path) -> None:
    pixels = np.full((100, 120), 250, np.uint8)
    pixels[10:30, 10:110] = 7
    pixels[50:70, 10:110] = 9
    Image.fromarray(pixels).save(tmp_path / "p.png")
    for kind, content, texts in (("page", PAGE, ["AB CD", "EF"]), ("alto", ALTO, ["AB C-", "EF"])):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "p1.xml").write_text(content)
        rows = rows_of(Source(tmp_path / kind, tmp_path, kind=kind))
        assert [(row.text, row.group) for row in rows] == [(text, "p1") for text in texts]
        first, second = (row.picture.grey() for row in rows)
        assert first.shape == (20, 100)
        assert (first == 7).all()
        assert (second == 9).any()
        assert rows[0].picture.digest() != rows[1].picture.digest()
    crop = CropPicture(tmp_path / "p.png", ((10, 10), (60, 10), (10, 29)), "l").grey()
    assert crop[0, 0] == 7
    assert CropPicture(tmp_path / "p.png", ((0, 5), (119, 5), (0, 40)), "l").grey()[-1, -1] == 250
    with pytest.raises(ValueError, match="no pixels"):
        CropPicture(tmp_path / "p.png", ((-5, -5), (-2, -2), (-5, -2)), "l").grey()
    (tmp_path / "alto" / "p1.xml").write_text(ALTO.replace("pixel<", "mm10<"))
    with pytest.raises(UsageError, match="mm10"):
        rows_of(Source(tmp_path / "alto", tmp_path, kind="alto"))


def test_groups_are_held_out_whole(tmp_path: Path) -> None:
    held_out = [n for n in range(60) if is_held_out(f"w{n}")]
    assert held_out == [n for n in range(60) if int(sha256(f"w{n}".encode()).hexdigest(), 16) % 10 == 0]
    out = next(f"w{n}" for n in range(100) if is_held_out(f"w{n}"))
    seen = next(f"w{n}" for n in range(100) if not is_held_out(f"w{n}"))
    for name, word in (("a", "AB"), ("b", "CD"), ("c", "EF")):
        draw_word(word, tmp_path / f"{name}.png")
    rows = [("a.png", "AB", seen), ("b.png", "CD", out), ("b.png", "CD ", seen), ("c.png", "EF", seen)]
    labels = write_labels(tmp_path / "l.csv", rows, ("FILENAME", "IDENTITY", "GROUP"))
    rules = ("whitespace", "outside-charset")
    samples, _ = load_samples([Source(labels, tmp_path, group_column="GROUP")], LETTERS, rules)
    kept, withheld = split_groups(samples)
    assert [sample.text for sample in withheld] == ["CD"]
    assert [sample.text for sample in kept] == ["AB", "EF"], "the picture that both have is in neither"
    with pytest.raises(UsageError, match="group_column"):
        split_groups(load_samples([Source(labels, tmp_path)], LETTERS)[0])


def test_xml_escapes_mean_their_characters(tmp_path: Path) -> None:
    draw_word("AB", tmp_path / "a.png")
    labels = write_labels(tmp_path / "l.csv", [("a.png", "A &amp; B&#39;&#x43; &para; &amp;lt; &")])
    characters = tuple(" ABC&';<=>alptr")
    samples, report = load_samples([Source(labels, tmp_path)], characters)
    meant = "A & B'C &para; &lt; &"
    assert [sample.text for sample in samples] == [meant], "once, and only what XML itself has"
    assert report.changed["escapes"] == 1
    assert texts_by_file(labels, "IDENTITY") == [("", meant)]
    assert list(weighted_texts(labels, "IDENTITY", None)) == [(meant, 1.0)]


def test_cleaning_is_by_choice(tmp_path: Path) -> None:
    draw_word("AB", tmp_path / "a.png")
    labels = write_labels(tmp_path / "l.csv", [("a.png", "a\u2019 b9")])
    source = Source(labels, tmp_path)
    rules = ("upper", "typography", "strip-foreign", "whitespace")
    samples, report = load_samples([source], (*LETTERS, "'"), rules)
    assert [sample.text for sample in samples] == ["A' B"]
    assert dict(report.changed) == {"whitespace": 0, "typography": 1, "upper": 1, "strip-foreign": 1}
    with pytest.raises(UsageError, match="choose the rule"):
        load_samples([source], LETTERS, ("upper",))
    with pytest.raises(UsageError, match="unknown: polish"):
        load_samples([source], LETTERS, ("polish",))
    report.broken.append(("x.png", "OSError: gone"))
    report.write_broken(tmp_path / "broken.csv")
    assert (tmp_path / "broken.csv").read_text().splitlines() == ["FILE,REASON", "x.png,OSError: gone"]


def test_rows_of_a_training_only_source_are_neither_dev_nor_held_out(tmp_path: Path) -> None:
    names = [f"{index}.png" for index in range(30)]
    for index, name in enumerate(names):
        Image.new("L", (20 + index, 10), 255).save(tmp_path / name)
    real, made = tmp_path / "real.csv", tmp_path / "made.csv"
    real.write_text("FILENAME,IDENTITY,WRITER\n" + "".join(f"{n},A,writer {i}\n" for i, n in enumerate(names[:15])))
    made.write_text("FILENAME,IDENTITY\n" + "".join(f"{name},B\n" for name in names[15:]))
    sources = [Source(real, tmp_path, group_column="WRITER"), Source(made, tmp_path, training_only=True)]
    samples, _ = load_samples(sources, LETTERS)
    kept, withheld = split_groups(samples)
    assert {sample.text for sample in withheld} == {"A"}
    training, dev = split_dev(kept, 10)
    assert {sample.text for sample in dev} == {"A"}
    assert sum(sample.text == "B" for sample in training) == 15
