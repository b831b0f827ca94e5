"""Diagrams of lesson 06's first notebook: they show what they are given, and give nothing away."""

import pytest
import torch
from matplotlib import pyplot as plt

from utils import plots
from utils.drawings import autoencoder


@pytest.fixture(autouse=True)
def closed():
    """No figure stays open."""
    yield
    plt.close("all")


def words_in(ax) -> list[str]:
    """All texts of a panel that are not empty."""
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_hourglass_writes_the_numbers_of_every_stage():
    """Down to the code and up again; the code is framed."""
    ax = autoencoder.hourglass((64, 20, 2)).axes[0]
    assert [word for word in words_in(ax) if word.isdigit()] == ["64", "20", "2", "20", "64"]


def test_hourglass_that_asks_gives_nothing_away():
    """No number stands beside the question mark, and the bars' heights do not tell one."""
    asked = [
        autoencoder.hourglass((64, *inner), asked=True).axes[0] for inner in ((50, 5), (40, 32))
    ]
    for ax in asked:
        assert [word for word in words_in(ax) if word.isdigit() or word == "?"] == ["64", "?", "64"]
    heights = [
        [bar.get_height() for bar in ax.patches if hasattr(bar, "get_height")] for ax in asked
    ]
    assert heights[0] == heights[1]


def test_longest_directions_loses_what_lies_across():
    """Each loss is perpendicular to the direction that is kept, and the means agree."""
    left, right = autoencoder.longest_directions().axes
    assert {"mean", "first", "second"} <= set(words_in(left))
    lost = [line.get_xydata() for line in right.lines if line.get_color() == plots.ACCENT]
    across = torch.tensor([(ends[1] - ends[0]).tolist() for ends in lost if len(ends)])
    assert len(across) == 40
    assert torch.allclose(across @ torch.tensor([0.8, 0.6]), torch.zeros(40), atol=1e-5)


def test_one_plane_two_bases_has_the_same_dots_in_both_panels():
    """Only the arrows and the amounts differ: (3, 1) is 2 of (1, 0) and √2 of (1, 1)/√2."""
    components = torch.eye(2, 3)
    others = torch.tensor([[2.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
    points = torch.tensor([[3.0, 1.0, 5.0], [-1.0, 2.0, 0.0]])
    left, right = autoencoder.one_plane_two_bases(components, others, points, shown=0).axes
    for ax in (left, right):
        assert ax.collections[0].get_offsets().tolist() == [[3.0, 1.0], [-1.0, 2.0]]
        assert ax.get_xlim() == right.get_xlim()
    assert left.get_xlabel() == "the diamond: 3.00 of the first and 1.00 of the second"
    assert right.get_xlabel() == "the diamond: 2.00 of the first and 1.41 of the second"


def test_alarm_and_roc_marks_the_threshold_on_the_curve():
    """Above 2.5 lie two of three odd scores, and one of four normal ones."""
    normal, odd = torch.tensor([0.0, 1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 5.0])
    left, right = autoencoder.alarm_and_roc(normal, odd, 2.5).axes
    assert words_in(left) == ["alarm", "threshold"]
    assert any("67% found" in word and "25% false" in word for word in words_in(right))
    curve = right.lines[0].get_xydata().tolist()
    assert curve[0] == [0, 0]
    assert curve[-1] == [1, 1]
    assert [0.25, pytest.approx(2 / 3)] in curve


def test_glyphs_are_in_the_font(recwarn):
    """Every diagram can be drawn without a missing glyph."""
    scores = torch.arange(4.0)
    plane = (torch.eye(2), -torch.eye(2), torch.ones(3, 2), 0)
    for figure in (
        autoencoder.hourglass(asked=True),
        autoencoder.longest_directions(),
        autoencoder.one_plane_two_bases(*plane),
        autoencoder.alarm_and_roc(scores, scores + 1, 1.5),
    ):
        figure.canvas.draw()
    assert not [str(w.message) for w in recwarn if "Glyph" in str(w.message)]
