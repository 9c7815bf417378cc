"""What a run was made with: versions, machine, commit, and hashes of its data."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

from .data import Sample
from .sources import Source

_PACKAGES = ("nomina-training", "torch", "numpy", "pillow", "onnx", "onnxruntime", "rapidfuzz")


def environment(device: torch.device, processes: int) -> dict[str, object]:
    """Plain values for environment.json; nothing of the user's in it."""
    return {
        "commit": commit(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "device": str(device) if device.type != "cuda" else torch.cuda.get_device_name(device),
        "threads": torch.get_num_threads(),
        "processes": processes,
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def data_hashes(sources: Sequence[Source], splits: dict[str, Sequence[Sample]]) -> dict[str, object]:
    """sha256 of each file of labels (of a folder: of its files' names and sizes), and of each split's rows."""
    return {
        "labels": {str(source.labels): _digest(source.labels) for source in sources},
        "splits": {
            name: hashlib.sha256("\n".join(f"{s.digest} {s.text}" for s in rows).encode()).hexdigest()
            for name, rows in splits.items()
        },
    }


def commit() -> str:
    """The checkout's commit, with + where the training folder differs from it."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=True)
        clean = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "."], cwd=here, check=False)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head.stdout.strip() + ("+" if clean.returncode else "")


def _digest(path: Path) -> str:
    if not path.is_dir():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    listing = "\n".join(f"{file.name} {file.stat().st_size}" for file in sorted(path.iterdir()))
    return hashlib.sha256(listing.encode()).hexdigest()


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
