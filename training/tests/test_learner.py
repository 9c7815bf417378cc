"""The learner as a program meets it: requests and answers, judges, bad input, its end."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from _pytest.monkeypatch import MonkeyPatch

import nomina_training
from nomina_training.data.pictures import FilePicture
from nomina_training.data.samples import Sample
from nomina_training.errors import UsageError
from nomina_training.finetuning import Base, Cancelled, CannotLearn, Generation, fine_tune, fitting_rate, open_base
from nomina_training.finetuning.base import OWN_ROWS
from nomina_training.images.preprocessing import preprocess
from nomina_training.inference.ctc_network import ExportedRecogniser
from nomina_training.learner import folds as parts
from nomina_training.learner import round as rounds
from nomina_training.learner import under_way
from nomina_training.learner.folds import folds_of
from nomina_training.learner.judging import Heard, Judges, Verdict
from nomina_training.learner.likelihood import gain, log_likelihoods
from nomina_training.learner.messages import Round
from nomina_training.learner.round import Learner, key_of
from nomina_training.learner.rows import read_rows
from nomina_training.learner.trials import trials
from nomina_training.models.manifest import read_manifest

from .conftest import WORDS, draw_word

_WITHOUT = "import sys; sys.modules.update(pyarrow=None, matplotlib=None, fontTools=None); "
LEARNER = [sys.executable, "-c", _WITHOUT + "from nomina_training.cli import main; main(['learner'])"]

Row = dict[str, Any]
Ask = Callable[..., Round]


@pytest.fixture
def rows(words: Path) -> list[Row]:
    """The twenty drawn words, all to be learnt from."""
    return [
        {"image": str(path), "text": word, "sha256": FilePicture(path).digest(), "group": "", "part": "train"}
        for path, word in ((words / f"{number:02d}.png", word) for number, word in enumerate(WORDS))
    ]


@pytest.fixture
def ask(manifest: Path, tmp_path: Path) -> Ask:
    """A request for a round of rows, which are written first."""

    def asked(given_rows: list[Row], **keys: Any) -> Round:  # noqa: ANN401 - any of a request's
        file = tmp_path / "rows.jsonl"
        file.write_text("\n".join(json.dumps(row) for row in given_rows), encoding="utf-8")
        given = {"id": "r1", "base": str(manifest), "out": str(tmp_path / "models"), "name": "tiny-1",
                 "rows": str(file)}  # fmt: skip
        return Round(**given | {"budget": 0.5} | keys)

    return asked


@pytest.fixture
def learner() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        LEARNER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    )
    yield process
    process.kill()
    process.wait()


def send(process: subprocess.Popen[bytes], request: dict[str, Any] | str) -> None:
    assert process.stdin
    process.stdin.write((request if isinstance(request, str) else json.dumps(request)).encode() + b"\n")


def answer(process: subprocess.Popen[bytes], *wanted: str) -> dict[str, Any]:
    """The next answer of one of those types."""
    assert process.stdout
    while True:
        told: dict[str, Any] = json.loads(process.stdout.readline())
        if told["type"] in wanted:
            return told


def request_of(asked: Round, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 - any of a request's
    return {"type": "round", **{key: getattr(asked, key) for key in ("id", "base", "out", "name", "rows", "budget")},
            "inUse": None, "device": "cpu", "selfTraining": False, **keys}  # fmt: skip


def run(asked: Round) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    progress: list[dict[str, Any]] = []
    return Learner().run(asked, lambda: False, progress.append), progress


def key_told(asked: Round) -> str:
    with pytest.raises(CannotLearn) as told:
        run(asked)
    return told.value.key


def test_a_process_runs_a_round_without_what_learning_does_not_need(
    learner: subprocess.Popen[bytes], rows: list[Row], ask: Ask
) -> None:
    assert answer(learner, "ready") == {
        "type": "ready", "version": "0.1.0", "torch": torch.__version__, "device": answer_device()
    }  # fmt: skip
    for wrong in ("not json", '{"type":"dance","id":"x"}', '{"type":"round","id":"r0","base":7}', "[]", "\x00"):
        send(learner, wrong)
        told = answer(learner, "failed")
        assert told["key"] == "bad-request"
        assert told["id"] == ("x" if "dance" in wrong else "r0" if "r0" in wrong else None)
    send(learner, request_of(ask(rows), later="a key of another version"))
    told = answer(learner, "progress")
    assert (told["id"], told["phase"]) == ("r1", "measure")
    told = answer(learner, "done", "failed")
    assert read_manifest(Path(told["manifest"])).id == "tiny-1"
    assert set(told) == {"type", "id", "manifest", "taken", "reason", "judges", "trainedOn", "readBesides", "dropped",
                         "epochs", "seconds", "learnt"}  # fmt: skip
    send(learner, request_of(ask(rows), id="r2", base="/none.json"))
    assert answer(learner, "failed")["key"] == "not-trainable"
    assert learner.stdin
    learner.stdin.close()
    assert learner.wait(300) == 0


def answer_device() -> str:
    return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"


def test_one_round_at_a_time_and_it_can_be_cancelled(
    learner: subprocess.Popen[bytes], rows: list[Row], ask: Ask, tmp_path: Path
) -> None:
    send(learner, request_of(ask(rows), budget=600))
    while answer(learner, "progress")["phase"] != "train":
        pass
    send(learner, request_of(ask(rows), id="r2"))
    told = answer(learner, "failed")
    assert (told["id"], told["key"]) == ("r2", "busy")
    send(learner, {"type": "cancel", "id": "another"})
    send(learner, {"type": "cancel", "id": "r1"})
    assert answer(learner, "cancelled", "done")["type"] == "cancelled"
    assert not (tmp_path / "models").exists()
    send(learner, request_of(ask(rows), id="r3", budget=0.1))
    assert answer(learner, "done", "failed")["type"] == "done"


@pytest.mark.skipif(os.name == "nt", reason="there a process ends with its input alone")
def test_it_ends_with_its_parent(rows: list[Row], ask: Ask) -> None:
    """Also where another child of that parent holds its stdin open."""
    start = (
        "import json, subprocess, sys, time\n"
        f"learner = subprocess.Popen({LEARNER!r}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "keeper = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], close_fds=False)\n"
        "learner.stdout.readline()\n"
        "print(learner.pid, keeper.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE)
    assert parent.stdout
    learner, keeper = map(int, parent.stdout.readline().split())
    parent.kill()
    parent.wait()
    try:
        for _ in range(2000):
            if not _alive(learner):
                break
            signal.sigtimedwait([], 0.1)
        assert not _alive(learner)
    finally:
        os.kill(keeper, signal.SIGKILL)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_many_judges_decide_and_nobody_learns_from_them(rows: list[Row], ask: Ask, tmp_path: Path) -> None:
    for number in range(60):
        path = tmp_path / f"judge-{number}.png"
        draw_word(WORDS[number % 20], path, (161 + number, 40))
        part = "judge" if number % 2 else "choose"
        rows.append({"image": str(path), "text": WORDS[number % 20], "part": part,
                     "sha256": FilePicture(path).digest()})  # fmt: skip
    rows.append(rows[20] | {"part": "train"})
    told, progress = run(ask(rows, budget=60.0))
    assert told["judges"]["rows"] == 30
    assert told["judges"]["characters"] == sum(len(WORDS[number % 20]) for number in range(1, 60, 2))
    assert not told["taken"] or told["judges"]["difference"]["cer"][1] < 0
    assert told["trainedOn"] == 20
    assert told["dropped"] == {"the-same-picture": 1}
    trained = [step for step in progress if step["phase"] == "train"]
    assert all(step["cer"] is not None for step in trained)
    assert told["epochs"] in (0, *(step["epoch"] for step in trained))
    images = set(read_manifest(Path(told["manifest"])).raw["trainedOn"]["images"])
    assert images == {row["sha256"] for row in rows[:20]}


def test_few_judges_and_a_fifth_decide_and_all_are_learnt_from(
    rows: list[Row], ask: Ask, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MANY", 0)
    monkeypatch.setattr(Verdict, "is_better", lambda _: True)
    rows[0]["part"], rows[1]["part"] = "judge", "choose"
    told, progress = run(ask(rows))
    assert (told["taken"], told["reason"], told["trainedOn"]) == (True, "better", 18)
    assert told["judges"]["rows"] == 2 + 18 // 5
    assert [step["phase"] for step in progress if step["phase"] in ("judge", "write")] == ["write", "judge", "write"]
    monkeypatch.setattr(Verdict, "is_better", lambda _: False)
    monkeypatch.setattr(Verdict, "difference", lambda _: (-0.2, -0.3, 0.1))
    told, _ = run(ask(rows, name="tiny-2"))
    assert (told["taken"], told["reason"], told["trainedOn"]) == (False, "too-few", 18 - 18 // 5)
    assert Path(told["manifest"]).exists()
    monkeypatch.setattr(Verdict, "difference", lambda _: (0.2, 0.1, 0.3))
    assert run(ask(rows))[0]["reason"] == "not-better"


@dataclass
class Watched:
    """What rounds asked of a model and of judges, in pictures' sha256."""

    taught: list[tuple[set[str], list[str]]] = field(default_factory=list)
    """Decided rows, then those that a model read."""
    gone_on: list[set[str]] = field(default_factory=list)
    """Rows with which what is in use went on."""
    judged: list[tuple[set[str], Path, Path]] = field(default_factory=list)
    """Rows, and who was judged by them."""
    readers: list[Path] = field(default_factory=list)
    made: dict[Path, tuple[set[str], Path | None]] = field(default_factory=dict)
    """Of what was written: the rows that it learnt from, and who had read others for it."""

    def known(self, model: Path) -> set[str]:
        """What a model has learnt from as it was decided, and its teacher, and so on."""
        rows, teacher = self.made.get(model, (set(), None))
        return rows | self.known(teacher) if teacher else rows


