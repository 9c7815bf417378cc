"""A checkpoint to the two files the app loads: <id>.onnx and its manifest <id>.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import torch

from .architectures import architecture
from .checkpoint import Checkpoint
from .files import write_atomically
from .onnx_export import check_against, onnx_bytes

OUTPUT = "logits"


def export(checkpoint: Checkpoint, folder: Path, metrics: Mapping[str, Any] | None = None) -> Path:
    """Write the averaged weights and their manifest to `folder`; the manifest's path.

    Raises ExportError, and writes nothing, where the ONNX file does not give PyTorch's logits. The model is written
    before its manifest: a reader that finds the manifest finds its model.
    """
    configuration = checkpoint.configuration
    network = checkpoint.averaged_network()
    content = onnx_bytes(network, configuration.input, OUTPUT)
    difference = check_against(network, content, configuration.input)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    manifest = manifest_of(checkpoint, content, metrics or {}, parameters, difference)
    write_atomically(folder / manifest["file"], content)
    path = folder / f"{configuration.model.id}.json"
    write_atomically(path, (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())
    return path


def manifest_of(
    checkpoint: Checkpoint, content: bytes, metrics: Mapping[str, Any], parameters: int, difference: float
) -> dict[str, Any]:
    """The manifest of an exported model, as design fixes its names."""
    configuration = checkpoint.configuration
    model, facts = configuration.model, checkpoint.facts
    last = checkpoint.history[-1] if checkpoint.history else {}
    return {
        "schema": 1,
        "id": model.id,
        "title": model.title,
        "kind": "ctc",
        "file": f"{model.id}.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "input": configuration.input.as_json(),
        "output": {
            "name": OUTPUT,
            "layout": "NTC",
            "activation": "logits",
            "frames": architecture(model.architecture).frames(configuration.input),
        },
        "charset": list(model.charset),
        "blank": model.blank,
        "decoder": {},
        "training": {
            "architecture": model.architecture,
            "settings": model.settings,
            "parameters": parameters,
            "epochs": checkpoint.epoch,
            "epochsPlanned": configuration.training.epochs,
            "rows": facts.get("training_rows"),
            "labelsLeftToTeacher": facts.get("labels_left_to_teacher"),
            "dropped": facts.get("cleaning", {}).get("dropped", {}),
            **({"scheduleChanges": facts["schedule_changes"]} if "schedule_changes" in facts else {}),
            "seed": configuration.training.seed,
            "precision": configuration.training.precision,
            "torch": torch.__version__,
            "exported": datetime.now(timezone.utc).date().isoformat(),
            "largestDifferenceFromPyTorch": float(f"{difference:.1e}"),
        },
        "metrics": {
            "dev": {
                "rows": facts.get("dev_rows"),
                "decoder": "greedy",
                "characterErrorRate": round(last["dev_cer"], 5) if last else None,
                "exact": round(last["dev_exact"], 5) if last else None,
            },
            **metrics,
        },
        "licence": model.licence,
        "credits": list(model.credits),
    }
