"""The interactives of lesson 01: thin shells of controls around their pictures."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from utils.widgets.convolution_step import (
    convolution_step_figure,
    convolution_step_text,
    feature_map,
)
from utils.widgets.flip_and_slide import flip_and_slide_figure, flip_and_slide_text
from utils.widgets.picture import as_array
from utils.widgets.shell import Interactive, Steps, whole_number

MOST_BOXES = 9  # kernel entries that still fit as number boxes
OWN = "my own numbers"
PRESETS: dict[str, list[list[float]]] = {
    "all ones (2 × 2)": [[1, 1], [1, 1]],
    "right minus left (2 × 2)": [[-1, 1], [-1, 1]],
    "lower minus upper (2 × 2)": [[-1, -1], [1, 1]],
    "keep the top left (2 × 2)": [[1, 0], [0, 0]],
    "all ones (3 × 3)": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    "right minus left (3 × 3)": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "lower minus upper (3 × 3)": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "keep the centre (3 × 3)": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "sharpen (3 × 3)": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
}


def convolution_stepper(image: Any, kernel: Any) -> ConvolutionStepper:
    """Controls around `convolution_step_figure`: step, row, column, and the kernel's numbers.

    Parameters: `image` (H, W) and `kernel` (K_h, K_w), tensors or nested lists.
    Needs a running kernel; put `convolution_step_figure(image, kernel, 0, 0)` before it
    for those who read without one.

    >>> convolution_stepper([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 1], [0, 2]])
    Step a kernel over an image (interactive: run this cell in JupyterLab to play with it)
    """
    return ConvolutionStepper(image, kernel)


def flip_and_slide(f: Any, g: Any) -> FlipAndSlide:
    """Controls around `flip_and_slide_figure`: the position, and whether g is flipped.

    Parameters: `f` (A,) and `g` (B,), tensors or lists.
    Needs a running kernel; put `flip_and_slide_figure(f, g, 0)` before it.

    >>> flip_and_slide([1, 2, 3, 1], [1, 0, 2])
    Flip and slide (interactive: run this cell in JupyterLab to play with it)
    """
    return FlipAndSlide(f, g)


class ConvolutionStepper(Interactive):
    """Its state is the step and the kernel's weights; `refresh` makes everything show them."""

    def __init__(self, image: Any, kernel: Any) -> None:
        self.pixels, self.weights, result = feature_map(image, kernel)
        rows, self.columns = result.shape
        self.steps = Steps("Step", result.size - 1)
        self.row, self.column = (
            whole_number("Row", rows - 1),
            whole_number("Column", self.columns - 1),
        )
        self.presets = {"as given": self.weights} | {
            name: np.array(numbers, dtype=float)
            for name, numbers in PRESETS.items()
            if np.shape(numbers) == self.weights.shape
        }
        self.preset = ipywidgets.Dropdown(description="Kernel", options=[*self.presets, OWN])
        self.entries = _entry_boxes(self.weights) if self.weights.size <= MOST_BOXES else []
        place = ipywidgets.HBox([self.row, self.column, self.preset])
        k_columns = self.weights.shape[1]
        boxes = [
            ipywidgets.HBox(self.entries[first : first + k_columns])
            for first in range(0, len(self.entries), k_columns)
        ]
        super().__init__("Step a kernel over an image", [self.steps, place, *boxes], lines=2)
        self.when_changed(self.steps.slider, self.go)
        self.when_changed(self.row, lambda row: self.go(row * self.columns + self.column.value))
        self.when_changed(self.column, lambda col: self.go(self.row.value * self.columns + col))
        self.when_changed(self.preset, self._take_preset)
        for box in self.entries:
            self.when_changed(box, self._take_entries)
        self.refresh()

    def go(self, step: int) -> None:
        """Move the window to `step`, counted row by row from 0."""
        with self.quietly():
            self.steps.set(step)
        self.refresh()

    def use_kernel(self, weights: np.ndarray) -> None:
        """Lay another kernel of the same shape on the same window."""
        self.weights = weights
        self.refresh()

    def refresh(self) -> None:
        """Make every control show the state, and draw it."""
        row, column = divmod(self.steps.slider.value, self.columns)
        with self.quietly():
            self.steps.set(self.steps.slider.value)
            self.row.value, self.column.value = row, column
            for box, weight in zip(self.entries, self.weights.ravel().tolist(), strict=False):
                box.value = weight
            self.preset.value = self._preset_name()
        self.show(
            convolution_step_figure(self.pixels, self.weights, row, column),
            convolution_step_text(self.pixels, self.weights, row, column),
        )

    def _preset_name(self) -> str:
        same = (name for name, known in self.presets.items() if np.array_equal(known, self.weights))
        return next(same, OWN)

    def _take_preset(self, name: str) -> None:
        self.use_kernel(self.presets.get(name, self.weights))

    def _take_entries(self, _: float) -> None:
        numbers = [box.value for box in self.entries]
        self.use_kernel(np.array(numbers).reshape(self.weights.shape))


def _entry_boxes(weights: np.ndarray) -> list[ipywidgets.FloatText]:
    """A number box for every weight, named as in the formula: K(m, n)."""
    return [
        ipywidgets.FloatText(description=f"K({m}, {n})", step=1, layout={"width": "170px"})
        for m, n in np.ndindex(*weights.shape)
    ]


class FlipAndSlide(Interactive):
    """Its state is the position and the flip; `refresh` makes everything show them."""

    def __init__(self, f: Any, g: Any) -> None:
        self.f, self.g = as_array(f, 1, "f"), as_array(g, 1, "g")
        most = len(self.f) + len(self.g) - 2
        self.steps = Steps("Position", most)
        self.position = whole_number("Position", most)
        self.flip = ipywidgets.Checkbox(
            description="flip g (ticked: convolution, not ticked: cross-correlation)",
            value=True,
            indent=False,
            layout={"width": "460px"},
        )
        below = ipywidgets.HBox([self.position, self.flip])
        super().__init__("Flip and slide", [self.steps, below], lines=2)
        self.when_changed(self.steps.slider, self.go)
        self.when_changed(self.position, self.go)
        self.when_changed(self.flip, lambda _: self.refresh())
        self.refresh()

    def go(self, position: int) -> None:
        """Slide g to `position`: 0 is its first touch of f, from the left."""
        with self.quietly():
            self.steps.set(position)
        self.refresh()

    def refresh(self) -> None:
        """Make every control show the state, and draw it."""
        position = self.steps.slider.value
        with self.quietly():
            self.steps.set(position)
            self.position.value = position
        settings = (self.f, self.g, position, self.flip.value)
        self.show(flip_and_slide_figure(*settings), flip_and_slide_text(*settings))
