"""One round from rows to a generation that is written, judged, and taken or not."""

from __future__ import annotations

import errno
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import torch

from ..data.pictures import BROKEN
from ..data.samples import Sample
from ..errors import UsageError
from ..finetuning import (
    Base,
    Budget,
    Cancelled,
    CannotLearn,
    Generation,
    Progress,
    Tuning,
    fine_tune,
    open_base,
    write_generation,
)
from ..finetuning.fine_tune import ENOUGH_JUDGES
from ..inference.text_reader import open_reader, read_texts
from .fold import halves, keep_back
from .judging import Judges, Verdict
from .messages import Round
from .rows import Rows, read_rows

Tell = Callable[[dict[str, Any]], None]
_GOES_ON, _SLOWER = 4, 0.3
"""Epochs with all rows once the kept back have judged, and their rate beside the round's."""
_FEW = 100
"""With fewer rows each half judges what the other teaches."""
_READ_AT_MOST = 800
"""Undecided rows that are read to learn from."""


@dataclass
class Learner:
    """Runs rounds; keeps the base that it opened last."""

    opened: tuple[Path, int, Base] | None = None

    def run(self, asked: Round, cancel: Callable[[], bool], tell: Tell) -> dict[str, Any]:
        """The answer `done`. Raises Cancelled, and CannotLearn with the reason for a program and a person."""
        try:
            base, rows = self._base(Path(asked.base)), read_rows(Path(asked.rows))
            try:
                return _Run(asked, base, rows, cancel, tell).done()
            except torch.OutOfMemoryError:
                if asked.device == "cpu":
                    raise
                return _Run(msgspec.structs.replace(asked, device="cpu"), base, rows, cancel, tell).done()
        except (CannotLearn, Cancelled):
            raise
        except Exception as error:
            raise CannotLearn(key_of(error), f"{error}" or type(error).__name__) from error

    def _base(self, path: Path) -> Base:
        try:
            stamp = path.stat().st_mtime_ns
            if self.opened is None or self.opened[:2] != (path, stamp):
                self.opened = path, stamp, open_base(path)
        except (UsageError, OSError) as error:
            raise CannotLearn("not-trainable", str(error)) from error
        return self.opened[2]


