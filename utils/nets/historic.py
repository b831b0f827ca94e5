"""Famous nets in the versions that lesson 05 does not ask for: what "the same net" can mean.

The student builds each net once; here are its relatives, so that their parameters can be counted
beside each other. All of them run; none is trained.

    blueprint(lenet5_paper, (1, 1, 32, 32))["parameters"]  →  60_000
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

# Which maps of S2 each map of C3 looks at: LeCun et al. 1998, table I, column by column.
SEEN_BY_C3 = (
    *((m, (m + 1) % 6, (m + 2) % 6) for m in range(6)),
    *((m, (m + 1) % 6, (m + 2) % 6, (m + 3) % 6) for m in range(6)),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)

# Szegedy et al. 2014, table 1: (c1, c3_in, c3, c5_in, c5, c_pool), "M" for a max pooling.
GOOGLENET_TABLE = (
    (64, 96, 128, 16, 32, 32),
    (128, 128, 192, 32, 96, 64),
    "M",
    (192, 96, 208, 16, 48, 64),
    (160, 112, 224, 24, 64, 64),
    (128, 128, 256, 24, 64, 64),
    (112, 144, 288, 32, 64, 64),
    (256, 160, 320, 32, 128, 128),
    "M",
    (256, 160, 320, 32, 128, 128),
    (384, 192, 384, 48, 128, 128),
)


class _Subsampling(nn.Module):
    """S2 and S4 of 1998: the sum of 2×2 numbers, times a learned number, plus a learned one."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.full((channels, 1, 1), 0.25))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))
        self.mean = nn.AvgPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(4 * self.mean(x) * self.factor + self.bias)


class _SparseConvolution(nn.Module):
    """C3 of 1998: every output map looks at some of the input maps only."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.ModuleList(nn.Conv2d(len(seen), 1, 5) for seen in SEEN_BY_C3)

    def forward(self, x: Tensor) -> Tensor:
        ways = zip(self.maps, SEEN_BY_C3, strict=True)
        return torch.cat([layer(x[:, list(seen)]) for layer, seen in ways], dim=1)


class _SquashingTanh(nn.Module):
    """The activation of 1998, 1.7159·tanh(2x/3)."""

    def forward(self, x: Tensor) -> Tensor:
        return 1.7159 * torch.tanh(2 / 3 * x)


class _Distances(nn.Module):
    """The output of 1998: how far 84 numbers are from ten fixed patterns of ±1, one a class."""

    patterns: Tensor

    def __init__(self) -> None:
        super().__init__()
        draw = torch.Generator().manual_seed(0)
        signs = torch.randint(2, (10, 84), generator=draw, device="cpu") * 2.0 - 1
        self.register_buffer("patterns", signs)

    def forward(self, x: Tensor) -> Tensor:
        return (x[:, None] - self.patterns).square().sum(dim=2)


def lenet5_paper() -> nn.Module:
    """LeNet-5 as printed in 1998: pictures (N, 1, 32, 32) → ten distances (N, 10), least is best.

    60,000 trainable parameters: C1 156, S2 12, C3 1,516, S4 32, C5 48,120, F6 10,164.
    The ten patterns of the output layer are not trained. In the paper they are drawings of the
    digits; here they are drawn at random.

    Source: LeCun, Bottou, Bengio and Haffner (1998), "Gradient-Based Learning Applied to Document
    Recognition", section II.B.

    >>> sum(p.numel() for p in lenet5_paper().parameters())
    60000
    """
    return nn.Sequential(
        nn.Conv2d(1, 6, 5),
        _Subsampling(6),
        _SparseConvolution(),
        _Subsampling(16),
        nn.Conv2d(16, 120, 5),
        _SquashingTanh(),
        nn.Flatten(),
        nn.Linear(120, 84),
        _SquashingTanh(),
        _Distances(),
    )


def alexnet_two_towers(classes: int = 1000) -> nn.Module:
    """AlexNet as printed in 2012: pictures (N, 3, 224, 224) → class scores (N, classes).

    The channels are split between two graphics cards. In the second, fourth and fifth convolution
    each half of the channels sees its own half only: `groups=2`. 60,965,224 parameters.
    The padding of the first layer is chosen so that 224 pixels give the printed 55 (lesson 03).

    Source: Krizhevsky, Sutskever and Hinton (2012), "ImageNet Classification with Deep
    Convolutional Neural Networks", section 3.5.
    """
    neighbours = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)  # the paper's α is times n
    return nn.Sequential(
        nn.Conv2d(3, 96, 11, stride=4, padding=2),
        nn.ReLU(),
        neighbours,
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(96, 256, 5, padding=2, groups=2),
        nn.ReLU(),
        neighbours,
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(256, 384, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 384, 3, padding=1, groups=2),
        nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1, groups=2),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Flatten(),
        nn.Linear(256 * 6 * 6, 4096),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(4096, 4096),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(4096, classes),
    )


def auxiliary_head(C_in: int, classes: int = 1000) -> nn.Module:
    """A helper classifier of GoogLeNet: maps (N, C_in, 14, 14) → class scores (N, classes).

    Two of them hang on the middle of the net, on 512 and on 528 channels, and help while it is
    trained; afterwards they are taken off.

    Source: Szegedy et al. (2014), "Going Deeper with Convolutions", section 5.
    """
    return nn.Sequential(
        nn.AvgPool2d(5, stride=3),
        nn.Conv2d(C_in, 128, 1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(128 * 4 * 4, 1024),
        nn.ReLU(),
        nn.Dropout(0.7),
        nn.Linear(1024, classes),
    )


class _FourWays(nn.Module):
    """An inception block of the library's version."""

    def __init__(self, C_in: int, row: Sequence[int]) -> None:
        super().__init__()
        c1, c3_in, c3, c5_in, c5, c_pool = row
        self.ways = nn.ModuleList(
            [
                _normed(C_in, c1, 1),
                nn.Sequential(_normed(C_in, c3_in, 1), _normed(c3_in, c3, 3)),
                nn.Sequential(_normed(C_in, c5_in, 1), _normed(c5_in, c5, 3)),
                nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), _normed(C_in, c_pool, 1)),
            ]
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([way(x) for way in self.ways], dim=1)


