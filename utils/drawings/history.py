"""Diagrams of lesson 05: pure functions that return a figure, to be shown with `plots.show`."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from utils import plots
from utils.nets.historic import SEEN_BY_C3

FRONT, TOP, SIDE = "0.93", "0.8", "0.66"  # greys of a box's three faces
SLANT = 0.32  # how far a box reaches to the back, as a share of its side

# What happened on the way, channels, and the side of the maps; side 0 for a list of numbers.
Stage = tuple[str, int, int]


def net_outline(stages: Sequence[Stage]) -> Figure:
    """A net as its maps: boxes whose height tells the side of a map and whose width the channels.

    Each stage is `(what was done, channels, side)`; a list of numbers, as after a dense layer, has
    side 0 and is drawn as a bar. Heights grow with the square root, widths with the logarithm.

    >>> fig = net_outline([("picture", 1, 32), ("conv 5×5", 6, 28), ("dense", 10, 0)])
    """
    largest = max(side for _, _, side in stages)
    pitch = 0.98
    fig, ax = plots.canvas(pitch * len(stages) + 0.1, 2.6)
    for place, (done, channels, side) in enumerate(stages):
        middle = place * pitch
        wide = 0.05 + 0.035 * math.log2(channels)
        if side:
            _box(ax, middle, wide, math.sqrt(side / largest))
            size = f"{channels} ×\n{side} × {side}"
        else:
            tall = 0.07 * math.log2(channels)
            corner = (middle - 0.04, -tall / 2)
            ax.add_patch(Rectangle(corner, 0.08, tall, facecolor=TOP, edgecolor="0.15"))
            size = f"{channels}"
        ax.text(middle, -0.82, size, ha="center", va="top", size=8.5)
        ax.text(middle, 0.84, done, ha="center", va="bottom", size=8.5)
        if place:
            ax.annotate(
                "", (middle - 0.27, -0.72), (middle - 0.73, -0.72),
                arrowprops={"arrowstyle": "->", "color": "0.35", "linewidth": 0.9},
            )  # fmt: skip
    ax.set(xlim=(-0.55, (len(stages) - 1) * pitch + 0.55), ylim=(-1.22, 1.2))
    ax.set_axis_off()
    return fig


def _box(ax: Axes, middle: float, wide: float, tall: float) -> None:
    back, rise = SLANT * tall * 0.62, SLANT * tall
    left, low = middle - (wide + back) / 2, -(tall + rise) / 2
    right, high = left + wide, low + tall
    front = [(left, low), (right, low), (right, high), (left, high)]
    behind = [(x + back, y + rise) for x, y in front]
    faces = (
        (front, FRONT),
        ([front[3], front[2], behind[2], behind[3]], TOP),
        ([front[1], behind[1], behind[2], front[2]], SIDE),
    )
    for corners, grey in faces:
        ax.add_patch(Polygon(corners, facecolor=grey, edgecolor="0.15", linewidth=0.8))


def inception_ways(C_in: int, row: Sequence[int]) -> Figure:
    """The four ways through an inception block, with the channels before and after each layer.

    row: (c1, c3_in, c3, c5_in, c5, c_pool), as in GoogLeNet's table.

    >>> fig = inception_ways(192, (64, 96, 128, 16, 32, 32))
    """
    c1, c3_in, c3, c5_in, c5, c_pool = row
    ways = (
        (f"1 × 1\n{C_in} → {c1}", ""),
        (f"1 × 1\n{C_in} → {c3_in}", f"3 × 3\n{c3_in} → {c3}"),
        (f"1 × 1\n{C_in} → {c5_in}", f"5 × 5\n{c5_in} → {c5}"),
        (f"max pooling 3 × 3\n{C_in}", f"1 × 1\n{C_in} → {c_pool}"),
    )
    fig, ax = plots.canvas(8.8, 3.5)
    last = 3 * 0.95
    _label(ax, 0.0, -0.33, 1.1, last + 0.66, f"in\n{C_in}", TOP)
    _label(ax, 7.1, -0.33, 1.1, last + 0.66, f"out\n{c1 + c3 + c5 + c_pool}", TOP)
    for number, (first, second) in enumerate(ways):
        y = last - number * 0.95
        stops = [1.1, 1.7, 3.6]
        _label(ax, 1.7, y - 0.33, 1.9, 0.66, first, FRONT)
        if second:
            _label(ax, 4.2, y - 0.33, 1.9, 0.66, second, FRONT)
            stops += [4.2, 6.1]
        for start, end in zip(stops[::2], [*stops[1::2], 7.1], strict=True):
            ax.annotate("", (end, y), (start, y), arrowprops={"arrowstyle": "->", "color": "0.25"})
        ax.text(6.6, y + 0.07, str((c1, c3, c5, c_pool)[number]), ha="center", va="bottom", size=9)
    ax.set(xlim=(-0.05, 8.25), ylim=(-0.4, last + 0.4))
    ax.set_axis_off()
    return fig


def _label(ax: Axes, x: float, y: float, wide: float, tall: float, text: str, grey: str) -> None:
    ax.add_patch(Rectangle((x, y), wide, tall, facecolor=grey, edgecolor="0.15"))
    ax.text(x + wide / 2, y + tall / 2, text, ha="center", va="center", size=9)


def grouped_wires(channels: int = 4, groups: Sequence[int] = (1, 2, 4)) -> Figure:
    """Which channel of a convolution's input reaches which of its output, for several groups.

    >>> fig = grouped_wires(4, (1, 2))
    """
    fig, axes = plots.canvas(2.5 * len(groups), 2.2, columns=len(groups), squeeze=False)
    for ax, parts in zip(axes[0], groups, strict=True):
        size = channels // parts
        for above in range(channels):
            for below in range(channels):
                if above // size == below // size:
                    ax.plot([below, above], [0, 1], "-", color="0.35", linewidth=1.1, zorder=1)
        for height in (0, 1):
            ax.scatter(range(channels), [height] * channels, s=190, facecolor="white",
                       edgecolor="0", zorder=2)  # fmt: skip
        wires = channels * size
        ax.set_title(f"groups = {parts}: {wires} kernels")
        ax.set(xlim=(-0.5, channels - 0.5), ylim=(-0.25, 1.25))
        ax.set_axis_off()
    axes[0, 0].text(-0.45, 0, "in", ha="right", va="center")
    axes[0, 0].text(-0.45, 1, "out", ha="right", va="center")
    axes[0, 0].set_xlim(-1.1, channels - 0.5)
    return fig


def sparse_table() -> Figure:
    """Which of the 6 maps of S2 each of LeNet-5's 16 maps of C3 looks at: 60 pairs of 96."""
    fig, ax = plots.canvas(5.6, 2.4)
    for column in range(16):
        for row in range(6):
            grey = "0.25" if row in SEEN_BY_C3[column] else "1"
            corner = (column, row)
            ax.add_patch(Rectangle(corner, 1, 1, facecolor=grey, edgecolor="0.6", linewidth=0.8))
    ax.set(
        xlim=(-0.03, 16.03), ylim=(6.03, -0.03), aspect="equal",
        xticks=[n + 0.5 for n in range(16)], yticks=[n + 0.5 for n in range(6)],
        xlabel="map of C3", ylabel="map of S2",
    )  # fmt: skip
    ax.set_xticklabels(range(16))
    ax.set_yticklabels(range(6))
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return fig


