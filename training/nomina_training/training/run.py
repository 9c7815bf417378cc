"""The training loop. A run that is cut off goes on from its last whole epoch and gives the same weights, bit for bit.

Nothing random outlives an epoch: its order, its copies and its dropout follow from the seed and the epoch's number.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from tqdm import tqdm

from ..architectures import architecture
from ..configuration.configuration import Configuration, with_current_names
from ..errors import UsageError
from ..runtime.atomic_files import write_atomically
from ..runtime.environment import environment
from ..runtime.memory import keep_freed_memory, lay_for_convolutions
from ..runtime.processes import Processes, find_device, processes_of_run
from ..weights.checkpoint import Checkpoint, fresh_network, load_checkpoint, save_checkpoint
from ..weights.initial import freeze, load_initial, recalibrate_batch_norms
from .batches import close
from .corpus import Corpus, prepare_corpus
from .history import check_tensorboard, draw_curves, open_events, write_events, write_history
from .schedule import epochs_since_best, learning_rate
from .shortcut import shortcut_of
from .teacher import Teacher
from .trainer import Trainer, update_average
from .validation import read_prepared, stacked_by_width

CHECKPOINT = "last.pt"
BEST = "best.pt"
_BESIDE = ("epochs", "keep_epochs", "tensorboard")
"""Training settings with which a run may be gone on with though they differ."""
_CALIBRATION_FIELDS = 256
"""Training fields over which an exported model's batch norms are measured."""


def train(configuration: Configuration, run: Path) -> Checkpoint:
    """Train to the last epoch, from the run's checkpoint where it has one; a line per epoch on stdout."""
    device = find_device(configuration.training.device)
    torch.set_num_threads(configuration.training.threads)
    keep_freed_memory()
    _check_beginning(configuration, run)
    with processes_of_run(device) as processes:
        run.mkdir(parents=True, exist_ok=True)
        corpus, facts = prepare_corpus(configuration, run, processes)
        try:
            session = Session(configuration, run, corpus, device, processes, facts)
            return session.run_epochs()
        finally:
            close(corpus.batches)


def _check_beginning(configuration: Configuration, run: Path) -> None:
    """Raises UsageError where the run could not begin: before its data is read, which can take long."""
    settings = configuration.training
    kind = architecture(configuration.model.architecture)
    kind.check_input(configuration.input)
    network = fresh_network(configuration)
    if (run / CHECKPOINT).exists():
        _check_same(run / CHECKPOINT, load_checkpoint(run / CHECKPOINT), configuration)
    elif settings.initial:
        load_initial(network, configuration)
    freeze(network, kind, settings.freeze)
    if settings.shortcut:
        shortcut_of(network, configuration)
    if configuration.teacher:
        Teacher(configuration.teacher, configuration.charset)
    if settings.tensorboard:
        check_tensorboard()
    if settings.suspects and not Path(settings.suspects).is_file():
        raise UsageError(f"training.suspects: {settings.suspects} is missing")


