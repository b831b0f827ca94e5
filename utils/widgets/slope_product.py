"""The picture and the sentence of an activation, its slope, and the slope's product in depth."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from utils.plots import ACCENT, INK
from utils.widgets.picture import LINE, QUIET, Sheet, number

FARTHEST = 6.0  # the inputs x go from −FARTHEST to FARTHEST
MOST_LAYERS = 20
LEAST = -12  # the lowest power of ten that the right panel shows
HIGHEST = 2

# Inches.
WIDTH, HEIGHT = 9.4, 4.0
TOP, TALL = 0.62, 2.5  # of the three panels
PANELS = ((0.5, 2.35), (3.45, 2.35), (6.5, 2.6))  # left end and width

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Activation(NamedTuple):
    """An activation: its name, value and slope, and the values that its picture must hold."""

    title: str
    value: Callable[[float], float]
    slope: Callable[[float], float]
    low: float
    high: float


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _below(x: float) -> float:
    """The normal distribution's share below x."""
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def _bell(x: float) -> float:
    """The normal distribution's density at x."""
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation("ReLU", lambda x: max(x, 0.0), lambda x: float(x > 0), -1, 6),
    "leaky_relu": Activation(
        "LeakyReLU", lambda x: x if x > 0 else 0.01 * x, lambda x: 1.0 if x > 0 else 0.01, -1, 6
    ),
    "sigmoid": Activation(
        "Sigmoid", _sigmoid, lambda x: _sigmoid(x) * (1 - _sigmoid(x)), -1.2, 1.2
    ),
    "tanh": Activation("Tanh", math.tanh, lambda x: 1 - math.tanh(x) ** 2, -1.2, 1.2),
    "gelu": Activation("GELU", lambda x: x * _below(x), lambda x: _below(x) + x * _bell(x), -1, 6),
    "silu": Activation(
        "SiLU",
        lambda x: x * _sigmoid(x),
        lambda x: _sigmoid(x) * (1 + x * (1 - _sigmoid(x))),
        -1,
        6,
    ),
}


def activation_slope_text(name: str, x: float, depth: int) -> str:
    """What the picture of this activation, place and depth shows, with its numbers.

    >>> activation_slope_text("sigmoid", 0.0, 10)
    'Sigmoid at x = 0: value 0.5, slope 0.25. \
Through 10 such layers, each at this place, a gradient is multiplied by the slope 10 times: \
0.25^10 ≈ 9.54·10⁻⁷. Weights are left out.'
    """
    activation = _chosen(name, x, depth)
    slope = activation.slope(x)
    product = slope**depth
    layers = "1 such layer" if depth == 1 else f"{depth} such layers"
    times = {1: "once", 2: "twice"}.get(depth, f"{depth} times")
    base = f"({small(slope)})" if slope < 0 or "·" in small(slope) else small(slope)
    exact = all(math.isclose(float(f"{shown:.3g}"), shown) for shown in (slope, product))
    equals = "=" if exact else "≈"
    said = (
        f"{activation.title} at x = {number(x)}: value {small(activation.value(x))}, "
        f"slope {small(slope)}. Through {layers}, each at this place, "
        f"a gradient is multiplied by the slope {times}: {base}^{depth} {equals} {small(product)}. "
    )
    if slope == 0:
        said += "Nothing gets through. "
    return f"{said}Weights are left out."


def activation_slope_figure(name: str, x: float, depth: int) -> Figure:
    """An activation, its slope, and what `depth` such slopes leave of a gradient.

    Parameters: `name`, one of "relu", "leaky_relu" (0.01), "sigmoid", "tanh", "gelu", "silu";
    `x`, the place, from −6 to 6; `depth`, the number of layers, from 1 to 20.
    The right panel counts in powers of ten: its bars start at 1, where nothing is lost.
    At the kink of ReLU and LeakyReLU, x = 0, the slope is that of the left side, as in torch.
    Raises ValueError for other settings.

    >>> figure = activation_slope_figure("sigmoid", 0.0, 10)  # 0.25 ^ 10 ≈ 9.54·10⁻⁷
    """
    activation = _chosen(name, x, depth)
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    value, slope = activation.value(x), activation.slope(x)
    _curve(sheet, PANELS[0], activation.value, x, (activation.low, activation.high))
    _curve(sheet, PANELS[1], activation.slope, x, (-0.25, 1.25))
    _product(sheet, PANELS[2], slope, depth)
    titles = ("the activation", "its slope (gradient)", "what is left of a gradient")
    words = (
        f"{activation.title}({number(x)}) = {small(value)}",
        f"slope at {number(x)}: {small(slope)}",
        f"after {depth} layer{'s' if depth > 1 else ''}: {small(slope**depth)}",
    )
    for (left, wide), title, word in zip(PANELS, titles, words, strict=True):
        sheet.write(left + wide / 2, 0.25, title, 11)
        sheet.write(left + wide / 2, HEIGHT - 0.25, word, 11)
    return sheet.finish()


