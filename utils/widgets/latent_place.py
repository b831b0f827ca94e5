"""The picture and the sentence of a place in a latent space of two numbers."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from utils.plots import INK
from utils.widgets.asked_net import answer, pictures
from utils.widgets.panel import Panel, ticks
from utils.widgets.picture import QUIET, Sheet, number

NEIGHBOURS = 10
MOST_DRAWN = 600  # labels on the map; more would hide each other

# Inches.
WIDTH, HEIGHT = 9.4, 5.0
MAP = ((0.7, 0.6), (4.9, 3.65))  # left top corner and size
DECODED = ((6.25, 0.6), 2.5)  # left top corner and side
NEAREST = ((6.25, 3.5), 0.95)


class Place(NamedTuple):
    """What a latent space has at one place.

    `codes` (N, 2); `decoded` (H, W); `nearest`, the row of the image whose code is closest, and
    `distance` to it; `vote`, the most frequent label of the closest codes, and `votes` for it.
    """

    codes: np.ndarray
    decoded: np.ndarray
    nearest: int
    distance: float
    vote: int
    votes: int
    asked: int


def encoded(model: nn.Module, images: Tensor) -> np.ndarray:
    """Each image's code, (N, 2), in evaluation mode and without gradients."""
    pictures(images)
    codes = answer(model, "encoder", images)
    if codes.dim() != 2 or codes.shape[1] != 2:
        raise ValueError(
            f"the map has two axes, but model.encoder gives codes of shape {tuple(codes.shape)}; "
            "train a net whose code has 2 numbers: Autoencoder((64, 150, 50, 20, 2))."
        )
    if not bool(codes.isfinite().all()):
        raise ValueError(
            "some codes are inf or nan, so training went wrong; train again with a smaller lr."
        )
    return codes.double().numpy()


def latent_start(model: nn.Module, images: Tensor) -> tuple[float, float]:
    """Where the map starts: in the middle of all codes, (x, y), rounded to the sliders' steps.

    Of two codes (0, 0) and (4, 2) it is (2.0, 1.0).
    """
    codes = encoded(model, images)
    return rounded(codes.mean(axis=0), codes)


def rounded(point: np.ndarray, codes: np.ndarray) -> tuple[float, float]:
    """A place on the sliders' steps."""
    steps = [step_of(*side) for side in limits_of(codes)]
    x, y = (
        round(round(float(value) / step) * step, 10)
        for value, step in zip(point, steps, strict=True)
    )
    return x, y


