"""The language model: counts, smoothing, the file and what is asked of it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from nomina_training.cli import main
from nomina_training.configuration.configuration import read_configuration
from nomina_training.decoding.language_model import METHODS, count_texts, estimate, read_language_model, read_ngrams
from nomina_training.decoding.language_model.counts import BEGIN, END
from nomina_training.decoding.language_model.model import language_model_bytes, parse_language_model
from nomina_training.errors import UsageError
from nomina_training.training.corpus import read_split

NAMES = {"ADA": 9, "ABBA": 6, "BADA": 4, "CAB": 5, "DAB A": 2, "ACE": 1}
CHARACTERS = (" ", "A", "B", "C", "D", "E", "F")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("least", [1, 2])
def test_probabilities_after_any_context_sum_to_one(method: str, least: int) -> None:
    """Before they are rounded for the file, pruned or not."""
    probabilities, backoffs = estimate(count_texts(NAMES, 4), CHARACTERS, method, least)

    def after(context: str, symbol: str) -> float:
        weight = 1.0
        while context + symbol not in probabilities:
            weight *= backoffs.get(context, 1.0)
            context = context[1:]
        return weight * probabilities[context + symbol]

    for context in ("", BEGIN, BEGIN + "A", "ABB", "ADA", "FFF", "B"):
        total = sum(after(context[-3:], symbol) for symbol in (*CHARACTERS, END))
        assert total == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_likes_what_it_was_made_of(method: str) -> None:
    """A counted name is likelier than its letters in another order, and nothing is impossible."""
    content = language_model_bytes(*estimate(count_texts(NAMES, 4), CHARACTERS, method, 1), 4, {})
    model = parse_language_model(content)
    assert model.log_probability("ADA") > model.log_probability("DAA") > -math.inf
    assert model.log_probability("FFFF") > -math.inf
    assert model.cost("ADA") < model.cost("AéA")


def test_texts_with_characters_that_the_model_does_not_write(tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    raw = {
        "schema": 1, "id": "m", "kind": "ctc", "file": "m.onnx", "input": {"height": 8, "width": 8},
        "output": {"name": "logits", "layout": "NTC"}, "charset": list(" 0123456789ARIMEautoe"), "blank": 0,
    }  # fmt: skip
    model.write_text(json.dumps(raw))
    texts, out = tmp_path / "texts.txt", tmp_path / "t.lm"
    texts.write_text("21 § 89\nMarie `\n12 Aout 1900$\n^12 Aout 1900\n")
    command = ["language-model", "--texts", str(texts), "--model", str(model), "--least", "1", "--out", str(out)]
    assert main(command) == 0
    read = read_language_model(out)
    assert read.symbol_of("§") == read.symbol_of("$") == -1
    assert read.cost("12 Aout 1900") < read.cost("0091 tuoA 21")


def test_counts_of_ngrams_are_those_of_the_texts(tmp_path: Path) -> None:
    """A table of 6-grams with its padding gives what counting the texts gives, at any order."""
    table: dict[str, int] = {}
    for text, times in NAMES.items():
        padded = "^" * 5 + text + "$"
        for start in range(len(text) + 1):
            ngram = padded[start : start + 6]
            table[ngram] = table.get(ngram, 0) + times
    path = tmp_path / "ngrams.csv"
    path.write_text("NGRAM,COUNT\n" + "".join(f"{ngram},{count}\n" for ngram, count in table.items()))
    for order in (2, 4, 6):
        assert read_ngrams(path, order).longest == count_texts(NAMES, order).longest


def test_texts_that_must_not_be_known_are_taken_out() -> None:
    """As often as they are given; what was never there is said."""
    counts = count_texts(NAMES, 4)
    left, missing = counts.without(["ACE", "ABBA", "FAD"])
    assert left.longest == count_texts({**NAMES, "ABBA": 5, "ACE": 0}, 4).longest + type(left.longest)()
    assert missing > 0
    assert counts.longest == count_texts(NAMES, 4).longest


def test_texts_that_were_never_counted_leave_a_model_that_can_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """JEA takes away the beginning of JEAN, whose end stays counted with nothing before it."""
    left, missing = count_texts({"JEAN": 1, "MARIE": 1}, 6).without(["JEA"])
    assert missing == 1
    assert f"{BEGIN}JEA" not in left.longest
    assert f"{BEGIN}JEAN" in left.longest
    probabilities, _ = estimate(left, tuple("AEIJMNR"), least=1)
    assert f"{BEGIN}JEAN" not in probabilities
    assert f"{BEGIN}MARI" in probabilities
    assert all(ngram[:-1] in (*probabilities, "", BEGIN) for ngram in probabilities)
    texts, others = tmp_path / "texts.csv", tmp_path / "others.csv"
    texts.write_text("NAME\nJEAN\nMARIE\n")
    out = ["--without-column", "NAME", "--least", "1", "--out", str(tmp_path / "names.lm")]
    for text, told in (("JEA", "perplexity on them: "), ("XX", "each of them has a character that the model lacks")):
        others.write_text(f"NAME\n{text}\n")
        assert main(["language-model", "--texts", str(texts), "--without", str(others), *out]) == 0
        assert told in capsys.readouterr().out


def test_rare_ngrams_are_left_out() -> None:
    """No name that occurs once can be read off the file."""
    probabilities, _ = estimate(count_texts(NAMES, 5), CHARACTERS, "kneser-ney", 2)
    assert f"{BEGIN}ACE{END}" not in probabilities
    assert f"{BEGIN}ADA{END}" in probabilities


def test_command_writes_a_model_and_refuses_what_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From a CSV of names with counts, and from lines of text."""
    names = tmp_path / "names.csv"
    names.write_text("NAME,COUNT\n" + "".join(f"{name},{count}\n" for name, count in NAMES.items()))
    out = tmp_path / "names.lm"
    arguments = ["language-model", "--texts", str(names), "--count-column", "COUNT", "--order", "3", "--out", str(out)]
    assert main(arguments) == 0
    assert read_language_model(out).order == 3
    lines = tmp_path / "lines.txt"
    lines.write_text("Une ligne\nune autre\n\n", encoding="utf-8")
    assert main(["language-model", "--texts", str(lines), "--out", str(tmp_path / "lines.lm")]) == 0
    assert main(["language-model", "--texts", str(tmp_path / "none.csv"), "--out", str(out)]) == 2
    assert "none.csv" in capsys.readouterr().err
    with pytest.raises(UsageError, match="no language model"):
        read_language_model(names)
    (tmp_path / "cut.lm").write_bytes(out.read_bytes()[:-40])
    with pytest.raises(UsageError, match="no language model"):
        read_language_model(tmp_path / "cut.lm")


