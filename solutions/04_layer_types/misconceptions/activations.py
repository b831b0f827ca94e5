"""Wrong and other right solutions of `activations`."""

import math

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "activations",
    says="Your leaky ReLU leaks too much: its slope for negative numbers is 0.01.",
)
def slope_of_a_tenth(x):
    sigmoid = 1 / (1 + torch.exp(-x.clamp(min=-80)))
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.1 * x),
        "sigmoid": sigmoid,
        "tanh": 2 / (1 + torch.exp(-2 * x.clamp(min=-40))) - 1,
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="Your sigmoid falls. It is 1/(1 + e⁻ˣ): the sign of x in the exponent is minus.",
)
def sigmoid_falls(x):
    sigmoid = 1 / (1 + torch.exp(x.clamp(max=80)))
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": 2 / (1 + torch.exp(-2 * x.clamp(min=-40))) - 1,
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="eˣ/(1 + eˣ) is inf/inf, which is nan, as soon as eˣ is too large for the dtype. "
    "Use 1/(1 + e⁻ˣ), and clamp what goes into exp.",
)
def sigmoid_as_a_quotient(x):
    e = torch.exp(x)
    sigmoid = e / (1 + e)
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": 2 / (1 + torch.exp(-2 * x.clamp(min=-40))) - 1,
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="1/(1 + e⁻ˣ) is right far out, but its slope is not: e¹⁰⁰⁰ is inf, and 0·inf is nan. "
    "Clamp what goes into exp, for example at −80.",
)
def infinity_in_the_slope(x):
    sigmoid = 1 / (1 + torch.exp(-x))
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": 2 / (1 + torch.exp(-2 * x.clamp(min=-40))) - 1,
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="Your slopes are nan on both sides: there exp is inf, and 0·inf is nan. `where` does not "
    "help, since both branches are worked out. Keep inf away: exp(−|x|), or clamp before exp.",
)
def where_after_the_infinity(x):
    e = torch.exp(x)
    sigmoid = torch.where(x < 0, e / (1 + e), 1 / (1 + torch.exp(-x)))
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": 2 / (1 + torch.exp(-2 * x.clamp(min=-40))) - 1,
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="You clamp at 10, where the sigmoid is not yet flat: e⁻¹⁰ is 0.00005. "
    "float32 holds e⁸⁰, so clamp at −80.",
)
def clamped_too_early(x):
    sigmoid = 1 / (1 + torch.exp(-x.clamp(-10, 10)))
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": 2 / (1 + torch.exp(-2 * x.clamp(min=-40))) - 1,
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ) is inf/inf, which is nan, far from zero. "
    "tanh(x) = 2·sigmoid(2x) − 1 holds everywhere.",
)
def tanh_as_a_quotient(x):
    sigmoid = 1 / (1 + torch.exp(-x.clamp(min=-80)))
    up, down = torch.exp(x), torch.exp(-x)
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": (up - down) / (up + down),
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="Sigmoid and tanh are both quotients of infinities far from zero, and inf/inf is nan. "
    "Write 1/(1 + e⁻ˣ) with x clamped at −80, and the tanh as 2·sigmoid(2x) − 1.",
)
def both_as_quotients(x):
    up, down = torch.exp(x), torch.exp(-x)
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": up / (1 + up),
        "tanh": (up - down) / (up + down),
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * up / (1 + up),
    }


