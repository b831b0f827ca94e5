"""The picture and the sentence of one step of a window over a padded grid: what size comes out?"""

from __future__ import annotations

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from utils.plots import INK, TINT
from utils.widgets.picture import LINE, QUIET, Sheet, number
from utils.widgets.size_rule import Axis, both_axes, check_step, last_step

# Inches.
WIDTH, HEIGHT = 9.4, 5.75
LEFT, TOP = 0.3, 0.62
ROOM = (4.7, 3.55)  # for the grid on which the window lies
OTHER = (3.45, 3.55)  # for the grid with a cell for every step
LARGEST = 0.46  # cell
NUMBERED = 0.2  # the smallest cell that still holds a number
LINED = 0.05  # the smallest cell that still has lines around it
GREY = "#dfe2e8"


def output_size_text(
    H: int = 5,
    W: int = 7,
    K: int = 3,
    S: int = 1,
    P: int = 0,
    D: int = 1,
    transposed: bool = False,
    step: int = 0,
    output_padding: int = 0,
) -> str:
    """What the picture of this step shows: the settings, both formulas, and where the window lies.

    >>> output_size_text(5, 5, K=2, S=2)
    'Input 5 × 5, window 2 × 2, stride 2, padding 0, dilation 1: output 2 × 2. \
Height: ⌊(5 − 2 + 2·0) / 2⌋ + 1 = ⌊1.5⌋ + 1 = 2; width: ⌊(5 − 2 + 2·0) / 2⌋ + 1 = ⌊1.5⌋ + 1 = 2. \
Step 0 (0 to 3): output row 0, column 0 reads rows 0 to 1, columns 0 to 1. \
1 row and 1 column left over.'
    """
    down, across = axes = both_axes(H, W, K, S, P, D, transposed, output_padding)
    kind = "Transposed: input" if transposed else "Input"
    more = f", output padding {output_padding}" if transposed else ""
    parts = [
        f"{kind} {H} × {W}, window {K} × {K}, stride {S}, padding {P}, dilation {D}{more}: "
        f"output {_product(axes)}.",
        f"{down.formula().capitalize()}; {across.formula()}.",
    ]
    last = last_step(axes)
    if last >= 0:
        check_step(step, last)
        at = divmod(step, across.steps)
        rows, columns = (
            f"{number(i * S - P)} to {number(i * S - P + axis.span - 1)}"
            for i, axis in zip(at, axes, strict=True)
        )
        does = (
            f"input row {at[0]}, column {at[1]} adds to output rows {rows}, columns {columns}"
            if transposed
            else f"output row {at[0]}, column {at[1]} reads rows {rows}, columns {columns}"
        )
        parts.append(f"Step {step} (0 to {last}): {does}.")
    left = [
        _counted(axis.left_over, word) for axis, word in zip(axes, ("row", "column"), strict=True)
    ]
    if any(axis.left_over for axis in axes):
        parts.append(f"{' and '.join(words for words in left if words)} left over.")
    return " ".join(parts)


