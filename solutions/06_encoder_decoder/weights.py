"""The nets whose weights the course gives away in lesson 06; `course build` trains those lacking.

Each function trains one net as the lesson does, and returns it. A learner's net has the same names
for its layers: `AutoencoderNet` and `UNetNet` are what `Autoencoder` and `UNet` come to.
"""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from utils.data import digits
from utils.made_pictures import shapes
from utils.nets.diffusion import STEPS, denoiser, train_denoiser
from utils.nets.masked_pictures import masked_pictures, train_masked
from utils.nets.picture_words import (
    TokenAutoencoder,
    prior,
    token_autoencoder,
    train_prior,
    train_tokens,
)
from utils.nets.translator import train_translator, translator
from utils.nets.vae import vae, vae_loss
from utils.number_words import number_pairs
from utils.training import train
from utils.weights import course_weights

SEED = 2718  # not one with which a lesson, a check or a student trains
SIZES = (64, 150, 50, 20, 5)


class AutoencoderNet(nn.Module):
    """An encoder of linear layers, and the decoder that is its mirror image."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), *_layers(sizes))
        self.decoder = nn.Sequential(*_layers(sizes[::-1]), nn.Sigmoid())

    def forward(self, images: Tensor) -> Tensor:
        return self.decoder(self.encoder(images)).reshape(images.shape)


def _layers(sizes: tuple[int, ...]) -> list[nn.Module]:
    """Linear layers with a ReLU between each two."""
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return layers[:-1]


def autoencoder() -> nn.Module:
    """64-150-50-20-5-20-50-150-64 on the training digits."""
    torch.manual_seed(SEED)
    model = AutoencoderNet(SIZES)
    settings = {"epochs": 100, "lr": 2e-3, "seed": SEED, "progress": False}
    train(model, (digits("train")[0],), loss=_restoring, **settings)
    return model


def _restoring(model: nn.Module, images: Tensor) -> Tensor:
    return F.mse_loss(model(images), images) * 64


class UNetNet(nn.Module):
    """A U-Net with two skips."""

    def __init__(self, c: int) -> None:
        super().__init__()
        self.enc1, self.enc2, self.bottom = _block(1, c), _block(c, 2 * c), _block(2 * c, 4 * c)
        self.up2, self.up1 = (
            nn.ConvTranspose2d(4 * c, 2 * c, 2, 2),
            nn.ConvTranspose2d(2 * c, c, 2, 2),
        )
        self.dec2, self.dec1 = _block(4 * c, 2 * c), _block(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, images: Tensor) -> Tensor:
        first = self.enc1(images)
        second = self.enc2(F.max_pool2d(first, 2))
        low = self.bottom(F.max_pool2d(second, 2))
        low = self.dec2(torch.cat([second, self.up2(low)], dim=1))
        return self.out(self.dec1(torch.cat([first, self.up1(low)], dim=1)))


def _block(inputs: int, outputs: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for incoming in (inputs, outputs):
        layers += [nn.Conv2d(incoming, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(*layers)


def unet() -> nn.Module:
    """The masks of shapes with 32×32 pixels, with c = 8."""
    torch.manual_seed(SEED)
    model, data = UNetNet(8), shapes(800, seed=SEED)
    settings = {"epochs": 12, "batch_size": 32, "lr": 3e-3, "seed": SEED, "progress": False}
    train(model, data, loss=_masking, **settings)
    return model


def _masking(model: nn.Module, images: Tensor, masks: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(model(images), masks)


def variational() -> nn.Module:
    """Eight latent numbers for a digit, drawn from a cloud."""
    model = vae(seed=SEED)
    settings = {"epochs": 150, "lr": 2e-3, "seed": SEED, "progress": False}
    train(model, (digits("train")[0],), loss=vae_loss, **settings)
    return model


def diffusion() -> nn.Module:
    """The net that finds the noise in a digit, with the cosine schedule of 50 steps."""
    model, (images, labels) = denoiser(seed=SEED), digits("train")
    train_denoiser(model, 2 * images - 1, labels, _noise_loss, seed=SEED, progress=False)
    return model


def kept_share(steps: int, s: float = 0.008) -> Tensor:
    """The share of the picture's variance that is left after each step, from 1 downwards."""
    t = torch.arange(steps + 1, dtype=torch.float64) / steps
    wanted = torch.cos((t + s) / (1 + s) * math.pi / 2) ** 2
    lost = (1 - wanted[1:] / wanted[:-1]).clamp(max=0.999)
    return torch.cat([torch.ones(1), torch.cumprod(1 - lost, 0)]).float()


def _noise_loss(model: nn.Module, x0: Tensor, words: Tensor, t: Tensor, noise: Tensor) -> Tensor:
    kept = kept_share(STEPS)[t].reshape(-1, 1, 1, 1)
    noisy = kept.sqrt() * x0 + (1 - kept).sqrt() * noise
    return F.mse_loss(model(noisy, t, words), noise)


def translating() -> nn.Module:
    """Number words from English to Korean: the first 2,000 of `number_pairs`' order."""
    model, (_, source, target) = translator(seed=SEED), number_pairs(2000)
    train_translator(model, source, target, seed=SEED, progress=False)
    return model


def masked() -> nn.Module:
    """Half of a digit's 2×2 patches out of the other half."""
    model, images = masked_pictures(seed=SEED), digits("train")[0]
    patches = F.unfold(images, 2, stride=2).transpose(1, 2)
    train_masked(model, patches, _hidden_only, seed=SEED, progress=False)
    return model


def _hidden_only(predicted: Tensor, patches: Tensor, hidden: Tensor) -> Tensor:
    return F.mse_loss(predicted[hidden], patches[hidden])


def tokens() -> nn.Module:
    """A digit as 4×4 tokens out of 32."""
    model = token_autoencoder(SEED, _nearest)
    train_tokens(model, digits("train")[0], seed=SEED, progress=False)
    return model


def _nearest(z: Tensor, codebook: Tensor) -> tuple[Tensor, Tensor]:
    indices = torch.cdist(z.flatten(0, 1), codebook).argmin(dim=1).unflatten(0, z.shape[:2])
    return z + (codebook[indices] - z).detach(), indices


def writing() -> nn.Module:
    """The tokens of a digit from its word; they are those of the released net `tokens`."""
    words, model = TokenAutoencoder(_nearest), prior(seed=SEED)
    words.load_state_dict(course_weights("tokens", Path(__file__).parent))
    images, labels = digits("train")
    train_prior(model, labels, words.tokens(images), seed=SEED, progress=False)
    return model


WEIGHTS = {
    "autoencoder": autoencoder,
    "unet": unet,
    "vae": variational,
    "diffusion": diffusion,
    "translator": translating,
    "masked": masked,
    "tokens": tokens,
    "prior": writing,
}
