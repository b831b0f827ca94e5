"""Nets to be adapted: trained on the digits 0 to 4, so that lesson 05 can teach them 5 to 9."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn

from utils import data
from utils.training import train

OLD_DIGITS = 5  # 0, 1, 2, 3, 4: what the net has learned; 5 to 9 are new to it


class DigitNet(nn.Module):
    """Two convolutional layers, `features`, and a linear one, `head`; `digit_net` makes it.

    `features`: images (N, 1, 8, 8) → (N, 128); `head`: (N, 128) → class scores (N, classes).
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
        )
        self.head = nn.Linear(128, classes)

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.features(images))

    @property
    def trainable(self) -> int:
        """How many numbers of the net want a gradient."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)


def digit_net(classes: int = OLD_DIGITS, seed: int = 0) -> DigitNet:
    """An untrained net for digits of 8×8 pixels; the same weights for the same seed.

    >>> digit_net()(torch.zeros(2, 1, 8, 8)).shape
    torch.Size([2, 5])
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return DigitNet(classes)


def trained_net(seed: int = 0) -> DigitNet:
    """A net that has learned the digits 0 to 4 from all training images of them.

    It is a new copy at every call, in `eval()` mode, and all its weights want gradients.
    The first call for a seed trains it, for less than a second.

    >>> trained_net().head.out_features
    5
    """
    net = digit_net(seed=seed)
    net.load_state_dict(_learned(seed))
    return net.eval()


@cache
def _learned(seed: int) -> dict[str, Tensor]:
    net = digit_net(seed=seed)
    images, labels = old_digits("train")
    train(net, (images, labels), epochs=6, seed=seed, progress=False)
    return net.state_dict()


def old_digits(split: str = "train") -> tuple[Tensor, Tensor]:
    """The digits 0 to 4 of `data.digits(split)`: images (N, 1, 8, 8), labels (N,) from 0 to 4."""
    images, labels = data.digits(split)
    return images[labels < OLD_DIGITS], labels[labels < OLD_DIGITS]


def new_digits(split: str = "train") -> tuple[Tensor, Tensor]:
    """The digits 5 to 9 of `data.digits(split)`: images (N, 1, 8, 8), labels (N,), 0 for a 5 to 4.

    >>> new_digits("test")[1].unique().tolist()
    [0, 1, 2, 3, 4]
    """
    images, labels = data.digits(split)
    return images[labels >= OLD_DIGITS], labels[labels >= OLD_DIGITS] - OLD_DIGITS


def few_new_digits(each: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """`each` training images of every digit from 5 to 9, drawn by `seed`.

    Returns images (5·each, 1, 8, 8) and labels (5·each,), which run from 0 for a 5 to 4 for a 9.
    Raises ValueError when there are not that many.

    >>> few_new_digits(2)[1].tolist()
    [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    """
    images, labels = new_digits("train")
    fewest = int(labels.bincount().min())
    if not 1 <= each <= fewest:
        raise ValueError(f"expected 1 to {fewest} images of each digit, got {each}.")
    draw = torch.Generator().manual_seed(seed)
    chosen = []
    for digit in range(OLD_DIGITS):
        rows = (labels == digit).nonzero()[:, 0]
        chosen.append(rows[torch.randperm(len(rows), generator=draw)[:each]])
    picked = torch.cat(chosen)
    return images[picked], labels[picked]
