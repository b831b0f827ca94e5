"""Diagrams of lesson 06, notebook 1: pure functions that return a figure, for `plots.show`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Polygon, Rectangle
from torch import Tensor

from utils import plots

MARKS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", "-.", ":")


def hourglass(sizes: Sequence[int] = (64, 150, 50, 20, 5)) -> Figure:
    """An autoencoder from the left to the right: bars as high as each stage has numbers.

    The narrowest, the code, is tinted and framed.

    >>> fig = hourglass((64, 20, 2))
    """
    stages = [*sizes, *sizes[-2::-1]]
    fig, ax = plots.canvas(8.8, 2.9)
    tallest, middle = max(stages), len(sizes) - 1
    heights = [0.18 + 1.7 * (count / tallest) ** 0.5 for count in stages]
    for place, (count, height) in enumerate(zip(stages, heights, strict=True)):
        code = place == middle
        ax.add_patch(
            Rectangle((place - 0.11, -height / 2), 0.22, height,
                      facecolor=plots.TINT if code else "0.85",
                      edgecolor=plots.ACCENT if code else "0.25", linewidth=2.6 if code else 1.1)
        )  # fmt: skip
        ax.text(place, height / 2 + 0.07, str(count), ha="center", va="bottom", size=9)
        if place + 1 < len(stages):
            after = heights[place + 1]
            corners = [(place + 0.13, height / 2), (place + 0.87, after / 2),
                       (place + 0.87, -after / 2), (place + 0.13, -height / 2)]  # fmt: skip
            ax.add_patch(Polygon(corners, facecolor="0.95", edgecolor="none", zorder=0))
    last = len(stages) - 1
    for start, end, word in ((0, middle, "encoder"), (middle, last, "decoder")):
        ax.annotate("", (end - 0.15, -1.12), (start + 0.15, -1.12),
                    arrowprops={"arrowstyle": "-|>", "color": "0.2", "linewidth": 1.5})  # fmt: skip
        ax.text((start + end) / 2, -1.2, word, ha="center", va="top", size=11)
    for place, word in ((0, "x"), (middle, "z"), (last, "x′")):
        ax.text(place, -1.12, word, ha="center", va="center", size=13, style="italic")
    ax.set(xlim=(-0.5, last + 0.5), ylim=(-1.5, 1.3))
    ax.set_axis_off()
    return fig


def rows_of_pictures(rows: Mapping[str, Tensor], titles: Sequence[str] = ()) -> Figure:
    """Rows of small pictures under each other, each row with its name on the left.

    rows: name → images (N, 1, H, W) or (N, H, W), 0 black to 1 white, as many in every row.

    >>> fig = rows_of_pictures({"x": torch.zeros(3, 8, 8), "x′": torch.ones(3, 8, 8)})
    """
    count = len(next(iter(rows.values())))
    fig, axes = plots.canvas(
        0.86 * count + 1.2, 0.92 * len(rows) + 0.2, count, len(rows), squeeze=False
    )
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for number, (ax, image) in enumerate(zip(line, images, strict=True)):
            title = titles[number] if titles and line is axes[0] else ""
            plots.picture(ax, image.detach().reshape(image.shape[-2:]).clamp(0, 1), title)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=8)
    return fig


def latent_scatter(codes: Tensor, labels: Tensor, title: str = "") -> Figure:
    """Codes of two numbers as points in a plane, each written as its digit.

    codes: (N, 2); labels: (N,). So that the digits can be read, at most 450 are drawn.
    """
    fig, ax = plots.canvas(6.4, 5.2)
    scatter_of_digits(ax, codes, labels, title)
    return fig


def scatter_of_digits(ax: Axes, codes: Tensor, labels: Tensor, title: str = "") -> None:
    """Draw codes (N, 2) as digits at their places; light and dark digits take turns."""
    some, names = codes.detach()[:450], labels[:450]
    for digit in range(10):
        points = some[names == digit]
        if not len(points):
            continue
        size, grey = 46, "0.05" if digit % 2 else "0.5"
        ax.scatter(
            points[:, 0], points[:, 1], marker=f"${digit}$", s=size, color=grey, linewidths=0.3
        )
        middle = points[torch.cdist(points, points).sum(dim=1).argmin()]  # one of them
        box = {"boxstyle": "circle,pad=0.12", "facecolor": "white", "edgecolor": plots.ACCENT}
        ax.text(
            float(middle[0]), float(middle[1]), str(digit), size=15, weight="bold", ha="center",
            va="center", color=plots.ACCENT, bbox=box | {"alpha": 0.85},
        )  # fmt: skip
    ax.set(title=title, xlabel="first number of the code", ylabel="second number of the code")


def one_plane_two_bases(components: Tensor, others: Tensor) -> Figure:
    """Two bases of one plane: the principal components, and the directions of another.

    components: (2, D), perpendicular and of length 1; others: (2, D), drawn with length 1.
    """
    fig, ax = plots.canvas(4.4, 3.0)
    flat = others / others.norm(dim=1, keepdim=True) @ components.T
    arrows = [((1.0, 0.0), "component 1", False), ((0.0, 1.0), "component 2", False)]
    arrows += [
        (tuple(point), f"net's {name}", True)
        for point, name in zip(flat.tolist(), ("first", "second"), strict=True)
    ]
    for (right, up), word, own in arrows:
        ax.add_patch(
            FancyArrowPatch((0, 0), (right, up), arrowstyle="-|>", mutation_scale=15, shrinkA=0,
                            shrinkB=0, color=plots.ACCENT if own else "0.25",
                            linestyle="--" if own else "-", linewidth=2.2)
        )  # fmt: skip
        sideways = "left" if right > 0.3 else "right" if right < -0.3 else "center"
        upwards = "bottom" if up > 0.3 else "top" if up < -0.3 else "center"
        ax.text(1.05 * right, 1.05 * up, word, ha=sideways, va=upwards, size=9)
    ax.add_patch(Rectangle((-2.1, -1.4), 4.2, 2.8, facecolor="0.96", edgecolor="0.7", zorder=0))
    ax.set(xlim=(-2.15, 2.15), ylim=(-1.45, 1.45), aspect="equal")
    ax.set_axis_off()
    return fig


def errors_by_code(errors: Mapping[str, Sequence[float]], sizes: Sequence[int]) -> Figure:
    """The error per pixel against the numbers in the code, a line for each way to make codes."""
    fig, ax = plots.canvas(6.0, 3.1)
    for number, (name, values) in enumerate(errors.items()):
        ax.plot(sizes, values, LINES[number % 4], marker=MARKS[number], color="0.15", label=name)
    ax.set(xlabel="numbers in the code", ylabel="mean squared error per pixel", ylim=(0, None))
    ax.set_xticks(list(sizes))
    ax.legend()
    return fig


def scores_of(normal: Tensor, odd: Tensor, names: tuple[str, str]) -> Figure:
    """Two histograms over one axis: the scores of what is normal, and of what is not."""
    fig, ax = plots.canvas(6.2, 2.7)
    low, high = 0.0, float(torch.cat([normal, odd]).quantile(0.995))
    edges = torch.linspace(low, high, 31).tolist()
    for scores, name, hatch, grey in (
        (normal, names[0], "", "0.8"),
        (odd, names[1], "////", "none"),
    ):
        ax.hist(
            scores.clamp(max=high).tolist(), bins=edges, density=True, label=name, hatch=hatch,
            facecolor=grey, edgecolor="0.2", linewidth=0.9,
        )  # fmt: skip
    ax.set(xlabel="anomaly score: squared differences, summed over the image", yticks=[])
    ax.spines["left"].set_visible(False)
    ax.legend()
    return fig
