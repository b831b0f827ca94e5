"""Pictures: always with a text, always closed, and looking the same everywhere."""

import base64
import io
import re

import pytest
import torch
from IPython.utils.capture import capture_output
from matplotlib import pyplot as plt
from PIL import Image

from utils import plots
from utils.drawings import convolution as drawings


@pytest.fixture(autouse=True)
def no_figures_left():
    """Each test starts and ends without open figures."""
    plt.close("all")
    yield
    plt.close("all")


def shown(monkeypatch, fig, alt):
    """What `show` hands to the notebook."""
    outputs = []
    monkeypatch.setattr(plots, "display", outputs.append)
    plots.show(fig, alt)
    (output,) = outputs
    return output


def test_show_writes_an_image_with_the_alt_text(monkeypatch):
    """The alt text is in the HTML itself, where JupyterLab and nbconvert keep it."""
    fig, _ = plots.canvas(2, 1)
    html = shown(monkeypatch, fig, 'A "small" picture,\n    5 < 6.')._repr_html_()
    assert 'alt="A &quot;small&quot; picture, 5 &lt; 6."' in html
    png = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    assert Image.open(io.BytesIO(png)).format == "PNG"


def test_show_gives_the_width_on_the_page(monkeypatch):
    """The file has more pixels than the page, so that it is sharp on dense screens."""
    fig, _ = plots.canvas(2, 1)
    html = shown(monkeypatch, fig, "A picture.")._repr_html_()
    png = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    width = int(re.search(r'width="(\d+)"', html)[1])
    assert width == Image.open(io.BytesIO(png)).width // plots.SHARPNESS


def test_show_is_text_in_a_terminal(monkeypatch):
    """Where no picture can be shown, the alt text stands in for it."""
    fig, _ = plots.canvas(2, 1)
    assert repr(shown(monkeypatch, fig, "Two bars.")) == "[picture: Two bars.]"


def test_show_closes_the_figure():
    """A notebook that is run again and again does not fill the memory with figures."""
    fig, _ = plots.canvas(2, 1)
    with capture_output():
        plots.show(fig, alt="A picture.")
    assert plt.get_fignums() == []


@pytest.mark.parametrize("alt", ["", "  \n", None])
def test_show_refuses_a_picture_without_alt_text(alt):
    """The error says what to write."""
    fig, _ = plots.canvas(2, 1)
    with pytest.raises(ValueError, match="say in a sentence what there is to see"):
        plots.show(fig, alt=alt)


def test_show_refuses_what_is_no_figure():
    """Axes in place of the figure are a common slip."""
    _, ax = plots.canvas(2, 1)
    with pytest.raises(TypeError, match="expects a matplotlib figure; got Axes"):
        plots.show(ax, alt="A picture.")


def test_numbers_writes_every_number():
    """A grid holds its numbers, without a needless .0."""
    _, ax = plots.canvas(2, 2)
    plots.numbers(ax, torch.tensor([[1.0, 2.5], [0.0, -3.0]]), "image")
    assert [text.get_text() for text in ax.texts] == ["1", "2.5", "0", "-3", "image"]


def test_matrices_share_one_cell_size():
    """Matrices of several sizes stand side by side without overlapping."""
    fig = plots.matrices({"small": torch.ones(1, 1), "large": torch.ones(3, 2)})
    (ax,) = fig.axes
    corners = sorted(patch.get_x() for patch in ax.patches)
    assert len(ax.patches) == 7
    assert corners[1] - corners[0] > 1


def test_feature_map_puts_zero_in_the_middle():
    """Zero is mid-grey whatever the map's range."""
    _, ax = plots.canvas(2, 2)
    plots.feature_map(ax, torch.tensor([[-1.0, 4.0]]))
    assert ax.images[0].get_clim() == (-4.0, 4.0)


def test_drawings_use_glyphs_that_the_font_has(recwarn):
    """No character of a diagram is missing from the font that matplotlib ships."""
    image = torch.arange(1.0, 10.0).reshape(3, 3)
    figures = [
        drawings.connections(),
        drawings.channels(),
        drawings.float_bits(),
        drawings.windows_as_columns(image, (2, 2)),
        drawings.weight_meets(image, torch.ones(2, 2), 0, 1),
    ]
    for figure in figures:
        figure.canvas.draw()
    assert not [str(w.message) for w in recwarn if "Glyph" in str(w.message)]
