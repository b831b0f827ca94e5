"""The diagrams of lesson 06's second notebook."""

import matplotlib.pyplot as plt
import pytest
import torch

from utils.drawings import restoring


def texts(fig):
    """All texts of a figure."""
    return [t.get_text() for ax in fig.axes for t in ax.texts]


@pytest.fixture(autouse=True)
def _closed():
    """No test leaves a figure open."""
    yield
    plt.close("all")


@pytest.mark.parametrize(("c", "side"), [(4, 16), (8, 32)])
def test_u_shape_tells_channels_and_sides(c, side):
    """The boxes of the U are labelled with the maps that they stand for."""
    said = texts(restoring.u_shape(c, side))
    assert f"{c} × {side}×{side}" in said
    assert f"{4 * c} × {side // 4}×{side // 4}" in said
    assert said.count("skip: kept maps") == 2


def test_masks_stand_below_their_pictures():
    """A row for each name, a column for each picture, and the marks below the masks."""
    fig = restoring.masks_side_by_side(
        torch.rand(3, 1, 8, 8), {"truth": torch.ones(3, 1, 8, 8)}, {"truth": ["1.00", "a", "b"]}
    )
    assert len(fig.axes) == 6
    assert [ax.get_xlabel() for ax in fig.axes[3:]] == ["1.00", "a", "b"]


def test_rows_of_pictures_may_differ_in_length():
    """A shorter row leaves its last places empty."""
    rows = {"long": torch.rand(4, 1, 8, 8), "short": torch.rand(2, 1, 8, 8)}
    fig = restoring.rows_of_pictures(rows)
    assert [len(ax.images) for ax in fig.axes] == [1, 1, 1, 1, 1, 1, 0, 0]


def test_shares_are_drawn_by_step():
    """A schedule of T steps has T + 1 points."""
    (ax,) = restoring.shares_by_step({"one": torch.tensor([1.0, 0.5, 0.1])}).axes
    assert ax.lines[0].get_xdata().tolist() == [0, 1, 2]


def test_forward_and_back_says_where_nothing_is_learned():
    """The diagram says of each direction what happens there."""
    said = " ".join(texts(restoring.forward_and_back()))
    assert "nothing is learned" in said
    assert "a net says which noise" in said


def test_denoising_strip_brings_back_brightness():
    """States from −1 to 1 are shown as brightness from 0 to 1, one row for each picture."""
    states = torch.stack([torch.full((2, 1, 4, 4), value) for value in (-3.0, 0.0, 1.0)])
    fig = restoring.denoising_strip(states, (0, 1, 2), ("a", "b", "c"), ("three", "five"))
    shown = [float(ax.images[0].get_array().max()) for ax in fig.axes]
    assert shown == [0.0, 0.5, 1.0] * 2
    assert fig.axes[0].get_ylabel() == "three"
