"""The picture and the sentence of the gradient at one place of a photograph."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from utils.plots import ACCENT, INK
from utils.widgets.convolution_step import feature_map
from utils.widgets.kernel_effect import EXACT, brightness
from utils.widgets.picture import LINE, PAPER, QUIET, Sheet, number

SOBEL_X = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
MOST_SMOOTHING = 8.0  # pixels
CLOSE = 11  # pixels along a side of the close-up

# Inches.
SIDE = 2.4  # the photograph's longer side; all pictures have its size
GAP = 0.35
HEAD = 0.45
FOOT = 0.32

TOWARDS = (
    "the right",
    "the lower right",
    "the bottom",
    "the lower left",
    "the left",
    "the upper left",
    "the top",
    "the upper right",
)


class Gradient(NamedTuple):
    """The smoothed photograph (H, W), and its maps (H−2, W−2)."""

    smooth: np.ndarray
    gx: np.ndarray
    gy: np.ndarray
    magnitude: np.ndarray


class Place(NamedTuple):
    """The gradient at one place; `degrees` is 0 to the right and 90 *down*, as rows count."""

    gx: float
    gy: float
    magnitude: float
    degrees: float

    @property
    def flat(self) -> bool:
        """Whether there is no direction, because nothing changes."""
        return self.magnitude < EXACT


def gradient_explorer_text(photo: Any, row: int, column: int, smoothing: float = 0.0) -> str:
    """What the picture of this place shows, with its numbers.

    >>> step = torch.tensor([[0.0, 0.0, 1.0, 1.0]] * 4)  # dark left, bright right
    >>> gradient_explorer_text(step, 1, 1)
    'Row 1, column 1, no smoothing: gx = 4, gy = 0, magnitude 4, direction 0°. \
It gets brighter towards the right. The strongest gradient of the photograph is 4.'
    """
    gradient = gradients(photo, smoothing)
    here = at_place(gradient, row, column)
    smooth = f"smoothing {number(smoothing)} pixels" if smoothing else "no smoothing"
    place = f"Row {row}, column {column}, {smooth}: gx = {number(here.gx)}, gy = {number(here.gy)}"
    if here.flat:
        said = "magnitude 0. Nothing changes here, so there is no direction."
    else:
        towards = TOWARDS[round(here.degrees / 45) % 8]
        said = (
            f"magnitude {number(here.magnitude)}, direction {_degrees(here)}. "
            f"It gets brighter towards {towards}."
        )
    strongest = number(float(gradient.magnitude.max()))
    return f"{place}, {said} The strongest gradient of the photograph is {strongest}."


def gradient_explorer_figure(photo: Any, row: int, column: int, smoothing: float = 0.0) -> Figure:
    """The photograph, a close-up and an arrow at one place; below, the maps gx, gy and magnitude.

    Parameters: `photo` (H, W), brightness from 0 to 1;
    1 ≤ `row` ≤ H−2 and 1 ≤ `column` ≤ W−2, the middle of the 3×3 window, in pixels;
    `smoothing`, the standard deviation of a Gaussian blur before, from 0 (none) to 8 pixels.
    The blur repeats the photograph's border, so its size stays.
    The arrow points to where it gets brighter; the angle is atan2(gy, gx), in degrees:
    0° to the right, 90° down.
    Raises ValueError for a place or a smoothing outside those ranges.

    >>> figure = gradient_explorer_figure(torch.rand(64, 96), 20, 30, smoothing=1.0)
    """
    gradient = gradients(photo, smoothing)
    here = at_place(gradient, row, column)
    scale = SIDE / max(gradient.smooth.shape)
    high, wide = (scale * side for side in gradient.smooth.shape)
    room = SIDE  # a title needs it, even over a narrow photograph
    pitch_x, pitch_y = room + GAP, HEAD + max(high, 1.7) + FOOT
    sheet = Sheet(3 * pitch_x + GAP, 2 * pitch_y + 0.05, 1.0)
    lefts = [GAP + i * pitch_x for i in range(3)]
    top, bottom = HEAD, HEAD + pitch_y
    corner = lefts[0] + (room - wide) / 2, top
    spot = (corner[0] + scale * (column + 0.5), corner[1] + scale * (row + 0.5))

    sheet.photo(gradient.smooth, corner, (wide, high))
    _arrow(sheet, here, spot, 0.45, 0.06)
    _mark(sheet, spot, max(3 * scale, 0.1))
    words = f"smoothed by {number(smoothing)} px" if smoothing else "not smoothed"
    sheet.write(lefts[0] + room / 2, top - 0.18, f"photograph, {words}", 10.5)
    sheet.write(lefts[0] + room / 2, top + high + 0.16, f"row {row}, column {column}", 9, QUIET)
    side = min(room, max(high, 1.7))
    _close_up(sheet, gradient, here, (row, column), (lefts[1] + (room - side) / 2, top), side)
    _dial(sheet, gradient, here, (lefts[2] + room / 2, top + side / 2), side / 2)

    extent = max(float(np.abs(gradient.gx).max()), float(np.abs(gradient.gy).max()))
    strongest = float(gradient.magnitude.max())
    maps = [
        (gradient.gx, f"gx = {number(here.gx)} here", -extent, extent),
        (gradient.gy, f"gy = {number(here.gy)} here", -extent, extent),
        (gradient.magnitude, f"magnitude = {number(here.magnitude)} here", 0.0, strongest),
    ]
    for left, (values, title, low, most) in zip(lefts, maps, strict=True):
        x = left + (room - wide) / 2
        at = (x + scale, bottom + scale)
        sheet.photo(values, at, (wide - 2 * scale, high - 2 * scale), low, most)
        _mark(sheet, (x + scale * (column + 0.5), bottom + scale * (row + 0.5)), 0.13)
        sheet.write(left + room / 2, bottom - 0.18, title, 10.5)
        scale_of = f"black {number(low)}, white {number(most)}"
        sheet.write(left + room / 2, bottom + high + 0.16, scale_of, 9, QUIET)
    return sheet.finish()


def gradients(photo: Any, smoothing: float) -> Gradient:
    """Blur a photograph (H, W) and take its Sobel maps (H−2, W−2)."""
    pixels = brightness(photo)
    if not 0 <= smoothing <= MOST_SMOOTHING:
        raise ValueError(
            f"smoothing is a blur of 0 to {number(MOST_SMOOTHING)} pixels; got {smoothing}."
        )
    if min(pixels.shape) < 3:
        raise ValueError(f"photo must have at least 3 × 3 pixels; its shape is {pixels.shape}.")
    smooth = _blurred(_blurred(pixels, smoothing).T, smoothing).T
    _, _, gx = feature_map(smooth, SOBEL_X)
    _, _, gy = feature_map(smooth, SOBEL_X.T)
    return Gradient(smooth, gx, gy, np.hypot(gx, gy))


def at_place(gradient: Gradient, row: int, column: int) -> Place:
    """The gradient of the window whose middle is pixel (`row`, `column`)."""
    rows, columns = gradient.smooth.shape
    if not (1 <= row <= rows - 2 and 1 <= column <= columns - 2):
        raise ValueError(
            f"The window around row {row}, column {column} sticks out of the photograph: "
            f"rows go from 1 to {rows - 2}, columns from 1 to {columns - 2}."
        )
    gx, gy = float(gradient.gx[row - 1, column - 1]), float(gradient.gy[row - 1, column - 1])
    return Place(gx, gy, math.hypot(gx, gy), math.degrees(math.atan2(gy, gx)))


def _blurred(pixels: np.ndarray, smoothing: float) -> np.ndarray:
    """Every row blurred by a Gaussian, the border repeated: (H, W) → (H, W)."""
    if not smoothing:
        return pixels
    reach = math.ceil(3 * smoothing)
    weights = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * smoothing**2))
    weights /= weights.sum()
    wider = np.pad(pixels, ((0, 0), (reach, reach)), mode="edge")
    width = pixels.shape[1]
    return sum(weight * wider[:, k : k + width] for k, weight in enumerate(weights))


def _degrees(here: Place) -> str:
    return f"{number(float(round(here.degrees)))}°"


def _arrow(
    sheet: Sheet, here: Place, start: tuple[float, float], length: float, thick: float
) -> None:
    """An arrow of fixed length into the gradient's direction, none where it is flat."""
    if not here.flat:
        dx, dy = (length * part / here.magnitude for part in (here.gx, here.gy))
        sheet.arrow(start, (start[0] + dx, start[1] + dy), thick)


