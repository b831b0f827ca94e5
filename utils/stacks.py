"""A stack of convolutional layers told in plain tuples: its maps, its cost, and what is wrong.

A layer is `(C_in, C_out, K, S, P)`: channels in and out, a K×K window, stride S, padding P.

    maps_of([(3, 8, 3, 2, 1)], channels=3, side=224)  →  [(3, 224), (8, 112)]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from utils.describe import describe, kind_of
from utils.expect import Mismatch

MOST_LAYERS = 100
# Beyond these nobody means what they wrote.
LIMITS = {
    "C_in": (1, 10_000_000),
    "C_out": (1, 10_000_000),
    "K": (1, 10_000),
    "S": (1, 10_000),
    "P": (0, 10_000),
}

Layer = tuple[int, int, int, int, int]


def side_after(side: int, K: int, S: int, P: int) -> int:
    """The side of a square map after one layer; raises ValueError where no window fits.

    >>> side_after(224, K=3, S=2, P=1)
    112
    """
    room = side + 2 * P - K
    if room < 0:
        raise ValueError(f"a window of {K} does not fit into {side} pixels with padding {P}.")
    return room // S + 1


def maps_of(stack: Sequence[Layer], channels: int, side: int) -> list[tuple[int, int]]:
    """(channels, side) of the input and of each layer's output.

    Raises ValueError where no window fits.
    """
    maps = [(channels, side)]
    for _, c_out, K, S, P in stack:
        maps.append((c_out, side_after(maps[-1][1], K, S, P)))
    return maps


def parameters_of(stack: Sequence[Layer]) -> int:
    """Weights and biases of all layers together."""
    return sum(c_out * (c_in * K * K + 1) for c_in, c_out, K, _, _ in stack)


def expect_stack(
    value: Any, *, channels: int, side: int, to_side: int, budget: int, at_least: int = 0
) -> None:
    """Expect a student's stack to turn `channels` maps of `side` into maps of `to_side` pixels.

    The layers' channels chain, no stride is larger than its window, and weights and biases
    together number `at_least` to `budget`. Any such stack is right.

    Raises `Mismatch`, whatever the value is.
    """
    layers = _layers(value)
    now = channels
    for number, (c_in, c_out, K, S, P) in enumerate(layers, start=1):
        if c_in != now:
            said = f"Layer {number} does not take the channels that reach it."
            raise Mismatch(said, f"C_in = {now}", f"C_in = {c_in}")
        if S > K:
            said = f"Layer {number} steps over pixels: its stride is larger than its window."
            raise Mismatch(said, f"S ≤ K = {K}", f"S = {S}")
        if side + 2 * P < K:
            said = f"No window of layer {number} fits: its input has {side} pixels a side."
            raise Mismatch(said, f"K ≤ {side + 2 * P}", f"K = {K}")
        now, side = c_out, side_after(side, K, S, P)
    if side != to_side:
        said = "The sides of the maps come out wrong."
        raise Mismatch(said, f"{to_side}×{to_side} at the end", f"{side}×{side}")
    cost = parameters_of(layers)
    if cost > budget:
        raise Mismatch(
            "The stack costs too much.", f"at most {budget:,} parameters", f"{cost:,} parameters"
        )
    if cost < at_least:
        said = "The stack leaves more than half of the budget unused."
        raise Mismatch(said, f"at least {at_least:,} parameters", f"{cost:,} parameters")


def _layers(value: Any) -> list[Layer]:
    """The value as layers; every number is a whole number of a sensible size."""
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MOST_LAYERS:
        raise Mismatch("The function must return a list of layers.", "a list", kind_of(value))
    layers: list[Layer] = []
    for number, layer in enumerate(value, start=1):
        if not isinstance(layer, list | tuple) or len(layer) != 5:
            said = f"Layer {number} must be five numbers (C_in, C_out, K, S, P)."
            raise Mismatch(said, "5 numbers", kind_of(layer))
        for (name, (least, most)), entry in zip(LIMITS.items(), layer, strict=True):
            if type(entry) is not int or not least <= entry <= most:
                said = f"{name} of layer {number} must be a whole number from {least} to {most:,}."
                raise Mismatch(said, f"{name} from {least} to {most:,}", describe(entry))
        layers.append((layer[0], layer[1], layer[2], layer[3], layer[4]))
    return layers
