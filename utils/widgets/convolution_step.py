"""The picture and the sentence of one step of a kernel over an image."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from utils.plots import TINT
from utils.widgets.picture import (
    LINE,
    QUIET,
    Sheet,
    arithmetic,
    as_array,
    number,
)

INCHES = 0.56  # of one drawing unit
SIDE = 5.0  # the image's longer side, in drawing units
MOST_NUMBERS = 12  # beyond this many cells along a side, cells are grey values only
MOST_TERMS = 25  # beyond this many products, only their sum is written
MOST_IN_A_LINE = 5
DARKEST = 0.75  # grey under a number, so that black and NOTE can be read on it
NOTE = "#7d2c00"


def convolution_step_text(image: Any, kernel: Any, row: int, col: int) -> str:
    """One sentence that says what the picture of this step shows.

    >>> convolution_step_text([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 1], [0, 2]], 0, 0)
    'Step 0 (0 to 3), row 0, column 0: 1·1 + 2·1 + 4·0 + 5·2 = 13.'
    """
    pixels, weights, result = feature_map(image, kernel)
    _check_position(result, row, col)
    step = row * result.shape[1] + col
    return (
        f"Step {step} (0 to {result.size - 1}), row {row}, column {col}: "
        f"{' '.join(_sum_lines(pixels, weights, result, row, col))}."
    )


def convolution_step_figure(image: Any, kernel: Any, row: int, col: int) -> Figure:
    """Image with its window, kernel, and the feature map filled up to `(row, col)`.

    Parameters: `image` (H, W), `kernel` (K_h, K_w), 0 ≤ `row` ≤ H−K_h, 0 ≤ `col` ≤ W−K_w.
    Deep learning's convolution: the kernel is laid on the window as it is, without a flip.
    Raises ValueError when the kernel is larger than the image or the window sticks out.

    >>> figure = convolution_step_figure([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 1], [0, 2]], 0, 0)
    """
    pixels, weights, result = feature_map(image, kernel)
    _check_position(result, row, col)
    lines = _sum_lines(pixels, weights, result, row, col)

    cell = SIDE / max(pixels.shape)
    kernel_cell = max(cell, 0.62) if max(weights.shape) <= MOST_NUMBERS else cell
    widths = [pixels.shape[1] * cell, weights.shape[1] * kernel_cell, result.shape[1] * cell]
    heights = [pixels.shape[0] * cell, weights.shape[0] * kernel_cell, result.shape[0] * cell]
    gap, margin, sums = 1.35, 0.75, 0.55 * len(lines) + 0.35
    width = sum(widths) + 2 * gap + 2 * margin
    height = max(max(heights), 2.2) + 1.5 + sums
    sheet = Sheet(width, height, INCHES)
    middle = 1.15 + max(max(heights), 2.2) / 2

    image_at = (margin, middle - heights[0] / 2)
    kernel_at = (image_at[0] + widths[0] + gap, middle - heights[1] / 2)
    result_at = (kernel_at[0] + widths[1] + gap, middle - heights[2] / 2)

    k_rows, k_cols = weights.shape
    _cells(sheet, pixels, image_at, cell, small=_laid_on(weights, row, col))
    _cells(sheet, weights, kernel_at, kernel_cell, colour=TINT)
    _cells(sheet, result, result_at, cell, until=row * result.shape[1] + col)
    _outline(sheet, image_at, cell, (row, col), (k_rows, k_cols))
    _outline(sheet, kernel_at, kernel_cell, (0, 0), (k_rows, k_cols))
    _outline(sheet, result_at, cell, (row, col), (1, 1))

    titles = [_size("image", pixels), _size("kernel", weights), _size("feature map", result)]
    for title, (x, _), wide in zip(titles, (image_at, kernel_at, result_at), widths, strict=True):
        sheet.write(x + wide / 2, 0.45, title, 11)
    for sign, x, size in (("with", kernel_at[0], 12), ("=", result_at[0], 20)):
        sheet.write(x - gap / 2, middle, sign, size)
    for i, line in enumerate(lines):
        sheet.write(width / 2, height - sums + 0.55 * i + 0.2, line, 12)
    return sheet.finish()


def feature_map(image: Any, kernel: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The image, the kernel and the feature map, `(H, W), (K_h, K_w) → (H−K_h+1, W−K_w+1)`."""
    pixels = as_array(image, 2, "image")
    weights = as_array(kernel, 2, "kernel")
    if weights.shape[0] > pixels.shape[0] or weights.shape[1] > pixels.shape[1]:
        raise ValueError(
            f"The kernel {weights.shape} must fit inside the image {pixels.shape}. "
            "Take a smaller kernel or a larger image."
        )
    windows = np.lib.stride_tricks.sliding_window_view(pixels, weights.shape)
    return pixels, weights, np.einsum("ijmn,mn->ij", windows, weights)


