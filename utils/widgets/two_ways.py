"""The picture and the sentence of a stack of 3 × 3 layers against one kernel of the same field."""

from __future__ import annotations

from typing import NamedTuple

from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from utils.plots import INK
from utils.widgets.picture import QUIET, Sheet, number

MOST_LAYERS = 6
MOST_CHANNELS = 512
SIDE = 56  # of the map on which multiply–adds are counted, in pixels

# Inches.
WIDTH, HEIGHT = 9.4, 4.6
PYRAMIDS = ((0.35, 2.75), (3.35, 2.75))  # left end and width
TOP, FLOOR = 0.85, 3.55  # heights of the output's row and the input's
BARS, WIDE = 6.65, 1.1  # left end and width of the bars


class Ways(NamedTuple):
    """What n layers of 3 × 3 and one kernel of their field cost: (stack, kernel) each."""

    field: int
    weights: tuple[int, int]
    multiply_adds: tuple[int, int]
    activations: tuple[int, int]


def ways_of(n: int, C: int, side: int = SIDE) -> Ways:
    """Both ways to see 2n+1 pixels, with C channels in and out everywhere and no biases.

    >>> ways_of(2, 64).weights  # 2·(3·3·64·64) and 5·5·64·64
    (73728, 102400)
    """
    for name, value, most in (
        ("n", n, MOST_LAYERS),
        ("C", C, MOST_CHANNELS),
        ("side", side, 1000),
    ):
        if value != int(value) or not 1 <= value <= most:
            raise ValueError(f"{name} must be a whole number from 1 to {most}; got {value}.")
    field = 2 * n + 1
    weights = (n * 9 * C * C, field * field * C * C)
    return Ways(field, weights, (weights[0] * side**2, weights[1] * side**2), (n, 1))


def stack_or_kernel_text(n: int, C: int, side: int = SIDE) -> str:
    """What the picture of these numbers shows.

    >>> stack_or_kernel_text(2, 64)
    '2 layers of 3 × 3 see 5 × 5 pixels, as one 5 × 5 kernel does. \
With 64 channels in and out: 73,728 weights against 102,400, the stack has 72 % of them. \
On maps of 56 × 56: 231,211,008 multiply–adds against 321,126,400. \
Non-linearities on the way: 2 against 1.'
    """
    ways = ways_of(n, C, side)
    see = f"see {ways.field} × {ways.field} pixels, as one {ways.field} × {ways.field} kernel does"
    said = f"{n} layers of 3 × 3 {see}" if n > 1 else "1 layer of 3 × 3 is the 3 × 3 kernel itself"
    share = 100 * ways.weights[0] / ways.weights[1]
    channels = "1 channel" if C == 1 else f"{C} channels"
    return (
        f"{said}. With {channels} in and out: {ways.weights[0]:,} weights against "
        f"{ways.weights[1]:,}, the stack has {share:.0f} % of them. "
        f"On maps of {side} × {side}: {ways.multiply_adds[0]:,} multiply–adds against "
        f"{ways.multiply_adds[1]:,}. Non-linearities on the way: {n} against 1."
    )


