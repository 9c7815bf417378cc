"""Figures, intervals, breakdowns, comparison, report, analysis and prediction."""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nomina_training.cli import main
from nomina_training.commands.evaluation import add_evaluation_commands, model_of
from nomina_training.configuration.configuration import configuration_from
from nomina_training.data import dev_checked
from nomina_training.data.analysis import analyse
from nomina_training.data.charts import bin_edges
from nomina_training.data.pictures import FilePicture
from nomina_training.data.sources import Source
from nomina_training.errors import UsageError
from nomina_training.evaluation.bootstrap import Bootstrap, deviation, mean, over_all, ratio
from nomina_training.evaluation.breakdown import by_class, by_length, calibration, changes, class_of, confusions
from nomina_training.evaluation.comparison import compare
from nomina_training.evaluation.evaluate import (
    Evaluation,
    FieldResult,
    evaluate,
    figures_of,
    read_results,
    write_fields,
)
from nomina_training.evaluation.html_report import html_report
from nomina_training.evaluation.metrics import character_edits, score, word_edits
from nomina_training.inference.text_reader import Text
from nomina_training.training.corpus import read_split

from .conftest import WORDS, toml_of, write_labels

PAIRS = [("Été 12", "Ete 12"), ("", "A"), ("AB", "AB"), ("le chat", "le chaton"), ("x", "")]
"""(reading, truth)"""


def results(pairs: list[tuple[str, str]], confidence: float = 0.9) -> list[FieldResult]:
    """As an evaluation gives them."""
    return [FieldResult(f"{n}.png", truth, reading, confidence) for n, (reading, truth) in enumerate(pairs)]


def test_scores_by_hand() -> None:
    scores = score([reading for reading, _ in PAIRS], [truth for _, truth in PAIRS])
    assert scores.characters == 6 + 1 + 2 + 9
    edits = [2, 1, 0, 2, 1]
    assert scores.character_error_rate == pytest.approx(sum(edits) / 18)
    assert scores.word_error_rate == pytest.approx((1 + 1 + 0 + 1 + 1) / 6)
    assert (scores.exact, scores.exact_ignoring_case) == (0.2, 0.2)
    assert scores.character_accuracy == pytest.approx(1 - 6 / 18)
    assert scores.edit_distance_mean == pytest.approx(np.mean(edits))
    assert scores.edit_distance_std == pytest.approx(np.std(edits))
    assert scores.length_mean_absolute_error == pytest.approx((0 + 1 + 0 + 2 + 1) / 5)
    assert scores.length_mean_squared_error == pytest.approx((0 + 1 + 0 + 4 + 1) / 5)
    assert [character_edits(*pair) for pair in PAIRS] == edits
    assert word_edits("a b", "a c d") == 2


def test_figures_of_rows_are_the_scores_and_intervals_hold_them() -> None:
    rows = results(PAIRS * 20)
    scores = score([r.reading for r in rows], [r.truth for r in rows]).as_json()
    bootstrap = Bootstrap(len(rows), seed=3)
    for name, figure in figures_of(rows).items():
        assert over_all(figure, len(rows)) == pytest.approx(scores[name], abs=1e-6), name
        low, high = bootstrap.interval(figure)
        assert low <= scores[name] <= high
        assert (low, high) == Bootstrap(len(rows), seed=3).interval(figure)
    wide = Bootstrap(5, 0).interval(mean([0, 1, 0, 1, 1]))
    narrow = Bootstrap(500, 0).interval(mean([0, 1, 0, 1, 1] * 100))
    assert wide[1] - wide[0] > 3 * (narrow[1] - narrow[0])
    assert over_all(deviation([1, 2, 3, 4]), 4) == pytest.approx(np.std([1, 2, 3, 4]))
    assert over_all(ratio([1, 1], [2, 6]), 2) == 0.25


def test_errors_by_class_length_and_confusion() -> None:
    assert [class_of(c) for c in "Aaéß É1-! "] == [
        "capital", "small", "accented small", "small", "space", "accented capital", "digit", "punctuation",
        "punctuation", "space",
    ]  # fmt: skip
    assert list(changes("AXC", "ABCD")) == [("A", "A"), ("B", "X"), ("C", "C"), ("D", "")]
    readings, truths = ["A1c", "B"], ["Abc", "BB"]
    bootstrap = Bootstrap(2)
    found = by_class(readings, truths, bootstrap)
    assert {name: (row["characters"], row["value"]) for name, row in found.items()} == {
        "capital": (3, pytest.approx(1 / 3)), "small": (2, 0.5),
    }  # fmt: skip
    assert [(row["from"], row["fields"]) for row in by_length(readings, truths, bootstrap)] == [(1, 2)]
    assert confusions(["l", "l", "I"], ["I", "I", "l"])[0] == {"written": "I", "read": "l", "count": 2}