def limits_of(codes: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """(least, most) of each of the two numbers, with a little room, on the sliders' steps."""
    found = []
    for values in codes.T:
        least, most = float(values.min()), float(values.max())
        room = 0.06 * (most - least) or 1.0
        step = step_of(least - room, most + room)
        low, high = math.floor((least - room) / step), math.ceil((most + room) / step)
        found.append((round(low * step, 10), round(high * step, 10)))
    return found[0], found[1]


def step_of(least: float, most: float) -> float:
    """A round step of which between 30 and 300 go from `least` to `most`.

    >>> step_of(-3, 5)
    0.1
    """
    return float(10.0 ** math.floor(math.log10((most - least) / 29)))


def latent_map_text(model: nn.Module, images: Tensor, labels: Tensor, x: float, y: float) -> str:
    """What the map shows at this place, with its numbers; for example

    "At z = (1.5, −0.2) the decoder draws a picture with ink from 0.00 to 0.98, 0.31 on average.
    The nearest of 450 codes is that of a 3, 0.12 away. Of the 10 nearest codes 9 belong to a 3."
    """
    place = _place(model, images, labels, x, y)
    ink = place.decoded
    return (
        f"At z = ({number(x)}, {number(y)}) the decoder draws a picture with ink from "
        f"{ink.min():.2f} to {ink.max():.2f}, {ink.mean():.2f} on average. "
        f"The nearest of {len(place.codes)} codes is that of {_a(labels[place.nearest])}, "
        f"{number(place.distance)} away. "
        f"Of the {place.asked} nearest codes {place.votes} belong to {_a(place.vote)}."
    )


def _a(digit: Tensor | int) -> str:
    """A digit with its article: "a 3", "an 8"."""
    return f"{'an' if int(digit) == 8 else 'a'} {int(digit)}"


def latent_map_figure(
    model: nn.Module, images: Tensor, labels: Tensor, x: float, y: float
) -> Figure:
    """Where the codes of images lie, and what the decoder makes of one place among them.

    Parameters: `model.encoder(images)` gives (N, 2), `model.decoder` turns (1, 2) into H·W numbers;
    `images` (N, 1, H, W), ink from 0 to 1; `labels` (N,), whole numbers from 0 to 9;
    `x`, `y`, the two numbers of the latent variable.
    Each code is drawn as its label; of more than 600 only 600 are drawn.
    Raises ValueError for codes that have not two numbers, and for labels that do not fit.

    Source: G. Hinton, R. Salakhutdinov (2006), "Reducing the Dimensionality of Data with Neural
    Networks", who drew digits' two-number codes in this way.
    """
    place = _place(model, images, labels, x, y)
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    across, up = limits_of(place.codes)
    across = (min(across[0], x), max(across[1], x))
    up = (min(up[0], y), max(up[1], y))
    panel = Panel(sheet, *MAP, across, up)
    panel.axes(ticks(*across, 7), ticks(*up), "first number of the code")
    (left, top), (wide, _) = MAP
    sheet.write(left + wide / 2, 0.28, "codes, each drawn as its digit", 11)
    sheet.write(left - 0.45, top - 0.16, "second number", 9.5, QUIET, "left")
    rows = np.unique(np.linspace(0, len(labels) - 1, MOST_DRAWN).astype(int))
    for row in rows:
        at = panel.at(*place.codes[row])
        sheet.write(*at, str(int(labels[row])), 7.5, INK)
    panel.point(x, y, 95)

    (left, top), side = DECODED
    sheet.write(left + side / 2, 0.28, f"decoder({number(x)}, {number(y)})", 11)
    sheet.photo(place.decoded, (left, top), (side, side))
    sheet.frame(left, top, side, side)
    (left, top), side = NEAREST
    real = images[place.nearest, 0].cpu().double().numpy()
    sheet.photo(real, (left, top), (side, side))
    words = (
        f"nearest code: a {int(labels[place.nearest])},",
        f"{number(place.distance)} away",
        f"{place.votes} of {place.asked} neighbours: {place.vote}",
    )
    for line, word in enumerate(words):
        sheet.write(left + side + 0.15, top + 0.2 + 0.27 * line, word, 10, align="left")
    return sheet.finish()


def _place(model: nn.Module, images: Tensor, labels: Any, x: float, y: float) -> Place:
    codes = encoded(model, images)
    if len(labels) != len(images):
        raise ValueError(f"{len(images)} images need as many labels; got {len(labels)}.")
    drawn = answer(model, "decoder", torch.tensor([[x, y]], dtype=images.dtype)).double()
    height, width = images.shape[2:]
    if drawn.numel() != height * width:
        raise ValueError(
            f"model.decoder makes {drawn.numel()} numbers of a code, but an image has "
            f"{height}·{width} = {height * width}."
        )
    away = np.hypot(*(codes - (x, y)).T)
    order = np.argsort(away, kind="stable")
    close = np.asarray(torch.as_tensor(labels).cpu())[order[:NEIGHBOURS]]
    counts = np.bincount(close)
    vote = int(counts.argmax())
    pixels = drawn.reshape(height, width).numpy().clip(0, 1)
    nearest = int(order[0])
    return Place(codes, pixels, nearest, float(away[nearest]), vote, int(counts[vote]), len(close))
