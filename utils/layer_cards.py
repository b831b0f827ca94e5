"""The cards of the gallery of layers: words about each, and the layer itself to be counted."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

MAPS = (1, 32, 28, 28)  # a batch of one, 32 channels, 28×28 places
OTHER = (1, 32, 30, 45)  # a size that 7 does not divide


class Card(NamedTuple):
    """One layer of the gallery: `written` as in code, `given` the shape (or tensor) that enters."""

    written: str
    layer: nn.Module
    given: tuple[int, ...] | Tensor
    rule: str
    role: str
    strong: str
    weak: str


CONVOLUTION = (
    Card(
        "Conv2d(32, 64, 3, padding=1)",
        nn.Conv2d(32, 64, 3, padding=1),
        MAPS,
        "⌊(W − K + 2P)/S⌋ + 1",
        "one learned window for every place · nearly every net on maps",
        "shared weights: few of them, for any size",
        "nothing beyond its window is seen",
    ),
    Card(
        "Conv2d(32, 32, 3, padding=1, groups=32)",
        nn.Conv2d(32, 32, 3, padding=1, groups=32),
        MAPS,
        "as Conv2d, C stays",
        "depthwise: each channel by itself · MobileNet",
        "C times fewer weights",
        "channels never meet",
    ),
    Card(
        "Sequential(the one above, Conv2d(32, 64, 1))",
        nn.Sequential(nn.Conv2d(32, 32, 3, padding=1, groups=32), nn.Conv2d(32, 64, 1)),
        MAPS,
        "as Conv2d",
        "separable: look, then mix · Xception, MobileNet",
        "about K² times fewer weights",
        "the clock gains less than the count",
    ),
    Card(
        "Conv2d(32, 64, 3, padding=2, dilation=2)",
        nn.Conv2d(32, 64, 3, padding=2, dilation=2),
        MAPS,
        "as Conv2d with D(K − 1) + 1 for K",
        "dilated, atrous: a window with gaps · segmentation, sound",
        "a wide field for the same weights",
        "skips pixels: gridding",
    ),
    Card(
        "ConvTranspose2d(32, 16, 2, 2)",
        nn.ConvTranspose2d(32, 16, 2, 2),
        MAPS,
        "(W − 1)S − 2P + K",
        "learned enlarging · GAN, U-Net",
        "learns what to draw",
        "checkerboard where S does not divide K; no inverse",
    ),
    Card(
        'Upsample(scale_factor=2, mode="bilinear")',
        nn.Upsample(scale_factor=2, mode="bilinear"),
        MAPS,
        "W · r",
        "enlarging by a fixed rule, nearest or bilinear · decoders",
        "even, nothing to learn",
        "blurred, or in blocks",
    ),
    Card(
        "PixelShuffle(2)",
        nn.PixelShuffle(2),
        MAPS,
        "C / r², W · r",
        "channels become places · super-resolution",
        "all work is done on the small map",
        "needs r² times the channels",
    ),
    Card(
        "ZeroPad2d((0, 1, 0, 1))",
        nn.ZeroPad2d((0, 1, 0, 1)),
        MAPS,
        "W + left + right",
        "zeros around a map · uneven borders",
        "each side by itself",
        "zeros are a poor guess at a photograph",
    ),
)

POOLING = (
    Card(
        "MaxPool2d(2)",
        nn.MaxPool2d(2),
        MAPS,
        "⌊(W − K)/S⌋ + 1",
        "keeps the strongest · between blocks",
        "a found feature survives",
        "forgets where, and all the others",
    ),
    Card(
        "AvgPool2d(2)",
        nn.AvgPool2d(2),
        MAPS,
        "⌊(W − K)/S⌋ + 1",
        "keeps the mean · smoother downsampling",
        "every number counts",
        "thins out what is rare",
    ),
    Card(
        "AdaptiveAvgPool2d(7)",
        nn.AdaptiveAvgPool2d(7),
        OTHER,
        "what you ask for",
        "means, for any size that comes · before a dense layer",
        "one net for all picture sizes",
        "windows of unequal size",
    ),
    Card(
        "AdaptiveMaxPool2d(7)",
        nn.AdaptiveMaxPool2d(7),
        OTHER,
        "what you ask for",
        "the same with the largest number",
        "one net for all picture sizes",
        "as above; forgets the rest",
    ),
    Card(
        "AdaptiveAvgPool2d(1)",
        nn.AdaptiveAvgPool2d(1),
        MAPS,
        "1 × 1",
        "global: one number a channel · in place of flatten",
        "no parameters, any size",
        "the place is lost",
    ),
)

NORMALISATION = (
    Card(
        "BatchNorm2d(32)",
        nn.BatchNorm2d(32),
        MAPS,
        "same",
        "each channel over the batch · after a convolution",
        "faster, steadier training",
        "small batches; two states",
    ),
    Card(
        "InstanceNorm2d(32)",
        nn.InstanceNorm2d(32),
        MAPS,
        "same",
        "each map by itself · style transfer",
        "removes contrast and brightness",
        "removes them also where they matter",
    ),
    Card(
        "LayerNorm([32, 28, 28])",
        nn.LayerNorm([32, 28, 28]),
        MAPS,
        "same",
        "each example by itself",
        "any batch size, one state",
        "a fixed map size, many parameters",
    ),
    Card(
        "LayerNorm(32)",
        nn.LayerNorm(32),
        (1, 784, 32),
        "same",
        "the channels of each place · transformers",
        "any batch size, any length",
        "wants the channels last",
    ),
    Card(
        "Dropout(0.5)",
        nn.Dropout(0.5),
        MAPS,
        "same",
        "drops numbers in training · before dense layers",
        "against over-fitting",
        "too much of it, and nothing is learned",
    ),
    Card(
        "Dropout2d(0.1)",
        nn.Dropout2d(0.1),
        MAPS,
        "same",
        "drops whole maps in training · between convolutions",
        "neighbours cannot fill in",
        "coarse: as above, sooner",
    ),
)

ACTIVATION = (
    Card(
        "ReLU()",
        nn.ReLU(),
        MAPS,
        "same",
        "cuts off below 0 · the usual first choice",
        "slope 1: fast training",
        "units can die",
    ),
    Card(
        "LeakyReLU(0.01)",
        nn.LeakyReLU(0.01),
        MAPS,
        "same",
        "a small slope below 0 · GAN",
        "no unit dies for good",
        "one more number to choose",
    ),
    Card(
        "Sigmoid()",
        nn.Sigmoid(),
        MAPS,
        "same",
        "to 0 … 1 · gates, yes-or-no outputs",
        "reads as a probability",
        "slope at most 1/4: gradients vanish",
    ),
    Card(
        "Tanh()",
        nn.Tanh(),
        MAPS,
        "same",
        "to −1 … 1 · recurrent cells",
        "centred on 0",
        "slope near 0 far out",
    ),
    Card(
        "GELU()",
        nn.GELU(),
        MAPS,
        "same",
        "x, weighed by the bell curve · many transformers",
        "smooth, small slopes below 0",
        "dearer than ReLU",
    ),
    Card(
        "SiLU()",
        nn.SiLU(),
        MAPS,
        "same",
        "x times its sigmoid, also Swish · EfficientNet",
        "smooth, small slopes below 0",
        "dearer than ReLU",
    ),
    Card(
        "Softmax(dim=1)",
        nn.Softmax(dim=1),
        MAPS,
        "same",
        "positive, sums to 1 · class probabilities, attention",
        "reads as a distribution",
        "always sure of something",
    ),
)


class _Around(nn.Module):
    """`inner`, with a way around it: x + inner(x)."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)


