"""The published architectures: what is known of each, pinned; and that each can learn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from nomina_training.architectures import ARCHITECTURES, architecture, lstm_penalty
from nomina_training.architectures.crnn_names import CrnnNames, load_onnx
from nomina_training.configuration.configuration import read_configuration
from nomina_training.errors import UsageError
from nomina_training.export.architecture_costs import PUBLISHED_CLASSES, count_flop
from nomina_training.export.onnx_file import onnx_bytes
from nomina_training.models.manifest import InputSpec, WidthRange
from nomina_training.models.onnx_check import check_against

CONFIGURATIONS = Path(__file__).resolve().parents[1] / "configs"
REFERENCE = Path(__file__).resolve().parents[3] / "shared/reference/names-keras-crnn.onnx"


def parameters(network: nn.Module) -> int:
    """How many numbers are learnt."""
    return sum(parameter.numel() for parameter in network.parameters())


def images(spec: InputSpec, count: int = 2, width: int = 128) -> torch.Tensor:
    """Random inputs of an architecture's size, or of `width` where that is free."""
    columns = spec.width if isinstance(spec.width, int) else width
    return torch.rand(count, 1, spec.height, columns, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("name", "classes", "count", "output"),
    [
        ("crnn-3block", 92, 6_716_508, (2, 32, 92)),
        ("crnn-names", 31, 573_151, (2, 62, 31)),
        ("cnn-bilstm-iam", 75, 9_139_147, (2, 31, 75)),
        ("resnet-bilstm", 30, 2_420_638, (2, 32, 30)),
        ("nomina-small", 30, 771_214, (2, 64, 30)),
        ("nomina-large", 30, 1_648_198, (2, 64, 30)),
    ],
)
def test_counts_and_shapes(name: str, classes: int, count: int, output: tuple[int, ...]) -> None:
    known = architecture(name)
    network = known.build(classes).eval()
    assert parameters(network) == count
    with torch.no_grad():
        assert tuple(network(images(known.input)).shape) == output


