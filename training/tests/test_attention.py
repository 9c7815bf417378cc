"""Attention: tokens of their own, a decoder that cannot look ahead, one way to decode in PyTorch and onnxruntime."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from nomina_training.architectures import architecture
from nomina_training.architectures.attention_network import AttentionNetwork, Step
from nomina_training.architectures.mobilenet_attention import MobilenetAttention
from nomina_training.configuration.configuration import configuration_from
from nomina_training.decoding.attention_search import Array, decode, log_shares
from nomina_training.errors import UsageError
from nomina_training.export.attention_onnx import export_attention
from nomina_training.export.model_files import export
from nomina_training.images.grey import read_grey
from nomina_training.inference.attention_in_onnx import OnnxStepModel
from nomina_training.inference.attention_in_torch import TorchStepModel
from nomina_training.inference.attention_model import open_exported_attention
from nomina_training.inference.text_reader import open_reader, read_texts
from nomina_training.models.attention_charset import END, PAD, START, AttentionCharset
from nomina_training.models.onnx_check import ExportError
from nomina_training.training.attention_loss import attention_loss, forced
from nomina_training.training.run import train
from nomina_training.weights.checkpoint import load_checkpoint

KNOWN = architecture("mobilenet-attention")


@pytest.fixture(scope="module")
def network() -> MobilenetAttention:
    """Fresh weights, evaluation mode."""
    torch.manual_seed(3)
    built = KNOWN.build(32).eval()
    assert isinstance(built, MobilenetAttention)
    return built


@pytest.fixture(scope="module")
def images() -> Tensor:
    """Three random inputs."""
    return torch.rand(3, 1, 64, 256, generator=torch.Generator().manual_seed(0))


def test_special_tokens_have_an_index_of_their_own() -> None:
    assert len({PAD, START, END}) == 3
    charset = AttentionCharset(tuple("AB"))
    assert charset.class_count == KNOWN.class_count(2) == 5
    assert set(charset.encode("AB")).isdisjoint({PAD, START, END})
    assert charset.decode(charset.encode("BA")) == "BA"
    assert charset.missing_from("ABÉ") == ["É"]


def test_shapes_and_our_own_count(network: MobilenetAttention, images: Tensor) -> None:
    # The published 10.9 M cannot be derived from the layers; MobileNetV3-Small alone has 927,008 with three channels.
    assert sum(parameter.numel() for parameter in network.parameters()) == 5_702_592
    assert sum(parameter.numel() for parameter in network.encoder.backbone.parameters()) == 927_008 - 2 * 16 * 9
    with torch.no_grad():
        maps = network.encoder.backbone(images)
        memory = network.encode(images)
        step = network.step(memory, torch.tensor([START] * 3), network.start_states(3))
    assert tuple(maps.shape) == (3, 576, 2, 8), "8 positions of 2 · 576 = 1152"
    assert network.encoder.recurrence.input_size == 1152
    assert tuple(memory.shape) == (3, 8, 512 + 256)
    assert tuple(step.logits.shape) == (3, 32)
    assert torch.allclose(step.attention.sum(1), torch.ones(3), atol=1e-5)
    assert [state.shape[1] for state in step.states] == [128, 128, 96, 96]


def test_the_decoder_is_causal(network: MobilenetAttention, images: Tensor) -> None:
    inputs = torch.tensor([[START, 5, 6, 7, 8]] * 3)
    changed = inputs.clone()
    changed[:, 3] = 20
    with torch.no_grad():
        (before, _), (after, _) = network(images, inputs), network(images, changed)
    assert torch.equal(before[:, :3], after[:, :3]), "what comes later changes nothing before it"
    assert not torch.allclose(before[:, 3:], after[:, 3:])
    assert not any(module.bidirectional for module in (network.recurrence_1, network.recurrence_2))


def test_teacher_forcing_equals_step_by_step(network: MobilenetAttention, images: Tensor) -> None:
    inputs = torch.tensor([[START, 5, 6, 7, 8], [START, 9, 9, 9, 3], [START, 4, 30, 4, 30]])
    with torch.no_grad():
        whole, _ = network(images, inputs)
        memory, states = network.encode(images), network.start_states(3)
        for at in range(inputs.shape[1]):
            logits, _, states = network.step(memory, inputs[:, at], states)
            assert torch.allclose(logits, whole[:, at], atol=1e-5)


def test_forced_inputs_and_what_is_wanted() -> None:
    inputs, wanted = forced([[3, 4], [5], []])
    assert inputs.tolist() == [[START, 3, 4], [START, 5, PAD], [START, PAD, PAD]]
    assert wanted.tolist() == [[3, 4, END], [5, END, PAD], [END, PAD, PAD]]


def test_padding_adds_nothing_to_the_loss(network: MobilenetAttention, images: Tensor) -> None:
    with torch.no_grad():
        together = attention_loss(network, images[:2], [[3, 4, 5, 6], [7]])
        alone = [attention_loss(network, images[i : i + 1], [target]) for i, target in enumerate(([3, 4, 5, 6], [7]))]
        weighted = attention_loss(network, images[:2], [[3, 4, 5, 6], [7]], torch.tensor([1.0, 0.0]))
    assert torch.allclose(together, (alone[0] + alone[1]) / 2, atol=1e-5)
    assert torch.allclose(weighted, alone[0] / 2, atol=1e-5)


class Chain:
    """A decoder that is a table: the next class depends on the last alone. A state counts the steps."""

    def __init__(self, table: Array) -> None:
        self.table = table
        self.steps = 0

    def encode(self, images: Array) -> Array:
        return images

    def start_states(self, count: int) -> list[Array]:
        return [np.zeros((count, 1), np.float32)]

    def step(self, memory: Array, tokens: np.ndarray, states: Sequence[Array]) -> tuple[Array, Array, list[Array]]:
        self.steps += 1
        assert len(memory) == len(tokens) == len(states[0])
        assert (states[0] == self.steps - 1).all()
        return self.table[memory[:, 0].astype(int), tokens], np.ones((len(tokens), 1), np.float32), [states[0] + 1]


def chain(tables: int) -> Chain:
    """Classes PAD, START, END and three characters, one table of logits an image."""
    return Chain((np.random.default_rng(4).normal(size=(tables, 6, 6)) * 2).astype(np.float32))


def test_a_wide_beam_finds_the_best_texts_of_all() -> None:
    model, longest = chain(2), 4
    found = decode(model, np.array([[0.0], [1.0]], np.float32), longest, width=400)
    for image, beam in enumerate(found):
        scores = log_shares(model.table[image], only_end=False)
        everything = {}
        for length in range(longest + 1):
            for text in product((3, 4, 5), repeat=length):
                path = [START, *text]
                total = sum(scores[path[i], path[i + 1]] for i in range(length))
                everything[text] = total + scores[path[-1], END]
        best = sorted(everything.values(), reverse=True)[:20]
        assert [kept.log_probability for kept in beam[:20]] == pytest.approx(best)
        assert all(everything[kept.classes] == pytest.approx(kept.log_probability) for kept in beam)
        assert all(len(kept.probabilities) == len(kept.attention) == len(kept.classes) for kept in beam)


def test_width_one_is_greedy_and_a_batch_changes_nothing() -> None:
    given = np.array([[0.0], [1.0], [2.0], [3.0]], np.float32)
    model = chain(4)
    together = decode(model, given, 6)
    for image, (best,) in enumerate(together):
        ((alone,),) = decode(chain(4), given[image : image + 1], 6)
        assert (best.classes, best.log_probability) == (alone.classes, alone.log_probability)
        path = [START, *best.classes, END]
        for before, after in list(pairwise(path))[:6]:
            allowed = model.table[image, before].copy()
            allowed[[PAD, START]] = -np.inf
            assert int(allowed.argmax()) == after


def test_ties_go_to_the_better_parent_and_the_lower_class() -> None:
    model = Chain(np.zeros((1, 6, 6), np.float32))
    (beam,) = decode(model, np.zeros((1, 1), np.float32), 2, width=4)
    assert [kept.classes for kept in beam] == [(), (3,), (3, 3), (3, 4)]


def test_no_text_is_longer_than_the_most() -> None:
    table = np.zeros((1, 6, 6), np.float32)
    table[..., 4] = 50
    (beam,) = decode(Chain(table), np.zeros((1, 1), np.float32), 5, width=2)
    assert beam[0].classes == (4,) * 5
    assert beam[0].log_probability == pytest.approx(-50.0, rel=1e-3), "its end is as improbable as the model says"


def test_onnx_gives_pytorchs_texts(network: MobilenetAttention, images: Tensor, tmp_path: Path) -> None:
    files = export_attention(network, KNOWN.input, "tiny-step.onnx", 6)
    assert files.difference <= 1e-4
    exported = OnnxStepModel(files.encoder, files.step, "image", files.block)
    in_torch, in_onnx = (decode(model, images.numpy(), 6, 4) for model in (TorchStepModel(network), exported))
    assert [[kept.classes for kept in beam] for beam in in_torch] == [[k.classes for k in beam] for beam in in_onnx]
    (tmp_path / "tiny.onnx").write_bytes(files.encoder)
    (tmp_path / "tiny-step.onnx").write_bytes(files.step)
    characters = [chr(ord("A") + at) for at in range(29)]
    manifest = {
        "kind": "attention", "file": "tiny.onnx", "input": KNOWN.input.as_json(), "charset": characters,
        "attention": files.block,
    }  # fmt: skip
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps(manifest))
    recogniser = open_exported_attention(path)
    charset = AttentionCharset(tuple(characters))
    greedy = decode(TorchStepModel(network), images.numpy(), 6)
    assert recogniser.read(images.numpy()) == [charset.decode(best.classes) for best, in greedy]
    assert len(recogniser.hypotheses(images.numpy(), 3)[0]) == 3
    path.write_text(json.dumps(manifest | {"kind": "ctc"}))
    with pytest.raises(UsageError, match="only kind attention"):
        open_exported_attention(path)
    path.write_text(json.dumps(manifest | {"file": "none.onnx"}))
    with pytest.raises(UsageError, match=r"none\.onnx is missing"):
        open_exported_attention(path)


def test_a_run_trains_exports_and_reads_alike(raw_configuration: dict[str, Any], words: Path, tmp_path: Path) -> None:
    raw_configuration["model"] |= {"architecture": "mobilenet-attention"}
    raw_configuration["input"] = KNOWN.input.as_json() | {"width": 64}
    raw_configuration["training"] |= {"epochs": 1, "optimiser": "adam", "schedule": "cosine", "l1": 1e-6, "l2": 1e-5}
    train(configuration_from(raw_configuration), tmp_path / "run")
    path = export(load_checkpoint(tmp_path / "run" / "last.pt"), tmp_path / "models")
    manifest = json.loads(path.read_text())
    assert (manifest["kind"], manifest["output"]["name"]) == ("attention", "memory")
    step = (tmp_path / "models" / manifest["attention"]["step"]).read_bytes()
    assert manifest["attention"]["stepSha256"] == hashlib.sha256(step).hexdigest()
    fields = [read_grey(words / f"{number:02d}.png") for number in range(4)]
    readers = [open_reader(model) for model in (tmp_path / "run" / "last.pt", path)]
    one, other = ([reading.text for reading in read_texts(reader, fields)] for reader in readers)
    assert one == other


def test_an_export_that_differs_is_refused(network: MobilenetAttention, monkeypatch: pytest.MonkeyPatch) -> None:
    original = MobilenetAttention.step

    def drifting(self: AttentionNetwork, memory: Tensor, token: Tensor, states: tuple[Tensor, ...]) -> Step:
        step = original(self, memory, token, states)  # type: ignore[arg-type]
        return step if torch.jit.is_tracing() else step._replace(logits=step.logits + 1e-2)

    monkeypatch.setattr(MobilenetAttention, "step", drifting)
    with pytest.raises(ExportError, match="differ from PyTorch"):
        export_attention(network, KNOWN.input, "step.onnx", 6)


def test_a_share_of_the_loss_is_ctc_over_the_encoder_alone(network: MobilenetAttention, images: Tensor) -> None:
    targets = [[3, 4, 5, 6, 7, 8, 9, 10, 11], [7]]
    network.zero_grad()
    attention_loss(network, images[:2], targets, ctc_share=0.3).backward()
    assert network.frame_classes.weight.grad is not None
    assert float(network.frame_classes.weight.grad.abs().sum()) > 0
    with torch.no_grad():
        none, all_of_it = (attention_loss(network, images[:2], targets, ctc_share=share) for share in (0.0, 1.0))
        mixed = attention_loss(network, images[:2], targets, ctc_share=0.3)
    assert torch.allclose(mixed, 0.7 * none + 0.3 * all_of_it, atol=1e-5)
    assert float(all_of_it) > 0
