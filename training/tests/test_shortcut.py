"""The CTC shortcut around recurrent layers: training's own, gone from what is exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from nomina_training.architectures import architecture
from nomina_training.configuration.configuration import configuration_from
from nomina_training.export.model_files import export
from nomina_training.training.run import CHECKPOINT, train
from nomina_training.training.shortcut import CtcShortcut
from nomina_training.weights.checkpoint import load_checkpoint


def test_what_the_lstm_is_given_learns_without_the_lstm() -> None:
    network = architecture("resnet-bilstm").build(7)
    shortcut = CtcShortcut(network, 7, 16)
    network(torch.rand(2, 1, 32, 64))
    shortcut.loss([[1, 2], [3]], torch.ones(2), 0).backward()
    moved = {name.partition(".")[0] for name, weight in network.named_parameters() if weight.grad is not None}
    assert moved == {"blocks"}
    assert shortcut.classes.weight.grad is not None


def test_a_run_with_a_shortcut_goes_on_to_the_same_bits(raw_configuration: dict[str, Any], tmp_path: Path) -> None:
    raw_configuration["training"] |= {"shortcut": 1.0, "epochs": 2, "schedule": "plateau", "warm_up": 0.0}
    whole = train(configuration_from(raw_configuration), tmp_path / "whole")
    raw_configuration["training"]["epochs"] = 1
    train(configuration_from(raw_configuration), tmp_path / "cut")
    raw_configuration["training"]["epochs"] = 2
    resumed = train(configuration_from(raw_configuration), tmp_path / "cut")
    for mine, theirs in ((resumed.network, whole.network), (resumed.shortcut, whole.shortcut)):
        assert mine
        assert all(torch.equal(mine[key], theirs[key]) for key in theirs)
    card = export(resumed, tmp_path / "models").with_suffix(".md").read_text()
    assert "A CTC shortcut" in card
    assert load_checkpoint(tmp_path / "cut" / CHECKPOINT).shortcut.keys() == {"classes.weight", "classes.bias"}


def test_attention_learns_by_frames_narrower_than_its_positions() -> None:
    network = architecture("mobilenet-attention").build(32)
    shortcut = CtcShortcut(network, 32, 32, 4)
    network(torch.rand(2, 1, 64, 256), torch.ones(2, 3, dtype=torch.long))
    text = list(range(3, 23))  # more characters than the eight positions
    shortcut.loss([text, [3]], torch.ones(2), 0).backward()
    learnt = [name for name, weight in network.named_parameters() if weight.grad is not None]
    assert learnt
    assert all(name.startswith("encoder.backbone") for name in learnt)
    assert float(network.encoder.backbone[0].weight.grad.abs().sum()) > 0


def test_a_run_of_attention_takes_a_shortcut(raw_configuration: dict[str, Any], tmp_path: Path) -> None:
    raw_configuration["model"]["architecture"] = "mobilenet-attention"
    raw_configuration["input"] |= {"height": 64, "width": 256}
    raw_configuration["training"] |= {"shortcut": 1.0, "epochs": 1}
    state = train(configuration_from(raw_configuration), tmp_path / "run")
    assert state.shortcut["classes.weight"].shape[0] % 4 == 0
