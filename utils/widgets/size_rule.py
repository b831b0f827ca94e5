"""How a window falls on a padded grid: the sizes, and which cells each step touches.

One rule serves both directions.
Along an axis, step i lays the window's K taps on the cells i·S, i·S + D, …, i·S + D·(K−1).
A convolution reads those cells of the padded input and writes cell i of the output.
A transposed convolution reads cell i of the input and adds to those cells of its canvas;
the output is the canvas without the outermost P cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from utils.widgets.picture import number


@dataclass(frozen=True)
class Axis:
    """One axis of the sum: sizes in cells, and which cells each step touches."""

    name: str
    size: int  # of the input
    K: int
    S: int
    P: int
    D: int
    transposed: bool
    output_padding: int

    @property
    def span(self) -> int:
        """The cells from the window's first tap to its last: K_eff."""
        return self.D * (self.K - 1) + 1

    @property
    def out(self) -> int:
        """The size of the output; 0 when nothing comes out."""
        if self.transposed:
            whole = (self.size - 1) * self.S + self.span
            return max(0, whole - 2 * self.P + self.output_padding)
        return max(0, (self.size + 2 * self.P - self.span) // self.S + 1)

    @property
    def steps(self) -> int:
        """How many places the window takes along this axis."""
        return self.size if self.transposed else self.out

    @property
    def cells(self) -> int:
        """The cells on which the window lies: the padded input, or the canvas."""
        if not self.transposed:
            return self.size + 2 * self.P
        return max((self.size - 1) * self.S + self.span, self.P + self.out)

    @property
    def inner(self) -> int:
        """How many of the cells are no padding: the input itself, or the output itself."""
        return self.out if self.transposed else self.size

    @property
    def left_over(self) -> int:
        """The cells after the last place of the window: what the floor threw away."""
        return 0 if self.transposed or not self.out else (self.cells - self.span) % self.S

    def touched(self) -> np.ndarray:
        """Which cells each step touches: (steps, cells), 0 and 1."""
        table = np.zeros((self.steps, self.cells), dtype=int)
        for step in range(self.steps):
            table[step, step * self.S + self.D * np.arange(self.K)] = 1
        return table

    def formula(self) -> str:
        """The size's formula with its numbers, the floor visible.

        >>> Axis("height", 5, 3, 2, 1, 1, False, 0).formula()
        'height: ⌊(5 − 3 + 2·1) / 2⌋ + 1 = ⌊2⌋ + 1 = 3'
        """
        if self.transposed:
            terms = f"({self.size} − 1)·{self.S} − 2·{self.P} + {self.D}·({self.K} − 1)"
            total = (self.size - 1) * self.S - 2 * self.P + self.span + self.output_padding
            said = f"{self.name}: {terms} + {self.output_padding} + 1 = {number(total)}"
            return said if total > 0 else f"{said}: nothing is left"
        rest = self.cells - self.span
        said = f"{self.name}: ⌊({self.size} − {self.span} + 2·{self.P}) / {self.S}⌋ + 1"
        if rest < 0:
            return f"{said}: {self.size} − {self.span} + 2·{self.P} is negative, no window fits"
        return f"{said} = ⌊{number(rest / self.S)}⌋ + 1 = {self.out}"


def steps_of(
    H: int, W: int, K: int, S: int, P: int, D: int, transposed: bool, output_padding: int = 0
) -> int:
    """How many places the window takes; 0 when it fits nowhere."""
    return last_step(both_axes(H, W, K, S, P, D, transposed, output_padding)) + 1


def both_axes(
    H: int, W: int, K: int, S: int, P: int, D: int, transposed: bool, output_padding: int
) -> tuple[Axis, Axis]:
    least = {"H": (H, 1), "W": (W, 1), "K": (K, 1), "S": (S, 1), "P": (P, 0), "D": (D, 1)}
    least["output_padding"] = (output_padding, 0)
    for name, (value, floor) in least.items():
        if value != int(value) or value < floor:
            raise ValueError(f"{name} must be a whole number, at least {floor}; got {value}.")
    if output_padding and (not transposed or output_padding >= max(S, D)):
        raise ValueError(
            "output_padding belongs to transposed=True and must be smaller than S or D, "
            f"as in torch; got {output_padding} with S = {S}, D = {D}."
        )
    return (
        Axis("height", H, K, S, P, D, transposed, output_padding),
        Axis("width", W, K, S, P, D, transposed, output_padding),
    )


def last_step(axes: tuple[Axis, Axis]) -> int:
    """The number of the last step, −1 when nothing comes out."""
    return axes[0].steps * axes[1].steps - 1 if all(axis.out for axis in axes) else -1


def check_step(step: int, last: int) -> None:
    if not 0 <= step <= last:
        raise ValueError(f"There is no step {step}: the steps go from 0 to {last}.")
