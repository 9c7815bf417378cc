"""Cross-entropy with teacher forcing, and CTC over what the encoder sees."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from ..architectures.attention_network import AttentionNetwork
from ..models.attention_charset import END, PAD, START
from .losses import label_loss


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
    ctc_share: float = 0.0,
) -> Tensor:
    """Mean over the batch of the cross-entropy per character, [END] among them and [PAD] not.

    `targets` are class indices of each text without start and end; `weights` [N] (1 where None). `ctc_share` of the
    loss is CTC's per character, where the network has frames for it (Kim, Hori & Watanabe 2017).
    """
    inputs, wanted = (tokens.to(images.device) for tokens in forced(targets))
    written, frames = network(images, inputs)
    logits = written.float()
    losses = functional.cross_entropy(
        logits.transpose(1, 2), wanted, ignore_index=PAD, label_smoothing=smoothing, reduction="none"
    )
    each = losses.sum(1) / (wanted != PAD).sum(1)
    weights = each.new_ones(len(each)) if weights is None else weights.to(each.device)
    loss = (each * weights).mean()
    if frames is None:
        return loss
    return (1 - ctc_share) * loss + ctc_share * label_loss(frames, targets, weights, PAD)
