"""The diagrams of lesson 05 draw what they are asked for, in glyphs that the font has."""

import matplotlib.pyplot as plt
import pytest

from utils.drawings.history import (
    grouped_wires,
    inception_ways,
    net_outline,
    sparse_table,
    two_prices,
    two_shares,
)


def words(figure):
    return [text.get_text() for ax in figure.axes for text in ax.texts]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_an_outline_names_every_step_and_its_size():
    """A map is told by channels and sides, a list of numbers by its length."""
    said = words(net_outline([("picture", 1, 32), ("conv", 6, 28), ("dense", 10, 0)]))
    assert {"picture", "1 ×\n32 × 32", "6 ×\n28 × 28", "dense", "10"} <= set(said)


def test_an_inception_block_adds_up_its_four_ways():
    """64, 128, 32 and 32 channels make 256."""
    said = words(inception_ways(192, (64, 96, 128, 16, 32, 32)))
    assert "out\n256" in said
    assert [word for word in said if word.isdigit()] == ["64", "128", "32", "32"]


def test_groups_cut_wires():
    """Four channels have 16, 8 and 4 kernels in one, two and four groups."""
    figure = grouped_wires(4, (1, 2, 4))
    assert [len(ax.lines) for ax in figure.axes] == [16, 8, 4]


def test_c3_looks_at_sixty_pairs():
    """60 of the 96 squares are dark."""
    dark = [p for p in sparse_table().axes[0].patches if p.get_facecolor()[0] < 0.5]
    assert len(dark) == 60


def test_shares_are_per_cent_of_the_net():
    """The bars of each kind add up to 100."""
    heights = [bar.get_height() for bar in two_shares(["a", "b"], [1, 3], [9, 1]).axes[0].patches]
    assert heights == [25, 75, 90, 10]


def test_glyphs_are_in_the_font(recwarn):
    """Every diagram can be drawn without a missing glyph."""
    nets = {"LeNet-5": (61_706, 416_520), "VGG-16": (138_357_544, 15_470_264_320)}
    for figure in (
        net_outline([("conv 5×5\ntanh", 6, 28), ("dense", 10, 0)]),
        inception_ways(192, (64, 96, 128, 16, 32, 32)),
        grouped_wires(),
        sparse_table(),
        two_shares(["a", "b"], [1, 3], [9, 1]),
        two_prices(nets, below=["LeNet-5"]),
    ):
        figure.canvas.draw()
    assert not [str(w.message) for w in recwarn if "Glyph" in str(w.message)]
