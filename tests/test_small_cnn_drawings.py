"""The diagrams of lesson 04, notebook 2, draw what they are asked for."""

import matplotlib.pyplot as plt
import pytest

from utils.drawings.small_cnn import causal_tree, chain, residual_block_diagram, unrolled_cell


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_cell_is_drawn_once_for_each_step():
    """Three steps: three cells, three inputs, and the memory after each."""
    said = words(unrolled_cell(3))
    assert said.count("cell") == 3
    assert {"$x_1$", "$x_3$", "$h_0 = 0$", "$h_3$"} <= set(said)


def dark(figure, row):
    """How many places of a row are drawn as seen."""
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    return sum(line.get_ydata()[0] == row and line.get_color() == "0.1" for line in dots)


def test_each_layer_of_causal_convolutions_doubles_what_is_seen():
    """Dilations 1, 2, 4 reach eight places; twice the same dilation reaches fewer."""
    tree = causal_tree((1, 2, 4), places=10)
    assert [dark(tree, row) for row in range(4)] == [8, 4, 2, 1]
    assert dark(causal_tree((2, 2), places=10), 0) == 3


def test_steps_that_may_be_left_out_are_dashed():
    """A name in brackets has a dashed box, the others a solid one."""
    boxes = chain([("convolution", ""), ("(norm)", "")], repeated=(0, 1)).axes[0].patches
    assert [box.get_linestyle() for box in boxes[:2]] == ["-", "--"]


def test_glyphs_are_in_the_font(recwarn):
    """Every diagram can be drawn without a missing glyph."""
    for figure in (
        residual_block_diagram(),
        unrolled_cell(),
        causal_tree((1, 2)),
        chain([("input", "maps → a row")]),
    ):
        figure.canvas.draw()
    assert not [str(w.message) for w in recwarn if "Glyph" in str(w.message)]
