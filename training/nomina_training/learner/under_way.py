"""What a round is made of: learn, write, read, judge; told and cancelled at each."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..data.pictures import BROKEN
from ..data.samples import Sample
from ..finetuning import Base, Budget, Cancelled, Generation, Progress, Tuning, fine_tune, write_generation
from ..finetuning.fine_tune import ENOUGH_JUDGES
from ..images.preprocessing import input_width
from ..inference.text_reader import open_reader, read_texts
from .folds import unknown
from .judging import Judges, Verdict
from .messages import Round
from .rows import Rows

Tell = Callable[[dict[str, Any]], None]
_READ_AT_MOST, _READ_PIXELS = 800, 10_000_000
"""Undecided rows that are read to learn from, and pixels of the network's input: some 300 lines. Fewer that are gone
over more often teach as much, and are sooner read."""


class UnderWay:
    """A round that is under way, and the folder of what it makes on the way."""

    def __init__(self, asked: Round, base: Base, rows: Rows, cancel: Callable[[], bool], tell: Tell) -> None:
        self.asked, self.base, self.cancel, self.tell = asked, base, cancel, tell
        self.started = time.monotonic()
        self.out, self.before = Path(asked.out), Path(asked.in_use or asked.base)
        known = self.known()
        # As long as they were too few they were learnt from: what is in use would be flattered by them.
        self.rows = replace(rows, choose=unknown(rows.choose, known), judge=unknown(rows.judge, known))
        self.tuning = Tuning(device=asked.device, threads=asked.threads, seed=asked.seed)
        self.many = bool(self.rows.choose and self.rows.judge) and len(self.judges) >= ENOUGH_JUDGES
        self.scratch = tempfile.TemporaryDirectory(prefix="nomina-learner-")
        self._made = 0
        self._read_by: dict[Path, list[Sample]] = {}

    @property
    def teaches_itself(self) -> bool:
        """Whether undecided rows are learnt from."""
        return self.asked.self_training and bool(self.rows.undecided)

    @property
    def judges(self) -> list[Sample]:
        """All of them, where they are too few for parts of their own."""
        return [*self.rows.judge, *self.rows.choose]

    def learn(
        self, rows: Sequence[Sample], share: float, read: Sequence[Sample] = (), epochs: int = Budget().epochs
    ) -> Generation:
        """From the base, within a share of the budget."""
        budget = Budget(epochs, self.asked.budget * share, judges=1 if self.many else ENOUGH_JUDGES)
        choose = self.rows.choose if self.many else self.judges
        return fine_tune(self.base, rows, budget, self.cancel, self.epoch, choose, self.tuning, read)

    def read(self, model: Path) -> list[Sample]:
        """Undecided rows with what a model reads of them."""
        if model not in self._read_by:
            self._read_by[model] = self._readings(model)
        return self._read_by[model]

    def _readings(self, model: Path) -> list[Sample]:
        self.phase("decode")
        whole: list[Sample] = []
        fields = []
        spec, pixels = self.base.manifest.input, 0
        for sample in self.rows.undecided[:_READ_AT_MOST]:
            self.unless_cancelled()
            try:
                grey = sample.picture.grey()
            except BROKEN:
                self.rows.dropped["broken image"] += not self._read_by
                continue
            pixels += spec.height * input_width(grey.shape[1], grey.shape[0], spec)
            if pixels > _READ_PIXELS:
                break
            fields.append(grey)
            whole.append(sample)
        texts = []
        for text in read_texts(open_reader(model, self.asked.threads), fields, batch=8):
            self.unless_cancelled()
            texts.append(text.text)
        return [replace(sample, text=text) for sample, text in zip(whole, texts, strict=True) if text]

    def write(self, generation: Generation, judges: Sequence[Sample] = ()) -> Path:
        """Where the app looks for it."""
        return self._write(generation, self.out, judges)

    def write_aside(self, generation: Generation) -> Path:
        """For this round and the next alone."""
        self._made += 1
        return self._write(generation, Path(self.scratch.name) / str(self._made), ())

    def _write(self, generation: Generation, folder: Path, judges: Sequence[Sample]) -> Path:
        self.phase("write")
        self.unless_cancelled()
        return write_generation(generation, folder, self.asked.name, judges=judges, threads=self.asked.threads)

    def judge(self, samples: Sequence[Sample], before: Path, after: Path) -> Verdict:
        """What both models read of the samples, in pairs."""
        self.phase("judge")
        judges = Judges.of(self.base, samples)
        # What a model read and learns makes texts likelier far more than right: then the characters decide alone.
        likely = not self.teaches_itself
        one, two = (judges.heard(model, self.asked.threads, self.cancel, likely) for model in (before, after))
        return judges.verdict(one, two)

    def known(self, model: Path | None = None) -> set[str]:
        """The pictures that a model, by default what is in use, has learnt from as they were decided."""
        raw = json.loads((model or self.before).read_text(encoding="utf-8"))
        return set((raw.get("trainedOn") or {}).get("images", ()))

    def epoch(self, progress: Progress) -> None:
        """Tell of an epoch."""
        self.phase("train", epoch=progress.epoch, epochs=progress.epochs, loss=round(progress.loss, 5),
                   cer=progress.dev_cer)  # fmt: skip

    def phase(self, phase: str, **figures: float | None) -> None:
        """Tell what is done now."""
        self.tell({"phase": phase, "seconds": round(time.monotonic() - self.started, 2), **figures})

    def unless_cancelled(self) -> None:
        """Raises Cancelled."""
        if self.cancel():
            raise Cancelled