class _OfHalves(nn.Module):
    """A layer of two inputs, given both in one row: its first half and its second."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.inner(*x.chunk(2, dim=-1))
        return result


STRUCTURE = (
    Card(
        "Linear(2304, 10)",
        nn.Linear(2304, 10),
        (1, 2304),
        "last axis: F_in → F_out",
        "weighs all numbers of a row · the last layer",
        "sees everything at once",
        "many weights, one fixed size, no places",
    ),
    Card(
        "Flatten()",
        nn.Flatten(),
        (1, 64, 6, 6),
        "C · H · W",
        "maps become a row · before a dense layer",
        "nothing is lost",
        "ties the net to one picture size",
    ),
    Card(
        "Identity()",
        nn.Identity(),
        MAPS,
        "same",
        "does nothing · a placeholder, a plain shortcut",
        "a layer can be taken out",
        "none: it costs nothing",
    ),
    Card(
        "Bilinear(64, 64, 32)",
        _OfHalves(nn.Bilinear(64, 64, 32)),
        (1, 128),
        "F₁ and F₂ → F_out",
        "compares two rows · a question with a picture",
        "every pair of numbers counts",
        "F₁ · F₂ · F_out weights",
    ),
    Card(
        "x + Conv2d(32, 32, 3, padding=1)(x)",
        _Around(nn.Conv2d(32, 32, 3, padding=1)),
        MAPS,
        "both ways must agree",
        "residual: a way around · deep nets",
        "starts near the identity",
        "shapes must match, or a projection",
    ),
)

SEQUENCE = (
    Card(
        "Embedding(1000, 64)",
        nn.Embedding(1000, 64),
        torch.zeros(1, 12, dtype=torch.int64),
        "adds an axis of d",
        "a row of numbers for each symbol · text",
        "learns what symbols mean",
        "knows nothing of a symbol not in its table",
    ),
    Card(
        "x + positional_encoding(12, 64)",
        nn.Identity(),  # what is added has no parameters, and keeps the shape
        (1, 12, 64),
        "same",
        "tells each place apart · transformers",
        "nothing to learn, any length",
        "mixed into the numbers it is added to",
    ),
    Card(
        "LSTM(64, 64, batch_first=True)",
        nn.LSTM(64, 64, batch_first=True),
        (1, 12, 64),
        "last axis: I → D",
        "a memory with three gates · speech, time series",
        "any length, keeps for long",
        "step after step: slow",
    ),
    Card(
        "GRU(64, 64, batch_first=True)",
        nn.GRU(64, 64, batch_first=True),
        (1, 12, 64),
        "last axis: I → D",
        "a memory with two gates · as LSTM",
        "three quarters of an LSTM's parameters",
        "step after step: slow",
    ),
    Card(
        "Conv1d(64, 64, 2, dilation=32), 32 zeros before",
        nn.Sequential(nn.ZeroPad1d((32, 0)), nn.Conv1d(64, 64, 2, dilation=32)),
        (1, 64, 128),
        "same, with D(K − 1) zeros before",
        "causal: looks back only · sound, time series",
        "all places at once",
        "a fixed field",
    ),
)

FAMILIES = {
    "convolution": CONVOLUTION,
    "pooling": POOLING,
    "normalisation": NORMALISATION,
    "activation": ACTIVATION,
    "structure": STRUCTURE,
    "sequence": SEQUENCE,
}