def test_calibration_error_by_hand() -> None:
    report: Any = calibration([0.95, 0.95, 0.95, 0.95, 0.15], [True, True, True, False, False], Bootstrap(5))
    expected = (4 * abs(0.75 - 0.95) + 1 * abs(0 - 0.15)) / 5
    assert report["expected_calibration_error"]["value"] == pytest.approx(expected)
    assert [row["fields"] for row in report["bins"]] == [1, 4]


def test_compared_on_the_same_rows() -> None:
    good, bad = [("AB", "AB")] * 60 + [("A", "AB")] * 20, [("AB", "AB")] * 30 + [("A", "AB")] * 50
    figures: Any = compare(results(good), results(bad))
    assert figures["A - B"]["character_error_rate"]["value"] == pytest.approx((20 - 50) / 160)
    assert figures["A - B"]["character_error_rate"]["better"] == "A"
    assert figures["A - B"]["exact"]["better"] == "A"
    assert compare(results(bad), results(good))["A - B"]["exact"]["better"] == "B"  # type: ignore[index]
    assert compare(results(good), results(good))["A - B"]["exact"]["better"] is None  # type: ignore[index]
    with pytest.raises(UsageError, match="another truth"):
        compare(results([("A", "A")]), results([("A", "B")]))
    with pytest.raises(UsageError, match="no row in common"):
        compare(results([("A", "A")]), [])


class Always:
    """A reader that reads AB everywhere."""

    from nomina_training.models.manifest import InputSpec

    input = InputSpec(height=32, width=64)

    def read(self, images: np.ndarray, fields: object) -> list[Text]:  # type: ignore[type-arg]
        """AB with confidence 0.7."""
        return [Text("AB", 0.7)] * len(images)


def test_an_evaluation_as_json_csv_and_html(words: Path, tmp_path: Path) -> None:
    rows = [(f"{n:02d}.png", word) for n, word in enumerate(WORDS)] + [("gone.png", "AB")]
    result = evaluate(Always(), [Source(write_labels(words / "all.csv", rows), words)])
    assert (result.scores.fields, result.broken[0][0]) == (20, "gone.png")
    figures: Any = json.loads(json.dumps(result.as_json()))
    assert figures["intervals"]["exact"]["value"] == pytest.approx(1 / 20)
    page = html_report("<m>", result, figures)
    assert page.count("data:image/png;base64,") == 19
    assert "&lt;m&gt;" in page
    assert "gone.png" in page
    write_fields(tmp_path / "f.csv", result)
    again = read_results(tmp_path / "f.csv")
    first = again[0]
    assert (first.filename, first.truth, first.reading, first.confidence) == ("00.png", "AB", "AB", 0.7)
    with pytest.raises(UsageError, match="no readings"):
        read_results(words / "labels.csv")
    wrong = FieldResult("f", "A", "<b>", 1.0, FilePicture(words / "no.png"))
    mistakes = Evaluation(score(["<b>"], ["A"]), [wrong], 0.0)
    assert "&lt;b&gt;" in html_report("m", mistakes, mistakes.as_json())


def test_groups_held_out_alone_are_scored(words: Path) -> None:
    from nomina_training.data.splits import is_held_out

    out = next(f"w{n}" for n in range(100) if is_held_out(f"w{n}"))
    rows = [("00.png", "AB", out), ("01.png", "BA", "w-none")]
    labels = write_labels(words / "g.csv", rows, ("FILENAME", "IDENTITY", "GROUP"))
    assert not is_held_out("w-none")
    result = evaluate(Always(), [Source(labels, words, group_column="GROUP")], held_out="groups")
    assert [r.filename for r in result.results] == ["00.png"]


