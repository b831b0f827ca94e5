"""A variational autoencoder for the 8×8 digits: lesson 06 previews it, lesson 07 derives its loss.

Source: Kingma and Welling (2014), "Auto-Encoding Variational Bayes".
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PIXELS, SIDE = 64, 8


class Vae(nn.Module):
    """Its encoder gives each image a little cloud of codes instead of one; `vae` makes it."""

    def __init__(self, latent: int, width: int) -> None:
        super().__init__()
        self.latent = latent
        self.encoder = nn.Sequential(
            nn.Flatten(), nn.Linear(PIXELS, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU()
        )
        self.mean = nn.Linear(width, latent)
        self.log_variance = nn.Linear(width, latent)
        self.decoder = nn.Sequential(
            nn.Linear(latent, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
            nn.Linear(width, PIXELS),
        )  # fmt: skip

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Images (N, 1, 8, 8) → middle and log-variance of each one's cloud, both (N, latent)."""
        hidden = self.encoder(images)
        return self.mean(hidden), self.log_variance(hidden)

    def logits(self, codes: Tensor) -> Tensor:
        """Codes (N, latent) → the images before the sigmoid, (N, 1, 8, 8)."""
        return self.decoder(codes).reshape(-1, 1, SIDE, SIDE)

    def decode(self, codes: Tensor) -> Tensor:
        """Codes (N, latent) → images (N, 1, 8, 8) from 0 to 1."""
        return self.logits(codes).sigmoid()

    def forward(self, images: Tensor) -> Tensor:
        """Images → what is restored from the middles of their clouds, of the same shape."""
        return self.decode(self.encode(images)[0])


def vae(latent: int = 8, width: int = 128, seed: int = 0) -> Vae:
    """An untrained variational autoencoder; the same weights for the same seed.

    >>> mean, log_variance = vae().encode(torch.zeros(3, 1, 8, 8))
    >>> mean.shape, log_variance.shape
    (torch.Size([3, 8]), torch.Size([3, 8]))
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Vae(latent, width)


def vae_loss(model: Vae, images: Tensor) -> Tensor:
    """The loss of a variational autoencoder, in nats *per image*: pixels summed, images averaged.

    The binary cross-entropy between each image and the one restored from a code drawn out of its
    cloud, plus how far the cloud is from a standard normal one (the Kullback–Leibler divergence,
    which lesson 07 explains).
    The code is drawn with torch's global random numbers: `utils.training.train` seeds them.

    images: (N, 1, 8, 8) from 0 to 1. Example: `train(vae(), (images,), loss=vae_loss)`.
    """
    mean, log_variance = model.encode(images)
    codes = mean + (log_variance / 2).exp() * torch.randn_like(mean)
    restored = F.binary_cross_entropy_with_logits(model.logits(codes), images, reduction="sum")
    apart = (mean**2 + log_variance.exp() - 1 - log_variance).sum() / 2
    return (restored + apart) / len(images)
