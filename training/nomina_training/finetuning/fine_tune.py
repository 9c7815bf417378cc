"""One round: from the base's weights to a generation that knows the rows' hand."""

from __future__ import annotations

import copy
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import torch
from torch import Tensor, nn

from ..configuration.configuration import Configuration
from ..configuration.sections import DataSection, ModelSection, TrainingSection
from ..data.samples import Sample
from ..decoding.views import views_of
from ..evaluation.metrics import score
from ..images.augmentation import Augmentation
from ..images.grey import Grey
from ..images.preprocessing import prepare_pixels
from ..models.charset import Charset
from ..models.manifest import InputSpec, Manifest, WidthRange
from ..runtime.checked import Count, Number, PartialShare, Rate, Seconds, Share
from ..runtime.memory import lay_for_convolutions
from ..runtime.processes import Processes, find_device
from ..training.batches import Augmenter, OnlineBatches
from ..training.field_cache import FieldsInMemory, height_for
from ..training.schedule import epochs_since_best, learning_rate
from ..training.trainer import Trainer, update_average
from ..training.validation import read_prepared, stacked_by_width
from ..weights.initial import freeze, place_weights, recalibrate_batch_norms, shared_classes
from .base import Base
from .errors import CannotLearn
from .rows import clean_text, fit_rows

ENOUGH_JUDGES = 60
"""With fewer nothing is chosen on them."""
KNOWN_HAND, NEW_HAND = (1.0, 1e-4), (1.6, 1e-3)
"""(CER of the rows before they are learnt from, over the base's own on dev; rate): a hand that the base knows is spoilt
by the rate that a new one needs. Between the two the rate is between."""
FEW_ROWS, FAR_HAND = 60, 0.5
"""Fewer rows teach the layers behind the convolutions alone, unless the base reads more than this share of their
characters wrong: more is learnt, in less than half of the time."""
_SUPPOSED_ERROR = 0.05
"""Of a base that does not say its own."""
_MEASURED = 200
"""Rows that are read for it, and those whose statistics the batch norms are told."""
_LONGEST = 3
"""Times its seconds that a round may take where the machine does other work."""
_MOST_TIMES = 12
"""How often a decided row is shown in an epoch of many others."""
_CLOSER_LEARNT = 2
"""Closer views that are learnt, the widest: more read no better and cost time (DECODING.md)."""
_PACED = 8
"""Steps that tell the pace."""
_LINES = Augmentation(rotation=0.6, slant=0.25, scale=0.03, stretch=0.12, shift_x=0.004, shift_y=0.06, wave=0.02)
"""Of lines of any width; fields of a fixed one take the defaults."""


class Cancelled(Exception):
    """The round was asked to end before it was done."""


@dataclass(frozen=True)
class Budget:
    """When a round ends: after so many epochs, seconds by its `Clock`, or epochs without a better CER of the judges."""

    epochs: Number = 25
    seconds: Seconds = math.inf
    patience: Number = 5
    judges: Number = ENOUGH_JUDGES
    """Fewer choose nothing."""


class Clock:
    """Seconds of work: of the processor, for each thread, so that a round which gives way to other programs learns as
    much as on a quiet machine. A graphics card's are the wall's, and so is a third of the wall's at least: it ends."""

    def __init__(self, threads: int = 1, device: str = "cpu") -> None:
        self.threads, self.own = threads, device == "cpu"
        self.wall, self.busy = time.monotonic(), time.process_time()

    def seconds(self) -> float:
        """Since it was made."""
        wall = time.monotonic() - self.wall
        if not self.own:
            return wall
        return max((time.process_time() - self.busy) / self.threads, wall / _LONGEST)


@dataclass(frozen=True)
class Tuning:
    """How it learns; what is None follows from base and rows."""

    learning_rate: Rate | None = None
    batch_size: Number = 8
    augmentation: Augmentation | None = None
    charset: str | None = None
    """All the characters to write; rows with others are left out."""
    freeze: tuple[str, ...] | None = None
    """Parts that stay as they are; None: the convolutions, where there are few rows."""
    average_decay: PartialShare = 0.99
    read_weight: Share = 1.0
    """How much a row counts that a model read and nobody decided, beside one that a person did: the latter are shown so
    often that they are half of all."""
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    device: Literal["auto", "cpu", "cuda", "mps"] = "cpu"
    threads: Number = 1
    seed: Count = 1


