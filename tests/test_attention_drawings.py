"""Diagrams of lesson 06's third notebook: they show what they are given."""

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from utils.drawings import attention


@pytest.fixture(autouse=True)
def closed():
    """No figure stays open."""
    yield
    plt.close("all")


def words_in(figure) -> list[str]:
    """All texts of a figure's axes, with their tick labels."""
    found = []
    for ax in figure.axes:
        found += [text.get_text() for text in ax.texts]
        found += [label.get_text() for label in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    return found


def test_korean_words_are_written_as_they_sound():
    """A picture needs no Korean font; signs such as <end> stay."""
    assert [attention.sound(word) for word in ("이만", "천", "<end>")] == [
        "i-man",
        "cheon",
        "<end>",
    ]


def test_looks_writes_each_share_in_per_cent():
    """Two queries and three words: six numbers, and the words beside them."""
    weights = torch.tensor([[0.75, 0.25, 0.0], [0.1, 0.1, 0.8]])
    shown = words_in(attention.looks(weights, ["one", "two"], ["a", "b", "c"]))
    assert {"75", "25", "0", "10", "80", "one", "two", "a", "b", "c"} <= set(shown)


def test_looks_of_heads_draws_a_map_for_each_head():
    """Three heads are three named maps with the words at both sides; a fourth place stays empty."""
    figure = attention.looks_of_heads(torch.full((3, 2, 4), 0.25), ["x", "y"], list("abcd"))
    maps = [ax for ax in figure.axes if ax.axison]
    assert [ax.get_title()[:6] for ax in maps] == ["head 0", "head 1", "head 2"]
    for ax in maps:
        assert [label.get_text() for label in ax.get_yticklabels()] == ["x", "y"]
        assert [label.get_text() for label in ax.get_xticklabels()] == list("abcd")


def test_looks_of_heads_frames_the_largest_share_of_each_row():
    """The frames lie where the reader is told to look."""
    weights = torch.tensor([[[0.1, 0.9], [0.8, 0.2]]])
    (ax, _) = attention.looks_of_heads(weights, ["x", "y"], ["a", "b"]).axes
    assert [frame.get_xy() for frame in ax.patches] == [(0.5, -0.5), (-0.5, 0.5)]


def test_most_looked_at_names_the_heads_of_each_column():
    """Columns come in their order, and a column that no head prefers is left out."""
    weights = torch.tensor([[[0.6, 0.1, 0.3]], [[0.2, 0.3, 0.5]], [[0.1, 0.1, 0.8]]])
    found = attention.most_looked_at(weights, ["x"], ["a", "b", "c"])
    assert found == {"x": "a (head 0), c (heads 1, 2)"}


def test_translator_diagram_names_its_parts():
    """The decoder has one part more than the encoder: the look at the memory."""
    shown = " ".join(words_in(attention.translator_diagram()))
    assert shown.count("two linear layers") == 2
    assert "cross-attention" in shown


def test_translator_diagram_frames_what_is_there_twice():
    """Two dashed frames, each with its ×2, hold two and three parts."""
    (ax,) = attention.translator_diagram().axes
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    frames = [box for box in boxes if box.get_linestyle() not in ("-", "solid")]
    inside = [
        sum(frame.get_bbox().containsx(box.get_x()) for box in boxes if box not in frames)
        for frame in frames
    ]
    assert inside == [2, 3]
    assert [text.get_text() for text in ax.texts].count("×2") == 2


def test_row_of_patches_numbers_every_patch():
    """A picture and its patches in a row, from 0 on."""
    figure = attention.row_of_patches(torch.rand(8, 8), torch.rand(16, 4), 2)
    assert [ax.get_xlabel() for ax in figure.axes if ax.get_xlabel()] == [*map(str, range(16))]


def test_rows_of_pictures_hatches_what_is_hidden():
    """Of two rows the first has its hidden patches covered, and only it."""
    pictures = list(torch.rand(3, 8, 8))
    hidden = torch.zeros(3, 16, dtype=torch.bool)
    hidden[:, 5:7] = True
    figure = attention.rows_of_pictures({"seen": pictures, "true": pictures}, {"seen": hidden})
    assert [len(ax.patches) for ax in figure.axes] == [2, 2, 2, 0, 0, 0]


def test_token_sentence_writes_the_tokens():
    """Sixteen numbers between two pictures."""
    shown = words_in(attention.token_sentence(torch.rand(8, 8), torch.arange(16), torch.rand(8, 8)))
    assert {str(token) for token in range(16)} <= set(shown)


def test_chance_stick_frames_what_the_luck_points_at():
    """Of each stick one piece is framed, the one in which the luck lies."""
    figure = attention.chance_stick({"T = 1": [0.9, 0.1], "T = 2": [0.75, 0.25]}, luck=0.8)
    framed = [piece.get_x() for piece in figure.axes[0].patches if piece.get_linewidth() > 2]
    assert framed == [0.0, 0.75]
