"""Cross-entropy with teacher forcing."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from ..architectures.attention_network import AttentionNetwork
from ..models.attention_charset import END, PAD, START


def forced(targets: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """(inputs, wanted), each [N, longest + 1] int64: [START] a b …, and a b … [END]; [PAD] after the end of each."""
    length = max((len(target) for target in targets), default=0) + 1
    inputs = torch.full((len(targets), length), PAD)
    wanted = torch.full((len(targets), length), PAD)
    for row, target in enumerate(targets):
        line = torch.tensor([START, *target, END])
        inputs[row, : len(target) + 1] = line[:-1]
        wanted[row, : len(target) + 1] = line[1:]
    return inputs, wanted


def attention_loss(
    network: AttentionNetwork,
    images: Tensor,
    targets: Sequence[Sequence[int]],
    weights: Tensor | None = None,
    smoothing: float = 0.0,
) -> Tensor:
    """Mean over the batch of the cross-entropy per character, [END] among them and [PAD] not.

    `targets` are class indices of each text without start and end; `weights` [N] (1 where None).
    """
    inputs, wanted = (tokens.to(images.device) for tokens in forced(targets))
    logits = network(images, inputs).float()
    losses = functional.cross_entropy(
        logits.transpose(1, 2), wanted, ignore_index=PAD, label_smoothing=smoothing, reduction="none"
    )
    each = losses.sum(1) / (wanted != PAD).sum(1)
    return (each if weights is None else each * weights.to(each.device)).mean()