def key_of(error: Exception) -> str:
    """What a program is told of an error that no part of the round foresaw."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "not enough memory" in str(error):
        return "no-memory"
    if isinstance(error, OSError):
        return "no-space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "not-written"
    return "not-possible" if isinstance(error, UsageError) else "failed"


class _Run:
    """A round that is under way."""

    def __init__(self, asked: Round, base: Base, rows: Rows, cancel: Callable[[], bool], tell: Tell) -> None:
        self.asked, self.base, self.rows, self.cancel, self.tell = asked, base, rows, cancel, tell
        self.started = time.monotonic()
        self.out, self.before = Path(asked.out), Path(asked.in_use or asked.base)
        self.tuning = Tuning(device=asked.device, threads=asked.threads, seed=asked.seed)
        self.many = bool(rows.choose and rows.judge) and len(rows.choose) + len(rows.judge) >= ENOUGH_JUDGES

    def done(self) -> dict[str, Any]:
        """The answer."""
        self._phase("measure")
        with tempfile.TemporaryDirectory(prefix="nomina-learner-") as scratch:
            verdict, generation, taken = self._way()(Path(scratch))
        better = verdict.difference()[0] < 0
        reason = "better" if taken else "too-few" if better and not self.many else "not-better"
        return {
            "manifest": str(self.out / f"{self.asked.name}.json"),
            "taken": taken,
            "reason": reason,
            "judges": verdict.as_json(),
            "trainedOn": len(generation.rows),
            "readBesides": len(generation.read),
            "dropped": _keys(self.rows.dropped + generation.dropped),
            "epochs": generation.epoch,
            "seconds": round(time.monotonic() - self.started, 1),
            "learnt": verdict.learnt(),
        }

    def _way(self) -> Callable[[Path], tuple[Verdict, Generation, bool]]:
        if self.many:
            return self._by_judges
        few = len(self.rows.train) < _FEW and not self.asked.in_use and not self.asked.self_training
        return self._by_halves if few else self._by_a_fifth

    def _by_judges(self, scratch: Path) -> tuple[Verdict, Generation, bool]:
        """Half of the judges choose the epoch and fit, the others decide."""
        generation = self._learn(self.rows.train, self.rows.choose, scratch)
        path = self._write(generation, self.out, self.rows.choose)
        verdict = self._judge(self.rows.judge, self.before, path)
        return verdict, generation, verdict.is_better()

    def _by_halves(self, scratch: Path) -> tuple[Verdict, Generation, bool]:
        """What one half teaches is judged by the other, and the few judges with it: of few rows a fifth would show
        nothing. What is written has learnt from all."""
        judges = [*self.rows.judge, *self.rows.choose]
        one, other = halves(self.rows.train, self.asked.name)
        verdict = Verdict([], [], [])
        for learnt, kept in ((one, [*judges, *other]), (other, one)):
            generation = self._learn(learnt, judges, scratch, self.asked.budget / 4)
            verdict += self._judge(kept, Path(self.asked.base), self._write(generation, scratch, ()))
        generation = self._learn(self.rows.train, judges, scratch, self.asked.budget / 2)
        self._write(generation, self.out, ())
        return verdict, generation, verdict.is_better()

    def _by_a_fifth(self, scratch: Path) -> tuple[Verdict, Generation, bool]:
        """A fifth of the rows and the few judges decide; where they are for it, all rows are learnt from."""
        judges = [*self.rows.judge, *self.rows.choose]
        learnt, kept, unknown = keep_back(self.rows.train, self._known(), self.asked.name)
        generation = self._learn(learnt, judges, scratch)
        before = self.before if unknown else Path(self.asked.base)
        verdict = self._judge([*judges, *kept], before, self._write(generation, scratch, ()))
        taken = verdict.is_better()
        if taken:
            rate = generation.tuning.learning_rate * _SLOWER
            generation = fine_tune(
                self.base, self.rows.train, Budget(epochs=_GOES_ON), self.cancel, self._epoch, judges,
                replace(self.tuning, learning_rate=rate), generation.read, generation,
            )  # fmt: skip
        self._write(generation, self.out, ())
        return verdict, generation, taken

    def _learn(
        self, rows: Sequence[Sample], judges: Sequence[Sample], scratch: Path, seconds: float | None = None
    ) -> Generation:
        """From the base; of undecided rows too, as the generation in use reads them, or one made for it."""
        read: list[Sample] = []
        budget = Budget(seconds=seconds or self.asked.budget, judges=1 if self.many else ENOUGH_JUDGES)
        if self.asked.self_training and self.rows.undecided:
            reader = Path(self.asked.in_use) if self.asked.in_use else None
            if reader is None:
                first = fine_tune(self.base, rows, budget, self.cancel, self._epoch, judges, self.tuning)
                reader = self._write(first, scratch, ())
            read = self._read(reader)
        return fine_tune(self.base, rows, budget, self.cancel, self._epoch, judges, self.tuning, read)

    def _read(self, model: Path) -> list[Sample]:
        """Undecided rows with what a model reads of them."""
        self._phase("decode")
        whole: list[Sample] = []
        fields = []
        for sample in self.rows.undecided[:_READ_AT_MOST]:
            self._unless_cancelled()
            try:
                fields.append(sample.picture.grey())
                whole.append(sample)
            except BROKEN:
                self.rows.dropped["broken image"] += 1
        texts = []
        for text in read_texts(open_reader(model, self.asked.threads), fields, batch=8):
            self._unless_cancelled()
            texts.append(text.text)
        return [replace(sample, text=text) for sample, text in zip(whole, texts, strict=True) if text]

    def _write(self, generation: Generation, folder: Path, judges: Sequence[Sample]) -> Path:
        self._phase("write")
        self._unless_cancelled()
        return write_generation(generation, folder, self.asked.name, judges=judges, threads=self.asked.threads)

    def _judge(self, samples: Sequence[Sample], before: Path, after: Path) -> Verdict:
        self._phase("judge")
        judges = Judges.of(self.base, samples)
        one, two = (judges.readings(model, self.asked.threads, self.cancel) for model in (before, after))
        return Verdict(judges.texts, one, two)

    def _known(self) -> set[str]:
        """The pictures that the generation in use has learnt from as they were decided."""
        if not self.asked.in_use:
            return set()
        raw = json.loads(self.before.read_text(encoding="utf-8"))
        return set((raw.get("trainedOn") or {}).get("images", ()))

    def _epoch(self, progress: Progress) -> None:
        self._phase("train", epoch=progress.epoch, epochs=progress.epochs, loss=round(progress.loss, 5),
                    cer=progress.dev_cer)  # fmt: skip

    def _phase(self, phase: str, **figures: float | None) -> None:
        self.tell({"phase": phase, "seconds": round(time.monotonic() - self.started, 2), **figures})

    def _unless_cancelled(self) -> None:
        if self.cancel():
            raise Cancelled


def _keys(reasons: Counter[str]) -> dict[str, int]:
    """Reasons as keys: `a judge's picture` is `a-judges-picture`."""
    return {reason.replace("'", "").replace(" ", "-"): count for reason, count in reasons.items()}
