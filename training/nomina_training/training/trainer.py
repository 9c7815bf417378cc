"""One step of the optimiser: losses of its batches, gradients added up, clipped, applied, the average moved on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from ..architectures import Architecture, lstm_penalty
from ..architectures.attention_network import AttentionNetwork
from ..configuration.configuration import Configuration
from ..configuration.sections import TrainingSection
from ..errors import UsageError
from ..images.preprocessing import to_numbers
from ..models.attention_charset import PAD
from ..runtime.processes import Processes
from .attention_loss import attention_loss
from .batches import Batch
from .losses import evenness_loss, label_loss, misread, teacher_loss
from .shortcut import CtcShortcut, shortcut_of

_AUTOCAST = {"bfloat16": torch.bfloat16, "float16": torch.float16}


@dataclass
class Trainer:
    """A network and what it learns by. `wrapped` is the network, shared among processes where there are several."""

    network: nn.Module
    wrapped: nn.Module
    kind: Architecture
    configuration: Configuration
    targets: list[list[int]]
    device: torch.device
    processes: Processes
    weights: npt.NDArray[np.float32] | None = None
    """How much each row's label counts; without them all count alike."""
    shortcut: CtcShortcut | None = field(init=False, default=None)
    optimiser: torch.optim.Optimizer = field(init=False)
    scaler: torch.amp.GradScaler = field(init=False)

    def __post_init__(self) -> None:
        settings = self.configuration.training
        if settings.shortcut:
            if self.processes.count > 1:
                raise UsageError("training.shortcut: for one process only")
            self.shortcut = shortcut_of(self.network, self.configuration).to(self.device)
        learners = nn.ModuleList([self.network, *([self.shortcut] if self.shortcut else [])])
        self.optimiser = make_optimiser(learners, settings, self.device)
        scaled = settings.precision == "float16" and self.device.type == "cuda"
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=scaled)

    def step(self, batches: Sequence[Batch], rate: float) -> dict[str, float]:
        """Learn from the batches of one step at a learning rate; the mean losses over its rows (this process's)."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad(set_to_none=True)
        totals = {"label_loss": 0.0, "teacher_loss": 0.0}
        for place, batch in enumerate(batches):
            last = place + 1 == len(batches)
            with self._gradients_shared(last):
                labels, distilled = self._losses(batch)
                # DistributedDataParallel takes the mean over processes; the step's mean over rows is their sum.
                loss = (labels + distilled) * (batch.share * self.processes.count)
                if last:
                    loss = loss + self._penalty()
                self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            weight = batch.share * self.processes.count
            totals["label_loss"] += float(labels.detach()) * weight
            totals["teacher_loss"] += float(distilled.detach()) * weight
        settings = self.configuration.training
        self.scaler.unscale_(self.optimiser)
        if settings.clip_norm:
            nn.utils.clip_grad_norm_(self.network.parameters(), settings.clip_norm)
        self.scaler.step(self.optimiser)
        self.scaler.update()
        return totals

    def _gradients_shared(self, last: bool) -> AbstractContextManager[None]:
        """Gradients go to the other processes once a step, with its last batch."""
        if isinstance(self.wrapped, DistributedDataParallel) and not last:
            return self.wrapped.no_sync()
        return nullcontext()

    def _losses(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """(label loss, teacher's), means over the batch's rows."""
        settings = self.configuration.training
        numbers = to_numbers(batch.pixels, self.configuration.input)
        images = torch.from_numpy(numbers).unsqueeze(1).to(self.device)
        targets = [self.targets[row] for row in batch.rows]
        labelled = torch.from_numpy(batch.labelled).float()
        if self.weights is not None:
            labelled = labelled * torch.from_numpy(self.weights[batch.rows])
        precision = _AUTOCAST.get(settings.precision)
        with torch.autocast(self.device.type, precision, enabled=precision is not None):
            if isinstance(self.network, AttentionNetwork):
                loss = attention_loss(
                    self.wrapped, images, targets, labelled, settings.smoothing, settings.ctc_share  # type: ignore[arg-type]
                )
                if self.shortcut:
                    loss = loss + settings.shortcut * self.shortcut.loss(targets, labelled.to(loss.device), PAD)
                return loss, loss.new_zeros(())
            logits = self.wrapped(images)
        blank = self.configuration.charset.blank
        labels = label_loss(logits, targets, labelled.to(logits.device), blank)
        if settings.smoothing:
            labels = (1 - settings.smoothing) * labels + settings.smoothing * evenness_loss(logits)
        if self.shortcut:
            labels = labels + settings.shortcut * self.shortcut.loss(targets, labelled, blank)
        teacher = self.configuration.teacher
        if teacher is None or batch.teacher is None:
            return labels, labels.new_zeros(())
        doubted = batch.labelled & misread(batch.teacher, targets, blank)
        weights = torch.from_numpy(np.where(doubted, teacher.misread_weight, teacher.weight)).float()
        opinions = torch.from_numpy(batch.teacher).to(logits.device)
        return labels, teacher_loss(
            logits, opinions, weights.to(logits.device), teacher.first_frame, teacher.temperature
        )

    def _penalty(self) -> Tensor | float:
        """l1 and l2 over the weights of the chosen parts, or of all LSTMs; of whole steps, not of rows."""
        settings = self.configuration.training
        if not settings.l1 and not settings.l2:
            return 0.0
        if not settings.penalised:
            return lstm_penalty(self.network, settings.l1, settings.l2)
        weights = [
            parameter
            for part in settings.penalised
            for module in self.kind.part_modules(self.network, part)
            for name, parameter in module.named_parameters()
            if name.rpartition(".")[2].startswith("weight")
        ]
        return sum(
            (settings.l1 * weight.abs().sum() + settings.l2 * weight.square().sum() for weight in weights),
            weights[0].new_zeros(()),
        )


def make_optimiser(network: nn.Module, settings: TrainingSection, device: torch.device) -> torch.optim.Optimizer:
    """AdamW or Adam (whose weight decay is off: l2 is a setting of its own) over the weights that are not frozen."""
    weights = [parameter for parameter in network.parameters() if parameter.requires_grad]
    if not weights:
        raise UsageError("training.freeze: nothing is left to train")
    fused = device.type in ("cpu", "cuda")
    if settings.optimiser == "adam":
        return torch.optim.Adam(weights, lr=settings.learning_rate, fused=fused)
    return torch.optim.AdamW(weights, lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=fused)


@torch.no_grad()
def update_average(average: dict[str, Tensor], network: nn.Module, decay: float) -> None:
    """Exponential moving average of weights and batch statistics, in place; counters are copied."""
    current = network.state_dict()
    floating = [key for key, value in current.items() if value.is_floating_point()]
    torch._foreach_lerp_([average[key] for key in floating], [current[key] for key in floating], 1 - decay)
    for key in set(current) - set(floating):
        average[key].copy_(current[key])
