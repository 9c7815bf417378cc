"""Reading on a small local Ray, undisturbed and disturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import ray
from conftest import quoted, text_of, write_bars

from nomina_cluster.read import ReadOptions, Report, read
from nomina_cluster.readings import Row, parts
from nomina_cluster.sources import list_sources
from nomina_cluster.worker import Answer, Worker, WorkerCommand, WorkerFailedError

FILES = 120
KILLS = int(os.environ.get("NOMINA_KILLS", "1"))
"""Rounds of what is killed at random moments; more of them take longer than a check may."""


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("scans")
    for number in range(FILES):
        write_bars(folder / f"{number:03}.png", text_of(number))
    (folder / "bad.png").write_text("no image")
    return list_sources([str(folder)])


def rows_in(out: Path) -> list[Row]:
    return sorted((row for _, table in parts(str(out)) for row in table.to_pylist()), key=lambda row: row["source"])


def read_all(nomina: list[str], scans: list[str], out: Path, batch: int = 16) -> Report:
    return read(scans, str(out), ReadOptions(nomina=tuple(nomina), model="bars", provider="cpu", batch=batch))


@pytest.fixture(scope="module")
def undisturbed(nomina: list[str], scans: list[str], local_ray: None, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    out = tmp_path_factory.mktemp("undisturbed")
    report = read_all(nomina, scans[: FILES // 2], out)
    assert (report.files, report.fields, report.before) == (FILES // 2, FILES // 2, 0)
    again = read_all(nomina, scans, out)
    assert (again.files, again.fields, again.failed, again.before) == (FILES // 2 + 1, FILES // 2, 1, FILES // 2)
    return rows_in(out)


def test_every_file_is_read_and_a_bad_one_is_a_row_with_its_reason(undisturbed: list[Row]) -> None:
    assert [row["text"] for row in undisturbed] == [text_of(number) for number in range(FILES)] + [None]
    assert "not an image" in undisturbed[-1]["error"]
    assert all(len(row["sha256"]) == 64 and len(row["quad"]) == 8 for row in undisturbed[:-1])


def test_a_lost_worker_is_started_again_and_asked_for_what_is_missing(nomina: list[str], scans: list[str]) -> None:
    worker = Worker(WorkerCommand(tuple(nomina), "bars"))
    answers: dict[int, Answer] = {}
    for place, answer in worker.read(scans):
        if not answers:
            assert worker._process is not None
            worker._process.kill()
        assert place not in answers
        answers[place] = answer
    worker.close()
    assert sorted(answers) == list(range(len(scans)))


def test_a_worker_that_cannot_read_at_all_says_why(nomina: list[str], scans: list[str]) -> None:
    with pytest.raises(WorkerFailedError, match="no model nobody"):
        list(Worker(WorkerCommand(tuple(nomina), "nobody")).read(scans))


def test_killed_workers_cost_nothing_but_time(nomina: list[str], scans: list[str], undisturbed: list[Row], tmp_path: Path) -> None:
    for number in range(KILLS):
        out = tmp_path / str(number)
        killer = threading.Timer(random.uniform(0.5, 4), lambda: kill_below(os.getpid(), b"out/main/cli.js\0worker"))
        killer.start()
        read_all(nomina, scans, out)
        killer.join()
        assert rows_in(out) == undisturbed


def test_what_a_killed_driver_left_is_gone_on_with(
    nomina: list[str], scans: list[str], undisturbed: list[Row], tmp_path: Path
) -> None:
    for number in range(KILLS):
        out = tmp_path / str(number)
        folder = Path(scans[0]).parent
        given = ["read", str(folder), "--out", str(out), "--nomina", quoted(nomina), "--model", "bars", "--batch", "4"]
        given += ["--address", ray.get_runtime_context().gcs_address]
        with subprocess.Popen(
            [sys.executable, "-m", "nomina_cluster", *given], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as driver:
            wait_for_part(out, driver)
            driver.send_signal(signal.SIGKILL)
        begun = len(rows_in(out))
        report = read_all(nomina, scans, out, batch=4)
        assert report.before >= begun > 0  # what was under way may have been written meanwhile
        assert rows_in(out) == undisturbed


def test_a_lost_node_costs_nothing_but_time(nomina: list[str], scans: list[str], undisturbed: list[Row], tmp_path: Path) -> None:
    script, folder = Path(__file__).with_name("losing_node.py"), Path(scans[0]).parent
    for number in range(KILLS):
        out = tmp_path / str(number)
        given = [str(random.uniform(0.5, 6)), str(folder), str(out), "bars", *nomina]
        done = subprocess.run([sys.executable, str(script), *given], capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr[-4000:]
        assert rows_in(out) == undisturbed


def wait_for_part(out: Path, driver: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 100
    while not list(out.rglob("part-*")):
        assert driver.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)


def kill_below(ancestor: int, words: bytes) -> None:
    """Ends processes with these words in their command line that Ray of this test started."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and words in read_or(folder / "cmdline") and ancestor in ancestors(int(folder.name)):
            os.kill(int(folder.name), signal.SIGKILL)


def ancestors(process: int) -> list[int]:
    found = []
    while process > 1:
        fields = read_or(Path(f"/proc/{process}/stat")).rsplit(b") ", 1)
        process = int(fields[1].split()[1]) if len(fields) == 2 else 0
        found.append(process)
    return found


def read_or(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
