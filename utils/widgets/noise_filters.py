"""The picture and the sentence of noisy images, a net that restores them, and a median filter."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from utils.filters_for_noise import median3, psnr
from utils.plots import ACCENT, INK
from utils.widgets.asked_net import answer, pictures
from utils.widgets.panel import Panel
from utils.widgets.picture import Sheet, number

MOST_NOISE = 1.0
SIGMAS = np.linspace(0, MOST_NOISE, 11)  # where the curves are measured
MOST_SHOWN = 6
SCALE = (0.0, 30.0)  # decibels that the curves' picture has room for
WAYS = ("noisy", "median 3 × 3", "restored by the net")

# Inches.
WIDTH, HEIGHT = 9.4, 4.3
SIDE, PITCH = 0.72, 0.8
LEFT, TOP = 1.62, 0.5  # the first picture's corner
CURVES = ((7.15, 0.62), (1.95, 2.65))


class Restored(NamedTuple):
    """Noisy images and what becomes of them, (N, 1, H, W) each, and each one's PSNR in dB."""

    noisy: Tensor
    median: Tensor
    restored: Tensor
    psnr: tuple[float, float, float]


def restored_at(model: nn.Module, images: Tensor, sigma: float) -> Restored:
    """Images with noise of standard deviation `sigma`, filtered and restored.

    The noise is one and the same pattern, `sigma` times as strong, so that states can be compared.
    """
    pictures(images)
    if not 0 <= sigma <= MOST_NOISE:
        raise ValueError(f"sigma must be from 0 to {number(MOST_NOISE)}; got {sigma}.")
    pattern = torch.randn(images.shape, generator=torch.Generator().manual_seed(0))
    clean = images.cpu()
    noisy = clean + sigma * pattern.to(clean.dtype)
    restored = answer(model, "", noisy)
    if restored.shape != images.shape:
        raise ValueError(
            f"the net must give back images of the shape {tuple(images.shape)}; "
            f"got {tuple(restored.shape)}."
        )
    median = median3(noisy)
    scores = [psnr(made, clean) for made in (noisy, median, restored)]
    return Restored(noisy, median, restored, (scores[0], scores[1], scores[2]))


def scores_over_noise(model: nn.Module, images: Tensor) -> np.ndarray:
    """PSNR of the three ways at `SIGMAS`, (11, 3): noisy, median, net."""
    return np.array([restored_at(model, images, float(sigma)).psnr for sigma in SIGMAS])


def noise_restored_text(model: nn.Module, images: Tensor, sigma: float) -> str:
    """What the picture of this noise shows, with its numbers.

    >>> noise_restored_text(nn.Identity(), torch.full((1, 1, 4, 4), 0.5), 0.0)
    'Noise with a standard deviation of 0. PSNR over 1 image: noisy exact, \
after the median filter exact, restored by the net exact. Doing nothing is best.'
    """
    made = restored_at(model, images, sigma)
    noisy, median, restored = (_decibels(score) for score in made.psnr)
    count = "1 image" if len(images) == 1 else f"{len(images)} images"
    names = ("Doing nothing", "The median filter", "The net")
    best = names[int(np.argmax(made.psnr))]
    return (
        f"Noise with a standard deviation of {number(sigma)}. PSNR over {count}: noisy {noisy}, "
        f"after the median filter {median}, restored by the net {restored}. {best} is best."
    )


def noise_restored_figure(
    model: nn.Module, images: Tensor, sigma: float, scores: np.ndarray | None = None
) -> Figure:
    """Images, the same with noise, and two ways to restore them; PSNR over the strength of noise.

    Parameters: `model(noisy)` gives back images of the same shape;
    `images` (N, 1, H, W), clean, from 0 to 1: six are shown, all count;
    `sigma`, the noise's standard deviation, from 0 to 1;
    `scores`, what `scores_over_noise` says, if it is known: finding them takes longest.
    PSNR is −10·log10 of the mean squared difference over all pixels, in dB: higher is better.
    Pictures are shown clipped to 0 … 1; PSNR is taken before that.
    Raises ValueError for other settings, and for a net that changes the shape.

    >>> figure = noise_restored_figure(nn.Identity(), torch.rand(6, 1, 8, 8), 0.3)
    """
    made = restored_at(model, images, sigma)
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    shown = min(MOST_SHOWN, len(images))
    rows = [("clean", images, math.nan)]
    rows += zip(WAYS, (made.noisy, made.median, made.restored), made.psnr, strict=True)
    for place, (title, pixels, score) in enumerate(rows):
        y = TOP + place * (SIDE + 0.2)
        first, _, rest = title.partition(" by ")
        words = [first, f"by {rest}"] if rest else [first]
        words += [] if math.isnan(score) else [_decibels(score)]
        for line, word in enumerate(words):
            height = y + SIDE / 2 + 0.24 * (line - (len(words) - 1) / 2)
            sheet.write(LEFT - 0.15, height, word, 10, align="right")
        for column in range(shown):
            values = pixels[column, 0].cpu().double().numpy()
            sheet.photo(values, (LEFT + column * PITCH, y), (SIDE, SIDE))
    sheet.write(LEFT + shown * PITCH / 2, 0.24, f"noise with σ = {number(sigma)}", 11)
    known = scores_over_noise(model, images) if scores is None else scores
    _curves(sheet, known, sigma, made)
    return sheet.finish()


def _curves(sheet: Sheet, scores: np.ndarray, sigma: float, made: Restored) -> None:
    """PSNR of the three ways over the strength of noise, with the present one marked."""
    panel = Panel(sheet, *CURVES, (0, MOST_NOISE), SCALE)
    panel.axes([0, 0.5, 1], [0, 10, 20, 30], "σ of the noise", "PSNR in dB")
    styles = ((":", 1.6), ("--", 1.6), ("-", 2.4))
    for ours, (style, thick) in zip(scores.clip(*SCALE).T, styles, strict=True):
        panel.curve(SIGMAS, ours, style, thick=thick)
    panel.upright(sigma)
    for score in made.psnr:
        at = panel.at(sigma, min(max(score, SCALE[0]), SCALE[1]))
        sheet.axes.scatter(*at, s=34, marker="D", color=ACCENT, zorder=7)
    (left, top), (_, tall) = CURVES
    for place, (name, (style, thick)) in enumerate(
        zip(("noisy", "median", "net"), styles, strict=True)
    ):
        x, y = left - 0.5 + 0.92 * place, top + tall + 0.75
        sheet.axes.hlines(y, x, x + 0.3, color=INK, linestyle=style, linewidth=thick)
        sheet.write(x + 0.36, y, name, 9, align="left")


def _decibels(score: float) -> str:
    return "exact" if math.isinf(score) else f"{score:.1f} dB".replace("-", "−")