@pytest.fixture
def watched(monkeypatch: MonkeyPatch) -> Watched:
    seen = Watched()
    run_of = rounds._Run
    learn, go_on, judge, write = run_of.learn, run_of._gone_on, run_of.judge, run_of._write
    on_with_new = run_of._on_with_new
    teachers: dict[int, Path] = {}

    def reading(run: rounds._Run, model: Path) -> list[Sample]:
        seen.readers.append(model)
        given = [replace(row, text="ABC") for row in run.rows.undecided]
        teachers[id(given)] = model
        run._read_by[model] = given
        return given

    def learning(
        run: rounds._Run, given: list[Sample], share: float, others: Any = (), **how: Any  # noqa: ANN401
    ) -> Generation:
        seen.taught.append(({row.digest for row in given}, [row.digest for row in others]))
        made = learn(run, given, share, others, **how)
        lookup[id(made)] = {row.digest for row in given}, teachers.get(id(others))
        kept.append(made)
        return made

    def going_on(
        run: rounds._Run, begin: Generation, epochs: int, slower: float, others: Any = (),  # noqa: ANN401
        given: list[Sample] | None = None, *share: float,
    ) -> Generation:  # fmt: skip
        earlier, _ = lookup.get(id(begin), (set(), None))
        known = {row.digest for row in (run.rows.train if given is None else given)} | earlier
        seen.taught.append((known, [row.digest for row in others]))
        made = go_on(run, begin, epochs, slower, others, given, *share)
        lookup[id(made)] = known, teachers.get(id(others))
        kept.append(made)
        return made

    def going_on_with_new(run: rounds._Run, in_use: Base, given: list[Sample]) -> Generation:
        seen.gone_on.append({row.digest for row in given})
        made = on_with_new(run, in_use, given)
        lookup[id(made)] = seen.gone_on[-1], run.before
        kept.append(made)
        return made

    def writing(run: rounds._Run, made: Generation, *others: Any) -> Path:  # noqa: ANN401 - as it takes them
        path = write(run, made, *others)
        seen.made[path] = lookup.get(id(made), (set(), None))
        return path

    def judging(run: rounds._Run, samples: list[Sample], before: Path, after: Path) -> Verdict:
        seen.judged.append(({row.digest for row in samples}, before, after))
        return judge(run, samples, before, after)

    lookup: dict[int, tuple[set[str], Path | None]] = {}
    kept: list[Generation] = []
    watching = {"learn": learning, "_gone_on": going_on, "_on_with_new": going_on_with_new, "judge": judging,
                "_write": writing, "read": reading}  # fmt: skip
    for name, made in watching.items():
        monkeypatch.setattr(run_of, name, made)
    return seen


