"""Lesson 03's mistakes in other words."""

# ruff: noqa: B905, F811 - many wrong solutions of one exercise, as students write them

import math

import torch
import torch.nn.functional as F
from torch import nn

from tests.other_words.cases import told


@told("cut_towards_zero")
def conv_size(H, W, K, S=1, P=0, D=1):
    def two(x):
        return x if isinstance(x, tuple) else (x, x)

    K, S, P, D = two(K), two(S), two(P), two(D)
    h = int((H + 2 * P[0] - D[0] * (K[0] - 1) - 1) / S[0]) + 1
    w = int((W + 2 * P[1] - D[1] * (K[1] - 1) - 1) / S[1]) + 1
    if h <= 0 or w <= 0:
        raise ValueError("too small")
    return h, w


@told("undilated_window_compared")
def conv_size(H, W, K, S=1, P=0, D=1):
    def two(x):
        return x if isinstance(x, tuple) else (x, x)

    K, S, P, D = two(K), two(S), two(P), two(D)
    if K[0] > H + 2 * P[0] or K[1] > W + 2 * P[1]:
        raise ValueError("kernel too large")
    sizes = zip((H, W), K, S, P, D)
    return tuple((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in sizes)


@told(says="A window fits here: compare it with the padded side")
def conv_size(H, W, K, S=1, P=0, D=1):
    def two(x):
        return x if isinstance(x, tuple) else (x, x)

    K, S, P, D = two(K), two(S), two(P), two(D)
    if D[0] * (K[0] - 1) + 1 > H or D[1] * (K[1] - 1) + 1 > W:
        raise ValueError("kernel too large")
    sizes = zip((H, W), K, S, P, D)
    return tuple((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in sizes)


@told("counts_as_floats")
def visit_counts(H, W, K, S=1, P=0):
    x = torch.zeros(1, 1, H, W, requires_grad=True)
    F.conv2d(x, torch.ones(1, 1, K, K), stride=S, padding=P).sum().backward()
    return x.grad[0, 0]


@told("edge_shown_twice")
def pad_image(image, P, mode):
    x = image
    for _ in range(2):
        if mode == "zeros":
            a = b = torch.zeros_like(x[:1]).repeat(P, 1)
        elif mode == "reflect":
            a, b = x[:P].flip(0), x[x.shape[0] - P :].flip(0)
        elif mode == "replicate":
            a, b = x[:1].repeat(P, 1), x[-1:].repeat(P, 1)
        else:
            a, b = x[x.shape[0] - P :], x[:P]
        x = torch.cat([a, x, b]).T
    return x


@told("minus_zero_at_the_start")
def pad_image(image, P, mode):
    x = image
    for _ in range(2):
        if mode == "zeros":
            a = b = torch.zeros_like(x[:1]).repeat(P, 1)
        elif mode == "reflect":
            a, b = x[1 : P + 1].flip(0), x[-P - 1 : -1].flip(0)
        elif mode == "replicate":
            a, b = x[:1].repeat(P, 1), x[-1:].repeat(P, 1)
        else:
            a, b = x[-P:], x[:P]
        x = torch.cat([a, x, b]).T
    return x


@told("strides_ignored")
def receptive_field(layers):
    return 1 + sum((k - 1) * d for k, s, d in layers)


@told("last_stride_only")
def receptive_field(layers):
    field, step = 1, 1
    for k, s, d in layers:
        field += d * (k - 1) * step
        step = s
    return field


@told("ready_made")
def strided_conv(image, kernel, S):
    return torch.conv2d(image[None, None], kernel[None, None], None, S)[0, 0]


@told("half_a_kernel_on_each_side")
def conv2d_mode(image, kernel, mode):
    kh, kw = kernel.shape
    ph, pw = {"valid": (0, 0), "same": (kh // 2, kw // 2), "full": (kh - 1, kw - 1)}[mode]
    H, W = image.shape
    big = image.new_zeros(H + 2 * ph, W + 2 * pw)
    big[ph : ph + H, pw : pw + W] = image
    return F.conv2d(big[None, None], kernel[None, None])[0, 0]


@told("whole_map")
def field_mask(layers, size):
    x = torch.ones(1, 1, size, size, requires_grad=True)
    y = x
    for k, s, d in layers:
        y = F.conv2d(y, torch.ones(1, 1, k, k), None, s, 0, d)
    y.mean().backward()
    return x.grad[0, 0] > 0


@told("one_missing")
def transposed_size(size, K, S=1, P=0, output_padding=0, D=1):
    return S * (size - 1) - 2 * P + D * (K - 1) + output_padding


@told("last_window_kept")
def pool_size(size, K, S=None, P=0, D=1, ceil_mode=False):
    if S is None:
        S = K
    steps = (size + 2 * P - D * (K - 1) - 1) / S + 1
    return math.ceil(steps) if ceil_mode else math.floor(steps)


@told("stride_one_by_default")
def pool_size(size, K, S=None, P=0, D=1, ceil_mode=False):
    layer = nn.MaxPool1d(K, S or 1, P, D, ceil_mode=ceil_mode)
    return layer(torch.zeros(1, size)).shape[-1]


@told("layers_built")
def design_stack(budget):
    return nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1))
