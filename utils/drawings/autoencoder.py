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


def hourglass(sizes: Sequence[int] = (64, 150, 50, 20, 5), *, asked: bool = False) -> Figure:
    """An autoencoder from the left to the right: bars as high as each stage has numbers.

    The narrowest, the code, is tinted and framed. With `asked` nothing is given away: a question
    mark stands over the code, no number over the stages beside it, and the bars shrink evenly.

    >>> fig = hourglass((64, 20, 2))
    """
    stages = [*sizes, *sizes[-2::-1]]
    fig, ax = plots.canvas(8.8, 2.9)
    tallest, middle = max(stages), len(sizes) - 1
    heights = [0.18 + 1.7 * (count / tallest) ** 0.5 for count in stages]
    words = [str(count) for count in stages]
    if asked:
        heights = [0.45 + 1.2 * abs(place - middle) / middle for place in range(len(stages))]
        words = [words[0], *[""] * (middle - 1), "?", *[""] * (middle - 1), words[-1]]
    for place, (word, height) in enumerate(zip(words, heights, strict=True)):
        code = place == middle
        ax.add_patch(
            Rectangle((place - 0.11, -height / 2), 0.22, height,
                      facecolor=plots.TINT if code else "0.85",
                      edgecolor=plots.ACCENT if code else "0.25", linewidth=2.6 if code else 1.1)
        )  # fmt: skip
        ax.text(place, height / 2 + 0.07, word, ha="center", va="bottom",
                size=14 if word == "?" else 9)  # fmt: skip
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


def longest_directions() -> Figure:
    """A made-up slanted cloud: its mean and two directions, and what is lost when one is kept."""
    along, across = torch.tensor([0.8, 0.6]), torch.tensor([-0.6, 0.8])
    far, near = torch.randn(2, 40, generator=torch.Generator().manual_seed(1))
    far, near = far - far.mean(), near - near.mean()
    near = near - near @ far / (far @ far) * far  # so that the two directions are exact
    far, near = 2.0 * far / far.std(), 0.7 * near / near.std()
    mean = torch.tensor([1.0, 2.0])
    kept = mean + far[:, None] * along
    cloud = kept + near[:, None] * across
    fig, (left, right) = plots.canvas(8.4, 3.5, 2, sharex=True, sharey=True)
    left.scatter(*cloud.T, s=22, color="0.6")
    for way, length, word, dash in ((along, 4.0, "first", "-"), (across, 1.9, "second", "--")):
        tip = mean + length * way
        left.add_patch(
            FancyArrowPatch(tuple(mean.tolist()), tuple(tip.tolist()), arrowstyle="-|>",
                            mutation_scale=16, shrinkA=0, shrinkB=0, color=plots.ACCENT,
                            linestyle=dash, linewidth=2.4, zorder=3)
        )  # fmt: skip
        ends = {"ha": "left", "va": "center"} if word == "first" else {"ha": "center"}
        place = tip + (0.15 if word == "first" else 0.12) * way
        left.text(float(place[0]), float(place[1]), word, size=10.5, color=plots.ACCENT, **ends)
    for start, end in zip(cloud.tolist(), kept.tolist(), strict=True):
        right.plot(*zip(start, end, strict=True), "-", color=plots.ACCENT, linewidth=1.1)
    right.axline(tuple(mean.tolist()), slope=0.75, color="0.75", linewidth=1.0, zorder=0)
    right.scatter(*cloud.T, s=22, color="0.6", label="a picture")
    right.scatter(*kept.T, s=20, marker="D", color="0.1", zorder=3, label="all that is kept of it")
    right.plot([], [], "-", color=plots.ACCENT, linewidth=1.1, label="what is lost")
    right.legend(loc="lower right", fontsize=8.5, handletextpad=0.5, borderaxespad=0)
    for ax, title in (
        (left, "the cloud, its mean, two directions"),
        (right, "only the first kept"),
    ):
        ax.scatter(
            *mean, s=90, marker="o", facecolor="white", edgecolor="0.05", linewidth=2, zorder=4
        )
        ax.set(title=title, aspect="equal", xlabel="one number")
        ax.set_xticks([])
        ax.set_yticks([])
    left.annotate("mean", tuple(mean.tolist()), (16, -34), textcoords="offset points", size=10.5,
                  arrowprops={"arrowstyle": "-", "color": "0.3", "shrinkB": 6})  # fmt: skip
    left.set_ylabel("the other number")
    return fig


