"""Small nets that lessons train and checks ask: they are made, and stay, where the student is."""

from __future__ import annotations

import zlib

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Perceptron(nn.Linear):
    """Perceptrons side by side, one for each class; `perceptron` makes it."""

    def forget(self) -> None:
        """Set every weight and bias back to zero."""
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.zero_()


def perceptron(inputs: int, classes: int, seed: int | None = None) -> Perceptron:
    """`classes` perceptrons side by side: rows (N, inputs) → class scores (N, classes).

    All weights and biases are zero; with a `seed` they are random, the same at every call.
    Raises ValueError for a number of inputs or classes below 1.

    >>> perceptron(2, 3)(torch.ones(1, 2)).tolist()
    [[0.0, 0.0, 0.0]]
    """
    if inputs < 1 or classes < 1:
        raise ValueError(f"expected at least 1 input and 1 class, got {inputs} and {classes}.")
    net = Perceptron(inputs, classes)
    net.forget()
    if seed is not None:
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in net.parameters():
                parameter.normal_(generator=generator)
    return net


class Witness(nn.Module):
    """A net without weights that remembers in which state it was asked; `witness` makes it."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(2, affine=False)
        self.asked_in_training = False
        self.asked_with_gradients = False

    def forward(self, inputs: Tensor) -> Tensor:
        self.asked_in_training |= self.training
        self.asked_with_gradients |= torch.is_grad_enabled()
        return self.norm(inputs)


def witness() -> Witness:
    """A net whose two class scores are its two inputs: (N, 2) → (N, 2), in `eval()` mode.

    In `train()` mode, in which it starts, it compares each input with those of the other rows
    (it is batch normalisation, which lesson 04 explains), so the scores are others.
    Afterwards `asked_in_training` and `asked_with_gradients` tell whether it was ever asked in
    `train()` mode, and whether ever outside `torch.no_grad()`.

    >>> net = witness().eval()
    >>> net(torch.tensor([[3.0, 1.0]])).round().tolist(), net.asked_in_training
    ([[3.0, 1.0]], False)
    """
    return Witness()


class Tower(nn.Module):
    """A deep net of many equal layers, with or without shortcuts; `tower` makes it."""

    def __init__(self, layers: int, width: int, skips: bool, norm: bool, classes: int) -> None:
        super().__init__()
        self.skips = skips
        self.first = _layer(1, width, norm)
        self.pairs = nn.ModuleList(
            nn.ModuleList([_layer(width, width, norm), _layer(width, width, norm)])
            for _ in range(layers // 2 - 1)
        )
        self.head = nn.Linear(width, classes)

    def forward(self, images: Tensor) -> Tensor:
        x = self.first(images).relu()
        for pair in self.pairs:
            before, after = pair.children()
            out = after(before(x).relu())
            x = (x + out if self.skips else out).relu()
        return self.head(x.mean(dim=(2, 3)))

    @property
    def gradients_left(self) -> int:
        """How many weights and biases hold a gradient at the moment."""
        return sum(parameter.grad is not None for parameter in self.parameters())

    def remember_gradients(self) -> None:
        """Put a gradient of ones into every weight and bias, as if left there by somebody."""
        for parameter in self.parameters():
            parameter.grad = torch.ones_like(parameter)


def _layer(channels: int, width: int, norm: bool) -> nn.Sequential:
    layer = nn.Sequential(nn.Conv2d(channels, width, 3, padding=1, bias=not norm))
    if norm:
        layer.append(nn.BatchNorm2d(width))
    return layer


def tower(
    layers: int,
    width: int = 8,
    *,
    skips: bool = False,
    norm: bool = False,
    classes: int = 10,
    seed: int = 0,
) -> Tower:
    """A net of `layers` layers with weights: images (N, 1, H, W) → class scores (N, classes).

    All but the last are 3×3 convolutions of `width` channels; the last is linear, behind the mean
    over all places. With `skips` the signal before every second and third layer, fourth and fifth,
    … is added to what comes out of the two. With `norm` a batch normalisation follows each
    convolution. Nets of one `seed` start with the same weights, with and without `skips`.

    Raises ValueError for an odd number of layers, or fewer than 2.

    >>> tower(32, skips=True)(torch.zeros(1, 1, 8, 8)).shape
    torch.Size([1, 10])

    Source: He, Zhang, Ren and Sun (2015), "Deep Residual Learning for Image Recognition", which
    compares plain nets with residual ones of the same layers.
    """
    if layers < 2 or layers % 2:
        raise ValueError(f"expected an even number of layers from 2 on, got {layers}.")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Tower(layers, width, skips, norm, classes)


class SmallCNN(nn.Module):
    """A convolutional net for the 8×8 digits, trained in a second; `small_cnn` makes it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(16)
        self.drop = nn.Dropout(0.1)
        self.linear = nn.Linear(16 * 2 * 2, 10)

    def forward(self, images: Tensor) -> Tensor:
        maps = F.max_pool2d(self.norm1(self.conv1(images)).relu(), 2)
        maps = F.max_pool2d(self.norm2(self.conv2(maps)).relu(), 2)
        return self.linear(self.drop(maps.flatten(1)))


