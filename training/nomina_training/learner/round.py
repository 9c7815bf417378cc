"""One round from rows to a generation that is written, judged, and taken or not."""

from __future__ import annotations

import errno
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import msgspec
import torch

from ..data.samples import Sample
from ..errors import UsageError
from ..finetuning import Base, Budget, Cancelled, CannotLearn, Generation, fine_tune, fitting_rate, mean_of, open_base
from .folds import MANY, Fold, folds_of, unknown
from .judging import Verdict
from .messages import Round
from .rows import read_rows
from .under_way import Tell, UnderWay

_GOES_ON = 4, 0.3
"""Epochs with all rows once the kept back have judged, and their rate beside the round's."""
_OF_A_HALF = 15
"""Epochs of what learns from a half: its mean with the other goes on."""
_FROM_MEAN, _FROM_PUPILS = (15, 1.0), 1
"""Epochs and rate of that mean; and epochs of pupils, at the rate of those that went on from a half."""
_PUPIL, _PUPILS_SHARE = (4, 0.5), 3 / 8
"""Epochs and rate of what goes on from a half with undecided rows as that half reads them; its share of the budget."""
_HALF = 1 / 4
"""Of the budget, for what learns from a half and for what goes on; what learns from all gets as much as both."""
_PARTS, _ON_WITH_NEW = 3, 8
"""Parts of the new rows where a generation is in use, and epochs of what goes on with it on all but one part. What
learns from the base knows half of the new rows at most by then, and few rows can't tell that it is better."""
_ENOUGH_NEW = 20
"""Rows that what is in use has not learnt from, with which it is judged itself."""
_NEARLY_ALL = 0.8
"""Share of what it has learnt from that must still be there."""
_NEW_HAND = 0.1
"""A hand is new where the base reads more than this share of the characters wrong, as it is to the app's queue."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The last is a limit on the size of files."""

Outcome = tuple[Verdict, Generation, Literal["better", "likelier", "likely"] | None]
"""What judged, what learnt, and why it is taken; None: it is not."""
Taught = list[tuple[Fold, Path, Generation | None]]
"""Folds, each with a model that has not learnt from what it keeps; None: it is what is in use, and no round's own."""


@dataclass
class FirstPass:
    """What the pass without self-training made of its folds: the teachers of a second pass, which has to beat them."""

    manifest: Path
    base: Path
    rows: set[tuple[str, str]]
    """That were learnt from: their pictures' sha256 and their texts, one of which may be corrected meanwhile."""
    taught: Taught
    folder: tempfile.TemporaryDirectory[str]


@dataclass
class Learner:
    """Runs rounds; keeps the base that it opened last, and the first pass for a second one."""

    opened: tuple[Path, int, Base] | None = None
    first: FirstPass | None = None

    def run(self, asked: Round, cancel: Callable[[], bool], tell: Tell) -> dict[str, Any]:
        """The answer `done`. Raises Cancelled, and CannotLearn with the reason for a program and a person."""
        try:
            base, rows = self._base(Path(asked.base)), read_rows(Path(asked.rows))
            try:
                return self._done(_Run(asked, base, rows, cancel, tell))
            except torch.OutOfMemoryError:
                if asked.device == "cpu":
                    raise
                return self._done(_Run(msgspec.structs.replace(asked, device="cpu"), base, rows, cancel, tell))
        except (CannotLearn, Cancelled):
            raise
        except Exception as error:
            raise CannotLearn(key_of(error), f"{error}" or type(error).__name__) from error

    def _done(self, run: _Run) -> dict[str, Any]:
        run.first, before = self.first, self.first
        try:
            answer = run.done()
            self.first = run.first
        finally:
            for folder in {run.scratch} | ({before.folder} if before else set()):
                if not self.first or folder is not self.first.folder:
                    folder.cleanup()
        return answer

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
        return "no-space" if error.errno in _FULL else "not-written"
    return "not-possible" if isinstance(error, UsageError) else "failed"