def one_plane_two_bases(components: Tensor, others: Tensor, points: Tensor, shown: int) -> Figure:
    """One plane twice, over two bases: the principal components, and the directions of another.

    components: (2, D), perpendicular and of length 1; others: (2, D), drawn with length 1.
    points: (N, D), measured from their mean, drawn as their shadows on the plane; point number
    `shown` is reached in both panels, with so much of the one direction and so much of the other.
    """
    shadows = points @ components.T
    bases = (torch.eye(2), others / others.norm(dim=1, keepdim=True) @ components.T)
    target = shadows[shown]
    reach = 1.15 * float(shadows.abs().max())
    fig, axes = plots.canvas(8.4, 4.2, 2)
    for ax, basis, names, title in zip(
        axes,
        bases,
        (("component 1", "component 2"), ("net's first", "net's second")),
        ("with PCA's two directions", "with the linear net's two directions"),
        strict=True,
    ):
        for number in range(
            -12, 13
        ):  # the lines along the one direction, through the other's steps
            for along, across in (basis, basis.flip(0)):
                ends = torch.stack([number * across - 20 * along, number * across + 20 * along])
                ax.plot(*ends.T, "-", color="0.86", linewidth=0.8, zorder=0)
        ax.scatter(*shadows.T, s=4, color="0.65", zorder=1)
        steps = torch.linalg.solve(basis.T, target)
        corner = steps[0] * basis[0]
        ax.plot(*torch.stack([torch.zeros(2), corner, target]).T, ":", color="0.05", zorder=3)
        ax.scatter(*target, s=70, marker="D", facecolor="white", edgecolor="0.05", linewidth=1.8,
                   zorder=5)  # fmt: skip
        for way, name in zip(basis.tolist(), names, strict=True):
            ax.add_patch(
                FancyArrowPatch((0, 0), tuple(way), arrowstyle="-|>", mutation_scale=15, shrinkA=0,
                                shrinkB=0, color=plots.ACCENT, linewidth=2.6, zorder=4)
            )  # fmt: skip
            sideways = "left" if way[0] > 0.3 else "right" if way[0] < -0.3 else "center"
            above = way[1] > 0.3
            ax.annotate(
                name, (1.06 * way[0], 1.06 * way[1]), (0, 2 if above else -5),
                textcoords="offset points", ha=sideways, va="bottom" if above else "top", size=9.5,
                color=plots.ACCENT, zorder=6,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1},
            )  # fmt: skip
        amounts = [f"{step:.2f}".replace("-", "−") for step in steps.tolist()]
        said = f"the diamond: {amounts[0]} of the first and {amounts[1]} of the second"
        ax.set(title=title, xlabel=said, xlim=(-reach, reach), ylim=(-reach, reach),
               aspect="equal", xticks=[], yticks=[])  # fmt: skip
        ax.spines[["top", "right"]].set_visible(True)
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


def alarm_and_roc(normal: Tensor, odd: Tensor, threshold: float) -> Figure:
    """Left two histograms of scores and a threshold, right the ROC curve with its point.

    normal, odd: scores, (N,) and (M,); a score above the threshold gives an alarm.
    The area under the curve is shaded.

    >>> fig = alarm_and_roc(torch.tensor([1.0, 2.0]), torch.tensor([2.0, 3.0]), 1.5)
    """
    fig, (left, right) = plots.canvas(8.6, 3.3, 2, width_ratios=[1.5, 1])
    every = torch.cat([normal, odd])
    low, high = float(every.min()), float(every.max())
    edges = torch.linspace(low, high, 26).tolist()
    left.axvspan(threshold, high, facecolor=plots.TINT, alpha=0.6, zorder=0)
    for scores, name, hatch, grey in ((normal, "normal", "", "0.75"), (odd, "odd", "////", "none")):
        left.hist(
            scores.tolist(), bins=edges, weights=[100 / len(scores)] * len(scores), label=name,
            hatch=hatch, facecolor=grey, edgecolor="0.2", linewidth=0.9,
        )  # fmt: skip
    left.axvline(threshold, color=plots.ACCENT, linewidth=2.4)
    tall = 1.3 * left.get_ylim()[1]
    left.text(threshold + 0.02 * (high - low), 0.97 * tall, "alarm", va="top", color=plots.ACCENT)
    left.text(threshold - 0.02 * (high - low), 0.97 * tall, "threshold", ha="right", va="top",
              color=plots.ACCENT)  # fmt: skip
    left.set(xlabel="score (made up)", ylabel="% of its own group", xlim=(low, high),
             ylim=(0, tall), yticks=range(0, int(tall) + 1, 5))  # fmt: skip
    left.legend(loc="center right")
    steps = [float("inf"), *every.unique().flip(0).tolist()]
    false = [float((normal >= step).double().mean()) for step in steps]
    found = [float((odd >= step).double().mean()) for step in steps]
    right.fill_between(false, found, color="0.9", linewidth=0)
    right.plot(false, found, "-", color="0.1", linewidth=2.2)
    x, y = (float((scores > threshold).double().mean()) for scores in (normal, odd))
    right.plot([x, x, 0], [0, y, y], "--", color=plots.ACCENT, linewidth=1.3)
    right.scatter(
        [x], [y], s=80, facecolor="white", edgecolor=plots.ACCENT, linewidth=2.4, zorder=4
    )
    right.text(x + 0.05, y - 0.09, f"this threshold:\n{y:.0%} found,\n{x:.0%} false alarms",
               va="top", size=9.5)  # fmt: skip
    right.text(0.95, 0.08, "the area", ha="right", style="italic", size=10.5)
    right.set(xlabel="share of false alarms", ylabel="share found", xlim=(0, 1), ylim=(0, 1.03),
              aspect="equal", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])  # fmt: skip
    return fig
