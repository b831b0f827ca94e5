"""What a check asks of a net that restores pictures, where the net is: short answers in plain data.

A trained net's numbers differ a little from machine to machine. What is asked here does not, so
that a mistake can be recognised by it. A lesson's first code cell brings these functions along.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


@torch.no_grad()
def same_answers(one: nn.Module, other: nn.Module, images: Tensor) -> bool:
    """Whether two nets give the same pictures (but for rounding) for the same images (N, …).

    >>> same_answers(nn.ReLU(), nn.Identity(), torch.ones(1, 4))
    True
    """
    first, second = one(images), other(images)
    return first.shape == second.shape and bool(torch.allclose(first, second, atol=1e-5))


@torch.no_grad()
def narrowest(net: nn.Module, images: Tensor) -> int:
    """The fewest numbers for one image that leave any layer of the net on the way through.

    images: shape (N, …). Layers inside layers are asked; a net without layers counts as one.

    >>> narrowest(nn.Sequential(nn.Linear(4, 2), nn.Linear(2, 4)), torch.ones(3, 4))
    2
    """
    widths: list[int] = []
    layers = [module for module in net.modules() if not list(module.children())]
    hooks = [
        layer.register_forward_hook(lambda _layer, _given, out: widths.append(out[0].numel()))
        for layer in layers
    ]
    try:
        net(images)
    finally:
        for hook in hooks:
            hook.remove()
    return min(widths)


@torch.no_grad()
def beats_grey(net: nn.Module, given: Tensor, wanted: Tensor) -> bool:
    """Whether a net, shown `given`, comes nearer to `wanted` than one grey for all pixels does.

    given, wanted: images of shape (N, …). The grey is the mean of `wanted`; what is compared is the
    mean squared difference over all numbers. A net that has learned nothing does not beat it.

    >>> black = nn.Threshold(1.0, 0.0)  # whatever is below 1 becomes 0
    >>> beats_grey(black, torch.tensor([[0.2, 0.9]]), torch.tensor([[0.0, 1.0]]))
    False
    """
    error = ((net(given) - wanted) ** 2).mean()
    return bool(error < wanted.var(correction=0))


@torch.no_grad()
def what_it_draws(net: nn.Module, images: Tensor, masks: Tensor) -> str:
    """What a net that was trained to find masks gives: "masks", or what else it learned.

    images, masks: shape (N, 1, H, W); the net gives logits of that shape. They are "masks" if
    those inside are on average more than 2 above those outside, "zeros and ones" if they are
    themselves about 1 inside and 0 outside, "pictures" if their sigmoid repeats the images.
    All else is "nothing".

    >>> boxes = torch.tensor([[[[0.0, 1.0]]]])
    >>> what_it_draws(nn.Identity(), boxes, boxes)
    'zeros and ones'
    """
    logits = net(images)
    inside, outside = float(logits[masks == 1].mean()), float(logits[masks == 0].mean())
    if inside > outside + 2:
        return "masks"
    if abs(inside - 1) < 0.3 and abs(outside) < 0.3:
        return "zeros and ones"
    copied = float((logits.sigmoid() - images).abs().mean())
    return "pictures" if copied < 0.08 else "nothing"
