"""The interactives of lesson 03: right numbers, controls in step, usable without seeing."""

import random
import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tests.widget_tools import controls_of, picture_of, redraw_in_ms
from utils.widgets import (
    output_size,
    output_size_figure,
    output_size_text,
    receptive_field,
    receptive_field_figure,
    receptive_field_text,
)
from utils.widgets.field_growth import field_of
from utils.widgets.size_controls import OWN, STACKS
from utils.widgets.size_rule import both_axes, steps_of


def drawn_settings(count, seed):
    """Random settings of a window over a grid, without the direction."""
    draw = random.Random(seed)
    for _ in range(count):
        H, W, K = draw.randint(1, 14), draw.randint(1, 14), draw.randint(1, 6)
        yield H, W, K, draw.randint(1, 4), draw.randint(0, 4), draw.randint(1, 3), draw


# ------------------------------------------------------------------ output size


def test_worked_example_is_spelled_out():
    """The read-out says settings, both formulas, where the window lies and what is left over."""
    assert output_size_text(5, 6, K=2, S=2, P=0, step=4) == (
        "Input 5 × 6, window 2 × 2, stride 2, padding 0, dilation 1: output 2 × 3. "
        "Height: ⌊(5 − 2 + 2·0) / 2⌋ + 1 = ⌊1.5⌋ + 1 = 2; "
        "width: ⌊(6 − 2 + 2·0) / 2⌋ + 1 = ⌊2⌋ + 1 = 3. "
        "Step 4 (0 to 5): output row 1, column 1 reads rows 2 to 3, columns 2 to 3. "
        "1 row left over."
    )


def test_sizes_agree_with_torch():
    """Over 400 random settings the output's size is that of torch's convolution."""
    for H, W, K, S, P, D, _ in drawn_settings(400, 1):
        said = output_size_text(H, W, K, S, P, D)
        x = torch.empty(1, 1, H, W, device="meta")
        if min(H, W) + 2 * P < D * (K - 1) + 1:
            assert "output none" in said
            assert "no window fits" in said
            continue
        y = F.conv2d(x, x.new_empty(1, 1, K, K), stride=S, padding=P, dilation=D)
        assert f"output {y.shape[2]} × {y.shape[3]}. " in said
        assert said.count(f"+ 1 = {y.shape[3]}") >= 1


def test_transposed_sizes_agree_with_torch():
    """Over 400 random settings the output's size is that of torch's transposed convolution."""
    for H, W, K, S, P, D, draw in drawn_settings(400, 2):
        extra = draw.randint(0, max(S, D) - 1)
        said = output_size_text(H, W, K, S, P, D, transposed=True, output_padding=extra)
        sizes = [(n - 1) * S - 2 * P + D * (K - 1) + extra + 1 for n in (H, W)]
        if min(sizes) < 1:
            assert "nothing is left" in said
            continue
        x = torch.empty(1, 1, H, W, device="meta")
        settings = {"stride": S, "padding": P, "dilation": D, "output_padding": extra}
        y = F.conv_transpose2d(x, x.new_empty(1, 1, K, K), **settings)
        assert f"output {y.shape[2]} × {y.shape[3]}. " in said
        assert steps_of(H, W, K, S, P, D, True, extra) == H * W


@pytest.mark.parametrize("settings", [(5, 7, 3, 1, 0, 1), (6, 5, 3, 2, 1, 1), (9, 8, 3, 2, 2, 2)])
def test_visits_agree_with_autograd(settings):
    """How often each padded cell is touched is the gradient of a sum of convolutions with ones."""
    H, W, K, S, P, D = settings
    padded = torch.zeros(1, 1, H + 2 * P, W + 2 * P, requires_grad=True)
    F.conv2d(padded, torch.ones(1, 1, K, K), stride=S, dilation=D).sum().backward()
    down, across = both_axes(*settings, False, 0)
    visits = np.outer(down.touched().sum(0), across.touched().sum(0))
    assert np.array_equal(visits, padded.grad[0, 0])


