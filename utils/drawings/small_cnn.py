"""Diagrams of lesson 04, notebook 2: pure functions that return a figure, for `plots.show`."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from utils import plots

PLAIN, STRONG = "0.95", "0.82"  # greys of a step without weights, and of one that learns


def residual_block_diagram() -> Figure:
    """A residual block: two convolutions in a row, and the shortcut that leads around them."""
    fig, ax = plots.canvas(8.6, 2.3)
    steps = ((1.7, "convolution", STRONG), (3.6, "ReLU", PLAIN), (5.3, "convolution", STRONG))
    for x, text, grey in steps:
        _box(ax, x, 0, text, grey, width=1.5 if grey == STRONG else 1.0)
    ax.text(0, 0, "x", ha="center", va="center", size=13)
    ax.text(6.95, 0, "+", ha="center", va="center", size=15, weight="bold")
    _box(ax, 8.05, 0, "ReLU", PLAIN, width=1.0)
    for start, end in ((0.2, 0.92), (2.48, 3.07), (4.13, 4.52), (6.08, 6.78), (7.13, 7.52)):
        _arrow(ax, (start, 0), (end, 0))
    _arrow(ax, (8.58, 0), (9.2, 0))
    _arrow(ax, (0.05, 0.22), (6.95, 0.2), bend=-0.2)
    ax.text(3.5, 1.12, "shortcut: x as it is", ha="center", va="bottom")
    ax.text(3.5, -0.55, "branch F(x)", ha="center", va="center")
    ax.text(9.3, 0, "relu(F(x) + x)", ha="left", va="center")
    ax.set(xlim=(-0.3, 10.9), ylim=(-0.75, 1.5))
    ax.set_axis_off()
    return fig


def unrolled_cell(steps: int = 4) -> Figure:
    """One recurrent cell, drawn once for each step: its memory travels from step to step.

    >>> fig = unrolled_cell(4)
    """
    fig, ax = plots.canvas(1.9 * steps + 1.2, 2.4)
    for step in range(steps):
        x = 2.0 * step
        _box(ax, x, 0, "cell", STRONG, width=1.0)
        ax.text(x, -1.05, f"$x_{step + 1}$", ha="center", va="center", size=13)
        _arrow(ax, (x, -0.82), (x, -0.3))
        _arrow(ax, (x + 0.53, 0), (x + 1.47, 0))
        ax.text(x + 1.0, 0.14, f"$h_{step + 1}$", ha="center", va="bottom", size=12)
    _arrow(ax, (-1.0, 0), (-0.53, 0))
    ax.text(-1.1, 0, "$h_0 = 0$", ha="right", va="center", size=12)
    ax.text(2.0 * steps - 0.4, 0, "memory at the end", ha="left", va="center")
    ax.text(steps - 1.0, 0.72, "the same weights at every step", ha="center", va="center")
    ax.set(xlim=(-2.0, 2.0 * steps + 1.4), ylim=(-1.35, 0.95))
    ax.set_axis_off()
    return fig


def causal_tree(dilations: Sequence[int], places: int = 16) -> Figure:
    """Which places the last output of causal convolutions with kernels of 2 depends on.

    One row of dots for the input and for each layer; lines lead to the last output.

    >>> fig = causal_tree((1, 2, 4, 8))
    """
    fig, ax = plots.canvas(8.6, 0.62 * len(dilations) + 1.2)
    reached = {len(dilations): {places - 1}}
    for row in range(len(dilations), 0, -1):
        step = dilations[row - 1]
        reached[row - 1] = {p - back for p in reached[row] for back in (0, step) if p >= back}
        for place in reached[row]:
            for back in (0, step):
                if place >= back:
                    ax.plot([place - back, place], [row - 1, row], "-", color="0.35", linewidth=1.3)
    for row in range(len(dilations) + 1):
        for place in range(places):
            seen = place in reached[row]
            ax.plot(place, row, "o", markersize=8 if seen else 5, zorder=3,
                    color="0.1" if seen else "0.75")  # fmt: skip
        name = "input" if row == 0 else f"dilation {dilations[row - 1]}"
        ax.text(-0.8, row, name, ha="right", va="center")
    ax.set(xlim=(-3.2, places - 0.4), ylim=(-0.5, len(dilations) + 0.5))
    ax.set_axis_off()
    return fig


def chain(
    steps: Sequence[tuple[str, str]],
    *,
    repeated: tuple[int, int] | None = None,
    width: float = 1.25,
) -> Figure:
    """Steps of a net from left to right: a box each, and below it what comes out of it.

    steps: (name, what comes out); a name in brackets is a step that some nets leave out.
    repeated: the first and the last step of a part that comes several times.

    >>> fig = chain([("conv", "(N, 8, 5, 5)"), ("flatten", "(N, 200)")])
    """
    gap = width + 0.34
    fig, ax = plots.canvas(0.92 * gap * len(steps), 1.9)
    for number, (name, out) in enumerate(steps):
        optional = name.startswith("(")
        learns = name.split("\n")[0].strip("()") in ("convolution", "linear", "norm")
        _box(ax, gap * number, 0, name, STRONG if learns else PLAIN, width=width, dashed=optional)
        ax.text(gap * number, -0.5, out, ha="center", va="top", size=8.5)
        if number:
            _arrow(ax, (gap * (number - 1) + width / 2 + 0.03, 0), (gap * number - width / 2, 0))
    if repeated is not None:
        left, right = gap * repeated[0] - width / 2, gap * repeated[1] + width / 2
        ax.plot(
            [left, left, right, right], [0.42, 0.56, 0.56, 0.42], "-", color="0.2", linewidth=1.4
        )
        ax.text((left + right) / 2, 0.62, "several times", ha="center", va="bottom")
    ax.set(xlim=(-width / 2 - 0.1, gap * (len(steps) - 1) + width / 2 + 0.1), ylim=(-1.0, 0.95))
    ax.set_axis_off()
    return fig


def _box(
    ax: Axes, x: float, y: float, text: str, grey: str, *, width: float, dashed: bool = False
) -> None:
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - 0.28),
            width,
            0.56,
            boxstyle="round,pad=0.02",
            facecolor=grey,
            edgecolor="0.25",
            linestyle="--" if dashed else "-",
        )
    )
    ax.text(x, y, text, ha="center", va="center", size=9.5)


def _arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], bend: float = 0.0
) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            connectionstyle=f"arc3,rad={bend}",
            arrowstyle="-|>",
            mutation_scale=11,
            shrinkA=0,
            shrinkB=0,
            color="0.25",
            linewidth=1.4,
        )
    )
