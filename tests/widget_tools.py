"""What the tests of the interactives share: their numbers, pictures, controls and speed."""

import base64
import io
import re
import time
from collections.abc import Callable

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from utils.widgets.shell import picture_html


def last_number(sentence: str) -> float:
    """The number that a read-out ends with."""
    return float(sentence.rstrip(".").split(" ")[-1].replace("−", "-"))


def picture_of(widget: ipywidgets.Widget) -> np.ndarray:
    """The pixels that a widget shows now."""
    code = re.search(r"base64,([^\"]+)", widget.picture.value)
    assert code is not None
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(code[1]))))


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def redraw_in_ms(draw: Callable[[], Figure]) -> float:
    """A picture's time from settings to HTML, on a core that adds up a million numbers in 50 ms."""
    picture_html(draw(), "")
    ratios = [
        seconds(lambda: picture_html(draw(), "")) / seconds(lambda: sum(i for i in range(500_000)))
        for _ in range(10)  # side by side, so that a busy machine slows both
    ]
    return 25 * min(ratios)


def controls_of(widget: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    """Every control inside a widget that a learner can use."""
    inside = [c for child in getattr(widget, "children", ()) for c in controls_of(child)]
    if isinstance(widget, ipywidgets.Box | ipywidgets.HTML):
        return inside
    return [widget, *inside]


def luminance(colour: str) -> float:
    """How bright a colour is to the eye, from 0 to 1, as the web's contrast rules count it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart by brightness alone: 1 for equal ones, 21 at most."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)
