"""Nets that are small enough for a pencil: the warm-up trains them, and its checks ask them."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Perceptron(nn.Linear):
    """Perceptrons side by side, one for each class; `perceptron` makes it."""

    def forget(self) -> None:
        """Set every weight and bias back to zero."""
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.zero_()


def perceptron(inputs: int, classes: int, seed: int | None = None) -> Perceptron:
    """`classes` perceptrons side by side: rows (N, inputs) → class scores (N, classes).

    All weights and biases are zero; with a `seed` they are random, the same at every call.
    Raises ValueError for a number of inputs or classes below 1.

    >>> perceptron(2, 3)(torch.ones(1, 2)).tolist()
    [[0.0, 0.0, 0.0]]
    """
    if inputs < 1 or classes < 1:
        raise ValueError(f"expected at least 1 input and 1 class, got {inputs} and {classes}.")
    net = Perceptron(inputs, classes)
    net.forget()
    if seed is not None:
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in net.parameters():
                parameter.normal_(generator=generator)
    return net


class Witness(nn.Module):
    """A net without weights that remembers in which state it was asked; `witness` makes it."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(2, affine=False)
        self.asked_in_training = False
        self.asked_with_gradients = False

    def forward(self, inputs: Tensor) -> Tensor:
        self.asked_in_training |= self.training
        self.asked_with_gradients |= torch.is_grad_enabled()
        return self.norm(inputs)


def witness() -> Witness:
    """A net whose two class scores are its two inputs: (N, 2) → (N, 2), in `eval()` mode.

    In `train()` mode, in which it starts, it compares each input with those of the other rows
    (it is batch normalisation, which lesson 04 explains), so the scores are others.
    Afterwards `asked_in_training` and `asked_with_gradients` tell whether it was ever asked in
    `train()` mode, and whether ever outside `torch.no_grad()`.

    >>> net = witness().eval()
    >>> net(torch.tensor([[3.0, 1.0]])).round().tolist(), net.asked_in_training
    ([[3.0, 1.0]], False)
    """
    return Witness()