@misconception(
    "activations",
    says="tanh is the sigmoid stretched and squeezed: 2·sigmoid(2x) − 1, with 2x inside.",
)
def tanh_too_flat(x):
    sigmoid = 1 / (1 + torch.exp(-x.clamp(min=-80)))
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": 2 * sigmoid - 1,
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="That is the GELU by its tanh formula, an approximation. "
    "The exact one is x·(1 + erf(x/√2))/2.",
)
def gelu_by_tanh(x):
    sigmoid = 1 / (1 + torch.exp(-x.clamp(min=-80)))
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    tanh = 2 / (1 + torch.exp(-2 * inner.clamp(min=-40))) - 1
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": 2 / (1 + torch.exp(-2 * x.clamp(min=-40))) - 1,
        "gelu": x * (1 + tanh) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="The √2 is missing in your GELU: Φ(x) = (1 + erf(x/√2))/2.",
)
def gelu_without_the_root(x):
    sigmoid = 1 / (1 + torch.exp(-x.clamp(min=-80)))
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": 2 / (1 + torch.exp(-2 * x.clamp(min=-40))) - 1,
        "gelu": x * (1 + torch.erf(x)) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="A ready-made activation made one of them. Write all six with exp, erf, clamp and where.",
)
def ready_made(x):
    sigmoid = torch.sigmoid(x)
    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": torch.tanh(x),
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="You change x in place, and the caller's tensor with it. "
    "x.clamp(min=0) and torch.where(…) build a new one; clamp_ and x[x < 0] = … do not.",
)
def changed_in_place(x):
    sigmoid = 1 / (1 + torch.exp(-x.clamp(min=-80)))
    return {
        "relu": x.clamp_(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": 2 / (1 + torch.exp(-2 * x.clamp(min=-40))) - 1,
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@misconception(
    "activations",
    says="torch.zeros(…) lives on the CPU, wherever x is. "
    "Use torch.zeros_like(x), or x.clamp(min=0).",
)
def zeros_on_the_cpu(x):
    sigmoid = 1 / (1 + torch.exp(-x.clamp(min=-80)))
    return {
        "relu": torch.maximum(x, torch.zeros(x.shape)),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": sigmoid,
        "tanh": 2 / (1 + torch.exp(-2 * x.clamp(min=-40))) - 1,
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * sigmoid,
    }


@alternative("activations")
def by_the_distance_from_zero(x):
    e = torch.exp(-x.abs())  # never more than 1
    sigmoid = torch.where(x < 0, e, torch.ones_like(x)) / (1 + e)
    tanh = torch.where(x < 0, e * e - 1, 1 - e * e) / (1 + e * e)
    return {
        "relu": torch.where(x > 0, x, torch.zeros_like(x)),
        "leaky_relu": x.clamp(min=0) + 0.01 * x.clamp(max=0),
        "sigmoid": sigmoid,
        "tanh": tanh,
        "gelu": 0.5 * x * (1.0 + torch.erf(x * 0.5**0.5)),
        "silu": x * sigmoid,
    }


@alternative("activations")
def multiplied_by_masks(x):
    def sigmoid(v):
        v = v.clamp(-85, 85)
        return torch.exp(v) / (torch.exp(v) + 1)

    positive = x > 0
    return {
        "silu": sigmoid(x) * x,
        "gelu": x * torch.erfc(-x / 2**0.5) / 2,
        "tanh": 1 - 2 * sigmoid(-2 * x),
        "sigmoid": sigmoid(x),
        "leaky_relu": x * (positive + 0.01 * ~positive),
        "relu": x * positive,
    }


@alternative("activations")
def from_two_exponentials(x):
    near = x.clamp(-40, 40)
    up, down = torch.exp(near), torch.exp(-near)
    names = ["relu", "leaky_relu", "sigmoid", "tanh", "gelu", "silu"]
    curves = [
        (x + x.abs()) / 2,
        0.505 * x + 0.495 * x.abs(),
        up / (1 + up),
        (up - down) / (up + down),
        x / 2 + x / 2 * torch.erf(x / math.sqrt(2)),
        x * up / (1 + up),
    ]
    return dict(zip(names, curves, strict=True))


@alternative("activations")
def through_the_logarithm(x):
    def sigmoid(v):
        return torch.exp(-torch.logaddexp(torch.zeros_like(v), -v))

    def choose(left, right):
        return torch.where(x <= 0, left, right)

    return {
        "relu": choose(0 * x, x),
        "leaky_relu": choose(x / 100, x),
        "sigmoid": sigmoid(x),
        "tanh": sigmoid(2 * x) - sigmoid(-2 * x),
        "gelu": x * (0.5 + 0.5 * torch.erf(x / math.sqrt(2))),
        "silu": x * sigmoid(x),
    }
