"""The picture and the sentence of one position of a kernel slid along a signal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from utils.plots import INK, TINT
from utils.widgets.picture import (
    LINE,
    QUIET,
    Sheet,
    arithmetic,
    as_array,
    number,
)

LABELS = 2.6  # room for the words left of the stems, in columns
BAND = 1.75  # height of one row of stems
WIDEST = 9.0  # inches
Column = Callable[[int], float]  # where on the sheet an index is drawn
MOST_TERMS = 8  # beyond this many products, only their sum is written


@dataclass(frozen=True)
class _Slide:
    """Where g lies at one position, and what comes out.

    `start` is the column of g's left end, `tape` is g in the order in which it lies there,
    `names` the index of each of its entries, `at` the column in which the answer is written:
    the one under g[0], which is the answer's index.
    """

    f: np.ndarray
    tape: np.ndarray
    names: list[int]
    start: int
    at: int
    answers: np.ndarray
    n: int
    flip: bool

    @property
    def overlap(self) -> range:
        """Columns where g lies on f."""
        return range(max(0, self.start), min(len(self.f), self.start + len(self.tape)))

    @property
    def first(self) -> int:
        """Column of the first answer: 0 with the flip, 1 − len(g) without."""
        return self.at - self.n


def _slide(f: Any, g: Any, n: int, flip: bool) -> _Slide:
    signal, kernel = as_array(f, 1, "f"), as_array(g, 1, "g")
    size = len(kernel)
    last = len(signal) + size - 2
    if not 0 <= n <= last:
        raise ValueError(
            f"Position n = {n} is outside 0 … {last}: there g does not touch f. "
            f"The answer has {len(signal)} + {size} − 1 = {last + 1} entries."
        )
    tape = kernel[::-1] if flip else kernel
    names = list(range(size))[::-1] if flip else list(range(size))
    start = n - (size - 1)
    at = n if flip else start
    return _Slide(signal, tape, names, start, at, np.convolve(signal, tape[::-1]), n, flip)


def _product(flip: bool) -> str:
    """The answer's name. In a ⋆ b it is a that slides, so g comes first without the flip."""
    return "(f ∗ g)" if flip else "(g ⋆ f)"


def _sums(slide: _Slide) -> tuple[str, str]:
    """The sum at this position in letters, and in numbers."""
    left = f"{_product(slide.flip)}[{number(slide.at)}]"
    value = float(slide.answers[slide.n])
    columns = slide.overlap
    if len(columns) > MOST_TERMS:
        return f"{left} = the sum of {len(columns)} products", number(value)
    letters = " + ".join(f"f[{t}]·g[{slide.names[t - slide.start]}]" for t in columns)
    pairs = [(float(slide.f[t]), float(slide.tape[t - slide.start])) for t in columns]
    return f"{left} = {letters}", arithmetic(pairs, value)


def flip_and_slide_text(f: Any, g: Any, n: int, flip: bool = True) -> str:
    """One or two sentences that say what the picture at position `n` shows.

    >>> flip_and_slide_text([1, 2, 3], [1, 0, 2], 1)
    'Convolution, position 1 (0 to 4): (f ∗ g)[1] = f[0]·g[1] + f[1]·g[0] = 1·0 + 2·1 = 2.'
    """
    slide = _slide(f, g, n, flip)
    letters, numbers = _sums(slide)
    name = "Convolution" if flip else "Cross-correlation"
    return f"{name}, position {n} (0 to {len(slide.answers) - 1}): {letters} = {numbers}."


