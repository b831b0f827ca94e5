"""How good generated digits are: three numbers, because each one alone can be cheated.

A generator that returns training pictures by heart is perfectly accurate, so it is also asked how
far its pictures are from those it has seen. One that draws the same 3 for ever is accurate as well,
so it is also asked how much its 3s differ.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TypedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from utils.data import digits

CLASSES = 10
BATCH, EPOCHS, LR = 64, 5, 1e-2  # of the classifier's training; OneCycle


class Quality(TypedDict):
    """What `sample_quality` returns; every number is a share or a ratio."""

    accuracy: float | None
    nearest: float
    diversity: float


def sample_quality(images: Tensor, labels: Tensor | None = None) -> Quality:
    """Measure generated digits against the real ones.

    images: (N, 1, 8, 8), values from 0 to 1; labels: (N,), the digit that each was to be, 0 to 9.
    Returns a dict of three numbers:

    - "accuracy": the share of images that a classifier takes for their label, 0 to 1.
      The classifier is a small CNN, trained once on the training digits; it is right for about
      98 % of the test digits. None without labels.
    - "nearest": the mean distance from a sample to the training digit most like it, divided by
      the same mean for test digits of the same labels. A copy of the training digits has 0,
      new handwriting about 1.
    - "diversity": the mean distance between two samples of the same label, divided by the same
      mean for test digits. Samples that are all alike have 0, new handwriting about 1.

    A distance is the root of the summed squared differences of two images' 64 pixels.
    Without labels every sample counts as of one kind, and is compared with all test digits.

    Raises ValueError for other shapes, labels outside 0 to 9, or when no label has two samples.

    >>> test_images, test_labels = digits("test")
    >>> round(sample_quality(test_images, test_labels)["nearest"], 3)
    1.0
    """
    _refuse_others(images, labels)
    kinds = torch.zeros(len(images), dtype=torch.long) if labels is None else labels.cpu()
    images = images.detach().cpu().float()
    right = None if labels is None else float((judge_of_digits(images) == kinds).float().mean())
    usual = _of_test_digits(labels is not None)
    counts = kinds.bincount(minlength=len(usual)).double()
    near = _nearest(images) / torch.tensor([usual[kind][0] for kind in kinds.tolist()])
    spread = [
        _spread(images[kinds == kind]) / usual[kind][1] if counts[kind] > 1 else 0.0
        for kind in range(len(usual))
    ]
    shared = counts * (counts > 1)
    diversity = float((torch.tensor(spread, dtype=torch.float64) * shared).sum() / shared.sum())
    return {"accuracy": right, "nearest": float(near.mean()), "diversity": diversity}


@torch.no_grad()
def judge_of_digits(images: Tensor) -> Tensor:
    """Which digit a small CNN takes each image for: (N, 1, 8, 8) → (N,), int64.

    The first call trains it on the training digits, for about a second.
    """
    return _classifier()(images).argmax(dim=1)


@cache
def _classifier() -> nn.Module:
    """The trained CNN; it is the same wherever it is asked for first, so it trains by itself."""
    images, labels = digits("train")
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(0)
        net = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(32 * 16, CLASSES),
        )
        optimizer = torch.optim.Adam(net.parameters(), lr=LR)
        batches = math.ceil(len(images) / BATCH)
        rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, LR, total_steps=EPOCHS * batches)
        for _ in range(EPOCHS):
            for rows in torch.randperm(len(images)).split(BATCH):
                optimizer.zero_grad()
                F.cross_entropy(net(images[rows]), labels[rows]).backward()
                optimizer.step()
                rates.step()
    return net.eval()


@cache
def _of_test_digits(by_label: bool) -> tuple[tuple[float, float], ...]:
    """For each label, or for all at once: how near test digits are to training ones, and apart."""
    images, labels = digits("test")
    groups = [images[labels == digit] for digit in range(CLASSES)] if by_label else [images]
    return tuple((float(_nearest(group).mean()), _spread(group)) for group in groups)


def _nearest(images: Tensor) -> Tensor:
    """The distance of each image to the nearest training digit: (N,)."""
    return torch.cdist(images.flatten(1), digits("train")[0].flatten(1)).min(dim=1).values


def _spread(images: Tensor) -> float:
    """The mean distance between two different images."""
    return float(F.pdist(images.flatten(1)).mean())


def _refuse_others(images: Tensor, labels: Tensor | None) -> None:
    if images.dim() != 4 or tuple(images.shape[1:]) != (1, 8, 8) or len(images) < 2:
        raise ValueError(
            f"expected at least two images of shape (N, 1, 8, 8), got {tuple(images.shape)}."
        )
    if labels is None:
        return
    if tuple(labels.shape) != (len(images),) or labels.is_floating_point():
        raise ValueError(f"expected {len(images)} whole labels, got {tuple(labels.shape)}.")
    if int(labels.min()) < 0 or int(labels.max()) >= CLASSES:
        raise ValueError("expected labels from 0 to 9.")
    if int(labels.bincount().max()) < 2:
        raise ValueError("expected at least two images of some label: one alone has no diversity.")
