"""The gallery of layers: what each is for, with its shapes and parameters counted by torch.

    display(gallery("pooling"))          # one family
    display(gallery())                   # all of them
    display(gallery([Card(…), Card(…)])) # cards of your own

A card holds words; every number in the table comes from the layer itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from IPython.display import Markdown
from torch import Tensor, nn

from utils.layer_cards import FAMILIES, Card

__all__ = ["FAMILIES", "Card", "gallery", "parameters"]

HEAD = (
    "| layer | in → out | shape rule | parameters | role · use | strength | weakness |\n"
    "|---|---|---|--:|---|---|---|\n"
)


def gallery(what: str | Iterable[Card] = "") -> Markdown:
    """The table of one family, of cards of one's own, or of every family.

    For each layer what goes in and comes out, and how many parameters it trains: counted here.
    Raises ValueError for a family that there is not.

    >>> print(gallery("pooling").data.splitlines()[2][:42])
    | `MaxPool2d(2)` | 32×28×28 → 32×14×14 | ⌊
    """
    if not isinstance(what, str):
        return Markdown(HEAD + "\n".join(map(_row, what)))
    if what and what not in FAMILIES:
        raise ValueError(f'there is no family "{what}"; choose one of {", ".join(FAMILIES)}.')
    if what:
        return gallery(FAMILIES[what])
    parts = [f"**{name}**\n\n{gallery(cards).data}" for name, cards in FAMILIES.items()]
    return Markdown("\n\n".join(parts))


def parameters(layer: nn.Module) -> int:
    """How many numbers a layer trains."""
    return sum(weight.numel() for weight in layer.parameters() if weight.requires_grad)


@torch.no_grad()
def _row(card: Card) -> str:
    given = card.given if isinstance(card.given, Tensor) else torch.zeros(card.given)
    out = card.layer(given)
    out = out[0] if isinstance(out, tuple) else out  # recurrent layers give their last state, too
    shapes = f"{_shape(given)} → {_shape(out)}"
    cells = (f"`{card.written}`", shapes, card.rule, f"{parameters(card.layer):,}",
             card.role, card.strong, card.weak)  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _shape(tensor: Tensor) -> str:
    """The shape of one example: without the batch."""
    return "×".join(map(str, tensor.shape[1:]))