def rounds_of(asked: list[Round]) -> list[dict[str, Any]]:
    learner = Learner()
    return [learner.run(one, lambda: False, lambda _: None) for one in asked]


def all_are_honest(watched: Watched) -> None:
    """No model is judged by a row that it or its teacher has learnt from."""
    assert watched.judged
    for judged, before, after in watched.judged:
        assert not judged & watched.known(before)
        assert not judged & watched.known(after)


def test_of_few_rows_each_half_judges_what_the_other_teaches(rows: list[Row], ask: Ask, watched: Watched) -> None:
    rows[0]["part"] = "judge"
    (told,) = rounds_of([ask(rows)])
    assert told["judges"]["rows"] == 20
    assert (told["trainedOn"], len(watched.taught[2][0])) == (19, 19)
    assert set().union(*(judged for judged, _, _ in watched.judged)) == {row["sha256"] for row in rows}
    assert all(abs(len(taught) - 19 / 2) <= 1 for taught, _ in watched.taught[:2])
    all_are_honest(watched)


def test_what_learnt_from_fewer_rows_has_to_be_beaten_by_halves_that_know_more(
    rows: list[Row], ask: Ask, watched: Watched, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "_ENOUGH_NEW", 8)
    rounds_of([ask(rows[:12])])
    in_use = tmp_path / "models" / "tiny-1.json"
    (told,) = rounds_of([ask(rows, name="tiny-2", in_use=str(in_use))])
    assert (told["trainedOn"], told["judges"]["rows"]) == (20, 8)
    known = {row["sha256"] for row in rows[:12]}
    # 10 of 12 to 16 of 20: as what is in use to what is written.
    fewer, *halves = [taught for taught, _ in watched.taught[3:6]]
    assert fewer < known
    assert (len(fewer), [len(half) for half in halves]) == (10, [16, 16])
    assert all(known < half for half in halves)
    assert [watched.known(before) for _, before, _ in watched.judged[2:]] == [fewer, fewer]
    assert len(watched.taught[6][0]) == 20
    assert not watched.gone_on
    all_are_honest(watched)
    # The same rows again: nobody is left to judge.
    (told,) = rounds_of([ask(rows, name="tiny-3", in_use=str(tmp_path / "models" / "tiny-2.json"))])
    assert (told["taken"], told["judges"]["rows"]) == (False, 0)


