"""Corrections by image hash, on made-up rows, and the table that is in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from nomina_training.data.dev_checked import DEV_CHECKED, Check, apply_edits, checked, read_checks
from nomina_training.data.pictures import FilePicture
from nomina_training.data.samples import Sample
from nomina_training.errors import UsageError


@pytest.mark.parametrize(
    ("label", "edits", "text"),
    [
        ("DAULIN", "", "DAULIN"),
        ("DAULIN", "0:D>P", "PAULIN"),
        ("BERTAND", "4:+R", "BERTRAND"),
        ("LEE", "3:+S", "LEES"),
        ("BEENA", "2:-", "BENA"),
        ("ANA - LEE", "3:-;5:-", "ANA-LEE"),
        ("NATH", "2:T>I;3:H>M", "NAIM"),
        ("AB", "0:+X;0:A>Y;2:+;;2:+Z", "XYB;Z"),
    ],
)
def test_edits_turn_a_label_into_what_is_written(label: str, edits: str, text: str) -> None:
    assert apply_edits(label, edits) == text


@pytest.mark.parametrize("edits", ["0:P>D", "6:-", "7:+A", "2:U>V;0:D>P", "DAULIN", "0:D>P;x"])
def test_edits_that_do_not_fit_are_refused(edits: str) -> None:
    with pytest.raises(ValueError, match=r"edit|fit"):
        apply_edits("DAULIN", edits)


def sample(digit: str, text: str) -> Sample:
    """A made-up row."""
    return Sample(FilePicture(Path(f"{digit}.jpg")), text, digit * 64)


def test_only_legible_rows_are_kept_with_their_own_text() -> None:
    checks = {"1" * 64: Check("legible", "0:D>P"), "2" * 64: Check("blank", ""), "3" * 64: Check("legible", "")}
    kept = checked([sample("1", "DAULIN"), sample("2", "X"), sample("3", "ZOE")], checks)
    assert [(row.digest[0], row.text) for row in kept] == [("1", "PAULIN"), ("3", "ZOE")]
    with pytest.raises(UsageError, match="not among the checked"):
        checked([sample("4", "ZOE")], checks)
    with pytest.raises(UsageError, match="not the checked one"):
        checked([sample("1", "PAULIN")], checks)


def test_the_table_is_whole_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    checks = read_checks()
    assert len(checks) == 1000
    assert sum(check.status == "legible" for check in checks.values()) == 961
    broken = tmp_path / "broken.csv"
    broken.write_text(DEV_CHECKED.read_text().replace("legible", "readable", 1))
    with pytest.raises(UsageError, match="line 2: STATUS 'readable'"):
        read_checks(broken)
    broken.write_text("SHA256,STATUS\n")
    assert read_checks(broken) == {}
    broken.write_text(f"SHA256,STATUS\n{'0' * 64},legible\n")
    with pytest.raises(UsageError, match="no column EDITS"):
        read_checks(broken)
