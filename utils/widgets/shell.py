"""What every interactive has in common: no flicker, and usable without seeing it.

An interactive is a pure function from settings to a figure, and a thin shell of controls around it.
The shell shows the figure as an ``<img>`` of fixed size with real alternative text:
an ipywidgets ``Image`` cannot carry one, and ``interact`` empties the cell at every step.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

CSS_PIXELS_PER_INCH = 96
SHARPNESS = 1.5  # picture pixels per CSS pixel: crisp on dense screens, still quick to draw
RUN_LENGTHS = 3  # zlib's strategy for flat colours: quicker, and here smaller, than the default

# ipywidgets gives its slider handle no accessible name and has no trait for a live region.
# A style element's load event is the one hook that HTML in a widget has; where a page forbids it,
# everything still works, only less talkatively.
_NAME_AND_ANNOUNCE = (
    "const live=this.closest('.widget-html-content');"
    "if(live){live.setAttribute('role','status');live.setAttribute('aria-live','polite');"
    "live.setAttribute('aria-atomic','true');}"
    "const name=()=>{const box=this.closest('.course-interactive');if(!box)return;"
    "box.querySelectorAll('.widget-slider').forEach(s=>{"
    "const h=s.querySelector('[role=slider]'),r=s.querySelector('.widget-readout'),"
    "t=(s.querySelector('label')||{}).textContent;"
    "if(h&&t)h.setAttribute('aria-label',t);"
    "if(r&&t){r.setAttribute('role','textbox');"
    "r.setAttribute('aria-label',t+', type a value');}});};"
    "name();setTimeout(name,300);"
)


def picture_html(figure: Figure, alt: str) -> str:
    """The figure as an ``<img>`` with alternative text and a size that never jumps."""
    canvas = FigureCanvasAgg(figure)
    figure.set_dpi(CSS_PIXELS_PER_INCH * SHARPNESS)
    canvas.draw()  # once; savefig would draw twice
    buffer = io.BytesIO()
    pixels = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    pixels.save(buffer, "png", compress_level=1, compress_type=RUN_LENGTHS)
    code = base64.b64encode(buffer.getvalue()).decode("ascii")
    width, height = (round(side * CSS_PIXELS_PER_INCH) for side in figure.get_size_inches())
    return (
        f'<img src="data:image/png;base64,{code}" alt="{html.escape(alt, quote=True)}" '
        f'width="{width}" height="{height}" decoding="sync" '
        'style="max-width:100%;height:auto;border-radius:6px">'
    )


class Interactive(ipywidgets.VBox):
    """A picture, a sentence that says the same, and the controls that change both."""

    def __init__(self, name: str, controls: Sequence[ipywidgets.Widget], lines: int) -> None:
        """`name` is shown where widgets are not; `lines` is the room kept for the sentence."""
        self._name = name
        self._lines = lines
        self._quiet = False
        self.picture = ipywidgets.HTML()
        self.readout = ipywidgets.HTML()
        super().__init__(children=[self.picture, self.readout, *controls])
        self.add_class("course-interactive")

    def show(self, figure: Figure, sentence: str) -> None:
        """Replace picture and sentence; the sentence is also the picture's alternative text."""
        self.picture.value = picture_html(figure, sentence)
        self.readout.value = (
            f'<style onload="{_NAME_AND_ANNOUNCE}"></style>'
            f'<p style="margin:0;line-height:1.5;min-height:{1.5 * self._lines}em">'
            f"{html.escape(sentence)}</p>"
        )

    def when_changed(self, control: ipywidgets.Widget, act: Callable[[Any], None]) -> None:
        """Call `act(new value)` when the learner, not the program, changes `control`."""
        control.observe(lambda change: None if self._quiet else act(change["new"]), "value")

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Set controls inside without any of them answering."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def __repr__(self) -> str:
        """What a page without widgets shows in place of the controls."""
        return f"{self._name} (interactive: run this cell in JupyterLab to play with it)"


class Steps(ipywidgets.HBox):
    """Back, slider, next: one number from `least` to `most`, by mouse or by keyboard."""

    def __init__(self, label: str, most: int, least: int = 0) -> None:
        self.slider = ipywidgets.IntSlider(
            description=label, value=least, min=least, max=most, layout={"width": "420px"}
        )
        self.back = ipywidgets.Button(description="◀ Back", layout={"width": "90px"})
        self.forward = ipywidgets.Button(description="Next ▶", layout={"width": "90px"})
        self.back.on_click(lambda _: self.move(-1))
        self.forward.on_click(lambda _: self.move(+1))
        super().__init__(children=[self.back, self.slider, self.forward])

    def move(self, by: int) -> None:
        """Go `by` steps on, no further than the first and the last."""
        self.slider.value = min(max(self.slider.value + by, self.slider.min), self.slider.max)

    def set(self, value: int, most: int | None = None) -> None:
        """Show `value`, and a new last step if `most` is given.

        A button that leads nowhere is switched off.
        """
        if most is not None:
            self.slider.max = most
        self.slider.value = value
        self.back.disabled = self.slider.value == self.slider.min
        self.forward.disabled = self.slider.value == self.slider.max


def whole_number(label: str, most: int, width: str = "170px") -> ipywidgets.BoundedIntText:
    """A labelled number box from 0 to `most`."""
    return ipywidgets.BoundedIntText(description=label, min=0, max=most, layout={"width": width})


def whole_slider(
    label: str, value: int, least: int, most: int, width: str = "300px"
) -> ipywidgets.IntSlider:
    """A labelled slider over the whole numbers from `least` to `most`."""
    return ipywidgets.IntSlider(
        description=label, value=value, min=least, max=most, layout={"width": width}
    )