def output_size_figure(
    H: int = 5,
    W: int = 7,
    K: int = 3,
    S: int = 1,
    P: int = 0,
    D: int = 1,
    transposed: bool = False,
    step: int = 0,
    output_padding: int = 0,
) -> Figure:
    """Input, padding, window and output on grids of one scale, with both formulas below.

    Parameters: input `H` × `W`, window `K` × `K`, stride `S`, padding `P` on every side,
    dilation `D`, all in pixels; `step` counts the window's places row by row from 0.
    The number in a cell says how often it has been visited so far.
    With `transposed`, each input pixel adds to a window of the output, and `output_padding`
    (less than S or D) adds rows below and columns on the right.
    No output is a picture too: it says that no window fits.
    Raises ValueError for a setting below its least value, or a step that does not exist.

    >>> figure = output_size_figure(5, 7, K=3, S=2, P=1)

    Source of the formulas: the manuals of torch.nn.Conv2d and torch.nn.ConvTranspose2d.
    """
    axes = both_axes(H, W, K, S, P, D, transposed, output_padding)
    last = last_step(axes)
    if last >= 0:
        check_step(step, last)
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    lying = [max(axis.cells, 0 if axis.transposed else axis.span) for axis in axes]
    other = [_other(axis) for axis in axes]
    cell = min(
        LARGEST,
        *(room / max(1, n) for room, n in zip(ROOM[::-1], lying, strict=True)),
        *(room / max(1, n) for room, n in zip(OTHER[::-1], other, strict=True)),
    )
    gap = WIDTH - 2 * LEFT - ROOM[0] - OTHER[0]
    rooms = [(LEFT, ROOM), (LEFT + ROOM[0] + gap, OTHER)]
    if transposed:
        rooms = [(LEFT + OTHER[0] + gap, ROOM), (LEFT, OTHER)]
    corners = [
        (x + (room[0] - n[1] * cell) / 2, TOP + (room[1] - n[0] * cell) / 2)
        for (x, room), n in zip(rooms, (lying, other), strict=True)
    ]
    at = divmod(step, axes[1].steps) if last >= 0 else None
    _lying(sheet, axes, corners[0], cell, at)
    _other_grid(sheet, axes, corners[1], cell, step if last >= 0 else -1)
    for (x, room), words in zip(rooms, _titles(axes), strict=True):
        sheet.write(x + room[0] / 2, 0.3, words, 11)
    _words(sheet, axes)
    return sheet.finish()


def _other(axis: Axis) -> int:
    """The size of the grid with a cell for every step: the output, or the input of a transposed."""
    return axis.size if axis.transposed else axis.out


def _product(axes: tuple[Axis, Axis]) -> str:
    return " × ".join(str(axis.out) for axis in axes) if last_step(axes) >= 0 else "none"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}" if count else ""


def _titles(axes: tuple[Axis, Axis]) -> tuple[str, str]:
    """What stands over the grid with the window, and over the other one."""
    down, across = axes
    given = f"input  {down.size} × {across.size}"
    if down.transposed:
        cut = f",  {down.P} cut off on every side" if down.P else ""
        return f"output  {_product(axes)}{cut}", given
    return f"{given},  padding {down.P}", f"output  {_product(axes)}"


def _lying(
    sheet: Sheet,
    axes: tuple[Axis, Axis],
    corner: tuple[float, float],
    cell: float,
    at: tuple[int, int] | None,
) -> None:
    """The grid on which the window lies: visits so far, the window's taps, what is never seen."""
    (x, y), (down, across) = corner, axes
    rows, columns = down.cells, across.cells
    inner = (x + across.P * cell, y + down.P * cell)
    size = (across.inner * cell, down.inner * cell)
    if across.inner and down.inner:
        sheet.axes.add_artist(Rectangle(inner, *size, facecolor=GREY))
    counts = np.zeros((rows, columns), dtype=int)
    if at is not None:
        tall, wide = (axis.touched() for axis in axes)
        counts = np.outer(tall[: at[0]].sum(0), wide.sum(0))
        counts += np.outer(tall[at[0]], wide[: at[1] + 1].sum(0))
        taps = [np.flatnonzero(table[i]) for table, i in zip((tall, wide), at, strict=True)]
        _taps(sheet, corner, cell, taps, joined=down.D == 1)
        _crosses(sheet, corner, cell, np.outer(tall.sum(0), wide.sum(0)) == 0)
    elif not down.transposed:  # the window that is too large
        sheet.frame(x, y, across.span * cell, down.span * cell)
    _grid(sheet, corner, cell, rows, columns)
    if across.inner and down.inner:
        _border(sheet, inner, cell, down.inner, across.inner)
    if cell >= NUMBERED:
        for i, j in np.argwhere(counts):
            centre = (x + (j + 0.5) * cell, y + (i + 0.5) * cell)
            sheet.write(*centre, str(counts[i, j]), 26 * cell)


