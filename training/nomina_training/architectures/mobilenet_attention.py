"""mobilenet-attention: MobileNetV3-Small, BiLSTM 256, self-attention, BiLSTM 128; a causal decoder writes characters.

As published for names on mobile devices, but for one grey channel instead of three copies of it (no weights of ImageNet
are loaded) and a [PAD] with an index of its own. What the decoder attends to follows from its first LSTM's state, which
knows all that is written so far (Bahdanau et al. 2015; in this order of layers Wu et al. 2016, GNMT); as published only
the last character asks, which cannot tell the second E of a name from its first. In training a linear layer reads the
encoder's positions too, each cut into four, by CTC (Kim, Hori & Watanabe 2017): attention finds no beginning by itself.
5,702,592 parameters at the 32 classes of its configuration, 4,128 of them that layer's, which no export holds: the
published 10.9 M cannot be derived from the layers it names.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..models.manifest import InputSpec
from .attention_network import AttentionNetwork, States, Step
from .interface import Architecture, Settings, need
from .mobilenet_v3 import CHANNELS, STRIDE, mobilenet_v3_small

HEIGHT, WIDTH = 64, 256
_ENCODED = 512
_CONTEXT = 256
_EMBEDDING = 64
_HEADS, _HEAD_SIZE = 4, 64
_LSTM_1, _LSTM_2 = 128, 96
_CUTS = 4
"""Frames of CTC to a position: 8 positions are fewer than a name has letters."""


class HeadedAttention(nn.Module):
    """Scaled dot-product attention of several heads (Vaswani et al. 2017) whose size need not divide the input's."""

    def __init__(self, query_size: int, memory_size: int) -> None:
        super().__init__()
        inner = _HEADS * _HEAD_SIZE
        self.query = nn.Linear(query_size, inner)
        self.key = nn.Linear(memory_size, inner)
        self.value = nn.Linear(memory_size, inner)
        self.output = nn.Linear(inner, query_size)

    def forward(self, queries: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """[N, L, Q] over [N, P, M] to [N, L, Q] and the heads' mean weights [N, L, P]."""
        query, key, value = (
            projected.unflatten(-1, (_HEADS, _HEAD_SIZE)).transpose(1, 2)
            for projected in (self.query(queries), self.key(memory), self.value(memory))
        )
        weights = (query @ key.transpose(-1, -2) * _HEAD_SIZE**-0.5).softmax(-1)  # [N, heads, L, P]
        seen = (weights @ value).transpose(1, 2).flatten(2)
        return self.output(seen), weights.mean(1)


class Encoder(nn.Module):
    """Images [N, 1, 64, W] to the memory [N, W / 32, 512 + 256]: what stands there, and the whole line's summary."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.backbone = mobilenet_v3_small()
        self.recurrence = nn.LSTM(CHANNELS * HEIGHT // STRIDE, 256, batch_first=True, bidirectional=True)
        self.attention = HeadedAttention(_ENCODED, _ENCODED)
        self.norm = nn.LayerNorm(_ENCODED)
        self.summary = nn.LSTM(_ENCODED, _CONTEXT // 2, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(dropout)

    def forward(self, images: Tensor) -> Tensor:
        positions = self.backbone(images).permute(0, 3, 2, 1).flatten(2)  # columns, each with 2 rows of 576 channels
        line, _ = self.recurrence(self.dropout(positions))
        attended, _ = self.attention(line, line)
        line = self.norm(line + self.dropout(attended))
        _, (last, _) = self.summary(line)  # [2 directions, N, 128], each at the end of its way
        context = torch.cat([last[0], last[1]], -1)
        return torch.cat([line, context.unsqueeze(1).expand(-1, line.shape[1], -1)], -1)


class MobilenetAttention(AttentionNetwork):
    """See `AttentionNetwork`; states are those of its two LSTM: hidden and cell of 128, hidden and cell of 96."""

    position_stride = STRIDE

    def __init__(self, class_count: int, dropout: float, encoder_dropout: float) -> None:
        super().__init__()
        self.encoder = Encoder(encoder_dropout)
        self.embedding = nn.Embedding(class_count, _EMBEDDING)
        self.recurrence_1 = nn.LSTM(_EMBEDDING + _CONTEXT, _LSTM_1, batch_first=True)
        self.attention = HeadedAttention(_LSTM_1, _ENCODED)
        self.recurrence_2 = nn.LSTM(2 * _LSTM_1, _LSTM_2, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.classes = nn.Linear(_LSTM_2, class_count)
        self.frame_classes = nn.Linear(_ENCODED // _CUTS, class_count)

    def encode(self, images: Tensor) -> Tensor:
        memory: Tensor = self.encoder(images)
        return memory

    def start_states(self, count: int) -> States:
        like = self.classes.weight
        return tuple(like.new_zeros(count, size) for size in (_LSTM_1, _LSTM_1, _LSTM_2, _LSTM_2))

    def step(self, memory: Tensor, token: Tensor, states: States) -> Step:
        logits, weights, after = self._advance(memory, token.unsqueeze(1), states)
        return Step(logits[:, 0], weights[:, 0], after)

    def write(self, memory: Tensor, inputs: Tensor) -> Tensor:
        logits, _, _ = self._advance(memory, inputs, self.start_states(len(inputs)))
        return logits

    def frames(self, memory: Tensor) -> Tensor:
        logits: Tensor = self.frame_classes(memory[..., :_ENCODED].reshape(len(memory), -1, _ENCODED // _CUTS))
        return logits

    def _advance(self, memory: Tensor, inputs: Tensor, states: States) -> tuple[Tensor, Tensor, States]:
        """Logits [N, L, C], attention [N, L, P] and the states after inputs [N, L]: nothing looks ahead in them."""
        positions, context = memory[..., :_ENCODED], memory[..., _ENCODED:]
        written = self.dropout(self.embedding(inputs))
        summary = context[:, :1].expand(-1, inputs.shape[1], -1)
        hidden_1, cell_1, hidden_2, cell_2 = (state.unsqueeze(0) for state in states)
        line, after_1 = self.recurrence_1(torch.cat([written, summary], -1), (hidden_1, cell_1))
        seen, weights = self.attention(line, positions)
        line, after_2 = self.recurrence_2(self.dropout(torch.cat([line, seen], -1)), (hidden_2, cell_2))
        logits = self.classes(self.dropout(line))
        return logits, weights, tuple(state.squeeze(0) for state in (*after_1, *after_2))


def check_input(spec: InputSpec) -> None:
    """Raises UsageError unless the input is 64 px high and of a fixed width, a multiple of 32."""
    fits = spec.height == HEIGHT and isinstance(spec.width, int) and spec.width % STRIDE == 0
    need(fits, f"mobilenet-attention reads images {HEIGHT} px high, of one width that is a multiple of {STRIDE} px")


def _build(class_count: int, settings: Settings) -> nn.Module:
    return MobilenetAttention(class_count, settings["dropout"], settings["encoder_dropout"])


ARCHITECTURE = Architecture(
    name="mobilenet-attention",
    title="MobileNetV3-Small with an attention decoder",
    kind="attention",
    builder=_build,
    # "open" closes gaps in dark strokes that Otsu's threshold tore; "close" would delete strokes thinner than 3 px.
    input=InputSpec(
        height=HEIGHT, width=WIDTH, fit="box", align="centre", binarise="otsu", morphology="open", invert=True
    ),
    check_input=check_input,
    frames=lambda _: {"stride": STRIDE, "offset": 0, "rows": 1},
    parts={
        "encoder": ("encoder",),
        "cnn": ("encoder.backbone",),
        "decoder": ("embedding", "attention", "recurrence_1", "recurrence_2"),
        "head": ("classes", "frame_classes"),
    },
    class_tables=("embedding", "classes", "frame_classes"),
    settings={"dropout": 0.3, "encoder_dropout": 0.1},
)
