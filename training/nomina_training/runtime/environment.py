"""What a run was made with: versions, machine, commit."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

from .checkout import TRAINING

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


def commit() -> str:
    """The checkout's commit, with + where the training folder differs from it."""
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=TRAINING, capture_output=True, text=True, check=True)
        clean = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "."], cwd=TRAINING, check=False)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head.stdout.strip() + ("+" if clean.returncode else "")


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
