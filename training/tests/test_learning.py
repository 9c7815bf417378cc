"""Steps of the optimiser, feeds, schedules, initial weights, and several processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from nomina_training.architectures import architecture
from nomina_training.configuration.configuration import Configuration, configuration_from
from nomina_training.configuration.sections import TrainingSection
from nomina_training.data.pictures import FilePicture
from nomina_training.data.samples import Cleaning, Sample
from nomina_training.errors import UsageError
from nomina_training.export.model_files import export
from nomina_training.models.charset import Charset
from nomina_training.models.manifest import InputSpec
from nomina_training.runtime.processes import Processes
from nomina_training.training.batches import OnlineBatches, close
from nomina_training.training.corpus import prepare_corpus
from nomina_training.training.run import BEST, CHECKPOINT, train
from nomina_training.training.schedule import epochs_since_best, learning_rate, plateaus
from nomina_training.training.suspects import without_suspects
from nomina_training.training.trainer import Trainer
from nomina_training.weights.checkpoint import fresh_network, load_checkpoint
from nomina_training.weights.initial import freeze, load_initial, recalibrate_batch_norms

from . import plain  # noqa: F401 - registers its architecture
from .conftest import WORDS, draw_word, write_labels

PLAIN_VIEWS = {"rotation": 0, "slant": 0, "scale": 0, "shift_x": 0, "shift_y": 0, "wave": 0, "contrast": 0, "paper": 0,
               "stroke_probability": 0, "blur_probability": 0, "noise_probability": 0, "line_probability": 0,
               "coarse_probability": 0, "paper_probability": 0}  # fmt: skip


@pytest.fixture
def plain_raw(raw_configuration: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """36 words, 32 of them for training, without a cache, on the plain network, every copy as the field is."""
    del raw_configuration["cache"]
    folder = tmp_path / "more"
    folder.mkdir()
    words = [*WORDS, *(word[::-1] * 2 for word in WORDS)][:36]
    rows = [(f"{number:02d}.png", word) for number, word in enumerate(words)]
    for name, word in rows:
        draw_word(word, folder / name, (200, 40))
    raw_configuration["data"] |= {"labels": str(write_labels(folder / "labels.csv", rows)), "images": str(folder)}
    raw_configuration["model"]["architecture"] = "plain"
    raw_configuration["augmentation"] = PLAIN_VIEWS
    raw_configuration["training"] |= {"workers": 0, "batch_size": 32, "epochs": 2}
    return raw_configuration


def weights_after_an_epoch(raw: dict[str, Any], run: Path, **changes: Any) -> dict[str, torch.Tensor]:  # noqa: ANN401
    """The plain network's weights after one epoch with changed settings."""
    configuration = configuration_from(raw | {"training": raw["training"] | changes})
    run.mkdir()
    corpus, _ = prepare_corpus(configuration, run, Processes())
    torch.manual_seed(0)
    network = fresh_network(configuration)
    kind = architecture("plain")
    trainer = Trainer(network, network, kind, configuration, corpus.targets, torch.device("cpu"), Processes())
    for batches in corpus.batches.epoch(0):
        trainer.step(batches, 1e-2)
    close(corpus.batches)
    return dict(network.state_dict())


def largest_difference(ours: dict[str, torch.Tensor], theirs: dict[str, torch.Tensor]) -> float:
    """Over all weights."""
    assert ours.keys() == theirs.keys()
    return max(float((ours[key] - theirs[key]).abs().max()) for key in ours)


def test_accumulated_batches_equal_one_large_one(plain_raw: dict[str, Any], tmp_path: Path) -> None:
    whole = weights_after_an_epoch(plain_raw, tmp_path / "1", batch_size=32, accumulation=1, optimiser="adam")
    parts = weights_after_an_epoch(plain_raw, tmp_path / "2", batch_size=8, accumulation=4, optimiser="adam")
    other = weights_after_an_epoch(plain_raw, tmp_path / "3", batch_size=8, accumulation=1, optimiser="adam")
    assert largest_difference(whole, parts) < 1e-5
    assert largest_difference(whole, other) > 1e-3


