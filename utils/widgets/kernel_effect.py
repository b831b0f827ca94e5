"""The picture and the sentence of a kernel that is laid on a photograph."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from utils.plots import INK, TINT
from utils.widgets.convolution_step import feature_map
from utils.widgets.picture import LINE, QUIET, Sheet, as_array, number

# Inches.
SIDE = 3.2  # the photograph's longer side
MIDDLE = 2.1  # room for the kernel, between the two pictures
TITLE = 2.9  # room for a title over a narrow picture
MARGIN = 0.35
HEAD = 0.55
STRIP = 0.75  # height of the tallest bar
FOOT = 1.65  # the strip with its words

BARS = 110
EXACT = 1e-6  # what sums of float32 numbers may be off


def kernel_editor_text(photo: Any, kernel: Any, signed: bool = False) -> str:
    """What the picture of `kernel` on `photo` shows, with its numbers.

    >>> kernel_editor_text(torch.ones(5, 5), [[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    'Kernel 0 0 0, 0 1 0, 0 0 0: its sum is 1, so a flat area keeps its brightness. \
Result 3 × 3: values from 1 to 1; 0.0 % below 0 and 0.0 % above 1, clipped to black and white.'
    """
    _, weights, result = _filtered(photo, kernel)
    rows = ", ".join(" ".join(number(float(value)) for value in row) for row in weights)
    below, above = _outside(result)
    shown = "here 0 is mid-grey" if signed else "clipped to black and white"
    return (
        f"Kernel {rows}: {_about_sum(float(weights.sum()))} "
        f"Result {result.shape[0]} × {result.shape[1]}: "
        f"values from {number(float(result.min()))} to {number(float(result.max()))}; "
        f"{100 * below:.1f} % below 0 and {100 * above:.1f} % above 1, {shown}."
    )


def kernel_editor_figure(photo: Any, kernel: Any, signed: bool = False) -> Figure:
    """A photograph, a kernel, and what comes out, with the spread of the values below.

    Parameters: `photo` (H, W), brightness from 0 to 1; `kernel` (K_h, K_w), laid on unflipped.
    The result has H−K_h+1 rows and W−K_w+1 columns.
    It is shown clipped to 0 … 1, as a photograph is; with `signed`, 0 is mid-grey,
    so that negative values can be told from 0.
    Raises ValueError for a photograph with other values, or smaller than the kernel.

    >>> figure = kernel_editor_figure(torch.rand(64, 96), [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    """
    pixels, weights, result = _filtered(photo, kernel)
    scale = SIDE / max(pixels.shape)
    wide, high = scale * pixels.shape[1], scale * pixels.shape[0]
    room = max(high, MIDDLE)
    column = max(wide, TITLE)
    width = 2 * (column + MARGIN) + MIDDLE
    sheet = Sheet(width, HEAD + room + FOOT, 1.0)
    middle = HEAD + room / 2
    left, right = MARGIN, MARGIN + column + MIDDLE
    inset = (column - wide) / 2

    sheet.photo(pixels, (left + inset, middle - high / 2), (wide, high))
    extent = float(np.abs(result).max()) if signed else 1.0
    low = -extent if signed else 0.0
    rim = [scale * (side - 1) / 2 for side in weights.shape]  # where the kernel does not fit
    size = (scale * result.shape[1], scale * result.shape[0])
    at = (right + inset + rim[1], middle - high / 2 + rim[0])
    sheet.photo(result, at, size, low, extent)
    _kernel(sheet, weights, (MARGIN + column + MIDDLE / 2, middle))

    shown = f"0 is grey, ±{number(extent)}" if signed else "clipped to 0 … 1"
    titles = [
        (left + column / 2, f"photograph  {pixels.shape[0]} × {pixels.shape[1]}"),
        (right + column / 2, f"result  {result.shape[0]} × {result.shape[1]},  {shown}"),
    ]
    for x, title in titles:
        sheet.write(x, 0.28, title, 11)
    _spread(sheet, pixels, result, left, HEAD + room + 0.3, (column, right - left))
    return sheet.finish()


def _filtered(photo: Any, kernel: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Photograph, kernel and result, the photograph's values checked."""
    return feature_map(brightness(photo), kernel)


def brightness(photo: Any) -> np.ndarray:
    """A photograph (H, W) as float64; ValueError when its values are not brightness from 0 to 1."""
    pixels = as_array(photo, 2, "photo")
    least, most = float(pixels.min()), float(pixels.max())
    if not (least >= -EXACT and most <= 1 + EXACT):
        raise ValueError(
            f"photo must have values from 0 (black) to 1 (white), but they go from "
            f"{number(least)} to {number(most)}. Divide whole numbers by 255: photo / 255."
        )
    return pixels


def _outside(result: np.ndarray) -> tuple[float, float]:
    """The shares of values below 0 and above 1."""
    return float((result < -EXACT).mean()), float((result > 1 + EXACT).mean())


def _about_sum(total: float) -> str:
    if abs(total - 1) < EXACT:
        return "its sum is 1, so a flat area keeps its brightness."
    if abs(total) < EXACT:
        return "its sum is 0, so a flat area becomes 0."
    return f"its sum is {number(total)}, so a flat area is multiplied by {number(total)}."


def _kernel(sheet: Sheet, weights: np.ndarray, centre: tuple[float, float]) -> None:
    """The kernel's numbers, framed, with their sum below."""
    rows, columns = weights.shape
    cell = min(0.46, 1.4 / max(rows, columns))
    left, top = centre[0] - columns * cell / 2, centre[1] - rows * cell / 2
    wide, high = columns * cell, rows * cell
    sheet.axes.add_artist(Rectangle((left, top), wide, high, facecolor=TINT, edgecolor=QUIET))
    across, down = top + cell * np.arange(1, rows), left + cell * np.arange(1, columns)
    sheet.axes.hlines(across, left, left + wide, color=LINE, linewidth=0.8)
    sheet.axes.vlines(down, top, top + high, color=LINE, linewidth=0.8)
    sheet.frame(left, top, wide, high)
    for (m, n), weight in np.ndenumerate(weights):
        text = number(float(weight))
        size = 27 * cell * min(1.0, 2.9 / len(text))
        sheet.write(left + (n + 0.5) * cell, top + (m + 0.5) * cell, text, size)
    sheet.write(centre[0], top - 0.22, "kernel", 11)
    total = float(weights.sum())
    said = f"sum {number(0.0 if abs(total) < EXACT else total)}"
    sheet.write(centre[0], top + high + 0.26, said, 11)
    gap = (MIDDLE - wide) / 4
    sheet.write(left + wide + gap, centre[1], "=", 18)


def _spread(
    sheet: Sheet,
    pixels: np.ndarray,
    result: np.ndarray,
    left: float,
    top: float,
    sizes: tuple[float, float],
) -> None:
    """How often each value comes, before and after, over one common scale of values.

    `sizes` are the width of one strip and the way from the first to the second.
    """
    wide, pitch = sizes
    least, most = min(0.0, float(result.min())), max(1.0, float(result.max()))
    unit = wide / (most - least)
    base = top + 0.3 + STRIP
    below, above = _outside(result)
    words = [
        "values of the photograph",
        f"values of the result: {100 * (below + above):.1f} % outside 0 … 1",
    ]
    edges = _edges(least, most)
    for values, x, word in zip((pixels, result), (left, left + pitch), words, strict=True):
        zero, one = x - least * unit, x + (1 - least) * unit
        inside = Rectangle((zero, base - STRIP - 0.04), one - zero, STRIP + 0.04, facecolor=TINT)
        sheet.axes.add_artist(inside)
        inner = values - EXACT * (values > 0.5)  # so that 1 counts as inside
        counts, _ = np.histogram(inner, len(edges) - 1, (edges[0], edges[-1]))
        heights = STRIP * np.sqrt(counts / counts.max())
        xs = x + (edges.clip(least, most) - least) * unit
        bars = [
            [(a, base), (a, base - h), (b, base - h), (b, base)]
            for a, b, h in zip(xs[:-1], xs[1:], heights, strict=True)
            if h
        ]
        sheet.axes.add_collection(PolyCollection(bars, facecolor=INK, linewidth=0), autolim=False)
        sheet.axes.hlines(base, x, x + wide, color=QUIET, linewidth=1.0)
        sheet.axes.vlines([zero, one], base - STRIP - 0.04, base + 0.06, color=QUIET, linewidth=1.2)
        sheet.write(x + wide / 2, top + 0.06, word, 10)
        marks = {0.0: zero, 1.0: one, least: x, most: x + wide}
        placed: list[float] = []
        for value, place in marks.items():
            if all(abs(place - other) > 0.34 for other in placed):
                sheet.write(place, base + 0.2, number(value), 9, QUIET)
                placed.append(place)
    middle = left + (pitch + wide) / 2
    for i, word in enumerate(("shaded: 0 … 1,", "from black to white;", "height: √ of how many")):
        sheet.write(middle, base - 0.5 + 0.2 * i, word, 9, QUIET)


def _edges(least: float, most: float) -> np.ndarray:
    """The limits of about `BARS` bars of one width, with limits at 0 and, if that is fine, at 1."""
    in_one = round(BARS / (most - least))
    step = 1 / in_one if in_one else float(np.ceil((most - least) / BARS))
    return step * np.arange(np.floor(least / step), np.ceil(most / step) + 1)
