"""A stand-in for a denoiser: it follows a rule that can be worked out with a pencil.

A check cannot send its own net into a student's process. The lesson's setup cell brings this maker
there, so that a check knows what the net must have been asked, and what it must have answered.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class NoiseWitness(nn.Module):
    """A net that takes a known share of its inputs for noise; `noise_witness` makes it.

    `steps` and `words` list what it was told at each call; `asked_with_gradients` tells whether it
    was ever asked outside `torch.no_grad()`.
    """

    def __init__(self, of_x: float, of_t: float, of_word: float) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        self.of_x, self.of_t, self.of_word = of_x, of_t, of_word
        self.steps: list[list[int]] = []
        self.words: list[list[int]] = []
        self.asked_with_gradients = False

    def forward(self, x: Tensor, t: Tensor, words: Tensor) -> Tensor:
        """Pictures (N, C, H, W), steps (N,) and words (N,) → a tensor of the pictures' shape."""
        for name, given in (("t", t), ("words", words)):
            if not isinstance(given, Tensor) or tuple(given.shape) != (len(x),):
                got = tuple(given.shape) if isinstance(given, Tensor) else type(given).__name__
                raise ValueError(f"the net expects `{name}` of shape ({len(x)},), got {got}.")
        self.steps.append([int(step) for step in t])
        self.words.append([int(word) for word in words])
        self.asked_with_gradients |= torch.is_grad_enabled()
        told = self.of_t * t + self.of_word * words
        return self.scale * (self.of_x * x + told.to(x.dtype).reshape(-1, 1, 1, 1))


def noise_witness(of_x: float = 0.5, of_t: float = 0.0, of_word: float = 0.0) -> NoiseWitness:
    """A net that answers `of_x · x + of_t · t + of_word · word` for every picture of a batch.

    It has one weight, a factor of 1 before all of it, which can be trained.
    Raises ValueError, when it is called, for steps or words of another shape than (N,).

    >>> net = noise_witness(of_x=0.5, of_t=0.25, of_word=2.0)
    >>> net(torch.ones(1, 1, 1, 1), torch.tensor([2]), torch.tensor([3])).item(), net.steps
    (7.0, [[2]])
    """
    return NoiseWitness(of_x, of_t, of_word)
