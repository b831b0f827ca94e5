"""What a check asks of a whole net: fill its weights with known numbers, and look at its answers.

A judge never runs a student's code, and a net's weights start at random. So the lesson's setup cell
brings these functions into the notebook, a check asks for them there, and then knows every weight:

    net = student.fill_weights(student.lenet5())
    expect(net(IMAGE), equals=SCORES)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor, nn

PERIOD = 4093  # a prime number: no layer's rows are equal


def fill_weights(net: nn.Module, value: float | None = None, double: bool = False) -> nn.Module:
    """Fill a net's weights with known numbers and put it into `eval()` mode; returns the net.

    Without a `value` each parameter gets `known_numbers` of its shape, so that the names and the
    order of a net's layers play no part. With a `value` every weight is that number and every bias
    is 0. `double` turns the net to float64. A normalisation layer keeps the numbers it starts with.

    >>> fill_weights(nn.Linear(2, 1), 1.0)(torch.tensor([[3.0, 4.0]])).tolist()
    [[7.0]]
    """
    net = (net.double() if double else net).eval()
    norms = [module for module in net.modules() if _is_norm(module)]
    kept = {id(parameter) for norm in norms for parameter in norm.parameters()}
    with torch.no_grad():
        for parameter in net.parameters():
            if id(parameter) in kept:
                continue
            if value is None:
                parameter.copy_(known_numbers(parameter.shape, parameter.dtype))
            else:
                parameter.fill_(value if parameter.dim() > 1 else 0.0)
    return net


def known_numbers(shape: Sequence[int], dtype: torch.dtype = torch.float64) -> Tensor:
    """Numbers around zero for a parameter of this shape, always the same.

    They depend on the first side and on the count of numbers alone, so that a dense layer and
    the convolution that does the same get the same ones. A weight's numbers have the variance
    2 / (inputs of a neuron), which keeps a deep net's signals alive; a bias's have 0.01.

    >>> known_numbers((2, 3)).shape
    torch.Size([2, 3])
    """
    count = math.prod(shape)
    first = shape[0] if shape else 1
    size = math.sqrt(2 * first / count) if len(shape) > 1 else 0.1
    wave = (_wave() * size).to(dtype).roll(-(31 * first + count) % PERIOD)
    return wave.repeat(-(-count // PERIOD))[:count].reshape(tuple(shape))


@cache
def _wave() -> Tensor:
    """A wave that grows ever faster: numbers without a pattern, mean about 0 and variance 1."""
    n = torch.arange(PERIOD, dtype=torch.float64)
    return math.sqrt(2) * torch.sin(0.37 * n * n)


def _is_norm(module: nn.Module) -> bool:
    return "Norm" in type(module).__name__


def drops_out(net: nn.Module, inputs: Tensor) -> tuple[bool, bool]:
    """Whether a net answers at random: `(in train() mode, in eval() mode)`.

    The same inputs are sent through twice. Afterwards the net is in `eval()` mode.

    >>> drops_out(nn.Dropout(0.5), torch.ones(1, 64))
    (True, False)
    """
    found = []
    with torch.no_grad():
        for training in (True, False):
            net.train(training)
            found.append(not torch.equal(net(inputs), net(inputs)))
    return found[0], found[1]
