"""A learning rate that rises to its largest value and falls again, for `utils.training.train`.

Source: Smith and Topin (2018), "Super-Convergence: Very Fast Training of Neural Networks Using
Large Learning Rates".
"""

from __future__ import annotations

import math

import torch
from torch import nn


def one_cycle(
    model: nn.Module,
    lr: float,
    *,
    examples: int,
    epochs: int,
    batch_size: int = 64,
    weight_decay: float = 0.0,
) -> torch.optim.Optimizer:
    """AdamW whose rate rises to `lr` in three tenths of all steps, and then falls to almost zero.

    The steps are those that `train` makes: one for each batch of `batch_size` out of `examples`,
    in each of `epochs`. Each step sets the rate of the next.

    >>> net = nn.Linear(1, 1)
    >>> optimizer = one_cycle(net, 0.1, examples=10, epochs=2, batch_size=5)
    >>> round(optimizer.param_groups[0]["lr"], 4)  # a 25th to begin with
    0.004
    """
    steps = epochs * math.ceil(examples / batch_size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=weight_decay, fused=True)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps)

    def next_rate(*_: object) -> None:
        if rates.last_epoch < steps - 1:
            rates.step()

    optimizer.register_step_post_hook(next_rate)
    return optimizer
