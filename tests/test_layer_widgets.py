"""The interactives of lesson 04: right numbers, controls in step, usable without seeing."""

import random
import re

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tests.widget_tools import controls_of, picture_of
from utils.widgets import (
    activation_slope,
    activation_slope_figure,
    activation_slope_text,
    layer_stack,
    layer_stack_figure,
    layer_stack_text,
)
from utils.widgets.layer_controls import KINDS, OWN, SIMPLE_CNN, STACKS
from utils.widgets.layer_flow import SETTINGS, flow
from utils.widgets.slope_product import ACTIVATIONS

DIGIT = (1, 1, 28, 28)
TORCH = {
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "gelu": F.gelu,
    "silu": F.silu,
}


def module(layer, shape):
    """A layer's tuple as torch's layer, for something of this shape; on no device."""
    kind, *settings = layer
    maps = len(shape) == 4
    with torch.device("meta"):
        return {
            "conv": lambda: nn.Conv2d(shape[1], settings[0], settings[1], padding=settings[2]),
            "relu": nn.ReLU,
            "pool": lambda: nn.MaxPool2d(settings[0]),
            "norm": lambda: (nn.BatchNorm2d if maps else nn.BatchNorm1d)(shape[1]),
            "dropout": lambda: nn.Dropout(settings[0]),
            "flatten": nn.Flatten,
            "global": lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
            "linear": lambda: nn.Linear(*settings),
        }[kind]()


def drawn_layer(draw):
    """A random layer, with settings that sometimes do not fit."""
    return draw.choice(
        [
            ("conv", draw.randint(1, 5), draw.randint(1, 6), draw.randint(0, 2)),
            ("relu",),
            ("pool", draw.randint(1, 4)),
            ("norm",),
            ("dropout", 0.3),
            ("flatten",),
            ("global",),
            ("linear", draw.randint(1, 8), draw.randint(1, 8)),
        ]
    )


# ------------------------------------------------------------------ activation and slope


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_and_slopes_are_torch_s(name):
    """From −6 to 6 each activation's value and slope are those of torch and autograd."""
    x = torch.linspace(-6, 6, 121, dtype=torch.float64, requires_grad=True)
    y = TORCH[name](x)
    y.sum().backward()
    known = ACTIVATIONS[name]
    for place, value, slope in zip(x.tolist(), y.tolist(), x.grad.tolist(), strict=True):
        assert known.value(place) == pytest.approx(value, abs=1e-12)
        assert known.slope(place) == pytest.approx(slope, abs=1e-12)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (("sigmoid", 0.0, 10), "0.25^10 ≈ 9.54·10⁻⁷."),
        (("sigmoid", 0.0, 2), "the slope twice: 0.25^2 = 0.0625."),
        (("tanh", 0.0, 20), "the slope 20 times: 1^20 = 1."),
        (("relu", -1.5, 3), "0^3 = 0. Nothing gets through."),
        (("leaky_relu", -1.0, 2), "0.01^2 = 1·10⁻⁴."),
        (("silu", -3.0, 3), "(−0.0881)^3 ≈ −6.84·10⁻⁴."),
        (("gelu", 1.4, 1), "Through 1 such layer, each at this place"),
    ],
)
def test_products_are_said(settings, words):
    """The read-out has the product of the slopes, with its sign, and "=" only where it is exact."""
    assert words in activation_slope_text(*settings)


def test_product_is_the_gradient_of_a_tower():
    """The number said is what autograd finds for layers that all stand at the same place."""
    depth = 7
    x = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
    y = x
    for _ in range(depth):  # moved back to the same place, which changes no gradient
        y = torch.tanh(y)
        y = y + (0.8 - y).detach()
    y.backward()
    said = re.search(r"≈ ([^ ]+)\. Weights", activation_slope_text("tanh", 0.8, depth))[1]
    assert float(said) == pytest.approx(x.grad.item(), rel=5e-3)


# ------------------------------------------------------------------ stack of layers