def _check_position(result: np.ndarray, row: int, col: int) -> None:
    rows, cols = result.shape
    if not (0 <= row < rows and 0 <= col < cols):
        raise ValueError(
            f"The window at row {row}, column {col} sticks out of the image: "
            f"rows go from 0 to {rows - 1}, columns from 0 to {cols - 1}."
        )


def _laid_on(weights: np.ndarray, row: int, col: int) -> dict[tuple[int, int], str]:
    """The weight lying on each pixel of the window, as the small text of its cell."""
    return {
        (row + m, col + n): f"×{number(float(weight))}"
        for (m, n), weight in np.ndenumerate(weights)
    }


def _sum_lines(
    pixels: np.ndarray, weights: np.ndarray, result: np.ndarray, row: int, col: int
) -> list[str]:
    """The arithmetic of one window: on one line up to four products, else a line per kernel row."""
    k_rows, k_cols = weights.shape
    window = pixels[row : row + k_rows, col : col + k_cols]
    total = float(result[row, col])
    if k_rows * k_cols > MOST_TERMS or k_cols > MOST_IN_A_LINE:
        return [f"the sum of {weights.size} products is {number(total)}"]
    pairs = list(zip(window.ravel().tolist(), weights.ravel().tolist(), strict=True))
    per_line = 4 if weights.size <= 4 else k_cols
    terms = arithmetic(pairs, total).split(" + ")
    lines = [" + ".join(terms[i : i + per_line]) for i in range(0, len(terms), per_line)]
    return [f"{line} +" for line in lines[:-1]] + lines[-1:]


def _size(name: str, values: np.ndarray) -> str:
    return f"{name}  {values.shape[0]} × {values.shape[1]}"


def _greys(values: np.ndarray, numbered: bool) -> np.ndarray:
    """Dark for low and white for high; never so dark that a number on it is hard to read."""
    low, high = float(values.min()), float(values.max())
    scaled = (values - low) / (high - low) if high > low else np.ones_like(values)
    floor = DARKEST if numbered else 0.05
    return floor + (1 - floor) * scaled


def _cells(
    sheet: Sheet,
    values: np.ndarray,
    at: tuple[float, float],
    cell: float,
    *,
    colour: str | None = None,
    until: int | None = None,
    small: dict[tuple[int, int], str] | None = None,
) -> None:
    """Draw a grid of numbers with its top left corner at `at`.

    `colour` fills every cell alike, otherwise cells are grey by value;
    cells after number `until` stay blank; `small` is extra text at the foot of a cell.
    """
    rows, cols = values.shape
    x, y = at
    last = values.size if until is None else until
    numbered = max(rows, cols) <= MOST_NUMBERS
    shade = _greys(values, numbered)
    shade.ravel()[last + 1 :] = 1.0
    axes = sheet.axes
    box = Rectangle(at, cols * cell, rows * cell, facecolor=colour or "none", edgecolor=QUIET)
    if colour is None:
        extent = (x, x + cols * cell, y + rows * cell, y)
        axes.imshow(shade, cmap="gray", vmin=0, vmax=1, extent=extent, aspect="auto")
    axes.add_artist(box)
    if not numbered:
        return
    axes.hlines(y + cell * np.arange(rows + 1), x, x + cols * cell, color=LINE, linewidth=0.8)
    axes.vlines(x + cell * np.arange(cols + 1), y, y + rows * cell, color=LINE, linewidth=0.8)
    for i, j in list(np.ndindex(rows, cols))[: last + 1]:
        note = (small or {}).get((i, j), "")
        text = number(float(values[i, j]))
        size = min(17.0, 15.5 * cell) * min(1.0, 2.8 / len(text))
        sheet.write(x + (j + 0.5) * cell, y + (i + (0.4 if note else 0.5)) * cell, text, size)
        if note:
            size = min(11.0, 11.5 * cell) * min(1.0, 3.4 / len(note))
            right, low = x + (j + 0.92) * cell, y + (i + 0.8) * cell
            sheet.write(right, low, note, size, NOTE, align="right")
    for i in range(rows):
        sheet.write(x - 0.22, y + (i + 0.5) * cell, str(i), 8, QUIET)
    for j in range(cols):
        sheet.write(x + (j + 0.5) * cell, y - 0.22, str(j), 8, QUIET)


def _outline(
    sheet: Sheet,
    at: tuple[float, float],
    cell: float,
    first: tuple[int, int],
    shape: tuple[int, int],
) -> None:
    """A thick frame around `shape` cells from cell `first` of the grid at `at`."""
    left, top = at[0] + first[1] * cell, at[1] + first[0] * cell
    sheet.frame(left, top, shape[1] * cell, shape[0] * cell)
