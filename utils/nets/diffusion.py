"""The net that finds the noise in a noisy digit, and how it is trained.

Lesson 06 writes the rest of denoising diffusion: the schedule, the noisy picture, the loss, the way
back. Here are the net, a U-Net that is told the step and a word, and the long training.

Source: Ho, Jain and Abbeel (2020), "Denoising Diffusion Probabilistic Models"; the net is a small
relative of theirs.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from utils import training

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
STEPS = 50  # from a clean picture to nothing but noise
SHIFT = 0.008  # of the cosine schedule, which lesson 06 writes down
WIDTH = 16  # channels of the widest maps
TOLD = 32  # numbers that tell a layer the step and the word
GROUPS = 4  # of channels that are normalised together
BATCH = 64
LONGEST_WAVE = 200.0  # in steps: longer than any schedule here

NoiseLoss = Callable[[nn.Module, Tensor, Tensor, Tensor, Tensor], Tensor]


class Told(nn.Module):
    """Two 3×3 convolutions; between them the step and the word are added to every pixel."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm1 = nn.GroupNorm(GROUPS, outputs)
        self.told = nn.Linear(TOLD, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.norm2 = nn.GroupNorm(GROUPS, outputs)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        x = nn.functional.silu(self.norm1(self.conv1(x)) + self.told(told)[:, :, None, None])
        return nn.functional.silu(self.norm2(self.conv2(x)))


class Denoiser(nn.Module):
    """A U-Net for 8×8 pictures that is told a step and a word; `denoiser` makes it.

    It is built like nested boxes: each level works at one size, and has a smaller level inside it.
    """

    def __init__(self, steps: int = STEPS, width: int = WIDTH) -> None:
        super().__init__()
        self.steps = steps
        self.step = nn.Sequential(nn.Linear(TOLD, TOLD), nn.SiLU(), nn.Linear(TOLD, TOLD))
        self.word = nn.Embedding(len(WORDS), TOLD)
        self.enc1 = Told(1, width)
        self.enc2 = Told(width, 2 * width)
        self.bottom = Told(2 * width, 2 * width)
        self.dec2 = Told(4 * width, 2 * width)
        self.dec1 = Told(3 * width, width)
        self.shrink = nn.AvgPool2d(2)
        self.grow = nn.Upsample(scale_factor=2, mode="nearest")
        self.out = nn.Conv2d(width, 1, 1)

    def forward(self, x: Tensor, t: Tensor, words: Tensor) -> Tensor:
        """Noisy pictures (N, 1, 8, 8), their steps (N,) and words (N,), 0 to 9 → the noise in them.

        The noise has the pictures' shape. Steps and words are int64.
        A late picture is nearly all noise, so the answer starts from the picture itself: the later
        the step, the less has the net to add.
        """
        told = self.step(_waves(t)) + self.word(words)
        levels = ((self.enc1, self.dec1), (self.enc2, self.dec2))  # from the outermost inwards
        found = self.out(self._level(levels, x, told))
        angle = ((t / self.steps + SHIFT) / (1 + SHIFT) * math.pi / 2)[:, None, None, None]
        return angle.sin() * x + angle.cos() * found

    def _level(self, levels: Sequence[tuple[Told, Told]], maps: Tensor, told: Tensor) -> Tensor:
        """What the first of these levels answers; the others work inside it, at half its size."""
        if not levels:
            return self.bottom(maps, told)
        (fine, mix), *inner = levels
        details = fine(maps, told)
        whole = self.grow(self._level(inner, self.shrink(details), told))
        return mix(torch.hstack((details, whole)), told)


def _waves(t: Tensor) -> Tensor:
    """A step as sines and cosines of many lengths: (N,) → (N, TOLD)."""
    half = TOLD // 2
    speeds = torch.exp(torch.arange(half, device=t.device) * (-math.log(LONGEST_WAVE) / half))
    turned = t[:, None].float() * speeds
    return torch.cat([turned.sin(), turned.cos()], dim=1)


def denoiser(seed: int = 0, steps: int = STEPS) -> Denoiser:
    """An untrained net that is to find the noise in a digit; the same weights for the same seed.

    `steps` is how many steps the cosine schedule has that makes the digits noisy.

    >>> net, t, words = denoiser(), torch.tensor([1, 50]), torch.tensor([3, 3])
    >>> net(torch.zeros(2, 1, 8, 8), t, words).shape
    torch.Size([2, 1, 8, 8])
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Denoiser(steps)


def train_denoiser(
    model: nn.Module,
    x0: Tensor,
    words: Tensor,
    loss: NoiseLoss,
    *,
    steps: int = STEPS,
    epochs: int = 50,
    lr: float = 2e-3,
    average: float = 0.995,
    seed: int = 0,
    progress: bool = True,
) -> list[float]:
    """Train a net to find noise; returns the mean loss of each epoch.

    x0: clean pictures (N, 1, 8, 8), scaled to −1…1; words: (N,).
    `loss(model, x0, words, t, noise)` is called with a batch of 64, its steps t, each drawn evenly
    from 1 to `steps`, and its standard normal noise; it returns one number. All are moved to the
    device of the model.
    Adam's rate rises to `lr` and falls again (OneCycleLR). What the model holds afterwards is not
    the last weights but their running average: after each batch `average` of the old one and the
    rest of the new (an exponential moving average), which draws better pictures.

    `seed` fixes batches, steps and noise, and leaves the notebook's own random numbers as they
    were. The model is in `eval()` mode afterwards.
    Raises ValueError when there are no pictures, or not as many words.

    Example: `train_denoiser(denoiser(), 2 * images - 1, labels, my_loss)`.
    """
    if len(x0) == 0 or len(x0) != len(words):
        raise ValueError(f"expected as many words as pictures, got {len(words)} and {len(x0)}.")
    draw = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, fused=True)
    batches = math.ceil(len(x0) / BATCH)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=epochs * batches)
    smooth = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(average))
    device = next(model.parameters()).device
    losses = []
    model.train()
    for _ in tqdm(range(epochs), unit="epoch", file=sys.stdout, disable=not progress, ncols=80):
        total, seen = 0.0, 0
        order = torch.randperm(len(x0), generator=draw).split(BATCH)
        for rows in itertools.islice(order, training._batches_an_epoch):  # few when `hurried`
            t = torch.randint(1, steps + 1, (len(rows),), generator=draw)
            noise = torch.randn(len(rows), *x0.shape[1:], generator=draw)
            batch = x0[rows.to(x0.device)], words[rows.to(words.device)], t, noise
            value = loss(model, *(part.to(device) for part in batch))
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            rates.step()
            smooth.update_parameters(model)
            total, seen = total + value.item() * len(rows), seen + len(rows)
        losses.append(total / seen)
    model.load_state_dict(smooth.module.state_dict())
    model.eval()
    return losses
