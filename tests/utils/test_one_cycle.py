"""The learning rate that rises and falls."""

import torch
from torch import nn

from utils.one_cycle import one_cycle
from utils.training import train


def test_the_rate_rises_and_falls_once():
    """Ten steps: it ends far below where it began, and its largest value is the one asked for."""
    net = nn.Linear(1, 1)
    optimizer = one_cycle(net, 0.1, examples=10, epochs=5, batch_size=5)
    rates = []
    for _ in range(10):
        rates.append(optimizer.param_groups[0]["lr"])
        net(torch.ones(1, 1)).sum().backward()
        optimizer.step()
    top = rates.index(max(rates))
    assert max(rates) == 0.1
    assert rates == sorted(rates[: top + 1]) + sorted(rates[top + 1 :], reverse=True)
    assert rates[-1] < rates[0] / 100


def test_more_steps_than_were_announced_are_no_error():
    """Whoever trains on goes on with the smallest rate."""
    net, points = nn.Linear(1, 1), torch.ones(7, 1)
    optimizer = one_cycle(net, 0.1, examples=7, epochs=1, batch_size=4)
    loss = nn.functional.mse_loss
    history = train(
        net,
        (points, points),
        loss=lambda model, x, y: loss(model(x), y),
        optimizer=optimizer,
        batch_size=4,
        epochs=3,
        progress=False,
    )
    assert len(history.loss) == 3
    assert optimizer.param_groups[0]["lr"] < 1e-3
