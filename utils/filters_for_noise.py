"""What is against noise without learning: two classical filters, and how close they come."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def median3(images: Tensor) -> Tensor:
    """Each pixel becomes the median of the 3×3 pixels around it; the border is repeated outwards.

    images: (N, C, H, W); returns the same shape.
    Raises ValueError for another shape.

    >>> spot = torch.zeros(1, 1, 5, 5)
    >>> spot[0, 0, 2, 2] = 1
    >>> median3(spot).max().item()
    0.0
    """
    padded = F.pad(_checked(images), (1, 1, 1, 1), mode="replicate")
    around = padded.unfold(2, 3, 1).unfold(3, 3, 1)  # (N, C, H, W, 3, 3)
    return around.flatten(-2).median(dim=-1).values


def gaussian3(images: Tensor, sigma: float) -> Tensor:
    """Each pixel becomes a weighted mean of the 3×3 pixels around it, as a Gaussian weighs them.

    images: (N, C, H, W); returns the same shape. A neighbour one pixel away weighs
    exp(−1 / 2σ²) times as much as the middle, and all weights together are 1.
    The border is repeated outwards. `sigma` is in pixels.
    Raises ValueError for another shape, or a sigma that is not above 0.

    >>> round(gaussian3(torch.ones(1, 1, 4, 4), 0.8).mean().item(), 4)
    1.0
    """
    if sigma <= 0:
        raise ValueError(f"sigma is a width in pixels, above 0; got {sigma}.")
    beside = math.exp(-1 / (2 * sigma**2))
    line = torch.tensor([beside, 1.0, beside], dtype=images.dtype, device=images.device)
    line = line / line.sum()
    channels = _checked(images).shape[1]
    kernel = torch.outer(line, line).expand(channels, 1, 3, 3)
    padded = F.pad(images, (1, 1, 1, 1), mode="replicate")
    return F.conv2d(padded, kernel, groups=channels)


def psnr(x: Tensor, y: Tensor) -> float:
    """The peak signal-to-noise ratio of two stacks of images from 0 to 1, in decibels.

    10 · log10(1 / MSE), with the squared difference averaged over *all* numbers of all images at
    once; 20 dB is an error of 0.1 at a typical pixel. Infinite for equal images.
    Raises ValueError for different shapes.

    >>> psnr(torch.zeros(2, 3), torch.full((2, 3), 0.1))
    20.0
    """
    if x.shape != y.shape:
        raise ValueError(
            f"expected two tensors of one shape, got {tuple(x.shape)} and {tuple(y.shape)}."
        )
    error = float(F.mse_loss(x.double(), y.double()))
    return math.inf if error == 0 else round(-10 * math.log10(error), 6)


def _checked(images: Tensor) -> Tensor:
    if images.dim() != 4:
        raise ValueError(f"expected images of shape (N, C, H, W), got {tuple(images.shape)}.")
    return images
