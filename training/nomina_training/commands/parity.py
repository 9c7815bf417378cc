"""The sub-command `golden`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Add = Callable[..., argparse.ArgumentParser]


def add_parity_commands(add: Add) -> None:
    """Adds it to `nomina-train`."""
    golden = add("golden", help="write the golden parity vectors, or check them")
    golden.add_argument("--out", type=Path, required=True)
    golden.add_argument("--model", type=Path, default=Path("resources/models/names-caps.json"), help="manifest")
    golden.add_argument("--check", action="store_true", help="recompute from the stored images and compare")
    golden.set_defaults(run_command=_golden)


def _golden(options: argparse.Namespace) -> int:
    from ..models.manifest import read_manifest
    from ..parity import check_golden, write_golden

    manifest = read_manifest(options.model)
    if not options.check:
        print(f"{options.out}: {write_golden(options.out, manifest):,} bytes")
        return 0
    problems = check_golden(options.out, manifest)
    print("\n".join(problems) or f"{options.out}: all equal")
    return 1 if problems else 0
