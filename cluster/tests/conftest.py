"""What the tests read: pictures for the test model `bars`, by the built Nomina on a small local Ray."""

from __future__ import annotations

import os
import shlex
import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "test" / "fixtures" / "models"
GREYS = {"A": 170, "B": 85, "C": 0}

try:
    import ray
except ImportError as missing:  # no wheel for this system or this Python
    ray = None
    REASON = f"Ray can't be imported here: {missing}"


@pytest.fixture(scope="session")
def nomina(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command, with `bars` among its models."""
    script, node = ROOT / "out" / "main" / "cli.js", ROOT / "node_modules" / "node" / "bin" / "node"
    if not script.exists() or not node.exists():
        pytest.skip("Nomina is not built: npm ci && npm run build")
    home = tmp_path_factory.mktemp("nomina")
    os.environ["NOMINA_HOME"] = str(home)
    models = home / "models"
    models.mkdir()
    for suffix in ("json", "onnx"):
        (models / f"bars.{suffix}").write_bytes((MODELS / f"bars.{suffix}").read_bytes())
    return [str(node), str(script)]


def run(nomina: list[str], *given: str) -> str:
    done = subprocess.run([*nomina, *given], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def quoted(nomina: list[str]) -> str:
    return shlex.join(nomina)


@pytest.fixture(scope="session")
def local_ray() -> Iterator[None]:
    """Two processors, whatever the machine has."""
    if ray is None:
        pytest.skip(REASON)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    start_ray()
    yield
    ray.shutdown()


def start_ray(attempts: int = 3) -> None:
    """Ray gives itself 30 s to start, which a busy machine can take longer for."""
    for attempt in range(1, attempts + 1):
        try:
            ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100_000_000)
            return
        except Exception:
            ray.shutdown()
            if attempt == attempts:
                raise


def write_bars(path: Path, text: str) -> None:
    """A grey PNG, 8 px high, that the model reads as `text`."""
    row = b"".join(b"\xff" * 4 + bytes([GREYS[letter]]) * 8 + b"\xff" * 4 for letter in text)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", len(row), 8, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress((b"\x00" + row) * 8)),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def text_of(number: int) -> str:
    """Six letters, another text for each number below 729."""
    return "".join("ABC"[number // 3**place % 3] for place in range(6))