def small_cnn(seed: int) -> SmallCNN:
    """A small net for the digits: images (N, 1, 8, 8) → logits (N, 10), 1,946 parameters.

    Two convolutions, each with batch normalisation, ReLU and max pooling, then dropout and a
    linear layer. Its first weights are drawn by `seed`, the same at every call; the notebook's
    own random numbers go on as if nothing had happened.

    >>> small_cnn(0)(torch.zeros(5, 1, 8, 8)).shape
    torch.Size([5, 10])
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return SmallCNN()


def refill(net: nn.Module, seed: int) -> None:
    """Draw all weights and biases of a net anew, each by `seed` and its own name.

    So two nets whose parameters go by the same names and shapes become equal, in whatever order
    their layers were made. Weights are as large as keeps numbers of a sensible size.

    >>> one, two = nn.Linear(3, 2), nn.Linear(3, 2)
    >>> refill(one, 7), refill(two, 7), torch.equal(one.weight, two.weight)
    (None, None, True)
    """
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            generator = torch.Generator().manual_seed(zlib.crc32(f"{seed} {name}".encode()))
            drawn = torch.randn(parameter.shape, generator=generator)
            inputs = parameter[0].numel() if parameter.dim() > 1 else 4
            parameter.copy_(drawn * (2 / inputs) ** 0.5)


class BatchWitness(nn.Module):
    """A net that remembers with which examples it was trained; `batch_witness` makes it."""

    def __init__(self) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(2))
        self.batches: list[list[int]] = []
        self.trained_in_eval = False

    def forward(self, images: Tensor) -> Tensor:
        if torch.is_grad_enabled():
            numbers = images.detach().cpu().flatten(1)[:, 0]
            self.batches.append([int(number) for number in numbers])
            self.trained_in_eval |= not self.training
        return self.bias.expand(len(images), 2)


def batch_witness() -> BatchWitness:
    """A net that gives every image the same two logits, (N, …) → (N, 2), at first zeros.

    Whenever it is asked outside `torch.no_grad()`, it writes the images' first pixels, as whole
    numbers, into its list `batches`: so images numbered 0, 1, 2 … tell how they were shuffled and
    cut into batches. `trained_in_eval` tells whether it was then ever in `eval()` mode.

    >>> net = batch_witness()
    >>> net(torch.tensor([[3.0], [1.0]])).tolist(), net.batches
    ([[0.0, 0.0], [0.0, 0.0]], [[3, 1]])
    """
    return BatchWitness()


class CrowdWitness(nn.Module):
    """A net that is the surer the more images come at once; `crowd_witness` makes it."""

    def __init__(self) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(2))

    def forward(self, images: Tensor) -> Tensor:
        sure = len(images) * images.flatten(1)[:, 0]
        return torch.stack([torch.zeros_like(sure), sure], dim=1) + self.bias


def crowd_witness() -> CrowdWitness:
    """A net whose second logit is an image's first pixel times the images of its batch.

    (N, …) → (N, 2); the first logit is 0, at first. So the loss of a batch tells how many images
    are in it, whichever they are; and pixels of 1 and −1 are the answers to labels 1 and 0.

    >>> crowd_witness()(torch.tensor([[1.0], [-1.0]])).tolist()
    [[0.0, 2.0], [0.0, -2.0]]
    """
    return CrowdWitness()
