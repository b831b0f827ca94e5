"""The interactives of lesson 05: right numbers, controls in step, usable without seeing."""

import re

import pytest
import torch
from torch import nn

from tests.widget_tools import controls_of, picture_of
from utils.widgets import (
    net_timeline,
    net_timeline_figure,
    net_timeline_text,
    stack_or_kernel,
    stack_or_kernel_figure,
    stack_or_kernel_text,
)
from utils.widgets.five_nets import NETS
from utils.widgets.two_ways import ways_of

# A layer that learns: channels in, channels out, kernel side, side of its maps, groups, biases.
# A dense layer is a convolution with K = 1 on a map of 1 × 1.


def price(layers):
    """Parameters and multiply–adds of layers (C_in, C_out, K, side, groups, biases)."""
    weights = [a * b * K * K // groups for a, b, K, _, groups, _ in layers]
    biases = sum(b for _, b, _, _, _, bias in layers if bias)
    sides = [layer[3] for layer in layers]
    return sum(weights) + biases, sum(w * s * s for w, s in zip(weights, sides, strict=True))


def lenet():
    """LeNet-5's paper: C3 sees 60 of 96 pairs of maps, pools have a weight and a bias a map.

    Its outputs are distances to fixed numbers, which multiply no weight.
    """
    parameters, macs = price(
        [
            (1, 6, 5, 28, 1, True),
            (60, 1, 5, 10, 1, False),  # the pairs of maps that C3 connects
            (400, 120, 1, 1, 1, True),
            (120, 84, 1, 1, 1, True),
        ]
    )
    pools = 2 * (6 + 16)
    return parameters + 16 + pools, macs, 7


def alexnet():
    """AlexNet's paper: three of its layers see only the half that is on their own card."""
    return *price(
        [
            (3, 96, 11, 55, 1, True),
            (96, 256, 5, 27, 2, True),
            (256, 384, 3, 13, 1, True),
            (384, 384, 3, 13, 2, True),
            (384, 256, 3, 13, 2, True),
            (256 * 36, 4096, 1, 1, 1, True),
            (4096, 4096, 1, 1, 1, True),
            (4096, 1000, 1, 1, 1, True),
        ]
    ), 8


def vgg():
    """VGG-16: thirteen convolutions and three dense layers."""
    layers, C = [], 3
    for side, filters in zip(
        (224, 112, 56, 28, 14),
        ([64] * 2, [128] * 2, [256] * 3, [512] * 3, [512] * 3),
        strict=True,
    ):
        for out in filters:
            layers.append((C, out, 3, side, 1, True))
            C = out
    layers += [(512 * 49, 4096, 1, 1, 1, True), (4096, 4096, 1, 1, 1, True)]
    layers.append((4096, 1000, 1, 1, 1, True))
    return *price(layers), len(layers)


def googlenet():
    """GoogLeNet's paper, without the heads that help to train it; two layers deep a module."""
    layers = [(3, 64, 7, 112, 1, True), (64, 64, 1, 56, 1, True), (64, 192, 3, 56, 1, True)]
    table = {
        28: [(64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64)],
        14: [
            (192, 96, 208, 16, 48, 64),
            (160, 112, 224, 24, 64, 64),
            (128, 128, 256, 24, 64, 64),
            (112, 144, 288, 32, 64, 64),
            (256, 160, 320, 32, 128, 128),
        ],
        7: [(256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128)],
    }
    C = 192
    for side, modules in table.items():
        for one, three_in, three, five_in, five, pooled in modules:
            for a, b, K in (
                (C, one, 1), (C, three_in, 1), (three_in, three, 3), (C, five_in, 1),
                (five_in, five, 5), (C, pooled, 1),
            ):  # fmt: skip
                layers.append((a, b, K, side, 1, True))
            C = one + three + five + pooled
    layers.append((C, 1000, 1, 1, 1, True))
    return *price(layers), 3 + 2 * 9 + 1


def resnet():
    """ResNet-152, the stride in the 3 × 3 layer: norms learn two numbers a channel."""
    layers, norms, C, depth = [(3, 64, 7, 112, 1, False)], 2 * 64, 64, 1
    for stage, (count, mid) in enumerate(zip((3, 8, 36, 3), (64, 128, 256, 512), strict=True)):
        side = 56 // 2**stage
        for block in range(count):
            before = 2 * side if stage and not block else side
            layers += [(C, mid, 1, before, 1, False), (mid, mid, 3, side, 1, False)]
            layers.append((mid, 4 * mid, 1, side, 1, False))
            norms += 2 * (mid + mid + 4 * mid)
            if not block:
                layers.append((C, 4 * mid, 1, side, 1, False))
                norms += 2 * 4 * mid
            C, depth = 4 * mid, depth + 3
    layers.append((C, 1000, 1, 1, 1, True))
    parameters, macs = price(layers)
    return parameters + norms, macs, depth + 1


COUNTED = {
    "LeNet-5": lenet,
    "AlexNet": alexnet,
    "VGG-16": vgg,
    "GoogLeNet": googlenet,
    "ResNet-152": resnet,
}


# ------------------------------------------------------------------ five nets


@pytest.mark.parametrize("net", NETS)
def test_figures_of_a_net_are_counted(net):
    """Parameters, multiply–adds and layers are what adding up layer by layer gives."""
    parameters, macs, layers = COUNTED[net]()
    known = NETS[net]
    assert (known.parameters, known.multiply_adds, known.layers) == (parameters, macs, layers)


@pytest.mark.parametrize("net", NETS)
def test_sentence_says_what_the_picture_shows(net):
    """Name, year, figures and the news are in the read-out."""
    said, known = net_timeline_text(net), NETS[net]
    assert said.startswith(f"{net}, {known.year}: {known.layers} layers")
    assert f"{known.parameters:,} parameters, {known.multiply_adds:,} multiply–adds" in said
    assert known.new[0] in said
    assert ("Top-5 error" in said) is (known.error is not None)


# ------------------------------------------------------------------ stack or kernel


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_costs_and_field_are_those_of_torch(n):
    """Weights are counted on layers of torch, the field by the gradient of one output pixel."""
    C = 3
    ways = ways_of(n, C, side=1)
    stack = nn.Sequential(*(nn.Conv2d(C, C, 3, bias=False) for _ in range(n))).double()
    kernel = nn.Conv2d(C, C, ways.field, bias=False).double()
    for net, weights in zip((stack, kernel), ways.weights, strict=True):
        assert sum(p.numel() for p in net.parameters()) == weights
        for p in net.parameters():
            nn.init.ones_(p)
        x = torch.zeros(1, C, ways.field, ways.field, dtype=torch.float64, requires_grad=True)
        y = net(x)
        assert y.shape == (1, C, 1, 1)
        y.sum().backward()
        assert bool((x.grad > 0).all())


def test_multiply_adds_ask_for_the_maps_side():
    """Each weight is used once for every pixel of a map."""
    assert ways_of(2, 64, 56).multiply_adds == (73_728 * 56**2, 102_400 * 56**2)
    assert "On maps of 7 × 7: 3,612,672 multiply–adds" in stack_or_kernel_text(2, 64, 7)


def test_one_layer_is_the_kernel():
    """With n = 1 nothing is saved and nothing is gained."""
    said = stack_or_kernel_text(1, 1)
    assert "1 layer of 3 × 3 is the 3 × 3 kernel itself. With 1 channel" in said
    assert "9 weights against 9, the stack has 100 % of them" in said


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: net_timeline_figure("VGG-19"), "net must be one of LeNet-5, AlexNet"),
        (lambda: net_timeline(2013), "year must be one of 1998, 2012, 2014, 2015"),
        (lambda: stack_or_kernel_text(0, 8), "n must be a whole number from 1 to 6"),
        (lambda: stack_or_kernel_figure(2, 513), "C must be a whole number from 1 to 512"),
        (lambda: stack_or_kernel(7, 8), "n must be"),
    ],
)
def test_bad_settings_say_what_to_do(call, remedy):
    """A setting that cannot be is refused with the way out."""
    with pytest.raises(ValueError, match=re.escape(remedy)):
        call()


