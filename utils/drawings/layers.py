"""Diagrams of lesson 04: pure functions that return a figure, to be shown with `plots.show`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product

import torch
import torch.nn.functional as F
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from utils import plots

GREY, DARK = "0.93", "0.45"
FAMILIES = (
    ("convolution", "Conv2d, depthwise,\ndilated, separable,\nConvTranspose2d,\nPixelShuffle …"),
    ("pooling", "MaxPool2d,\nAvgPool2d, adaptive,\nglobal"),
    ("normalisation", "BatchNorm2d,\nInstanceNorm2d,\nLayerNorm, Dropout"),
    ("activation", "ReLU, LeakyReLU,\nSigmoid, Tanh, GELU,\nSiLU, Softmax"),
    ("dense, structure", "Linear, Flatten,\nIdentity, Bilinear,\nx + F(x)"),
    ("sequence", "Embedding,\npositions, LSTM,\nGRU"),
)
POPULAR = ("convolution", "pooling", "dense, structure")
CURVES: dict[str, Callable[[Tensor], Tensor]] = {
    "ReLU": F.relu,
    "LeakyReLU (0.1 drawn)": lambda x: F.leaky_relu(x, 0.1),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "GELU": F.gelu,
    "SiLU": F.silu,
}


def families() -> Figure:
    """The six families of layers; the three that are usually named have a thick frame."""
    fig, ax = plots.canvas(9.4, 1.95)
    for place, (name, layers) in enumerate(FAMILIES):
        x = 1.08 * place
        popular = name in POPULAR
        ax.add_patch(
            Rectangle((x, 0), 1, 1, facecolor="1" if popular else GREY,
                      edgecolor=plots.ACCENT if popular else "0.5", linewidth=3 if popular else 1)
        )  # fmt: skip
        ax.text(x + 0.5, 0.16, name, ha="center", va="center", weight="bold", size=9)
        ax.text(x + 0.5, 0.62, layers, ha="center", va="center", size=7.8, linespacing=1.35)
    ax.set(xlim=(-0.05, 1.08 * len(FAMILIES)), ylim=(1.05, -0.05))
    ax.set_axis_off()
    return fig


def wiring(channels: int = 4) -> Figure:
    """Which channel meets which: a full convolution, a depthwise one, and a pointwise one.

    A thick line is a K×K kernel, a thin one a single number.
    """
    fig, axes = plots.canvas(8.6, 2.5, columns=3)
    everyone: list[tuple[int, ...]] = list(product(range(channels), repeat=2))
    same: list[tuple[int, ...]] = [(c, c) for c in range(channels)]
    panels: tuple[tuple[str, list[tuple[int, ...]], float, str], ...] = (
        ("full", everyone, 2.4, f"{channels} · {channels} kernels of K × K"),
        ("depthwise", same, 2.4, f"{channels} kernels of K × K"),
        ("pointwise", everyone, 0.8, f"{channels} · {channels} single numbers"),
    )
    for ax, (name, lines, width, said) in zip(axes, panels, strict=True):
        for start, end in lines:
            ax.plot([0.6, 2.4], [start + 0.4, end + 0.4], "-", color="0.35", linewidth=width)
        for x, c in product((0.0, 2.4), range(channels)):
            ax.add_patch(Rectangle((x, c), 0.6, 0.8, facecolor=GREY, edgecolor="0.2", zorder=3))
        ax.set(title=name, xlim=(-0.1, 3.1), ylim=(channels + 0.75, -0.15))
        ax.text(1.5, channels + 0.45, said, ha="center", va="center", size=9)
        ax.set_axis_off()
    return fig


def dilated_windows(dilations: Sequence[int] = (1, 2, 3), side: int = 7) -> Figure:
    """Where the nine numbers of a 3×3 window lie, for several dilations, on side×side pixels."""
    fig, axes = plots.canvas(2.3 * len(dilations), 2.35, columns=len(dilations))
    middle = side // 2
    for ax, dilation in zip(axes, dilations, strict=True):
        for i, j in product(range(side), repeat=2):
            taken = {abs(i - middle), abs(j - middle)} <= {0, dilation}
            ax.add_patch(Rectangle((j, i), 1, 1, facecolor=DARK if taken else "1", edgecolor="0.6"))
        span = 2 * dilation + 1
        corner = (middle - dilation, middle - dilation)
        ax.add_patch(Rectangle(corner, span, span, fill=False, edgecolor=plots.ACCENT, lw=2.5))
        ax.set(title=f"D = {dilation}: 9 of {span} × {span}", xlim=(-0.1, side + 0.1),
               ylim=(side + 0.1, -0.1), aspect="equal")  # fmt: skip
        ax.set_axis_off()
    return fig


def adaptive_windows(size: int, out: int) -> Figure:
    """Which of `size` numbers go into each of the `out` results of an adaptive pooling (1 axis).

    The windows are asked of torch: one number is changed at a time.
    """
    nudged = torch.eye(size)[:, None]  # one row for each number of the line
    touched = F.adaptive_avg_pool1d(nudged, out)[:, 0] > 0  # (size, out)
    fig, ax = plots.canvas(0.42 * (size + 3.6), 0.42 * (0.72 * out + 1.7))
    for place in range(size):
        shared = int(touched[place].sum()) > 1
        ax.add_patch(
            Rectangle((place, 0), 1, 1, facecolor="0.8" if shared else GREY, edgecolor="0.45")
        )
        ax.text(place + 0.5, 0.5, str(place), ha="center", va="center")
    for row in range(out):
        members = touched[:, row].nonzero().flatten().tolist()
        height = 1.55 + 0.72 * row
        start, end = members[0], members[-1] + 1
        ax.plot([start, end], [height] * 2, "-", color="0.1", linewidth=2.2)
        for x in (start, end):
            ax.plot([x, x], [height - 0.18, height + 0.18], "-", color="0.1", linewidth=2.2)
        ax.text(size + 0.35, height, f"{len(members)} numbers", ha="left", va="center")
    ax.set(xlim=(-0.1, size + 3.4), ylim=(1.9 + 0.72 * (out - 1), -0.15))
    ax.set_axis_off()
    return fig


def norm_groups() -> Figure:
    """Which numbers share one mean: batch, instance and layer normalisation, and that over C only.

    Rows are 3 examples, columns 4 channels, and every map has 2×2 places. One group is dark.
    """
    fig, axes = plots.canvas(9.4, 2.45, columns=4)
    groups: tuple[tuple[str, str, Callable[[int, int, int], bool]], ...] = (
        ("BatchNorm2d", "one channel,\nall examples", lambda n, c, place: c == 1),
        ("InstanceNorm2d", "one channel,\none example", lambda n, c, place: (n, c) == (1, 1)),
        ("LayerNorm([C, H, W])", "all channels,\none example", lambda n, c, place: n == 1),
        ("LayerNorm(C)", "all channels of one place,\none example",
         lambda n, c, place: (n, place) == (1, 0)),
    )  # fmt: skip
    for ax, (name, said, inside) in zip(axes, groups, strict=True):
        for n, c, place in product(range(3), range(4), range(4)):
            corner = (c + 0.41 * (place % 2), n + 0.41 * (place // 2))
            grey = DARK if inside(n, c, place) else GREY
            ax.add_patch(Rectangle(corner, 0.41, 0.41, facecolor=grey, edgecolor="0.3", lw=0.7))
        ax.set_title(name, size=9.5)
        ax.text(1.9, 3.15, said, ha="center", va="top", size=9)
        ax.set(xlim=(-0.4, 4.0), ylim=(4.0, -0.75), aspect="equal")
        ax.set_axis_off()
    axes[0].text(-0.2, 1.4, "examples", rotation=90, ha="center", va="center", size=8.5)
    axes[0].text(1.9, -0.22, "channels", ha="center", va="bottom", size=8.5)
    return fig


def activation_curves(names: Iterable[str] = tuple(CURVES)) -> Figure:
    """Six activations (solid), each with its slope (dashed), from −4 to 4."""
    names = list(names)
    fig, axes = plots.canvas(8.8, 2.25 * -(-len(names) // 3), 3, -(-len(names) // 3))
    for ax, name in zip(axes.flat, names, strict=True):
        x = torch.linspace(-4, 4, 401, requires_grad=True)
        y = CURVES[name](x)
        y.sum().backward()
        ax.axhline(0, color="0.8", linewidth=0.8)
        ax.axvline(0, color="0.8", linewidth=0.8)
        ax.plot(x.detach(), y.detach(), "-", color="0.1", label="value")
        ax.plot(x.detach(), x.grad, "--", color="0.5", label="slope")
        ax.set(title=name, ylim=(-1.2, 2.2), xticks=[-4, -2, 0, 2, 4], yticks=[-1, 0, 1, 2])
    axes.flat[0].legend(loc="upper left")
    return fig
