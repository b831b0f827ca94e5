"""Pictures for the notebooks: one style, readable in grey, never without an alt text.

    fig, ax = plots.canvas(3, 3)
    plots.numbers(ax, image, title="image")
    plots.show(fig, alt="A 3×3 image that holds the numbers 1 to 9.")

`show` writes the picture as an HTML image, because JupyterLab 4.6 and nbconvert's lab template
both drop an alt text that is given as metadata of an `image/png` output.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from cycler import cycler
from IPython.display import display
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

DOTS_PER_INCH = 96  # as browsers count
SHARPNESS = 2  # pixels of the file per pixel of the page, for dense screens

# One accent, and never by colour alone: what is tinted is also framed by a thick line.
INK = "#1f2430"
ACCENT = "#a63a00"
TINT = "#ffe7bd"

STYLE: Any = {
    "figure.dpi": DOTS_PER_INCH,
    "figure.facecolor": "white",  # also under a dark theme: the labels are black
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(
        color=["0.1", "0.55", "0.35", "0.7"], linestyle=["-", "--", "-.", ":"]
    ),
    "text.color": INK,
    "axes.axisbelow": True,
    "image.cmap": "gray",
    "image.interpolation": "nearest",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}


def style() -> None:
    """Set the course's look for every figure that follows; `start` calls it."""
    plt.rcParams.update(STYLE)


def canvas(width: float, height: float, columns: int = 1, rows: int = 1, **kwargs: Any) -> Any:
    """A figure in the course's style, `width`×`height` inches, and its axes.

    Returns `(fig, ax)` for one panel and `(fig, array of axes)` for several, as `plt.subplots`.
    `kwargs` go to `plt.subplots`.
    """
    with plt.rc_context(STYLE):
        return plt.subplots(rows, columns, figsize=(width, height), layout="constrained", **kwargs)


def show(fig: Figure, alt: str) -> None:
    """Show a figure with its alt text, and close it.

    `alt` says in a sentence what a reader should see: shapes, numbers, and what stands out.
    Raises TypeError when `fig` is not a figure and ValueError when `alt` is empty.
    """
    if not isinstance(fig, Figure):
        raise TypeError(f"show expects a matplotlib figure; got {type(fig).__name__}.")
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(
            "every picture needs an alt text; say in a sentence what there is to see: "
            'show(fig, alt="A 3×3 image with …").'
        )
    text = " ".join(alt.split())
    display(_Shown(_image_tag(fig, text), text))
    plt.close(fig)


@dataclass(frozen=True)
class _Shown:
    """A picture for the notebook; a terminal gets its description instead."""

    tag: str
    alt: str

    def _repr_html_(self) -> str:
        return self.tag

    def __repr__(self) -> str:
        return f"[picture: {self.alt}]"


def _image_tag(fig: Figure, alt: str) -> str:
    file = io.BytesIO()
    dots = DOTS_PER_INCH * SHARPNESS
    fig.savefig(file, format="png", dpi=dots, bbox_inches="tight", pad_inches=0.06)
    content = file.getvalue()
    width = int.from_bytes(content[16:20]) // SHARPNESS  # PNG's header: bytes 16–19 are the width
    source = base64.b64encode(content).decode()
    return (
        f'<img alt="{html.escape(alt)}" width="{width}" style="max-width: 100%; height: auto" '
        f'src="data:image/png;base64,{source}">'
    )


def picture(ax: Axes, image: Tensor, title: str = "", low: float = 0.0, high: float = 1.0) -> None:
    """An image (H, W), or (3, H, W) in colour, without ticks; `low` is black, `high` white."""
    pixels = _array(image)
    ax.imshow(
        pixels.transpose(1, 2, 0) if pixels.ndim == 3 else pixels,
        cmap="gray", vmin=low, vmax=high, interpolation="nearest",
    )  # fmt: skip
    ax.set(title=title, xticks=[], yticks=[], anchor="N")
    for spine in ax.spines.values():
        spine.set(visible=True, color="0.6")


def feature_map(ax: Axes, values: Tensor, title: str = "", *, scale: bool = False) -> None:
    """A map with signs: 0 is mid-grey, positive lighter, negative darker.

    With `scale` a bar beside the map gives the values of black and white.
    """
    extent = float(np.abs(_array(values)).max()) or 1.0
    picture(ax, values, title, low=-extent, high=extent)
    if not scale:
        return
    bar = ax.figure.colorbar(ax.images[0], ax=ax, shrink=0.75, aspect=12, pad=0.03)
    bar.set_ticks([-extent, 0, extent], labels=[f"{-extent:.2g}", "0", f"{extent:.2g}"])
    bar.outline.set_visible(False)


