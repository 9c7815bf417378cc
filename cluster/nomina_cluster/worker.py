"""One warm `nomina worker`: requests in, answers out, started again when it is lost."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from fsspec.core import url_to_fs

from nomina_cluster.sources import is_local

LOSSES = 3
"""In a row, without an answer in between, after which it is given up."""
SAID = 4096
"""Characters of its last words that are kept."""

Answer = dict[str, Any]


class WorkerFailedError(Exception):
    """The worker can't be kept running; its last words say why."""


@dataclass(frozen=True)
class WorkerCommand:
    """How it is started: the command, its arguments, and the processors that it may use."""

    command: tuple[str, ...]
    model: str | None = None
    """The id of a model; None: the one that the machine prefers."""
    provider: str | None = None
    template: Path | None = None
    threads: int = 1

    def parameters(self) -> list[str]:
        options = {"--model": self.model, "--provider": self.provider, "--template": self.template}
        given = [(name, str(value)) for name, value in options.items() if value is not None]
        return [*self.command, "worker", *(part for pair in given for part in pair)]


class Worker:
    """Starts with the first request. Not to be used by two threads."""

    def __init__(self, command: WorkerCommand) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._last_words = b""

    def read(self, sources: Sequence[str], **more: Any) -> Iterator[tuple[int, Answer]]:
        """The answer for each source with its place in the list, in order of finishing.

        Raises WorkerFailedError where it ends by itself, or is lost three times in a row.
        """
        missing = set(range(len(sources)))
        losses = 0
        while missing:
            asked = sorted(missing)
            for place, answer in self._ask([(place, sources[place]) for place in asked], more):
                missing.discard(place)
                losses = 0
                yield place, answer
            if missing:
                losses += 1
                self._mourn(losses)

    def close(self) -> None:
        """Ends it, whatever it does."""
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _mourn(self, losses: int) -> None:
        """Raises WorkerFailedError where starting it again would not help."""
        assert self._process is not None
        code = self._process.wait()
        self._process = None
        if code > 0 or losses >= LOSSES:
            words = self._last_words.decode(errors="replace").strip()
            raise WorkerFailedError(f"nomina worker ended with code {code}: {words}")

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process and self._process.poll() is None:
            return self._process
        environment = {**os.environ, "NOMINA_THREADS": str(self._command.threads)}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(self._command.parameters(), stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        return self._process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self._last_words = (self._last_words + line)[-SAID:]

    def _ask(self, asked: list[tuple[int, str]], more: dict[str, Any]) -> Iterator[tuple[int, Answer]]:
        """Answers until all are there or the process is gone."""
        process = self._started()
        assert process.stdout is not None
        with tempfile.TemporaryDirectory(prefix="nomina-cluster-") as folder:
            feeding = _Feeding(process, asked, more, Path(folder))
            feeding.start()
            left = len(asked)
            while left > 0:
                line = process.stdout.readline()
                if not line.endswith(b"\n"):
                    break
                answer = json.loads(line)
                left -= 1
                feeding.forget(answer["id"])
                yield int(answer["id"]), answer
            feeding.join()


class _Feeding(threading.Thread):
    """Sends the requests while their answers are read. A file of elsewhere is copied here for as long as it is read."""

    def __init__(self, process: subprocess.Popen[bytes], asked: list[tuple[int, str]], more: dict[str, Any], folder: Path) -> None:
        super().__init__(daemon=True)
        self._process, self._asked, self._more, self._folder = process, asked, more, folder
        self._copies: dict[str, Path] = {}

    def run(self) -> None:
        assert self._process.stdin is not None
        try:
            for place, source in self._asked:
                request = {"id": str(place), "path": self._at_hand(str(place), source), **self._more}
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                self._process.stdin.flush()
        except (BrokenPipeError, ConnectionResetError):
            return  # whoever reads the answers sees that it is gone

    def forget(self, place: str) -> None:
        copy = self._copies.pop(place, None)
        if copy:
            copy.unlink(missing_ok=True)

    def _at_hand(self, place: str, source: str) -> str:
        """A path on this machine. A file that can't be had is asked for all the same: the worker says what is wrong with it."""
        filesystem, path = url_to_fs(source)
        if is_local(filesystem):
            return str(path)
        copy = self._folder / f"{place}{PurePosixPath(path).suffix}"
        try:
            filesystem.get_file(path, str(copy))
        except Exception:  # whatever the filesystem throws, the file is not there
            copy = self._folder / f"{place}-missing"
        self._copies[place] = copy
        return str(copy)
