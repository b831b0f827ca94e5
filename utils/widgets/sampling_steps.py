"""The picture and the sentence of a step on the way from noise to pictures."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from matplotlib.figure import Figure

from utils.widgets.panel import Panel
from utils.widgets.picture import QUIET, Sheet, number

MOST_SHOWN = 6

# Inches.
WIDTH, HEIGHT = 9.4, 4.6
ROW = (0.55, 9.05)  # left and right end of the pictures
SIDE = 1.28
PICTURES = 0.6
CHART = ((0.75, 2.75), (5.2, 1.2))
MIXTURE = (6.75, 2.75, 2.2)  # left end, height and width of the two bars


def checked_states(states: Any, kept: Any) -> tuple[np.ndarray, np.ndarray]:
    """States (T+1, N, 1, H, W) and shares (T+1,) as float64; ValueError when they do not fit."""
    if isinstance(states, list | tuple):
        states = torch.stack([torch.as_tensor(state) for state in states])
    array = torch.as_tensor(states).detach().cpu().double().numpy()
    if array.ndim != 5 or array.shape[2] != 1 or len(array) < 2 or array.size == 0:
        raise ValueError(
            "states must have shape (T+1, N, 1, H, W), the noise first and the finished pictures "
            f"last; got {array.shape}."
        )
    shares = torch.as_tensor(kept).detach().cpu().double().numpy()
    if shares.shape != (len(array),):
        raise ValueError(
            f"kept must have a share for each of the {len(array)} states; got {shares.shape}."
        )
    return array, shares


def diffusion_steps_text(states: Any, step: int, kept: Any) -> str:
    """What the pictures are at this step, with its numbers.

    >>> diffusion_steps_text(torch.linspace(-1, 1, 5).expand(3, 1, 1, 1, 5), 1, [1.0, 0.4, 0.0])
    'Step 1 of 2, t = 1: 40 % signal and 60 % noise by variance. \
Pixels from −1.00 to 1.00 in 1 picture. A pixel is 0.000 away from its finished value on average.'
    """
    array, shares, place = _at(states, step, kept)
    T = len(array) - 1
    now = array[place]
    away = float(np.abs(now - array[-1]).mean())
    share = 100 * float(shares[T - place])
    pictures = "1 picture" if now.shape[0] == 1 else f"{now.shape[0]} pictures"
    low, high = (f"{value:.2f}".replace("-", "−") for value in (now.min(), now.max()))
    return (
        f"Step {place} of {T}, t = {T - place}: {share:.0f} % signal and {100 - share:.0f} % noise "
        f"by variance. Pixels from {low} to {high} in {pictures}. "
        f"A pixel is {away:.3f} away from its finished value on average."
    )


def diffusion_steps_figure(states: Any, step: int, kept: Any) -> Figure:
    """Pictures on their way out of noise, and how much signal there is at this step.

    Parameters: `states` (T+1, N, 1, H, W), in the order in which sampling makes them:
    `states[0]` is pure noise (t = T) and `states[T]` the finished pictures (t = 0), from −1 to 1;
    six are shown. `step`, from 0 to T. `kept` (T+1,), the share of signal that is left after
    t = 0 … T steps to noise, by variance: from 1 down to nearly 0.
    Pictures are shown clipped to −1 … 1.
    Raises ValueError for other shapes and steps.

    >>> figure = diffusion_steps_figure(torch.randn(5, 4, 1, 8, 8), 2, [1.0, 0.8, 0.5, 0.2, 0.0])

    Source: J. Ho, A. Jain, P. Abbeel (2020), "Denoising Diffusion Probabilistic Models".
    """
    array, shares, place = _at(states, step, kept)
    T = len(array) - 1
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    shown = min(MOST_SHOWN, array.shape[1])
    pitch = (ROW[1] - ROW[0]) / MOST_SHOWN
    first = (WIDTH - shown * pitch) / 2 + (pitch - SIDE) / 2
    sheet.write(WIDTH / 2, 0.28, f"step {place} of {T}  (t = {T - place})", 11.5)
    for column in range(shown):
        at = (first + column * pitch, PICTURES)
        sheet.photo(array[place, column, 0], at, (SIDE, SIDE), -1.0, 1.0)
    _chart(sheet, shares, place)
    _mixture(sheet, float(shares[T - place]))
    return sheet.finish()


def _at(states: Any, step: int, kept: Any) -> tuple[np.ndarray, np.ndarray, int]:
    array, shares = checked_states(states, kept)
    if step != int(step) or not 0 <= step < len(array):
        raise ValueError(f"step must be a whole number from 0 to {len(array) - 1}; got {step}.")
    return array, shares, int(step)


def _chart(sheet: Sheet, shares: np.ndarray, place: int) -> None:
    """The share of signal at every step, the present one marked."""
    T = len(shares) - 1
    panel = Panel(sheet, *CHART, (0, T), (0, 1))
    panel.axes(
        sorted({0, T // 2, T}), [0, 0.5, 1], "step of sampling: from noise to pictures",
        "share of signal kept, by variance",
    )  # fmt: skip
    panel.curve(range(T + 1), shares[::-1])
    panel.upright(place)
    panel.point(place, float(shares[T - place]), 85)


def _mixture(sheet: Sheet, share: float) -> None:
    """x at this t: so many times the picture, so many times noise."""
    left, top, wide = MIXTURE
    sheet.write(left, top - 0.16, "the net learned at this t on", 9.5, QUIET, "left")
    rows = (("times the picture", share, "0.35"), ("times noise", 1 - share, "0.82"))
    for line, (name, part, fill) in enumerate(rows):
        y = top + 0.12 + 0.62 * line
        factor = math.sqrt(max(part, 0.0))
        edge = [left, left + wide * factor, left + wide * factor, left]
        sheet.axes.fill([left, left + wide, left + wide, left], [y, y, y + 0.2, y + 0.2],
                        facecolor="white", edgecolor=QUIET, linewidth=0.7)  # fmt: skip
        sheet.axes.fill(edge, [y, y, y + 0.2, y + 0.2], facecolor=fill, linewidth=0)
        sheet.write(left, y + 0.37, f"{number(round(factor, 3))} {name}", 10, align="left")
    sheet.write(left, top + 1.42, "the squares of both add up to 1", 9, QUIET, "left")
