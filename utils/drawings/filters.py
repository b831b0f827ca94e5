"""Diagrams of lesson 02: pure functions that return a figure, to be shown with `plots.show`."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from torch import Tensor

from utils import plots

# In the order of the letters A to G: shuffled, so that a guess is a guess.
RIDDLE: dict[str, list[list[float]]] = {
    "A": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
    "B": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
    "C": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "D": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "E": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "F": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    "G": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
}


def lettered_views(photo: Tensor, credit: str) -> Figure:
    """A photograph (H, W) and its maps under seven kernels, which are called A to G only.

    Maps whose kernel adds up to 0 are drawn with 0 as mid-grey, the others as pictures.
    """
    fig, axes = plots.canvas(9.2, 5.0, columns=4, rows=2)
    plots.picture(axes[0, 0], photo, "the photograph")
    axes[0, 0].set_xlabel(credit)
    for ax, (letter, numbers) in zip(axes.flat[1:], RIDDLE.items(), strict=True):
        draw = plots.picture if sum(sum(row) for row in numbers) > 0.5 else plots.feature_map
        draw(ax, _filtered(photo, torch.tensor(numbers)), letter)
    return fig


def edge_profile(photo: Tensor, row: int, credit: str) -> Figure:
    """A photograph (H, W) with a marked row, the brightness along it, and that one's change.

    The change at a pixel is its right neighbour minus its left one, and is drawn as bars.
    """
    values = photo[row]
    change = _filtered(values[None], torch.tensor([[-1.0, 0.0, 1.0]]))[0]
    fig, axes = plots.canvas(9.2, 3.4, columns=2, rows=2, width_ratios=[1, 1.5])
    grid = axes[0, 0].get_gridspec()
    for ax in axes[:, 0]:
        ax.remove()
    left = fig.add_subplot(grid[:, 0])
    plots.picture(left, photo, f"row {row}")
    left.set_xlabel(credit)
    left.axhline(row, color="white", linewidth=3.5)
    left.axhline(row, color=plots.ACCENT, linewidth=1.5)
    upper, lower = axes[:, 1]
    upper.plot(range(len(values)), values, color="0.1")
    upper.set(ylabel="brightness", ylim=(0, 1.05), xlim=(0, len(values) - 1), xticklabels=[])
    lower.bar(range(1, len(values) - 1), change, width=1.0, color="0.25")
    lower.axhline(0, color="0.6", linewidth=0.8)
    lower.set(ylabel="right − left", xlabel="column", xlim=(0, len(values) - 1), ylim=(-0.7, 0.7))
    return fig


def arrows(
    ax: Axes,
    photo: Tensor,
    magnitude: Tensor,
    angle: Tensor,
    *,
    corner: tuple[int, int],
    size: int,
    share: float = 0.25,
) -> None:
    """The gradients in a piece of a photograph, as arrows from dark to bright.

    `magnitude` and `angle` (H−2, W−2) belong to the inner pixels of `photo` (H, W);
    the piece is `size`×`size` pixels from `corner` (row, column) of these maps.
    Only arrows of at least `share` of the strongest are drawn, and every second row and column.
    """
    top, left = corner
    piece = photo[1:-1, 1:-1][top : top + size, left : left + size]
    strength = magnitude[top : top + size, left : left + size]
    turn = angle[top : top + size, left : left + size]
    plots.picture(ax, 0.35 + 0.65 * piece, "direction: arrows to the brighter side")
    row, column = torch.meshgrid(torch.arange(0, size, 2), torch.arange(0, size, 2), indexing="ij")
    strong = strength[row, column] >= share * strength.max()
    row, column = row[strong], column[strong]
    length, direction = strength[row, column] / strength.max() * 3.2, turn[row, column]
    dx, dy = length * direction.cos(), length * direction.sin()
    # From a dot in the pixel's middle; white below black, to be seen on any grey.
    for colour, width in (("white", 0.016), (plots.ACCENT, 0.008)):
        ax.quiver(
            column, row, dx, dy, angles="xy", scale_units="xy", scale=1, color=colour, width=width
        )  # fmt: skip
    ax.set(xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5))


def nested() -> Figure:
    """Network, layer, filter and kernel as frames inside each other."""
    fig, ax = plots.canvas(9.2, 3.7)
    _frame(ax, 0, 0, 18.4, 7.4, "0.96", "network: image → answer")
    for number, (x, wide, name) in enumerate(
        [
            (0.4, 1.7, "layer"),
            (2.5, 12.2, "layer: a stack of maps → a new stack"),
            (15.1, 1.7, "layer"),
        ]
    ):
        _frame(ax, x, 1.0, wide, 6.0, "0.89", name)
        if number != 1:
            ax.text(x + wide / 2, 4.2, "…", ha="center", va="center", size=16)
    ax.text(17.6, 4.0, "…", ha="center", va="center", size=16)
    _frame(ax, 2.9, 2.0, 8.4, 4.6, "0.80", "filter: 3 channels → 1 map")
    for number in range(2):
        _frame(ax, 11.65 + 1.5 * number, 2.0, 1.3, 4.6, "0.80", "filter")
        ax.text(12.3 + 1.5 * number, 4.4, "…", ha="center", va="center", size=16)
    for number, channel in enumerate(("map 1", "map 2", "map 3")):
        left, top, side = 3.25 + 2.75 * number, 3.9, 0.66
        _frame(ax, left - 0.1, 3.0, 2.2, 3.3, "1", "kernel")
        for i in range(3):
            for j in range(3):
                corner = (left + j * side, top + i * side * 0.82)
                box = Rectangle(corner, side, side * 0.82, facecolor="1", edgecolor="0.3")
                ax.add_patch(box)
                ax.text(
                    corner[0] + side / 2, corner[1] + side * 0.41, "w", ha="center", va="center",
                    size=8.5, style="italic",
                )  # fmt: skip
        ax.text(left + 1.0, 6.1, f"for {channel}", ha="center", va="center", size=9)
        if number:
            ax.text(left - 0.33, 4.8, "+", ha="center", va="center", size=12)
    ax.set(xlim=(-0.1, 18.5), ylim=(7.5, -0.1))
    ax.set_axis_off()
    return fig


def _frame(
    ax: Axes, x: float, y: float, width: float, height: float, grey: str, title: str
) -> None:
    """A rounded frame with its title inside, at the top left."""
    style = "round,pad=0,rounding_size=0.18"
    box = FancyBboxPatch((x, y), width, height, boxstyle=style, facecolor=grey, edgecolor="0.2")
    ax.add_patch(box)
    ax.text(x + 0.18, y + 0.5, title, ha="left", va="center", size=10)


def strongest_patches(layers: dict[str, Tensor]) -> Figure:
    """For each layer a row of filters, and for each filter four patches as a block of 2×2.

    `layers` maps a row's name to patches of shape (filters, 4, size, size), 0 (paper) to 1 (ink).
    """
    columns = max(len(patches) for patches in layers.values())
    fig, axes = plots.canvas(
        1.35 * columns + 1.2, 1.5 * len(layers), columns=columns, rows=len(layers), squeeze=False
    )
    for number, ax in enumerate(axes[0]):
        ax.set_title(f"filter {number + 1}")
    for row, (name, patches) in zip(axes, layers.items(), strict=True):
        for number, ax in enumerate(row):
            ax.set(xticks=[], yticks=[])
            if number < len(patches):
                plots.picture(ax, _block(patches[number]), ax.get_title())
            else:
                ax.set_axis_off()
        row[0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=8)
    return fig


def _block(patches: Tensor) -> Tensor:
    """Four patches (4, s, s) as one picture of 2×2 with grey gaps: (2s+1, 2s+1)."""
    size = patches.shape[-1]
    block = torch.full((2 * size + 1, 2 * size + 1), 0.5)
    for number, patch in enumerate(patches):
        i, j = divmod(number, 2)
        top, left = i * (size + 1), j * (size + 1)
        block[top : top + size, left : left + size] = patch
    return block


def _filtered(image: Tensor, kernel: Tensor) -> Tensor:
    return F.conv2d(image[None, None], kernel[None, None].to(image))[0, 0]
