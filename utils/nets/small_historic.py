"""Four famous nets, shrunk until a laptop trains them in seconds: (N, 1, 16, 16) → (N, 10).

Each keeps what made its big sister known; widths and depths are far smaller. The fifth, a residual
net, is built in lesson 05 from the student's own block.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from utils import data

SIDE = 16  # pixels


def enlarged_digits(split: str = "train") -> tuple[Tensor, Tensor]:
    """The digits of `data.digits(split)`, enlarged from 8×8 to 16×16 pixels (bilinear).

    >>> enlarged_digits("test")[0].shape
    torch.Size([450, 1, 16, 16])
    """
    images, labels = data.digits(split)
    return F.interpolate(images, size=SIDE, mode="bilinear", align_corners=False), labels


def small_lenet() -> nn.Module:
    """LeNet's plan: convolution, tanh and mean pooling, twice, and three linear layers.

    >>> small_lenet()(torch.zeros(1, 1, 16, 16)).shape
    torch.Size([1, 10])

    Source: LeCun, Bottou, Bengio and Haffner (1998), "Gradient-Based Learning Applied to Document
    Recognition".
    """
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(64, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    )  # fmt: skip


def small_alexnet() -> nn.Module:
    """AlexNet's plan: a wide first kernel with a stride, ReLU, dropout, heavy linear layers.

    >>> small_alexnet()(torch.zeros(1, 1, 16, 16)).shape
    torch.Size([1, 10])

    Source: Krizhevsky, Sutskever and Hinton (2012), "ImageNet Classification with Deep
    Convolutional Neural Networks".
    """
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, stride=2, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
        nn.Flatten(), nn.Dropout(), nn.Linear(288, 192), nn.ReLU(),
        nn.Dropout(), nn.Linear(192, 192), nn.ReLU(), nn.Linear(192, 10),
    )  # fmt: skip


def small_vgg() -> nn.Module:
    """VGG's plan: nothing but 3×3 convolutions in pairs, the width doubled at every pooling.

    >>> small_vgg()(torch.zeros(1, 1, 16, 16)).shape
    torch.Size([1, 10])

    Source: Simonyan and Zisserman (2014), "Very Deep Convolutional Networks for Large-Scale Image
    Recognition".
    """
    layers: list[nn.Module] = []
    channels = 1
    for width in (16, 32, 64):
        for _ in range(2):
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))


class _SideBySide(nn.Module):
    """Branches that all see the same maps; what they make is stacked, channel on channel."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], dim=1)


def small_googlenet() -> nn.Module:
    """GoogLeNet's plan: branches of several window sizes, 1×1 layers to save, a mean at the end.

    >>> small_googlenet()(torch.zeros(1, 1, 16, 16)).shape
    torch.Size([1, 10])

    Source: Szegedy et al. (2014), "Going Deeper with Convolutions".
    """

    def conv(before: int, after: int, K: int) -> list[nn.Module]:
        return [nn.Conv2d(before, after, K, padding=K // 2), nn.ReLU()]

    def mixed(channels: int, width: int) -> nn.Module:
        return _SideBySide(
            nn.Sequential(*conv(channels, width, 1)),
            nn.Sequential(*conv(channels, width, 1), *conv(width, 2 * width, 3)),
            nn.Sequential(*conv(channels, width // 2, 1), *conv(width // 2, width, 5)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), *conv(channels, width, 1)),
        )

    return nn.Sequential(
        *conv(1, 16, 3), nn.MaxPool2d(2), mixed(16, 8), mixed(40, 12), nn.MaxPool2d(2),
        mixed(60, 16), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(80, 10),
    )  # fmt: skip


def small_residual(block: Callable[..., nn.Module]) -> nn.Module:
    """ResNet's plan: a stem, four residual blocks, a mean; `block(C_in, C_out, S)` makes each.

    Source: He, Zhang, Ren and Sun (2015), "Deep Residual Learning for Image Recognition".
    """
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        block(16, 16, 1), block(16, 32, 2), block(32, 32, 1), block(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10),
    )  # fmt: skip


def straight_line() -> nn.Module:
    """The rival without any convolution: ten perceptrons on 256 pixels."""
    return nn.Sequential(nn.Flatten(), nn.Linear(SIDE * SIDE, 10))
