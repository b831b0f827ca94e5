"""Lesson 04's mistakes with activations, in other words."""

# ruff: noqa: F811 - many wrong solutions of one exercise, as students write them

import math

import torch

from tests.other_words.cases import told


@told("gelu_by_tanh")
def activations(x):
    def sigmoid(t):
        return (1 + t.clamp(min=-80).neg().exp()).reciprocal()

    inner = 2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return {
        "relu": (x + x.abs()) / 2,
        "leaky_relu": x.clamp(min=0) + 0.01 * x.clamp(max=0),
        "sigmoid": sigmoid(x),
        "tanh": sigmoid(2 * x) * 2 - 1,
        "gelu": x * sigmoid(inner),
        "silu": x * sigmoid(x),
    }


@told("slope_of_a_tenth")
def activations(x):
    small = torch.exp(-x.abs())
    sigmoid = torch.where(x < 0, small, torch.ones_like(x)) / (1 + small)
    smaller = torch.exp(-2 * x.abs())
    return {
        "relu": torch.maximum(x, torch.zeros_like(x)),
        "leaky_relu": torch.maximum(x, x / 10),
        "sigmoid": sigmoid,
        "tanh": 2 * torch.where(x < 0, smaller, torch.ones_like(x)) / (1 + smaller) - 1,
        "gelu": x / 2 * (1 + torch.erf(x * 0.5**0.5)),
        "silu": x * sigmoid,
    }


@told("tanh_as_a_quotient")
def activations(x):
    up, down = torch.exp(x), torch.exp(-x)
    sigmoid = 1 / (torch.exp(-x.clamp(min=-60)) + 1)
    return {
        "relu": x * (x > 0),
        "leaky_relu": x * torch.where(x > 0, 1.0, 0.01).to(x.dtype),
        "sigmoid": sigmoid,
        "tanh": (up - down).div(up + down),
        "gelu": 0.5 * x * (torch.erf(x / math.sqrt(2)) + 1),
        "silu": sigmoid * x,
    }


@told("sigmoid_as_a_quotient")
def activations(x):
    e = torch.exp(x)
    twice = (1 + torch.exp(-2 * x.clamp(min=-40))) ** -1
    return {
        "relu": x.clamp_min(0),
        "leaky_relu": torch.where(x > 0, x, x * 0.01),
        "sigmoid": e / (e + 1),
        "tanh": twice + twice - 1,
        "gelu": x * (1 + (x / 2**0.5).erf()) / 2,
        "silu": x * e / (e + 1),
    }


@told("infinity_in_the_slope")
def activations(x):
    def sigmoid(t):
        return torch.ones_like(t) / (1 + math.e ** (-t))

    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x >= 0, x, 0.01 * x),
        "sigmoid": sigmoid(x),
        "tanh": 2 * sigmoid(2 * x) - 1,
        "gelu": x * 0.5 * (1 + torch.erf(x / math.sqrt(2))),
        "silu": x * sigmoid(x),
    }
