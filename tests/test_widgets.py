"""The interactives of lesson 01: right numbers, controls in step, usable without seeing."""

import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tests.widget_tools import contrast, controls_of, last_number, picture_of, redraw_in_ms
from utils.plots import ACCENT, INK, TINT
from utils.widgets import (
    convolution_step_figure,
    convolution_step_text,
    convolution_stepper,
    flip_and_slide,
    flip_and_slide_figure,
    flip_and_slide_text,
)
from utils.widgets.controls import OWN, PRESETS
from utils.widgets.convolution_step import DARKEST, NOTE
from utils.widgets.picture import PAPER, arithmetic, number

IMAGE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
KERNEL = [[1, 1], [0, 2]]


# ------------------------------------------------------------------ numbers


def test_first_step_is_spelled_out():
    """The read-out of the lesson's first window says every product and the sum."""
    said = convolution_step_text(IMAGE, KERNEL, 0, 0)
    assert said == "Step 0 (0 to 3), row 0, column 0: 1·1 + 2·1 + 4·0 + 5·2 = 13."


def test_worked_example_has_the_lessons_numbers():
    """The four steps of the worked example end in 13, 17, 25, 29."""
    ends = [last_number(convolution_step_text(IMAGE, KERNEL, i, j)) for i in (0, 1) for j in (0, 1)]
    assert ends == [13, 17, 25, 29]


@pytest.mark.parametrize(("size", "window"), [((5, 4), (2, 3)), ((4, 7), (3, 1)), ((2, 2), (2, 2))])
def test_every_step_agrees_with_torch(size, window):
    """At every step the read-out's sum is the entry of F.conv2d, for non-square sizes too."""
    generator = torch.Generator().manual_seed(1)
    image = torch.randint(-9, 9, size, generator=generator)
    kernel = torch.randint(-3, 3, window, generator=generator)
    expected = F.conv2d(image[None, None].double(), kernel[None, None].double())[0, 0]
    for row, col in np.ndindex(*expected.shape):
        said = convolution_step_text(image, kernel, row, col)
        assert last_number(said) == expected[row, col], said


def test_large_kernels_give_their_sum_only():
    """A kernel too large to spell out is summed up in words."""
    said = convolution_step_text(torch.ones(9, 9), torch.ones(6, 6), 1, 1)
    assert said.endswith("the sum of 36 products is 36.")


@pytest.mark.parametrize("flip", [True, False])
def test_flip_and_slide_agrees_with_numpy(flip):
    """At every position the sum is numpy's, with and without the flip, and names its entry."""
    f, g = [1, -2, 3, 5], [2, 0, -1]
    expected = np.convolve(f, g) if flip else np.correlate(f, g, "full")
    for n, value in enumerate(expected):
        said = flip_and_slide_text(f, g, n, flip)
        assert last_number(said) == value, said
        assert f"[{number(n if flip else n - 2)}] = " in said


def test_without_the_flip_the_one_that_slides_comes_first():
    """(g ⋆ f)[i] = Σ g[m]·f[i+m], the lesson's definition: with f and g swapped it is mirrored."""
    said = [flip_and_slide_text([1, 2, 3], [0, 1, 5], n, flip=False) for n in range(5)]
    assert [last_number(sentence) for sentence in said] == [5, 11, 17, 3, 0]
    assert all(f"(g ⋆ f)[{number(n - 2)}] = " in sentence for n, sentence in enumerate(said))


def test_only_the_flip_differs():
    """With a symmetric kernel both switches of the flip give the same sums."""
    f, g = [3, 1, 4, 1], [1, 2, 1]
    for n in range(6):
        on, off = (last_number(flip_and_slide_text(f, g, n, flip)) for flip in (True, False))
        assert on == off


def test_arithmetic_shows_signs_and_rounding():
    """Negative second factors stand in brackets, and a rounded sum says ≈."""
    assert arithmetic([(2, -1), (-3, 4)], -14) == "2·(−1) + −3·4 = −14"
    assert arithmetic([(1 / 3, 1)], 1 / 3) == "0.333·1 ≈ 0.333"


# ------------------------------------------------------------------ inputs


def test_tensors_lists_and_gradients_are_taken():
    """Lists, integer tensors and tensors that carry gradients give the same read-out."""
    tensors = torch.tensor(IMAGE), torch.tensor(KERNEL, dtype=torch.float64, requires_grad=True)
    assert convolution_step_text(*tensors, 1, 0) == convolution_step_text(IMAGE, KERNEL, 1, 0)


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: convolution_step_figure(IMAGE, torch.ones(4, 2), 0, 0), "smaller kernel"),
        (lambda: convolution_step_figure(IMAGE, KERNEL, 2, 0), "rows go from 0 to 1"),
        (lambda: convolution_step_figure(torch.ones(1, 1, 3, 3), KERNEL, 0, 0), "image[0, 0]"),
        (lambda: flip_and_slide_figure([1, 2], [1], 2), "outside 0 … 1"),
        (lambda: flip_and_slide_figure([[1, 2]], [1], 0), "dimension"),
    ],
)
def test_bad_input_says_what_to_do(call, remedy):
    """A wrong shape or position is refused with the way out."""
    with pytest.raises(ValueError, match=re.escape(remedy)):
        call()


# ------------------------------------------------------------------ pictures


def test_pictures_never_jump():
    """All steps of a widget have pictures of one size, and no two steps look the same."""
    for widget in (convolution_stepper(IMAGE, KERNEL), flip_and_slide([1, 2, 3], [1, 0, 2])):
        pictures = []
        for step in range(4):
            widget.go(step)
            pictures.append(picture_of(widget))
        assert len({picture.shape for picture in pictures}) == 1
        assert len({picture.tobytes() for picture in pictures}) == 4


