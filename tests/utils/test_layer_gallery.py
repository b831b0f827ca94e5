"""The gallery's numbers come from the layers themselves."""

import pytest
from torch import nn

from utils.layer_gallery import FAMILIES, Card, gallery, parameters


def rows(family):
    """The cells of a family's table, row by row."""
    lines = gallery(family).data.splitlines()[2:]
    return {cells[1].strip(): cells[2:] for cells in (line.split("|") for line in lines)}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_card_has_a_row_of_full_cells(family):
    """Every layer of a family runs on what it is given, and no cell is empty."""
    table = rows(family)
    assert len(table) == len(FAMILIES[family])
    assert all(cell.strip() for cells in table.values() for cell in cells[:-1])


@pytest.mark.parametrize("family", ["convolution", "pooling", "normalisation", "activation"])
def test_what_is_written_is_what_is_counted(family):
    """A card's code begins with the class of its layer, so that text and count belong together."""
    for card in FAMILIES[family]:
        if not isinstance(card.layer, nn.Sequential):
            assert card.written.startswith(type(card.layer).__name__)


def test_counts_of_the_curriculum():
    """The transposed convolution has 2,064 parameters, layer normalisation of a map 50,176."""
    assert rows("convolution")["`ConvTranspose2d(32, 16, 2, 2)`"][2].strip() == "2,064"
    assert rows("normalisation")["`LayerNorm([32, 28, 28])`"][2].strip() == "50,176"
    assert rows("normalisation")["`InstanceNorm2d(32)`"][2].strip() == "0"


def test_frozen_weights_do_not_count():
    """Only what is trained is counted."""
    layer = nn.Linear(3, 2)
    layer.bias.requires_grad_(False)
    assert parameters(layer) == 6


def test_own_cards_and_unknown_families():
    """Cards of one's own make a table; an unknown family is refused by name."""
    card = Card("Flatten()", nn.Flatten(), (1, 2, 3), "C·W", "a row", "simple", "no places")
    assert "2×3 → 6" in gallery([card]).data
    with pytest.raises(ValueError, match="pooling"):
        gallery("sports")