@pytest.mark.parametrize(("K", "inner"), [(3, {1, 2}), (4, {2})])
def test_transposed_overlaps_are_seen(K, inner):
    """Away from the rim a 3-wide window with stride 2 overlaps unevenly, a 4-wide one evenly."""
    touched = both_axes(6, 6, K, 2, 0, 1, True, 0)[0].touched().sum(0)
    assert set(touched[2:-2]) == inner


def test_left_over_is_what_the_floor_threw_away():
    """Cells left over are exactly those after the last window, for every small setting."""
    for H, W, K, S, P, D, _ in drawn_settings(200, 3):
        axis = both_axes(H, W, K, S, P, D, False, 0)[0]
        if axis.out:
            assert axis.left_over == axis.cells - ((axis.out - 1) * S + axis.span)


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: output_size_text(K=0), "K must be a whole number, at least 1"),
        (lambda: output_size_text(P=-1), "P must be a whole number, at least 0"),
        (lambda: output_size_figure(5, 5, 3, step=9), "the steps go from 0 to 8"),
        (lambda: output_size_text(S=2, output_padding=1), "belongs to transposed=True"),
        (lambda: output_size(H=0), "H must be"),
        (lambda: receptive_field_text([]), "1 to 8"),
        (lambda: receptive_field_text([(3, 1)]), "each layer is (K, S, D)"),
        (lambda: receptive_field_figure([(7, 5, 1)] * 6), "too many to draw"),
        (lambda: receptive_field([(3, 1, 1)] * 5), "room for 4 layers"),
    ],
)
def test_bad_settings_say_what_to_do(call, remedy):
    """A setting that cannot be is refused with the way out."""
    with pytest.raises(ValueError, match=re.escape(remedy)):
        call()


# ------------------------------------------------------------------ receptive field


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([(3, 1, 2)] * 3, "49 of 169 in two dimensions: 29 %"),
        ([(3, 1, 1), (3, 1, 2), (3, 1, 3)], "169 of 169 in two dimensions: 100 %"),
        ([(3, 1, 1)] * 3, "field 7 = 1 + 2·1 + 2·1 + 2·1."),
        ([(3, 2, 1)] * 3, "field 15 = 1 + 2·1 + 2·2 + 2·4."),
        ([(3, 2, 1)] * 3, "lie 8 pixels apart"),
        ([(1, 1, 1)], "field 1 = 1 + 0·1."),
    ],
)
def test_known_fields(layers, words):
    """The lesson's fields and their shares are in the read-out."""
    assert words in receptive_field_text(layers)


def test_fields_agree_with_the_gradient():
    """Over 60 random stacks the units that matter are those with a gradient, and no others."""
    draw = random.Random(4)
    for _ in range(60):
        layers = [
            (draw.randint(1, 4), draw.randint(1, 3), draw.randint(1, 3))
            for _ in range(draw.randint(1, 4))
        ]
        field = field_of(layers)
        net = nn.Sequential(
            *(nn.Conv1d(1, 1, K, stride=S, dilation=D, bias=False) for K, S, D in layers)
        )
        for layer in net:
            nn.init.ones_(layer.weight)
        x = torch.zeros(1, 1, field.sides[-1], requires_grad=True)
        y = net(x)
        assert y.numel() == 1
        y.sum().backward()
        assert np.array_equal(field.needed[0], x.grad[0, 0] > 0)


# ------------------------------------------------------------------ controls


def test_settings_redraw_and_steps_follow():
    """A setting changes the formula and the number of steps; a step too far is taken back."""
    widget = output_size(5, 7)
    assert widget.steps.slider.max == 14
    widget.steps.slider.value = 14
    widget.sliders["S"].value = 2
    assert widget.steps.slider.max == 5
    assert "Step 5 (0 to 5)" in widget.readout.value
    assert widget.steps.forward.disabled
    widget.steps.back.click()
    assert "Step 4 (0 to 5)" in widget.readout.value


def test_no_window_fits_is_a_state_like_others():
    """A window larger than the image is said, not raised, and one can go back."""
    widget = output_size(5, 7)
    widget.sliders["K"].value = 7
    assert "no window fits" in widget.readout.value
    assert widget.steps.forward.disabled
    assert widget.steps.back.disabled
    widget.sliders["P"].value = 1
    assert "output 1 × 3" in widget.readout.value


