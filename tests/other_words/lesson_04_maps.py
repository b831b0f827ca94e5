"""Lesson 04's mistakes with layers that work on maps, in other words."""

# ruff: noqa: B905, F811 - many wrong solutions of one exercise, as students write them

import math

import torch
import torch.nn.functional as F
from torch import nn

from tests.other_words.cases import told


@told("one_pixel_by_default")
def pool2d(x, K, S=None, how="max"):
    windows = x.unfold(2, K, S or 1).unfold(3, K, S or 1).flatten(4)
    return windows.amax(-1) if how == "max" else windows.mean(-1)


@told("size_without_the_window")
def pool2d(x, K, S=None, how="max"):
    S = K if S is None else S
    rows = []
    for i in range(x.shape[2] // S):
        row = []
        for j in range(x.shape[3] // S):
            window = x[:, :, i * S : i * S + K, j * S : j * S + K]
            row.append(window.amax((2, 3)) if how == "max" else window.mean((2, 3)))
        rows.append(torch.stack(row, -1))
    return torch.stack(rows, -2)


@told("maximum_from_zero")
def pool2d(x, K, S=None, how="max"):
    S = S or K
    h, w = (x.shape[2] - K) // S + 1, (x.shape[3] - K) // S + 1
    best = total = torch.zeros_like(x[:, :, :h, :w])
    for a in range(K):
        for b in range(K):
            part = x[:, :, a::S, b::S][:, :, :h, :w]
            best, total = torch.maximum(best, part), total + part
    return best if how == "max" else total / K**2


@told("always_side_by_side")
def pool2d(x, K, S=None, how="max"):
    N, C, H, W = x.shape
    blocks = x[:, :, : H // K * K, : W // K * K].reshape(N, C, H // K, K, W // K, K)
    return blocks.amax((3, 5)) if how == "max" else blocks.mean((3, 5))


@told("channels_pooled_too")
def pool2d(x, K, S=None, how="max"):
    S = S or K
    h = (x.shape[2] - K) // S + 1
    columns = F.unfold(x, K, stride=S)
    pooled = columns.amax(1) if how == "max" else columns.mean(1)
    return pooled.reshape(x.shape[0], 1, h, -1)


@told("groups_forgotten")
def depthwise_separable(x, depthwise, pointwise):
    middle = torch.conv2d(x, depthwise, None, 1, depthwise.shape[-1] // 2)
    return torch.einsum("nchw,oc->nohw", middle, pointwise[:, :, 0, 0])


@told("kernels_spread_over_channels")
def depthwise_separable(x, depthwise, pointwise):
    middle = F.conv2d(x.sum(1, keepdim=True), depthwise, padding="same")
    return F.conv2d(middle, pointwise)


@told("padding_of_one")
def depthwise_separable(x, depthwise, pointwise):
    maps = [F.conv2d(m, k[None], padding=1) for m, k in zip(x.split(1, 1), depthwise)]
    return F.conv2d(torch.cat(maps, 1), pointwise)


@told("pointwise_first")
def depthwise_separable(x, depthwise, pointwise):
    mixed = torch.einsum("nchw,ocij->nohw", x, pointwise)
    return F.conv2d(mixed, depthwise, padding="same", groups=len(depthwise))


@told("relu_in_between")
def depthwise_separable(x, depthwise, pointwise):
    maps = F.conv2d(x, depthwise, padding="same", groups=len(depthwise)).clamp(min=0)
    return torch.einsum("nchw,oc->nohw", maps, pointwise.flatten(1))


@told("biases_counted")
def separable_saving(C_in, C_out, K):
    def count(*layers):
        return sum(p.numel() for p in nn.ModuleList(layers).parameters())

    one = nn.Conv2d(C_in, C_in, K, groups=C_in)
    return count(nn.Conv2d(C_in, C_out, K)), count(one, nn.Conv2d(C_in, C_out, 1))


@told("depthwise_without_groups")
def separable_saving(C_in, C_out, K):
    sizes = [(C_out, C_in, K, K), (C_in, C_in, K, K), (C_out, C_in, 1, 1)]
    full, depth, point = (math.prod(size) for size in sizes)
    return full, depth + point


@told("a_kernel_for_each_filter")
def separable_saving(C_in, C_out, K):
    return C_in * C_out * K**2, C_out * (K * K + C_in)


@told("exchanged")
def separable_saving(C_in, C_out, K):
    return C_in * (K * K + C_out), C_in * K * K * C_out


@told("stamps_overwrite")
def transposed_conv2d(x, weight, S=1, P=0):
    N, _, H, W = x.shape
    _, C_out, a, b = weight.shape
    out = x.new_zeros(N, C_out, (H - 1) * S + a, (W - 1) * S + b)
    for i in range(H):
        for j in range(W):
            stamp = torch.einsum("nc,coab->noab", x[:, :, i, j], weight)
            out[:, :, i * S : i * S + a, j * S : j * S + b] = stamp
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


@told("stamps_turned")
def transposed_conv2d(x, weight, S=1, P=0):
    N, C, H, W = x.shape
    apart = x.new_zeros(N, C, (H - 1) * S + 1, (W - 1) * S + 1)
    apart[:, :, ::S, ::S] = x
    border = weight.shape[2] - 1, weight.shape[3] - 1
    y = F.conv2d(apart, weight.transpose(0, 1), padding=border)
    return y[..., P : y.shape[-2] - P, P : y.shape[-1] - P]


@told("nothing_left_without_padding")
def transposed_conv2d(x, weight, S=1, P=0):
    a, b = weight.shape[2:]
    size = (x.shape[2] - 1) * S + a, (x.shape[3] - 1) * S + b
    stamps = torch.einsum("nchw,coab->noabhw", x, weight).flatten(4).flatten(1, 3)
    return F.fold(stamps, size, (a, b), stride=S)[..., P:-P, P:-P]


@told("zeros_behind_the_last")
def transposed_conv2d(x, weight, S=1, P=0):
    zeros = torch.zeros_like(x)
    x = torch.stack([x] + [zeros] * (S - 1), -1).flatten(-2)
    x = torch.stack([x] + [torch.zeros_like(x)] * (S - 1), -2).flatten(-3, -2)
    a, b = weight.shape[2:]
    x = F.pad(x, (b - 1, b - 1, a - 1, a - 1))
    y = F.conv2d(x, weight.permute(1, 0, 2, 3).flip(-1, -2))
    return y[:, :, P : y.shape[2] - P, P : y.shape[3] - P]


@told("padding_ignored")
def transposed_conv2d(x, weight, S=1, P=0):
    H, W = x.shape[2:]
    out = 0
    for i in range(H):
        for j in range(W):
            stamp = torch.tensordot(x[:, :, i, j], weight, dims=1)
            left, top = j * S, i * S
            right, below = (W - 1 - j) * S, (H - 1 - i) * S
            out = out + F.pad(stamp, (left, right, top, below))
    return out


@told("block_turned_over")
def pixel_shuffle(x, r):
    N, C, H, W = x.shape
    out = x.new_empty(N, C // r**2, H * r, W * r)
    for a in range(r):
        for b in range(r):
            out[:, :, a::r, b::r] = x[:, a + b * r :: r * r]
    return out


@told("channels_last_in_the_block")
def pixel_shuffle(x, r):
    pieces = x.chunk(r * r, dim=1)
    rows = [torch.stack(pieces[i * r : i * r + r], -1).flatten(-2) for i in range(r)]
    return torch.stack(rows, -2).flatten(2, 3)


@told("maps_side_by_side")
def pixel_shuffle(x, r):
    bands = []
    for a in range(r):
        bands.append(torch.cat([x[:, a * r + b :: r * r] for b in range(r)], dim=3))
    return torch.cat(bands, dim=2)


@told("reshaped_only")
def pixel_shuffle(x, r):
    return x.flatten().unflatten(0, (len(x), -1, x.shape[2] * r, x.shape[3] * r))


@told("normalised_by_the_unbiased")
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    var, mean = running_var, running_mean
    if training:
        var, mean = torch.var_mean(x, (0, 2, 3))
        running_mean = torch.lerp(running_mean, mean, momentum)
        running_var = torch.lerp(running_var, var, momentum)
    y = (x.movedim(1, -1) - mean) * (var + eps).rsqrt() * gamma + beta
    return y.movedim(-1, 1), running_mean, running_var


@told("biased_into_running")
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    if training:
        rows = x.transpose(0, 1).flatten(1)
        mean = rows.mean(1)
        var = (rows**2).mean(1) - mean**2
        running_mean = running_mean + momentum * (mean - running_mean)
        running_var = running_var + momentum * (var - running_var)
    else:
        mean, var = running_mean, running_var
    scale = (gamma / torch.sqrt(var + eps)).view(-1, 1, 1)
    return (
        x * scale + (beta.view(-1, 1, 1) - mean.view(-1, 1, 1) * scale),
        running_mean,
        running_var,
    )


@told("momentum_the_wrong_way_round")
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    out, means, variances = [], [], []
    for c in range(x.shape[1]):
        m, v = running_mean[c], running_var[c]
        if training:
            m, v = x[:, c].mean(), x[:, c].var(unbiased=False)
        out.append((x[:, c] - m) / (v + eps) ** 0.5 * gamma[c] + beta[c])
        means.append(m)
        variances.append(x[:, c].var() if training else v)
    y = torch.stack(out, 1)
    if not training:
        return y, running_mean, running_var
    new_mean = torch.lerp(torch.stack(means), running_mean, momentum)
    return y, new_mean, torch.lerp(torch.stack(variances), running_var, momentum)


@told("batch_statistics_at_evaluation")
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    flat = x.permute(1, 0, 2, 3).reshape(x.shape[1], -1)
    z = flat - flat.mean(1, keepdim=True)
    z = z / (z.pow(2).mean(1, keepdim=True) + eps).sqrt()
    z = gamma[:, None] * z + beta[:, None]
    y = z.reshape(x.shape[1], x.shape[0], *x.shape[2:]).transpose(0, 1)
    if training:
        running_mean = running_mean * (1 - momentum) + momentum * flat.mean(1)
        running_var = running_var * (1 - momentum) + momentum * flat.var(1)
    return y, running_mean, running_var


@told("each_image_by_itself")
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    if training:
        maps = x.flatten(2)
        mean = maps.mean(2)
        var = maps.var(2, unbiased=False)
        m, v = mean.mean(0), maps.var(2).mean(0)
        running_mean = (1 - momentum) * running_mean + momentum * m
        running_var = (1 - momentum) * running_var + momentum * v
    else:
        mean, var = running_mean.expand(len(x), -1), running_var.expand(len(x), -1)
    y = (x - mean[:, :, None, None]) / torch.sqrt(var[:, :, None, None] + eps)
    return torch.einsum("nchw,c->nchw", y, gamma) + beta[:, None, None], running_mean, running_var


@told("unbiased_variance")
def layer_norm(x, gamma, beta, eps=1e-5):
    axes = tuple(range(x.dim() - gamma.dim(), x.dim()))
    var, mean = torch.var_mean(x, axes, keepdim=True)
    return torch.addcmul(beta, gamma, (x - mean) * torch.rsqrt(var + eps))


@told("all_but_the_first_axis")
def layer_norm(x, gamma, beta, eps=1e-5):
    rows = x.flatten(1)
    rows = rows - rows.mean(1, keepdim=True)
    rows = rows / torch.sqrt((rows * rows).mean(1, keepdim=True) + eps)
    return gamma * rows.reshape(x.shape) + beta


@told("last_axis_only")
def layer_norm(x, gamma, beta, eps=1e-5):
    n = x.shape[-1]
    mean = x.sum(-1)[..., None] / n
    var = ((x - mean) ** 2).sum(-1)[..., None] / n
    return gamma * (x - mean) / (var + eps) ** 0.5 + beta


@told("eps_outside_the_root")
def layer_norm(x, gamma, beta, eps=1e-5):
    rows = x.reshape(-1, gamma.numel())
    rows = (rows.T - rows.mean(1)) / (rows.std(1, unbiased=False) + eps)
    return rows.T.reshape(x.shape) * gamma + beta


@told("not_scaled")
def dropout(x, p, noise, training):
    return x.masked_fill(noise < p, 0) if training else x


@told("nan_when_all_is_dropped")
def dropout(x, p, noise, training):
    if not training:
        return x
    kept = noise.ge(p).to(x.dtype)
    return kept.div(1 - p).mul(x)


@told("dropped_at_evaluation")
def dropout(x, p, noise, training):
    if p >= 1:
        return torch.zeros_like(x)
    return torch.stack([x * 0, x / (1 - p)]).gather(0, noise.ge(p).long()[None])[0]


@told("scaled_at_evaluation")
def dropout(x, p, noise, training):
    if not training:
        return x - p * x
    return x.masked_fill(noise < p, 0)


@told("p_as_the_share_kept")
def dropout(x, p, noise, training):
    if not training:
        return x
    if p == 0:
        return x * 0
    return torch.where(noise < p, x, torch.zeros_like(x)) / p
