"""A model taught a new hand: what may be learnt, when it ends, and that the app takes what comes out."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from nomina_training.cli import main
from nomina_training.data.pictures import FilePicture
from nomina_training.data.samples import Sample
from nomina_training.decoding.language_model import count_texts, read_language_model
from nomina_training.decoding.language_model.make import make_language_model
from nomina_training.decoding.language_model.mix import mix_language_model, share_of
from nomina_training.errors import UsageError
from nomina_training.export.fit_manifest import write_manifest
from nomina_training.export.quantisation import int8_bytes
from nomina_training.finetuning import (
    Base,
    Budget,
    Cancelled,
    Progress,
    Tuning,
    fine_tune,
    open_base,
    write_generation,
)  # fmt: skip
from nomina_training.finetuning.fine_tune import fitting_rate
from nomina_training.finetuning.rows import fit_rows
from nomina_training.inference.text_reader import open_reader
from nomina_training.models.hash import canonical_json, model_hash
from nomina_training.models.manifest import read_manifest
from nomina_training.models.onnx_check import example_input
from nomina_training.weights.exported import weights_from_onnx

from .conftest import WORDS, draw_word, write_labels

SHIPPED = Path(__file__).parents[2] / "resources" / "models"
FAST = Tuning(batch_size=10, learning_rate=1e-3)


@pytest.fixture
def base(manifest: Path) -> Base:
    return open_base(manifest)


def samples_of(folder: Path, texts: tuple[str, ...] = WORDS) -> list[Sample]:
    pictures = [FilePicture(folder / f"{number:02d}.png") for number in range(len(texts))]
    return [Sample(picture, text, picture.digest()) for picture, text in zip(pictures, texts, strict=True)]


def test_a_round_learns_and_the_model_is_whole(base: Base, words: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    generation = fine_tune(base, samples_of(words), Budget(epochs=3), on_progress=told.append, tuning=FAST)
    assert [progress.epoch for progress in told] == [1, 2, 3]
    assert told[-1].loss < told[0].loss
    base.manifest.raw.update(version=2, replaces=["other"])
    path = write_generation(generation, tmp_path / "out", "tiny-1")
    raw, earlier = json.loads(path.read_text()), base.manifest.raw
    assert (raw["licence"], raw["credits"]) == ("CC BY 4.0", ["Somebody (CC BY 4.0)"])
    assert raw["calibration"] == earlier["calibration"]
    assert raw["base"] == {"id": "tiny", "hash": model_hash(base.manifest)}
    assert not {"version", "replaces"} & set(raw), "it is newer than nothing that others have"
    assert raw["trainedOn"]["images"] == sorted(sample.digest for sample in samples_of(words))
    assert raw["decoder"]["beam"] == 4
    assert raw["training"]["carriedOver"] == ["decoder", "calibration"]
    assert open_reader(path).read(np.zeros((1, 1, 32, 128), np.float32), [np.zeros((32, 128), np.uint8)])
    assert "Fine-tuned from `tiny`" in path.with_suffix(".md").read_text()
    again = fine_tune(open_base(path), samples_of(words)[:5], Budget(epochs=1), tuning=FAST)
    second = json.loads(write_generation(again, tmp_path / "out", "tiny-2").read_text())
    assert second["trainedOn"]["images"] == raw["trainedOn"]["images"]


def test_the_same_rows_give_the_same_weights(base: Base, words: Path) -> None:
    one, two = (fine_tune(base, samples_of(words)[:10], Budget(epochs=1), tuning=FAST).weights for _ in range(2))
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_it_ends_at_once_or_in_time(base: Base, words: Path) -> None:
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        fine_tune(base, samples_of(words), Budget(epochs=9), lambda: next(asked), tuning=FAST)
    short = fine_tune(base, samples_of(words), Budget(epochs=50, seconds=0.01), tuning=FAST)
    assert len(short.history) == 1
    broken = {key: value * math.nan for key, value in base.weights.items() if value.is_floating_point()}
    with pytest.raises(UsageError, match="the loss is"):
        fine_tune(replace(base, weights=base.weights | broken, norms_measured=True), samples_of(words), tuning=FAST)


def test_judges_choose_the_epoch_and_are_not_learnt_from(base: Base, words: Path, tmp_path: Path) -> None:
    rows = samples_of(words)
    judges = [Sample(row.picture, row.text, row.digest) for row in rows[:5] for _ in range(12)]
    generation = fine_tune(base, rows, Budget(epochs=4, patience=1), judges=judges, tuning=FAST)
    assert generation.dropped == {"a judge's picture": 5}
    assert all("dev_cer" in epoch for epoch in generation.history)
    errors = [epoch["dev_cer"] for epoch in generation.history]
    assert generation.epoch in (0, errors.index(min(errors)) + 1)
    raw = json.loads(write_generation(generation, tmp_path / "out", "tiny-1", judges=judges).read_text())
    assert raw["metrics"]["judges"]["rows"] == 60


def test_what_can_be_learnt(base: Base, words: Path, tmp_path: Path) -> None:
    for number, word in enumerate(["ab", "É1", "", "A" * 90, "A\x07"]):
        draw_word(word, tmp_path / f"{number:02d}.png")
    broken = Sample(FilePicture(tmp_path / "none.png"), "AB", "0")
    fit = fit_rows(base, [*samples_of(tmp_path, ("ab", "É1", "", "A" * 90, "A\x07")), broken], [], None)
    assert fit.texts == ["AB", "É1", ""]
    assert fit.charset.characters == (*"ABCDEF", "1", "É")
    assert fit.dropped == {"longer than its frames": 1, "a control character": 1, "broken image": 1}
    assert fit_rows(base, samples_of(tmp_path, ("ab", "É1")), [], "ABCDEF").texts == ["AB"]
    with pytest.raises(UsageError, match="nothing to learn from in 2 rows: no text in any of them"):
        fit_rows(base, samples_of(tmp_path, ("", "")), [], None)
    others = ["".join(map(chr, range(start, start + 8))) for start in range(0x4E00, 0x4E00 + 72, 8)]
    rows = [Sample(FilePicture(tmp_path / "00.png"), other, "0") for other in others]
    with pytest.raises(UsageError, match="another script"):
        fit_rows(base, rows, [], None)


def test_new_characters_keep_what_was_known(base: Base, words: Path, tmp_path: Path) -> None:
    rows = samples_of(words)[:6]
    rows[0] = Sample(rows[0].picture, "AÉ", rows[0].digest)
    generation = fine_tune(base, rows, Budget(epochs=1), tuning=Tuning(batch_size=6, learning_rate=1e-4))
    assert generation.charset.characters == (*"ABCDEF", "É")
    path = write_generation(generation, tmp_path / "out", "tiny-1")
    model = read_language_model(path.with_suffix(".lm"))
    assert model.cost("AÉ") < model.cost("ÉÉÉ")
    assert model.symbol_of("É") >= 0


def test_the_rate_fits_the_distance(base: Base) -> None:
    base.manifest.raw["metrics"]["dev"]["characterErrorRate"] = 0.1
    assert fitting_rate(0.05, base) == pytest.approx(1e-4)
    assert fitting_rate(0.13, base) == pytest.approx(10**-3.5)
    assert fitting_rate(0.3, base) == pytest.approx(1e-3)


def test_few_rows_leave_the_convolutions_as_they_are(base: Base, words: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def kernels_stay(few: int, far: float, tuning: Tuning = FAST) -> bool:
        monkeypatch.setitem(fitting_rate.__globals__, "FEW_ROWS", few)
        monkeypatch.setitem(fitting_rate.__globals__, "FAR_HAND", far)
        generation = fine_tune(base, samples_of(words), Budget(epochs=1), tuning=tuning)
        kernels = [key for key, value in base.weights.items() if value.ndim == 4]
        assert kernels
        stay = [torch.equal(generation.weights[key], base.weights[key]) for key in kernels]
        assert any(stay) == all(stay) == (generation.tuning.freeze == ("cnn",))
        return all(stay)

    assert kernels_stay(21, 9.0)
    assert not kernels_stay(20, 9.0)
    assert not kernels_stay(21, 0.0)
    assert not kernels_stay(21, 9.0, replace(FAST, freeze=()))


def test_a_written_generation_goes_on_from_where_it_stands(base: Base, words: Path, tmp_path: Path) -> None:
    """Its ONNX file has no batch norms: their statistics are measured, and the network says what it said."""
    generation = fine_tune(base, samples_of(words), Budget(epochs=2), tuning=FAST)
    written = open_base(write_generation(generation, tmp_path, "tiny-1"))
    assert not written.norms_measured
    assert written.before == pytest.approx(generation.before, abs=1e-5)
    gone_on = fine_tune(base, samples_of(words), Budget(epochs=0), tuning=FAST, begin=written)
    assert gone_on.base is base
    batch = torch.from_numpy(example_input(base.manifest.input, 2))
    with torch.no_grad():
        said = generation.network()(batch)
        assert torch.allclose(gone_on.network()(batch), said, atol=1e-3)
        fresh = fine_tune(base, samples_of(words), Budget(epochs=0), tuning=FAST)
        assert not torch.allclose(fresh.network()(batch), said, atol=1e-3)
    statistics = [value for key, value in gone_on.weights.items() if key.endswith("running_mean")]
    assert any(value.abs().max() > 1e-3 for value in statistics)


def test_wrong_beginnings_are_told(manifest: Path, base: Base, words: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no part 'brain'"):
        fine_tune(base, samples_of(words), tuning=Tuning(freeze=("brain",)))
    generation = fine_tune(base, samples_of(words)[:5], Budget(epochs=1), tuning=FAST)
    with pytest.raises(UsageError, match="is the base itself"):
        write_generation(generation, manifest.parent, "tiny")
    with pytest.raises(UsageError, match="letters, digits"):
        write_generation(generation, tmp_path, "../tiny")
    with pytest.raises(UsageError, match="a checkpoint is exported first"):
        open_base(tmp_path / "last.pt")
    write_manifest(tmp_path / "other.json", base.manifest.raw | {"training": {}})
    with pytest.raises(UsageError, match=r"training\.architecture"):
        open_base(tmp_path / "other.json")


def test_weights_beside_the_model_are_taken(manifest: Path, base: Base) -> None:
    from safetensors.torch import save

    weights = {key: value.contiguous() + 1 for key, value in base.weights.items()}
    content = save(weights)
    (manifest.parent / "tiny.safetensors").write_bytes(content)
    described = {"file": "tiny.safetensors", "sha256": hashlib.sha256(content).hexdigest()}
    write_manifest(manifest, base.manifest.raw | {"weights": described})
    opened = open_base(manifest)
    assert opened.norms_measured
    assert all(torch.equal(opened.weights[key], weights[key]) for key in weights)
    (manifest.parent / "tiny.safetensors").write_bytes(content[:-1])
    with pytest.raises(UsageError, match="another file"):
        open_base(manifest)


def test_eight_bits_are_a_beginning_too(manifest: Path, base: Base) -> None:
    spec = base.manifest.input
    fields = [image[np.newaxis] for image in example_input(spec, 5)]
    small = manifest.parent / "small.onnx"
    small.write_bytes(int8_bytes(base.manifest.model.read_bytes(), spec.name, fields))
    network = base.network(7)
    weights_from_onnx(network, small, spec)
    convolution = next(key for key in base.weights if key.endswith("convolutions.0.weight"))
    assert torch.equal(network.state_dict()[convolution], base.weights[convolution])
    differences = [(network.state_dict()[key] - base.weights[key]).abs().max() for key in base.weights]
    assert 0 < max(differences) < 0.02


@pytest.mark.skipif(not SHIPPED.exists(), reason="the checkout's models are not there")
def test_shipped_models_can_learn_and_have_the_hash_that_the_app_gives_them() -> None:
    pinned = {
        "names-caps": "9f0fb9f9bfc04f321952f86522ec6f0626f98ec6053957dae28a0fa4e9c687ab",
        "latin-lines": "71bd3986c5ead06a22ea6e5477025124c2ac8f123bc05128260846f0f7c1f9dd",
    }
    for name, known in pinned.items():
        assert model_hash(read_manifest(SHIPPED / f"{name}.json")) == known
    assert open_base(SHIPPED / "names-caps.json").kind.name == "nomina-small"
    assert canonical_json({"b": 1e-7, "a": [0.0, 1e-5, True, None]}) == '{"a":[0,0.00001,true,null],"b":1e-7}'


def test_a_mixed_language_model_sums_to_one_and_lies_between() -> None:
    characters = tuple("ABCDEFG")
    base = make_language_model(count_texts(dict.fromkeys(WORDS, 2), 3), tuple("ABCDEF"), least=1)
    own = count_texts({"GAGA": 3, "BAG": 2}, 3)
    mixed = mix_language_model(base, own, characters, 0.5)
    from nomina_training.decoding.language_model.model import STEPS, parse_language_model

    model, before = parse_language_model(mixed), parse_language_model(base)
    for context in ("", "A", "GA", "BE"):
        state = model.start
        for character in context:
            state = model.step(state, model.symbol_of(character))[1]
        symbols = [*(model.symbol_of(character) for character in characters), model.end]
        assert sum(math.exp(-model.step(state, symbol)[0] / STEPS) for symbol in symbols) == pytest.approx(1, abs=0.1)
    assert model.cost("BAG") < before.cost("BAG")
    assert before.cost("CAFE") < model.cost("CAFE") < model.cost("EEEEE")
    assert share_of(["A" * 4000]) == share_of(["A" * 9000]) == 0.5 > share_of(["ABC"])


def test_the_command(manifest: Path, words: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw_word("ACE", tmp_path / "v.png")
    dev = write_labels(tmp_path / "validation.csv", [("v.png", "ACE")])
    labels, out = str(words / "labels.csv"), str(tmp_path / "out")
    command = ["finetune", "--from", str(manifest), "--labels", labels, "--out", out]
    more = ["--dev", str(dev), "--dev-images", str(tmp_path), "--epochs", "1", "--id", "mine"]
    assert main([*command, *more]) == 0
    told = capsys.readouterr()
    assert "epoch 1 of 1: loss" in told.out
    assert "20 rows to learn from, 1 to choose by" in told.err
    assert read_manifest(tmp_path / "out" / "mine.json").id == "mine"
    for wrong, message in (
        (["--learning-rate", "-1"], "finetune.learning_rate: -1.0: expected"),
        (["--epochs", "0"], "finetune.epochs: 0: expected"),
        (["--precision", "int3"], "finetune.precision"),
        (["--run", "x"], "--out and --labels need no run"),
    ):
        assert main([*command, *wrong]) == 2
        assert message in capsys.readouterr().err
    assert main(["finetune", "--labels", "x.csv", "--out", "x"]) == 2
    assert "--from is needed" in capsys.readouterr().err


def test_the_learning_curve(manifest: Path, words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["learning-curve", "--from", str(manifest), "--labels", str(words / "labels.csv"), "--epochs", "2"]
    assert main([*command, "--counts", "12", "6"]) == 0
    lines = [line.split(",") for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == ["rows", "0", "6", "12"]
    assert [line[4] for line in lines[2:]] == ["2", "2"]
    assert main([*command, "--counts", "20"]) == 2
    assert "20 of 20 rows leave none to read" in capsys.readouterr().err
    assert main([*command, "--begins", "none of them", "--counts", "1"]) == 2


def test_a_run_is_resumed_only_when_asked(
    raw_configuration: dict[str, Any], manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw_configuration["training"]["epochs"] = 1
    (tmp_path / "c.yaml").write_text(json.dumps(raw_configuration))
    run = ["finetune", str(tmp_path / "c.yaml"), "--run", str(tmp_path / "run"), "--from", str(manifest)]
    assert main(run) == 0
    capsys.readouterr()
    assert main(run) == 2
    assert "has a run already: go on with it by --resume" in capsys.readouterr().err
    assert main(["finetune", "--resume", "--run", str(tmp_path / "run"), "--set", "training.epochs=2"]) == 0
    assert "resumed after epoch 1" in capsys.readouterr().out
    assert main(["finetune", "--resume", "--run", str(tmp_path / "run"), "--from", str(manifest)]) == 2
    assert main(["train", "--resume", "--run", str(tmp_path / "none")]) == 2
    assert "has no run to go on with" in capsys.readouterr().err
