"""The picture and the sentence of a stack of layers: shapes and parameters that flow through it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from utils.plots import ACCENT, INK, TINT
from utils.widgets.picture import LINE, QUIET, Sheet, number

Layer = tuple[Any, ...]
Shape = tuple[int, ...]

MOST_LAYERS = 10
MOST_NUMBERS = 10_000_000  # of one example, in any layer

# What stands behind a layer's name in its tuple, with the least that each may be.
SETTINGS: dict[str, tuple[tuple[str, int], ...]] = {
    "conv": (("filters C_out", 1), ("kernel side K", 1), ("padding P", 0)),
    "relu": (),
    "pool": (("window side K", 1),),
    "norm": (),
    "dropout": (("share p", 0),),
    "flatten": (),
    "global": (),
    "linear": (("numbers in, F_in", 1), ("numbers out, F_out", 1)),
}

# Inches.
WIDTH, HEIGHT = 9.4, 5.25
FIRST, PITCH = 0.78, 0.335  # height of the input's row, and from a row to the next
NAMES, SHAPES = 0.25, 3.55  # left ends of the columns
SIZES, PARAMETERS = (5.05, 1.25), (7.25, 1.2)  # left end and width of the bars


class Step(NamedTuple):
    """One layer of a stack: its words, the shape that leaves it, its parameters.

    `shape` is None from the layer on that does not fit;
    `problem` says at that layer why, and is empty everywhere else.
    """

    words: str
    shape: Shape | None
    parameters: int
    problem: str = ""


def flow(layers: Sequence[Layer], shape: Sequence[int]) -> list[Step]:
    """Send a batch of `shape` (N, C, H, W) through the layers, and note what each makes of it.

    Raises ValueError for a layer or shape that no stack can have;
    a layer that does not fit where it stands is not an error, but a Step with a problem.

    >>> [step.shape for step in flow([("conv", 8, 3, 0), ("pool", 2)], (1, 1, 28, 28))]
    [(1, 8, 26, 26), (1, 8, 13, 13)]
    """
    at: Shape | None = _checked(layers, shape)
    steps = []
    for layer in layers:
        if at is None:
            steps.append(Step(words_of(layer, None), None, 0))
            continue
        words = words_of(layer, at)
        problem = _problem(layer, at)
        if problem:
            at = None
            steps.append(Step(words, None, 0, problem))
        else:
            parameters = _parameters(layer, at)
            at = _after(layer, at)
            steps.append(Step(words, at, parameters))
    return steps


def layer_stack_text(layers: Sequence[Layer], shape: Sequence[int]) -> str:
    """What the picture of this stack shows, with its numbers.

    >>> layer_stack_text([("conv", 8, 3, 0), ("flatten",), ("linear", 100, 10)], (1, 1, 28, 28))
    'Input (1, 1, 28, 28). 1 Conv 1→8, 3×3: (1, 8, 26, 26), 80 parameters. \
2 Flatten: (1, 5408). 3 Linear 100→10 does not fit: 5,408 numbers of each example arrive, \
but F_in is 100: set it to 5408. 80 parameters up to there.'
    """
    steps = flow(layers, shape)
    said = [f"Input {_shown(shape)}"]
    for place, step in enumerate(steps, start=1):
        if step.problem:
            said.append(f"{place} {step.words} does not fit: {step.problem}")
            break
        if step.shape is not None:
            price = f", {step.parameters:,} parameters" if step.parameters else ""
            said.append(f"{place} {step.words}: {_shown(step.shape)}{price}")
    total = sum(step.parameters for step in steps)
    broken = any(step.problem for step in steps)
    said.append(f"{total:,} parameters up to there" if broken else f"{total:,} parameters in all")
    return ". ".join(said) + "."


def layer_stack_figure(
    layers: Sequence[Layer], shape: Sequence[int], chosen: int | None = None
) -> Figure:
    """A batch on its way through a stack: what leaves each layer, and what each has to learn.

    Parameters: `layers`, up to ten tuples, the one next to the input first:
    ("conv", C_out, K, P), ("relu",), ("pool", K), ("norm",), ("dropout", p), ("flatten",),
    ("global",), ("linear", F_in, F_out).
    Convolutions have stride 1 and a bias; pools take the largest and step by K;
    "global" takes the mean of each map, (N, C, H, W) → (N, C); "norm" is batch normalisation.
    `shape` is (N, C, H, W); `chosen`, a layer's number from 0 on, is tinted.
    Bars count the numbers that one example has after the layer, and the layer's parameters.
    A layer that does not fit is framed, with the reason below.
    Raises ValueError for other layers or shapes.

    >>> figure = layer_stack_figure([("conv", 32, 3, 1), ("relu",), ("pool", 2)], (1, 1, 28, 28))
    """
    steps = flow(layers, shape)
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    for x, word in (
        (NAMES, "layer"),
        (SHAPES, "what leaves it"),
        (SIZES[0], "numbers of one example"),
        (PARAMETERS[0], "parameters"),
    ):
        sheet.write(x, 0.28, word, 11, align="left")
    sheet.axes.hlines(0.5, NAMES, WIDTH - NAMES, color=LINE, linewidth=1.0)
    if chosen is not None and 0 <= chosen < len(steps):
        _tint(sheet, FIRST + (chosen + 1) * PITCH)
    rows = [Step("input", tuple(shape), 0), *steps]
    sizes = [math.prod(step.shape[1:]) if step.shape else 0 for step in rows]
    prices = [step.parameters for step in rows]
    for place, (step, size) in enumerate(zip(rows, sizes, strict=True)):
        y = FIRST + place * PITCH
        _row(sheet, y, place, step)
        if step.shape:
            _bar(sheet, SIZES, y, size, max(sizes), "0.6")
            if step.parameters:
                _bar(sheet, PARAMETERS, y, step.parameters, max(prices), INK)
            elif place:
                sheet.write(PARAMETERS[0], y, "0", 9.5, QUIET, "left")
    _verdict(sheet, steps)
    return sheet.finish()


def words_of(layer: Layer, shape: Shape | None) -> str:
    """A layer in words; `shape` is what arrives, if that is known.

    >>> words_of(("conv", 32, 3, 1), (1, 1, 28, 28))
    'Conv 1→32, 3×3, padding 1'
    """
    kind, *settings = layer
    channels = f"{shape[1]}→" if shape else ""
    if kind == "conv":
        C_out, K, P = settings
        return f"Conv {channels}{C_out}, {K}×{K}" + (f", padding {P}" if P else "")
    if kind == "linear":
        return f"Linear {settings[0]}→{settings[1]}"
    return {
        "relu": "ReLU",
        "pool": "Max pool {0}×{0}",
        "norm": "Batch norm",
        "dropout": "Dropout, p = {0}",
        "flatten": "Flatten",
        "global": "Global mean pool",
    }[kind].format(*map(number, settings))


def _checked(layers: Sequence[Layer], shape: Sequence[int]) -> Shape:
    if len(shape) != 4 or any(side != int(side) or side < 1 for side in shape):
        raise ValueError(f"shape must be (N, C, H, W), whole numbers from 1 on; got {shape}.")
    if len(layers) > MOST_LAYERS:
        raise ValueError(f"layers must be at most {MOST_LAYERS}; got {len(layers)}.")
    for layer in layers:
        kind, *settings = layer if layer else ("",)
        if kind not in SETTINGS:
            raise ValueError(f"a layer is one of {', '.join(SETTINGS)}; got {layer}.")
        asked = SETTINGS[kind]
        if len(settings) != len(asked):
            names = ", ".join(name for name, _ in asked) or "nothing"
            raise ValueError(f'("{kind}", …) needs {names}; got {layer}.')
        for value, (name, least) in zip(settings, asked, strict=True):
            if kind == "dropout" and not 0 <= value <= 1:
                raise ValueError(f"share p of dropout must be from 0 to 1; got {layer}.")
            if kind != "dropout" and (value != int(value) or value < least):
                raise ValueError(f"{name} must be a whole number from {least} on; got {layer}.")
    return tuple(int(side) for side in shape)


def _problem(layer: Layer, shape: Shape) -> str:
    """Why the layer does not fit after something of this shape; empty when it fits."""
    kind, *settings = layer
    maps = len(shape) == 4
    if kind in {"conv", "pool", "global"} and not maps:
        return f"it reads maps (N, C, H, W), but {_shown(shape)} arrives: put it before the flatten"
    if kind == "linear" and maps:
        return f"it reads (N, F), but maps {_shown(shape)} arrive: flatten or pool globally first"
    if kind == "linear" and settings[0] != shape[1]:
        return (
            f"{shape[1]:,} numbers of each example arrive, but F_in is {settings[0]}: "
            f"set it to {shape[1]}"
        )
    if kind == "pool" and settings[0] > min(shape[2:]):
        return f"its window of {settings[0]}×{settings[0]} is larger than the map {_side(shape)}"
    if kind == "conv":
        _, K, P = settings
        if min(shape[2:]) + 2 * P < K:
            return f"its kernel of {K}×{K} is larger than the padded map {_side(shape, P)}"
    if math.prod(_after(layer, shape)[1:]) > MOST_NUMBERS:
        return f"more than {MOST_NUMBERS:,} numbers of each example would leave it: take fewer"
    return ""


def _after(layer: Layer, shape: Shape) -> Shape:
    """The shape that leaves a layer which fits."""
    kind, *settings = layer
    N, *rest = shape
    if kind == "conv":
        C_out, K, P = settings
        return (N, C_out, *(side - K + 2 * P + 1 for side in rest[1:]))
    if kind == "pool":
        return (N, rest[0], *(side // settings[0] for side in rest[1:]))
    if kind == "flatten":
        return (N, math.prod(rest))
    if kind == "global":
        return (N, rest[0])
    if kind == "linear":
        return (N, settings[1])
    return shape


def _parameters(layer: Layer, shape: Shape) -> int:
    """What a layer learns: weights and biases, or a scale and a shift of each channel."""
    kind, *settings = layer
    if kind == "conv":
        C_out, K, _ = settings
        return int(C_out * (shape[1] * K * K + 1))
    if kind == "linear":
        return int(settings[1] * (settings[0] + 1))
    return 2 * shape[1] if kind == "norm" else 0


def _shown(shape: Sequence[int]) -> str:
    return "(" + ", ".join(str(side) for side in shape) + ")"


def _side(shape: Shape, P: int = 0) -> str:
    return f"of {shape[2] + 2 * P}×{shape[3] + 2 * P}"


def _row(sheet: Sheet, y: float, place: int, step: Step) -> None:
    """A layer's number and words, and the shape that leaves it."""
    reached = step.shape is not None or bool(step.problem)
    colour = INK if reached else QUIET
    words = f"{place}  {step.words}" if place else step.words
    sheet.write(NAMES, y, words, 10.5, colour, "left")
    if step.problem:
        sheet.frame(NAMES - 0.1, y - PITCH / 2 + 0.02, WIDTH - 2 * NAMES + 0.2, PITCH - 0.04)
        sheet.write(SHAPES, y, "does not fit", 10.5, ACCENT, "left")
    else:
        text = _shown(step.shape) if step.shape else "not reached"
        sheet.write(SHAPES, y, text, 10.5, colour, "left")