def test_transposed_has_its_own_steps_and_output_padding():
    """The direction can be turned; output padding is on where torch allows it, else off."""
    widget = output_size(3, 3, S=2)
    assert widget.output_padding.disabled
    widget.transposed.value = True
    assert not widget.output_padding.disabled
    assert widget.output_padding.max == 1
    assert "output 7 × 7" in widget.readout.value
    widget.output_padding.value = 1
    assert "output 8 × 8" in widget.readout.value
    widget.sliders["S"].value = 1
    assert "output padding 0" in widget.readout.value
    assert widget.steps.slider.max == 8


def test_every_corner_of_the_sliders_can_be_drawn():
    """The least and the most of every slider, in both directions, give a picture of one size."""
    widget = output_size()
    shapes = set()
    for transposed in (False, True):
        for pick in ("min", "max"):
            with widget.quietly():
                widget.transposed.value = transposed
                for slider in widget.sliders.values():
                    slider.value = getattr(slider, pick)
            widget.refresh()
            widget.go(widget.steps.slider.max)
            shapes.add(picture_of(widget).shape)
    assert len(shapes) == 1


def test_layers_grow_one_by_one():
    """The count adds layers; sliders of layers that are not stacked are off; stacks by name."""
    widget = receptive_field([(3, 1, 1), (3, 1, 1)])
    assert widget.preset.value == "as given"
    assert [row[0].disabled for row in widget.rows] == [False, False, True, True]
    widget.count.forward.click()
    assert widget.layers == [(3, 1, 1)] * 3
    assert widget.preset.value == "3 × 3, three times"
    widget.rows[0][2].value = 2
    assert widget.preset.value == OWN
    assert "Layer 1, K 3, S 1, D 2: field 5" in widget.readout.value
    widget.preset.value = "dilations 2, 2, 2"
    assert "29 %" in widget.readout.value
    widget.preset.value = "as given"
    assert widget.count.slider.value == 2


def test_the_largest_stack_can_be_drawn():
    """All sliders at their right end give a picture, of the same size as any other."""
    widget = receptive_field([(3, 1, 1)])
    before = picture_of(widget).shape
    widget.use_layers([tuple(slider.max for slider in row) for row in widget.rows])
    assert "field 961" in widget.readout.value
    assert picture_of(widget).shape == before


def test_pictures_never_jump():
    """All states of an interactive have pictures of one size, and no two look the same."""
    sizes, fields = output_size(4, 5, P=1), receptive_field([(3, 1, 1)])
    pictures = {sizes: [], fields: []}
    for step in range(5):
        sizes.go(step)
        pictures[sizes].append(picture_of(sizes))
    for name in STACKS:
        fields.preset.value = name
        pictures[fields].append(picture_of(fields))
    for kept in pictures.values():
        assert len({picture.shape for picture in kept}) == 1
        assert len({picture.tobytes() for picture in kept}) == len(kept)


MAKERS = [output_size, lambda: receptive_field([(3, 1, 1)] * 3)]


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
    assert len(controls) >= 11
    assert len({control.description for control in controls}) == len(controls)
    assert all(control.description.strip() for control in controls)
    assert all(control.tabbable is not False for control in controls)


@pytest.mark.parametrize("make", MAKERS)
def test_a_page_without_a_kernel_shows_a_sentence(make):
    """Where widgets are not drawn the output is a friendly line and not a dump of the object."""
    text = make()._repr_mimebundle_()["text/plain"]
    assert "run this cell in JupyterLab" in text
    assert len(text) < 110  # ipywidgets cuts longer ones off


@pytest.mark.parametrize(
    "draw",
    [
        lambda: output_size_figure(12, 12, 3, 1, 2, 1, False, 100),
        lambda: output_size_figure(8, 8, 4, 2, 1, 1, True, 60),
        lambda: receptive_field_figure([(3, 1, 1), (3, 2, 1), (3, 2, 2), (3, 1, 3)]),
    ],
)
def test_a_redraw_follows_the_slider(draw):
    """A redraw takes at most 120 ms of a core that adds up a million numbers in 50 ms."""
    assert redraw_in_ms(draw) <= 120