@dataclass
class Session:
    """One process's part in a run."""

    configuration: Configuration
    run: Path
    corpus: Corpus
    device: torch.device
    processes: Processes
    facts: dict[str, object]

    def run_epochs(self) -> Checkpoint:
        """From the first epoch that is not done to the last, or to where patience ends."""
        settings = self.configuration.training
        trainer, state, held_still = self._begin()
        self._write_setting()
        events = None
        if settings.tensorboard and self.processes.is_first:
            events = open_events(self.run, state.epoch)
        for epoch in range(state.epoch, settings.epochs):
            if settings.patience and epochs_since_best([e["dev_cer"] for e in state.history]) >= settings.patience:
                self._say(f"no better dev CER for {settings.patience} epochs: ended after epoch {epoch}")
                break
            started = time.monotonic()
            losses = self._train_epoch(trainer, state, epoch, held_still)
            line = {"epoch": epoch + 1, **losses, **self._scores(state)}
            line["seconds"] = round(time.monotonic() - started, 1)
            line = self.processes.agreed(line)
            state.epoch, state.optimiser = epoch + 1, trainer.optimiser.state_dict()
            state.network = trainer.network.state_dict()
            if trainer.shortcut:
                state.shortcut = trainer.shortcut.state_dict()
            state.history.append(line)
            self._save(state)
            if events:
                write_events(events, line)
            self._say(json.dumps({key: round(value, 5) for key, value in line.items()}))
        if events:
            events.close()
        return state

    def _begin(self) -> tuple[Trainer, Checkpoint, list[nn.Module]]:
        """The network with the weights that the run is to go on from."""
        settings = self.configuration.training
        kind = architecture(self.configuration.model.architecture)
        kind.check_input(self.configuration.input)
        torch.manual_seed(settings.seed)
        network = fresh_network(self.configuration)
        resumed = (self.run / CHECKPOINT).exists()
        if settings.initial and not resumed:
            load_initial(network, self.configuration)
            if settings.initial.endswith(".json"):
                fields = self.corpus.monitored_fields[:_CALIBRATION_FIELDS]
                recalibrate_batch_norms(network, stacked_by_width(fields, self.configuration.input))
        held_still = freeze(network, kind, settings.freeze)
        network.to(self.device)
        lay_for_convolutions(network)
        trainer = Trainer(
            network, self.processes.wrap(network), kind, self.configuration, self.corpus.targets, self.device,
            self.processes,
        )  # fmt: skip
        average = {key: value.detach().clone() for key, value in network.state_dict().items()}
        state = Checkpoint(0, network.state_dict(), average, {}, self.configuration.raw, [], dict(self.facts))
        if resumed:
            state = resume(self.run / CHECKPOINT, self.configuration, trainer, self.facts)
            self._say(f"resumed after epoch {state.epoch}")
        return trainer, state, held_still

    def _train_epoch(
        self, trainer: Trainer, state: Checkpoint, epoch: int, held_still: Sequence[nn.Module]
    ) -> dict[str, float]:
        """One pass over the rows; the mean losses and the rate of the last step."""
        settings, source = self.configuration.training, self.corpus.batches
        torch.manual_seed(settings.seed * 1_000_003 + epoch + self.processes.rank * 7_919)
        trainer.network.train()
        for module in held_still:
            module.eval()
        totals = {"label_loss": 0.0, "teacher_loss": 0.0}
        rate = 0.0
        name = f"epoch {epoch + 1}/{settings.epochs}"
        steps = tqdm(source.epoch(epoch), name, source.steps, leave=False, disable=None)
        for place, batches in enumerate(steps):
            step = epoch * source.steps + place
            rate = learning_rate(settings, step, settings.epochs * source.steps, state.history)
            for key, loss in trainer.step(batches, rate).items():
                totals[key] += loss
            decay = min(settings.average_decay, (1 + step) / (10 + step))
            update_average(state.average, trainer.network, decay)
        return {**{key: total / source.steps for key, total in totals.items()}, "learning_rate": rate}

    def _scores(self, state: Checkpoint) -> dict[str, float]:
        """Figures of the averaged weights in float32, on dev and on monitored training rows, both as they are."""
        corpus, network = self.corpus, fresh_network(self.configuration)
        network.load_state_dict(state.average)
        network.to(self.device).eval()
        read = {}
        for name, samples, fields in (
            ("dev", corpus.dev, corpus.dev_fields), ("train", corpus.monitored, corpus.monitored_fields)
        ):  # fmt: skip
            texts = [sample.text for sample in samples]
            targets = [corpus.charset.encode(text) for text in texts]
            reading = read_prepared(network, fields, self.configuration.input, corpus.charset, targets)
            read[name] = (reading.loss, reading.scores(texts))
        (dev_loss, dev), (train_loss, monitored) = read["dev"], read["train"]
        return {
            "train_loss": train_loss,
            "train_cer": monitored.character_error_rate,
            "train_exact": monitored.exact,
            "dev_loss": dev_loss,
            "dev_cer": dev.character_error_rate,
            "dev_wer": dev.word_error_rate,
            "dev_exact": dev.exact,
            "gap": dev.character_error_rate - monitored.character_error_rate,
        }

    def _save(self, state: Checkpoint) -> None:
        if not self.processes.is_first:
            return
        save_checkpoint(self.run / CHECKPOINT, state)
        if epochs_since_best([epoch["dev_cer"] for epoch in state.history]) == 0:
            save_checkpoint(self.run / BEST, state)
        if self.configuration.training.keep_epochs:
            save_checkpoint(self.run / f"epoch-{state.epoch:04d}.pt", state)
        write_history(self.run / "history.csv", state.history)
        draw_curves(self.run / "curves.png", state.history)

    def _write_setting(self) -> None:
        if self.processes.is_first:
            made_with = environment(self.device, self.processes.count)
            write_atomically(self.run / "environment.json", json.dumps(made_with, indent=2).encode())
            raw = json.dumps(self.configuration.raw, indent=2, ensure_ascii=False)
            write_atomically(self.run / "configuration.json", raw.encode())

    def _say(self, line: str) -> None:
        if self.processes.is_first:
            print(line, flush=True)


def resume(path: Path, configuration: Configuration, trainer: Trainer, facts: Mapping[str, Any]) -> Checkpoint:
    """Load a run's state; raises UsageError where it was made by another configuration, or of other data than `facts`.

    Only `training.epochs` may differ: the schedule then goes on as if it had been so from the start, and the change is
    kept on record, since such a run is not the one that its configuration gives.
    """
    state = load_checkpoint(path)
    _check_same(path, state, configuration)
    if state.facts.get("splits", facts["splits"]) != facts["splits"]:
        rows = f"{state.facts['training_rows']} training rows then, {facts['training_rows']} now"
        raise UsageError(f"{path} was trained on other data ({rows}): name another --run folder; "
                         "`finetune --from` begins there with this run's weights")  # fmt: skip
    before = state.configuration.training.epochs
    if before != configuration.training.epochs:
        change = {"afterEpoch": state.epoch, "epochsBefore": before, "epochsNow": configuration.training.epochs}
        state.facts["schedule_changes"] = [*state.facts.get("schedule_changes", []), change]
        state.raw_configuration = configuration.raw
    trainer.network.load_state_dict(state.network)
    if trainer.shortcut:
        trainer.shortcut.load_state_dict(state.shortcut)
    trainer.optimiser.load_state_dict(state.optimiser)
    state.average = {key: value.to(trainer.device) for key, value in state.average.items()}
    return state


def _check_same(path: Path, state: Checkpoint, configuration: Configuration) -> None:
    if _decisive(state.raw_configuration) != _decisive(configuration.raw):
        raise UsageError(f"{path} was made by another configuration: name another --run folder or restore the old one")


def _decisive(raw: dict[str, Any]) -> dict[str, Any]:
    """What decides a run's weights, but for the number of epochs: not where its cache lies, nor what is kept."""
    named = with_current_names(raw)
    training = {key: value for key, value in named["training"].items() if key not in _BESIDE}
    cache = {key: value for key, value in named.get("cache", {}).items() if key not in ("folder", "workers")}
    return named | {"training": training, "cache": cache}
