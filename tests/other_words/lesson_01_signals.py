"""Lesson 01's mistakes in other words: counting, and one dimension."""

# ruff: noqa: F811 - many wrong solutions of one exercise, as students write them

import torch
from torch import nn

from tests.other_words.cases import told


@told("conv_biases_forgotten")
def layer_parameters(C, H, W, F, K):
    inputs = C * H * W
    outputs = F * (H - K + 1) * (W - K + 1)
    layer = nn.Conv2d(C, F, K, bias=False, device="meta")
    return inputs * outputs + outputs, layer.weight.numel()


@told("dense_biases_forgotten")
def layer_parameters(C, H, W, F, K):
    side = H - K + 1, W - K + 1
    return C * H * W * F * side[0] * side[1], (K * K * C + 1) * F


@told("one_neuron_per_filter")
def layer_parameters(C, H, W, F, K):
    dense = nn.Linear(C * H * W, F, device="meta")
    conv = nn.Conv2d(C, F, K, device="meta")
    return tuple(sum(p.numel() for p in layer.parameters()) for layer in (dense, conv))


@told("maps_as_large_as_the_image")
def layer_parameters(C, H, W, F, K):
    pixels = H * W
    dense = pixels * C * pixels * F + pixels * F
    return dense, F * C * K**2 + F


@told("flat_filters")
def layer_parameters(C, H, W, F, K):
    out = F * (1 + H - K) * (1 + W - K)
    return out + out * C * H * W, F + F * K**2


@told("order_exchanged")
def layer_parameters(C, H, W, F, K):
    neurons = (H - K + 1) * (W - K + 1) * F
    return F * (1 + C * K**2), neurons + neurons * (C * H * W)


@told("kernel_flipped")
def correlate1d(x, k):
    turned = torch.flip(k, (0,))
    windows = [x[i : i + len(k)] for i in range(len(x) - len(k) + 1)]
    return torch.stack([torch.dot(window, turned) for window in windows])


@told("one_window_short")
def correlate1d(x, k):
    return torch.stack([x[i : i + len(k)] @ k for i in range(len(x) - len(k))])


@told("plain_zeros")
def correlate1d(x, k):
    answers = []
    for i in range(len(x) - len(k) + 1):
        answers.append(sum(float(x[i + m]) * float(k[m]) for m in range(len(k))))
    return torch.tensor(answers)


@told("product_overwritten")
def correlate1d(x, k):
    out = x.new_zeros(len(x) - len(k) + 1)
    for i in range(len(out)):
        total = 0
        for m, weight in enumerate(k):
            total = weight * x[i + m]
        out[i] = total
    return out


@told("slides_over_the_end")
def correlate1d(x, k):
    longer = torch.cat([x, x.new_zeros(len(k) - 1)])
    return torch.stack([sum(longer[i + m] * k[m] for m in range(len(k))) for i in range(len(x))])


@told("not_flipped")
def convolve1d(f, g):
    edge = f.new_zeros(len(g) - 1)
    return correlate1d(torch.cat((edge, f, edge)), g)


@told("made_on_the_cpu")
def convolve1d(f, g):
    out = torch.zeros(len(f) + len(g) - 1, dtype=g.dtype)
    for n in range(len(out)):
        for t in range(max(0, n - len(g) + 1), min(n + 1, len(f))):
            out[n] += f[t] * g[n - t]
    return out


@told("ready_made")
def convolve1d(f, g):
    return torch.conv1d(f.view(1, 1, -1), g.flip(0).view(1, 1, -1), padding=len(g) - 1).view(-1)


@told("not_padded")
def convolve_fft(f, g):
    n = max(len(f), len(g))
    return torch.fft.irfft(torch.fft.rfft(f, n) * torch.fft.rfft(g, n), n)


@told("left_complex")
def convolve_fft(f, g):
    n = len(g) + len(f) - 1
    return torch.fft.ifft(torch.fft.fft(f, n=n) * torch.fft.fft(g, n=n))


@told("conjugated")
def convolve_fft(f, g):
    n = len(g) + len(f) - 1
    spectrum = torch.fft.fft(f, n=n) * torch.conj(torch.fft.fft(g, n=n))
    return torch.fft.ifft(spectrum).real


@told("length_guessed")
def convolve_fft(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.irfft(torch.fft.rfft(f, n) * torch.fft.rfft(g, n))


@told("spectra_added")
def convolve_fft(f, g):
    n = len(f) + len(g) - 1
    return torch.fft.ifft(torch.fft.fft(g, n) + torch.fft.fft(f, n)).real


@told("loops_again")
def convolve_fft(f, g):
    return convolve1d(f, g)