def _normed(C_in: int, C_out: int, K: int, stride: int = 1) -> nn.Module:
    """A convolution without biases that keeps the size, batch normalisation, ReLU."""
    layer = nn.Conv2d(C_in, C_out, K, stride=stride, padding=K // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(C_out, eps=0.001), nn.ReLU())


def library_googlenet(classes: int = 1000) -> nn.Module:
    """GoogLeNet as torch's vision library has it: (N, 3, 224, 224) → class scores (N, classes).

    6,624,904 parameters. It differs from the paper in two ways: batch normalisation in place of
    biases, and 3×3 kernels where the paper has 5×5 (https://github.com/pytorch/vision/issues/906).
    """
    layers: list[nn.Module] = [
        _normed(3, 64, 7, stride=2),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        _normed(64, 64, 1),
        _normed(64, 192, 3),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
    ]
    channels = 192
    for row in GOOGLENET_TABLE:
        if isinstance(row, str):
            layers.append(nn.MaxPool2d(3, stride=2, ceil_mode=True))
        else:
            layers.append(_FourWays(channels, row))
            channels = row[0] + row[2] + row[4] + row[5]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(channels, classes)]
    return nn.Sequential(*layers, *head)


def resnet_convolutions(counts: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """The convolutions of a ResNet with bottleneck blocks, for pictures of 224×224.

    counts: blocks in each of the four stages; (3, 4, 6, 3) is ResNet-50, (3, 8, 36, 3) ResNet-152.
    Returns `(C_in, C_out, K, side of the map that comes out)` of each. None has a bias; each is
    followed by a batch normalisation with two numbers a channel. One dense layer comes at the end.
    Where a block's sides shrink, its 3×3 convolution takes the step, as libraries have it.

    Source: He, Zhang, Ren and Sun (2015), "Deep Residual Learning for Image Recognition", table 1.

    >>> len(resnet_convolutions((3, 4, 6, 3)))  # 50 layers: 49 and a dense one; and 4 shortcuts
    53
    """
    rows, channels, side = [(3, 64, 7, 112)], 64, 56
    for stage, blocks in enumerate(counts):
        middle = 64 * 2**stage
        for block in range(blocks):
            before, side = side, side // 2 if stage and not block else side
            rows += [
                (channels, middle, 1, before),
                (middle, middle, 3, side),
                (middle, 4 * middle, 1, side),
            ]
            if not block:
                rows.append((channels, 4 * middle, 1, side))
            channels = 4 * middle
    return rows
