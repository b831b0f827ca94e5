"""A masked autoencoder: half of a picture's patches are hidden, and the net draws them.

Source: He et al. (2022), "Masked Autoencoders Are Scalable Vision Learners"; its encoder is a
vision transformer (Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words").
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from utils.nets.transformer import Block, MultiHeadFunction
from utils.one_cycle import one_cycle
from utils.training import train

MaskedLoss = Callable[[Tensor, Tensor, Tensor], Tensor]

PATCHES = 16  # of 2×2 pixels in a digit of 8×8
PIXELS = 4  # of a patch
HIDDEN = 0.5  # the share of patches that is hidden in training


class MaskedPictures(nn.Module):
    """A vision transformer that sees some patches, and a smaller one that draws all of them.

    The encoder (64 numbers a patch, 2 layers) is given the visible patches only; the decoder
    (48 numbers, 1 layer) gets what it made of them, and the same learned vector for every patch
    that is hidden. Both are told the places.

    forward: patches (N, 16, 4) float, hidden (N, 16) bool, True where a patch is hidden, in every
    picture equally many → predicted patches (N, 16, 4).

    >>> hidden = hide(3, seed=0)
    >>> MaskedPictures()(torch.zeros(3, 16, 4), hidden).shape
    torch.Size([3, 16, 4])

    Raises ValueError when the pictures do not hide equally many patches, or hide all.
    """

    def __init__(
        self,
        multi_head: MultiHeadFunction | None = None,
        *,
        patches: int = PATCHES,
        pixels: int = PIXELS,
        width: int = 64,
        narrow: int = 48,
        heads: int = 4,
    ) -> None:
        super().__init__()
        self.embed = nn.Linear(pixels, width)
        self.places = nn.Parameter(0.3 * torch.randn(patches, width))
        self.encoder = nn.ModuleList(Block(width, heads, 2 * width, multi_head) for _ in range(2))
        self.encoder_norm = nn.LayerNorm(width)
        self.narrow = nn.Linear(width, narrow)
        self.nothing = nn.Parameter(0.3 * torch.randn(narrow))
        self.decoder_places = nn.Parameter(0.3 * torch.randn(patches, narrow))
        self.decoder = Block(narrow, heads, 2 * narrow, multi_head)
        self.decoder_norm = nn.LayerNorm(narrow)
        self.out = nn.Linear(narrow, pixels)

    def forward(self, patches: Tensor, hidden: Tensor) -> Tensor:
        seen = (~hidden).sum(dim=1)
        if seen.min() != seen.max() or seen.max() == 0:
            raise ValueError(
                "expected equally many visible patches in every picture, and at least one; "
                f"got between {int(seen.min())} and {int(seen.max())}."
            )
        x = (self.embed(patches) + self.places)[~hidden].unflatten(0, (len(patches), -1))
        for block in self.encoder:
            x = block(x)
        drawn = self.nothing.expand(*hidden.shape, -1).clone()
        drawn[~hidden] = self.narrow(self.encoder_norm(x)).flatten(0, 1)
        return self.out(self.decoder_norm(self.decoder(drawn + self.decoder_places)))


def masked_pictures(seed: int = 0) -> MaskedPictures:
    """An untrained `MaskedPictures`; the same weights for the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return MaskedPictures()


def train_masked(
    model: nn.Module,
    patches: Tensor,
    loss: MaskedLoss,
    *,
    epochs: int = 40,
    lr: float = 5e-3,
    seed: int = 0,
    progress: bool = True,
) -> list[float]:
    """Train a `MaskedPictures` on patches (N, 16, 4), and return each epoch's mean loss.

    In every batch other patches are hidden, half of each picture.
    `loss(predicted, patches, hidden)` is the lesson's own: predicted (N, 16, 4), hidden (N, 16).
    Batches of 64, the rate of `one_cycle`.
    """

    def masked(model: nn.Module, patches: Tensor) -> Tensor:
        hidden = hide(len(patches)).to(patches.device)
        return loss(model(patches, hidden), patches, hidden)

    optimizer = one_cycle(model, lr, examples=len(patches), epochs=epochs, weight_decay=0.05)
    history = train(
        model,
        (patches,),
        loss=masked,
        epochs=epochs,
        optimizer=optimizer,
        seed=seed,
        progress=progress,
    )
    return history.loss


def hide(
    count: int, patches: int = PATCHES, share: float = HIDDEN, seed: int | None = None
) -> Tensor:
    """Which patches to hide: (count, patches) bool, in every row equally many, at random places.

    Without a `seed` they come from torch's own random numbers, as dropout does.

    >>> hide(2, seed=0).sum(dim=1).tolist()
    [8, 8]
    """
    generator = None if seed is None else torch.Generator().manual_seed(seed)
    rank = torch.rand(count, patches, generator=generator).argsort(dim=1).argsort(dim=1)
    return rank < round(share * patches)