def test_dev_rows_alone_are_scored_as_a_person_saw_them(
    raw_configuration: dict[str, Any], manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tiny.toml"
    file.write_text(toml_of(raw_configuration))
    dev = read_split(configuration_from(raw_configuration)).dev
    seen = {sample.digest: dev_checked.Check("legible", "0:+F") for sample in dev}
    seen[dev[0].digest] = dev_checked.Check("blank", "")
    monkeypatch.setattr(dev_checked, "read_checks", lambda: seen)
    given = ["evaluate", "--model", str(manifest), "--configuration", str(file), "--greedy"]
    for option, truths in (
        (["--dev"], [sample.text for sample in dev]),
        (["--dev", "checked"], [f"F{sample.text}" for sample in dev[1:]]),
    ):
        assert main([*given, *option, "--fields", str(tmp_path / "f.csv")]) == 0
        assert [result.truth for result in read_results(tmp_path / "f.csv")] == truths
    assert main(["evaluate", "--model", str(manifest), "--labels", str(file), "--dev"]) == 2


def test_each_set_has_its_figures(words: Path, tmp_path: Path) -> None:
    sources = []
    for name, rows in (("one", [("00.png", "AB")]), ("two", [("00.png", "ABBA"), ("01.png", "AB")])):
        (tmp_path / name).mkdir()
        sources.append(Source(write_labels(tmp_path / name / "labels.csv", rows), words))
    result = evaluate(Always(), sources)
    figures: Any = result.as_json()
    sets = figures["by_source"]
    assert {name: row["fields"] for name, row in sets.items()} == {"one": 1, "two": 2}
    assert sets["one"]["character_error_rate"]["value"] == 0
    assert sets["two"]["character_error_rate"]["value"] == pytest.approx(2 / 6, abs=1e-6)
    assert [r.filename for r in result.results] == ["one/00.png", "two/00.png", "two/01.png"]
    assert "By set" in html_report("m", result, figures)


def test_a_look_at_data(words: Path, tmp_path: Path) -> None:
    summary: Any = analyse([Source(words / "labels.csv", words)], tmp_path / "out")
    assert (summary["rows"], summary["character_counts"]["A"]) == (20, sum(word.count("A") for word in WORDS))
    lengths = sorted(len(word) for word in WORDS)
    assert summary["characters"]["median"] == np.median(lengths)
    spread = json.loads((tmp_path / "out" / "summary.json").read_text())["width_px"]
    assert (spread["median"], spread["outliers"]) == (160, 0)
    for name in (
        "characters", "width_px", "height_px", "px_per_character", "character_frequencies", "summary", "samples"
    ):  # fmt: skip
        assert (tmp_path / "out" / f"{name}.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(("least", "most"), [(0, 11), (3, 3), (284, 390), (1, 61), (1, 500)])
def test_every_bin_of_a_chart_has_room_for_as_many_whole_numbers(least: int, most: int) -> None:
    edges = bin_edges(list(range(least, most + 1)))
    counts = np.histogram(range(least, math.ceil(edges[-1])), edges)[0]
    assert len(set(counts)) == 1
    assert len(counts) <= 60
    assert edges[0] < least <= most < edges[-1]


def test_without_a_name_the_best_of_the_newest_run_is_taken(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_evaluation_commands(parser.add_subparsers(dest="command").add_parser)
    runs = tmp_path / "runs"
    for name, seconds in (("one", 1), ("two", 3), ("three", 2)):
        (runs / name).mkdir(parents=True)
        (runs / name / "best.pt").touch()
        os.utime(runs / name / "best.pt", (seconds, seconds))
    assert model_of(parser.parse_args(["generate", "-i", "a.png"]), runs) == runs / "two" / "best.pt"
    assert model_of(parser.parse_args(["test", "-c", "mine.pt"]), runs) == Path("mine.pt")
    with pytest.raises(UsageError, match=r"no run in .*none has a best\.pt"):
        model_of(parser.parse_args(["test"]), tmp_path / "none")


def test_predict_shows_truth_beside_prediction(
    words: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nomina_training.inference.text_reader.open_reader", lambda *_, **__: Always())
    options = ["predict", "--checkpoint", "m.pt", "--test-dir", str(words), "--test-labels", str(words / "labels.csv")]
    assert main([*options, "--index", "0"]) == 0
    assert main([*options, "--index", "1"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[4:7] == ["file     01.png", "truth    BA", "reading  AB"]
    assert main([*options, "--index", "99"]) == 2
    assert main(["predict", "--checkpoint", "m.pt"]) == 2
    capsys.readouterr()
    assert main(["predict", "--checkpoint", "m.pt", "--image", str(words)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(WORDS), "a folder: its images, not its labels.csv"


def test_the_command_line_answers_without_pytorch() -> None:
    import sys

    code = "import sys; from nomina_training.cli import _parser; _parser(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
