"""The training loop. A run that is cut off goes on from its last whole epoch and gives the same weights, bit for bit.

Nothing random outlives an epoch: its order, its views and its dropout follow from the seed and the epoch's number.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from .architectures import architecture
from .bank import Bank, BankRecipe, dev_pixels, open_bank
from .checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from .config import Configuration
from .ctc import greedy_decode
from .data import Sample, load_samples
from .errors import UsageError
from .files import write_atomically
from .losses import contradicted_labels, label_loss, misread, teacher_loss
from .metrics import Scores, score
from .preprocess import to_numbers
from .schedule import one_cycle
from .splits import split_dev

CHECKPOINT = "last.pt"


@dataclass
class Corpus:
    """All that an epoch reads: the bank, class indices per row, and which rows' labels are believed."""

    bank: Bank
    targets: list[list[int]]
    believed: npt.NDArray[np.bool_]
    dev: list[Sample]
    dev_pixels: npt.NDArray[np.uint8]


def train(configuration: Configuration, run: Path) -> Checkpoint:
    """Train to the last epoch, from the run's checkpoint where it has one; a line per epoch on stdout."""
    settings = configuration.training
    torch.set_num_threads(settings.threads)
    run.mkdir(parents=True, exist_ok=True)
    corpus, facts = prepare_corpus(configuration, run)
    build = architecture(configuration.model.architecture)
    build.check_input(configuration.input)
    torch.manual_seed(settings.seed)
    network = build.build(configuration.charset.class_count)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True
    )
    state = Checkpoint(0, network.state_dict(), _copy(network), {}, configuration.raw, [], facts)
    if (run / CHECKPOINT).exists():
        state = _resume(run / CHECKPOINT, configuration, network, optimiser)
    for epoch in range(state.epoch, settings.epochs):
        started = time.monotonic()
        losses = train_epoch(network, optimiser, state.average, corpus, configuration, epoch)
        scores = score_dev(state, corpus, configuration)
        line = {
            "epoch": epoch + 1,
            **losses,
            "dev_cer": scores.character_error_rate,
            "dev_exact": scores.exact,
            "seconds": round(time.monotonic() - started, 1),
        }
        state.epoch, state.network, state.optimiser = epoch + 1, network.state_dict(), optimiser.state_dict()
        state.history.append(line)
        save_checkpoint(run / CHECKPOINT, state)
        print(json.dumps({key: round(value, 5) for key, value in line.items()}), flush=True)
    return state


def prepare_corpus(configuration: Configuration, run: Path) -> tuple[Corpus, dict[str, object]]:
    """Read, clean and split the data, open the bank; the facts (counts) also go to `run`/data.json."""
    charset, teacher = configuration.charset, configuration.teacher
    samples, cleaning = load_samples(configuration.data.source(), charset.characters, configuration.model.upper)
    training, dev = split_dev(samples, configuration.data.dev_size)
    section = configuration.bank
    recipe = BankRecipe(
        tuple(training), configuration.input, charset, configuration.augmentation, teacher,
        section.views, section.spliced, configuration.training.seed,
    )
    bank = open_bank(Path(section.folder), recipe, section.workers)
    believed = np.ones(len(training), dtype=np.bool_)
    if teacher and bank.teacher is not None:
        believed = ~contradicted_labels(
            bank.teacher[0], [sample.text for sample in training], charset, teacher.certain, teacher.contradicted
        )
    facts: dict[str, object] = {
        "training_rows": len(training),
        "dev_rows": len(dev),
        "labels_left_to_teacher": int((~believed).sum()),
        "cleaning": cleaning.as_json(),
    }
    write_atomically(run / "data.json", json.dumps(facts, indent=2).encode())
    targets = [charset.encode(sample.text) for sample in training]
    return Corpus(bank, targets, believed, dev, dev_pixels(dev, configuration.input)), facts


