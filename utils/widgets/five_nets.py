"""The picture and the sentence of five nets on a time line, with what each of them costs."""

from __future__ import annotations

from typing import NamedTuple

from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from utils.plots import ACCENT, INK, TINT
from utils.widgets.picture import LINE, PAPER, QUIET, Sheet

# Inches.
WIDTH, HEIGHT = 9.4, 5.0
YEARS = (1997, 2018)  # the ends of the time line
AXIS = (0.45, 8.5, 0.95)  # its left end, its width, its height on the page
ROWS, PITCH = 2.2, 0.36  # height of the first net's row, and from a row to the next
NAMES = 0.25
COLUMNS = (
    (1.55, 1.25, "layers"),
    (3.55, 1.2, "parameters"),
    (5.95, 1.2, "multiply–adds"),
)
ERRORS = 8.6
# Where a name stands on the time line, if not just above: nets of neighbouring years must share.
NAMED = {"VGG-16": (-0.56, "centre"), "GoogLeNet": (0.3, "centre"), "ResNet-152": (-0.3, "left")}

UNSAID = "the paper's abstract states no top-5 error"


class Net(NamedTuple):
    """A net as its paper has it.

    `layers` counts those with something to learn on the longest way through;
    `multiply_adds` are those of convolutions and dense layers for one picture;
    `error` is the top-5 error in per cent that the paper's abstract states, None if none.
    """

    year: int
    layers: int
    parameters: int
    multiply_adds: int
    error: float | None
    about_error: str  # whose error it is; without one, why
    picture: str
    new: tuple[str, str]


NETS: dict[str, Net] = {
    "LeNet-5": Net(
        1998, 7, 60_000, 325_680, None, "ten classes: top-5 says little", "1 × 32 × 32",
        ("convolution, pooling and dense layers, all trained together by gradients,",
         "read handwritten digits straight from the pixels"),
    ),
    "AlexNet": Net(
        2012, 8, 60_965_224, 724_406_816, 15.3, "of the variant that won in 2012", "3 × 224 × 224",
        ("the same idea on a million photographs: ReLU instead of tanh, dropout,",
         "and two graphics cards that share the channels"),
    ),
    "VGG-16": Net(
        2014, 16, 138_357_544, 15_470_264_320, None, UNSAID, "3 × 224 × 224",
        ("only 3 × 3 kernels, in stacks of two and three:",
         "deeper, and the plan of the whole net fits on one line"),
    ),
    "GoogLeNet": Net(
        2014, 22, 6_998_552, 1_582_671_872, None, UNSAID, "3 × 224 × 224",
        ("inception: kernels of several sizes side by side, 1 × 1 before the costly ones,",
         "and a global mean where others had large dense layers"),
    ),
    "ResNet-152": Net(
        2015, 152, 60_192_808, 11_513_626_624, 3.57, "of several such nets together",
        "3 × 224 × 224",
        ("residual blocks x + F(x): the way past the layers stays open for gradients,",
         "so that a hundred layers more can still be trained"),
    ),
}  # fmt: skip


def net_timeline_text(net: str) -> str:
    """What the picture says about this net, with its numbers.

    >>> net_timeline_text("VGG-16")
    'VGG-16, 2014: 16 layers with weights, 138,357,544 parameters, 15,470,264,320 multiply–adds \
for a picture of 3 × 224 × 224. New: only 3 × 3 kernels, in stacks of two and three: \
deeper, and the plan of the whole net fits on one line.'
    """
    chosen = _chosen(net)
    error = f" Top-5 error {chosen.error} %, {chosen.about_error}." if chosen.error else ""
    return (
        f"{net}, {chosen.year}: {chosen.layers} layers with weights, "
        f"{chosen.parameters:,} parameters, {chosen.multiply_adds:,} multiply–adds "
        f"for a picture of {chosen.picture}.{error} New: {' '.join(chosen.new)}."
    )


def net_timeline_figure(net: str) -> Figure:
    """Five nets from 1998 to 2015 on a time line, and what each of them costs; one is picked out.

    Parameter: `net`, one of "LeNet-5", "AlexNet", "VGG-16", "GoogLeNet", "ResNet-152".
    The nets are those of the papers: LeNet-5 with its sparse third layer, AlexNet in two towers,
    GoogLeNet without the two extra heads that it is trained with; only ResNet-152 takes its steps
    in the 3×3 layers, as libraries have it.
    Parameters and multiply–adds were counted layer by layer.
    Raises ValueError for another name.

    >>> figure = net_timeline_figure("VGG-16")

    Sources: LeCun et al. (1998), Krizhevsky et al. (2012), Simonyan & Zisserman (2014),
    Szegedy et al. (2014), He et al. (2015).
    """
    chosen = _chosen(net)
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    _line(sheet, net)
    _table(sheet, net)
    y = ROWS + 5 * PITCH + 0.12
    sheet.axes.hlines(y, NAMES, WIDTH - NAMES, color=LINE, linewidth=1.0)
    sheet.write(NAMES, y + 0.26, f"new in {net}:", 11, ACCENT, "left")
    for place, words in enumerate(chosen.new):
        sheet.write(1.95, y + 0.26 + 0.25 * place, words, 10.5, align="left")
    error = f"top-5 error {chosen.error} % {chosen.about_error}"
    words = error if chosen.error else chosen.about_error
    sheet.write(1.95, y + 0.78, words, 10, QUIET, "left")
    return sheet.finish()