def flip_and_slide_figure(f: Any, g: Any, n: int, flip: bool = True) -> Figure:
    """f, the sliding g, their products and the answers so far, at position `n`.

    Parameters: `f` (A,), `g` (B,), 0 ≤ `n` ≤ A+B−2: how far g has come from the left;
    at `n` = 0 its right end lies on f[0], at `n` = A+B−2 its left end on the last entry of f.
    With `flip` this is convolution, (f ∗ g)[n] = Σ f[τ]·g[n−τ].
    Without it g is slid as it is: cross-correlation, (g ⋆ f)[i] = Σ g[m]·f[i+m], i = n−(B−1).
    Either way the answer stands under g[0]. Raises ValueError when `n` is outside the range.

    >>> figure = flip_and_slide_figure([1, 2, 3, 1], [1, 0, 2], 2)
    """
    slide = _slide(f, g, n, flip)
    size = len(slide.tape)
    columns = len(slide.f) + 2 * (size - 1)
    width = LABELS + columns + 0.6
    height = 1.0 + 4 * BAND + 1.75
    sheet = Sheet(width, height, min(0.62, WIDEST / width))

    def column(index: int) -> float:
        return LABELS + (size - 1) + index + 0.5

    tops = [0.95 + BAND * row + (0.25 if row == 3 else 0.0) for row in range(4)]
    _shade(sheet, slide, column, tops)
    letter = "n" if flip else "i"
    tape_name = f"g[{letter} − τ]" if flip else f"g[τ − {letter}]"
    products = {t: slide.f[t] * slide.tape[t - slide.start] for t in slide.overlap}
    tape = {slide.start + k: float(v) for k, v in enumerate(slide.tape)}
    answers = {slide.first + k: float(v) for k, v in enumerate(slide.answers)}
    shown = {k: v for k, v in answers.items() if k <= slide.at}
    signal = dict(enumerate(slide.f.tolist()))
    rows = [
        ("f[τ]", "stays", signal, signal, {t: str(t) for t in signal}),
        (
            tape_name,
            "flipped" if flip else "not flipped",
            tape,
            tape,
            {slide.start + k: f"g[{name}]" for k, name in enumerate(slide.names)},
        ),
        (f"f[τ]·{tape_name}", "products", products, _all_products(slide), {}),
        (
            f"{_product(flip)}[{letter}]",
            "their sum",
            shown,
            answers,
            {k: number(k) for k in answers},
        ),
    ]
    for top, (name, word, values, scale, feet) in zip(tops, rows, strict=True):
        sheet.write(0.15, top + 0.75, name, 11, align="left")
        sheet.write(0.15, top + 1.15, word, 9, QUIET, align="left")
        _stems(sheet, column, top, values, scale, feet)

    title = "Convolution: flip g, then slide it" if flip else "Cross-correlation: slide g as it is"
    sheet.write(width / 2, 0.45, title, 13)
    letters, numbers = _sums(slide)
    foot = tops[3] + BAND
    sheet.write(width / 2, foot + 0.45, letters, 11)
    sheet.write(width / 2, foot + 0.95, f"= {numbers}", 12)
    return sheet.finish()


def _all_products(slide: _Slide) -> dict[int, float]:
    """The largest and smallest product possible, so that the row keeps its scale."""
    every = np.outer(slide.f, slide.tape)
    return {0: float(every.max()), 1: float(every.min())}


def _shade(sheet: Sheet, slide: _Slide, column: Column, tops: list[float]) -> None:
    """The tape behind g, a frame around what overlaps, and one around the answer."""
    end = slide.start + len(slide.tape) - 1
    left = column(slide.start) - 0.45
    wide = column(end) + 0.45 - left
    sheet.axes.add_artist(Rectangle((left, tops[1] + 0.02), wide, BAND - 0.1, facecolor=TINT))
    left = column(slide.overlap[0]) - 0.48
    wide = column(slide.overlap[-1]) + 0.48 - left
    sheet.frame(left, tops[0], wide, 3 * BAND - 0.06)
    sheet.frame(column(slide.at) - 0.45, tops[3], 0.9, BAND - 0.04)


def _stems(
    sheet: Sheet,
    column: Column,
    top: float,
    values: dict[int, float],
    scale: dict[int, float],
    feet: dict[int, str],
) -> None:
    """One row of stems: `scale` holds the values that set its height, `feet` the names below."""
    high = max(0.0, *scale.values())
    low = min(0.0, *scale.values())
    room = 0.62 if low < 0 else 0.8
    unit = room / ((high - low) or 1.0)
    base = top + 0.42 + unit * high
    xs = np.array([column(index) for index in values])
    heights = np.array(list(values.values()))
    ends = base - unit * heights
    sheet.axes.hlines(
        base,
        column(min(feet or values)) - 0.45,
        column(max(feet or values)) + 0.45,
        color=LINE,
        linewidth=1.0,
    )
    sheet.axes.vlines(xs, base, ends, color=INK, linewidth=2.2)
    sheet.axes.plot(xs, ends, "o", color=INK, markersize=5.5)
    for x, end, value in zip(xs, ends, heights, strict=True):
        sheet.write(x, end - 0.24 if value >= 0 else end + 0.22, number(value), 10)
    for index, name in feet.items():
        sheet.write(column(index), top + BAND - 0.22, name, 8, QUIET)
