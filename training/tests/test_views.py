"""Closer views of what a network is unsure of: certainty, what is asked, and what a manifest may say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from nomina_training.decoding.together import match_frames
from nomina_training.decoding.views import Views, join_views, view_of, views_of
from nomina_training.errors import UsageError
from nomina_training.finetuning import Budget, Tuning, fine_tune, learnt_inputs, open_base, write_generation
from nomina_training.images.augmentation import Augmentation
from nomina_training.images.preprocessing import prepare_pixels
from nomina_training.inference.closer_views import CloserViews
from nomina_training.inference.ctc_network import ExportedRecogniser
from nomina_training.learner import likelihood
from nomina_training.learner.likelihood import log_likelihoods
from nomina_training.models.hash import model_hash
from nomina_training.models.manifest import InputSpec, WidthRange, read_manifest
from nomina_training.training.batches import Augmenter

from .test_finetuning import samples_of

VIEWS: dict[str, Any] = {"trims": [0.1, 0.2, 0.3], "below": 0.8}
SURE, UNSURE, SURER, LESS_SURE = ([[0.98 - share, share, 0.02]] for share in (0.95, 0.6, 0.7, 0.55))
NOTHING = [[1.0, 0.0, 0.0]]


def with_views(manifest: Path, views: Any = VIEWS) -> Path:  # noqa: ANN401 - what a file may hold
    raw = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(raw | {"views": views}))
    return manifest


def test_certainty_is_the_best_paths_probability_a_character() -> None:
    two = np.array([[0.2, 0.5, 0.3], [0.9, 0.05, 0.05], [0.1, 0.1, 0.8]])
    assert view_of(two, 0).certainty == pytest.approx((0.5 * 0.9 * 0.8) ** 0.5)
    assert view_of(np.array([[0.9, 0.05, 0.05], [0.8, 0.1, 0.1]]), 0).certainty == pytest.approx(0.72)


def test_frames_are_matched_in_order_and_no_character_is_passed_over() -> None:
    blank, a, b = [0.98, 0.01, 0.01], [0.02, 0.97, 0.01], [0.02, 0.01, 0.97]
    frames = np.array([blank, a, blank, b, blank])
    wider = np.array([blank, blank, a, blank, blank, blank, b, blank, blank])
    assert [2 if at == 2 else at for at in match_frames(frames, wider, 0)][1:4:2] == [2, 6]
    assert np.all(np.diff(match_frames(frames, wider, 0)) >= 0)
    assert match_frames(wider, frames, 0)[[2, 6]].tolist() == [1, 3]
    # What the other lacks is matched with a blank, what it has besides with the nearest.
    assert frames[match_frames(wider, frames[:3], 0)][6].tolist() == blank


def test_views_count_by_their_certainty() -> None:
    """The surer of two that differ decides; others that agree with the less sure one turn it."""
    one, other = np.array([[0.2, 0.6, 0.2]]), np.array([[0.2, 0.25, 0.55]])
    seen = [view_of(one, 0), view_of(other, 0)]
    assert join_views(seen, 0)[0].argmax() == 1
    assert join_views([*seen, *[view_of(other, 0)] * 3], 0)[0].argmax() == 2
    weight = 0.6**8 / (0.6**8 + 0.55**8)
    product = one[0] ** weight * other[0] ** (1 - weight)
    assert join_views(seen, 0)[0] == pytest.approx(product / product.sum())
    nothing = view_of(np.array([[0.99, 0.005, 0.005]]), 0)
    assert join_views([nothing, seen[0]], 0) is seen[0].frames
    assert join_views([nothing, nothing], 0) is nothing.frames


@pytest.mark.parametrize(
    ("whole", "closer", "looks"),
    [
        (SURE, [], 0),
        (UNSURE, [SURER, SURE, LESS_SURE], 3),
        (UNSURE, [LESS_SURE], 1),
        (UNSURE, [SURER, LESS_SURE], 2),
        (UNSURE, [NOTHING], 1),
    ],
)
def test_what_it_is_unsure_of_is_read_closer_while_that_makes_it_surer(
    manifest: Path, monkeypatch: pytest.MonkeyPatch, whole: Any, closer: Any, looks: int  # noqa: ANN401 - frames
) -> None:
    views = views_of(read_manifest(with_views(manifest)))
    assert views == Views(views.inputs if views else (), 0.8)
    recogniser = ExportedRecogniser(read_manifest(manifest))
    trims: list[float] = []

    def said(_: ExportedRecogniser, images: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float64]]:
        return [np.array(closer[len(trims) - 1])]

    def cut(_: Any, spec: InputSpec) -> npt.NDArray[np.float32]:  # noqa: ANN401 - a field
        trims.append(spec.trim)
        return np.zeros((1, 9, 9), np.float32)

    monkeypatch.setattr(ExportedRecogniser, "probabilities", said)
    monkeypatch.setattr("nomina_training.inference.closer_views.preprocess", cut)
    (frames,) = CloserViews(views, recogniser).ask([np.array(whole)], [np.zeros((9, 9), np.uint8)], recogniser.decoder)
    assert trims == VIEWS["trims"][:looks]
    expected = join_views([view_of(np.array(one), 0) for one in (whole, *closer)], 0)
    assert frames.tolist() == expected.tolist()


def test_a_manifest_names_them_and_so_does_the_hash(manifest: Path) -> None:
    before = model_hash(read_manifest(manifest))
    assert views_of(read_manifest(manifest)) is None
    opened = read_manifest(with_views(manifest))
    views = views_of(opened)
    assert views
    assert [spec.trim for spec in views.inputs] == VIEWS["trims"]
    assert opened.input.trim == 0
    assert model_hash(opened) != before
    for wrong in ({"trims": [], "below": 0.5}, {"trims": [0.6], "below": 0.5}, {"trims": [0.1], "below": 2},
                  {"below": 0.5}, {"trims": 7, "below": 0.5}):  # fmt: skip
        with pytest.raises(UsageError, match="views"):
            views_of(read_manifest(with_views(manifest, wrong)))


def test_a_trimmed_input_is_the_middle_of_the_field() -> None:
    field = np.repeat(np.arange(40, dtype=np.uint8)[:, np.newaxis], 60, axis=1)
    spec = InputSpec(height=40, width=WidthRange(8, 400, 8), fit="stretch")
    assert np.array_equal(prepare_pixels(field, replace(spec, trim=0.25)), prepare_pixels(field[10:30], spec))
    assert prepare_pixels(field[:1], replace(spec, trim=0.45)).shape == (40, 400)


def test_a_step_shows_its_rows_by_one_view(words: Path) -> None:
    """And all views in their turn."""
    spec = InputSpec(height=32, width=WidthRange(8, 800, 8))
    closer = tuple(replace(spec, trim=trim) for trim in (0.1, 0.2))
    maker = Augmenter(Path(), spec, Augmentation(), 1, closer)
    rows = np.arange(4)
    fields = [sample.picture.grey() for sample in samples_of(words)[:4]]
    seen = {maker.view(epoch, rows).trim for epoch in range(40)}
    assert seen == {0.0, 0.1, 0.2}
    for view in (spec, *closer):
        width = max(maker.width((field.shape[0], field.shape[1]), 3, row, view) for row, field in enumerate(fields))
        assert maker.pixels(fields, rows, 3, width, view).shape == (4, 32, width)
    assert {Augmenter(Path(), spec, Augmentation(), 1).view(epoch, rows).trim for epoch in range(9)} == {0.0}


def test_a_generation_learns_the_widest_views_and_keeps_all(
    manifest: Path, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = open_base(with_views(manifest))
    shown: list[tuple[float, ...]] = []
    made = Augmenter.__init__

    def making(self: Augmenter, *given: Any) -> None:  # noqa: ANN401 - what an Augmenter is given
        made(self, *given)
        shown.append(tuple(spec.trim for spec in self.closer))

    monkeypatch.setattr(Augmenter, "__init__", making)
    generation = fine_tune(base, samples_of(words), Budget(epochs=1), tuning=Tuning(batch_size=10))
    assert shown == [(0.1, 0.2)]
    path = write_generation(generation, tmp_path, "tiny-1")
    assert json.loads(path.read_text())["views"] == VIEWS
    field = samples_of(words)[0].picture.grey()
    (heard,) = log_likelihoods(path, [field], ["AB"], 1, lambda: False)
    learnt = learnt_inputs(read_manifest(path))
    assert [spec.trim for spec in learnt] == [0, 0.1, 0.2]
    alone = []
    for spec in learnt:
        monkeypatch.setattr(likelihood, "learnt_inputs", lambda _, spec=spec: (spec,))
        alone += log_likelihoods(path, [field], ["AB"], 1, lambda: False)
    assert heard == pytest.approx(sum(alone) / 3)
    assert len(set(alone)) == 3
