"""MobileNetV3-Small (Howard et al. 2019, table 2) without its classifier, for one grey channel."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

CHANNELS = 576
STRIDE = 32

_BOTTLENECKS: tuple[tuple[int, int, int, bool, bool, int], ...] = (
    (3, 16, 16, True, False, 2),
    (3, 72, 24, False, False, 2),
    (3, 88, 24, False, False, 1),
    (5, 96, 40, True, True, 2),
    (5, 240, 40, True, True, 1),
    (5, 240, 40, True, True, 1),
    (5, 120, 48, True, True, 1),
    (5, 144, 48, True, True, 1),
    (5, 288, 96, True, True, 2),
    (5, 576, 96, True, True, 1),
    (5, 576, 96, True, True, 1),
)
"""Kernel, expanded channels, channels, squeeze-and-excite, hard swish (else ReLU), stride."""


def convolution(
    before: int, channels: int, kernel: int, stride: int, groups: int, activation: Callable[[], nn.Module] | None
) -> list[nn.Module]:
    """Convolution, batch norm and activation; the map keeps its size but for the stride."""
    layers: list[nn.Module] = [
        nn.Conv2d(before, channels, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(channels, eps=1e-3),
    ]
    return layers if activation is None else [*layers, activation()]


class SqueezeExcite(nn.Module):
    """Channels weighted by what the whole map shows (Hu et al. 2018), with a hard sigmoid."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        squeezed = max(8, (channels // 4 + 4) // 8 * 8)
        self.weights = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, squeezed, 1), nn.ReLU(inplace=True),
            nn.Conv2d(squeezed, channels, 1), nn.Hardsigmoid(),
        )  # fmt: skip

    def forward(self, maps: Tensor) -> Tensor:
        weighted: Tensor = maps * self.weights(maps)
        return weighted


class Bottleneck(nn.Module):
    """Inverted residual: expand, depthwise, squeeze-and-excite, project; a skip where the shape stays."""

    def __init__(
        self, before: int, kernel: int, expanded: int, channels: int, excite: bool, swish: bool, stride: int
    ) -> None:
        super().__init__()
        activation: Callable[[], nn.Module] = nn.Hardswish if swish else nn.ReLU
        layers: list[nn.Module] = [] if expanded == before else convolution(before, expanded, 1, 1, 1, activation)
        layers += convolution(expanded, expanded, kernel, stride, expanded, activation)
        layers += [SqueezeExcite(expanded)] if excite else []
        layers += convolution(expanded, channels, 1, 1, 1, None)
        self.body = nn.Sequential(*layers)
        self.has_skip = stride == 1 and before == channels

    def forward(self, maps: Tensor) -> Tensor:
        projected: Tensor = self.body(maps)
        return maps + projected if self.has_skip else projected


def mobilenet_v3_small() -> nn.Sequential:
    """[N, 1, H, W] to [N, 576, H / 32, W / 32] (rounded up)."""
    layers = convolution(1, 16, 3, 2, 1, nn.Hardswish)
    channels = 16
    for kernel, expanded, width, excite, swish, stride in _BOTTLENECKS:
        layers.append(Bottleneck(channels, kernel, expanded, width, excite, swish, stride))
        channels = width
    return nn.Sequential(*layers, *convolution(channels, CHANNELS, 1, 1, 1, nn.Hardswish))
