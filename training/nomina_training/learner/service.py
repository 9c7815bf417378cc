"""The process: requests on stdin, answers on stdout, one round at a time in a thread of its own."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Iterable
from threading import Event, Lock, Thread
from typing import Any, BinaryIO

import msgspec
import torch

from .. import __version__
from ..finetuning import Cancelled, CannotLearn
from .messages import Round, id_of, read_request
from .round import Learner

_NICE = 10
_PATIENCE = 10
"""Seconds that a round which is under way may take to end."""


def serve(requests: Iterable[bytes], answers: BinaryIO) -> None:
    """Answer until the requests end; a round that runs then is cancelled."""
    service = _Service(answers)
    service.tell({"type": "ready", "version": __version__, "torch": str(torch.__version__), "device": _best_device()})
    for line in requests:
        if line.strip():
            service.take(line)
    service.end()


def be_a_guest() -> BinaryIO:
    """Give way to all other processes, end with the parent, and keep stdout for answers: what a library prints goes to
    stderr. The file that answers are written to."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    return answers


class _Service:
    """The rounds of a process."""

    def __init__(self, answers: BinaryIO) -> None:
        self.answers, self.learner, self.lock = answers, Learner(), Lock()
        self.round: tuple[str, Thread, Event] | None = None
        self.over = Event()
        """Set before a round's last answer is told: whoever has read that may ask for the next."""

    def take(self, line: bytes) -> None:
        """Begin or cancel a round; a bad request is answered, and nothing else happens."""
        try:
            request = read_request(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.fail(id_of(line), "bad-request", str(error))
            return
        running = None if self.over.is_set() else self.round
        if not isinstance(request, Round):
            if running and running[0] == request.id:
                running[2].set()
        elif running:
            self.fail(request.id, "busy", f"the round {running[0]} is not over")
        else:
            stop = Event()
            thread = Thread(target=self._run, args=(request, stop), daemon=True)
            self.round = request.id, thread, stop
            self.over.clear()
            thread.start()

    def _run(self, request: Round, stop: Event) -> None:
        def tell(progress: dict[str, Any]) -> None:
            self.tell({"type": "progress", "id": request.id, **progress})

        try:
            answer = {"type": "done", "id": request.id, **self.learner.run(request, stop.is_set, tell)}
        except Cancelled:
            answer = {"type": "cancelled", "id": request.id}
        except CannotLearn as error:
            traceback.print_exc()
            answer = _failure(request.id, error.key, str(error))
        self.over.set()
        self.tell(answer)

    def fail(self, round_id: str | None, key: str, message: str) -> None:
        """Answer that something can't be done."""
        self.tell(_failure(round_id, key, message))

    def tell(self, answer: dict[str, Any]) -> None:
        """A line for whoever listens; where nobody does, the process is on its way out anyway."""
        with self.lock:
            try:
                self.answers.write(msgspec.json.encode(answer) + b"\n")
                self.answers.flush()
            except (BrokenPipeError, ValueError):
                if self.round:
                    self.round[2].set()

    def end(self) -> None:
        """Cancel what runs, and wait until it has let go of its files."""
        if self.round:
            self.round[2].set()
            self.round[1].join(_PATIENCE)


def _failure(round_id: str | None, key: str, message: str) -> dict[str, Any]:
    return {"type": "failed", "id": round_id, "key": key, "message": message}


def _best_device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _end_with(parent: int) -> None:
    """The end of input tells of a parent that died, unless one of its other children holds the pipe open."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)