@dataclass(frozen=True)
class Progress:
    """After each epoch. `dev_cer` is of the judges, greedily; None where there are too few to choose by."""

    epoch: int
    epochs: int
    """As planned now: fewer where the seconds will not do for more."""
    seconds: float
    loss: float
    dev_cer: float | None


@dataclass(frozen=True)
class Generation:
    """What a round gives: weights (in the names of the network's state) and all that the manifest tells of it."""

    base: Base
    charset: Charset
    weights: dict[str, Tensor]
    rows: list[Sample]
    dropped: Counter[str]
    before: float
    """CER of (at most 200 of) the rows as the base read them, greedily."""
    tuning: TrainingSection
    history: list[dict[str, float]]
    epoch: int
    """Whose weights these are; those of what it went on with count too."""
    read: list[Sample] = field(default_factory=list)
    """Learnt from as a model read them."""
    norms_measured: ClassVar[bool] = True

    def network(self) -> nn.Module:
        """In evaluation mode."""
        network = self.base.network(self.charset.class_count)
        network.load_state_dict(self.weights)
        return network.eval()

    def figures(self, rows: Sequence[Sample]) -> tuple[float, float]:
        """(CER, exact) of its greedy readings of rows."""
        return greedy_figures(self.base, self.charset, self.weights, rows)


def mean_of(one: Generation, other: Generation) -> Generation:
    """The mean of two generations' weights, from one base and with one charset: it reads about as well as what has
    learnt from the rows of both (Wortsman et al. 2022, "Model soups")."""
    weights = {
        key: torch.lerp(value, other.weights[key], 0.5) if value.is_floating_point() else value
        for key, value in one.weights.items()
    }
    return replace(one, weights=weights)


def learnt_inputs(manifest: Manifest) -> tuple[InputSpec, ...]:
    """What is learnt of a field: it whole, and the widest of its closer views."""
    views = views_of(manifest)
    return manifest.input, *(views.inputs[:_CLOSER_LEARNT] if views else ())


