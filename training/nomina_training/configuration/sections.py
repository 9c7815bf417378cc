"""The sections of a training run's configuration, each a dataclass whose field types and bounds are what is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..data.samples import DEFAULT_RULES
from ..data.sources import Source
from ..models.charset import Charset
from ..models.manifest import InputSpec
from ..runtime.checked import Amount, Count, Number, PartialShare, Positive, Rate, Share, Trim


@dataclass(frozen=True)
class ModelSection:
    """What is trained; `settings` are the architecture's own, such as dropout."""

    id: str
    title: str
    architecture: str
    charset: str
    blank: Count = 0
    upper: bool = False
    """Labels are upper-cased, as by the rule `upper`."""
    licence: str = "MIT"
    credits: tuple[str, ...] = ()
    settings: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class DataSection:
    """What it is trained on, and how that is cleaned and split."""

    sources: tuple[Source, ...]
    rules: tuple[str, ...] = DEFAULT_RULES
    dev_size: Number = 1000
    """Rows of smallest image hash, for every choice; never trained on."""
    dev: Path | None = None
    """A file of labels whose rows are dev, such as the validation.csv of Nomina's export: read as the first source is,
    its pictures in the same folder. No other row is then taken for dev."""
    hold_out: str = "none"
    """"groups": those of sha256(group) mod 10 = 0 are left out altogether."""
    books: str = "held out"
    """Those of splits/books.json, which no shipped model may see: "held out", or "seen" to train on them too."""


@dataclass(frozen=True)
class ViewsSection:
    """Closer views that are learnt too, without a cache, and that the exported manifest names."""

    trims: tuple[Trim, ...]
    below: Share = 0.82

    def as_json(self) -> dict[str, object]:
        """The manifest's `views`."""
        return {"trims": list(self.trims), "below": self.below}


@dataclass(frozen=True)
class CacheSection:
    """A cache of copies made once; without this section copies are made as they are needed, by training.workers."""

    folder: str
    copies: Number = 14
    spliced: Count = 0
    workers: Number = 1


@dataclass(frozen=True)
class TrainingSection:
    """How it is trained. Rates are per step; shares are of all steps."""

    epochs: Number
    batch_size: Number = 64
    accumulation: Number = 1
    """Batches per step of the optimiser."""
    optimiser: str = "adamw"
    learning_rate: Rate = 4e-3
    weight_decay: Amount = 0.01
    schedule: str = "one-cycle"
    warm_up: PartialShare = 0.15
    decay: Rate = 0.2
    """Share of the steps in which warm-up-stable-decay comes down."""
    plateau_epochs: Number = 3
    """Epochs without a better dev CER after which the schedule `plateau` multiplies the rate by plateau_factor."""
    plateau_factor: Rate = 0.5
    average_decay: PartialShare = 0.999
    """Of the moving average of weights that is scored and shipped; 0 ships the weights themselves."""
    clip_norm: Amount = 5.0
    l1: Amount = 0.0
    l2: Amount = 0.0
    penalised: tuple[str, ...] = ()
    """Parts whose weights l1 and l2 are for; none: the weights of all LSTMs."""
    smoothing: PartialShare = 0.0
    """Share of the loss that asks for even probabilities: less trust in labels that may be wrong."""
    ctc_share: PartialShare = 0.3
    """Of an attention network: share of the loss that is CTC's over what its encoder sees."""
    shortcut: Amount = 0.0
    """Weight, beside the loss, of CTC's over what the recurrent layers are given, read by a head of training's own;
    0: none. It gets a network with two BiLSTM off its plateau of blanks. The history's label_loss is their sum."""
    patience: Count = 0
    """Epochs without a better dev CER after which the run ends; 0: never."""
    initial: str = ""
    """A checkpoint (.pt) or one of our manifests (.json) whose weights the run begins with."""
    initial_parts: tuple[str, ...] = ()
    """Take only these parts' weights, also from another architecture, as far as names and shapes agree; none: all."""
    freeze: tuple[str, ...] = ()
    """Parts of the architecture that stay as they are."""
    suspects: str = ""
    """A model (.pt or .json) that leaves out labels it contradicts with certainty (confident learning)."""
    precision: str = "float32"
    device: str = "auto"
    threads: Number = 1
    workers: Count = 1
    seed: Count = 1
    keep_epochs: bool = False
    """Whether every epoch's checkpoint stays (epoch-0001.pt …), beside the last and the best."""
    tensorboard: bool = False
    """Whether the epochs' figures are written as TensorBoard events too, beside history.csv."""
    monitored: Count = 500
    """Training rows that are scored as they are after each epoch, for the gap to dev."""


@dataclass(frozen=True)
class TeacherSettings:
    """Where the teacher is and how its output lies on the student's.

    Its frame t stands beside the student's frame t + `first_frame`; its `charset` may hold characters that the
    student's lacks: their probability is taken out and the rest scaled to 1.
    """

    model: Path
    charset: Charset
    input: InputSpec
    first_frame: Count = 0
    temperature: Positive = 2.0
    weight: Amount = 1.0
    misread_weight: Amount = 0.3
    """Weight instead of `weight` on a copy whose believed label the teacher misreads: augmentation confuses it too."""
    certain: Share = 0.9
    """Labels are left to the teacher alone where it reads something else with at least this probability …"""
    contradicted: Share = 0.01
    """… and gives the label at most this one."""
