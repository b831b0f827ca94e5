"""Diagrams of lesson 01: pure functions that return a figure, to be shown with `plots.show`."""

from __future__ import annotations

from typing import Any

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from utils import plots

WEIGHT_STYLES = ("-", "--", ":")


def connections(inputs: int = 7, kernel: int = 3) -> Figure:
    """A dense layer beside a 1-D convolutional one: who is wired to whom.

    Lines of one dash pattern on the right are one and the same weight.
    """
    outputs = inputs - kernel + 1
    fig, (left, right) = plots.canvas(8.2, 2.7, columns=2)
    for j in range(outputs):
        for i in range(inputs):
            _wire(left, i, j + (kernel - 1) / 2, "-", "0.55", 0.8)
        for m in range(kernel):
            _wire(right, j + m, j + (kernel - 1) / 2, WEIGHT_STYLES[m % 3], "0.1", 1.7)
    for ax in (left, right):
        _row_of_units(ax, 0.0, range(inputs), "inputs")
        _row_of_units(ax, 1.0, [j + (kernel - 1) / 2 for j in range(outputs)], "outputs")
        ax.set(xlim=(-2.1, inputs - 0.5), ylim=(1.25, -0.25))
        ax.set_axis_off()
    left.set_title(f"dense: {inputs} × {outputs} = {inputs * outputs} weights, all different")
    right.set_title(f"convolution: {kernel} weights, used {outputs} times each")
    return fig


def _wire(ax: Axes, bottom: float, top: float, style: str, colour: str, width: float) -> None:
    ax.plot([bottom, top], [0, 1], linestyle=style, color=colour, linewidth=width, zorder=1)


def _row_of_units(ax: Axes, height: float, positions: Any, label: str) -> None:
    for x in positions:
        ax.scatter([x], [height], s=210, facecolor="white", edgecolor="0", zorder=2)
    ax.text(-0.55, height, label, ha="right", va="center")


def windows_as_columns(image: torch.Tensor, kernel_shape: tuple[int, int]) -> Figure:
    """The picture of im2col: an image, its windows, and the matrix that has them as columns.

    For small images: every window is drawn.
    """
    tall, wide = kernel_shape
    high, across = image.shape[0] - tall + 1, image.shape[1] - wide + 1
    windows = [image[i : i + tall, j : j + wide] for i in range(high) for j in range(across)]
    fig, ax = plots.canvas(8.4, 2.9)
    plots.numbers(ax, image, "image", shade=False)
    start = image.shape[1] + 1.5
    for number, window in enumerate(windows):
        i, j = divmod(number, across)
        corner = (start + j * (wide + 0.6), i * (tall + 0.9))
        framed = (0, 0, tall, wide) if number == 0 else None
        plots.numbers(ax, window, _letter(number), at=corner, window=framed, shade=False)
    start += across * (wide + 0.6) + 1.2
    columns = torch.stack([window.flatten() for window in windows], dim=1)
    first = (0, 0, tall * wide, 1)
    plots.numbers(ax, columns, "", at=(start, 0), window=first, shade=False)
    for number in range(len(windows)):
        ax.text(start + number + 0.5, -0.2, _letter(number), ha="center", va="bottom")
    foot = max(image.shape[0], high * (tall + 0.9) - 0.9, tall * wide) + 0.25
    middle = image.shape[1] + 1.5 + (across * (wide + 0.6) - 0.6) / 2
    ax.text(middle, foot, "windows in reading order", ha="center", va="top")
    ax.text(start + len(windows) / 2, foot, "one window, one column", ha="center", va="top")
    ax.set_ylim(foot + 0.6, -0.8)
    return fig


def _letter(number: int) -> str:
    return chr(ord("a") + number)


def channels() -> Figure:
    """Two layers as stacks of maps: each filter is as deep as the stack that enters it."""
    fig, ax = plots.canvas(8.6, 3.5)
    _stack(ax, 0.0, 3, 1.7, "image\n3 channels")
    _stack(ax, 3.0, 3, 0.42, "4 filters,\neach 3 × 3 × 3", repeat=4)
    _stack(ax, 5.1, 4, 1.5, "4 maps\n= 4 channels")
    _stack(ax, 8.0, 4, 0.42, "5 filters,\neach 4 × 3 × 3", repeat=5)
    _stack(ax, 10.1, 5, 1.3, "5 maps\n= 5 channels")
    for start in (2.2, 4.2, 7.2, 9.25):
        ax.annotate("", (start + 0.6, 0), (start, 0), arrowprops={"arrowstyle": "->"})
    ax.set(xlim=(-0.2, 12.0), ylim=(-3.0, 2.0), aspect="equal")
    ax.set_axis_off()
    return fig


def _stack(ax: Axes, x: float, depth: int, side: float, label: str, repeat: int = 1) -> None:
    """`repeat` stacks of `depth` square sheets, one above the other; the label below."""
    step, pitch = 0.09, 0.8
    for number in range(repeat):
        middle = (number - (repeat - 1) / 2) * pitch
        for sheet in reversed(range(depth)):
            shift = sheet * step
            corner = (x + shift, middle - side / 2 + shift - depth * step / 2)
            grey = str(0.97 - 0.13 * sheet)
            ax.add_patch(Rectangle(corner, side, side, facecolor=grey, edgecolor="0.15"))
    ax.text(x + (side + depth * step) / 2, -2.15, label, ha="center", va="top", linespacing=1.3)


def float_bits() -> Figure:
    """The bits of float64, float32 and TF32 to scale: sign, exponent, fraction."""
    formats = (("float64", 11, 52), ("float32", 8, 23), ("TF32", 8, 10))
    fig, ax = plots.canvas(8.2, 1.9)
    for row, (name, exponent, fraction) in enumerate(formats):
        start = 0
        for bits, grey, label in (
            (1, "0.25", ""),
            (exponent, "0.68", f"{exponent} bits"),
            (fraction, "0.88", f"{fraction} bits"),
        ):
            ax.add_patch(Rectangle((start, row), bits, 0.72, facecolor=grey, edgecolor="0.1"))
            ax.text(start + bits / 2, row + 0.36, label, ha="center", va="center", size=9)
            start += bits
        ax.text(-1, row + 0.36, name, ha="right", va="center")
    for place, word in ((0.5, "sign"), (6.5, "exponent"), (38, "fraction")):
        ax.text(place, -0.12, word, ha="center", va="bottom", size=9)
    ax.set(xlim=(-8, 65), ylim=(3.0, -0.6))
    ax.set_axis_off()
    return fig


def weight_meets(image: torch.Tensor, kernel: torch.Tensor, m: int, n: int) -> Figure:
    """Which pixels the weight (m, n) of the kernel meets while the kernel slides over the image."""
    high, across = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    return plots.matrices(
        {"one weight …": kernel, "… meets these pixels": image},
        windows={"one weight …": (m, n, 1, 1), "… meets these pixels": (m, n, high, across)},
    )
