"""How the interactives ask a learner's net: in evaluation mode, where its weights lie."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


@torch.no_grad()
def answer(model: nn.Module, part: str, x: Tensor) -> Tensor:
    """What the model, or the part of it with that name, makes of `x`; on the CPU, no gradients.

    The model answers in evaluation mode, and is put back into the mode that it was in.

    >>> answer(nn.Sequential(nn.Linear(2, 64)), "0", torch.zeros(1, 2)).shape
    torch.Size([1, 64])
    """
    if part and not isinstance(getattr(model, part, None), nn.Module):
        raise ValueError(f"the net needs a part model.{part}; {type(model).__name__} has none.")
    device = next(iter(model.parameters()), torch.empty(0)).device
    training = model.training
    model.eval()
    try:
        made: Tensor = (getattr(model, part) if part else model)(x.to(device))
        return made.cpu()
    finally:
        model.train(training)


def pictures(images: Any, name: str = "images") -> Tensor:
    """The images themselves; ValueError when they are not of shape (N, 1, H, W) with N ≥ 1."""
    shape = tuple(images.shape) if isinstance(images, Tensor) else type(images).__name__
    if isinstance(shape, str) or len(shape) != 4 or shape[1] != 1 or 0 in shape:
        raise ValueError(f"{name} must be a tensor of shape (N, 1, H, W); got {shape}.")
    return images
