"""Lesson 00's quiz, recomputed. What the tables mean stands in `answers.py`."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from tests.quizzes.answers import outcome, shape
from utils.nets.small import perceptron

BATCH = torch.zeros(32, 3, 28, 40)
ROWS, WEIGHT = torch.rand(5, 64), torch.rand(10, 64)
TARGETS = torch.tensor([1.0, 2.0, 3.0])
SCORES = torch.tensor([[2.0, 1, 0], [0, 3, 1], [1, 0, 2], [5, 4, 6]])
LABELS = torch.tensor([0, 1, 1, 2])


def gradient_after(calls: int) -> float:
    """What is in `w.grad` after some calls of `(3 * w).backward()`."""
    w = torch.tensor(2.0, requires_grad=True)
    for _ in range(calls):
        (3 * w).backward()
    return w.grad.item()


def right() -> torch.Tensor:
    """Which of the four examples are answered rightly, as ones and zeros."""
    return (SCORES.argmax(1) == LABELS).float()


def gradients_in_eval_mode() -> bool:
    """Whether backward() fills gradients that are not all zero, in eval() mode."""
    net = perceptron(2, 2).eval()
    F.cross_entropy(net(torch.ones(1, 2)), torch.tensor([0])).backward()
    return bool(net.weight.grad.abs().sum() > 0)


def window() -> bool:
    """Whether a state that was kept changes with a step."""
    net = perceptron(2, 2)
    kept, optimizer = net.state_dict(), torch.optim.SGD(net.parameters(), lr=1.0)
    F.cross_entropy(net(torch.ones(1, 2)), torch.tensor([0])).backward()
    optimizer.step()
    return bool(kept["weight"].abs().sum() > 0)


ANSWERS = {
    "flatten-shape": lambda: {
        (32, 3360): shape(BATCH.flatten(1)),
        (107520,): shape(BATCH.flatten()),
        (32, 3, 1120): shape(BATCH.flatten(2)),
        (96, 1120): shape(BATCH.reshape(32 * 3, -1)),
    },
    "product-shape": lambda: {
        (7, 3): shape(torch.zeros(7, 12) @ torch.zeros(12, 3)),
        (12, 12): (12, 12),
        (7, 12, 3): shape(torch.zeros(7, 12, 1) * torch.zeros(1, 12, 3)),
        (3, 7): shape((torch.zeros(7, 12) @ torch.zeros(12, 3)).T),
    },
    "broadcast-shape": lambda: {
        (8, 8): shape(torch.zeros(8, 1) - torch.zeros(8)),
        (8, 1): shape(torch.zeros(8, 1) - torch.zeros(8, 1)),
        (8,): shape(torch.zeros(8, 1)[:, 0] - torch.zeros(8)),
    },
    "broadcast-loss": lambda: {
        1.3333: (TARGETS[:, None] - TARGETS).square().mean(),
        0: (TARGETS - TARGETS).square().mean(),
        4: (TARGETS[:, None] - TARGETS).square().sum() / 3,
    },
    "first-loss": lambda: {
        4.605: F.cross_entropy(torch.zeros(1, 100), torch.tensor([0])),
        2: math.log10(100),
        0.01: torch.zeros(1, 100).softmax(1)[0, 0],
        2.303: math.log(10),
        6.64: math.log2(100),
    },
    "gradients-add-up": lambda: {12: gradient_after(4), 3: gradient_after(1), 24: 4 * 3 * 2},
    "one-step": lambda: {
        0.6: 0.8 - 0.1 * 2,
        1.0: 0.8 + 0.1 * 2,
        -1.2: 0.8 - 2,
        0.64: 0.8 - 0.1 * 2 * 0.8,
    },
    "accuracy-by-hand": lambda: {
        0.75: right().mean(),
        0.25: 1 - right().mean(),
        3: right().sum(),
        0.5: (SCORES[:3].argmax(1) == LABELS[:3]).sum() / 4,
    },
    "sizes-of-piles": lambda: {
        63: 103 - 2 * (103 // 5),
        61: int(0.6 * 103),
        60: 3 * (103 // 5),
        62: round(0.6 * 103),
    },
}

CLAIMS = {
    "mat1 and mat2 shapes cannot be multiplied (5x64 and 10x64)": lambda: (
        outcome(lambda: ROWS @ WEIGHT) is RuntimeError
    ),
    "now 5 meets 10.": lambda: outcome(lambda: ROWS.T @ WEIGHT) is RuntimeError,
    "The error is gone and the answer is wrong.": lambda: (
        not torch.allclose(ROWS @ WEIGHT.reshape(64, 10), ROWS @ WEIGHT.T)
    ),
    "It runs, and throws 54 of the 64 pixels away.": lambda: (
        shape(ROWS[:, :10] @ WEIGHT) == (5, 64) and 64 - 10 == 54
    ),
    "The record is kept all the same.": gradients_in_eval_mode,
    "`weight` of shape (10, 64) and `bias` of shape (10,)": lambda: (
        {name: shape(numbers) for name, numbers in nn.Linear(64, 10).state_dict().items()}
        == {"weight": (10, 64), "bias": (10,)}
    ),
    "`best` is a window, not a photograph.": window,
}