def numbers(
    ax: Axes,
    values: Any,
    title: str = "",
    *,
    at: tuple[float, float] = (0, 0),
    window: tuple[int, int, int, int] | None = None,
    shade: bool = True,
    size: float = 11,
) -> None:
    """A matrix as a grid of unit cells with its numbers in them, its top left corner `at` (x, y).

    `window` = (row, column, height, width) is tinted and framed with a thick line.
    With `shade`, a cell's grey tells its value as well, from grey (least) to white (greatest).
    """
    cells = np.atleast_2d(_array(values))
    height, width = cells.shape
    x, y = at
    least, greatest = float(cells.min()), float(cells.max())
    span = (greatest - least) or 1.0
    for (i, j), value in np.ndenumerate(cells):
        grey = str(0.65 + 0.35 * (value - least) / span) if shade else "1"
        corner = (x + j, y + i)
        ax.add_patch(Rectangle(corner, 1, 1, facecolor=grey, edgecolor="0.45", linewidth=0.8))
    if window is not None:
        row, column, tall, wide = window
        frame(ax, y + row, x + column, tall, wide)
    for (i, j), value in np.ndenumerate(cells):
        ax.text(x + j + 0.5, y + i + 0.5, f"{value:g}", ha="center", va="center", size=size)
    ax.text(x + width / 2, y - 0.2, title, ha="center", va="bottom", size=10.5)
    left, right = min(x, *ax.dataLim.intervalx), max(x + width, *ax.dataLim.intervalx)
    low, high = min(y, *ax.dataLim.intervaly), max(y + height, *ax.dataLim.intervaly)
    ax.set(xlim=(left - 0.06, right + 0.06), ylim=(high + 0.06, low - 0.06), aspect="equal")
    ax.set_axis_off()


def matrices(
    named: dict[str, Any],
    *,
    windows: dict[str, tuple[int, int, int, int]] | None = None,
    shade: Sequence[str] = (),
    cell: float = 0.48,
) -> Figure:
    """Several matrices side by side, with cells of one size (`cell` inches) and a title each.

    `windows` frames a region of a matrix, as `numbers` does; the matrices in `shade` are shaded.

    >>> fig = matrices({"kernel": torch.ones(2, 2), "image": torch.ones(3, 3)})
    """
    arrays = {name: np.atleast_2d(_array(values)) for name, values in named.items()}
    pitches = [max(a.shape[1], 0.2 * len(name)) + 0.8 for name, a in arrays.items()]
    tallest = max(a.shape[0] for a in arrays.values())
    fig, ax = canvas(cell * sum(pitches), cell * (tallest + 0.9))
    x = 0.0
    for (name, values), pitch in zip(arrays.items(), pitches, strict=True):
        corner = (x + (pitch - values.shape[1]) / 2, 0.0)
        window = (windows or {}).get(name)
        numbers(ax, values, name, at=corner, window=window, shade=name in shade)
        x += pitch
    ax.set(xlim=(0, x), ylim=(tallest + 0.1, -0.8))
    return fig


def frame(ax: Axes, row: float, column: float, height: float, width: float) -> None:
    """Tint a region of a grid of cells, and frame it with a thick line."""
    corner = (column, row)
    ax.add_patch(Rectangle(corner, width, height, facecolor=TINT, alpha=0.6))
    ax.add_patch(Rectangle(corner, width, height, fill=False, edgecolor=ACCENT, linewidth=3))


def stems(ax: Axes, values: Any, title: str = "", start: int = 0, form: str = "{:g}") -> None:
    """A sequence as bars over its positions `start`, `start + 1`, …, each with its value above."""
    heights = np.atleast_1d(_array(values))
    positions = np.arange(start, start + len(heights))
    ax.bar(positions, heights, width=0.7, color="0.6", edgecolor="0.15")
    for position, height in zip(positions, heights, strict=True):
        ax.annotate(
            form.format(height), (position, max(height, 0)), (0, 2), textcoords="offset points",
            ha="center", va="bottom", size=8.5,
        )  # fmt: skip
    ax.set(title=title, xticks=positions, yticks=[])
    ax.spines["left"].set_visible(False)
    ax.margins(y=0.18)


def gallery(images: Sequence[Tensor], titles: Sequence[str] = (), columns: int = 8) -> Figure:
    """Small pictures (H, W) in rows of `columns`, each with its title if there is one."""
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    tall = 1.25 if titles else 1.05
    fig, axes = canvas(1.05 * columns, tall * rows, columns, rows, squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for number, (ax, image) in enumerate(zip(axes.flat, images, strict=False)):
        ax.set_axis_on()
        picture(ax, image, titles[number] if titles else "")
    return fig


def _array(values: Any) -> np.ndarray:
    if isinstance(values, Tensor):
        values = values.detach().cpu()
    return np.asarray(values)
