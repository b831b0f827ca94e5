"""The interactives of lesson 02: thin shells of controls around their pictures."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from utils.widgets.gradient_place import (
    MOST_SMOOTHING,
    gradient_explorer_figure,
    gradient_explorer_text,
    gradients,
)
from utils.widgets.kernel_effect import brightness, kernel_editor_figure, kernel_editor_text
from utils.widgets.shell import Interactive, whole_slider

OWN = "my own numbers"
MOST_WEIGHT = 99.0
FILTERS: dict[str, list[list[float]]] = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "Sobel X": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "Sobel Y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "Prewitt X": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "Laplacian": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
    "Gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
}
AS_PHOTO = "as a photograph: clipped to 0 … 1"
AS_MAP = "as a map: 0 is mid-grey"


def kernel_editor(photo: Any) -> KernelEditor:
    """Controls around `kernel_editor_figure`: nine numbers, filters by name, two ways to look.

    Parameter: `photo` (H, W), brightness from 0 to 1.
    Needs a running kernel; put `kernel_editor_figure(photo, [[0, 0, 0], [0, 1, 0], [0, 0, 0]])`,
    the first state, before it.

    >>> kernel_editor(torch.rand(64, 96))
    Edit a 3 × 3 kernel (interactive: run this cell in JupyterLab to play with it)
    """
    return KernelEditor(photo)


def gradient_explorer(photo: Any) -> GradientExplorer:
    """Controls around `gradient_explorer_figure`: the place, and the smoothing before.

    Parameter: `photo` (H, W), brightness from 0 to 1, at least 3 × 3 pixels.
    It starts in the middle, `row` H // 2 and `column` W // 2, without smoothing.
    Needs a running kernel; put the figure of that state before it.

    >>> gradient_explorer(torch.rand(64, 96))
    Explore the gradient (interactive: run this cell in JupyterLab to play with it)
    """
    return GradientExplorer(photo)


class KernelEditor(Interactive):
    """Its state is the nine numbers and the way to look; `refresh` makes everything show them."""

    def __init__(self, photo: Any) -> None:
        self.photo = brightness(photo)
        self.weights = np.array(FILTERS["identity"], dtype=float)
        self.preset = ipywidgets.Dropdown(description="Filter", options=[*FILTERS, OWN])
        self.look = ipywidgets.Dropdown(
            description="Show", options=[AS_PHOTO, AS_MAP], layout={"width": "340px"}
        )
        self.entries = [
            ipywidgets.BoundedFloatText(
                description=f"K({m}, {n})",
                min=-MOST_WEIGHT,
                max=MOST_WEIGHT,
                step=1,
                layout={"width": "170px"},
            )
            for m, n in np.ndindex(3, 3)
        ]
        rows = [ipywidgets.HBox(self.entries[first : first + 3]) for first in (0, 3, 6)]
        above = ipywidgets.HBox([self.preset, self.look])
        super().__init__("Edit a 3 × 3 kernel", [above, *rows], lines=3)
        self.when_changed(self.preset, self._take_preset)
        self.when_changed(self.look, lambda _: self.refresh())
        for box in self.entries:
            self.when_changed(box, self._take_entries)
        self.refresh()

    def use_kernel(self, kernel: Any) -> None:
        """Lay another 3 × 3 kernel on the photograph."""
        self.weights = np.array(kernel, dtype=float).reshape(3, 3)
        self.refresh()

    def refresh(self) -> None:
        """Make every control show the state, and draw it."""
        with self.quietly():
            for box, weight in zip(self.entries, self.weights.ravel().tolist(), strict=True):
                box.value = weight
            same = (name for name, known in FILTERS.items() if np.array_equal(known, self.weights))
            self.preset.value = next(same, OWN)
        settings = (self.photo, self.weights, self.look.value == AS_MAP)
        self.show(kernel_editor_figure(*settings), kernel_editor_text(*settings))

    def _take_preset(self, name: str) -> None:
        self.use_kernel(FILTERS.get(name, self.weights))

    def _take_entries(self, _: float) -> None:
        self.use_kernel([box.value for box in self.entries])


class GradientExplorer(Interactive):
    """Its state is the place and the smoothing; `refresh` makes the picture show them."""

    def __init__(self, photo: Any) -> None:
        self.photo = brightness(photo)
        gradients(self.photo, 0.0)  # refuses a photograph without a place
        height, width = self.photo.shape
        self.row = whole_slider("Row", height // 2, 1, height - 2, "420px")
        self.column = whole_slider("Column", width // 2, 1, width - 2, "420px")
        self.smoothing = ipywidgets.FloatSlider(
            description="Smoothing",
            min=0,
            max=MOST_SMOOTHING / 2,
            step=0.5,
            readout_format=".1f",
            layout={"width": "420px"},
        )
        controls = [self.row, self.column, self.smoothing]
        super().__init__("Explore the gradient", controls, lines=2)
        for control in controls:
            self.when_changed(control, lambda _: self.refresh())
        self.refresh()

    def go(self, row: int, column: int) -> None:
        """Move to the window whose middle is (`row`, `column`)."""
        with self.quietly():
            self.row.value, self.column.value = row, column
        self.refresh()

    def refresh(self) -> None:
        """Draw the state."""
        settings = (self.photo, self.row.value, self.column.value, self.smoothing.value)
        self.show(gradient_explorer_figure(*settings), gradient_explorer_text(*settings))
