"""Diagrams of lesson 06's second notebook: pure functions that return a figure for `plots.show`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from torch import Tensor

from utils import plots

SKIP = plots.ACCENT


def u_shape(c: int = 4, side: int = 16) -> Figure:
    """A U-Net as a letter U: maps as boxes, as tall as their sides and as wide as their channels.

    >>> fig = u_shape(4, 16)
    """
    fig, ax = plots.canvas(8.8, 4.4)
    rows = {1: 0.0, 2: 2.6, 4: 4.6}
    tall = {1: 1.5, 2: 0.95, 4: 0.6}
    boxes = (
        (0.0, 1, 1, "picture", "1"),
        (1.3, 1, 1, "enc1", f"{c}"),
        (3.0, 2, 2, "enc2", f"{2 * c}"),
        (4.9, 4, 4, "bottom", f"{4 * c}"),
        (6.9, 2, 2, "dec2", f"{2 * c}"),
        (8.7, 1, 1, "dec1", f"{c}"),
        (10.0, 1, 1, "out", "1"),
    )
    middle = {}
    for x, shrunk, times, name, channels in boxes:
        y, height = rows[shrunk], tall[shrunk]
        wide = 0.22 if channels == "1" else 0.26 * times + 0.14
        shade = "0.85" if name in ("picture", "out") else "0.93"
        ax.add_patch(
            Rectangle((x, y), wide, height, facecolor=shade, edgecolor="0.2", linewidth=1.3)
        )
        ax.text(x + wide / 2, y - 0.1, name, ha="center", va="bottom", fontsize=9.5)
        size = f"{channels} × {side // shrunk}×{side // shrunk}"
        if name.startswith("dec"):  # an arrow from below ends on the left
            ax.text(x, y + height + 0.1, size, ha="left", va="top", size=8)
        else:
            ax.text(x + wide / 2, y + height + 0.1, size, ha="center", va="top", size=8)
        middle[name] = (x, x + wide, y + height / 2, y + height)
    _arrow(ax, (middle["picture"][1], middle["picture"][2]), (middle["enc1"][0], middle["enc1"][2]))
    _arrow(ax, (middle["dec1"][1], middle["dec1"][2]), (middle["out"][0], middle["out"][2]))
    for start, end, word in (
        ("enc1", "enc2", "max pool 2"),
        ("enc2", "bottom", "max pool 2"),
        ("bottom", "dec2", "up2"),
        ("dec2", "dec1", "up1"),
    ):
        down = word.startswith("max")
        a = (middle[start][1] + 0.08, middle[start][2] + (0.35 if down else -0.1))
        b = (middle[end][0] - 0.08, middle[end][2] + (-0.1 if down else 0.35))
        _arrow(ax, a, b, dashed=down)
        x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
        ax.text(
            x + (-0.1 if down else 0.12),
            y + 0.12,
            word,
            ha="right" if down else "left",
            va="top",
            size=8.5,
        )
    for start, end in (("enc1", "dec1"), ("enc2", "dec2")):
        y = middle[start][2] - 0.12
        _arrow(ax, (middle[start][1] + 0.05, y), (middle[end][0] - 0.05, y), colour=SKIP, width=2.6)
        x = (middle[start][1] + middle[end][0]) / 2
        ax.text(x, y - 0.08, "skip: kept maps", ha="center", va="bottom", color=SKIP)
    ax.set(xlim=(-0.6, 10.9), ylim=(5.7, -0.5))
    ax.set_axis_off()
    return fig


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    colour: str = "0.2",
    width: float = 1.4,
    dashed: bool = False,
) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=13,
            color=colour,
            linewidth=width,
            linestyle="--" if dashed else "-",
            shrinkA=0,
            shrinkB=0,
        )
    )


def masks_side_by_side(
    images: Tensor, rows: Mapping[str, Tensor], marks: Mapping[str, Sequence[str]] | None = None
) -> Figure:
    """Pictures in the first row, and below them a row of masks for each name.

    images and every row: (N, 1, H, W); marks: name → N short texts, written below the masks.

    >>> fig = masks_side_by_side(torch.rand(3, 1, 8, 8), {"truth": torch.ones(3, 1, 8, 8)})
    """
    count, tall = len(images), 1 + len(rows)
    fig, axes = plots.canvas(1.15 * count + 0.4, 1.28 * tall, count, tall, squeeze=False)
    for row, (name, pictures) in enumerate({"picture": images, **rows}.items()):
        for column, image in enumerate(pictures):
            ax = axes[row, column]
            plots.picture(ax, image[0].float())
            if marks and name in marks:
                ax.set_xlabel(marks[name][column], fontsize=8.5, labelpad=2)
        axes[row, 0].set_ylabel(name)
    return fig


def rows_of_pictures(rows: Mapping[str, Tensor]) -> Figure:
    """A row of pictures (count, 1, H, W) for each name, to be compared from row to row.

    >>> fig = rows_of_pictures({"plain": torch.rand(5, 1, 8, 8)})
    """
    count = max(len(pictures) for pictures in rows.values())
    fig, axes = plots.canvas(0.88 * count + 0.4, 0.98 * len(rows), count, len(rows), squeeze=False)
    for row, (name, pictures) in enumerate(rows.items()):
        for column in range(count):
            ax = axes[row, column]
            if column < len(pictures):
                plots.picture(ax, pictures[column, 0])
            else:
                ax.set_axis_off()
        axes[row, 0].set_ylabel(name, fontsize=9)
    return fig


def shares_by_step(curves: Mapping[str, Tensor]) -> Figure:
    """How much of a picture's variance is kept after each step: for each name a schedule (T + 1,).

    >>> fig = shares_by_step({"half each": torch.tensor([1.0, 0.5, 0.25])})
    """
    fig, ax = plots.canvas(6.2, 2.7)
    for name, shares in curves.items():
        ax.plot(range(len(shares)), shares.tolist(), label=name)
    ax.set(xlabel="step t", ylabel="share of variance kept", ylim=(0, 1.03))
    ax.legend()
    return fig


def forward_and_back() -> Figure:
    """Two rows of arrows: noise is added in known steps, and taken away in learned ones."""
    fig, ax = plots.canvas(8.4, 2.1)
    labels = ("$x_0$", "$x_1$", "…", "$x_{t-1}$", "$x_t$", "…", "$x_T$")
    for place, label in enumerate(labels):
        x = 1.5 * place
        if label != "…":
            grey = 0.97 - 0.09 * place
            ax.add_patch(
                Rectangle((x - 0.38, -0.38), 0.76, 0.76, facecolor=str(grey), edgecolor="0.2")
            )
        ax.text(x, 0, label, ha="center", va="center", size=13)
        if place:
            _arrow(ax, (x - 1.05, -0.2), (x - 0.45, -0.2))
            _arrow(ax, (x - 0.45, 0.22), (x - 1.05, 0.22), colour=SKIP, width=2.4)
    middle = 0.75 * (len(labels) - 1)
    ax.text(middle, -0.55, "forward: a known share of noise, nothing is learned",
            ha="center", va="bottom")  # fmt: skip
    ax.text(middle, 0.58, "back: a net says which noise it sees", ha="center", va="top", color=SKIP)
    ax.text(0, 0.58, "picture", ha="center", va="top")
    ax.text(1.5 * 6, 0.58, "noise", ha="center", va="top")
    ax.set(xlim=(-0.6, 9.6), ylim=(0.95, -0.95))
    ax.set_axis_off()
    return fig


def denoising_strip(
    states: Tensor, columns: Sequence[int], titles: Sequence[str], rows: Sequence[str] = ()
) -> Figure:
    """States on the way, one row for each picture: states (T + 1, N, 1, H, W), scaled −1…1.

    columns: which states are shown; titles: one for each; rows: a word for each picture.

    >>> fig = denoising_strip(torch.randn(5, 2, 1, 8, 8), (0, 4), ("noise", "picture"))
    """
    count = states.shape[1]
    fig, axes = plots.canvas(
        1.02 * len(columns) + 0.4, 1.1 * count + 0.25, len(columns), count, squeeze=False
    )
    for column, place in enumerate(columns):
        for row in range(count):
            shown = ((states[place, row, 0] + 1) / 2).clamp(0, 1)
            plots.picture(axes[row, column], shown, titles[column] if row == 0 else "")
    for row, word in enumerate(rows):
        axes[row, 0].set_ylabel(word)
    return fig