@pytest.mark.parametrize("what", ["has read others", "few are new", "much of what it learnt is gone"])
def test_what_is_in_use_is_judged_itself_where_it_learnt_otherwise(
    rows: list[Row], ask: Ask, watched: Watched, tmp_path: Path, monkeypatch: MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(rounds, "_ENOUGH_NEW", 9 if what == "few are new" else 8)
    rounds_of([ask(rows[:12])])
    in_use = tmp_path / "models" / "tiny-1.json"
    raw = json.loads(in_use.read_text())
    if what == "has read others":
        raw["trainedOn"]["read"] = ["0" * 64]
    if what == "much of what it learnt is gone":
        raw["trainedOn"]["images"] += [f"{number:064x}" for number in range(4)]
    in_use.write_text(json.dumps(raw))
    (told,) = rounds_of([ask(rows, name="tiny-2", in_use=str(in_use))])
    assert (told["trainedOn"], told["judges"]["rows"]) == (20, 8)
    known = {row["sha256"] for row in rows[:12]}
    assert {before for _, before, _ in watched.judged[2:]} == {in_use}
    assert sorted(len(taught - known) for taught in watched.gone_on if known < taught) == [5, 5, 6]
    assert [len(taught) for taught, _ in watched.taught[3:]] == [20]
    all_are_honest(watched)


def test_judges_that_were_learnt_from_while_they_were_few_do_not_judge(
    rows: list[Row], ask: Ask, watched: Watched, tmp_path: Path
) -> None:
    rounds_of([ask(rows[:12])])
    in_use = str(tmp_path / "models" / "tiny-1.json")
    apart = [row | {"part": "judge"} for row in rows[:4]]
    (told,) = rounds_of([ask([*apart, *rows[4:]], name="tiny-2", in_use=in_use)])
    assert (told["trainedOn"], told["judges"]["rows"]) == (16, 8)
    all_are_honest(watched)


def test_what_goes_on_learns_as_fast_as_it_began(
    rows: list[Row], ask: Ask, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    """What it reads of rows that it has learnt says nothing of the hand."""
    gone_on: list[tuple[float, bool]] = []

    def tuned(*given: Any, begin: Any, **keys: Any) -> Generation:  # noqa: ANN401 - as it takes them
        made = fine_tune(*given, begin=begin, **keys)
        gone_on.append((made.tuning.learning_rate, isinstance(begin, Base)))
        return made

    rounds_of([ask(rows[:12])])
    monkeypatch.setattr(rounds, "fine_tune", tuned)
    in_use = tmp_path / "models" / "tiny-1.json"
    asked = ask(rows, name="tiny-2", in_use=str(in_use))
    raw = json.loads(in_use.read_text())
    raw["metrics"][OWN_ROWS]["characterErrorRate"] = 0.06
    raw["trainedOn"]["read"] = ["0" * 64]
    in_use.write_text(json.dumps(raw))
    rounds_of([asked])
    assert gone_on == [(fitting_rate(0.06, open_base(Path(asked.base))), True)] * 3
    # Where what is in use can't be learnt from, halves learn from the base.
    raw["training"].pop("architecture")
    in_use.write_text(json.dumps(raw))
    gone_on.clear()
    (told,) = rounds_of([asked])
    assert told["judges"]["rows"] == 8
    assert [was_in_use for _, was_in_use in gone_on] == [False]


def test_a_second_pass_has_to_beat_the_first_ones_halves(
    rows: list[Row], ask: Ask, watched: Watched, tmp_path: Path
) -> None:
    in_use = str(tmp_path / "models" / "tiny-1.json")
    undecided = [row | {"part": "undecided", "text": None} for row in rows[16:]]
    learner = Learner()
    asked = ask(rows[:16] + undecided)
    learner.run(asked, lambda: False, lambda _: None)
    again = msgspec.structs.replace(asked, name="tiny-2", in_use=in_use, self_training=True)
    told = learner.run(again, lambda: False, lambda _: None)
    assert (told["trainedOn"], told["readBesides"], told["judges"]["rows"]) == (16, 4, 16)
    assert len(watched.taught) == 6
    assert [len(read) for _, read in watched.taught] == [0, 0, 0, 4, 4, 4]
    assert [judged for judged, _, _ in watched.judged[2:]] == [judged for judged, _, _ in watched.judged[:2]]
    assert [before for _, before, _ in watched.judged[2:]] == [after for _, _, after in watched.judged[:2]]
    assert [taught for taught, _ in watched.taught[3:5]] == [taught for taught, _ in watched.taught[:2]]
    all_are_honest(watched)
    # A process that has not made the first pass makes its halves again.
    (told,) = rounds_of([again])
    assert told["judges"]["rows"] == 16
    assert [len(read) for _, read in watched.taught[6:]] == [0, 0, 4, 4, 4]
    all_are_honest(watched)
    # So does one where a text was corrected in between: nobody learns the old one again.
    learner.run(asked, lambda: False, lambda _: None)
    watched.taught.clear()
    corrected = ask([rows[0] | {"text": "CAB"}, *rows[1:16], *undecided], name="tiny-2", in_use=in_use)
    learner.run(msgspec.structs.replace(corrected, self_training=True), lambda: False, lambda _: None)
    assert [len(read) for _, read in watched.taught] == [0, 0, 4, 4, 4]
    # So does one whose first pass went on with what was in use: all that it made of its parts knows other rows.
    more = ask(rows[:18] + undecided[2:], name="tiny-3", in_use=in_use)
    learner.run(more, lambda: False, lambda _: None)
    watched.taught.clear()
    third = str(tmp_path / "models" / "tiny-3.json")
    again = msgspec.structs.replace(more, name="tiny-4", in_use=third, self_training=True)
    assert learner.run(again, lambda: False, lambda _: None)["judges"]["rows"] == 18
    assert [len(read) for _, read in watched.taught] == [0, 0, 2, 2, 2]
    all_are_honest(watched)


def test_a_second_pass_is_not_taken_for_likelier_texts(
    rows: list[Row], ask: Ask, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    """Where the characters say little, they take a first pass and leave a second one."""
    earlier = itertools.cycle([True, False])

    def heard(judges: Judges, model: Path, threads: int, cancel: Callable[[], bool], likely: bool) -> Heard:
        is_earlier = next(earlier)
        texts = [f"{text}!" if is_earlier and place < 2 else text for place, text in enumerate(judges.texts)]
        return [(text, 0.0 if is_earlier or not likely else 0.2) for text in texts]

    monkeypatch.setattr(Judges, "heard", heard)
    undecided = [row | {"part": "undecided", "text": None} for row in rows[16:]]
    asked = ask(rows[:16] + undecided)
    in_use = str(tmp_path / "models" / "tiny-1.json")
    again = msgspec.structs.replace(asked, name="tiny-2", in_use=in_use, self_training=True)
    (first, second) = rounds_of([asked, again])
    assert (first["taken"], second["taken"], second["reason"]) == (True, False, "too-few")


@pytest.mark.parametrize(
    ("before", "is_likely", "learnt_before", "reason"),
    [
        (0.2, True, True, "likely"), (0.2, False, True, "too-few"), (0.05, True, True, "too-few"),
        (0.2, True, False, "too-few"),
    ],
)
def test_more_of_a_new_hand_is_taken_where_it_is_likely_better(
    rows: list[Row], ask: Ask, tmp_path: Path, monkeypatch: MonkeyPatch,
    before: float, is_likely: bool, learnt_before: bool, reason: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(rounds, "_ENOUGH_NEW", 10)
    run(ask(rows[:10]))
    monkeypatch.setattr(Verdict, "is_better", lambda _: False)
    monkeypatch.setattr(Verdict, "is_likely", lambda _: is_likely)
    monkeypatch.setattr(Verdict, "difference", lambda _: (-0.2, -0.3, 0.1))
    monkeypatch.setattr(rounds, "fine_tune", lambda *given, **keys: replace(fine_tune(*given, **keys), before=before))
    monkeypatch.setattr(under_way, "fine_tune", rounds.fine_tune)
    in_use = str(tmp_path / "models" / "tiny-1.json") if learnt_before else None
    told, _ = run(ask(rows, name="tiny-2", in_use=in_use))
    assert (told["taken"], told["reason"]) == (reason == "likely", reason)
    if learnt_before:
        # What read undecided rows teaches nothing more of the hand.
        undecided = [row | {"part": "undecided", "text": None} for row in rows[10:]]
        again = ask(rows[:10] + undecided, name="tiny-3", in_use=in_use, self_training=True)
        assert not run(again)[0]["taken"]


@pytest.mark.parametrize(
    ("fewer", "more", "is_likely"), [(2, 0, True), (1, 0, False), (6, 4, True), (4, 3, False), (0, 3, False)]
)
def test_it_is_likely_that_fewer_characters_are_wrong_where_chance_seldom_does_so(
    fewer: int, more: int, is_likely: bool
) -> None:
    texts = ["ADA"] * (fewer + more + 20)
    before = ["ADO"] * fewer + ["ADA"] * (more + 20)
    after = ["ADA"] * fewer + ["ADO"] * more + ["ADA"] * 20
    assert Verdict(texts, before, after).is_likely() is is_likely


def test_what_is_in_use_teaches_where_the_first_pass_was_not_better(
    rows: list[Row], ask: Ask, watched: Watched, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "_ENOUGH_NEW", 6)
    in_use = tmp_path / "models" / "tiny-1.json"
    rounds_of([ask(rows[:8])])
    undecided = [row | {"part": "undecided", "text": None} for row in rows[16:]]
    asked = ask(rows[:16] + undecided, name="tiny-2", in_use=str(in_use))
    rounds_of([asked, msgspec.structs.replace(asked, name="tiny-3", self_training=True)])
    assert {before for _, before, _ in watched.judged[4:]} == {in_use}
    assert set(watched.readers) == {in_use}
    all_are_honest(watched)


def test_halves_are_of_whole_pages() -> None:
    samples = [Sample(FilePicture(Path("x")), "A", f"{number:03d}", f"page {number // 5}") for number in range(80)]
    one, other = folds_of(samples, set(), "turn")
    assert len(one.kept) == len(other.kept) == 40
    assert one.learnt == sorted(other.kept, key=lambda sample: sample.digest)
    assert not {sample.group for sample in one.kept} & {sample.group for sample in one.learnt}
    assert folds_of(samples, set(), "another turn")[0] != one
    assert sorted(len(fold.kept) for fold in folds_of(samples[:7], set(), "turn")) == [3, 4]
    assert [(len(fold.learnt), len(fold.kept)) for fold in folds_of(samples[:1], set(), "turn")] == [(1, 0)]


def test_folds_are_of_what_the_one_in_use_does_not_know() -> None:
    samples = [Sample(FilePicture(Path("x")), "A", f"{number:03d}", f"page {number // 5}") for number in range(200)]
    for few, known in ((120, 90), (200, 60), (120, 119)):
        folds = folds_of(samples[:few], {sample.digest for sample in samples[:known]}, "a-2")
        kept = [sample for fold in folds for sample in fold.kept]
        assert min(int(sample.digest) for sample in kept) >= known
        assert len(kept) == (few // 5 if few - known >= 100 else few - known)
        for fold in folds:
            assert len(fold.learnt) + len(fold.kept) == few
            assert not set(map(id, fold.learnt)) & set(map(id, fold.kept))
    (whole,) = folds_of(samples, {sample.digest for sample in samples}, "a-2")
    assert not whole.kept
    assert whole.learnt == samples
    (one,) = folds_of(samples, set(), "a-2")
    assert one.kept != folds_of(samples, set(), "a-3")[0].kept


def test_undecided_rows_teach_as_they_are_read(rows: list[Row], ask: Ask, monkeypatch: MonkeyPatch) -> None:
    for row in rows[10:]:
        row["part"] = "undecided"
        del row["text"]
    monkeypatch.setattr(rounds._Run, "read", lambda run, _: [replace(row, text="ABC") for row in run.rows.undecided])
    told, _ = run(ask(rows, self_training=True))
    assert told["readBesides"] == 10
    raw = read_manifest(Path(told["manifest"])).raw
    assert set(raw["trainedOn"]["read"]) == {row["sha256"] for row in rows[10:]}
    assert not set(raw["trainedOn"]["images"]) & set(raw["trainedOn"]["read"])
    assert run(ask(rows))[0]["readBesides"] == 0


def test_what_can_not_be_learnt_is_told(rows: list[Row], ask: Ask, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    assert key_told(ask([])) == "no-rows"
    assert key_told(ask([row | {"text": ""} for row in rows])) == "no-rows"
    assert key_told(ask([rows[0], rows[0] | {"text": "another"}])) == "no-rows"
    assert key_told(ask([row | {"image": str(tmp_path / "none.png")} for row in rows])) == "no-rows"
    assert key_told(ask([*rows, {"image": 7}])) == "bad-rows"
    assert key_told(ask(rows, rows=str(tmp_path / "none.jsonl"))) == "bad-rows"
    assert key_told(ask(rows, name="../x")) == "not-possible"
    (tmp_path / "broken.json").write_text("{}")
    assert key_told(ask(rows, base=str(tmp_path / "broken.json"))) == "not-trainable"
    (tmp_path / "file").touch()
    assert key_told(ask(rows, out=str(tmp_path / "file"))) == "not-written"
    assert key_of(OSError(28, "No space left on device")) == "no-space"
    assert key_of(RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate")) == "no-memory"
    assert key_of(UsageError("x")) == "not-possible"
    nan = open_base(Path(ask(rows).base))
    broken = {key: value * math.nan for key, value in nan.weights.items() if value.is_floating_point()}
    monkeypatch.setattr(rounds, "open_base", lambda _: replace(nan, weights=nan.weights | broken, norms_measured=True))
    assert key_told(ask(rows)) == "diverged"


def test_odd_texts_are_counted_or_learnt(rows: list[Row], ask: Ask, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(Verdict, "is_better", lambda _: True)
    rows[0]["text"] = "A"
    rows[1]["text"] = "Stra\u00dfe \u00e9 7"
    rows[2]["text"] = "x" * 1_000_000
    rows[3]["text"] = None
    rows[4]["text"] = "A\x07"
    rows.append(rows[5] | {"text": "ANOTHER"})
    rows.append(rows[6] | {"group": "its twin"})
    told, _ = run(ask(rows))
    assert told["dropped"] == {"longer-than-its-frames": 1, "no-text": 1, "a-control-character": 1,
                               "decided-two-ways": 2, "the-same-picture": 1}  # fmt: skip
    characters = read_manifest(Path(told["manifest"])).raw["charset"]
    assert {"S", "7", "\u00c9"} <= set(characters)


def test_a_full_disk_leaves_no_half_model(rows: list[Row], ask: Ask, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nomina_training.finetuning.write.write_manifest", full)
    assert key_told(ask(rows)) == "no-space"
    assert not (tmp_path / "models" / "tiny-1.json").exists()


def test_a_disk_that_fills_while_a_generation_is_written_leaves_no_half_of_it(
    learner: subprocess.Popen[bytes], rows: list[Row], ask: Ask, tmp_path: Path
) -> None:
    """A limit on the size of files stands in for the disk; once it is gone the same process goes on."""
    resource = pytest.importorskip("resource")
    answer(learner, "ready")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(learner.pid, resource.RLIMIT_FSIZE, (20_000, most))
    send(learner, request_of(ask(rows)))
    told = answer(learner, "done", "failed")
    assert (told["id"], told.get("key")) == ("r1", "no-space")
    assert not [file for file in (tmp_path / "models").glob("*") if file.suffix in (".json", ".part")]
    resource.prlimit(learner.pid, resource.RLIMIT_FSIZE, (most, most))
    send(learner, request_of(ask(rows), id="r2"))
    told = answer(learner, "done", "failed")
    assert read_manifest(Path(told["manifest"])).id == "tiny-1"


def test_a_package_that_is_deleted_while_a_round_runs_ends_it_in_words(
    rows: list[Row], ask: Ask, tmp_path: Path
) -> None:
    package = Path(nomina_training.__file__).parent
    installed = tmp_path / "environment"
    shutil.copytree(package, installed / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", package.name, "learner"]
    with subprocess.Popen(
        command, cwd=installed, env=os.environ | {"PYTHONPATH": str(installed)}, bufsize=0,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        answer(process, "ready")
        send(process, request_of(ask(rows)))
        answer(process, "progress")
        shutil.rmtree(installed)
        told = answer(process, "done", "failed")
        if told["type"] == "failed":
            assert told["key"] in ("failed", "not-written")
            assert not (tmp_path / "models" / "tiny-1.json").exists()
        else:
            assert read_manifest(Path(told["manifest"])).id == "tiny-1"
        process.kill()


def test_a_gpu_without_memory_is_left_for_the_processor(rows: list[Row], ask: Ask, monkeypatch: MonkeyPatch) -> None:
    devices = []

    def full(self: rounds._Run) -> dict[str, Any]:
        devices.append(self.asked.device)
        if self.asked.device == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return {}

    monkeypatch.setattr(rounds._Run, "done", full)
    run(ask(rows, device="cuda"))
    assert devices == ["cuda", "cpu"]


def test_cancelling_is_heard_while_judges_read(rows: list[Row], ask: Ask) -> None:
    phases: list[str] = []
    with pytest.raises(Cancelled):
        Learner().run(ask(rows), lambda: "judge" in phases, lambda told: phases.append(told["phase"]))


def test_likelihood_is_that_of_all_paths(manifest: Path, rows: list[Row]) -> None:
    """No text: every frame is blank; a character that the model can't write: never."""
    fields = [FilePicture(Path(row["image"])).grey() for row in rows[:2]]
    recogniser = ExportedRecogniser(read_manifest(manifest))
    frames = [recogniser.log_probabilities(preprocess(grey, recogniser.input)[np.newaxis])[0] for grey in fields]
    blanks = [field[:, recogniser.charset.blank].sum() for field in frames]
    told = log_likelihoods(manifest, [*fields, fields[0]], ["", "", "§"], 1, lambda: False)
    assert told[:2] == pytest.approx(blanks, abs=1e-3)
    assert told[2] == -math.inf
    assert gain(told, told).count(0.0) == 3
    assert gain(told, [0.0, 0.0, 0.0])[2] == 0.0
    assert gain([-9.0, -1.0, -1.0], [0.0, -9.0, -1.5]) == [5.0, -5.0, -0.5]
    with pytest.raises(Cancelled):
        log_likelihoods(manifest, fields, ["", ""], 1, lambda: True)


def test_trials_run_rounds_and_read_what_is_left(manifest: Path, rows: list[Row]) -> None:
    samples = [Sample(FilePicture(Path(row["image"])), row["text"], row["sha256"]) for row in rows]
    two = list(trials(manifest, samples, 12, 2, 0.3, 1))
    assert [len(trial.others.texts) for trial in two] == [8, 8]
    assert two[0].others.texts != two[1].others.texts


def test_judges_come_before_all_others(rows: list[Row], ask: Ask) -> None:
    read = read_rows(Path(ask([rows[0], rows[0] | {"part": "judge"}, rows[0] | {"part": "undecided"}]).rows))
    assert [len(part) for part in (read.train, read.choose, read.judge, read.undecided)] == [0, 0, 1, 0]
    assert read.dropped == {"the same picture": 2}
    assert hashlib.sha256(Path(rows[0]["image"]).read_bytes()).hexdigest() == read.judge[0].digest
