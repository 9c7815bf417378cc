"""The sub-commands `export` and `card`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from ..errors import UsageError

Add = Callable[..., argparse.ArgumentParser]


def add_export_commands(add: Add) -> None:
    """Adds them to `nomina-train`."""
    export = add("export", help="write a checkpoint's averaged weights as ONNX with a manifest and a model card")
    export.add_argument("--checkpoint", type=Path, required=True)
    export.add_argument("--out", type=Path, required=True, help="folder for <id>.onnx, <id>.json and <id>.md")
    eight_bits = "int8: convolutions in 8 bits, calibrated on training images of the checkpoint's data"
    export.add_argument("--precision", choices=("fp32", "int8"), default="fp32", help=eight_bits)
    export.add_argument("--metrics", type=Path, help="JSON object to lay into the manifest's metrics")
    export.set_defaults(run_command=_export)

    card = add("card", help="write a model's card anew, from its manifest as it is now and what it was trained with")
    card.add_argument("--checkpoint", type=Path, required=True, help="that it was exported from")
    card.add_argument("--model", type=Path, required=True, help="manifest; the card lies beside it")
    card.set_defaults(run_command=_card)


def _export(options: argparse.Namespace) -> None:
    from ..export.model_files import export
    from ..weights.checkpoint import load_checkpoint

    try:
        metrics = json.loads(options.metrics.read_text(encoding="utf-8")) if options.metrics else {}
    except (OSError, json.JSONDecodeError) as error:
        raise UsageError(f"{options.metrics}: {error}") from error
    print(export(load_checkpoint(options.checkpoint), options.out, metrics, options.precision))


def _card(options: argparse.Namespace) -> None:
    from ..export.model_card import model_card
    from ..models.manifest import read_manifest
    from ..runtime.atomic_files import write_atomically
    from ..weights.checkpoint import load_checkpoint

    manifest, configuration = read_manifest(options.model), load_checkpoint(options.checkpoint).configuration
    if configuration.model.id != manifest.id:
        raise UsageError(f"{options.checkpoint}: of {configuration.model.id}, not of {manifest.id}")
    path = options.model.with_suffix(".md")
    write_atomically(path, model_card(manifest.raw, configuration).encode())
    print(f"{path}: written")