def test_command_mixes_texts_into_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was counted becomes likelier and the rest less likely; nothing is learnt that occurs once."""
    names, dates = tmp_path / "names.txt", tmp_path / "dates.txt"
    names.write_text("Ada Lovelace\nAda Byron\n" * 4)
    dates.write_text("3 Prairial 3\n" * 4 + "21 Ventose\n")
    base, out = tmp_path / "base.lm", tmp_path / "out.lm"
    assert main(["language-model", "--texts", str(names), "--out", str(base)]) == 0
    command = ["language-model", "--texts", str(dates), "--mix", str(base), "--out", str(out)]
    assert main([*command, "--share", "0.3"]) == 0
    assert main([*command, "--share", "1.3"]) == 2
    assert "--share" in capsys.readouterr().err
    before, after = read_language_model(base), read_language_model(out)
    assert after.order == before.order
    assert after.cost("Ada Byron") > before.cost("Ada Byron")
    assert before.symbol_of("3") == -1
    assert after.cost("3 Prairial 3") < after.cost("3 lairiarP 3")
    names.write_text("no model")
    assert main([*command[:3], "--mix", str(names), "--out", str(out)]) == 2
    assert "no language model" in capsys.readouterr().err


def test_texts_of_a_configuration_are_those_of_its_training_rows(
    raw_configuration: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands in dev rows alone is in no n-gram."""
    path = tmp_path / "configuration.yaml"
    path.write_text(json.dumps(raw_configuration))
    split = read_split(read_configuration(path))
    out, same = tmp_path / "own.lm", tmp_path / "same.lm"
    assert main(["language-model", "--configuration", str(path), "--out", str(out), "--least", "1"]) == 0
    texts = tmp_path / "texts.txt"
    texts.write_text("\n".join(sample.text for sample in split.training))
    assert main(["language-model", "--texts", str(texts), "--out", str(same), "--least", "1"]) == 0
    assert out.read_bytes() == same.read_bytes()
    assert "bytes" in capsys.readouterr().out
