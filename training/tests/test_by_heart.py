"""Every architecture can learn: a few drawn words by heart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from nomina_training.architectures import ARCHITECTURES, architecture
from nomina_training.architectures.attention_network import AttentionNetwork
from nomina_training.decoding.ctc_greedy import greedy_decode
from nomina_training.images.grey import read_grey
from nomina_training.images.preprocessing import stack
from nomina_training.inference.attention_in_torch import TorchStepModel
from nomina_training.inference.attention_model import AttentionRecogniser
from nomina_training.models.attention_charset import AttentionCharset
from nomina_training.models.charset import Charset
from nomina_training.models.manifest import InputSpec
from nomina_training.training.attention_loss import attention_loss
from nomina_training.training.losses import label_loss

from .conftest import draw_word

WORDS = ("CAB", "FED", "ACE")
# Steps and learning rate that suffice with some to spare, and a width, px, that keeps a step cheap.
RECIPES = {
    "mobilenet-attention": (60, 2e-3, 128),
    "crnn-3block": (90, 2e-3, 64),
    "crnn-names": (110, 3e-3, 256),
    "cnn-bilstm-iam": (80, 1e-3, 64),
    "resnet-bilstm": (40, 2e-3, 64),
    "nomina-small": (40, 4e-3, 64),
    "nomina-large": (40, 4e-3, 64),
    "nomina-lines": (40, 4e-3, 64),
}


def test_every_architecture_has_a_recipe() -> None:
    # Other tests add one of their own.
    assert RECIPES.keys() == ARCHITECTURES.keys() - {"plain"}


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Networks this small lose more by waiting for a second thread than it computes, above all on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("name", list(RECIPES))
def test_it_learns_drawn_words_by_heart(name: str, tmp_path: Path) -> None:
    steps, rate, width = RECIPES[name]
    known = architecture(name)
    # Ink on zeros: networks without batch norm would first have to learn that paper is nothing.
    spec = replace(known.input, width=width, invert=known.input.mean == 0)
    images = drawn(spec, tmp_path)
    torch.manual_seed(1)
    network = known.build(known.class_count(6), dict.fromkeys(known.settings, 0.0)).train()
    optimiser = torch.optim.Adam(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.3)
    ctc, attention = Charset(tuple("ABCDEF"), 0), AttentionCharset(tuple("ABCDEF"))
    for _ in range(steps):
        if isinstance(network, AttentionNetwork):
            loss = attention_loss(network, images, [attention.encode(word) for word in WORDS])
        else:
            targets = [ctc.encode(word) for word in WORDS]
            loss = label_loss(network(images), targets, torch.ones(len(WORDS)), ctc.blank)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
    measure_statistics(network, images)
    if isinstance(network, AttentionNetwork):
        texts = AttentionRecogniser(TorchStepModel(network), spec, attention, 8).read(images.numpy())
    else:
        with torch.no_grad():
            texts = greedy_decode(network.eval()(images).numpy(), ctc)
    assert texts == list(WORDS), texts


def drawn(spec: InputSpec, folder: Path) -> torch.Tensor:
    """The words as inputs."""
    fields = []
    for word in WORDS:
        draw_word(word, folder / f"{word}.png", (70, 40))
        fields.append(read_grey(folder / f"{word}.png"))
    return torch.from_numpy(np.ascontiguousarray(stack(fields, spec)))


def measure_statistics(network: torch.nn.Module, images: torch.Tensor) -> None:
    """Batch norms' running statistics lag behind so few steps: take the batch's own."""
    for norm in network.modules():
        if isinstance(norm, torch.nn.BatchNorm2d | torch.nn.BatchNorm1d):
            norm.reset_running_stats()
            norm.momentum = None
    with torch.no_grad():
        if isinstance(network, AttentionNetwork):
            network.encode(images)
        else:
            network(images)