def test_pictures_carry_their_text():
    """The image element has the read-out as its alternative text, and a fixed size."""
    stepper = convolution_stepper(IMAGE, KERNEL)
    stepper.go(2)
    said = convolution_step_text(IMAGE, KERNEL, 1, 0)
    assert f'alt="{said}"' in stepper.picture.value
    assert re.search(r'width="\d+" height="\d+"', stepper.picture.value)
    assert f">{said}<" in stepper.readout.value


@pytest.mark.parametrize(
    ("ink", "paper"),
    [(INK, PAPER), (INK, TINT), (INK, "dark"), (NOTE, "dark"), (ACCENT, PAPER), (ACCENT, TINT)],
)
def test_colours_are_readable_in_grey(ink, paper):
    """Text and frames stand out by brightness alone, 4.5 to 1, on every ground they lie on."""
    if paper == "dark":
        paper = "#" + f"{round(255 * DARKEST):02x}" * 3
    assert contrast(ink, paper) >= 4.5


@pytest.mark.parametrize(
    "draw",
    [
        lambda: convolution_step_figure(IMAGE, KERNEL, 1, 0),
        lambda: flip_and_slide_figure([1, 2, 3, 1], [1, 0, 2], 2),
    ],
)
def test_a_redraw_follows_the_slider(draw):
    """A redraw takes at most 80 ms of a core that adds up a million numbers in 50 ms."""
    assert redraw_in_ms(draw) <= 80


# ------------------------------------------------------------------ controls


def test_step_row_and_column_stay_in_step():
    """Slider, number boxes and buttons show the same window, whichever was moved."""
    stepper = convolution_stepper(torch.ones(4, 5), torch.ones(2, 2))
    stepper.steps.slider.value = 6
    assert (stepper.row.value, stepper.column.value) == (1, 2)
    stepper.row.value = 2
    assert stepper.steps.slider.value == 10
    stepper.column.value = 0
    assert stepper.steps.slider.value == 8
    stepper.steps.back.click()
    assert (stepper.row.value, stepper.column.value) == (1, 3)
    assert "row 1, column 3" in stepper.readout.value


def test_buttons_stop_at_both_ends():
    """Back is off at the first step, next at the last, and neither leads outside."""
    stepper = convolution_stepper(IMAGE, KERNEL)
    assert stepper.steps.back.disabled
    assert not stepper.steps.forward.disabled
    for _ in range(9):
        stepper.steps.forward.click()
    assert stepper.steps.slider.value == 3
    assert stepper.steps.forward.disabled


def test_kernel_can_be_chosen_and_typed():
    """A preset fills the boxes; a typed number redraws and is no preset; presets come back."""
    stepper = convolution_stepper(IMAGE, KERNEL)
    stepper.preset.value = "right minus left (2 × 2)"
    assert [box.value for box in stepper.entries] == [-1, 1, -1, 1]
    assert "1·(−1) + 2·1 + 4·(−1) + 5·1 = 2" in stepper.readout.value
    stepper.entries[0].value = 7
    assert stepper.preset.value == OWN
    assert "1·7 + 2·1" in stepper.readout.value
    stepper.preset.value = "as given"
    assert [box.value for box in stepper.entries] == [1, 1, 0, 2]


def test_presets_fit_the_kernel():
    """Only presets of the kernel's own shape are offered, and a large kernel has no boxes."""
    small, large = (
        convolution_stepper(torch.ones(9, 9), torch.ones(size, size)) for size in (3, 4)
    )
    assert {name for name in small.preset.options if name in PRESETS} == {
        name for name in PRESETS if "3 × 3" in name
    }
    assert list(large.preset.options) == ["as given", OWN]
    assert not large.entries


def test_flip_switch_keeps_the_position():
    """The check box changes convolution into cross-correlation at the same position."""
    widget = flip_and_slide([1, 2, 3], [1, 0, 2])
    widget.position.value = 3
    assert widget.steps.slider.value == 3
    assert "Convolution, position 3" in widget.readout.value
    widget.flip.value = False
    assert "Cross-correlation, position 3" in widget.readout.value
    assert widget.position.value == 3


@pytest.mark.parametrize(
    "make", [lambda: convolution_stepper(IMAGE, KERNEL), lambda: flip_and_slide([1, 2], [1, 3])]
)
def test_every_control_is_labelled(make):
    """No control is without a label, and none is taken out of the keyboard's way."""
    controls = controls_of(make())
    assert len(controls) >= 5
    assert all(control.description.strip() for control in controls)
    assert all(control.tabbable is not False for control in controls)


def test_read_out_is_announced_and_slider_named():
    """The read-out's hook makes it a live region and names the slider, as seen in a browser."""
    value = convolution_stepper(IMAGE, KERNEL).readout.value
    assert "aria-live" in value
    assert "aria-label" in value


@pytest.mark.parametrize(
    "make", [lambda: convolution_stepper(IMAGE, KERNEL), lambda: flip_and_slide([1, 2], [1, 3])]
)
def test_a_page_without_a_kernel_shows_a_sentence(make):
    """Where widgets are not drawn the output is a friendly line and not a dump of the object."""
    text = make()._repr_mimebundle_()["text/plain"]
    assert "run this cell in JupyterLab" in text
    assert len(text) < 110  # ipywidgets cuts longer ones off
