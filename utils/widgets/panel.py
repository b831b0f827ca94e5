"""A small chart on a sheet: axes with their numbers, curves, bars and the point that moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from utils.plots import ACCENT, INK
from utils.widgets.picture import LINE, QUIET, Sheet, number


class Panel(NamedTuple):
    """A rectangle of a sheet, in its units, and the numbers that its edges stand for.

    `across` and `up` are (least, most) of the horizontal and the vertical axis.

    >>> Panel(Sheet(9, 5, 1.0), (1, 1), (4, 2), (0, 10), (0, 1)).at(5, 1)  # middle of the top
    (3.0, 1.0)
    """

    sheet: Sheet
    corner: tuple[float, float]
    size: tuple[float, float]
    across: tuple[float, float]
    up: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where on the sheet a pair of numbers lies."""
        (left, top), (wide, tall) = self.corner, self.size
        (least, most), (low, high) = self.across, self.up
        return left + wide * (x - least) / (most - least), top + tall * (high - y) / (high - low)

    def axes(
        self, xs: Sequence[float], ys: Sequence[float], x_title: str = "", y_title: str = ""
    ) -> None:
        """Grid lines with their numbers at `xs` and `ys`, and what the axes count."""
        (left, top), (wide, tall) = self.corner, self.size
        for y in ys:
            height = self.at(0, y)[1]
            self.sheet.axes.hlines(height, left, left + wide, color=LINE, linewidth=0.6)
            self.sheet.write(left - 0.08, height, number(y), 9, QUIET, "right")
        for x in xs:
            place = self.at(x, 0)[0]
            self.sheet.axes.vlines(place, top, top + tall, color=LINE, linewidth=0.6)
            self.sheet.write(place, top + tall + 0.16, number(x), 9, QUIET)
        self.sheet.axes.hlines(top + tall, left, left + wide, color=QUIET, linewidth=1.1)
        self.sheet.axes.vlines(left, top, top + tall, color=QUIET, linewidth=1.1)
        if x_title:
            self.sheet.write(left + wide / 2, top + tall + 0.4, x_title, 9.5, QUIET)
        if y_title:
            self.sheet.write(left, top - 0.16, y_title, 9.5, QUIET, "left")

    def curve(
        self,
        xs: Sequence[float] | np.ndarray,
        ys: Sequence[float] | np.ndarray,
        style: str = "-",
        colour: str = INK,
        thick: float = 1.9,
    ) -> None:
        """A line through the points."""
        points = [self.at(x, y) for x, y in zip(xs, ys, strict=True)]
        line = LineCollection([points], color=colour, linestyle=style, linewidth=thick, zorder=4)
        self.sheet.axes.add_collection(line, autolim=False)

    def bars(self, edges: np.ndarray, heights: np.ndarray, fill: str) -> None:
        """A histogram's bars from the height 0, up or down."""
        boxes = [
            [self.at(a, 0), self.at(b, 0), self.at(b, h), self.at(a, h)]
            for a, b, h in zip(edges[:-1], edges[1:], heights, strict=True)
            if h
        ]
        drawn = PolyCollection(boxes, facecolor=fill, edgecolor=INK, linewidth=0.5, zorder=3)
        self.sheet.axes.add_collection(drawn, autolim=False)

    def point(self, x: float, y: float, size: float = 70) -> None:
        """The diamond that the reader moves."""
        self.sheet.axes.scatter(
            *self.at(x, y), s=size, marker="D", color=ACCENT, edgecolor="white", zorder=7
        )

    def upright(self, x: float) -> None:
        """A dashed line across the whole height, at the number that the reader moves."""
        top, tall = self.corner[1], self.size[1]
        place = self.at(x, 0)[0]
        self.sheet.axes.vlines(
            place, top, top + tall, color=ACCENT, linewidth=1.6, linestyle="--", zorder=5
        )


def ticks(least: float, most: float, about: int = 5) -> list[float]:
    """Round numbers between two others, about so many.

    >>> ticks(-0.3, 9.2), ticks(0, 1)
    ([0.0, 2.0, 4.0, 6.0, 8.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    """
    rough = (most - least) / about
    power = 10.0 ** np.floor(np.log10(rough))
    step = min((power * round_ for round_ in (1, 2, 5, 10)), key=lambda s: abs(s - rough))
    first, last = np.ceil(least / step - 1e-9), np.floor(most / step + 1e-9)
    return [round(float(step * place), 10) + 0.0 for place in np.arange(first, last + 1)]
