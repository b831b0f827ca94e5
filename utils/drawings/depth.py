"""Diagrams of lesson 05's second notebook: pure functions that return a figure for `plots.show`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from utils import plots

BASIC = (("3×3, 64", 64), ("3×3, 64", 64))
NARROW = (("1×1, 64", 64), ("3×3, 64", 64), ("1×1, 256", 256))
LINES = ("-", "--", "-.", ":")
GREYS = ("0.05", "0.35", "0.5", "0.6")
MARKS = ("o", "s", "^", "D", "v", "P")


def two_blocks() -> Figure:
    """The basic block and the bottleneck, each with its shortcut; widths are drawn to scale."""
    fig, axes = plots.canvas(7.4, 4.3, columns=2)
    for ax, title, layers, channels in (
        (axes[0], "basic block, 64 channels", BASIC, 64),
        (axes[1], "bottleneck, 256 channels", NARROW, 256),
    ):
        _block(ax, layers, channels)
        ax.set_title(title)
    return fig


def _block(ax: Axes, layers: Sequence[tuple[str, int]], channels: int) -> None:
    """One block from top to bottom: boxes as wide as their maps have channels."""
    y, step = 0.0, 1.5
    _arrow(ax, (0, y), (0, y + 0.8))
    ax.text(0.12, y + 0.1, "x", fontsize=12, style="italic", va="center")
    split = y + 0.35
    y += 0.8
    for number, (word, width) in enumerate(layers, start=1):
        half = 0.75 + width / 256 * 0.75
        ax.add_patch(Rectangle((-half, y), 2 * half, 0.62, facecolor="0.9", edgecolor="0.2"))
        ax.text(0, y + 0.31, word, ha="center", va="center")
        last = number == len(layers)
        _arrow(ax, (0, y + 0.62), (0, y + step))
        ax.text(0.14, y + 1.02, "norm" if last else "norm, ReLU", va="center", fontsize=8.5)
        y += step
    ax.text(0, y + 0.24, "+", ha="center", va="center", fontsize=15,
            bbox={"boxstyle": "circle,pad=0.22", "facecolor": "white", "edgecolor": plots.ACCENT,
                  "linewidth": 2})  # fmt: skip
    side = 2.15
    ax.plot([0, side, side], [split, split, y + 0.24], "-", color=plots.ACCENT, linewidth=2.4)
    _arrow(ax, (side, y + 0.24), (0.34, y + 0.24), colour=plots.ACCENT, width=2.4)
    ax.text(side + 0.12, (split + y) / 2, "shortcut", rotation=270, ha="left", va="center",
            color=plots.ACCENT)  # fmt: skip
    _arrow(ax, (0, y + 0.55), (0, y + 1.3))
    ax.text(0.14, y + 0.9, "ReLU", va="center", fontsize=8.5)
    ax.set(xlim=(-1.7, 2.75), ylim=(6.7, -0.1))
    ax.set_axis_off()


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str = "0.2",
    width: float = 1.5,
) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=12,
            color=colour,
            linewidth=width,
            shrinkA=0,
            shrinkB=0,
        )
    )


def norms_by_layer(norms: Mapping[str, Sequence[float]]) -> Figure:
    """The gradient's norm at each layer's weight, for several nets, on a logarithmic axis.

    >>> fig = norms_by_layer({"plain": [1e-9, 1e-3, 0.1], "residual": [0.3, 0.2, 0.1]})
    """
    fig, ax = plots.canvas(7.2, 3.5)
    for number, (name, values) in enumerate(norms.items()):
        layers = range(1, len(values) + 1)
        ax.plot(
            layers, values, LINES[number % 4], color=GREYS[number % 4], label=name,
            marker=MARKS[number], markersize=4, markevery=5,
        )  # fmt: skip
    ax.set(yscale="log", xlabel="layer, 1 is next to the picture", ylabel="norm of the gradient")
    ax.legend(loc="best")
    return fig


def accuracy_against_cost(rows: Mapping[str, tuple[int, int, float]], count: int) -> Figure:
    """Test accuracy against parameters, and against multiply–adds, with a bar for chance.

    rows: name → (parameters, multiply–adds of one picture, accuracy from 0 to 1 on `count` tests).
    The bar is twice the standard error √(p(1−p)/count) to either side.

    >>> fig = accuracy_against_cost({"a": (100, 2_000, 0.9), "b": (300, 900, 0.95)}, count=450)
    """
    fig, axes = plots.canvas(8.6, 3.7, columns=2, sharey=True)
    for ax, place, label in zip(
        axes, (0, 1), ("parameters", "multiply–adds for one picture"), strict=True
    ):
        for number, (name, row) in enumerate(rows.items()):
            cost, right = row[place], row[2]
            error = 200 * (right * (1 - right) / count) ** 0.5
            ax.errorbar(
                [cost], [100 * right], [error], fmt=MARKS[number % 6], color="0.15",
                markersize=6, markerfacecolor="0.85", ecolor="0.6", elinewidth=1.2, capsize=2,
            )  # fmt: skip
            beside = any(
                cost < other[place] < 5 * cost and abs(other[2] - right) < 0.015
                for other in rows.values()
            )
            ax.annotate(
                name, (cost, 100 * right), (-7 if beside else 7, 3), textcoords="offset points",
                ha="right" if beside else "left",
            )  # fmt: skip
        ax.set(xscale="log", xlabel=label)
        ax.margins(x=0.25)
    axes[0].set_ylabel("test digits right, %")
    return fig


def frozen_and_new() -> Figure:
    """Transfer learning: the features stay as they are, and only the head is new."""
    fig, ax = plots.canvas(7.4, 2.5)
    for row, (word, head, words) in enumerate(
        (
            ("trained on 0 to 4", "old head\n0 1 2 3 4", "learns"),
            ("adapted to 5 to 9", "new head\n5 6 7 8 9", "frozen"),
        )
    ):
        y = 1.5 * row
        hatch = "///" if row else ""
        ax.text(-0.15, y + 0.5, word, ha="right", va="center")
        ax.add_patch(
            Rectangle((0, y), 3.4, 1, facecolor="0.93", edgecolor="0.35", hatch=hatch, lw=1.2)
        )
        ax.text(1.7, y + 0.5, f"features: {words}", ha="center", va="center",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 2})  # fmt: skip
        _arrow(ax, (3.4, y + 0.5), (4.0, y + 0.5))
        ax.text(3.7, y + 0.33, "128", ha="center", va="bottom", fontsize=8.5)
        ax.add_patch(
            Rectangle(
                (4.0, y),
                1.5,
                1,
                facecolor=plots.TINT if row else "0.93",
                edgecolor=plots.ACCENT if row else "0.35",
                linewidth=2.6 if row else 1.2,
            )
        )
        ax.text(4.75, y + 0.5, head, ha="center", va="center")
    _arrow(ax, (1.7, 1.0), (1.7, 1.5))
    ax.text(1.85, 1.25, "copied", va="center", fontsize=8.5)
    ax.set(xlim=(-2.3, 5.7), ylim=(2.6, -0.1))
    ax.set_axis_off()
    return fig


def by_labels(curves: Mapping[str, Sequence[Sequence[float]]], labels: Sequence[int]) -> Figure:
    """Accuracy against the number of labelled pictures of each class, for several ways to learn.

    The lines join the means of the runs; a thin bar reaches from the least to the most.

    curves: name → for each number in `labels` the accuracies of its runs, 0 to 1.

    >>> fig = by_labels({"scratch": [[0.5, 0.6], [0.8, 0.9]]}, [1, 10])
    """
    fig, ax = plots.canvas(6.6, 3.6)
    for number, (name, runs) in enumerate(curves.items()):
        means = [100 * sum(run) / len(run) for run in runs]
        below = [mean - 100 * min(run) for mean, run in zip(means, runs, strict=True)]
        above = [100 * max(run) - mean for mean, run in zip(means, runs, strict=True)]
        aside = [count * 1.05 ** (number - 1.5) for count in labels]  # bars beside each other
        ax.errorbar(
            aside, means, [below, above], color=GREYS[number % 4], linestyle=LINES[number % 4],
            marker=MARKS[number], markersize=5, elinewidth=0.9, label=name,
        )  # fmt: skip
    ax.set(xscale="log", xlabel="labelled pictures of each new digit", ylabel="new digits right, %")
    ax.set_xticks(list(labels), labels=[str(count) for count in labels])
    ax.minorticks_off()
    ax.legend(loc="lower right")
    return fig
