"""The sub-commands `export`, `golden` and `synthesise`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from ..errors import UsageError

Add = Callable[..., argparse.ArgumentParser]


def add_making_commands(add: Add) -> None:
    """Adds them to `nomina-train`."""
    export = add("export", help="write a checkpoint's averaged weights as ONNX with a manifest and a model card")
    export.add_argument("--checkpoint", type=Path, required=True)
    export.add_argument("--out", type=Path, required=True, help="folder for <id>.onnx, <id>.json and <id>.md")
    eight_bits = "int8: convolutions in 8 bits, calibrated on training images of the checkpoint's data"
    export.add_argument("--precision", choices=("fp32", "int8"), default="fp32", help=eight_bits)
    export.add_argument("--metrics", type=Path, help="JSON object to lay into the manifest's metrics")
    export.set_defaults(run_command=_export)

    golden = add("golden", help="write the golden parity vectors, or check them")
    golden.add_argument("--out", type=Path, required=True)
    golden.add_argument("--model", type=Path, default=Path("resources/models/names-caps.json"), help="manifest")
    golden.add_argument("--check", action="store_true", help="recompute from the stored images and compare")
    golden.set_defaults(run_command=_golden)


def _export(options: argparse.Namespace) -> None:
    from ..checkpoint import load_checkpoint
    from ..export import export

    try:
        metrics = json.loads(options.metrics.read_text(encoding="utf-8")) if options.metrics else {}
    except (OSError, json.JSONDecodeError) as error:
        raise UsageError(f"{options.metrics}: {error}") from error
    print(export(load_checkpoint(options.checkpoint), options.out, metrics, options.precision))


def _golden(options: argparse.Namespace) -> int:
    from ..golden import check_golden, write_golden
    from ..manifest import read_manifest

    manifest = read_manifest(options.model)
    if not options.check:
        print(f"{options.out}: {write_golden(options.out, manifest):,} bytes")
        return 0
    problems = check_golden(options.out, manifest)
    print("\n".join(problems) or f"{options.out}: all equal")
    return 1 if problems else 0