def _mark(sheet: Sheet, centre: tuple[float, float], side: float) -> None:
    """A square around a place, seen on black and on white."""
    corner = (centre[0] - side / 2, centre[1] - side / 2)
    for colour, thick in ((PAPER, 4.0), (INK, 1.8)):
        box = Rectangle(corner, side, side, fill=False, edgecolor=colour, linewidth=thick, zorder=5)
        sheet.axes.add_artist(box)


def _close_up(
    sheet: Sheet,
    gradient: Gradient,
    here: Place,
    place: tuple[int, int],
    corner: tuple[float, float],
    side: float,
) -> None:
    """The pixels around the place, the 3×3 window, the arrow, and the line across it."""
    shape = gradient.smooth.shape
    size = min(CLOSE, *shape)
    first = [min(max(p - size // 2, 0), most - size) for p, most in zip(place, shape, strict=True)]
    cut = gradient.smooth[first[0] : first[0] + size, first[1] : first[1] + size]
    cell = side / size
    sheet.photo(cut, corner, (side, side))
    y, x = (corner[1 - axis] + cell * (place[axis] - first[axis] + 0.5) for axis in range(2))
    sheet.frame(x - 1.5 * cell, y - 1.5 * cell, 3 * cell, 3 * cell)
    if not here.flat:
        ux, uy = here.gx / here.magnitude, here.gy / here.magnitude
        reach = 1.5 * cell
        for colour, thick, dash in ((PAPER, 3.4, "-"), (INK, 1.8, (0, (3, 2)))):
            sheet.axes.plot(
                [x - reach * uy, x + reach * uy], [y + reach * ux, y - reach * ux],
                color=colour, linewidth=thick, linestyle=dash, zorder=6,
            )  # fmt: skip
    _arrow(sheet, here, (x, y), 3.2 * cell, 0.075)
    sheet.write(corner[0] + side / 2, corner[1] - 0.18, f"close-up, {size} × {size} pixels", 10.5)
    words = "flat: no direction" if here.flat else "arrow: to brighter; dashed: no change"
    sheet.write(corner[0] + side / 2, corner[1] + side + 0.16, words, 9, QUIET)


def _dial(
    sheet: Sheet, gradient: Gradient, here: Place, centre: tuple[float, float], radius: float
) -> None:
    """The gradient as an arrow, gx to the right and gy down; the rim is the photo's strongest."""
    strongest = float(gradient.magnitude.max())
    rim = radius - 0.22
    x, y = centre
    sheet.axes.add_artist(Circle(centre, rim, fill=False, edgecolor=QUIET, linewidth=1.0))
    sheet.axes.plot([x - rim, x + rim], [y, y], color=LINE, linewidth=1.0)
    sheet.axes.plot([x, x], [y - rim, y + rim], color=LINE, linewidth=1.0)
    for words, dx, dy in (("0°", 1, 0), ("90°", 0, 1), ("180°", -1, 0), ("−90°", 0, -1)):
        sheet.write(x + dx * (rim + 0.2), y + dy * (rim + 0.13), words, 8.5, QUIET)
    if here.flat:
        sheet.axes.add_artist(Circle(centre, 0.05, facecolor=INK))
    else:
        unit = rim / strongest
        end = (x + unit * here.gx, y + unit * here.gy)
        far = (x + rim * here.gx / here.magnitude, y + rim * here.gy / here.magnitude)
        sheet.axes.plot([x, far[0]], [y, far[1]], color=INK, linewidth=1.0, linestyle=":")
        sheet.axes.plot([x, end[0], end[0]], [end[1], end[1], y], color=QUIET, linewidth=1.0,
                        linestyle="--")  # fmt: skip
        if math.dist(centre, end) > 0.15:
            sheet.arrow(centre, end, 0.075)
        else:  # too short for a head
            sheet.axes.add_artist(Circle(end, 0.04, facecolor=ACCENT, zorder=7))
    said = "no direction" if here.flat else f"direction {_degrees(here)}"
    sheet.write(x, y - radius - 0.18, said, 10.5)
    rim_is = f"rim: magnitude {number(strongest)}, the strongest"
    sheet.write(x, y + radius + 0.16, rim_is, 9, QUIET)