PUBLISHED = ["mobilenet-attention", "crnn-3block", "crnn-names", "cnn-bilstm-iam", "resnet-bilstm"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_has_a_configuration(name: str) -> None:
    configuration = read_configuration(CONFIGURATIONS / f"{name}.toml")
    known = architecture(configuration.model.architecture)
    assert known.name == name
    assert configuration.input == known.input, "the preprocessing it was published with"
    classes = known.class_count(len(configuration.model.charset))
    assert classes == PUBLISHED_CLASSES.get(name, 30)
    known.build(classes, configuration.model.settings)


def test_recipes_for_one_core_are_of_the_published_layers() -> None:
    for file in sorted((CONFIGURATIONS / "one-core").glob("*.toml")):
        configuration = read_configuration(file)
        assert configuration.model.architecture == file.stem
        assert configuration.input.height == architecture(file.stem).input.height


@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_what_an_architecture_says_of_itself_is_true(name: str) -> None:
    known = architecture(name)
    known.check_input(known.input)
    network = known.build(known.class_count(10))
    for table in known.class_tables:
        module = network.get_submodule(table)
        assert isinstance(module, (nn.Linear, nn.Embedding))
        assert len(module.weight) == known.class_count(10)
    parts = [module for part in known.parts if part != "cnn" or "encoder" not in known.parts
             for module in known.part_modules(network, part)]  # fmt: skip
    assert sum(parameters(part) for part in parts) == parameters(network), "the parts are the whole, each once"
    with pytest.raises(UsageError, match="has no part 'tail'; there are"):
        known.part_modules(network, "tail")
    with pytest.raises(UsageError, match="has no setting droop"):
        known.build(5, {"droop": 1})
    with pytest.raises(UsageError, match="reads images"):
        known.check_input(replace(known.input, height=known.input.height + 8, width=4))


@pytest.mark.parametrize("name", ["crnn-3block", "crnn-names", "resnet-bilstm"])
def test_the_exported_file_gives_pytorchs_logits(name: str) -> None:
    known = architecture(name)
    network = known.build(12)
    network(images(known.input))  # batch norms get statistics
    assert check_against(network.eval(), onnx_bytes(network, known.input, "logits"), known.input) <= 1e-4


def layers(content: bytes) -> list[str]:
    """An ONNX file's operators in order, but for names of equal weights."""
    return [node.op_type for node in onnx.load_from_string(content).graph.node if node.op_type != "Identity"]


@pytest.mark.parametrize("name", ["crnn-3block", "crnn-names"])
def test_batch_norms_of_training_are_in_no_export(name: str) -> None:
    known = architecture(name)
    published, network = known.build(12), known.build(12, {"batch_norm": 1})
    network(images(known.input))
    content = onnx_bytes(network.eval(), known.input, "logits")
    assert check_against(network, content, known.input) <= 1e-4
    as_published = onnx_bytes(published.eval(), known.input, "logits")
    assert layers(content) == layers(as_published)
    assert parameters(network) > parameters(published)


def test_crnn_3block_is_three_blocks_and_gives_log_probabilities() -> None:
    known = architecture("crnn-3block")
    network = known.build(92).eval()
    kinds = [type(module).__name__ for module in network.get_submodule("convolutions")]
    assert kinds == ["Conv2d", "ReLU", "MaxPool2d"] * 3
    recurrence = network.get_submodule("recurrence")
    assert isinstance(recurrence, nn.LSTM)
    assert (recurrence.num_layers, recurrence.bidirectional) == (2, True)
    with torch.no_grad():
        sums = network(images(known.input)).exp().sum(-1)
    assert torch.allclose(sums, torch.ones_like(sums), atol=1e-5)


def test_cnn_bilstm_iam_reads_any_width_and_is_built_as_published() -> None:
    known = architecture("cnn-bilstm-iam")
    network = known.build(75).eval()
    convolutions = [module for module in network.modules() if isinstance(module, nn.Conv2d)]
    assert [module.out_channels for module in convolutions] == [64, 128, 256, 256, 512, 512, 512]
    assert all(module.bias is not None for module in convolutions)
    columns = network.get_submodule("columns")
    assert isinstance(columns, nn.Linear)
    assert columns.in_features == 3584, "512 channels on seven rows"
    with torch.no_grad():
        assert [network(images(known.input, 1, width)).shape[1] for width in (8, 64, 200)] == [1, 15, 49]
    assert (known.input.mean, known.input.std, known.input.invert) == (0.5, 0.5, False), "pixels to [-1, 1]"


def test_cnn_bilstm_iam_exports_with_a_free_width() -> None:
    known = architecture("cnn-bilstm-iam")
    network = known.build(75).eval()
    spec = replace(known.input, width=WidthRange(64, 512, 32))
    content = onnx_bytes(network, spec, "logits")
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    for count, width in ((1, 64), (2, 96)):
        given = images(spec, count, width)
        with torch.no_grad():
            expected = network(given).numpy()
        (actual,) = session.run(None, {"image": given.numpy()})
        assert actual.shape == expected.shape
        assert np.abs(actual - expected).max() <= 1e-4


def test_resnet_bilstm_flattens_row_by_row() -> None:
    known = architecture("resnet-bilstm")
    network = known.build(30).eval()
    blocks = list(network.get_submodule("blocks").children())
    assert [isinstance(block.skip, nn.Conv2d) for block in blocks] == [
        True, True, False, True, False, True, True, True, False,
    ]  # fmt: skip
    seen = {}
    network.get_submodule("blocks").register_forward_hook(lambda *given: seen.update(map=given[2]))
    network.get_submodule("recurrence_1").register_forward_pre_hook(lambda _, given: seen.update(time=given[0]))
    spec = replace(known.input, height=64)
    with torch.no_grad():
        network(images(spec))
    rows, columns = seen["map"].shape[2:]
    assert (rows, columns) == (4, 16)
    assert known.frames(spec) == {"stride": 16, "offset": 0, "rows": 4}
    assert torch.equal(seen["time"][:, 3 * columns + 5], seen["map"][:, :, 3, 5]), "frame 3 · 16 + 5 is row 3, column 5"


@pytest.mark.skipif(not REFERENCE.exists(), reason="../shared/reference is not there")
def test_the_reference_readers_weights_give_its_outputs() -> None:
    network = CrnnNames(31, 0.0).eval()
    load_onnx(network, REFERENCE)
    session = onnxruntime.InferenceSession(str(REFERENCE), providers=["CPUExecutionProvider"])
    given = images(architecture("crnn-names").input, 3)
    with torch.no_grad():
        ours = network(given).softmax(-1).numpy()
    (theirs,) = session.run(None, {"image": given.numpy()})
    assert ours.shape == theirs.shape == (3, 62, 31)
    assert np.abs(ours - theirs).max() <= 1e-4


def test_weights_of_an_onnx_file_come_back_and_others_are_refused(tmp_path: Path) -> None:
    torch.manual_seed(0)
    one, other = CrnnNames(9, 0.0).eval(), CrnnNames(9, 0.0).eval()
    spec = architecture("crnn-names").input
    (tmp_path / "one.onnx").write_bytes(onnx_bytes(one, spec, "logits"))
    load_onnx(other, tmp_path / "one.onnx")
    with torch.no_grad():
        assert torch.allclose(one(images(spec)), other(images(spec)), atol=1e-5)
    with pytest.raises(UsageError, match="not the weights of a crnn-names"):
        load_onnx(CrnnNames(10, 0.0), tmp_path / "one.onnx")
    (tmp_path / "none.onnx").write_bytes(b"none")
    with pytest.raises(UsageError, match=r"no ONNX model|not the weights"):
        load_onnx(other, tmp_path / "none.onnx")


def test_the_lstm_penalty_sees_weights_only() -> None:
    network = nn.Sequential(nn.LSTM(1, 1), nn.Linear(3, 3))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.fill_(-2.0)
    # An LSTM of one has 4 input and 4 recurrent weights.
    assert float(lstm_penalty(network, 0.5, 0.25).detach()) == 8 * (0.5 * 2 + 0.25 * 4)
    assert float(lstm_penalty(nn.Linear(2, 2), 1, 1)) == 0


def test_operations_are_counted_as_on_paper() -> None:
    network = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4 * 8 * 8, 5))
    assert count_flop(network, network, torch.rand(1, 1, 8, 8)) == 2 * (8 * 8 * 4 * 9) + 2 * (256 * 5)
    lstm = nn.LSTM(3, 2, bidirectional=True, batch_first=True)
    assert count_flop(lstm, lstm, torch.rand(1, 7, 3)) == 2 * 7 * (2 * 4 * 2 * (3 + 2))
    assert not network[0]._forward_hooks, "the hooks are gone"
