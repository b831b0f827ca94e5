"""The interactives of lesson 02: right numbers, controls in step, usable without seeing."""

import math
import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tests.widget_tools import contrast, controls_of, picture_of, redraw_in_ms
from utils.plots import ACCENT, INK
from utils.widgets import (
    gradient_explorer,
    gradient_explorer_figure,
    gradient_explorer_text,
    kernel_editor,
    kernel_editor_figure,
    kernel_editor_text,
)
from utils.widgets.filter_controls import AS_MAP, FILTERS, OWN
from utils.widgets.gradient_place import gradients
from utils.widgets.picture import PAPER, Sheet

IDENTITY = FILTERS["identity"]
PHOTO = torch.rand(30, 41, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def conv(image, kernel):
    """torch's answer, (H, W) and (K, K) → (H−K+1, W−K+1), in float64."""
    weights = torch.as_tensor(kernel, dtype=torch.float64)
    return F.conv2d(image.double()[None, None], weights[None, None])[0, 0]


def numbers_in(sentence):
    """Every number of a read-out, in order."""
    found = re.findall(r"−?\d+\.?\d*", sentence)
    return [float(text.replace("−", "-")) for text in found]


# ------------------------------------------------------------------ kernel editor


def test_identity_is_spelled_out():
    """The read-out of the first state names the kernel, its sum, the size and the values."""
    assert kernel_editor_text(torch.ones(5, 4), IDENTITY) == (
        "Kernel 0 0 0, 0 1 0, 0 0 0: its sum is 1, so a flat area keeps its brightness. "
        "Result 3 × 2: values from 1 to 1; 0.0 % below 0 and 0.0 % above 1, "
        "clipped to black and white."
    )


@pytest.mark.parametrize("name", FILTERS)
def test_range_and_shares_agree_with_torch(name):
    """Least and most value and the clipped shares are those of F.conv2d."""
    result = conv(PHOTO, FILTERS[name])
    said = numbers_in(kernel_editor_text(PHOTO, FILTERS[name]).split("Result")[1])
    below, above = (100 * share.double().mean().item() for share in (result < 0, result > 1))
    assert said[:2] == [28, 39]
    assert said[2] == pytest.approx(result.min().item(), rel=0.005, abs=0.001)
    assert said[3] == pytest.approx(result.max().item(), rel=0.005, abs=0.001)
    assert said[4] == pytest.approx(below, abs=0.051)
    assert said[6] == pytest.approx(above, abs=0.051)


@pytest.mark.parametrize(
    ("kernel", "words"),
    [
        (FILTERS["Gaussian"], "sum is 1, so a flat area keeps"),
        ([[1 / 9] * 3] * 3, "sum is 1, so a flat area keeps"),
        (FILTERS["Sobel X"], "sum is 0, so a flat area becomes 0"),
        ([[0.1, 0.2, -0.3]] * 3, "sum is 0, so a flat area becomes 0"),
        ([[1, 1, 1]] * 3, "sum is 9, so a flat area is multiplied by 9"),
        ([[0, 0, 0], [0, -1, 0], [0, 0, 0]], "sum is −1, so a flat area is multiplied by −1"),
    ],
)
def test_sum_is_explained(kernel, words):
    """What the kernel's sum does to a flat area is said, rounding forgiven."""
    assert words in kernel_editor_text(PHOTO, kernel)


def test_filters_by_name_have_the_lessons_values():
    """Zero-sum and brightness-keeping filters are what the lesson says, and Sobel Y is turned."""
    sums = {name: round(sum(map(sum, rows)), 12) for name, rows in FILTERS.items()}
    zero = {"Sobel X", "Sobel Y", "Prewitt X", "Laplacian"}
    assert sums == {name: 0 if name in zero else 1 for name in FILTERS}
    assert np.array_equal(np.transpose(FILTERS["Sobel X"]), FILTERS["Sobel Y"])
    assert np.array_equal(np.add(FILTERS["identity"], FILTERS["Laplacian"]), FILTERS["sharpen"])


@pytest.mark.parametrize("signed", [False, True])
def test_result_is_shown_on_the_scale_that_is_said(signed):
    """The picture holds torch's values: clipped to 0 … 1, or with 0 in the middle."""
    result = conv(PHOTO, FILTERS["Sobel X"])
    photo, shown = kernel_editor_figure(PHOTO, FILTERS["Sobel X"], signed).axes[0].images
    assert np.allclose(photo.get_array(), PHOTO)
    assert np.allclose(shown.get_array(), result)
    extent = result.abs().max().item()
    assert shown.get_clim() == pytest.approx((-extent, extent) if signed else (0, 1))


@pytest.mark.parametrize("dpi", [96, 144, 192])
def test_pixels_lie_where_they_belong(dpi):
    """On the finished canvas a photograph is the right way up, sharp, and inside its frame."""
    pixels = np.zeros((4, 6))
    pixels[0, 0], pixels[1, 5], pixels[3, 2] = 1.0, 0.5, 0.25
    sheet = Sheet(4, 3, 1.0)
    sheet.photo(pixels, (0.5, 0.5), (3.0, 2.0))
    canvas = FigureCanvasAgg(sheet.finish())
    canvas.figure.set_dpi(dpi)
    canvas.draw()
    grey = np.asarray(canvas.buffer_rgba())[..., 0]
    middles = np.ix_(*(((np.arange(n) + 0.5) / 2 + 0.5) * dpi for n in (4, 6)))
    rows, columns = (middle.round().astype(int) for middle in middles)
    assert np.array_equal(grey[rows, columns], (255 * pixels + 0.5).astype(int))
    assert grey[2, 2] == 255


@pytest.mark.parametrize(
    "kernel", [[[0, 0, 0]] * 3, [[99, -99, 99]] * 3, torch.ones(5, 5) / 25, torch.ones(1, 7)]
)
def test_any_kernel_can_be_drawn(kernel):
    """All zeros, very large numbers, 5×5 and flat kernels have a picture and a read-out."""
    for signed in (False, True):
        kernel_editor_figure(PHOTO, kernel, signed)
        assert "Result" in kernel_editor_text(PHOTO, kernel, signed)


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: kernel_editor_figure(PHOTO * 255, IDENTITY), "photo / 255"),
        (lambda: kernel_editor(torch.rand(3, 8, 8)), "photo[0, 0]"),
        (lambda: kernel_editor_figure(torch.rand(2, 8), IDENTITY), "smaller kernel"),
        (lambda: gradient_explorer_text(PHOTO, 0, 5), "rows go from 1 to 28"),
        (lambda: gradient_explorer_text(PHOTO, 5, 40), "columns from 1 to 39"),
        (lambda: gradient_explorer_text(PHOTO, 5, 5, -1), "0 to 8 pixels"),
        (lambda: gradient_explorer(torch.rand(2, 9)), "at least 3 × 3"),
    ],
)
def test_bad_input_says_what_to_do(call, remedy):
    """A wrong photograph, place or smoothing is refused with the way out."""
    with pytest.raises(ValueError, match=re.escape(remedy)):
        call()


