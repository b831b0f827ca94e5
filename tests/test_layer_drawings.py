"""The diagrams of lesson 04 draw what they are asked for, in glyphs that the font has."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import Rectangle

from utils.drawings import layers


def words(axes):
    return [text.get_text() for text in axes.texts]


def dark(axes):
    """How many squares are painted dark."""
    squares = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return sum(patch.get_facecolor()[0] == float(layers.DARK) for patch in squares)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_six_families_and_the_popular_three():
    """Six boxes are named, and three of them have a thick frame."""
    axes = layers.families().axes[0]
    assert [name for name, _ in layers.FAMILIES] == words(axes)[::2]
    assert sum(patch.get_linewidth() == 3 for patch in axes.patches) == 3


def test_wiring_counts_the_kernels():
    """Four channels: 16 kernels, 4 kernels, 16 single numbers, and as many lines."""
    axes = layers.wiring(4).axes
    assert [len(ax.lines) for ax in axes] == [16, 4, 16]
    assert words(axes[0]) == ["4 · 4 kernels of K × K"]


def test_dilated_windows_take_nine_pixels():
    """Every window takes 9 pixels, whatever its dilation."""
    assert [dark(ax) for ax in layers.dilated_windows((1, 2, 3)).axes] == [9, 9, 9]


def test_adaptive_windows_are_torchs():
    """Eight numbers to three: windows of 3, 4 and 3, as torch's rule has it."""
    said = words(layers.adaptive_windows(8, 3).axes[0])
    assert said[-3:] == ["3 numbers", "4 numbers", "3 numbers"]


def test_norm_groups_share_the_right_numbers():
    """3 examples, 4 channels, 4 places: groups of 12, 4, 16 and 4 numbers."""
    assert [dark(ax) for ax in layers.norm_groups().axes] == [12, 4, 16, 4]


def test_glyphs_are_in_the_font(recwarn):
    """Every diagram can be drawn without a missing glyph."""
    for draw in (
        layers.families,
        layers.wiring,
        layers.dilated_windows,
        layers.norm_groups,
        layers.activation_curves,
    ):
        draw().canvas.draw()
    layers.adaptive_windows(10, 4).canvas.draw()
    assert not [str(w.message) for w in recwarn if "Glyph" in str(w.message)]
