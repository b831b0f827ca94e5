"""The interactives of lesson 04: thin shells of controls around their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets

from utils.widgets.layer_flow import (
    MOST_LAYERS,
    Layer,
    flow,
    layer_stack_figure,
    layer_stack_text,
)
from utils.widgets.shell import Interactive, Steps, whole_slider
from utils.widgets.slope_product import (
    ACTIVATIONS,
    FARTHEST,
    activation_slope_figure,
    activation_slope_text,
)
from utils.widgets.slope_product import MOST_LAYERS as MOST_DEPTH

OWN = "my own layers"
SIMPLE_CNN: list[Layer] = [
    ("conv", 32, 3, 1), ("relu",), ("pool", 2), ("conv", 64, 3, 0), ("relu",), ("pool", 2),
    ("flatten",), ("linear", 2304, 10),
]  # fmt: skip
STACKS: dict[str, list[Layer]] = {
    "SimpleCNN": SIMPLE_CNN,
    "SimpleCNN with a global mean pool": [*SIMPLE_CNN[:6], ("global",), ("linear", 64, 10)],
    "with norm and dropout": [
        ("conv", 32, 3, 1), ("norm",), ("relu",), ("pool", 2), ("conv", 64, 3, 0), ("norm",),
        ("relu",), ("global",), ("dropout", 0.5), ("linear", 64, 10),
    ],
    "no flatten": [*SIMPLE_CNN[:6], ("linear", 2304, 10)],
    "linear layers only": [("flatten",), ("linear", 784, 50), ("relu",), ("linear", 50, 10)],
    "pool until nothing is left": [("pool", 2)] * 5,
}  # fmt: skip
KINDS = {
    "Convolution": "conv",
    "ReLU": "relu",
    "Max pool": "pool",
    "Batch norm": "norm",
    "Dropout": "dropout",
    "Flatten": "flatten",
    "Global mean pool": "global",
    "Linear": "linear",
}
# The boxes that a kind of layer uses, in the order of its tuple, and what they start with.
BOXES: dict[str, tuple[str, ...]] = {
    "conv": ("filters", "side", "padding"),
    "pool": ("side",),
    "dropout": ("share",),
    "linear": ("numbers in", "numbers out"),
}
FRESH: dict[str, Layer] = {
    "conv": ("conv", 16, 3, 1),
    "pool": ("pool", 2),
    "dropout": ("dropout", 0.5),
    "linear": ("linear", 100, 10),
}
LABELS = {
    "filters": "Filters C_out",
    "side": "Side K",
    "padding": "Padding P",
    "numbers in": "F_in",
    "numbers out": "F_out",
}
MOST = {"filters": 512, "side": 15, "padding": 7, "numbers in": 99_999, "numbers out": 9_999}
MOST_INPUT = {"Channels": 64, "Height": 256, "Width": 256}


def activation_slope(name: str = "sigmoid", x: float = 0.0, depth: int = 10) -> ActivationSlope:
    """Controls around `activation_slope_figure`: the activation, the place, the number of layers.

    Parameters: the state at the start; see `activation_slope_figure`.
    Needs a running kernel; put `activation_slope_figure` with the same settings before it.

    >>> activation_slope("tanh", 1.0, 5)
    What is left of a gradient? (interactive: run this cell in JupyterLab to play with it)
    """
    return ActivationSlope(name, x, depth)


def layer_stack(
    layers: Sequence[Layer] = tuple(SIMPLE_CNN), shape: Sequence[int] = (1, 1, 28, 28)
) -> LayerStack:
    """Controls around `layer_stack_figure`: pick a layer; change, add or remove it.

    Parameters: the stack (one to ten layers) and the input (N, C, H, W) at the start;
    see `layer_stack_figure`.
    Needs a running kernel; put `layer_stack_figure` with the same settings before it.

    >>> layer_stack()
    Stack layers (interactive: run this cell in JupyterLab to play with it)
    """
    return LayerStack(layers, shape)


class ActivationSlope(Interactive):
    """Its state is the activation, the place and the depth; `refresh` makes the picture follow."""

    def __init__(self, name: str, x: float, depth: int) -> None:
        activation_slope_text(name, x, depth)  # refuses what cannot be
        self.name = ipywidgets.Dropdown(
            description="Activation",
            options=[(known.title, key) for key, known in ACTIVATIONS.items()],
            value=name,
        )
        self.x = ipywidgets.FloatSlider(
            description="x",
            value=x,
            min=-FARTHEST,
            max=FARTHEST,
            step=0.1,
            readout_format=".1f",
            layout={"width": "420px"},
        )
        self.depth = whole_slider("Layers", depth, 1, MOST_DEPTH, "420px")
        controls = [self.name, self.x, self.depth]
        super().__init__("What is left of a gradient?", controls, lines=2)
        for control in controls:
            self.when_changed(control, lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Draw the state."""
        settings = (self.name.value, round(self.x.value, 6), self.depth.value)
        self.show(activation_slope_figure(*settings), activation_slope_text(*settings))