def test_simple_cnn_is_spelled_out():
    """The lesson's net: every shape, what each layer learns, and 41,866 in all."""
    assert layer_stack_text(SIMPLE_CNN, DIGIT) == (
        "Input (1, 1, 28, 28). "
        "1 Conv 1→32, 3×3, padding 1: (1, 32, 28, 28), 320 parameters. "
        "2 ReLU: (1, 32, 28, 28). 3 Max pool 2×2: (1, 32, 14, 14). "
        "4 Conv 32→64, 3×3: (1, 64, 12, 12), 18,496 parameters. "
        "5 ReLU: (1, 64, 12, 12). 6 Max pool 2×2: (1, 64, 6, 6). "
        "7 Flatten: (1, 2304). 8 Linear 2304→10: (1, 10), 23,050 parameters. "
        "41,866 parameters in all."
    )


def test_shapes_and_parameters_are_torch_s():
    """Over 300 random stacks shapes, parameters and the layer that fails are those of torch.

    A linear layer after maps is the exception: torch would read each map's rows on their own.
    """
    draw = random.Random(5)
    failed = 0
    for _ in range(300):
        layers = [drawn_layer(draw) for _ in range(draw.randint(1, 7))]
        x = torch.empty(2, draw.randint(1, 3), draw.randint(1, 9), draw.randint(1, 9))
        x = x.to("meta")
        for layer, step in zip(layers, flow(layers, tuple(x.shape)), strict=True):
            if step.shape is None:
                assert step.problem
                failed += 1
                if layer[0] == "linear" and x.dim() == 4:
                    break
                if layer[0] in {"conv", "pool", "global"} and x.dim() == 2:
                    break  # torch takes it for one map without a batch
                with pytest.raises(RuntimeError):
                    module(layer, x.shape)(x)
                break
            made = module(layer, x.shape)
            x = made(x)
            assert step.shape == tuple(x.shape)
            assert step.parameters == sum(p.numel() for p in made.parameters())
    assert failed > 50


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        (STACKS["no flatten"], "it reads (N, F), but maps (1, 64, 6, 6) arrive: flatten"),
        ([("flatten",), ("linear", 700, 5)], "784 numbers of each example arrive, but F_in is 700"),
        ([("flatten",), ("conv", 2, 3, 1)], "it reads maps (N, C, H, W), but (1, 784) arrives"),
        (STACKS["pool until nothing is left"], "5 Max pool 2×2 does not fit: its window of 2×2"),
        ([("conv", 2, 31, 1)], "kernel of 31×31 is larger than the padded map of 30×30"),
        ([("conv", 512, 3, 1), ("conv", 99999, 3, 1)], "more than 10,000,000 numbers"),
    ],
)
def test_what_does_not_fit_says_why(layers, words):
    """The layer is named, with what arrives and what to do; those behind it are not reached."""
    assert words in layer_stack_text(layers, DIGIT)
    assert "parameters up to there." in layer_stack_text(layers, DIGIT)
    assert flow(layers, DIGIT)[-1].shape is None
    layer_stack_figure(layers, DIGIT)


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: activation_slope_text("softmax", 0.0, 3), "name must be one of relu"),
        (lambda: activation_slope_figure("relu", 7.0, 3), "x must be from −6 to 6"),
        (lambda: activation_slope("relu", 0.0, 0), "depth must be a whole number from 1 to 20"),
        (lambda: layer_stack_text([("relu",)], (1, 28, 28)), "shape must be (N, C, H, W)"),
        (lambda: layer_stack_text([("relu",)] * 11, DIGIT), "at most 10"),
        (lambda: layer_stack_text([("lstm", 3)], DIGIT), "a layer is one of conv"),
        (lambda: layer_stack_text([()], DIGIT), "a layer is one of conv"),
        (lambda: layer_stack_text([("conv", 3, 3)], DIGIT), "needs filters C_out, kernel side K"),
        (lambda: layer_stack_figure([("pool", 0)], DIGIT), "window side K must be a whole number"),
        (lambda: layer_stack_figure([("dropout", 2)], DIGIT), "from 0 to 1"),
        (lambda: layer_stack([]), "at least one layer"),
    ],
)
def test_bad_settings_say_what_to_do(call, remedy):
    """A setting that cannot be is refused with the way out."""
    with pytest.raises(ValueError, match=re.escape(remedy)):
        call()


# ------------------------------------------------------------------ controls


