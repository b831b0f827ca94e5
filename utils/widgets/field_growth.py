"""The picture and the sentence of a receptive field that grows layer by layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from utils.plots import INK
from utils.widgets.picture import LINE, PAPER, QUIET, Sheet

Layer = tuple[int, int, int]  # K, S, D

MOST_LAYERS = 8
MOST_PIXELS = 2000  # along a side: beyond it nothing could be seen

# Inches.
WIDTH, HEIGHT = 9.4, 5.3
STACK = (1.75, 4.45)  # left end and width of the rows of units
ROWS = (0.9, 3.95)  # height of the output's row and of the input's
MASK = (6.55, 0.85, 2.6)  # left, top and side of the field in two dimensions
LARGEST = 0.3  # unit
LINED = 0.09  # the smallest pixel of the mask that still has lines around it


class Field(NamedTuple):
    """What one output pixel sees along one axis.

    `needed[l]` marks the units of layer l (0 is the input) that it depends on;
    `sides[l]` is the field of one unit of layer l, and `jumps[l]` how far apart
    the fields of neighbouring units are, both in input pixels.
    """

    needed: list[np.ndarray]
    sides: list[int]
    jumps: list[int]

    @property
    def seen(self) -> int:
        """Input pixels along one axis that the output pixel depends on."""
        return int(self.needed[0].sum())


def field_of(layers: Sequence[Layer]) -> Field:
    """Follow one output pixel of a stack down to the input; `layers` are (K, S, D), input first.

    >>> field_of([(3, 1, 2), (3, 1, 2)]).needed[0].astype(int)
    array([1, 0, 1, 0, 1, 0, 1, 0, 1])
    """
    _check(layers)
    sides, jumps = [1], [1]
    for K, S, D in layers:
        sides.append(sides[-1] + D * (K - 1) * jumps[-1])
        jumps.append(jumps[-1] * S)
    if sides[-1] > MOST_PIXELS:
        raise ValueError(
            f"The field has {sides[-1]} pixels, too many to draw ({MOST_PIXELS} at most). "
            "Take fewer layers, or smaller strides and dilations."
        )
    needed = [np.ones(1, dtype=bool)]
    for K, S, D in reversed(layers):
        above = needed[0]
        below = np.zeros((len(above) - 1) * S + D * (K - 1) + 1, dtype=bool)
        for tap in range(K):
            below[tap * D : tap * D + (len(above) - 1) * S + 1 : S] |= above
        needed.insert(0, below)
    return Field(needed, sides, jumps)


def receptive_field_text(layers: Sequence[Layer]) -> str:
    """What the picture of this stack shows, with its numbers.

    >>> receptive_field_text([(3, 1, 2), (3, 1, 2)])
    'Layer 1, K 3, S 1, D 2: field 5. Layer 2, K 3, S 1, D 2: field 9 = 1 + 4·1 + 4·1. \
One output pixel depends on 5 of 9 input pixels along a side, 25 of 81 in two dimensions: 31 %. \
Neighbouring outputs see fields that lie 1 pixel apart.'
    """
    field = field_of(layers)
    steps = [
        f"Layer {i}, K {K}, S {S}, D {D}: field {side}"
        for i, ((K, S, D), side) in enumerate(zip(layers, field.sides[1:], strict=True), start=1)
    ]
    side, seen, jump = field.sides[-1], field.seen, field.jumps[-1]
    return (
        f"{'. '.join(steps)} = {_sum(layers, field)}. "
        f"One output pixel depends on {seen} of {side} input pixels along a side, "
        f"{seen**2:,} of {side**2:,} in two dimensions: {_percent(field)}. "
        f"Neighbouring outputs see fields that lie {jump} pixel{'s' if jump > 1 else ''} apart."
    )


def receptive_field_figure(layers: Sequence[Layer]) -> Figure:
    """One output pixel and all that it depends on: layer by layer in 1-D, the input in 2-D.

    Parameters: `layers`, one to eight of (K, S, D): kernel side, stride and dilation,
    the layer next to the input first.
    Dark units matter to the output pixel, light ones lie between them and do not.
    Raises ValueError for other layers, or a field too large to draw.

    >>> figure = receptive_field_figure([(3, 1, 1), (3, 2, 1), (3, 1, 1)])

    Source: the recurrence r ← r + D(K−1)·j, j ← j·S, as derived in A. Araujo, W. Norris, J. Sim
    (2019), "Computing Receptive Fields of Convolutional Neural Networks", Distill.
    """
    field = field_of(layers)
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    side = field.sides[-1]
    pitch = min(LARGEST * 1.3, STACK[1] / side)
    left = STACK[0] + (STACK[1] - side * pitch) / 2
    unit = 0.8 * pitch
    tall = min(unit, 0.3)

    def x(layer: int, units: np.ndarray) -> np.ndarray:
        """Middles of units of a layer: in the middle of the input pixels that they see."""
        return left + pitch * (units * field.jumps[layer] + field.sides[layer] / 2)

    rows = np.linspace(ROWS[1], ROWS[0], len(layers) + 1)
    for layer, (K, S, D) in enumerate(layers, start=1):
        _wires(sheet, field, layer, (K, S, D), x, (rows[layer - 1], rows[layer]), tall)
    for layer, y in enumerate(rows):
        for matters in (False, True):
            centres = x(layer, np.flatnonzero(field.needed[layer] == matters))
            boxes = [
                [(c - unit / 2, y - tall / 2), (c + unit / 2, y - tall / 2),
                 (c + unit / 2, y + tall / 2), (c - unit / 2, y + tall / 2)]
                for c in centres
            ]  # fmt: skip
            fill, rim = (INK, INK) if matters else (PAPER, QUIET)
            line = 0.9 if unit > 0.05 else 0.0
            units = PolyCollection(boxes, facecolor=fill, edgecolor=rim, linewidth=line, zorder=4)
            sheet.axes.add_collection(units, autolim=False)
        _name(sheet, layers, field, layer, y)
    middle = STACK[0] + STACK[1] / 2
    sheet.write(middle, 0.3, "one output pixel, and what it depends on", 11)
    seen = f"{field.seen} of {side} input pixels matter"
    sheet.write(middle, ROWS[1] + 0.36, seen, 10)
    _mask(sheet, field)
    sheet.write(WIDTH / 2, HEIGHT - 0.58, f"field = {_sum(layers, field)} = {side}", 12)
    words = "1 + for each layer  D·(K − 1) × the strides of the layers before it"
    sheet.write(WIDTH / 2, HEIGHT - 0.22, words, 9, QUIET)
    return sheet.finish()


def _check(layers: Sequence[Layer]) -> None:
    if not 1 <= len(layers) <= MOST_LAYERS:
        raise ValueError(f"layers must be 1 to {MOST_LAYERS} of (K, S, D); got {len(layers)}.")
    for layer in layers:
        if len(layer) != 3 or any(value != int(value) or value < 1 for value in layer):
            raise ValueError(
                "each layer is (K, S, D), three whole numbers from 1 on: kernel side, stride, "
                f"dilation; got {layer}."
            )


def _sum(layers: Sequence[Layer], field: Field) -> str:
    """The field's side as a sum over the layers."""
    terms = [f"{D * (K - 1)}·{jump}" for (K, _, D), jump in zip(layers, field.jumps, strict=False)]
    return " + ".join(["1", *terms])