# ------------------------------------------------------------------ gradient explorer


def test_every_place_agrees_with_torch():
    """At every place gx and gy are F.conv2d's, magnitude and angle their hypot and atan2."""
    photo = PHOTO[:9, :11]
    gx, gy = (conv(photo, FILTERS[name]) for name in ("Sobel X", "Sobel Y"))
    for row, column in np.ndindex(*gx.shape):
        said = numbers_in(gradient_explorer_text(photo, row + 1, column + 1))
        x, y = gx[row, column].item(), gy[row, column].item()
        assert said[:2] == [row + 1, column + 1]
        assert said[2:5] == pytest.approx([x, y, math.hypot(x, y)], rel=0.006, abs=0.001)
        assert said[5] == pytest.approx(math.degrees(math.atan2(y, x)), abs=0.51)


@pytest.mark.parametrize(
    ("down", "right", "towards", "degrees"),
    [
        (0, 1, "the right", 0),
        (1, 1, "the lower right", 45),
        (1, 0, "the bottom", 90),
        (1, -1, "the lower left", 135),
        (0, -1, "the left", 180),
        (-1, -1, "the upper left", -135),
        (-1, 0, "the top", -90),
        (-1, 1, "the upper right", -45),
    ],
)
def test_direction_points_to_brighter(down, right, towards, degrees):
    """On a ramp the read-out names the brighter side; angles count downwards, as rows do."""
    rows, columns = torch.meshgrid(torch.arange(7.0), torch.arange(7.0), indexing="ij")
    ramp = (down * rows + right * columns + 14) / 28
    said = gradient_explorer_text(ramp, 3, 3)
    assert f"brighter towards {towards}." in said
    assert f"direction {degrees}°".replace("-", "−") in said


def test_flat_area_has_no_direction():
    """Where nothing changes, no direction is made up, and the picture can still be drawn."""
    assert "there is no direction" in gradient_explorer_text(torch.full((6, 6), 0.5), 2, 2)
    gradient_explorer_figure(torch.full((6, 6), 0.5), 2, 2, 1.0)


def test_smoothing_is_a_gaussian_blur():
    """The smoothed photograph is the 2-D Gaussian's, with the border repeated."""
    x = torch.arange(-6, 7, dtype=torch.float64)
    weights = torch.exp(-(x**2) / (2 * 2.0**2))
    kernel = torch.outer(weights, weights) / weights.sum() ** 2
    padded = F.pad(PHOTO[None, None], (6, 6, 6, 6), mode="replicate")
    expected = F.conv2d(padded, kernel[None, None])[0, 0]
    assert np.allclose(gradients(PHOTO, 2.0).smooth, expected)