def test_penalties_pull_on_the_chosen_parts(plain_raw: dict[str, Any], tmp_path: Path) -> None:
    free = weights_after_an_epoch(plain_raw, tmp_path / "1", l2=0.0, clip_norm=0.0)
    head = weights_after_an_epoch(plain_raw, tmp_path / "2", l2=1.0, clip_norm=0.0, penalised=["head"])
    lstm = weights_after_an_epoch(plain_raw, tmp_path / "3", l1=1.0, clip_norm=0.0)
    assert head["classes.weight"].norm() < free["classes.weight"].norm()
    assert lstm["recurrence.weight_hh_l0"].norm() < free["recurrence.weight_hh_l0"].norm()


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests import plain
from nomina_training.configuration.configuration import read_configuration
from nomina_training.training.run import train
train(read_configuration(Path(sys.argv[2])), Path(sys.argv[3]))
"""


def test_two_processes_equal_one(plain_raw: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(SCRIPT)
    plain_raw["training"]["average_decay"] = 0.0
    (tmp_path / "c.yaml").write_text(json.dumps(plain_raw))
    here = str(Path(__file__).parents[1])
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    script = [str(tmp_path / "run.py"), here, str(tmp_path / "c.yaml"), str(tmp_path / "two")]
    ran = subprocess.run([*command, *script], capture_output=True, text=True, env=environment, timeout=240)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    one = train(configuration_from(plain_raw), tmp_path / "one")
    two = load_checkpoint(tmp_path / "two" / CHECKPOINT)
    assert one.epoch == two.epoch == 2
    assert largest_difference(one.average, two.average) < 1e-5
    start = torch.manual_seed(1) and fresh_network(configuration_from(plain_raw)).state_dict()
    assert largest_difference(one.average, start) > 1e-3
    assert json.loads((tmp_path / "two" / "environment.json").read_text())["processes"] == 2


def test_views_do_not_depend_on_workers(raw_configuration: dict[str, Any], tmp_path: Path) -> None:
    del raw_configuration["cache"]
    raw_configuration["input"] |= {"width": {"min": 16, "max": 256, "multipleOf": 8}, "fit": "box"}
    raw_configuration["augmentation"] = {"stretch": 0.3}
    feeds = []
    for workers in (0, 1):
        raw_configuration["training"]["workers"] = workers
        run = tmp_path / str(workers)
        run.mkdir()
        feeds.append(prepare_corpus(configuration_from(raw_configuration), run, Processes())[0].batches)
    epochs = [[batch for step in batches.epoch(1) for batch in step] for batches in feeds]
    for mine, theirs in zip(*epochs, strict=True):
        assert np.array_equal(mine.rows, theirs.rows)
        assert np.array_equal(mine.pixels, theirs.pixels)
    assert sorted(row for batch in epochs[0] for row in batch.rows) == list(range(16))
    assert len({batch.pixels.shape[2] for step in range(6) for s in feeds[0].epoch(step) for batch in s}) > 1
    for batches in feeds:
        assert isinstance(batches, OnlineBatches)
        close(batches)


def test_schedules_rise_and_fall() -> None:
    settings = TrainingSection(epochs=1, learning_rate=1.0, warm_up=0.1, decay=0.5, plateau_epochs=2)
    flat = [{"dev_cer": error} for error in (0.5, 0.6, 0.7, 0.4, 0.4, 0.4)]
    for name in ("one-cycle", "cosine", "warm-up-stable-decay"):
        rates = [learning_rate(replace(settings, schedule=name), step, 100, []) for step in range(100)]
        assert rates[0] < 0.2
        assert max(rates) == pytest.approx(1.0, abs=0.01)
        assert rates[-1] < 0.03
    assert learning_rate(replace(settings, schedule="warm-up-stable-decay"), 49, 100, []) == 1.0
    assert learning_rate(replace(settings, schedule="plateau"), 50, 100, flat) == 0.25
    assert plateaus([0.5, 0.6, 0.4, 0.4], 2) == 0
    assert (epochs_since_best([3.0, 1.0, 2.0, 1.0]), epochs_since_best([])) == (2, 0)


def test_patience_ends_a_run_and_the_best_epoch_is_kept(plain_raw: dict[str, Any], tmp_path: Path) -> None:
    plain_raw["training"] |= {"epochs": 9, "learning_rate": 1e-9, "patience": 2, "average_decay": 0.0}
    plain_raw["training"]["keep_epochs"] = True
    state = train(configuration_from(plain_raw), tmp_path / "run")
    assert state.epoch == 3
    assert load_checkpoint(tmp_path / "run" / BEST).epoch == 1
    lines = (tmp_path / "run" / "history.csv").read_text().splitlines()
    assert len(lines) == 4
    assert [load_checkpoint(tmp_path / "run" / f"epoch-000{n}.pt").epoch for n in (1, 2, 3)] == [1, 2, 3]
    row = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    assert float(row["gap"]) == pytest.approx(float(row["dev_cer"]) - float(row["train_cer"]), abs=1e-5)
    assert float(row["dev_loss"]) > 0
    assert (tmp_path / "run" / "curves.png").read_bytes()[:4] == b"\x89PNG"
    facts = json.loads((tmp_path / "run" / "data.json").read_text())
    assert len(facts["hashes"]["splits"]["dev"]) == 64


def test_finetuning_keeps_what_was_learnt(raw_configuration: dict[str, Any], tmp_path: Path) -> None:
    raw_configuration["training"] |= {"epochs": 2, "monitored": 16}
    first = train(configuration_from(raw_configuration), tmp_path / "first")
    manifest = export(first, tmp_path / "models")
    images = torch.rand(3, 1, 32, 128)
    expected = first.averaged_network()(images)
    raw_configuration["model"]["charset"] = "ZABCDEF"
    for initial in (tmp_path / "first" / CHECKPOINT, manifest):
        raw_configuration["training"]["initial"] = str(initial)
        configuration = configuration_from(raw_configuration)
        network = fresh_network(configuration)
        load_initial(network, configuration)
        recalibrate_batch_norms(network, [np.random.default_rng(0).random((8, 1, 32, 128), dtype=np.float32)])
        logits = network.eval()(images)
        # The classes' order is blank, Z, A, B, …: Z is new.
        assert torch.allclose(logits[..., [0, 2, 3, 4, 5, 6, 7]], expected, atol=1e-4)
    raw_configuration["training"] |= {"epochs": 1, "freeze": ["cnn"]}
    raw_configuration["cache"]["folder"] += "-2"
    tuned = train(configuration_from(raw_configuration), tmp_path / "second")
    before, after = network.state_dict(), tuned.network
    assert not torch.equal(before["classes.weight"], after["classes.weight"])
    kind = architecture("nomina-small")
    frozen = [key for key in after if key.startswith(tuple(f"{name}." for name in kind.parts["cnn"]))]
    start = fresh_network(configuration_from(raw_configuration))
    load_initial(start, configuration_from(raw_configuration))
    convolution = next(key for key in frozen if key.endswith("0.weight"))
    assert torch.equal(start.state_dict()[convolution], after[convolution])
    with pytest.raises(UsageError, match="no part 'brain'"):
        freeze(network, kind, ("brain",))


def test_batch_norms_settle_without_a_change(configuration: Configuration) -> None:
    torch.manual_seed(0)
    network = fresh_network(configuration)
    images = torch.rand(32, 1, 32, 128) ** 4
    before = network.eval()(images)
    recalibrate_batch_norms(network, [images.numpy()])
    assert torch.allclose(network(images), before, atol=1e-4)
    norm = next(module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d))
    assert norm.running_var is not None
    assert not torch.allclose(norm.running_var, torch.ones_like(norm.running_var))


def test_batch_norms_are_measured_over_all_widths(configuration: Configuration) -> None:
    network = torch.nn.Sequential(torch.nn.BatchNorm2d(1))
    batches = [np.full((1, 1, 2, 2), 1.0, np.float32), np.full((1, 1, 2, 6), 3.0, np.float32)]
    recalibrate_batch_norms(network, batches)
    norm = network[0]
    assert isinstance(norm, torch.nn.BatchNorm2d)
    assert norm.running_mean is not None
    assert norm.running_var is not None
    assert norm.running_mean.item() == pytest.approx(2.5)
    assert norm.running_var.item() == pytest.approx(0.75)


def test_parts_of_another_architecture(raw_configuration: dict[str, Any], tmp_path: Path) -> None:
    raw_configuration["training"]["epochs"] = 1
    first = train(configuration_from(raw_configuration), tmp_path / "first")
    raw_configuration["model"]["architecture"] = "nomina-lines"
    raw_configuration["training"]["initial"] = str(tmp_path / "first" / CHECKPOINT)
    with pytest.raises(UsageError, match="of the architecture nomina-small"):
        load_initial(fresh_network(configuration_from(raw_configuration)), configuration_from(raw_configuration))
    raw_configuration["training"]["initial_parts"] = ["cnn"]
    network = fresh_network(configuration_from(raw_configuration))
    load_initial(network, configuration_from(raw_configuration))
    for key in ("convolutions.0.weight", "mixers.2.body.0.weight"):
        assert torch.equal(network.state_dict()[key], first.average[key])


class Certain:
    """A recogniser that is certain of A, and so judges labels it knows."""

    input = InputSpec(height=8, width=8)
    charset = Charset(("A", "B"), 0)

    def log_probabilities(self, images: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """[N, 2, 3]: A, then blank."""
        one = np.log(np.array([[0.01, 0.98, 0.01], [0.98, 0.01, 0.01]], np.float32))
        return np.repeat(one[np.newaxis], len(images), axis=0)


def test_suspect_labels_are_left_out(words: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nomina_training.training.suspects.open_recogniser", lambda _: Certain())
    samples = [Sample(FilePicture(words / "00.png"), text, "") for text in ("A", "B", "AB", "C")]
    cleaning = Cleaning()
    kept = without_suspects(samples, words, cleaning)
    assert [sample.text for sample in kept] == ["A", "C"], "C is outside what the model can judge"
    assert cleaning.dropped["suspect label"] == 2
    assert cleaning.broken[0][0] == "00.png"
