"""Memory that a step gave back stays the process's own."""

from __future__ import annotations

import subprocess
import sys

import pytest

# A process of its own: what mallopt is told lasts as long as the process.
SCRIPT = """
import ctypes, torch
from nomina_training.runtime.memory import keep_freed_memory
keep_freed_memory()
class Figures(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd rest uord ford keep top".split()]
glibc = ctypes.CDLL(None)
glibc.mallinfo2.restype = Figures
before = glibc.mallinfo2().hblkhd
large = torch.zeros(1 << 26)
mapped = glibc.mallinfo2().hblkhd - before
kept = glibc.mallinfo2().arena
del large
print(mapped, kept - glibc.mallinfo2().arena)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's")
def test_large_tensors_come_from_memory_that_stays() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    if "mallinfo2" in done.stderr:
        pytest.skip("another libc")
    assert done.stdout.split() == ["0", "0"], done.stderr