class LayerStack(Interactive):
    """Its state is the stack, the input and the layer picked; `refresh` shows them."""

    def __init__(self, layers: Sequence[Layer], shape: Sequence[int]) -> None:
        flow(layers, shape)  # refuses what cannot be
        if not layers:
            raise ValueError('layer_stack needs at least one layer, for example [("relu",)].')
        self.layers: list[Layer] = [tuple(layer) for layer in layers]
        self.batch = int(shape[0])
        presets: dict[str, list[Layer]] = {"as given": list(self.layers)}
        self.presets = STACKS if self.layers in STACKS.values() else presets | STACKS
        self.preset = ipywidgets.Dropdown(
            description="Stack", options=[*self.presets, OWN], layout={"width": "420px"}
        )
        self.input = [
            _whole(label, max(most, int(value)), int(value), least=1)
            for (label, most), value in zip(MOST_INPUT.items(), shape[1:], strict=True)
        ]
        self.place = Steps("Layer", len(self.layers), least=1)
        self.kind = ipywidgets.Dropdown(description="Kind", options=list(KINDS.items()))
        self.boxes: dict[str, Any] = {
            name: _whole(label, MOST[name], 1, least=int(name != "padding"))
            for name, label in LABELS.items()
        }
        self.boxes["share"] = ipywidgets.BoundedFloatText(
            description="Share p",
            min=0,
            max=1,
            step=0.1,
            style={"description_width": "90px"},
            layout={"width": "190px"},
        )
        wide = {"width": "170px"}
        self.add = ipywidgets.Button(description="Add a layer below", layout=wide)
        self.remove = ipywidgets.Button(description="Remove this layer", layout=wide)
        boxes = list(self.boxes.values())
        rows = [
            ipywidgets.HBox([self.preset]),
            ipywidgets.HBox(self.input),
            self.place,
            ipywidgets.HBox([self.kind, self.add, self.remove]),
            ipywidgets.HBox(boxes[:3]),
            ipywidgets.HBox(boxes[3:]),
        ]
        super().__init__("Stack layers", rows, lines=5)
        self.when_changed(self.preset, self._take_preset)
        for box in self.input:
            self.when_changed(box, lambda _: self.refresh())
        self.when_changed(self.place.slider, lambda _: self.refresh())
        self.when_changed(self.kind, self._take_kind)
        for box in boxes:
            self.when_changed(box, lambda _: self._take_settings())
        self.add.on_click(lambda _: self.add_layer())
        self.remove.on_click(lambda _: self.remove_layer())
        self.refresh()

    @property
    def shape(self) -> tuple[int, ...]:
        """The input's shape (N, C, H, W)."""
        return (self.batch, *(box.value for box in self.input))

    @property
    def chosen(self) -> int:
        """The number of the layer picked, from 0 on."""
        return int(self.place.slider.value) - 1

    def use_layers(self, layers: Sequence[Layer], chosen: int = 0) -> None:
        """Take another stack, one to ten layers, and pick one of them."""
        self.layers = [tuple(layer) for layer in layers]
        with self.quietly():
            self.place.set(chosen + 1, len(self.layers))
        self.refresh()

    def add_layer(self) -> None:
        """Put a ReLU below the layer picked, and pick it."""
        if len(self.layers) < MOST_LAYERS:
            below = self.chosen + 1
            self.use_layers([*self.layers[:below], ("relu",), *self.layers[below:]], below)

    def remove_layer(self) -> None:
        """Take the layer picked out of the stack; the last one stays."""
        if len(self.layers) > 1:
            at = self.chosen
            self.use_layers([*self.layers[:at], *self.layers[at + 1 :]], max(at - 1, 0))

    def refresh(self) -> None:
        """Make every control show the state, and draw it."""
        kind, *settings = self.layers[self.chosen]
        used = BOXES.get(kind, ())
        with self.quietly():
            self.place.set(self.chosen + 1, len(self.layers))
            self.kind.value = kind
            for name, box in self.boxes.items():
                box.disabled = name not in used
            for name, value in zip(used, settings, strict=True):
                self.boxes[name].max = max(self.boxes[name].max, value)
                self.boxes[name].value = value
            same = (name for name, known in self.presets.items() if known == self.layers)
            self.preset.value = next(same, OWN)
        self.add.disabled = len(self.layers) == MOST_LAYERS
        self.remove.disabled = len(self.layers) == 1
        figure = layer_stack_figure(self.layers, self.shape, self.chosen)
        self.show(figure, layer_stack_text(self.layers, self.shape))

    def _take_preset(self, name: str) -> None:
        if name in self.presets:
            self.use_layers(self.presets[name])

    def _take_kind(self, kind: str) -> None:
        """A layer of another kind; a linear one starts with what arrives there."""
        layer = FRESH.get(kind, (kind,))
        if kind == "linear":
            before = flow(self.layers[: self.chosen], self.shape)
            arriving = before[-1].shape if before else self.shape
            if arriving and len(arriving) == 2:
                layer = ("linear", arriving[1], 10)
        self._replace(layer)

    def _take_settings(self) -> None:
        kind = self.kind.value
        self._replace((kind, *(self.boxes[name].value for name in BOXES.get(kind, ()))))

    def _replace(self, layer: Layer) -> None:
        at = self.chosen
        self.use_layers([*self.layers[:at], layer, *self.layers[at + 1 :]], at)


def _whole(label: str, most: int, value: int, least: int) -> ipywidgets.BoundedIntText:
    """A labelled box for a whole number from `least` to `most`."""
    return ipywidgets.BoundedIntText(
        description=label,
        value=value,
        min=least,
        max=most,
        style={"description_width": "90px"},
        layout={"width": "190px"},
    )
