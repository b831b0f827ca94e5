"""Sizes, visits, fields and prices of layers, as torch has them: for lesson 03's quiz."""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import nn

from tests.quizzes.answers import conv, count, outcome, shape


def size(W, K, S=1, P=0, D=1) -> int:
    """The length that torch makes of a line of W pixels."""
    return nn.Conv1d(1, 1, K, S, P, D, device="meta")(torch.empty(1, W, device="meta")).shape[1]


def area(H, W, K, S=1, P=0) -> tuple[int, ...]:
    """The same for a picture: (height, width)."""
    layer = nn.Conv2d(1, 1, K, S, P, device="meta")
    return shape(layer(torch.empty(1, H, W, device="meta"))[0])


def rounded_up(W, K, S, P=0) -> int:
    """The length if the formula rounded up."""
    return math.ceil((W - K + 2 * P) / S) + 1


def pooled(W, *settings, **more) -> int:
    """The length that torch's max pooling makes of a line of W pixels."""
    return nn.MaxPool1d(*settings, **more)(torch.zeros(1, W)).shape[1]


def transposed(W, K, S=1, P=0, extra=0) -> int:
    """The length that torch's transposed convolution makes of a line of W pixels."""
    layer = nn.ConvTranspose1d(1, 1, K, S, P, extra, device="meta")
    return layer(torch.empty(1, W, device="meta")).shape[1]


def visits(H, W, K, S=1, P=0) -> torch.Tensor:
    """How many windows hold each pixel."""
    settings = {"kernel_size": K, "stride": S, "padding": P}
    windows = torch.ones_like(F.unfold(torch.ones(1, 1, H, W), **settings))
    return F.fold(windows, (H, W), **settings)[0, 0]


def framed(row, P, mode) -> torch.Tensor:
    """A row with P more numbers at each end."""
    return F.pad(torch.as_tensor(row)[None, None], (P, P), mode=mode)[0, 0]


def drawn(row, P) -> str:
    """A framed row as the quiz draws it: 3 2 | 1 2 3 4 | 3 2."""
    numbers = [str(int(x)) for x in row]
    parts = numbers[:P], numbers[P:-P], numbers[-P:]
    return " | ".join(" ".join(part) for part in parts)


def farthest(mode, W) -> int:
    """The largest P that torch accepts for a row of W pixels."""
    accepted = (P for P in range(1, 20) if outcome(lambda P=P: framed(torch.ones(W), P, mode)))
    return next(accepted) - 1


def dark_corner(mode, place=(0, 0)) -> float:
    """What the mean of 3×3 makes of a flat picture of 9s at a place, with a frame of one."""
    flat = F.pad(torch.full((1, 1, 5, 5), 9.0), (1, 1, 1, 1), mode=mode)[0, 0]
    return round(conv(flat, torch.full((3, 3), 1 / 9))[place].item(), 6)


def field(*layers) -> int:
    """Width of the receptive field of layers (K, S, D), measured: one pixel's gradient."""
    return int(seen(*layers).nonzero().max() - seen(*layers).nonzero().min()) + 1


def seen(*layers) -> torch.Tensor:
    """Which of many pixels on a line the middle output pixel depends on."""
    line = torch.zeros(1, 1, 201, dtype=torch.float64, requires_grad=True)
    out = line
    for K, S, D in layers:
        out = F.conv1d(out, torch.ones(1, 1, K, dtype=out.dtype), stride=S, dilation=D)
    out[0, 0, out.shape[2] // 2].backward()
    return line.grad[0, 0] > 0


def share_seen(*dilations) -> float:
    """The part of the square field that is seen, in per cent; both axes see alike."""
    layers = [(3, 1, D) for D in dilations]
    return 100 * (int(seen(*layers).sum()) / field(*layers)) ** 2


def missed(K, S) -> float:
    """The per cent of a large picture's pixels that no window looks at."""
    side = 60 * S
    return 100 * (visits(side, side, K, S) == 0).float().mean().item()


def net(layers, bias=True) -> nn.Sequential:
    """The stack (C_in, C_out, K, S, P) on the meta device."""
    made = (nn.Conv2d(*layer, bias=bias, device="meta") for layer in layers)
    return nn.Sequential(*made)


def end(layers: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The shape that a colour picture of 224×224 ends with."""
    return shape(net(layers)(torch.empty(1, 3, 224, 224, device="meta"))[0])


def doubled(layers) -> list:
    """The stack with twice the channels everywhere but in the picture."""
    return [(c if c == 3 else 2 * c, 2 * out, *rest) for c, out, *rest in layers]


def period_seen(period, S) -> int:
    """After how many old pixels the samples of a wave repeat, counted."""
    places = [S * n % period for n in range(1, 100)]
    return S * (places.index(0) + 1)


def weights(K) -> int:
    """The weights of a layer with one channel in and out."""
    return nn.Conv2d(1, 1, K, bias=False, device="meta").weight.numel()


def macs(channels, K, side) -> int:
    """The multiplications of a layer that makes maps of side×side."""
    return channels * channels * K * K * side * side


def drift(K) -> float:
    """By how many pixels 16 layers of K×K means, 'same', move a dot up."""
    x = torch.zeros(41, 41, dtype=torch.float64)
    x[20, 20] = 1
    for _ in range(16):
        x = conv(x, torch.full((K, K), 1 / K**2), padding="same")
    rows = (x.sum(dim=1) * torch.arange(41.0)).sum() / x.sum()
    return round(20 - rows.item(), 6)


def rings_of_grey(mode) -> int:
    """How many different numbers three random layers make of a flat picture."""
    x = torch.full((1, 1, 9, 9), 0.5)
    for layer in range(3):
        kernel = torch.randn(1, 1, 3, 3, generator=torch.Generator().manual_seed(layer))
        x = F.conv2d(F.pad(x, (1, 1, 1, 1), mode=mode), kernel)
    return len(x.mul(1e4).round().unique())


def ways(row, column) -> int:
    """How many ways lead from a pixel of the 11×11 field through five 3×3 layers."""
    image = torch.ones(1, 1, 11, 11, dtype=torch.float64, requires_grad=True)
    x = image
    for _ in range(5):
        x = F.conv2d(x, torch.ones(1, 1, 3, 3, dtype=x.dtype))
    x.backward()
    return int(image.grad[0, 0, row, column])


def same_with_stride() -> nn.Module:
    """What torch refuses."""
    return nn.Conv2d(1, 1, 3, stride=2, padding="same")


def net_width(W, kernels, P=0) -> int:
    """The width that is left after layers of these kernels."""
    for K in kernels:
        W = size(W, K, P=P)
    return W


def ratio(layers) -> float:
    """How many times more parameters a stack has with its channels doubled."""
    return count(net(doubled(layers))) / count(net(layers))
