"""Charset, greedy decoding and error rates."""

from __future__ import annotations

import numpy as np
import pytest

from nomina_training.decoding.ctc_greedy import collapse, greedy_decode
from nomina_training.errors import UsageError
from nomina_training.evaluation.metrics import score
from nomina_training.models.charset import Charset
from nomina_training.training.schedule import one_cycle


@pytest.mark.parametrize("blank", [0, 1, 3])
def test_the_blank_takes_its_index_out_of_the_characters(blank: int) -> None:
    charset = Charset(("A", "B", "C"), blank)
    assert sorted([*charset.encode("ABC"), blank]) == [0, 1, 2, 3]
    assert charset.decode(charset.encode("CAB")) == "CAB"


def test_encoding_composes_first() -> None:
    assert Charset(("É",), 0).encode("E\u0301") == [1]


@pytest.mark.parametrize(("characters", "blank"), [(("A", "A"), 0), (("A",), 2)])
def test_a_wrong_charset_is_refused(characters: tuple[str, ...], blank: int) -> None:
    with pytest.raises(UsageError):
        Charset(characters, blank)


@pytest.mark.parametrize(
    ("path", "expected"),
    [([0, 1, 1, 0, 1, 2, 2], [1, 1, 2]), ([0, 0], []), ([2, 2, 2], [2]), ([1, 2, 1], [1, 2, 1]), ([], [])],
)
def test_repeats_merge_before_blanks_go(path: list[int], expected: list[int]) -> None:
    assert collapse(np.array(path, dtype=np.int64), 0) == expected


def test_decoding_a_batch_with_the_blank_last() -> None:
    frames = np.eye(3)[[[0, 0, 2, 0], [1, 2, 2, 1]]]
    assert greedy_decode(frames, Charset(("A", "B"), 2)) == ["AA", "BB"]
    with pytest.raises(ValueError, match="classes"):
        greedy_decode(frames, Charset(("A",), 0))


def test_rates_are_total_edits_over_total_length() -> None:
    scores = score(["AB", "a c", "E\u0301"], ["AC", "A C", "É"])
    assert scores.character_error_rate == pytest.approx(3 / 6)
    assert scores.word_error_rate == pytest.approx(3 / 4)
    assert scores.exact == pytest.approx(1 / 3)
    assert scores.exact_ignoring_case == pytest.approx(2 / 3)
    assert score(["A"], [""]).character_error_rate == 1


def test_one_cycle_rises_peaks_and_ends_near_zero() -> None:
    rates = [one_cycle(step, 100, 1.0, 0.2) for step in range(100)]
    assert rates[0] == pytest.approx(0.04)
    assert max(rates) == rates[20] == pytest.approx(1.0)
    assert rates[-1] < 1e-5
    assert rates[:21] == sorted(rates[:21])
    assert rates[20:] == sorted(rates[20:], reverse=True)
