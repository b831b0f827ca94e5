"""What checks say of nets that restore pictures: how far they are ahead of what needs no net."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from utils import data
from utils.expect import Mismatch, expect
from utils.filters_for_noise import gaussian3, median3, psnr

WIDTHS = (0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.5)  # of the Gaussian filters, in pixels


def expect_ahead(value: float, rivals: Mapping[str, float], what: str, digits: int = 3) -> None:
    """Check that a net's number is above those of its rivals, each told with its name.

    Raises Mismatch with the best rival's name and number, rounded to `digits`.

    >>> expect_ahead(0.9, {"the mean image": 0.8}, "a ROC-AUC")
    """
    best = max(rivals, key=lambda name: rivals[name])
    if not value > rivals[best]:
        says = f"On digits that it has not seen the net does not beat {best}."
        raise Mismatch(says, f"{what} above {rivals[best]:.{digits}f}", f"{value:.{digits}f}")


def expect_denoised(net: Any, sigma: float, seed: int, ahead: float) -> None:
    """Check that a net restores noisy test digits `ahead` decibels better than the best filter.

    The noise has the standard deviation `sigma`; `seed` draws it.
    Raises Mismatch with what was expected and reached.
    """
    clean, noisy = noisy_digits(sigma, seed)
    rivals = {
        f"{name} by {ahead:g} dB": number + ahead
        for name, number in psnr_of_filters(clean, noisy).items()
    }
    expect_ahead(psnr_of_net(net, clean, noisy), rivals, "a PSNR, in dB,", digits=2)


def noisy_digits(sigma: float, seed: int) -> tuple[Tensor, Tensor]:
    """The test digits (450, 1, 8, 8), and the same with noise of standard deviation `sigma`."""
    clean = data.digits("test")[0]
    draw = torch.Generator().manual_seed(seed)
    return clean, clean + sigma * torch.randn(clean.shape, generator=draw)


def psnr_of_filters(clean: Tensor, noisy: Tensor) -> dict[str, float]:
    """What needs no net, in decibels: the median, and the best of several Gaussian filters."""
    return {
        "the median filter": psnr(median3(noisy), clean),
        "the best Gaussian filter": max(psnr(gaussian3(noisy, width), clean) for width in WIDTHS),
    }


def psnr_of_net(net: Any, clean: Tensor, noisy: Tensor) -> float:
    """The PSNR of what a net gives back for `noisy`, worked out here, in decibels."""
    restored = net(noisy)
    expect(restored, shape=tuple(clean.shape), dtype=torch.float32)
    return psnr(restored.detach(), clean)
