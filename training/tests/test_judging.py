"""Whether one of two models is better, by what both read of the same fields."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nomina_training.learner.judging import Verdict
from nomina_training.learner.trials import Trial


def _misread(text: str, random: np.random.Generator) -> str:
    return "".join("C" if random.random() < 1 / 8 else character for character in text)


def test_the_verdict() -> None:
    verdict = Verdict(["ABBA"] * 8, ["ABCA"] * 4 + ["ACCA"] * 4, ["ABBA"] * 8)
    middle, low, high = verdict.difference()
    assert middle == pytest.approx(-12 / 32)
    assert low <= middle <= high < 0
    assert verdict.as_json()["before"] == {"cer": 0.375, "exact": 0.0}
    assert verdict.as_json()["after"] == {"cer": 0.0, "exact": 1.0}
    assert verdict.learnt() == [{"character": "B", "before": 0.75, "after": 0.0, "examples": []}]
    named = replace(verdict, digests=[f"{number}" for number in range(8)])
    (example, _) = named.learnt()[0]["examples"]
    assert example == {"sha256": "0", "text": "ABBA", "before": "ABCA", "after": "ABBA"}
    assert len((named + named).digests) == 16
    assert Verdict([], [], []).difference()[2] == 0
    assert verdict.is_better()
    assert not Verdict([], [], []).is_better()


def test_few_rows_must_agree_to_be_certain() -> None:
    """The interval of five rows that all gained is below 0, yet equals would all gain once in 32 times."""
    five = Verdict(["ABBA"] * 5, ["ABCA"] * 5, ["ABBA"] * 5)
    assert five.difference()[2] < 0
    assert not five.is_better()
    assert Verdict(["ABBA"] * 6, ["ABCA"] * 6, ["ABBA"] * 6).is_better()
    assert not Verdict(["ABBA"] * 40, ["ABBA"] * 40, ["ABCA"] * 40).is_better()


def test_texts_that_became_likelier_tell_sooner() -> None:
    """One of twelve rows that gained says little; that all of their texts became likelier says more."""
    texts = ["ABBA"] * 12
    some = Verdict(texts, ["ABCA", *texts[1:]], texts)
    assert not some.is_better()
    assert replace(some, likelier=[0.2] * 12).is_better()
    assert not replace(some, likelier=[0.2] * 6 + [-0.2] * 6).is_better()
    assert not replace(some, likelier=[-0.2] * 12).is_better()
    assert not replace(some, likelier=[0.05] * 12).is_better()
    # Much likelier beyond doubt, where the characters say nothing, or the contrary by chance; not for certain.
    assert Verdict(texts, texts, texts, likelier=[0.6] * 12).is_better()
    assert not Verdict(texts, texts, texts, likelier=[0.2] * 12).is_better()
    assert not Verdict(texts, texts, texts, likelier=[0.9] * 10 + [-0.9] * 2).is_better()
    assert replace(some.turned(), likelier=[0.6] * 12).is_better()
    assert not Verdict(texts, texts, [f"{text}!" for text in texts], likelier=[0.6] * 12).is_better()
    assert len((replace(some, likelier=[0.2] * 12) + some).part([0, 1]).likelier) == 2


def test_equals_are_seldom_taken_for_better() -> None:
    """Two models that are wrong in one character of eight by chance, 400 times, on six rows and on twelve."""
    random = np.random.default_rng(5)
    for rows in (6, 12):
        taken = 0
        for _ in range(400):
            before, after = ([_misread("ABBAABBA", random) for _ in range(rows)] for _ in range(2))
            taken += Verdict(["ABBAABBA"] * rows, before, after).is_better()
        assert taken <= 400 * 0.05


def test_a_trial_counts_verdicts_that_would_take_the_worse_model() -> None:
    random = np.random.default_rng(7)
    texts = ["ABBAABBA"] * 200
    one, other = ([_misread(text, random) for text in texts] for _ in range(2))
    alike = Trial(taken=True, rows=40, others=Verdict(texts, one, other))
    assert alike.taken_by_chance(200, 1) <= 200 * 0.05
    assert 0 < abs(alike.difference) < 0.05
    # Of two that differ nobody takes the worse, whichever comes first.
    for before, after in ((texts, one), (one, texts)):
        assert Trial(taken=False, rows=40, others=Verdict(texts, before, after)).taken_by_chance(50, 1) == 0