def nets_of(year: int) -> list[str]:
    """The names of the nets of a year, in the order of the time line.

    >>> nets_of(2014)
    ['VGG-16', 'GoogLeNet']
    """
    found = [name for name, net in NETS.items() if net.year == year]
    if not found:
        years = sorted({net.year for net in NETS.values()})
        raise ValueError(f"year must be one of {', '.join(map(str, years))}; got {year}.")
    return found


def short(value: int) -> str:
    """A large number in words.

    >>> short(325_680), short(138_357_544), short(15_470_264_320)
    ('0.33 million', '138 million', '15.5 billion')
    """
    name, unit = ("billion", 1e9) if value >= 1e9 else ("million", 1e6)
    said = f"{value / unit:#.3g}" if value >= unit else f"{value / unit:.2f}"
    return f"{said.rstrip('.')} {name}"


def _chosen(net: str) -> Net:
    if net not in NETS:
        raise ValueError(f"net must be one of {', '.join(NETS)}; got {net!r}.")
    return NETS[net]


def _line(sheet: Sheet, net: str) -> None:
    """The years, and each net at its own."""
    left, wide, y = AXIS
    first, last = YEARS

    def x(year: float) -> float:
        return left + wide * (year - first) / (last - first)

    sheet.axes.hlines(y, left, left + wide, color=QUIET, linewidth=1.4)
    for year in range(first + 1, last):
        tall = 0.07 if year % 5 == 0 else 0.035
        sheet.axes.vlines(x(year), y - tall, y + tall, color=QUIET, linewidth=1.0)
    for year in (2000, 2005, 2010):
        sheet.write(x(year), y + 0.24, str(year), 9, QUIET)
    for name, known in NETS.items():
        at, (height, align) = x(known.year), NAMED.get(name, (-0.3, "centre"))
        picked = name == net
        end = height + (0.09 if height < 0 else -0.09)
        sheet.axes.vlines(at, y, y + (height if align == "left" else end), color=QUIET, linewidth=1)
        words = f"{name}  {known.year}"
        size, colour = (10.5, ACCENT) if picked else (9.5, INK)
        sheet.write(at + (0.08 if align == "left" else 0), y + height, words, size, colour, align)
    for name, known in NETS.items():
        if name != net:
            sheet.axes.scatter(x(known.year), y, s=34, color=PAPER, edgecolor=INK, zorder=6)
    sheet.axes.scatter(x(NETS[net].year), y, s=95, marker="D", color=ACCENT, zorder=7)


def _table(sheet: Sheet, net: str) -> None:
    """A row for each net: bars for its layers, parameters and multiply–adds, and its error."""
    head = ROWS - 0.4
    for left, _, title in COLUMNS:
        sheet.write(left, head, title, 11, align="left")
    sheet.write(ERRORS, head, "top-5 error", 11)
    measures = {
        name: (known.layers, known.parameters, known.multiply_adds) for name, known in NETS.items()
    }
    most = [max(values) for values in zip(*measures.values(), strict=True)]
    for row, (name, values) in enumerate(measures.items()):
        y = ROWS + row * PITCH
        picked = name == net
        if picked:
            low, high = y - PITCH / 2 + 0.02, y + PITCH / 2 - 0.02
            _box(sheet, (NAMES - 0.1, WIDTH - NAMES + 0.1), (low, high), TINT, 1)
        sheet.write(NAMES, y, name, 10.5, align="left")
        for (left, wide, title), value, limit in zip(COLUMNS, values, most, strict=True):
            right = left + wide * value / limit
            _box(sheet, (left, right), (y - 0.09, y + 0.09), INK if picked else "0.6", 4)
            said = str(value) if title == "layers" else short(value)
            sheet.write(right + 0.08, y, said, 9.5, align="left")
        error = NETS[name].error
        sheet.write(ERRORS, y, f"{error} %" if error else "–", 10)


def _box(
    sheet: Sheet, across: tuple[float, float], down: tuple[float, float], fill: str, layer: int
) -> None:
    (left, right), (low, high) = across, down
    box = [(left, low), (right, low), (right, high), (left, high)]
    line = 0.6 if layer > 1 else 0.8
    edge = INK if layer > 1 else QUIET
    sheet.axes.add_collection(
        PolyCollection([box], facecolor=fill, edgecolor=edge, linewidth=line, zorder=layer),
        autolim=False,
    )
