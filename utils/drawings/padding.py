"""Diagrams of lesson 03: pure functions that return a figure, to be shown with `plots.show`."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from utils import plots

CELL = 0.44  # inches
SEEN, UNSEEN, BEYOND = "0.94", "0.72", "1"  # greys of a pixel, a pixel in no window, padding
ROWS_OF_BORDERS = (
    ("zeros", "0 0 a b c d 0 0"),
    ("reflect", "c b a b c d c b"),
    ("replicate", "a a a b c d d d"),
    ("circular", "c d a b c d a b"),
)


def windows_on_a_line(
    W: int, K: int, S: int = 1, P: int = 0, D: int = 1, *, ceil_mode: bool = False
) -> Figure:
    """One axis of a convolution or pooling: the pixels, the padding, and every window below.

    W pixels, window K, stride S, padding P, dilation D. Dots mark the pixels that a window
    multiplies. The first window that no longer fits is dotted; with `ceil_mode` it counts where
    it starts inside the image. Pixels in no window are dark.

    >>> fig = windows_on_a_line(7, 3, S=2, P=1)
    """
    span, end = D * (K - 1) + 1, W + 2 * P
    starts = list(range(0, end - span + 1, S))
    extra = starts[-1] + S if starts else 0
    sticks_out = extra < end and extra + span > end
    counted = ceil_mode and sticks_out and extra < W + P
    width = max(end, extra + span if sticks_out else end)
    rows = len(starts) + sticks_out
    fig, ax = plots.canvas(CELL * (width + 3.9), CELL * (rows * 0.72 + 1.9))
    windows = [*starts, *([extra] if counted else [])]
    touched = {start + D * m for start in windows for m in range(K)}
    for place in range(end):
        inside = P <= place < P + W
        grey = BEYOND if not inside else SEEN if place in touched else UNSEEN
        _cell(ax, place, 0, str(place - P) if inside else "0", grey, "//" if not inside else "")
    for row in range(rows):
        start, fits = (starts[row], True) if row < len(starts) else (extra, counted)
        height = 1.55 + 0.72 * row
        style = "-" if fits else ":"
        ax.plot([start, start + span], [height] * 2, style, color="0.1", linewidth=2.2)
        for x in (start, start + span):
            ax.plot([x, x], [height - 0.18, height + 0.18], "-", color="0.1", linewidth=2.2)
        dots = [start + D * m + 0.5 for m in range(K)]
        ax.plot(dots, [height] * K, "o", color="0.1" if fits else "0.6", markersize=5)
        refused = "dropped" if ceil_mode else "does not fit"
        word = f"window {row + 1}" if fits else refused
        ax.text(width + 0.35, height, word, ha="left", va="center")
    ax.set(xlim=(-0.1, width + 3.7), ylim=(1.9 + 0.72 * (rows - 1), -0.15))
    ax.set_axis_off()
    return fig


def _cell(ax: Axes, x: float, y: float, label: str, grey: str, hatch: str = "") -> None:
    ax.add_patch(
        Rectangle((x, y), 1, 1, facecolor=grey, edgecolor="0.45", hatch=hatch, linewidth=0.9)
    )
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2} if hatch else None
    ax.text(x + 0.5, y + 0.5, label, ha="center", va="center", bbox=box)


def stamps(size: int, K: int, S: int, P: int, output_padding: int = 0) -> Figure:
    """One axis of a transposed convolution: each number stamps K places, S apart.

    Places in the outermost P columns are cut off again; `output_padding` keeps more at the end.

    >>> fig = stamps(4, 3, 2, 1)
    """
    full = (size - 1) * S + K
    last = full - P + output_padding
    width = max(full, last)
    fig, ax = plots.canvas(CELL * (width + 4.2), CELL * (size * 0.72 + 3.6))
    foot = 1.7 + 0.72 * size
    for n in range(size):
        middle = n * S + (K - 1) / 2
        _cell(ax, middle, 0, "abcdefgh"[n], SEEN)
        height = 1.5 + 0.72 * n
        ax.plot([n * S, n * S + K], [height] * 2, "-", color="0.1", linewidth=2.2)
        ax.plot([n * S + m + 0.5 for m in range(K)], [height] * K, "o", color="0.1", markersize=5)
        ax.plot([middle + 0.5] * 2, [1, height], ":", color="0.55", linewidth=1)
    for place in range(width):
        kept = P <= place < last
        _cell(ax, place, foot, str(place - P) if kept else "", SEEN if kept else BEYOND,
              "" if kept else "//")  # fmt: skip
    words = (0.5, f"{size} numbers"), (1.5 + 0.36 * (size - 1), "stamps")
    for height, word in (*words, (foot + 0.5, f"{last - P} numbers")):
        ax.text(width + 0.35, height, word, ha="left", va="center")
    ax.set(xlim=(-0.1, width + 4.0), ylim=(foot + 1.15, -0.15))
    ax.set_axis_off()
    return fig


def border_modes() -> Figure:
    """What four ways of padding put around the pixels a, b, c, d: two places on each side."""
    fig, ax = plots.canvas(CELL * 12.2, CELL * 5.4)
    for row, (mode, line) in enumerate(ROWS_OF_BORDERS):
        for place, letter in enumerate(line.split()):
            inside = 2 <= place < 6
            _cell(ax, place, 1.3 * row, letter, SEEN if inside else BEYOND, "" if inside else "//")
        ax.add_patch(
            Rectangle((2, 1.3 * row), 4, 1, fill=False, edgecolor=plots.ACCENT, linewidth=2.5)
        )
        ax.text(-0.4, 1.3 * row + 0.5, mode, ha="right", va="center")
    ax.set(xlim=(-3.6, 8.2), ylim=(5.05, -0.15))
    ax.set_axis_off()
    return fig


def stack_of_maps(maps: Sequence[tuple[int, int]]) -> Figure:
    """A stack of layers as its maps: squares to scale, with channels × height × width below.

    maps: (channels, side) of the input and of every layer's output, in order.

    >>> fig = stack_of_maps([(3, 224), (16, 112), (16, 56)])
    """
    largest = max(side for _, side in maps)
    fig, ax = plots.canvas(1.25 * len(maps), 2.1)
    x = 0.0
    for channels, side in maps:
        length = max(side / largest, 0.03)
        left = x + (1 - length) / 2
        for sheet in (0.06 * length, 0.03 * length, 0.0):
            corner = (left + sheet, -length / 2 - sheet)
            ax.add_patch(Rectangle(corner, length, length, facecolor="0.9", edgecolor="0.2"))
        ax.text(x + 0.5, 0.66, f"{channels} ×\n{side} × {side}", ha="center", va="top", size=9)
        x += 1.25
    ax.set(xlim=(-0.1, x - 0.05), ylim=(1.15, -0.65), aspect="equal")
    ax.set_axis_off()
    return fig