def _percent(field: Field) -> str:
    return f"{100 * (field.seen / field.sides[-1]) ** 2:.0f} %"


def _wires(
    sheet: Sheet,
    field: Field,
    layer: int,
    settings: Layer,
    x: Callable[[int, np.ndarray], np.ndarray],
    ys: tuple[float, float],
    tall: float,
) -> None:
    """Lines from each unit that matters to the K units below that it reads."""
    K, S, D = settings
    below, above = ys
    starts = np.flatnonzero(field.needed[layer])
    lines = []
    for tap in range(K):
        ends = x(layer - 1, starts * S + tap * D)
        for top, foot in zip(x(layer, starts), ends, strict=True):
            lines.append([(top, above + tall / 2), (foot, below - tall / 2)])
    width = 1.1 if len(lines) < 150 else 0.4
    sheet.axes.add_collection(
        LineCollection(lines, color=QUIET, linewidth=width, zorder=2), autolim=False
    )


def _name(sheet: Sheet, layers: Sequence[Layer], field: Field, layer: int, y: float) -> None:
    """What a row of units is: its layer's settings, and the field of one of its units."""
    if layer == 0:
        sheet.write(0.15, y, "input", 10, align="left")
        return
    K, S, D = layers[layer - 1]
    sheet.write(0.15, y - 0.1, f"layer {layer}:  field {field.sides[layer]}", 10, align="left")
    sheet.write(0.15, y + 0.11, f"K {K}, S {S}, D {D}", 8.5, QUIET, align="left")


def _mask(sheet: Sheet, field: Field) -> None:
    """The input pixels that matter, in two dimensions, in the middle of an image."""
    left, top, room = MASK
    side = field.sides[-1]
    image = 2 ** max(3, math.ceil(math.log2(side))) + 1  # 9, 17, 33, …: so that growth is seen
    pixel = room / image
    first = (image - side) // 2
    x, y = left + first * pixel, top + first * pixel
    sheet.photo(np.ones((1, 1)), (left, top), (room, room))
    seen = np.outer(field.needed[0], field.needed[0])
    sheet.photo(np.where(seen, 0.25, 1.0), (x, y), (side * pixel, side * pixel))
    if pixel >= LINED:
        lines = pixel * np.arange(image + 1)
        sheet.axes.hlines(top + lines, left, left + room, color=LINE, linewidth=0.8)
        sheet.axes.vlines(left + lines, top, top + room, color=LINE, linewidth=0.8)
    rim = 0.025  # so that the frame covers no pixel
    sheet.frame(x - rim, y - rim, side * pixel + 2 * rim, side * pixel + 2 * rim)
    sheet.write(left + room / 2, 0.3, f"the field, {side} × {side} pixels,", 11)
    sheet.write(left + room / 2, 0.58, f"on an image of {image} × {image}", 10)
    words = f"depends on {seen.sum():,} of {side**2:,}: {_percent(field)}"
    sheet.write(left + room / 2, top + room + 0.25, words, 11)
    jump = field.jumps[-1]
    apart = f"the next output's field: {jump} pixel{'s' if jump > 1 else ''} further"
    sheet.write(left + room / 2, top + room + 0.53, apart, 9, QUIET)