def fine_tune(
    base: Base,
    rows: Sequence[Sample],
    budget: Budget | None = None,
    cancel: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    judges: Sequence[Sample] = (),
    tuning: Tuning | None = None,
    read: Sequence[Sample] = (),
    begin: Generation | Base | None = None,
) -> Generation:
    """Learn the rows, as the package tells, and at `Tuning.read_weight` those `read` by a model. With `begin` it goes
    on with these weights instead of the base's. Raises Cancelled, and CannotLearn where it can't begin or diverges."""
    budget, tuning = budget or Budget(), tuning or Tuning()
    device = find_device(tuning.device)
    clock = Clock(tuning.threads, device.type)
    fit = fit_rows(base, rows, judges, tuning.charset, read)
    spec = base.manifest.input
    torch.set_num_threads(tuning.threads)
    torch.manual_seed(tuning.seed)
    network = base.network(fit.charset.class_count)
    start = begin or base
    place_weights(network, base.kind, start.weights, shared_classes(fit.charset, start.charset))
    measured = [prepare_pixels(grey, spec) for grey in fit.fields[: min(_MEASURED, fit.decided)]]
    if not start.norms_measured:
        recalibrate_batch_norms(network, stacked_by_width(measured, spec))
    network.to(device)
    lay_for_convolutions(network)
    texts = fit.texts[: len(measured)]
    earlier = begin if isinstance(begin, Generation) else None
    before = earlier.before if earlier else _error_rate(network, fit.charset, spec, measured, texts)
    if tuning.freeze is None:
        tuning = replace(tuning, freeze=_held_parts(base, len(fit.fields), before))
    held_still = freeze(network, base.kind, tuning.freeze or ())
    configuration = _configuration(base, fit.charset, tuning, budget, before)
    if cancel():
        raise Cancelled
    closer = learnt_inputs(base.manifest)[1:]
    # Shown again in the same epoch, a decided row is another copy.
    times = max(1, min(_MOST_TIMES, (len(fit.fields) - fit.decided) // fit.decided))
    again = [*list(range(fit.decided)) * times, *range(fit.decided, len(fit.fields))]
    batches = OnlineBatches(
        FieldsInMemory([fit.fields[place] for place in again], height_for((spec, *closer))),
        Augmenter(Path(), spec, configuration.augmentation, tuning.seed, closer),
        configuration.training,
        Processes(),
    )
    encoded = [fit.charset.encode(text) for text in fit.texts]
    targets = [encoded[place] for place in again]
    counts = np.where(np.array(again) < fit.decided, 1.0, tuning.read_weight).astype(np.float32)
    trainer = Trainer(network, network, base.kind, configuration, targets, device, Processes(), counts)
    chosen_by = _Judges(base, fit.charset, judges) if len(judges) >= budget.judges else None
    history: list[dict[str, float]] = []
    loop = _Loop(trainer, batches, configuration, budget, clock, cancel, held_still, chosen_by)
    weights, epoch = loop.run(history, on_progress)
    return Generation(
        base, fit.charset, weights, fit.samples[: fit.decided], fit.dropped, before, configuration.training, history,
        epoch + (earlier.epoch if earlier else 0), fit.samples[fit.decided :],
    )  # fmt: skip


@dataclass
class _Loop:
    """The epochs of a round."""

    trainer: Trainer
    batches: OnlineBatches
    configuration: Configuration
    budget: Budget
    clock: Clock
    cancel: Callable[[], bool]
    held_still: list[nn.Module]
    judges: _Judges | None

    def run(
        self, history: list[dict[str, float]], on_progress: Callable[[Progress], None]
    ) -> tuple[dict[str, Tensor], int]:
        """(weights, their epoch): those that judges read best with, else the last."""
        average = {key: value.detach().clone() for key, value in self.trainer.network.state_dict().items()}
        chosen, errors = (average, 0), [self.judges.error_rate(self.trainer.network)] if self.judges else []
        planned, step = self.budget.epochs, 0
        for epoch in range(self.budget.epochs):
            if epoch >= planned:
                break
            loss, step, out_of_time = self._epoch(epoch, planned, step, average)
            figures: dict[str, float] = {"epoch": epoch + 1, "label_loss": loss, "seconds": self._elapsed()}
            if self.judges:
                errors.append(self.judges.error_rate(self._with(average)))
                figures["dev_cer"] = errors[-1]
            if not self.judges or epochs_since_best(errors) == 0:
                chosen = {key: value.clone() for key, value in average.items()}, epoch + 1
            history.append(figures)
            planned = epoch + 1 if out_of_time else self._plan(epoch + 1, planned)
            on_progress(Progress(epoch + 1, planned, self._elapsed(), loss, figures.get("dev_cer")))
            if self.judges and epochs_since_best(errors) >= self.budget.patience:
                break
        return {key: value.cpu() for key, value in chosen[0].items()}, chosen[1]

    def _epoch(
        self, epoch: int, planned: int, step: int, average: dict[str, Tensor]
    ) -> tuple[float, int, bool]:
        """(mean loss, steps done in all, whether the time is over)."""
        settings = self.configuration.training
        self.trainer.network.train()
        for module in self.held_still:
            module.eval()
        losses: list[float] = []
        for batch in self.batches.epoch(epoch):
            if self.cancel():
                raise Cancelled
            if losses and self._elapsed() >= self.budget.seconds:
                return sum(losses) / len(losses), step, True
            rate = learning_rate(settings, step, self._steps(step, planned), [])
            losses.append(self.trainer.step(batch, rate)["label_loss"])
            if not math.isfinite(losses[-1]):
                raise CannotLearn("diverged", f"the loss is {losses[-1]} in epoch {epoch + 1}: nothing is kept; "
                                  "try a lower rate")  # fmt: skip
            update_average(average, self.trainer.network, min(settings.average_decay, (1 + step) / (10 + step)))
            step += 1
        return sum(losses) / len(losses), step, False

    def _plan(self, done: int, planned: int) -> int:
        """Epochs that the seconds will do for, at the pace so far."""
        if math.isinf(self.budget.seconds):
            return planned
        left = self.budget.seconds - self._elapsed()
        return min(planned, done + max(0, math.ceil(left / (self._elapsed() / done))))

    def _steps(self, done: int, planned: int) -> int:
        """Of the whole round, at the pace so far: where the seconds do for few epochs, the rate falls in time."""
        steps = planned * self.batches.steps
        if done >= _PACED and not math.isinf(self.budget.seconds):
            left = self.budget.seconds - self._elapsed()
            steps = min(steps, done + int(left / (self._elapsed() / done)))
        return max(done + 1, steps)

    def _elapsed(self) -> float:
        return self.clock.seconds()

    def _with(self, average: dict[str, Tensor]) -> nn.Module:
        network = copy.deepcopy(self.trainer.network)
        network.load_state_dict(average)
        return network


class _Judges:
    """Fields that choose the epoch."""

    def __init__(self, base: Base, charset: Charset, judges: Sequence[Sample]) -> None:
        self.spec, self.charset = base.manifest.input, charset
        self.fields = [prepare_pixels(judge.picture.grey(), self.spec) for judge in judges]
        self.texts = [clean_text(base, judge.text) for judge in judges]

    def error_rate(self, network: nn.Module) -> float:
        """CER of their greedy readings."""
        return _error_rate(network, self.charset, self.spec, self.fields, self.texts)


def _error_rate(
    network: nn.Module, charset: Charset, spec: InputSpec, fields: Sequence[Grey], texts: Sequence[str]
) -> float:
    read = read_prepared(network.eval(), fields, spec, charset)
    return score(read.texts, texts).character_error_rate


def greedy_figures(
    base: Base, charset: Charset, weights: dict[str, Tensor], rows: Sequence[Sample]
) -> tuple[float, float]:
    """(CER, exact) of greedy readings of rows by a network of the base's architecture."""
    network, spec = base.network(charset.class_count), base.manifest.input
    network.load_state_dict(weights)
    fields = [prepare_pixels(row.picture.grey(), spec) for row in rows]
    read = read_prepared(network.eval(), fields, spec, charset).texts
    figures = score(read, [clean_text(base, row.text) for row in rows])
    return figures.character_error_rate, figures.exact


def _held_parts(base: Base, rows: int, before: float) -> tuple[str, ...]:
    held = rows < FEW_ROWS and before < FAR_HAND
    return tuple(part for part in ("cnn",) if held and part in base.kind.parts)


def fitting_rate(before: float, base: Base) -> float:
    """The learning rate for rows that the base reads with this CER."""
    dev = (base.manifest.raw.get("metrics") or {}).get("dev") or {}
    own = dev.get("characterErrorRate") or _SUPPOSED_ERROR
    (near, low), (far, high) = KNOWN_HAND, NEW_HAND
    distance = min(1.0, max(0.0, (before / own - near) / (far - near)))
    return float(low * (high / low) ** distance)


def _configuration(
    base: Base, charset: Charset, tuning: Tuning, budget: Budget, before: float
) -> Configuration:
    """What the trainer is told; a round has no files of its own."""
    raw = base.manifest.raw
    rate = tuning.learning_rate or fitting_rate(before, base)
    augmentation = tuning.augmentation or (
        _LINES if isinstance(base.manifest.input.width, WidthRange) else Augmentation()
    )
    return Configuration(
        model=ModelSection(
            raw["id"], raw["title"], base.kind.name, "".join(charset.characters), charset.blank,
            settings=dict(raw["training"].get("settings", {})),
        ),
        input=base.manifest.input,
        data=DataSection(()),
        cache=None,
        training=TrainingSection(
            budget.epochs, batch_size=tuning.batch_size, learning_rate=rate, average_decay=tuning.average_decay,
            freeze=tuning.freeze or (), precision=tuning.precision, device=tuning.device, threads=tuning.threads,
            workers=0, seed=tuning.seed,
        ),
        augmentation=augmentation,
        teacher=None,
        raw={},
    )  # fmt: skip