def _tint(sheet: Sheet, y: float) -> None:
    left, right = NAMES - 0.1, WIDTH - NAMES + 0.1
    low, high = y - PITCH / 2 + 0.02, y + PITCH / 2 - 0.02
    box = [(left, low), (right, low), (right, high), (left, high)]
    sheet.axes.add_collection(
        PolyCollection([box], facecolor=TINT, edgecolor=QUIET, linewidth=0.8, zorder=1),
        autolim=False,
    )


def _bar(
    sheet: Sheet, column: tuple[float, float], y: float, value: int, most: int, fill: str
) -> None:
    """A bar from the column's left end, and the number at its right end."""
    left, wide = column
    right, half = left + wide * value / most, 0.09
    box = [(left, y - half), (right, y - half), (right, y + half), (left, y + half)]
    sheet.axes.add_collection(
        PolyCollection([box], facecolor=fill, edgecolor=INK, linewidth=0.6, zorder=4),
        autolim=False,
    )
    sheet.write(right + 0.08, y, f"{value:,}", 9.5, align="left")


def _verdict(sheet: Sheet, steps: Sequence[Step]) -> None:
    """The sum below the table, or why the stack does not hold together."""
    total = sum(step.parameters for step in steps)
    y = HEIGHT - 0.42
    problem = next((step for step in steps if step.problem), None)
    if problem is None:
        sheet.write(NAMES, y, f"{total:,} parameters in all", 12, align="left")
        return
    place = steps.index(problem) + 1
    sheet.write(NAMES, y, f"Layer {place} does not fit:", 11, ACCENT, "left")
    sheet.write(NAMES, y + 0.24, f"{problem.problem}.", 10, align="left")