def small(value: float) -> str:
    """A number for readers, as a power of ten where it is below 0.001.

    >>> small(0.25), small(9.5367e-07), small(-0.1)
    ('0.25', '9.54·10⁻⁷', '−0.1')
    """
    if value == 0 or abs(value) >= 1e-3:
        return number(value)
    digits, power = f"{value:.2e}".split("e")
    return f"{number(float(digits))}·10{str(int(power)).translate(SUPERSCRIPTS)}"


def _chosen(name: str, x: float, depth: int) -> Activation:
    if name not in ACTIVATIONS:
        raise ValueError(f"name must be one of {', '.join(ACTIVATIONS)}; got {name!r}.")
    if not -FARTHEST <= x <= FARTHEST:
        raise ValueError(f"x must be from −6 to 6; got {x}.")
    if depth != int(depth) or not 1 <= depth <= MOST_LAYERS:
        raise ValueError(f"depth must be a whole number from 1 to {MOST_LAYERS}; got {depth}.")
    return ACTIVATIONS[name]


def _curve(
    sheet: Sheet,
    panel: tuple[float, float],
    function: Callable[[float], float],
    x: float,
    limits: tuple[float, float],
) -> None:
    """A function from −6 to 6 with its axes, and the point that the reader moves."""
    left, wide = panel
    low, high = limits

    def place(a: float, b: float) -> tuple[float, float]:
        return (
            left + wide * (a + FARTHEST) / (2 * FARTHEST),
            TOP + TALL * (high - b) / (high - low),
        )

    marks = [-5, 0, 5]
    heights = [0, 2, 4, 6] if high > 2 else [-1, 0, 1] if low < -1 else [0, 0.25, 0.5, 0.75, 1]
    for b in heights:
        y = place(0, b)[1]
        strong = b == 0
        sheet.axes.hlines(
            y, left, left + wide, color=QUIET if strong else LINE, linewidth=1.1 if strong else 0.6
        )
        sheet.write(left - 0.08, y, number(b), 9, QUIET, "right")
    for a in marks:
        middle = place(a, 0)[0]
        sheet.axes.vlines(middle, TOP, TOP + TALL, color=LINE, linewidth=0.6)
        sheet.write(
            middle, TOP + TALL + 0.16, f"x = {number(a)}" if a == 0 else number(a), 9, QUIET
        )
    halves = (np.linspace(-FARTHEST, 0, 121), np.linspace(1e-9, FARTHEST, 121))
    lines = [[place(a, function(a)) for a in half] for half in halves]  # a jump at 0 stays open
    curve = LineCollection(lines, color=INK, linewidth=2.0, zorder=4)
    sheet.axes.add_collection(curve, autolim=False)
    point = place(x, function(x))
    sheet.axes.vlines(
        point[0], min(point[1], place(0, 0)[1]), max(point[1], place(0, 0)[1]),
        color=ACCENT, linewidth=1.2, linestyle="--", zorder=4,
    )  # fmt: skip
    sheet.axes.scatter(*point, s=70, marker="D", color=ACCENT, zorder=7)


def _product(sheet: Sheet, panel: tuple[float, float], slope: float, depth: int) -> None:
    """The size of slope, slope², slope³, … as bars from 1 down or up, in powers of ten."""
    left, wide = panel
    step = TALL / (HIGHEST - LEAST)

    def y(power: float) -> float:
        return TOP + step * (HIGHEST - power)

    for power in range(LEAST, HIGHEST + 1, 2):
        strong = power == 0
        sheet.axes.hlines(
            y(power), left, left + wide,
            color=QUIET if strong else LINE, linewidth=1.1 if strong else 0.6,
        )  # fmt: skip
        if power % 4 == 0:
            said = "1" if power == 0 else f"10{str(power).translate(SUPERSCRIPTS)}"
            sheet.write(left - 0.08, y(power), said, 9, QUIET, "right")
    pitch = wide / MOST_LAYERS
    size = math.log10(abs(slope)) if slope else -math.inf
    bars = []
    for layer in range(1, depth + 1):
        end = max(layer * size, LEAST)
        a, b = left + (layer - 0.85) * pitch, left + (layer - 0.15) * pitch
        bars.append([(a, y(0)), (b, y(0)), (b, y(end)), (a, y(end))])
    shown = PolyCollection(bars[:-1], facecolor="0.6", edgecolor=INK, linewidth=0.7, zorder=4)
    last = PolyCollection(bars[-1:], facecolor=ACCENT, edgecolor=INK, linewidth=1.2, zorder=4)
    for part in (shown, last):
        sheet.axes.add_collection(part, autolim=False)
    for layer in (1, 5, 10, 15, 20):
        middle = left + (layer - 0.5) * pitch
        sheet.write(middle, TOP + TALL + 0.16, str(layer), 9, QUIET)
    sheet.write(left + wide / 2, TOP + TALL + 0.36, "layers", 9, QUIET)
    if size == 0:
        sheet.write(left + wide / 2, y(1), "nothing is lost", 10)
    elif depth * size < LEAST:
        words = "nothing at all is left" if slope == 0 else "bars that go on below are cut off"
        sheet.write(left + wide / 2, y(1), words, 10)