class _Run(UnderWay):
    """How a round goes from rows to a verdict."""

    first: FirstPass | None = None
    """Of the round before; of this one once it is done."""

    def done(self) -> dict[str, Any]:
        """The answer."""
        self.phase("measure")
        verdict, generation, taken = self._way()
        better = verdict.difference()[0] < 0
        reason = taken or ("too-few" if better and not self.many else "not-better")
        return {
            "manifest": str(self.out / f"{self.asked.name}.json"),
            "taken": taken is not None,
            "reason": reason,
            "judges": verdict.as_json(),
            "trainedOn": len(generation.rows),
            "readBesides": len(generation.read),
            "dropped": _keys(self.rows.dropped + generation.dropped),
            "epochs": generation.epoch,
            "seconds": round(time.monotonic() - self.started, 1),
            "learnt": verdict.learnt(),
        }

    def _way(self) -> Outcome:
        if self.many:
            return self._by_judges()
        return self._second_pass() if self.teaches_itself else self._first_pass()

    def _outcome(self, verdict: Verdict, generation: Generation, more_of_the_same: bool = False) -> Outcome:
        """Taken where it is better for certain; or likely so, where the hand is new to the base and this learnt more of
        the same than what is in use: of such rounds that were tried none read worse (LEARNER.md)."""
        if verdict.is_better():
            return verdict, generation, "better" if verdict.difference()[0] < 0 else "likelier"
        may_be_likely = more_of_the_same and generation.before > _NEW_HAND
        return verdict, generation, "likely" if may_be_likely and verdict.is_likely() else None

    def _by_judges(self) -> Outcome:
        """Half of the judges choose the epoch and fit, the others decide."""
        read = self.read(self._teacher()) if self.teaches_itself else []
        generation = self.learn(self.rows.train, 1, read)
        path = self.write(generation, self.rows.choose)
        return self._outcome(self.judge(self.rows.judge, self.before, path), generation)

    def _first_pass(self) -> Outcome:
        """Of the rows that what is in use does not know, folds judge it and what learnt from the others. What is
        written has learnt from all, and from the base."""
        known, before = self.known(), self.before
        if 0 < len(unknown(self.rows.train, known)) < MANY and (in_use := self._in_use()):
            earlier = [row for row in self.rows.train if row.digest in known]
            if not self._is_more_of_the_same(in_use, len(earlier), len(known)):
                return self._by_going_on(in_use, folds_of(self.rows.train, known, self.asked.name, _PARTS))
            before = self._with_fewer(earlier)
        folds = folds_of(self.rows.train, known, self.asked.name)
        generations = self._learnt(folds)
        taught = self._written(folds, generations)
        verdict = self._verdict([(fold, before, path) for fold, path, _ in taught])
        last = generations[-1]
        if len(folds) > 1:
            last = self._of_all(generations, _FROM_MEAN)
        elif folds[0].kept and verdict.is_better():
            last = self._gone_on(last, *_GOES_ON)
        path = self.write(last)
        self.first = FirstPass(path, Path(self.asked.base), _decided(self.rows.train), taught, self.scratch)
        return self._outcome(verdict, last, before != self.before)

    def _is_more_of_the_same(self, in_use: Base, earlier: int, known: int) -> bool:
        """Whether what is in use learnt as this round does, and nearly all of that is learnt again with enough new."""
        enough = len(self.rows.train) - earlier >= _ENOUGH_NEW and earlier >= _NEARLY_ALL * known
        return enough and in_use.learnt_alone_from(self.base)

    def _with_fewer(self, earlier: Sequence[Sample]) -> Path:
        """What learns as each half does, from part of the rows that what is in use has learnt from: it is to a half as
        what is in use to what will be written. A half alone may not beat what is in use, which learnt longer."""
        count = len(self.rows.train)
        in_a_half = (count + len(earlier)) / 2
        fewer = sorted(earlier, key=lambda row: row.digest)[: max(1, round(len(earlier) * in_a_half / count))]
        return self.write_aside(self.learn(fewer, _HALF, epochs=_OF_A_HALF))

    def _by_going_on(self, in_use: Base, folds: Sequence[Fold]) -> Outcome:
        """What is in use has to be beaten by itself gone on with the new rows, each part of them in its turn kept back.
        What is written learns all rows from the base, so that nothing drifts, and reads better than what went on."""
        candidates = [self.write_aside(self._on_with_new(in_use, fold.learnt)) for fold in folds]
        verdict = self._verdict([(fold, self.before, path) for fold, path in zip(folds, candidates, strict=True)])
        generation = self.learn(self.rows.train, 2 * _HALF)
        self.write(generation)
        return self._outcome(verdict, generation)

    def _on_with_new(self, in_use: Base, rows: Sequence[Sample]) -> Generation:
        """What is in use, once it has learnt these rows too."""
        tuning = replace(self.tuning, learning_rate=self._rate(in_use))
        budget = Budget(_ON_WITH_NEW, self.asked.budget * 2 * _HALF / _PARTS)
        return fine_tune(self.base, rows, budget, self.cancel, self.epoch, self.judges, tuning, begin=in_use)

    def _in_use(self) -> Base | None:
        """The generation in use, where it can be learnt from."""
        try:
            return open_base(self.before) if self.asked.in_use else None
        except UsageError:
            return None

    def _rate(self, in_use: Base) -> float | None:
        """As when it was learnt: by now it reads what it has learnt, and that says nothing of the hand."""
        return None if in_use.before is None else fitting_rate(in_use.before, self.base)

    def _second_pass(self) -> Outcome:
        """Each fold's teacher reads the undecided rows, and what learns from these too has to beat it, on rows that
        neither knows; without a generation in use it has to beat the base."""
        triples, pupils = [], []
        teachers = self._teachers()
        for fold, teacher, begin in teachers:
            pupils.append(self._pupil(fold, begin, self.read(teacher)))
            triples.append((fold, teacher if self.asked.in_use else self.before, self.write_aside(pupils[-1])))
        verdict = self._verdict(triples)
        slower = 1.0 if all(begin for *_, begin in teachers) else _PUPIL[1]
        generation = self._of_all(pupils, (_FROM_PUPILS, slower), self.read(self._teacher()))
        self.write(generation)
        return self._outcome(verdict, generation)

    def _pupil(self, fold: Fold, begin: Generation | None, read: Sequence[Sample]) -> Generation:
        """Goes on from its teacher, which has begun from the base in this round or the one before; what is in use has
        not, and whoever went on from it time and again would drift: then it learns from the base."""
        if not begin:
            return self.learn(fold.learnt, _PUPILS_SHARE, read)
        return self._gone_on(begin, *_PUPIL, read, fold.learnt, _PUPILS_SHARE)

    def _teachers(self) -> Taught:
        """What is in use knows all rows after a first pass: then what that made of its folds, or makes now."""
        train, known = self.rows.train, self.known()
        if self.first and (self.first.manifest, self.first.base, self.first.rows) == (
            self.before, Path(self.asked.base), _decided(train)
        ):  # fmt: skip
            return self.first.taught
        if self.asked.in_use and len(unknown(train, known)) >= _ENOUGH_NEW:
            return [(fold, self.before, None) for fold in folds_of(train, known, self.asked.name)]
        folds = folds_of(train, self.known(Path(self.asked.base)), self.asked.name)
        return self._written(folds, self._learnt(folds))

    def _written(self, folds: Sequence[Fold], generations: Sequence[Generation]) -> Taught:
        return [(fold, self.write_aside(one), one) for fold, one in zip(folds, generations, strict=True)]

    def _teacher(self) -> Path:
        """Of what learns from all: what is in use, or without one a first candidate."""
        if self.asked.in_use:
            return self.before
        return self.write_aside(self.learn(self.rows.train, 1 if self.many else 2 * _HALF))

    def _learnt(self, folds: Sequence[Fold]) -> list[Generation]:
        """What learns from each fold."""
        if len(folds) == 1:
            return [self.learn(folds[0].learnt, 1)]
        return [self.learn(fold.learnt, _HALF, epochs=_OF_A_HALF) for fold in folds]

    def _of_all(
        self, halves: Sequence[Generation], on: tuple[int, float], read: Sequence[Sample] = ()
    ) -> Generation:
        """What has learnt from all rows: the mean of two halves gone on with all of them, where both write the same
        characters, or the one pupil; else from the base."""
        if len(halves) == 2 and halves[0].charset == halves[1].charset:
            return self._gone_on(mean_of(*halves), *on, read)
        if len(halves) == 1:
            return self._gone_on(halves[0], *on, read)
        return self.learn(self.rows.train, 2 * _HALF, read)

    def _verdict(self, pairs: Sequence[tuple[Fold, Path, Path]]) -> Verdict:
        """On what is kept of each fold, by what is before and after; the few judges are asked with the first."""
        verdict = Verdict([], [], [])
        for place, (fold, before, after) in enumerate(pairs):
            verdict += self.judge([*fold.kept, *([] if place else self.judges)], before, after)
        return verdict

    def _gone_on(
        self, generation: Generation, epochs: int, slower: float, read: Sequence[Sample] = (),
        rows: Sequence[Sample] | None = None, share: float = _HALF,
    ) -> Generation:  # fmt: skip
        """With all rows, those that were kept back too, or with these."""
        rate = generation.tuning.learning_rate * slower
        budget = Budget(epochs=epochs, seconds=self.asked.budget * share)
        return fine_tune(
            self.base, self.rows.train if rows is None else rows, budget, self.cancel, self.epoch, self.judges,
            replace(self.tuning, learning_rate=rate), read, begin=generation,
        )  # fmt: skip


def _decided(rows: Sequence[Sample]) -> set[tuple[str, str]]:
    return {(row.digest, row.text) for row in rows}


def _keys(reasons: Counter[str]) -> dict[str, int]:
    """Reasons as keys: `a judge's picture` is `a-judges-picture`."""
    return {reason.replace("'", "").replace(" ", "-"): count for reason, count in reasons.items()}