def _other_grid(
    sheet: Sheet, axes: tuple[Axis, Axis], corner: tuple[float, float], cell: float, step: int
) -> None:
    """The grid with a cell for every step: those done are filled, the one now is framed."""
    (x, y), (rows, columns) = corner, (_other(axis) for axis in axes)
    if step < 0 and not axes[0].transposed:
        sheet.write(x, y, "no window fits", 13)
        return
    row, column = divmod(step, columns) if step >= 0 else (0, -1)
    done = [(0, 0, columns, row), (0, row, column + 1, 1)]
    for j, i, wide, tall in done:
        place = (x + j * cell, y + i * cell)
        sheet.axes.add_artist(Rectangle(place, wide * cell, tall * cell, facecolor=GREY))
    if step >= 0:
        now = (x + column * cell, y + row * cell)
        sheet.axes.add_artist(Rectangle(now, cell, cell, facecolor=TINT))
        sheet.frame(*now, cell, cell)
    _grid(sheet, corner, cell, rows, columns)
    _border(sheet, corner, cell, rows, columns)
    if cell >= NUMBERED:
        for number_of in range(step + 1):
            i, j = divmod(number_of, columns)
            centre = (x + (j + 0.5) * cell, y + (i + 0.5) * cell)
            sheet.write(*centre, str(number_of), 22 * cell)


def _grid(sheet: Sheet, corner: tuple[float, float], cell: float, rows: int, columns: int) -> None:
    """Lines around cells, and one around all of them where cells are too small."""
    x, y = corner
    each = 1 if cell >= LINED else max(rows, columns)
    across = y + cell * np.arange(0, rows + 1, each)
    down = x + cell * np.arange(0, columns + 1, each)
    sheet.axes.hlines(across, x, x + columns * cell, color=LINE, linewidth=0.8, zorder=2)
    sheet.axes.vlines(down, y, y + rows * cell, color=LINE, linewidth=0.8, zorder=2)


def _border(sheet: Sheet, corner: tuple[float, float], cell: float, rows: int, cols: int) -> None:
    """A thick dark line around the input or the output itself."""
    size = (cols * cell, rows * cell)
    box = Rectangle(corner, *size, fill=False, edgecolor=INK, linewidth=2.2, zorder=4)
    sheet.axes.add_artist(box)


def _taps(
    sheet: Sheet, corner: tuple[float, float], cell: float, taps: list[np.ndarray], joined: bool
) -> None:
    """Tint the cells under the window's taps, and frame them: together, or each by itself."""
    x, y = corner
    rows, columns = taps
    for i in rows:
        for j in columns:
            place = (x + j * cell, y + i * cell)
            sheet.axes.add_artist(Rectangle(place, cell, cell, facecolor=TINT))
            if not joined:
                sheet.frame(*place, cell, cell)
    if joined:
        sheet.frame(
            x + columns[0] * cell, y + rows[0] * cell, len(columns) * cell, len(rows) * cell
        )


def _crosses(sheet: Sheet, corner: tuple[float, float], cell: float, where: np.ndarray) -> None:
    """A cross in each cell that no window ever touches."""
    x, y = corner
    near, far = 0.28, 0.72
    lines = []
    for i, j in np.argwhere(where):
        for a, b in ((near, far), (far, near)):
            start = (x + (j + near) * cell, y + (i + a) * cell)
            lines.append([start, (x + (j + far) * cell, y + (i + b) * cell)])
    marks = LineCollection(lines, color=QUIET, linewidth=min(1.4, 5 * cell))
    sheet.axes.add_collection(marks, autolim=False)


def _words(sheet: Sheet, axes: tuple[Axis, Axis]) -> None:
    """The formulas with numbers, and what the signs mean."""
    down = axes[0]
    y = TOP + ROOM[1] + 0.27
    if down.D > 1 and not down.transposed:
        spread = f"the window's taps spread over K_eff = {down.D}·({down.K} − 1) + 1 = {down.span}"
        sheet.write(WIDTH / 2, y, spread, 10.5)
    for i, (axis, word) in enumerate(zip(axes, ("row", "column"), strict=True)):
        left = f"     ({_counted(axis.left_over, word)} left over)" if axis.left_over else ""
        sheet.write(WIDTH / 2, y + 0.31 * (i + 1), axis.formula() + left, 12)
    signs = (
        "numbers on the right: additions so far     outside the thick line: cut off     "
        "× nothing is added"
        if down.transposed
        else "numbers on the left: visits so far     outside the thick line: zeros     "
        "× never visited"
    )
    sheet.write(WIDTH / 2, y + 1.02, signs, 9, QUIET)