def two_shares(names: Sequence[str], parameters: Sequence[int], work: Sequence[int]) -> Figure:
    """For each part of a net its share of the parameters and of the multiply–adds, in per cent.

    >>> fig = two_shares(["convolutions", "dense"], [15, 124], [15_000, 124])
    """
    fig, ax = plots.canvas(7.6, 2.7)
    for shift, (label, numbers, grey) in enumerate(
        (("parameters", parameters, "0.25"), ("multiply–adds", work, "0.8"))
    ):
        shares = [100 * number / sum(numbers) for number in numbers]
        places = [place + 0.38 * (shift - 0.5) for place in range(len(names))]
        ax.bar(places, shares, 0.36, color=grey, edgecolor="0.1", label=label)
        for place, share in zip(places, shares, strict=True):
            said = f"{share:.0f}" if share >= 0.5 else "<1" if share else "0"
            ax.annotate(said, (place, share), (0, 2), textcoords="offset points",
                        ha="center", va="bottom", size=8.5)  # fmt: skip
    ax.set(ylabel="per cent of the net", xticks=range(len(names)), xticklabels=names)
    ax.margins(y=0.14)
    ax.legend(loc="upper center")
    return fig


def two_prices(nets: dict[str, tuple[int, int]], below: Sequence[str] = ()) -> Figure:
    """Nets by their parameters (across) and multiply–adds (up), both on logarithmic scales.

    nets: name → (parameters, multiply–adds). The names in `below` are written below their points.

    >>> fig = two_prices({"LeNet-5": (61_706, 416_520), "VGG-16": (138_357_544, 15_470_264_320)})
    """
    fig, ax = plots.canvas(6.6, 3.7)
    for name, (parameters, work) in nets.items():
        ax.plot([parameters], [work], "o", color="0.15", markersize=7)
        under = name in below
        ax.annotate(name, (parameters, work), (0, -8 if under else 7), textcoords="offset points",
                    ha="center", va="top" if under else "bottom")  # fmt: skip
    ax.set(xscale="log", yscale="log", xlabel="parameters", ylabel="multiply–adds for one picture")
    ax.margins(0.16, 0.16)
    ax.grid(color="0.88", linewidth=0.8)
    return fig
