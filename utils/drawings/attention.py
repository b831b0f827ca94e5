"""Diagrams of lesson 06's third notebook: pure functions that return a figure for `plots.show`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from torch import Tensor

from utils import plots

# Pictures have no Korean letters: not every machine has a font for them.
DIGITS = ("yeong", "il", "i", "sam", "sa", "o", "yuk", "chil", "pal", "gu")
POWERS = ("sip", "baek", "cheon", "man")
SOUNDS = dict(zip("영일이삼사오육칠팔구십백천만", DIGITS + POWERS, strict=True))


def sound(word: str) -> str:
    """How a Korean number word sounds, syllable by syllable; other words stay as they are.

    >>> sound("삼백"), sound("<end>")
    ('sam-baek', '<end>')
    """
    return "-".join(SOUNDS[letter] for letter in word) if set(word) <= set(SOUNDS) else word


def looks(weights: Tensor, rows: Sequence[str], columns: Sequence[str], title: str = "") -> Figure:
    """Attention weights (L, M) as a grid with numbers in per cent; the darker, the more.

    >>> fig = looks(torch.tensor([[0.75, 0.25]]), ["who asks"], ["one", "two"])
    """
    fig, ax = plots.canvas(0.85 * len(columns) + 2.0, 0.42 * len(rows) + 1.0)
    _look_grid(ax, weights, rows, columns)
    ax.set_title(title)
    return fig


def looks_of_heads(weights: Tensor, rows: Sequence[str], columns: Sequence[str]) -> Figure:
    """The same for several heads (heads, L, M), two beside each other.

    In each row the largest share is framed.
    """
    down = -(-len(weights) // 2)
    fig, axes = plots.canvas(9.2, down * (0.32 * len(rows) + 1.15), 2, down, squeeze=False)
    for number, ax in enumerate(axes.flat):
        if number >= len(weights):
            ax.set_axis_off()
            continue
        _look_grid(ax, weights[number], rows, columns, 8.5)
        for row, column in enumerate(weights[number].argmax(dim=1).tolist()):
            ax.add_patch(
                Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=plots.ACCENT,
                          linewidth=2.4, zorder=3, clip_on=False)
            )  # fmt: skip
        ax.set_xticks(range(len(columns)), labels=columns, fontsize=8)
        ax.tick_params(axis="y", labelsize=9)
        ax.set_title(f"head {number} looks at (shares in %)", fontsize=10)
        if number % 2 == 0:
            ax.set_ylabel("Korean word")
    return fig


def most_looked_at(weights: Tensor, rows: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """For each row the columns that have a head's largest share; weights (heads, L, M).

    >>> weights = torch.tensor([[[0.9, 0.1]], [[0.2, 0.8]], [[0.6, 0.4]]])
    >>> most_looked_at(weights, ["i-baek"], ["two", "hundred"])
    {'i-baek': 'two (heads 0, 2), hundred (head 1)'}
    """
    found = {}
    for place, row in enumerate(rows):
        largest = weights[:, place].argmax(dim=1).tolist()
        parts = []
        for column, name in enumerate(columns):
            heads = [str(head) for head, at in enumerate(largest) if at == column]
            if heads:
                parts.append(f"{name} (head{'s' if len(heads) > 1 else ''} {', '.join(heads)})")
        found[row] = ", ".join(parts)
    return found


def _look_grid(
    ax: Axes, weights: Tensor, rows: Sequence[str], columns: Sequence[str], size: float = 9
) -> None:
    ax.imshow(weights.detach().cpu().numpy(), cmap="Greys", vmin=0, vmax=1.15, aspect="auto")
    for i, row in enumerate(weights.tolist()):
        for j, weight in enumerate(row):
            shown = f"{100 * weight:.0f}"
            colour = "white" if weight > 0.6 else plots.INK
            ax.text(j, i, shown, ha="center", va="center", color=colour, fontsize=size)
    ax.set_xticks(range(len(columns)), labels=columns)
    ax.set_yticks(range(len(rows)), labels=rows)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set(visible=True, color="0.6")


def translator_diagram() -> Figure:
    """The transformer that translates: encoder, memory, decoder, and who looks at whom."""
    fig, ax = plots.canvas(9.2, 4.4)
    top = 3.15
    for x, title, parts in (
        (0.2, "encoder", ("everybody looks\nat everybody", "two linear layers")),
        (4.6, "decoder", ("looks at what is written,\nnot ahead (causal)",
                          "looks at the memory\n(cross-attention)",
                          "two linear layers")),
    ):  # fmt: skip
        _times_two(ax, x, top - 0.95 * len(parts), top)
        ax.text(x - 0.2, top + 0.1, title, va="bottom", fontsize=10.5)
        for number, part in enumerate(parts):
            y = top - 0.95 * (number + 1)
            crossed = "memory" in part
            ax.add_patch(
                Rectangle((x, y), 2.7, 0.75, facecolor=plots.TINT if crossed else "0.93",
                          edgecolor=plots.ACCENT if crossed else "0.3",
                          linewidth=2.4 if crossed else 1.2, zorder=3)
            )  # fmt: skip
            ax.text(x + 1.35, y + 0.37, part, ha="center", va="center", fontsize=9, zorder=4)
            if number:
                _arrow(ax, (x + 1.35, y + 0.95), (x + 1.35, y + 0.75))
        _arrow(ax, (x + 1.35, top + 0.45), (x + 1.35, top - 0.2))
    ax.text(1.55, 3.72, "“two hundred five”", ha="center", fontsize=9.5)
    ax.text(5.95, 3.72, "<start> i-baek", ha="center", fontsize=9.5)
    _arrow(ax, (3.12, 1.63), (4.6, 1.63), plots.ACCENT, 2.4)
    ax.text(3.76, 1.72, "memory", ha="center", va="bottom", color=plots.ACCENT, fontsize=9)
    _arrow(ax, (7.52, 0.67), (8.0, 0.67))
    ax.text(8.07, 0.67, "next word:\no", va="center", fontsize=9.5)
    ax.set(xlim=(-0.05, 9.1), ylim=(-0.05, 4.0))
    ax.set_axis_off()
    return fig


def _times_two(ax: Axes, x: float, low: float, top: float) -> None:
    """A dashed frame around what is done twice, and how often."""
    ax.add_patch(
        Rectangle((x - 0.2, low - 0.2), 3.12, top - low + 0.22, fill=False, edgecolor="0.25",
                  linestyle=(0, (4, 3)), linewidth=1.3)
    )  # fmt: skip
    ax.text(x + 2.9, top + 0.1, "×2", ha="right", va="bottom", fontsize=13, fontweight="bold")


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str = "0.2",
    width: float = 1.5,
) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=12, color=colour, linewidth=width,
            shrinkA=0, shrinkB=0,
        )
    )  # fmt: skip


def row_of_patches(image: Tensor, patches: Tensor, P: int) -> Figure:
    """A picture (H, W) with its cuts, and below it the row of its patches (L, P·P), numbered."""
    count = len(patches)
    fig, axes = plots.canvas(9.2, 3.1, columns=count, rows=2, height_ratios=[3.2, 1])
    for ax in axes[0]:
        ax.remove()
    whole = fig.add_subplot(axes[0, 0].get_gridspec()[0, :])
    plots.picture(whole, image)
    for cut in range(P, image.shape[0], P):
        whole.axhline(cut - 0.5, color=plots.ACCENT, linewidth=1.6)
    for cut in range(P, image.shape[1], P):
        whole.axvline(cut - 0.5, color=plots.ACCENT, linewidth=1.6)
    for number, ax in enumerate(axes[1]):
        plots.picture(ax, patches[number].reshape(P, P))
        ax.set_xlabel(str(number), fontsize=9)
    return fig


def rows_of_pictures(
    rows: Mapping[str, Sequence[Tensor]], hidden: Mapping[str, Tensor] | None = None, P: int = 2
) -> Figure:
    """Rows of small pictures (H, W) of one length, the row's name at its left.

    hidden: for some rows a bool (count, L); the patches of P×P pixels where it is True are hatched.
    """
    names, count = list(rows), len(next(iter(rows.values())))
    fig, axes = plots.canvas(1.0 * count + 1.2, 1.04 * len(names), count, len(names), squeeze=False)
    for line, name in zip(axes, names, strict=True):
        for number, (ax, image) in enumerate(zip(line, rows[name], strict=True)):
            plots.picture(ax, image)
            if hidden is not None and name in hidden:
                for patch in hidden[name][number].nonzero().flatten().tolist():
                    _cover(ax, patch, image.shape[1] // P, P)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=9.5)
    return fig


def _cover(ax: Axes, patch: int, across: int, P: int) -> None:
    corner = (patch % across * P - 0.5, patch // across * P - 0.5)
    ax.add_patch(
        Rectangle(corner, P, P, facecolor="0.85", edgecolor="0.45", hatch="/////", linewidth=0.5)
    )


def token_sentence(image: Tensor, tokens: Tensor, restored: Tensor) -> Figure:
    """A digit (8, 8), its 4×4 tokens as numbers, and the picture that is made of them."""
    fig, axes = plots.canvas(6.6, 2.3, columns=3)
    plots.picture(axes[0], image, "64 pixels")
    plots.numbers(axes[1], tokens.reshape(4, 4), "16 tokens", shade=False, size=10)
    plots.picture(axes[2], restored, "made of the tokens")
    return fig


def chance_stick(chances: Mapping[str, Sequence[float]], luck: float) -> Figure:
    """Chances laid end to end along sticks of length 1, and the number that picks one of each.

    >>> fig = chance_stick({"T = 1": [0.9, 0.1], "T = 2": [0.75, 0.25]}, luck=0.8)
    """
    fig, ax = plots.canvas(7.2, 0.62 * len(chances) + 0.8)
    for row, (name, parts) in enumerate(chances.items()):
        left = 0.0
        for token, part in enumerate(parts):
            hit = left <= luck < left + part
            ax.add_patch(
                Rectangle((left, row), part, 0.66, facecolor=plots.TINT if hit else "0.93",
                          edgecolor=plots.ACCENT if hit else "0.4", linewidth=2.4 if hit else 1,
                          zorder=3 if hit else 2)
            )  # fmt: skip
            if part > 0.03:
                ax.text(left + part / 2, row + 0.33, str(token), ha="center", va="center", zorder=4)
            left += part
        ax.text(-0.02, row + 0.33, name, ha="right", va="center")
    ax.plot([luck, luck], [-0.15, len(chances)], "--", color="0.1", linewidth=1.4, zorder=5)
    ax.text(luck, -0.2, f"luck {luck:g}", ha="center", va="bottom")
    ax.set(xlim=(-0.01, 1.01), ylim=(len(chances), -0.6), yticks=[], xlabel="sum of the chances")
    ax.spines["left"].set_visible(False)
    return fig