def train_epoch(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    average: dict[str, Tensor],
    corpus: Corpus,
    configuration: Configuration,
    epoch: int,
) -> dict[str, float]:
    """One pass over the rows, one view of each; updates network, optimiser and average; mean losses."""
    settings, teacher = configuration.training, configuration.teacher
    random = np.random.default_rng((settings.seed, epoch))
    torch.manual_seed(settings.seed * 1_000_003 + epoch)
    rows = len(corpus.targets)
    order = random.permutation(rows)
    view_count = corpus.bank.views.shape[0]
    views = (_first_views(settings.seed, rows, view_count) + epoch) % view_count
    batches = max(1, rows // settings.batch_size)
    totals = {"label_loss": 0.0, "teacher_loss": 0.0}
    network.train()
    for batch, chosen in enumerate(np.array_split(order, batches)):
        rate = one_cycle(epoch * batches + batch, settings.epochs * batches, settings.learning_rate, settings.warm_up)
        for group in optimiser.param_groups:
            group["lr"] = rate
        chosen_views = views[chosen]
        images = torch.from_numpy(to_numbers(corpus.bank.views[chosen_views, chosen], configuration.input)).unsqueeze(1)
        with torch.autocast("cpu", torch.bfloat16, enabled=settings.precision == "bfloat16"):
            logits = network(images)
        labelled = corpus.believed[chosen] & (chosen_views < corpus.bank.labelled_views)
        targets = [corpus.targets[row] for row in chosen]
        labels = label_loss(logits, targets, torch.from_numpy(labelled).float(), configuration.charset.blank)
        loss = labels
        if teacher and corpus.bank.teacher is not None:
            opinions = corpus.bank.teacher[chosen_views, chosen]
            doubted = labelled & misread(opinions, targets, configuration.charset.blank)
            weights = torch.from_numpy(np.where(doubted, teacher.misread_weight, teacher.weight)).float()
            distilled = teacher_loss(
                logits, torch.from_numpy(opinions), weights, teacher.first_frame, teacher.temperature
            )
            loss = labels + distilled
            totals["teacher_loss"] += float(distilled.detach())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), settings.clip_norm)
        optimiser.step()
        decay = min(settings.average_decay, (1 + epoch * batches + batch) / (10 + epoch * batches + batch))
        update_average(average, network, decay)
        totals["label_loss"] += float(labels.detach())
    return {key: total / batches for key, total in totals.items()}


@torch.no_grad()
def update_average(average: dict[str, Tensor], network: nn.Module, decay: float) -> None:
    """Exponential moving average of weights and batch statistics, in place; counters are copied."""
    current = network.state_dict()
    floating = [key for key, value in current.items() if value.is_floating_point()]
    torch._foreach_lerp_([average[key] for key in floating], [current[key] for key in floating], 1 - decay)
    for key in set(current) - set(floating):
        average[key].copy_(current[key])


def score_dev(state: Checkpoint, corpus: Corpus, configuration: Configuration) -> Scores:
    """Greedy scores of the averaged weights on the dev rows, in float32."""
    network = state.averaged_network()
    readings = read_pixels(network, corpus.dev_pixels, configuration)
    return score(readings, [sample.text for sample in corpus.dev])


@torch.no_grad()
def read_pixels(network: nn.Module, pixels: npt.NDArray[np.uint8], configuration: Configuration) -> Sequence[str]:
    """Texts of preprocessed pixels [R, H, W]."""
    readings: list[str] = []
    for start in range(0, len(pixels), 100):
        numbers = to_numbers(pixels[start : start + 100], configuration.input)
        logits = network(torch.from_numpy(numbers).unsqueeze(1))
        readings += greedy_decode(logits.numpy(), configuration.charset)
    return readings


def _first_views(seed: int, rows: int, views: int) -> npt.NDArray[np.int64]:
    """Each row's view in epoch 0; it moves on by one an epoch, so a row shows all its views in turn."""
    return np.random.default_rng(seed).integers(0, views, rows)


def _copy(network: nn.Module) -> dict[str, Tensor]:
    return {key: value.detach().clone() for key, value in network.state_dict().items()}


def _resume(
    path: Path, configuration: Configuration, network: nn.Module, optimiser: torch.optim.Optimizer
) -> Checkpoint:
    """Load a run's state; raises UsageError where it was made by another configuration.

    Only `training.epochs` may differ: the schedule then goes on as if it had been so from the start, and the change is
    kept on record, since such a run is not the one that its configuration gives.
    """
    state = load_checkpoint(path)
    if _without_epochs(state.raw_configuration) != _without_epochs(configuration.raw):
        raise UsageError(f"{path} was made by another configuration: name another --run folder or restore the old one")
    before = state.configuration.training.epochs
    if before != configuration.training.epochs:
        change = {"afterEpoch": state.epoch, "epochsBefore": before, "epochsNow": configuration.training.epochs}
        state.facts["schedule_changes"] = [*state.facts.get("schedule_changes", []), change]
        state.raw_configuration = configuration.raw
    network.load_state_dict(state.network)
    optimiser.load_state_dict(state.optimiser)
    print(f"resumed after epoch {state.epoch}", flush=True)
    return state


def _without_epochs(raw: dict[str, Any]) -> dict[str, Any]:
    return raw | {"training": {key: value for key, value in raw["training"].items() if key != "epochs"}}
