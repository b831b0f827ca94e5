"""The interactives of lesson 03: thin shells of controls around their pictures."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets

from utils.widgets.field_growth import (
    Layer,
    field_of,
    receptive_field_figure,
    receptive_field_text,
)
from utils.widgets.output_grid import output_size_figure, output_size_text
from utils.widgets.shell import Interactive, Steps, whole_slider
from utils.widgets.size_rule import steps_of

LAYERS = 4
FREE = (3, 1, 1)  # a layer that was not given
MOST = {"H": 12, "W": 12, "K": 7, "S": 4, "P": 4, "D": 3}
MOST_LAYER = {"K": 7, "S": 3, "D": 4}
OWN = "my own layers"
STACKS: dict[str, list[Layer]] = {
    "3 × 3, three times": [(3, 1, 1)] * 3,
    "one 7 × 7": [(7, 1, 1)],
    "3 × 3 with stride 2, three times": [(3, 2, 1)] * 3,
    "dilations 2, 2, 2": [(3, 1, 2)] * 3,
    "dilations 1, 2, 3": [(3, 1, 1), (3, 1, 2), (3, 1, 3)],
}


def output_size(
    H: int = 5,
    W: int = 7,
    K: int = 3,
    S: int = 1,
    P: int = 0,
    D: int = 1,
    transposed: bool = False,
) -> OutputSize:
    """Controls around `output_size_figure`: sizes, stride, padding, dilation, direction, step.

    Parameters: the state at the start, in pixels; see `output_size_figure`.
    Needs a running kernel; put `output_size_figure` with the same settings before it.

    >>> output_size(5, 7, K=3, S=2, P=1)
    What size comes out? (interactive: run this cell in JupyterLab to play with it)
    """
    return OutputSize({"H": H, "W": W, "K": K, "S": S, "P": P, "D": D}, transposed)


def receptive_field(layers: Sequence[Layer]) -> ReceptiveField:
    """Controls around `receptive_field_figure`: up to four layers, each with K, S and D.

    Parameter: `layers`, one to four of (K, S, D), the layer next to the input first.
    Needs a running kernel; put `receptive_field_figure(layers)` before it.

    >>> receptive_field([(3, 1, 1), (3, 1, 1)])
    Grow a receptive field (interactive: run this cell in JupyterLab to play with it)
    """
    return ReceptiveField(layers)


class OutputSize(Interactive):
    """Its state is the settings and the step; `refresh` makes everything show them."""

    def __init__(self, settings: dict[str, int], transposed: bool) -> None:
        output_size_text(**settings, transposed=transposed)  # refuses what cannot be
        self.sliders = {
            name: whole_slider(label, value, 0 if name == "P" else 1, max(MOST[name], value))
            for (name, value), label in zip(
                settings.items(),
                ("Height H", "Width W", "Window K", "Stride S", "Padding P", "Dilation D"),
                strict=True,
            )
        }
        self.output_padding = whole_slider("Out. pad.", 0, 0, 0)
        self.transposed = ipywidgets.Checkbox(
            description="transposed: each input pixel adds to a window of the output",
            value=transposed,
            indent=False,
            layout={"width": "460px"},
        )
        self.steps = Steps("Step", 0)
        sliders = list(self.sliders.values())
        rows = [ipywidgets.HBox(sliders[first : first + 2]) for first in (0, 2, 4)]
        below = ipywidgets.HBox([self.output_padding, self.transposed])
        super().__init__("What size comes out?", [self.steps, *rows, below], lines=4)
        self.when_changed(self.steps.slider, self.go)
        for control in (*sliders, self.output_padding, self.transposed):
            self.when_changed(control, lambda _: self.refresh())
        self.refresh()

    def go(self, step: int) -> None:
        """Move the window to its place number `step`, counted row by row from 0."""
        with self.quietly():
            self.steps.set(step)
        self.refresh()

    def refresh(self) -> None:
        """Keep the controls within what is possible, and draw the state."""
        sizes = {name: slider.value for name, slider in self.sliders.items()}
        transposed = self.transposed.value
        with self.quietly():
            most = max(sizes["S"], sizes["D"]) - 1 if transposed else 0
            self.output_padding.max = most
            self.output_padding.disabled = most == 0
            extra = self.output_padding.value
            count = steps_of(**sizes, transposed=transposed, output_padding=extra)
            last = max(count - 1, 0)
            self.steps.set(min(self.steps.slider.value, last), last)
        state = {**sizes, "step": self.steps.slider.value, "output_padding": extra}
        self.show(
            output_size_figure(**state, transposed=transposed),
            output_size_text(**state, transposed=transposed),
        )


class ReceptiveField(Interactive):
    """Its state is four layers and how many of them are stacked; `refresh` shows them."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        field_of(layers)  # refuses what cannot be
        if len(layers) > LAYERS:
            raise ValueError(
                f"The interactive has room for {LAYERS} layers; got {len(layers)}. "
                "receptive_field_figure draws up to eight."
            )
        given: list[Layer] = [(int(K), int(S), int(D)) for K, S, D in layers]
        self.presets = {"as given": given} | STACKS
        self.preset = ipywidgets.Dropdown(
            description="Stack", options=[*self.presets, OWN], layout={"width": "420px"}
        )
        self.count = Steps("Layers", LAYERS, least=1)
        most = [max(values) for values in zip(tuple(MOST_LAYER.values()), *given, strict=True)]
        self.rows = [
            [
                whole_slider(f"Layer {i}: {name}", 1, 1, limit, "260px")
                for name, limit in zip(MOST_LAYER, most, strict=True)
            ]
            for i in range(1, LAYERS + 1)
        ]
        boxes = [ipywidgets.HBox(row) for row in self.rows]
        super().__init__("Grow a receptive field", [self.count, self.preset, *boxes], lines=4)
        self.when_changed(self.count.slider, lambda _: self.refresh())
        self.when_changed(self.preset, self._take_preset)
        for slider in (slider for row in self.rows for slider in row):
            self.when_changed(slider, lambda _: self.refresh())
        self.use_layers(given)

    @property
    def layers(self) -> list[Layer]:
        """The layers that are stacked now, input first."""
        chosen = self.rows[: self.count.slider.value]
        return [(K.value, S.value, D.value) for K, S, D in chosen]

    def use_layers(self, layers: Sequence[Layer]) -> None:
        """Stack other layers, one to four of (K, S, D)."""
        spare = [FREE] * (LAYERS - len(layers))
        with self.quietly():
            self.count.set(len(layers))
            for row, values in zip(self.rows, [*layers, *spare], strict=True):
                for slider, value in zip(row, values, strict=True):
                    slider.value = value
        self.refresh()

    def refresh(self) -> None:
        """Make every control show the state, and draw it."""
        layers = self.layers
        with self.quietly():
            self.count.set(len(layers))
            for i, row in enumerate(self.rows):
                for slider in row:
                    slider.disabled = i >= len(layers)
            same = (name for name, known in self.presets.items() if known == layers)
            self.preset.value = next(same, OWN)
        self.show(receptive_field_figure(layers), receptive_field_text(layers))

    def _take_preset(self, name: str) -> None:
        if name in self.presets:
            self.use_layers(self.presets[name])
