"""Diagrams of lesson 00: pure functions that return a figure, to be shown with `plots.show`."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from utils import plots

STATIONS = (
    ("1  predict", "scores = model(inputs)"),
    ("2  measure", "loss = F.cross_entropy(…)"),
    ("3  wipe", "optimizer.zero_grad()"),
    ("4  back", "loss.backward()"),
    ("5  step", "optimizer.step()"),
)


def product_of_shapes(rows: int, inner: int, columns: int) -> Figure:
    """A matrix product as three blocks: (rows, inner) @ (inner, columns) → (rows, columns).

    Sides grow with the root of their sizes, so that a short one can still be seen.
    """
    longest = max(rows, inner, columns)
    fig, ax = plots.canvas(7.2, 2.6)
    x = 0.0
    for high, wide, sign in ((rows, inner, "@"), (inner, columns, "="), (rows, columns, "")):
        inside = sign == "@", sign == "="  # which of its sizes meets the other block
        x += _block(ax, x, high / longest, wide / longest, (f"{high}", f"{wide}"), inside)
        if sign:
            ax.text(x + 0.1, 0, sign, ha="center", va="center", size=15)
        x += 0.34
    ax.set(xlim=(-0.16, x - 0.28), ylim=(-0.54, 0.66), aspect="equal")
    ax.set_axis_off()
    return fig


def _block(
    ax: Axes,
    x: float,
    high: float,
    wide: float,
    sizes: tuple[str, str],
    inside: tuple[bool, bool],
) -> float:
    """One block with its sizes beside and above it, the inner one bold; returns its width.

    `inside` says of width and height whether it meets the other block's.
    """
    height, width = math.sqrt(high), math.sqrt(wide)
    ax.add_patch(Rectangle((x, -height / 2), width, height, facecolor="0.88", edgecolor="0.1"))
    across, down = (_strong(is_inner) for is_inner in inside)
    ax.text(x + width / 2, height / 2 + 0.03, sizes[1], ha="center", va="bottom", **across)
    ax.text(x - 0.03, 0, sizes[0], ha="right", va="center", **down)
    return width


def _strong(inner: bool) -> dict[str, Any]:
    return {"weight": "bold", "color": plots.ACCENT, "size": 13} if inner else {"size": 11}


def training_loop() -> Figure:
    """The wheel of training: five stations, an arrow from each to the next."""
    fig, ax = plots.canvas(7.4, 3.4)
    turns = [2 * math.pi * number / len(STATIONS) for number in range(len(STATIONS))]
    places = [(2.5 * math.sin(turn), 1.15 * math.cos(turn)) for turn in turns]
    boxes = [_station(ax, place, *texts) for place, texts in zip(places, STATIONS, strict=True)]
    for (start, from_box), (end, to_box) in pairwise(
        [*zip(places, boxes, strict=True), (places[0], boxes[0])]
    ):
        arrow = FancyArrowPatch(
            start, end, patchA=from_box, patchB=to_box, connectionstyle="arc3,rad=-0.2",
            arrowstyle="-|>", mutation_scale=14, shrinkA=5, shrinkB=5, color="0.35", linewidth=1.6,
        )  # fmt: skip
        ax.add_patch(arrow)
    ax.set(xlim=(-3.6, 3.6), ylim=(-1.45, 1.6))
    ax.set_axis_off()
    return fig


def _station(ax: Axes, place: tuple[float, float], name: str, code: str) -> FancyBboxPatch:
    """A box with the station's name, and below it its line of code."""
    x, y = place
    box = FancyBboxPatch(
        (x - 0.98, y - 0.24), 1.96, 0.48, boxstyle="round,pad=0.04", facecolor="0.95",
        edgecolor="0.4",
    )  # fmt: skip
    ax.add_patch(box)
    ax.text(x, y + 0.11, name, ha="center", va="center", weight="bold", size=10.5)
    ax.text(x, y - 0.11, code, ha="center", va="center", family="DejaVu Sans Mono", size=8)
    return box
