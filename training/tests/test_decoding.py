"""Decoding: exact probabilities, the search, fitting; that the app does the same is for the golden vectors."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from nomina_training.decoding.beam import beam_texts
from nomina_training.decoding.calibration import Calibration, calibration_error, cross_fitted, fit_calibration
from nomina_training.decoding.decoder import Decoder, DecoderSettings
from nomina_training.decoding.features import FEATURES
from nomina_training.decoding.fit import Candidates, Found, choose_threshold, choose_weights, fit_decoder
from nomina_training.decoding.fit_list import NameList, fit_list
from nomina_training.decoding.frames import Frames
from nomina_training.decoding.fusion import fusion_of
from nomina_training.decoding.labelled import Labelled
from nomina_training.decoding.language_model import LanguageModel, count_texts, estimate
from nomina_training.decoding.language_model.model import language_model_bytes, parse_language_model
from nomina_training.decoding.posterior import align, log_posterior
from nomina_training.models.charset import Charset
from nomina_training.parity.decoding import check_decoding, write_decoding

CHARSET = Charset(("A", "B", "C"), 0)
NAMES = {"ABBA": 40, "CAB": 30, "BACA": 20, "ACC": 10}


def frames_of(count: int, seed: int) -> Frames:
    """Rows that sum to 1."""
    weights = np.random.default_rng(seed).random((count, 4)) ** 3
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def all_texts(frames: Frames) -> dict[tuple[int, ...], float]:
    """Probability of every text, by trying all paths."""
    texts: dict[tuple[int, ...], float] = {}
    for path in itertools.product(range(4), repeat=len(frames)):
        merged = [index for at, index in enumerate(path) if at == 0 or path[at - 1] != index]
        text = tuple(index for index in merged if index != 0)
        probability = math.prod(float(frames[at, index]) for at, index in enumerate(path))
        texts[text] = texts.get(text, 0.0) + probability
    return texts


def names_model() -> LanguageModel:
    """Of made-up names."""
    content = language_model_bytes(*estimate(count_texts(NAMES, 4), CHARSET.characters, "kneser-ney", 1), 4, {})
    return parse_language_model(content)


def spelled(text: str, doubt: float, seed: int) -> Frames:
    """Frames that spell a text, each letter with another beside it, the blank between."""
    random = np.random.default_rng(seed)
    rows = []
    for character in text:
        row = np.full(4, 0.01)
        index = CHARSET.index_of(character)
        row[index] += 1 - doubt
        row[1 + int(random.integers(3))] += doubt * random.random() * 2
        rows += [row / row.sum(), np.array([0.97, 0.01, 0.01, 0.01])]
    return np.array(rows)


def test_posterior_is_the_sum_over_all_paths() -> None:
    """Of every text, possible or not."""
    frames = frames_of(5, 1)
    for text, probability in all_texts(frames).items():
        assert math.exp(log_posterior(text, frames, 0)) == pytest.approx(probability, rel=1e-9)
    assert log_posterior([1, 1, 1], frames[:4], 0) == -math.inf


def test_search_finds_the_most_likely_texts() -> None:
    """All of the best, in order."""
    frames = frames_of(5, 3)
    best = sorted(all_texts(frames).items(), key=lambda item: -item[1])[:3]
    found = [tuple(text) for text in beam_texts(frames, 0, 24)]
    assert found[:3] == [text for text, _ in best]


def test_alignment_keeps_order_and_confidences() -> None:
    """Runs of the best path, one a character."""
    frames = spelled("ABBA", 0.1, 1)
    runs = align(CHARSET.encode("ABBA"), frames, 0)
    assert [run.index for run in runs] == CHARSET.encode("ABBA")
    assert [run.start for run in runs] == [0, 2, 4, 6]
    assert all(0.5 < run.confidence < 1 for run in runs)


def test_probabilities_and_something_else_add_up_to_one() -> None:
    """With and without a language model."""
    for fusion in (None, fusion_of(names_model(), CHARSET, 0.5, 0.3)):
        decoder = Decoder(CHARSET, DecoderSettings(8, 1.0), fusion, None)
        reading = decoder.read(spelled("CAB", 0.6, 4))
        assert reading.alternatives[0] == (reading.text, reading.probability)
        assert 0.2 < sum(probability for _, probability in reading.alternatives) <= 1 + 1e-9


def test_fitting_finds_that_the_language_model_helps() -> None:
    """And that a list of names does not need to force anything."""
    fields = [Labelled(name, spelled(name, 0.75, seed)) for seed in range(30) for name in NAMES]
    fitted = fit_decoder(fields, CHARSET, names_model(), 6, NAMES.__contains__)
    assert fitted.settings["weight"] > 0
    assert fitted.report["beam and language model"]["exact"] > fitted.report["greedy"]["exact"]
    names = NameList.without({name: count * 1000 for name, count in NAMES.items()}, [field.truth for field in fields])
    chosen, report = fit_list(fields[:40], CHARSET, names_model(), names, fitted.settings["weight"], 0.0)
    assert 0 < chosen["share"] < 1
    assert isinstance(report["gained"], int)


def test_calibration_learns_and_holds_on_other_folds() -> None:
    """Confidences near to the share that is right, where the features tell."""
    random = np.random.default_rng(5)
    features = random.normal(size=(2000, len(FEATURES)))
    right = random.random(2000) < 1 / (1 + np.exp(-(1 + 2 * features[:, 0] - features[:, 3])))
    fitted = fit_calibration(features, right)
    assert fitted["weights"]["posterior"] == pytest.approx(2, abs=0.3)
    assert fitted["weights"]["languageModel"] == pytest.approx(-1, abs=0.3)
    confidences = cross_fitted(features, right)
    assert calibration_error(confidences, right) < 0.04
    points = Calibration({"method": "features", "bias": 0.0, "weights": {}, "points": [[0.2, 0.1], [0.8, 0.9]]})
    assert points.apply(0.0, [0.0] * len(FEATURES)) == pytest.approx(0.5)


def test_golden_vectors_are_the_same_at_every_call(tmp_path: Path) -> None:
    """And a change in them is seen."""
    write_decoding(tmp_path)
    assert check_decoding(tmp_path) == []
    file = tmp_path / "decoding.json"
    file.write_text(file.read_text().replace('"ABBA":', '"ABBA ":', 1))
    assert check_decoding(tmp_path) != []


def test_weights_by_exact_match_or_by_characters() -> None:
    """Two texts a field: the language model's is never exact but nearer, the network's is exact in one field of two."""
    fields = [
        Candidates("abcdef", 0.1, (Found("abcdef", -1.0, -9.0), Found("abcdeX", -2.0, -1.0))),
        Candidates("ghijkl", 0.1, (Found("zzzzzz", -1.0, -9.0), Found("ghijkX", -2.0, -1.0))),
    ]
    by_names, by_characters = (choose_weights(fields, objective)[0] for objective in ("exact", "cer"))
    assert [field.best(by_names, 0.0) for field in fields] == ["abcdef", "zzzzzz"]
    assert [field.best(by_characters, 0.0) for field in fields] == ["abcdeX", "ghijkX"]


def test_the_threshold_counts_what_the_search_really_finds() -> None:
    """A search that mends a field of posterior 0.9 is worth a threshold above it; one that breaks it is not."""
    fields = [Candidates("AB", 0.9, (Found("AC", -0.1, -1.0),)), Candidates("BA", 0.4, (Found("BA", -0.9, -1.0),))]
    assert choose_threshold(fields, ["AB", "BA"]) == 0.9
    assert choose_threshold(fields, ["AC", "BA"]) == 0.5
