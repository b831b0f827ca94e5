"""Pictures that are made and not taken: shapes with their masks, and bars over digits.

Nothing is read from a file: a seed draws every picture, the same on every machine.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

SMALLEST_SIDE = 8
CONTRAST = 0.25  # by how much a shape is at least brighter or darker than what is behind it
SECOND = 0.5  # how many of the pictures have a second shape


def shapes(count: int, seed: int, side: int = 32, noise: float = 0.1) -> tuple[Tensor, Tensor]:
    """Pictures of one or two shapes, and the mask of where the shapes are.

    A shape is a disc, a box or a triangle, turned by any angle and of any brightness; so is the
    background, from which each shape differs by at least 0.25: a shape may be the darker one.
    `noise` is the spread of the normal noise that is added to every pixel at the end; then
    everything is cut to 0…1.

    Returns `(images, masks)`, both (count, 1, side, side) and float32: images from 0 to 1, masks
    1 inside a shape and 0 outside.
    Raises ValueError for less than 1 picture, a side below 8, or noise below 0.

    >>> images, masks = shapes(3, seed=0)
    >>> images.shape, masks.unique().tolist()
    (torch.Size([3, 1, 32, 32]), [0.0, 1.0])
    """
    if count < 1 or side < SMALLEST_SIDE or noise < 0:
        raise ValueError(
            f"expected at least 1 picture, a side from {SMALLEST_SIDE} on and noise from 0 on, "
            f"got {count}, {side} and {noise}."
        )
    draw = torch.Generator().manual_seed(seed)
    background = torch.rand(count, 1, 1, 1, generator=draw)
    images = background.expand(count, 1, side, side).clone()
    masks = torch.zeros(count, 1, side, side, dtype=torch.bool)
    for shown in (torch.ones(count), torch.rand(count, generator=draw) < SECOND):
        inside = _one_shape(count, side, draw) & shown.bool().reshape(-1, 1, 1, 1)
        images = torch.where(inside, _brightness(background, draw), images)
        masks |= inside
    images += noise * torch.randn(images.shape, generator=draw)
    return images.clamp(0, 1), masks.float()


def _brightness(background: Tensor, draw: torch.Generator) -> Tensor:
    """A brightness for each picture, evenly drawn from those that differ enough from the back."""
    below = (background - CONTRAST).clamp(min=0)
    above = (1 - CONTRAST - background).clamp(min=0)
    drawn = torch.rand(background.shape, generator=draw) * (below + above)
    return torch.where(drawn < below, drawn, drawn - below + background + CONTRAST)


def _one_shape(count: int, side: int, draw: torch.Generator) -> Tensor:
    """A disc, box or triangle in each picture: (count, 1, side, side), True inside."""

    def drawn(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, 1, 1, 1, generator=draw)

    kind = torch.randint(3, (count, 1, 1, 1), generator=draw)
    x, y, size = drawn(0.2, 0.8), drawn(0.2, 0.8), drawn(0.13, 0.28)
    angle, slimness = drawn(0, 2 * math.pi), drawn(0.5, 1)
    places = (torch.arange(side) + 0.5) / side
    across, down = places.reshape(1, 1, 1, -1) - x, places.reshape(1, 1, -1, 1) - y
    u = (across * angle.cos() + down * angle.sin()) / size
    v = (down * angle.cos() - across * angle.sin()) / size
    disc = u**2 + v**2 <= 1
    box = (u.abs() <= 1) & (v.abs() <= slimness)
    rest = math.sqrt(3) / 2 * v.abs() - u / 2  # the two sides beside the upright one
    triangle = (u <= 0.6) & (rest <= 0.6)
    return torch.where(kind == 0, disc, torch.where(kind == 1, box, triangle))


def with_bars(images: Tensor, seed: int, strength: float = 0.5) -> tuple[Tensor, Tensor]:
    """Images with one bright bar each, at a random place, and the number of that place.

    A bar is a whole row or a whole column of pixels that become brighter by `strength`; no pixel
    becomes brighter than 1. Rows have the numbers 0 to H − 1, columns H to H + W − 1; each
    is equally likely.

    images: (N, C, H, W) from 0 to 1, which stay as they are. Returns `(barred, numbers)`:
    a new tensor of the same shape, and (N,), int64.
    Raises ValueError for images of another shape.

    >>> barred, numbers = with_bars(torch.zeros(2, 1, 8, 8), seed=0)
    >>> barred.sum(dim=(1, 2, 3)).tolist(), bool(numbers.max() < 16)
    ([4.0, 4.0], True)
    """
    if images.dim() != 4:
        raise ValueError(f"expected images of shape (N, C, H, W), got {tuple(images.shape)}.")
    count, _, height, width = images.shape
    draw = torch.Generator().manual_seed(seed)
    numbers = torch.randint(height + width, (count,), generator=draw).to(images.device)
    of_image = numbers.reshape(-1, 1, 1, 1)
    rows = torch.arange(height, device=images.device).reshape(1, 1, -1, 1)
    columns = torch.arange(width, device=images.device).reshape(1, 1, 1, -1)
    bar = (rows == of_image) | (columns + height == of_image)
    return (images + strength * bar).clamp(max=1), numbers