def test_place_and_depth_change_the_product():
    """Activation, place and depth each redraw picture and sentence."""
    widget = activation_slope()
    assert "0.25^10" in widget.readout.value
    widget.depth.value = 3
    assert "0.25^3 ≈ 0.0156" in widget.readout.value
    widget.name.value = "relu"
    assert "ReLU at x = 0: value 0, slope 0." in widget.readout.value
    widget.x.value = 0.1
    assert "ReLU at x = 0.1: value 0.1, slope 1." in widget.readout.value


def test_a_layer_can_be_changed_added_and_removed():
    """The layer picked takes another kind and other settings; neighbours come and go."""
    widget = layer_stack()
    assert widget.preset.value == "SimpleCNN"
    widget.place.slider.value = 4
    assert widget.boxes["filters"].value == 64
    assert not widget.boxes["side"].disabled
    assert widget.boxes["numbers in"].disabled
    widget.boxes["padding"].value = 1
    assert widget.layers[3] == ("conv", 64, 3, 1)
    assert widget.preset.value == OWN
    assert "3,136 numbers of each example arrive" in widget.readout.value
    widget.place.slider.value = 8
    widget.boxes["numbers in"].value = 3136
    assert "50,186 parameters in all" in widget.readout.value
    widget.add.click()
    assert widget.layers[8] == ("relu",)
    assert widget.chosen == 8
    widget.remove.click()
    widget.boxes["numbers in"].value = 2304
    widget.place.slider.value = 4
    widget.boxes["padding"].value = 0
    assert widget.preset.value == "SimpleCNN"


def test_every_kind_can_be_picked():
    """Any kind of layer may stand anywhere; a new linear layer takes what arrives."""
    widget = layer_stack([("flatten",), ("relu",)], (4, 2, 5, 7))
    widget.place.slider.value = 2
    for kind in KINDS.values():
        widget.kind.value = kind
        assert widget.layers[1][0] == kind
        assert len(widget.layers[1]) == 1 + len(SETTINGS[kind])
    assert widget.layers[1] == ("linear", 70, 10)
    assert "(4, 10)" in widget.readout.value


def test_stack_has_a_first_and_a_tenth_layer():
    """The last layer cannot be removed, an eleventh not be added."""
    widget = layer_stack([("relu",)])
    assert widget.remove.disabled
    for _ in range(12):
        widget.add.click()
    assert len(widget.layers) == 10
    assert widget.add.disabled
    for _ in range(12):
        widget.remove.click()
    assert widget.layers == [("relu",)]


def test_input_can_be_changed():
    """Another picture gives other shapes; what no longer fits is said."""
    widget = layer_stack()
    widget.input[1].value = 32
    assert "(1, 1, 32, 28)" in widget.readout.value
    assert "8 Linear 2304→10 does not fit: 2,688 numbers" in widget.readout.value


def test_pictures_never_jump():
    """All states of an interactive have pictures of one size, and no two look the same."""
    slopes, stack = activation_slope(x=-1.0), layer_stack()
    pictures = {slopes: [], stack: []}
    for name in ACTIVATIONS:
        slopes.name.value = name
        pictures[slopes].append(picture_of(slopes))
    for name in STACKS:
        stack.preset.value = name
        pictures[stack].append(picture_of(stack))
    for kept in pictures.values():
        assert len({picture.shape for picture in kept}) == 1
        assert len({picture.tobytes() for picture in kept}) == len(kept)


MAKERS = [activation_slope, layer_stack]


@pytest.mark.parametrize("make", MAKERS)
def test_pictures_carry_their_text(make):
    """The image element has the read-out as its alternative text."""
    widget = make()
    alt = re.search(r'alt="([^"]+)"', widget.picture.value)
    assert f">{alt[1]}<" in widget.readout.value


@pytest.mark.parametrize("make", MAKERS)
def test_every_control_is_labelled(make):
    """No control is without a label of its own, and none is out of the keyboard's way."""
    controls = controls_of(make())
    assert len({control.description for control in controls}) == len(controls)
    assert all(control.description.strip() for control in controls)
    assert all(control.tabbable is not False for control in controls)


@pytest.mark.parametrize("make", MAKERS)
def test_a_page_without_a_kernel_shows_a_sentence(make):
    """Where widgets are not drawn the output is a friendly line and not a dump of the object."""
    text = make()._repr_mimebundle_()["text/plain"]
    assert "run this cell in JupyterLab" in text
    assert len(text) < 110  # ipywidgets cuts longer ones off
