"""Train, cut off, resume, export, evaluate: the whole way on twenty drawn words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch

from nomina_training.architectures import architecture
from nomina_training.configuration.configuration import Configuration, configuration_from
from nomina_training.errors import UsageError
from nomina_training.export.model_files import export
from nomina_training.export.onnx_file import onnx_bytes
from nomina_training.inference.ctc_network import open_recogniser
from nomina_training.models.charset import Charset
from nomina_training.models.manifest import InputSpec
from nomina_training.models.onnx_check import ExportError, check_against
from nomina_training.models.onnx_session import session_of
from nomina_training.training.augmentation_cache import CacheRecipe, open_augmentation_cache
from nomina_training.training.corpus import read_split
from nomina_training.training.losses import contradicted_labels, label_loss, misread, teacher_loss
from nomina_training.training.run import CHECKPOINT, train
from nomina_training.weights.checkpoint import fresh_network, load_checkpoint
from nomina_training.weights.initial import load_initial

from .conftest import draw_word, toml_of, write_labels


def test_a_killed_run_goes_on_to_the_same_bits(raw_configuration: dict[str, Any], tmp_path: Path) -> None:
    whole = train(configuration_from(raw_configuration), tmp_path / "whole")
    file, run = tmp_path / "tiny.toml", tmp_path / "cut"
    file.write_text(toml_of(raw_configuration))
    command = [sys.executable, "-m", "nomina_training", "train", str(file), "--run", str(run)]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if '"epoch": 2' in line:
                process.send_signal(signal.SIGKILL)
    cut = load_checkpoint(run / CHECKPOINT)
    assert 2 <= cut.epoch < 4, "it was killed on the way"
    resumed = train(configuration_from(raw_configuration), run)
    for mine, theirs in ((resumed.network, whole.network), (resumed.average, whole.average)):
        assert mine.keys() == theirs.keys()
        assert all(torch.equal(mine[key], theirs[key]) for key in mine)
    losses = [[epoch["label_loss"] for epoch in state.history] for state in (resumed, whole)]
    assert losses[0] == losses[1]
    assert not torch.equal(cut.network["classes.weight"], whole.network["classes.weight"])


def test_a_run_of_another_configuration_is_not_resumed(raw_configuration: dict[str, Any], tmp_path: Path) -> None:
    raw_configuration["training"]["epochs"] = 1
    train(configuration_from(raw_configuration), tmp_path / "run")
    raw_configuration["training"]["epochs"] = 2
    longer = train(configuration_from(raw_configuration), tmp_path / "run")
    assert longer.facts["schedule_changes"] == [{"afterEpoch": 1, "epochsBefore": 1, "epochsNow": 2}]
    assert longer.epoch == load_checkpoint(tmp_path / "run" / CHECKPOINT).configuration.training.epochs == 2
    raw_configuration["training"]["learning_rate"] = 1e-3
    with pytest.raises(UsageError, match="another configuration"):
        train(configuration_from(raw_configuration), tmp_path / "run")


def test_tensorboard_shows_each_epoch_once(raw_configuration: dict[str, Any], tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    raw_configuration["training"] |= {"epochs": 1, "tensorboard": True}
    train(configuration_from(raw_configuration), tmp_path / "run")
    raw_configuration["training"]["epochs"] = 2
    history = train(configuration_from(raw_configuration), tmp_path / "run").history
    events = EventAccumulator(str(tmp_path / "run"))
    events.Reload()
    shown = [(event.step, event.value) for event in events.Scalars("label_loss")]
    assert shown == [(epoch["epoch"], pytest.approx(epoch["label_loss"])) for epoch in history]
    raw_configuration["training"]["tensorboard"] = False
    assert train(configuration_from(raw_configuration), tmp_path / "run").epoch == 2


def test_a_run_of_other_data_is_not_resumed(raw_configuration: dict[str, Any], words: Path, tmp_path: Path) -> None:
    raw_configuration["training"]["epochs"] = 1
    del raw_configuration["cache"]
    train(configuration_from(raw_configuration), tmp_path / "run")
    draw_word("ACED", words / "more.png")
    with (words / "labels.csv").open("a", encoding="utf-8") as labels:
        labels.write("more.png,ACED\n")
    raw_configuration["training"]["epochs"] = 2
    with pytest.raises(UsageError, match=r"trained on other data \(16 training rows then, 17 now\)"):
        train(configuration_from(raw_configuration), tmp_path / "run")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("freeze", ["brain"], "no part 'brain'"),
        ("initial", "none.pt", r"none\.pt: no checkpoint"),
        ("suspects", "none.json", r"training\.suspects: none\.json is missing"),
    ],
)
def test_mistakes_are_told_before_the_cache_is_made(
    raw_configuration: dict[str, Any], tmp_path: Path, key: str, value: Any, message: str  # noqa: ANN401
) -> None:
    raw_configuration["training"][key] = value
    with pytest.raises(UsageError, match=message):
        train(configuration_from(raw_configuration), tmp_path / "run")
    assert not (tmp_path / "cache").exists()


def test_rows_of_their_own_are_dev(raw_configuration: dict[str, Any], words: Path, tmp_path: Path) -> None:
    dev = write_labels(tmp_path / "validation.csv", [("00.png", "AB"), ("05.png", "ACE")])
    raw_configuration["data"]["dev"] = str(dev)
    split = read_split(configuration_from(raw_configuration))
    assert [sample.text for sample in split.dev] == ["AB", "ACE"]
    assert len(split.training) == 18
    assert not {sample.digest for sample in split.dev} & {sample.digest for sample in split.training}


def test_ctrl_c_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from nomina_training.cli import main

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nomina_training.evaluation.speed.compare_speed", stop)
    assert main(["speed", "--model", "x.onnx", "--reference", "y.onnx"]) == 130
    assert capsys.readouterr().err == "nomina-train: stopped\n"


def test_a_pipe_that_closes_is_no_traceback(words: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nomina_training", "analyse", "--labels", str(words / "labels.csv")]
    with subprocess.Popen(
        [*command, "--out", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as closed:
        assert closed.stdout is not None
        closed.stdout.close()
        assert closed.stderr is not None
        assert closed.stderr.read() == b""
        assert closed.wait(120) == 141


def test_train_export_evaluate_learns_and_agrees(
    raw_configuration: dict[str, Any], words: Path, tmp_path: Path
) -> None:
    from nomina_training.cli import main

    raw_configuration["training"]["epochs"] = 30
    raw_configuration["augmentation"] = {"slant": 0.05, "noise": 2.0}
    (tmp_path / "tiny.toml").write_text(toml_of(raw_configuration))
    assert main(["train", str(tmp_path / "tiny.toml"), "--run", str(tmp_path / "run")]) == 0
    state = load_checkpoint(tmp_path / "run" / CHECKPOINT)
    assert state.history[-1]["label_loss"] < 0.7 * state.history[1]["label_loss"]
    checkpoint, models = tmp_path / "run" / CHECKPOINT, tmp_path / "models"
    assert main(["export", "--checkpoint", str(checkpoint), "--out", str(models)]) == 0
    reports = []
    for model in (checkpoint, models / "tiny.json"):
        report = tmp_path / "report.json"
        arguments = ["--labels", str(words / "labels.csv"), "--json", str(report), "--fields", str(tmp_path / "f.csv")]
        assert main(["evaluate", "--model", str(model), *arguments]) == 0
        reports.append(json.loads(report.read_text()))
    assert reports[0]["fields"] == 20
    for key in ("character_error_rate", "word_error_rate", "exact"):
        assert reports[0][key] == reports[1][key]
    assert (tmp_path / "f.csv").read_text().splitlines()[0] == "FILENAME,TRUTH,READING,EDITS,CONFIDENCE"
    manifest = json.loads((models / "tiny.json").read_text())
    assert (manifest["charset"], manifest["blank"], manifest["training"]["rows"]) == (list("ABCDEF"), 0, 16)
    assert main(["predict", "--model", str(models / "tiny.json"), "--image", str(words / "00.png")]) == 0
    assert main(["predict", "--model", str(models / "tiny.json"), "--image", str(words / "labels.csv")]) == 1


def trained_like_network() -> torch.nn.Module:
    """A network whose batch norms have statistics, so that folding them is not a no-op."""
    torch.manual_seed(0)
    network = architecture("nomina-small").build(7)
    network.train()
    for _ in range(3):
        network(torch.rand(4, 1, 32, 128))
    return network.eval()


def test_export_equals_pytorch_at_any_batch(tmp_path: Path) -> None:
    network, spec = trained_like_network(), InputSpec(height=32, width=128)
    content = onnx_bytes(network, spec, "logits")
    assert check_against(network, content, spec) <= 1e-4
    operators = {node.op_type for node in onnx.load_from_string(content).graph.node}
    assert "LSTM" in operators
    assert "BatchNormalization" not in operators


def test_eight_bits_are_smaller_and_read_alike(raw_configuration: dict[str, Any], tmp_path: Path) -> None:
    raw_configuration["training"]["epochs"] = 2
    state = train(configuration_from(raw_configuration), tmp_path / "run")
    whole, small = (
        json.loads(export(state, tmp_path / precision, precision=precision).read_text())
        for precision in ("fp32", "int8")
    )
    files = [(tmp_path / precision / "tiny.onnx").read_bytes() for precision in ("fp32", "int8")]
    assert len(files[1]) < 0.7 * len(files[0])
    operators = [node.op_type for node in onnx.load_from_string(files[1]).graph.node]
    assert "QuantizeLinear" in operators
    assert "LSTM" in operators
    assert (whole["training"]["precision"], small["training"]["precision"]) == ("fp32", "int8")
    assert small["training"]["calibrationFields"] == 16
    assert small["training"]["devInt8"].keys() == small["training"]["devFloat32"].keys()
    images = np.random.default_rng(0).random((2, 1, 32, 128), dtype=np.float32) ** 4
    logits = [session_of(file, 1).run(None, {"image": images})[0] for file in files]
    assert 0 < np.abs(logits[0] - logits[1]).max() < 0.3 * np.abs(logits[0]).max()
    raw_configuration["training"]["initial"] = str(tmp_path / "int8" / "tiny.json")
    network = fresh_network(configuration_from(raw_configuration))
    load_initial(network, configuration_from(raw_configuration))
    with torch.no_grad():
        dequantised = network.eval()(torch.from_numpy(images)).numpy()
    assert np.abs(logits[0] - dequantised).max() < 0.3 * np.abs(logits[0]).max()
    card = (tmp_path / "int8" / "tiny.md").read_text()
    assert "In 8 bits instead of float32" in card
    assert "words/labels.csv" in card
    assert str(tmp_path) not in card, "where the data lay on this machine is nobody's business"


def test_a_model_of_any_width_reads_any_width(raw_configuration: dict[str, Any], words: Path, tmp_path: Path) -> None:
    from nomina_training.cli import main

    del raw_configuration["cache"]
    raw_configuration["model"]["architecture"] = "nomina-lines"
    wide = {"min": 32, "max": 320, "multipleOf": 8}
    raw_configuration["input"] = {"height": 40, "width": wide, "fit": "box", "invert": True}
    raw_configuration["training"] |= {"epochs": 1, "workers": 0}
    (tmp_path / "tiny.yaml").write_text(json.dumps(raw_configuration))
    assert main(["train", str(tmp_path / "tiny.yaml"), "--run", str(tmp_path / "run")]) == 0
    assert main(["export", "--checkpoint", str(tmp_path / "run" / CHECKPOINT), "--out", str(tmp_path / "m")]) == 0
    session = session_of(str(tmp_path / "m" / "tiny.onnx"), 1)
    network = load_checkpoint(tmp_path / "run" / CHECKPOINT).averaged_network()
    for width in (40, 72, 320):
        images = np.random.default_rng(width).random((2, 1, 40, width), dtype=np.float32)
        (logits,) = session.run(None, {"image": images})
        assert logits.shape == (2, width // 4, 7)
        assert np.abs(logits - network(torch.from_numpy(images)).detach().numpy()).max() < 1e-4


def test_a_file_that_differs_is_refused_and_nothing_written(
    configuration: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = train(replace(configuration, training=replace(configuration.training, epochs=1)), tmp_path / "run")
    other = onnx_bytes(architecture("nomina-small").build(7).eval(), configuration.input, "logits")
    monkeypatch.setattr("nomina_training.export.model_files.onnx_bytes", lambda *_: other)
    with pytest.raises(ExportError, match="differ from PyTorch"):
        export(state, tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_a_cache_of_other_data_is_refused(configuration: Configuration, tmp_path: Path) -> None:
    recipe = CacheRecipe((), configuration.input, configuration.charset, configuration.augmentation, None, 1, 0, 1)
    open_augmentation_cache(tmp_path / "cache", recipe)
    with pytest.raises(UsageError, match="other data or settings"):
        open_augmentation_cache(tmp_path / "cache", replace(recipe, seed=2))
    with pytest.raises(UsageError, match="need a teacher"):
        replace(recipe, spliced=1, copies=2)


def test_losses_are_small_where_the_network_agrees() -> None:
    certain = torch.full((1, 4, 3), -20.0)
    certain[0, [0, 1, 2, 3], [1, 0, 2, 0]] = 20.0
    one = torch.ones(1)
    assert label_loss(certain, [[1, 2]], one, 0) < 1e-3
    assert label_loss(certain, [[2, 1]], one, 0) > 5
    assert label_loss(certain, [[2, 1]], torch.zeros(1), 0) == 0
    opinion = certain[:, 1:].log_softmax(-1)
    assert teacher_loss(certain, opinion, one, 1, 2.0) < 1e-4
    assert teacher_loss(certain, opinion, one, 0, 2.0) > 5


def test_a_label_is_left_to_a_teacher_that_is_certain_of_another() -> None:
    sure = np.log(np.array([[[0.01, 0.98, 0.01], [0.98, 0.01, 0.01]]])).astype(np.float16)
    unsure = np.log(np.array([[[0.3, 0.4, 0.3], [0.4, 0.3, 0.3]]])).astype(np.float16)
    both, charset = np.concatenate([sure, sure, unsure]), Charset(("A", "B"), 0)
    assert contradicted_labels(both, ["B", "A", "B"], charset, 0.9, 0.05).tolist() == [True, False, False]
    assert misread(both, [[2], [1], [1]], 0).tolist() == [True, False, False]


def test_models_that_do_not_exist_say_so(tmp_path: Path) -> None:
    for name in ("gone.json", "gone.pt", "gone.h5"):
        with pytest.raises(UsageError, match="gone"):
            open_recogniser(tmp_path / name)
    with pytest.raises(UsageError, match="nomina-small"):
        architecture("nomina-huge")


def test_a_wrong_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from nomina_training.cli import main

    assert main(["train", str(tmp_path / "gone.toml"), "--run", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