def stack_or_kernel_figure(n: int, C: int, side: int = SIDE) -> Figure:
    """A stack of small kernels and one large kernel with the same field, side by side, and costs.

    Parameters: `n` 3 × 3 layers, 1 to 6; `C` channels in and out, 1 to 512;
    `side` of the maps, in pixels, which padding keeps the same: only the multiply–adds ask for it.
    No biases; one activation behind each layer.
    Raises ValueError for other numbers.

    >>> figure = stack_or_kernel_figure(2, 64)  # 2·9 against 25 weights for each pair of channels

    Source: K. Simonyan, A. Zisserman (2014), "Very Deep Convolutional Networks for Large-Scale
    Image Recognition", which argues for stacks of 3 × 3 in this way.
    """
    ways = ways_of(n, C, side)
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    titles = (
        f"{n} layer{'s' if n > 1 else ''} of 3 × 3",
        f"one kernel of {ways.field} × {ways.field}",
    )
    spans = ([3] * n, [ways.field])
    for panel, title, layers in zip(PYRAMIDS, titles, spans, strict=True):
        sheet.write(panel[0] + panel[1] / 2, 0.3, title, 11.5)
        _pyramid(sheet, panel, layers)
        field = f"field {ways.field} × {ways.field}"
        sheet.write(panel[0] + panel[1] / 2, FLOOR + 0.38, field, 10.5)
        weights = f"{n} · 9" if layers[0] == 3 and n > 1 else f"{layers[0]} · {layers[0]}"
        each = 9 * n if layers[0] == 3 else ways.field**2
        words = f"{weights} = {each} weights for a pair of channels"
        sheet.write(panel[0] + panel[1] / 2, FLOOR + 0.68, words, 9, QUIET)
    rows = (
        (f"weights, {C} → {C} channels", ways.weights),
        (f"multiply–adds, maps of {side} × {side}", ways.multiply_adds),
        ("non-linearities", ways.activations),
    )
    for place, (title, pair) in enumerate(rows):
        _bars(sheet, 0.35 + 1.25 * place, title, pair)
    share = ways.weights[0] / ways.weights[1]
    sheet.write(
        BARS - 0.35,
        HEIGHT - 0.37,
        f"weights: {number(100 * share)} % of the kernel's",
        11,
        align="left",
    )
    return sheet.finish()


def _pyramid(sheet: Sheet, panel: tuple[float, float], layers: list[int]) -> None:
    """One output pixel and the pixels that it depends on, layer by layer, along one axis."""
    left, wide = panel
    middle = left + wide / 2
    pitch = wide / (2 * MOST_LAYERS + 1)
    unit = 0.8 * pitch
    counts = [1]
    for K in reversed(layers):
        counts.insert(0, counts[0] + K - 1)
    step = (FLOOR - TOP) / len(layers)
    lines, boxes = [], []
    for level, count in enumerate(counts):
        y = FLOOR - level * step
        for place in range(count):
            x = middle + pitch * (place - (count - 1) / 2)
            boxes.append([(x - unit / 2, y - unit / 2), (x + unit / 2, y - unit / 2),
                          (x + unit / 2, y + unit / 2), (x - unit / 2, y + unit / 2)])  # fmt: skip
            if level:
                K = layers[level - 1]
                lines += [[(x, y), (x + pitch * (tap - (K - 1) / 2), y + step)] for tap in range(K)]
    wires = LineCollection(lines, color=QUIET, linewidth=0.9, zorder=2)
    units = PolyCollection(boxes, facecolor=INK, edgecolor=INK, linewidth=0.6, zorder=4)
    for part in (wires, units):
        sheet.axes.add_collection(part, autolim=False)


def _bars(sheet: Sheet, top: float, title: str, pair: tuple[int, int]) -> None:
    """Two bars over one scale: the stack's above, the kernel's below."""
    sheet.write(BARS - 0.35, top, title, 10.5, align="left")
    for place, (value, fill, word) in enumerate(
        zip(pair, (INK, "0.75"), ("stack", "one"), strict=True)
    ):
        y = top + 0.32 + 0.32 * place
        right = BARS + 0.25 + WIDE * value / max(pair)
        box = [(BARS + 0.25, y - 0.1), (right, y - 0.1), (right, y + 0.1), (BARS + 0.25, y + 0.1)]
        sheet.axes.add_collection(
            PolyCollection([box], facecolor=fill, edgecolor=INK, linewidth=0.8, zorder=4),
            autolim=False,
        )
        sheet.write(BARS + 0.15, y, word, 9.5, QUIET, "right")
        sheet.write(right + 0.08, y, f"{value:,}", 9.5, align="left")
