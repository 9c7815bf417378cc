"""A checkpoint to the files the app loads, <id>.onnx and its manifest <id>.json, and a model card <id>.md beside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import torch

from ..architectures import architecture
from ..architectures.attention_network import AttentionNetwork
from ..errors import UsageError
from ..inference.attention_in_onnx import MEMORY
from ..models.onnx_check import check_against
from ..runtime.atomic_files import write_atomically
from ..weights.checkpoint import Checkpoint
from .attention_onnx import export_attention
from .model_card import model_card
from .onnx_file import onnx_bytes
from .quantisation import quantise

OUTPUT = "logits"
_LONGEST = 96
"""Characters after which an attention model is stopped."""


def export(
    checkpoint: Checkpoint, folder: Path, metrics: Mapping[str, Any] | None = None, precision: str = "fp32"
) -> Path:
    """Write the averaged weights, their manifest and card to `folder`; the manifest's path.

    Raises ExportError, and writes nothing, where the ONNX file does not give PyTorch's logits. The model is written
    before its manifest: a reader that finds the manifest finds its model.
    """
    configuration = checkpoint.configuration
    network = checkpoint.averaged_network()
    identifier = configuration.model.id
    if isinstance(network, AttentionNetwork):
        if precision != "fp32":
            raise UsageError("export: an attention model is exported in fp32 alone")
        exported = export_attention(network, configuration.input, f"{identifier}-step.onnx", _LONGEST)
        content, difference = exported.encoder, exported.difference
        write_atomically(folder / f"{identifier}-step.onnx", exported.step)
        kind: dict[str, Any] = {"kind": "attention", "attention": exported.block}
    else:
        content = onnx_bytes(network, configuration.input, OUTPUT)
        difference, kind = check_against(network, content, configuration.input), {"kind": "ctc"}
    made: dict[str, Any] = {"precision": precision, "largestDifferenceFromPyTorch": float(f"{difference:.1e}")}
    if precision == "int8":
        small = quantise(content, configuration)
        content = small.content
        made |= small.as_json()
    made["parameters"] = sum(parameter.numel() for parameter in network.parameters())
    manifest = manifest_of(checkpoint, content, metrics or {}, kind, made)
    write_atomically(folder / manifest["file"], content)
    path = folder / f"{identifier}.json"
    write_atomically(path, (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())
    write_atomically(folder / f"{identifier}.md", model_card(manifest, configuration).encode())
    return path


def manifest_of(
    checkpoint: Checkpoint,
    content: bytes,
    metrics: Mapping[str, Any],
    kind: Mapping[str, Any],
    made: Mapping[str, Any],
) -> dict[str, Any]:
    """The manifest of an exported model, as design fixes its names; `made` are facts of the export."""
    configuration = checkpoint.configuration
    model, facts = configuration.model, checkpoint.facts
    last = checkpoint.history[-1] if checkpoint.history else {}
    attention = "attention" in kind
    return {
        "schema": 1,
        "id": model.id,
        "title": model.title,
        **kind,
        "file": f"{model.id}.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "input": configuration.input.as_json(),
        "output": {
            "name": MEMORY if attention else OUTPUT,
            "layout": "NTC",
            "activation": "logits",
            "frames": architecture(model.architecture).frames(configuration.input),
        },
        "charset": list(model.charset),
        "blank": model.blank,
        "decoder": {},
        **({"views": configuration.views.as_json()} if configuration.views else {}),
        "training": {
            "architecture": model.architecture,
            "settings": dict(model.settings),
            "epochs": checkpoint.epoch,
            "epochsPlanned": configuration.training.epochs,
            "rows": facts.get("training_rows"),
            "labelsLeftToTeacher": facts.get("labels_left_to_teacher"),
            "dropped": facts.get("cleaning", {}).get("dropped", {}),
            **({"scheduleChanges": facts["schedule_changes"]} if "schedule_changes" in facts else {}),
            "seed": configuration.training.seed,
            "trainedIn": configuration.training.precision,
            "torch": torch.__version__,
            "exported": datetime.now(timezone.utc).date().isoformat(),
            **made,
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
