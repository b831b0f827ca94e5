"""Lesson 04's mistakes on the way from layers to a net, in other words."""

# ruff: noqa: B905, F811 - many wrong solutions of one exercise, as students write them

import math

import torch
import torch.nn.functional as F
from torch import nn

from tests.other_words.cases import told


@told("relu_before_the_sum_too")
def residual_block(x, weight1, weight2, projection=None, S=1):
    half = weight1.shape[-1] // 2
    y = x
    for weight, step in ((weight1, S), (weight2, 1)):
        y = torch.conv2d(y, weight, None, step, half).relu()
    short = x if projection is None else torch.conv2d(x, projection, None, S)
    return (y + short).relu()


@told("last_relu_missing")
def residual_block(x, weight1, weight2, projection=None, S=1):
    half = weight1.shape[-1] // 2
    y = F.conv2d(F.conv2d(x, weight1, stride=S, padding=half).clamp(min=0), weight2, padding="same")
    if projection is not None:
        x = torch.einsum("nchw,oc->nohw", x[:, :, ::S, ::S], projection[:, :, 0, 0])
    return x + y


@told("added_after_the_activation")
def residual_block(x, weight1, weight2, projection=None, S=1):
    def conv(x, weight, step=1):
        return nn.functional.conv2d(x, weight, None, step, weight.shape[-1] // 2)

    branch = torch.relu(conv(torch.relu(conv(x, weight1, S)), weight2))
    if projection is None:
        return branch + x
    return branch + conv(x, projection, S)


@told("projection_without_stride")
def residual_block(x, weight1, weight2, projection=None, S=1):
    pad = int(weight1.shape[-1] / 2)
    y = torch.conv2d(x, weight1, stride=S, padding=pad).clamp_min(0)
    y = torch.conv2d(y, weight2, padding=pad)
    if projection is not None:
        x = torch.einsum("nchw,ocij->nohw", x, projection)
    return torch.maximum(x + y, torch.zeros_like(y))


@told("asked_whether_true")
def residual_block(x, weight1, weight2, projection=None, S=1):
    pad = weight1.shape[2] // 2
    y = F.relu(F.conv2d(x, weight1, None, S, pad))
    y = F.conv2d(y, weight2, None, 1, pad)
    y = y + (F.conv2d(x, projection, stride=S) if projection else x)
    return F.relu(y)


@told("softmax_twice")
def cross_entropy(logits, labels):
    e = (logits - logits.amax(1, True)).exp()
    p = e / e.sum(1, True)
    rest = p.exp().sum(1).log() - p.gather(1, labels[:, None])[:, 0]
    return rest.mean()


@told("every_label_from_every_row")
def cross_entropy(logits, labels):
    z = logits - logits.max(dim=1).values[:, None]
    z = z - z.exp().sum(1).log()[:, None]
    return -z.index_select(1, labels).mean()


@told("overflows")
def cross_entropy(logits, labels):
    total = torch.einsum("nc->n", logits.exp())
    right = torch.stack([row[label] for row, label in zip(logits, labels)])
    return (total.log() - right).mean()


@told("averaged_over_the_classes_too")
def cross_entropy(logits, labels):
    z = logits.T - logits.amax(1)
    z = (z - z.exp().sum(0).log()).T
    one_hot = torch.zeros_like(z).scatter(1, labels.unsqueeze(1), 1.0)
    return (one_hot * -z).mean()


@told("softmax_over_the_batch")
def cross_entropy(logits, labels):
    z = logits - logits.amax(0)
    log_p = z - torch.log(torch.exp(z).sum(0))
    return -sum(log_p[n, c] for n, c in enumerate(labels.tolist())) / len(labels)


@told("in_halves")
def positional_encoding(length, d):
    speed = torch.exp(torch.arange(d // 2) * (-2 * math.log(10000) / d))
    angle = torch.outer(torch.arange(length).float(), speed)
    return torch.hstack([angle.sin(), angle.cos()])


@told("doubled_twice")
def positional_encoding(length, d):
    table = torch.empty(length, d)
    for p in range(length):
        for i in range(0, d, 2):
            angle = p / 10000 ** (2 * i / d)
            table[p, i], table[p, i + 1] = math.sin(angle), math.cos(angle)
    return table


@told("counted_from_one")
def positional_encoding(length, d):
    i = torch.arange(d) // 2
    angle = torch.cumsum(torch.ones(length, 1), 0) * torch.pow(10000.0, -2 * i / d)
    return torch.where(torch.arange(d) % 2 == 0, angle.sin(), angle.cos())


@told("frequency_for_each_column")
def positional_encoding(length, d):
    def entry(p, k):
        angle = p * 10000 ** (-k / d)
        return math.cos(angle) if k % 2 else math.sin(angle)

    return torch.tensor([[entry(p, k) for k in range(d)] for p in range(length)])


@told("cosine_first")
def positional_encoding(length, d):
    p = torch.arange(length, dtype=torch.float32).view(-1, 1)
    speed = 1e4 ** (-torch.arange(0, d, 2) / d)
    return torch.view_as_real(torch.polar(torch.ones(length, d // 2), p * speed)).flatten(1)


@told("update_turned_round")
def gru_cell(x, h, W_x, W_h, b_x, b_h):
    a, b = F.linear(x, W_x, b_x), F.linear(h, W_h, b_h)
    D = h.shape[1]
    r, z = (a + b)[:, : 2 * D].sigmoid().split(D, 1)
    n = (a[:, 2 * D :] + r * b[:, 2 * D :]).tanh()
    return torch.lerp(h, n, z)


@told("reset_before_the_matrix")
def gru_cell(x, h, W_x, W_h, b_x, b_h):
    D = h.shape[1]
    both = torch.cat([x, h], 1)
    r = torch.sigmoid(both @ torch.cat([W_x[:D], W_h[:D]], 1).T + b_x[:D] + b_h[:D])
    z = both @ torch.cat([W_x[D:-D], W_h[D:-D]], 1).T + b_x[D:-D] + b_h[D:-D]
    z = 1 / (1 + torch.exp(-z))
    n = torch.cat([x, r * h], 1) @ torch.cat([W_x[-D:], W_h[-D:]], 1).T
    n = torch.tanh(n + b_x[-D:] + b_h[-D:])
    return n - z * n + z * h


@told("gates_exchanged")
def gru_cell(x, h, W_x, W_h, b_x, b_h):
    U, V = W_x.unflatten(0, (3, -1)), W_h.unflatten(0, (3, -1))
    u = torch.einsum("ni,gdi->gnd", x, U) + b_x.view(3, 1, -1)
    v = torch.einsum("ne,gde->gnd", h, V) + b_h.view(3, 1, -1)
    z, r = torch.sigmoid(u[:2] + v[:2])
    return (1 - z) * torch.tanh(u[2] + r * v[2]) + z * h


@told("bias_not_reset")
def gru_cell(x, h, W_x, W_h, b_x, b_h):
    W, V, b = W_x.chunk(3), W_h.chunk(3), (b_x + b_h).chunk(3)
    r, z = (torch.sigmoid(x @ W[k].T + h @ V[k].T + b[k]) for k in (0, 1))
    n = torch.tanh(torch.addmm(b[2], x, W[2].T) + torch.mm(h, V[2].T) * r)
    return h + (1 - z) * (n - h)


@told("input_reset_too")
def gru_cell(x, h, W_x, W_h, b_x, b_h):
    total = torch.cat([x, h], 1) @ torch.cat([W_x, W_h], 1).T + b_x + b_h
    r, z, n = total.tensor_split(3, dim=1)
    n = (r.sigmoid() * n).tanh()
    return n + z.sigmoid() * (h - n)
