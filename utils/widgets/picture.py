"""Drawing for the interactive pictures: numbers as text, and a sheet on which words are cheap."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from utils.plots import ACCENT, INK

QUIET = "#697080"
LINE = "#b9bfca"
PAPER = "#ffffff"

FIGURE_HEIGHT = 0.73  # of a digit, as a share of the font size


def as_array(values: Any, dimensions: int, name: str) -> np.ndarray:
    """Numbers of a tensor, array or nested list as float64, with `dimensions` axes.

    >>> as_array([[1, 2], [3, 4]], 2, "image").shape
    (2, 2)
    """
    array = torch.as_tensor(values).detach().cpu().to(torch.float64).numpy()
    if array.ndim != dimensions or array.size == 0:
        raise ValueError(
            f"{name} must have {dimensions} dimension(s) and at least one number, "
            f"but its shape is {tuple(array.shape)}. "
            f"Index the batch and the channel away first, for example {name}[0, 0]."
        )
    return array


def number(value: float) -> str:
    """A number as short as a reader wants it, with a real minus sign.

    >>> number(-2.0), number(0.3333333)
    ('−2', '0.333')
    """
    text = f"{float(value):.3g}"
    if "e" in text and abs(value) < 1e6:
        text = f"{float(value):.0f}"
    return ("0" if text == "-0" else text).replace("-", "−")


def product(left: float, right: float) -> str:
    """`left·right`, with brackets around a negative second factor.

    >>> product(4, -1)
    '4·(−1)'
    """
    second = f"({number(right)})" if right < 0 else number(right)
    return f"{number(left)}·{second}"


def arithmetic(pairs: Sequence[tuple[float, float]], total: float) -> str:
    """The sum of products spelled out; "≈" where a number had to be rounded.

    >>> arithmetic([(1, 1), (2, 1), (4, 0), (5, 2)], 13)
    '1·1 + 2·1 + 4·0 + 5·2 = 13'
    """
    terms = " + ".join(product(left, right) for left, right in pairs)
    values = [value for pair in pairs for value in pair] + [total]
    return f"{terms} {'=' if all(map(_is_exact, values)) else '≈'} {number(total)}"


def _is_exact(value: float) -> bool:
    """Whether `number` shows the value without rounding it."""
    return abs(float(number(value).replace("−", "-")) - value) <= 1e-9 * abs(value)


class Sheet:
    """A bare figure, measured in units with (0, 0) at the top left, on which words are cheap.

    Matplotlib needs about a millisecond for every piece of text.
    Here words are remembered outlines, and all words of one colour are a single path,
    so that a picture with a hundred numbers can still follow a slider.
    The figure is made without pyplot, so that nothing has to be closed.
    """

    def __init__(self, width: float, height: float, inches_per_unit: float) -> None:
        self.figure = Figure(figsize=(width * inches_per_unit, height * inches_per_unit))
        self.figure.set_facecolor(PAPER)
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.set_autoscale_on(False)
        self._points_per_unit = 72 * inches_per_unit
        self._outlines: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}

    def write(
        self, x: float, y: float, text: str, size: float, colour: str = INK, align: str = "centre"
    ) -> None:
        """Put `text` of `size` points at (x, y), the middle of its figures' height.

        `align` is "centre", "left" or "right".
        """
        vertices, codes, width = _outline(text)
        scale = size / self._points_per_unit
        shift = {"left": 0.0, "centre": width / 2, "right": width}[align]
        placed = (vertices - (shift, FIGURE_HEIGHT / 2)) * (scale, -scale) + (x, y)
        self._outlines.setdefault(colour, []).append((placed, codes))

    def frame(self, left: float, top: float, width: float, height: float) -> None:
        """A thick outline: what the reader should look at."""
        box = Rectangle(
            (left, top), width, height, fill=False, edgecolor=ACCENT, linewidth=3, zorder=5
        )
        self.axes.add_artist(box)

    def finish(self) -> Figure:
        """The figure, with everything written on it."""
        for colour, pieces in self._outlines.items():
            points, codes = (np.concatenate(part) for part in zip(*pieces, strict=True))
            words = PathPatch(Path(points, codes), facecolor=colour, linewidth=0, zorder=6)
            self.axes.add_artist(words)
        self._outlines.clear()
        return self.figure


@lru_cache(maxsize=2048)
def _outline(text: str) -> tuple[np.ndarray, np.ndarray, float]:
    """Vertices and codes of a text one unit tall, baseline at 0, and its width."""
    path = TextPath((0, 0), text, size=100)
    if not len(path.vertices):
        return np.zeros((0, 2)), np.zeros(0, dtype=np.uint8), 0.0
    vertices = np.asarray(path.vertices) / 100
    return vertices, np.asarray(path.codes), float(vertices[:, 0].max())
