"""The diagrams of lesson 03 draw what they are asked for, in glyphs that the font has."""

import matplotlib.pyplot as plt
import pytest

from utils.drawings.padding import border_modes, stack_of_maps, stamps, windows_on_a_line


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_every_window_is_drawn_and_the_next_refused():
    """8 pixels, K 3, S 2, P 1: four windows, and one that does not fit."""
    said = words(windows_on_a_line(8, 3, S=2, P=1))
    assert "window 5" not in said
    assert said[-2:] == ["window 4", "does not fit"]
    assert words(windows_on_a_line(6, 3, S=3))[-1] == "window 2"


def test_a_last_window_that_sticks_out_counts_only_where_it_starts_on_a_pixel():
    """With `ceil_mode` 6 pixels have a third window; one behind the last pixel is dropped."""
    assert words(windows_on_a_line(6, 3, S=2, ceil_mode=True))[-1] == "window 3"
    assert words(windows_on_a_line(5, 3, S=3, P=1, ceil_mode=True))[-1] == "dropped"


def test_stamps_say_how_many_numbers_come_out():
    """4 numbers under K 3, S 2, P 1 become 7, and 8 with an output padding."""
    assert "7 numbers" in words(stamps(4, 3, 2, 1))
    assert "8 numbers" in words(stamps(4, 3, 2, 1, output_padding=1))


def test_glyphs_are_in_the_font(recwarn):
    """Every diagram can be drawn without a missing glyph."""
    maps = [(3, 224), (16, 112), (16, 7)]
    for figure in (
        border_modes(),
        stack_of_maps(maps),
        stamps(4, 3, 2, 1),
        windows_on_a_line(8, 3),
    ):
        figure.canvas.draw()
    assert not [str(w.message) for w in recwarn if "Glyph" in str(w.message)]
