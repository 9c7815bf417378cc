"""A network in PyTorch reads prepared fields: texts and losses, in batches of equal width, so that none is padded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from ..architectures.attention_network import AttentionNetwork
from ..decoding.ctc_greedy import greedy_decode
from ..evaluation.metrics import Scores, score
from ..images.grey import Grey
from ..images.preprocessing import to_numbers
from ..inference.attention_in_torch import TorchStepModel
from ..inference.attention_model import AttentionRecogniser
from ..models.attention_charset import AttentionCharset
from ..models.charset import Charset
from ..models.manifest import InputSpec
from .attention_loss import attention_loss
from .losses import label_loss

_BATCH = 64
_LONGEST = 96
"""Characters after which an attention network is stopped …"""
_BEYOND = 8
"""… or so many more than the longest label: one that has not learnt to end would write on and on."""


@dataclass(frozen=True)
class Reading:
    """What a network made of fields: texts, and the mean loss where their labels were given."""

    texts: list[str]
    loss: float

    def scores(self, truths: Sequence[str]) -> Scores:
        """Error rates against the truths."""
        return score(self.texts, truths)


@torch.no_grad()
def read_prepared(
    network: nn.Module,
    fields: Sequence[Grey],
    spec: InputSpec,
    charset: Charset | AttentionCharset,
    targets: Sequence[Sequence[int]] | None = None,
) -> Reading:
    """Texts of prepared fields [H, W], in their order; the network is in evaluation mode, on whatever device it is."""
    device = next(network.parameters()).device
    texts = [""] * len(fields)
    total = 0.0
    for rows in _batches(fields):
        numbers = to_numbers(np.stack([fields[row] for row in rows]), spec)
        images = torch.from_numpy(numbers).unsqueeze(1).to(device)
        wanted = [list(targets[row]) for row in rows] if targets is not None else None
        if isinstance(network, AttentionNetwork):
            assert isinstance(charset, AttentionCharset)
            longest = max(map(len, targets), default=0) + _BEYOND if targets is not None else _LONGEST
            read = AttentionRecogniser(TorchStepModel(network), spec, charset, longest).read(images.cpu().numpy())
            loss = attention_loss(network, images, wanted) if wanted else None
        else:
            assert isinstance(charset, Charset)
            logits = network(images)
            read = greedy_decode(logits.float().cpu().numpy(), charset)
            loss = label_loss(logits, wanted, logits.new_ones(len(rows)), charset.blank) if wanted else None
        for row, text in zip(rows, read, strict=True):
            texts[row] = text
        total += float(loss) * len(rows) if loss is not None else 0.0
    return Reading(texts, total / max(1, len(fields)))


def stacked_by_width(fields: Sequence[Grey], spec: InputSpec) -> list[npt.NDArray[np.float32]]:
    """Prepared fields [H, W] as a network's inputs [N, 1, H, W], in batches of equal width."""
    return [
        to_numbers(np.stack([fields[row] for row in rows]), spec)[:, np.newaxis] for rows in _batches(fields)
    ]


def _batches(fields: Sequence[Grey]) -> Iterator[list[int]]:
    """Rows in batches of equal width."""
    ordered = sorted(range(len(fields)), key=lambda row: fields[row].shape[1])
    batch: list[int] = []
    for row in ordered:
        if batch and (fields[batch[0]].shape != fields[row].shape or len(batch) == _BATCH):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