# ------------------------------------------------------------------ controls


def test_place_and_name_stay_in_step():
    """A net is picked by its place or by its name, and both show it."""
    widget = net_timeline(2014)
    assert widget.net.value == "VGG-16"
    assert widget.place.slider.value == 3
    widget.place.forward.click()
    assert widget.net.value == "GoogLeNet"
    widget.net.value = "ResNet-152"
    assert widget.place.slider.value == 5
    assert widget.place.forward.disabled
    assert "ResNet-152, 2015: 152 layers" in widget.readout.value


def test_sliders_change_the_costs():
    """Layers, channels and the maps' side each redraw picture and sentence."""
    widget = stack_or_kernel()
    widget.n.value = 3
    assert "110,592 weights against 200,704" in widget.readout.value
    widget.C.value = 1
    assert "27 weights against 49" in widget.readout.value
    widget.side.value = 10
    assert "2,700 multiply–adds against 4,900" in widget.readout.value


def test_pictures_never_jump():
    """All states of an interactive have pictures of one size, and no two look the same."""
    nets, ways = net_timeline(), stack_or_kernel()
    pictures = {nets: [], ways: []}
    for name in NETS:
        nets.go(name)
        pictures[nets].append(picture_of(nets))
    for n in range(1, 7):
        ways.n.value = n
        pictures[ways].append(picture_of(ways))
    for kept in pictures.values():
        assert len({picture.shape for picture in kept}) == 1
        assert len({picture.tobytes() for picture in kept}) == len(kept)


MAKERS = [net_timeline, stack_or_kernel]


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