def test_smoothing_weakens_noise():
    """On pure noise a blur of two pixels leaves less than a fifth of the strongest gradient."""
    rough, smooth = (gradients(PHOTO, sigma).magnitude.max() for sigma in (0.0, 2.0))
    assert smooth < rough / 5


# ------------------------------------------------------------------ controls


def test_filters_can_be_chosen_and_numbers_typed():
    """A filter fills the boxes; a typed number redraws and is no filter; filters come back."""
    editor = kernel_editor(PHOTO)
    assert editor.preset.value == "identity"
    editor.preset.value = "sharpen"
    assert [box.value for box in editor.entries] == [0, -1, 0, -1, 5, -1, 0, -1, 0]
    before = editor.picture.value
    editor.entries[4].value = 4
    assert editor.preset.value == "Laplacian"
    editor.entries[0].value = 7
    assert editor.preset.value == OWN
    assert "Kernel 7 −1 0" in editor.readout.value
    assert editor.picture.value != before
    editor.preset.value = "Gaussian"
    assert editor.entries[4].value == 0.25


def test_look_changes_picture_and_read_out():
    """The second way to look shows 0 as mid-grey, keeps the kernel, and says so."""
    editor = kernel_editor(PHOTO)
    editor.preset.value = "emboss"
    editor.look.value = AS_MAP
    assert "here 0 is mid-grey" in editor.readout.value
    assert editor.preset.value == "emboss"


def test_sliders_move_the_place():
    """Row, column and smoothing are read from their sliders; `go` moves both at once."""
    explorer = gradient_explorer(PHOTO)
    assert "Row 15, column 20, no smoothing" in explorer.readout.value
    explorer.row.value = 1
    explorer.smoothing.value = 1.5
    assert "Row 1, column 20, smoothing 1.5 pixels" in explorer.readout.value
    explorer.go(28, 39)
    assert "Row 28, column 39" in explorer.readout.value
    assert (explorer.row.max, explorer.column.max) == (28, 39)


def test_pictures_never_jump():
    """All states of an interactive have pictures of one size, and no two look the same."""
    editor, explorer = kernel_editor(PHOTO), gradient_explorer(PHOTO)
    pictures = {editor: [], explorer: []}
    for name in ("identity", "Gaussian", "emboss"):
        editor.preset.value = name
        pictures[editor].append(picture_of(editor))
    for row, column, smoothing in ((1, 1, 0.0), (28, 39, 0.5), (14, 3, 4.0)):
        explorer.go(row, column)
        explorer.smoothing.value = smoothing
        pictures[explorer].append(picture_of(explorer))
    for kept in pictures.values():
        assert len({picture.shape for picture in kept}) == 1
        assert len({picture.tobytes() for picture in kept}) == len(kept)


@pytest.mark.parametrize("colour", [ACCENT, INK])
def test_marks_are_seen_on_every_grey(colour):
    """An arrow or a frame has a light rim: one of the two stands out on any part of a photo."""
    greys = [f"#{grey:02x}{grey:02x}{grey:02x}" for grey in range(256)]
    assert min(max(contrast(colour, grey), contrast(PAPER, grey)) for grey in greys) >= 2.5


@pytest.mark.parametrize("make", [kernel_editor, gradient_explorer])
def test_pictures_carry_their_text(make):
    """The image element has the read-out as its alternative text."""
    widget = make(PHOTO)
    alt = re.search(r'alt="([^"]+)"', widget.picture.value)
    assert f">{alt[1]}<" in widget.readout.value


@pytest.mark.parametrize(("make", "least"), [(kernel_editor, 11), (gradient_explorer, 3)])
def test_every_control_is_labelled(make, least):
    """No control is without a label, and none is taken out of the keyboard's way."""
    controls = controls_of(make(PHOTO))
    assert len(controls) >= least
    assert len({control.description for control in controls}) == len(controls)
    assert all(control.description.strip() for control in controls)
    assert all(control.tabbable is not False for control in controls)


@pytest.mark.parametrize("make", [kernel_editor, gradient_explorer])
def test_a_page_without_a_kernel_shows_a_sentence(make):
    """Where widgets are not drawn the output is a friendly line and not a dump of the object."""
    text = make(PHOTO)._repr_mimebundle_()["text/plain"]
    assert "run this cell in JupyterLab" in text
    assert len(text) < 110  # ipywidgets cuts longer ones off


@pytest.mark.parametrize(
    "draw",
    [
        lambda: kernel_editor_figure(torch.rand(128, 128), FILTERS["emboss"]),
        lambda: gradient_explorer_figure(torch.rand(128, 192), 20, 30, 2.0),
    ],
)
def test_a_redraw_follows_the_slider(draw):
    """A redraw takes at most 120 ms of a core that adds up a million numbers in 50 ms."""
    assert redraw_in_ms(draw) <= 120
