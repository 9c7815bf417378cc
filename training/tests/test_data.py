"""Cleaning, splits, augmentation and configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nomina_training.configuration.configuration import configuration_from, read_configuration
from nomina_training.data.pictures import FilePicture
from nomina_training.data.samples import DEFAULT_RULES, Sample, load_samples
from nomina_training.data.sources import Source, rows_of
from nomina_training.data.splits import split_dev
from nomina_training.errors import UsageError
from nomina_training.images.augmentation import Augmentation, augment, augmentation_from, splice

from .conftest import draw_word, toml_of, write_labels

LETTERS = tuple("ABCDEF ")


def test_every_row_left_out_is_counted_and_broken_ones_listed(tmp_path: Path) -> None:
    draw_word("AB", tmp_path / "good.png")
    draw_word("CD", tmp_path / "other.png")
    (tmp_path / "torn.png").write_bytes((tmp_path / "good.png").read_bytes()[:60])
    (tmp_path / "text.png").write_text("no image")
    rows = [("good.png", " a  b "), ("good.png", "A B"), ("good.png", "AC"), ("other.png", ""), ("other.png", "EMPTY"),
            ("other.png", "A9"), ("torn.png", "AB"), ("text.png", "AB"), ("gone.png", "AB")]  # fmt: skip
    source = Source(write_labels(tmp_path / "labels.csv", rows), tmp_path)
    samples, report = load_samples([source], LETTERS, (*DEFAULT_RULES, "upper"))
    assert [(sample.picture.name, sample.text) for sample in samples] == [("good.png", "A B"), ("good.png", "AC")]
    assert report.kept == 2
    assert dict(report.dropped) == {
        "repeated": 1, "missing": 1, "unreadable": 1, "outside-charset": 1, "broken image": 3,
    }  # fmt: skip
    assert [name for name, _ in report.broken] == ["other.png", "torn.png", "text.png", "gone.png"]
    assert report.broken[0][1] == "label has U+0039"


def test_rows_where_a_column_has_a_value(tmp_path: Path) -> None:
    rows = [("1.png", "A", "legible"), ("2.png", "B", "blank")]
    labels = write_labels(tmp_path / "l.csv", rows, ("FILENAME", "CHECKED", "STATUS"))
    rows_kept = rows_of(Source(labels, tmp_path, "FILENAME", "CHECKED", (("STATUS", "legible"),)))
    assert [(row.name, row.text) for row in rows_kept] == [("1.png", "A")]
    with pytest.raises(UsageError, match="no column IDENTITY"):
        rows_of(Source(labels, tmp_path))
    with pytest.raises(UsageError, match="gone"):
        rows_of(Source(tmp_path / "gone.csv", tmp_path))


def test_dev_rows_are_those_of_smallest_digest_and_their_twins_are_in_neither_set() -> None:
    samples = [Sample(FilePicture(Path(f"{n}")), text, digest) for n, (text, digest) in
               enumerate([("A", "3"), ("B", "1"), ("C", "2"), ("D", "1"), ("E", "4")])]  # fmt: skip
    training, dev = split_dev(samples, 1)
    assert [sample.text for sample in dev] == ["B"]
    assert [sample.text for sample in training] == ["A", "C", "E"]
    again, dev_again = split_dev(samples[::-1], 1)
    assert (sorted(map(str, again)), dev_again) == (sorted(map(str, training)), dev)
    with pytest.raises(UsageError, match="dev_size"):
        split_dev(samples, 5)


def test_views_follow_from_their_seed_and_differ(words: Path) -> None:
    from nomina_training.images.grey import read_grey

    grey = read_grey(words / "00.png")
    views = [augment(grey, Augmentation(), np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert views[0].shape == grey.shape
    assert np.array_equal(views[0], views[1])
    assert not np.array_equal(views[0], views[2])
    joined = splice(grey, [grey[:20], grey], np.random.default_rng(0))
    assert joined.shape[0] == grey.shape[0]


def test_an_unknown_augmentation_is_refused() -> None:
    with pytest.raises(UsageError, match="sparkle"):
        augmentation_from({"sparkle": 1})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": None}, r"section \[model\] is missing"),
        ({"training": {"epochs": "many"}}, "training.epochs: 'many': expected `int`"),
        ({"training": {"epoch": 1}}, "training.epoch is unknown"),
        ({"training": {}}, "training.epochs is missing"),
        ({"training": {"epochs": 0}}, "training.epochs: 0: expected `int` >= 1"),
        ({"training": {"epochs": 1, "learning_rate": -1e-3}}, "training.learning_rate: -0.001: expected `float` > 0"),
        ({"training": {"epochs": 1, "average_decay": 1.0}}, "training.average_decay: 1.0: expected `float` < 1"),
        ({"training": {"epochs": 1, "threads": True}}, "training.threads: True: expected `int`, got `bool`"),
        ({"augmentation": {"crop": 1.5}}, "augmentation.crop: 1.5: expected `float` <= 1"),
        ({"training": {"epochs": 1, "precision": "int8"}}, "training.precision"),
        ({"input": {"height": 32, "width": 8, "fit": "crop"}}, "input.fit"),
        ({"augmentation": {"sparkle": 1}}, "augmentation.sparkle is unknown"),
        ({"extra": {}}, "unknown section extra"),
        ({"teacher": {"blank": 0}}, "teacher.charset is missing"),
    ],
)
def test_a_wrong_configuration_names_its_key(raw_configuration: dict[str, Any], change: Any, message: str) -> None:  # noqa: ANN401
    raw = {key: value for key, value in (raw_configuration | change).items() if value is not None}
    with pytest.raises(UsageError, match=message):
        configuration_from(raw)


def test_earlier_names_of_keys_still_do(raw_configuration: dict[str, Any], tmp_path: Path) -> None:
    earlier = {key: value for key, value in raw_configuration.items() if key != "cache"}
    earlier["bank"] = {"folder": "somewhere", "views": 3}
    earlier["training"] = earlier["training"] | {"watched": 7}
    configuration = configuration_from(earlier)
    assert (configuration.cache and configuration.cache.copies, configuration.training.monitored) == (3, 7)
    with pytest.raises(UsageError, match=r"training\.monitored is given twice"):
        configuration_from(earlier | {"training": earlier["training"] | {"monitored": 8}})
    file = tmp_path / "earlier.toml"
    file.write_text(toml_of(earlier))
    changed = read_configuration(file, ["bank.views=5", "training.watched=9"])
    assert (changed.cache and changed.cache.copies, changed.training.monitored) == (5, 9)


def test_overrides_lie_on_top_of_the_file(tmp_path: Path) -> None:
    file = Path(__file__).parents[1] / "configs" / "names-caps.toml"
    overrides = ["training.epochs=3", "data.labels=other.csv", "training.learning_rate=1e-3"]
    configuration = read_configuration(file, overrides)
    assert (configuration.training.epochs, configuration.data.sources[0].labels) == (3, Path("other.csv"))
    assert configuration.training.learning_rate == 1e-3
    with pytest.raises(UsageError, match=r"expected section\.key=value"):
        read_configuration(file, ["epochs=3"])
    (tmp_path / "broken.toml").write_text("[model")
    with pytest.raises(UsageError, match=r"broken\.toml"):
        read_configuration(tmp_path / "broken.toml")
