"""Drawing for the interactive pictures: numbers as text, and a sheet on which words are cheap."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from PIL import Image

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


class _Greys(AxesImage):
    """A grey picture that is scaled by Pillow, in a third of Matplotlib's time."""

    def make_image(
        self, renderer: Any, magnification: float = 1.0, unsampled: bool = False
    ) -> tuple[np.ndarray, float, float, Affine2D]:
        """The picture as it lies on the canvas: RGBA pixels, left, bottom, no further move.

        Large pixels stay sharp squares; pixels finer than the canvas are mixed.
        """
        left, right, bottom, top = self.get_extent()
        box = self.get_transform().transform([(left, bottom), (right, top)]).round().astype(int)
        (x, y), (width, height) = box[0], np.maximum(1, box[1] - box[0])
        values = np.asarray(self.get_array(), dtype=np.float32)
        low, high = self.get_clim()
        coarse = values.shape[1] < width
        way = Image.Resampling.NEAREST if coarse else Image.Resampling.BOX
        # The canvas counts rows from the bottom.
        scaled = np.asarray(Image.fromarray(values).resize((width, height), way))[::-1]
        pixels = np.full((height, width, 4), 255, dtype=np.uint8)
        pixels[..., :3] = (255 * ((scaled - low) / (high - low)).clip(0, 1) + 0.5)[..., None]
        return pixels, float(x), float(y), Affine2D()


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

    def photo(
        self,
        pixels: np.ndarray,
        at: tuple[float, float],
        size: tuple[float, float],
        low: float = 0.0,
        high: float = 1.0,
    ) -> None:
        """A grey picture (H, W), `size` = (width, height) wide and high, its top left corner `at`.

        `low` is black and `high` white; what lies beyond is clipped.
        """
        (left, top), (width, height) = at, size
        extent = (left, left + width, top + height, top)
        picture = _Greys(self.axes, cmap="gray", extent=extent)
        picture.set_data(pixels)
        picture.set_clim(low, high if high > low else low + 1)
        self.axes.add_image(picture)
        line = Rectangle(at, width, height, fill=False, edgecolor=QUIET, linewidth=0.8)
        self.axes.add_artist(line)

    def arrow(self, start: tuple[float, float], end: tuple[float, float], thick: float) -> None:
        """An arrow `thick` units wide, dark with a light rim: seen on black and on white."""
        way = np.subtract(end, start)
        length = float(np.hypot(*way))
        if length < 1e-9:
            return
        along = way / length
        across = np.array([-along[1], along[0]])
        head = min(3.2 * thick, 0.6 * length)
        neck = length - head
        half, wing = thick / 2, 0.55 * head
        shape = [(0, -half), (neck, -half), (neck, -wing), (length, 0)]
        shape += [(neck, wing), (neck, half), (0, half)]
        corners = [np.asarray(start) + a * along + b * across for a, b in shape]
        self.axes.add_artist(
            Polygon(corners, facecolor=ACCENT, edgecolor=PAPER, linewidth=1.4, zorder=7)
        )

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
