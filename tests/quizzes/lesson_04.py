"""Lesson 04's quiz, recomputed. What the tables mean stands in `answers.py`."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from tests.quizzes.answers import count, outcome, shape
from tests.quizzes.kinds_of_layers import (
    batch_normed,
    bilinear_is_linear_twice,
    checkerboard,
    dead_units_get_nothing,
    dropout_keeps_the_mean,
    dropped,
    embedding_is_one_hot,
    field_of_doubled,
    formula_gives_nan,
    gru_step,
    is_one_linear_map,
    learns_noise_by_heart,
    mixes_channels,
    norms_share_axes,
    only_eval_forgets_neighbours,
    positions,
    running,
    simple_cnn,
    stamped,
    sums_forget_order,
    through,
    transposed_is_adjoint,
    transposed_is_not_inverse,
    work_of,
)

MAPS = torch.arange(1 * 12 * 5 * 7.0).reshape(1, 12, 5, 7)
BLOCK = torch.tensor([[[[1.0, 2], [3, 4]]]])
ROW = torch.tensor([[1.0, 5, 2, 4, 3]])
FULL = nn.Conv2d(32, 64, 3, bias=False)
DEPTHWISE = nn.Conv2d(32, 32, 3, groups=32, bias=False)
POINTWISE = nn.Conv2d(32, 64, 1, bias=False)
PAIR = torch.tensor([1.0, 3.0])
LOGITS = torch.tensor([1.0, 2, 5]).double().log()
MINUS_TWO = torch.tensor(-2.0)

ANSWERS = {
    "depthwise-weights": lambda: {
        288: count(DEPTHWISE),
        9216: count(nn.Conv2d(32, 32, 3, bias=False)),
        9: count(nn.Conv2d(1, 1, 3, bias=False)),
        1024: count(nn.Conv2d(32, 32, 1, bias=False)),
    },
    "separable-saving": lambda: {
        7.9: count(FULL) / (count(DEPTHWISE) + count(POINTWISE)),
        9: count(FULL) / count(POINTWISE),
        64: count(FULL) / count(DEPTHWISE),
    },
    "dilation-is-free": lambda: {
        584: count(nn.Conv2d(8, 8, 3, dilation=4)),
        5192: count(nn.Conv2d(8, 8, 9)),
        576: count(nn.Conv2d(8, 8, 3, dilation=4, bias=False)),
        80: count(nn.Conv2d(8, 8, 3, dilation=4, groups=8)),
    },
    "transposed-parameters": lambda: {
        2064: count(nn.ConvTranspose2d(32, 16, 2, 2)),
        2048: count(nn.ConvTranspose2d(32, 16, 2, 2, bias=False)),
        2080: count(nn.Conv2d(16, 32, 2, 2)),
    },
    "stamped-row": lambda: {
        "[1, 10, 102, 20, 200]": stamped([1, 2], [1, 10, 100], S=2),
        "[1, 12, 120, 200]": stamped([1, 2], [1, 10, 100], S=1),
        "[1, 10, 100, 2, 20, 200]": stamped([1, 2], [1, 10, 100], S=3),
        "[10, 102, 20]": stamped([1, 2], [1, 10, 100], S=2, P=1),
    },
    "checkerboard": lambda: {
        f"K = {K}, S = {S}": len(checkerboard(K, S)) == 1
        for K, S in ((3, 2), (4, 2), (2, 2), (5, 3))
    },
    "pixel-shuffle-shape": lambda: {
        (1, 3, 10, 14): shape(nn.PixelShuffle(2)(MAPS)),
        (1, 6, 10, 14): (1, 12 // 2, 5 * 2, 7 * 2),
        (1, 12, 10, 14): shape(nn.Upsample(scale_factor=2)(MAPS)),
        (1, 3, 20, 28): (1, 12 // 4, 5 * 4, 7 * 4),
    },
    "zero-pad-sides": lambda: {
        (1, 1, 12, 8): through(nn.ZeroPad2d((1, 2, 3, 4)), 1, 1, 5, 5),
        (1, 1, 8, 12): through(nn.ZeroPad2d((3, 4, 1, 2)), 1, 1, 5, 5),
        (1, 1, 15, 15): (1, 1, 5 + 1 + 2 + 3 + 4, 5 + 1 + 2 + 3 + 4),
    },
    "one-block": lambda: {
        "`nn.MaxPool2d(2)`": nn.MaxPool2d(2)(BLOCK).item(),
        "`nn.AvgPool2d(2)`": nn.AvgPool2d(2)(BLOCK).item(),
        "max pooling of the negated block, negated again": -nn.MaxPool2d(2)(-BLOCK).item(),
    },
    "adaptive-shape": lambda: {
        (4, 16, 2, 3): through(nn.AdaptiveAvgPool2d((2, 3)), 4, 16, 9, 11),
        (4, 16, 4, 3): through(nn.AvgPool2d((2, 3)), 4, 16, 9, 11),
        (4, 2, 3, 11): (4, 2, 3, 11),
        (4, 16, 1, 1): through(nn.AdaptiveAvgPool2d(1), 4, 16, 9, 11),
    },
    "adaptive-windows": lambda: {
        "[5, 5, 4]": nn.AdaptiveMaxPool1d(3)(ROW)[0],
        "[5, 4, 3]": nn.MaxPool1d(2, ceil_mode=True)(ROW)[0],
        "[5, 4]": nn.MaxPool1d(2)(ROW)[0],
        "[5, 5, 4, 4]": nn.MaxPool1d(2, 1)(ROW)[0],
    },
    "global-or-flatten": lambda: {
        650: count(nn.Linear(through(nn.AdaptiveAvgPool2d(1), 1, 64, 6, 6)[1], 10)),
        23050: count(nn.Linear(64 * 6 * 6, 10)),
        640: count(nn.Linear(64, 10, bias=False)),
        370: count(nn.Linear(6 * 6, 10)),
    },
    "norm-parameters": lambda: {
        "`nn.BatchNorm2d(32)`": count(nn.BatchNorm2d(32)),
        "`nn.InstanceNorm2d(32)`": count(nn.InstanceNorm2d(32)),
        "`nn.LayerNorm([32, 28, 28])`": count(nn.LayerNorm([32, 28, 28])),
        "`nn.LayerNorm(512)`": count(nn.LayerNorm(512)),
    },
    "batch-norm-by-hand": lambda: {
        7: batch_normed(PAIR, 2, 5)[1],
        6.41: (3 - PAIR.mean()) / PAIR.std() * 2 + 5,
        6: batch_normed(PAIR, 1, 5)[1],
        2: batch_normed(PAIR, 2, 0)[1],
    },
    "momentum-of-batch-norm": lambda: {
        0.5: running(torch.tensor([4.0, 6.0]), 0.1)[0],
        4.5: running(torch.tensor([4.0, 6.0]), 0.9)[0],
        5: running(torch.tensor([4.0, 6.0]), 1.0)[0],
        2.5: running(torch.tensor([4.0, 6.0]), 0.5)[0],
    },
    "running-variance": lambda: {
        1.1: running(PAIR, 0.1)[1],
        1: 0.9 * 1 + 0.1 * PAIR.var(correction=0),
        1.9: running(PAIR, 0.9)[1],
    },
    "kept-and-scaled": lambda: {5: dropped(4.0, 0.2), 4: 4, 3.2: 4 * (1 - 0.2), 20: 4 / 0.2},
    "too-much-of-it": lambda: {2: 20 * (1 - 0.9), 18: 20 * 0.9, 10: 20 * (1 - 0.5)},
    "six-at-minus-two": lambda: {
        "ReLU": F.relu(MINUS_TWO),
        "LeakyReLU, 0.01": F.leaky_relu(MINUS_TWO),
        "Sigmoid (시그모이드)": torch.sigmoid(MINUS_TWO),
        "Tanh": torch.tanh(MINUS_TWO),
        "GELU": F.gelu(MINUS_TWO),
        "SiLU (Swish)": F.silu(MINUS_TWO),
    },
    "four-sigmoids": lambda: {
        0.0039: steepest_sigmoid() ** 4,
        0.0625: steepest_sigmoid() ** 2,
        0.25: steepest_sigmoid(),
        1: 4 * steepest_sigmoid(),
    },
    "bilinear-parameters": lambda: {
        131104: count(nn.Bilinear(64, 64, 32)),
        131072: count(nn.Bilinear(64, 64, 32, bias=False)),
        4128: count(nn.Linear(64 + 64, 32)),
    },
    "flatten-shape": lambda: {
        (8, 2304): through(nn.Flatten(), 8, 64, 6, 6),
        (18432,): shape(torch.empty(8, 64, 6, 6).flatten()),
        (8, 64, 36): shape(torch.empty(8, 64, 6, 6).flatten(2)),
        (512, 36): shape(torch.empty(8, 64, 6, 6).reshape(8 * 64, 36)),
    },
    "gradient-past-the-block": lambda: {
        2.49: slope_of_five(lambda x: x + 0.2 * x),
        0.00032: slope_of_five(lambda x: 0.2 * x),
        2: 1 + 5 * 0.2,
        1: 5 * 0.2,
    },
    "softmax-by-hand": lambda: {
        0.625: LOGITS.softmax(0)[2],
        0.83: LOGITS.sigmoid()[2],
        0.7: LOGITS[2] / LOGITS.sum(),
        1: float(LOGITS.argmax() == 2),
    },
    "softmax-twice": lambda: {
        1.46: F.cross_entropy(torch.eye(10)[:1].double(), torch.tensor([0])),
        0: F.cross_entropy(1e4 * torch.eye(10)[:1], torch.tensor([0])),
        2.3: math.log(10),
        1: torch.eye(10).max(),
    },
    "embedding-parameters": lambda: {
        16000: count(nn.Embedding(1000, 16)),
        16016: count(nn.Linear(1000, 16)),
        1016: 1000 + 16,
    },
    "place-zero": lambda: {
        "[0, 1, 0, 1]": positions(1, 4)[0],
        "[0, 0, 0, 0]": 0 * positions(1, 4)[0],
        "[1, 0, 1, 0]": positions(1, 4)[0].flip(0),
        "[0, 0, 1, 1]": positions(1, 4)[0].sort().values,
    },
    "gru-parameters": lambda: {
        1920: count(nn.GRUCell(10, 20)),
        2560: count(nn.LSTMCell(10, 20)),
        640: count(nn.RNNCell(10, 20)),
        1860: count(nn.GRUCell(10, 20)) - 3 * 20,
    },
    "update-gate": lambda: {3: gru_step(0.75, 4.0), 1: gru_step(0.25, 4.0), 0: 0, 4: 4},
    "sixty-steps-back": lambda: {
        6: next(n for n in range(1, 99) if field_of_doubled(n) > 60),
        5: next(n for n in range(1, 99) if field_of_doubled(n) > 60) - 1,
        60: 60 // (2 - 1),
        30: 60 // (3 - 1),
    },
    "second-map": lambda: {
        (1, 64, 12, 12): shape(simple_cnn()[:4](torch.zeros(1, 1, 28, 28))),
        (1, 64, 14, 14): shape(simple_cnn(P=1)[:4](torch.zeros(1, 1, 28, 28))),
        (1, 64, 26, 26): shape(simple_cnn()[3](simple_cnn()[0](torch.zeros(1, 1, 28, 28)))),
        (1, 96, 12, 12): (1, 32 + 64, 12, 12),
    },
    "larger-digits": lambda: {
        3136: simple_cnn()[:7](torch.zeros(1, 1, 32, 32)).shape[1],
        2304: simple_cnn()[:7](torch.zeros(1, 1, 28, 28)).shape[1],
        4096: simple_cnn(P=1)[:7](torch.zeros(1, 1, 32, 32)).shape[1],
        64: nn.AdaptiveAvgPool2d(1)(simple_cnn()[:6](torch.zeros(1, 1, 32, 32))).numel(),
    },
    "simple-cnn-parts": lambda: {
        "Conv(1→32, 3×3)": count(simple_cnn()[0]),
        "Conv(32→64, 3×3)": count(simple_cnn()[3]),
        "Linear(2304→10)": count(simple_cnn()[7]),
        "both pools and both ReLUs": sum(count(simple_cnn()[i]) for i in (1, 2, 4, 5)),
    },
    "first-loss": lambda: {
        2.3: F.cross_entropy(torch.zeros(1, 10), torch.tensor([3])),
        0.1: torch.zeros(10).softmax(0)[3],
        0: F.cross_entropy(1e4 * torch.eye(10)[:1], torch.tensor([0])),
        10: 10,
    },
    "train-and-eval": lambda: {
        "Dropout": has_two_modes(nn.Dropout(0.5)),
        "BatchNorm2d": has_two_modes(nn.BatchNorm2d(3)),
        "LayerNorm": has_two_modes(nn.LayerNorm([3, 4, 4])),
        "MaxPool2d": has_two_modes(nn.MaxPool2d(2)),
        "InstanceNorm2d, as it is if you say nothing": has_two_modes(nn.InstanceNorm2d(3)),
    },
}


def steepest_sigmoid() -> float:
    """The largest slope of the sigmoid, by autograd over many places."""
    x = torch.linspace(-8, 8, 1601, dtype=torch.float64, requires_grad=True)
    torch.sigmoid(x).sum().backward()
    return x.grad.max().item()


def slope_of_five(block) -> float:
    """The slope of a block five times over."""
    x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    y = x
    for _ in range(5):
        y = block(y)
    y.backward()
    return x.grad.item()


def has_two_modes(layer: nn.Module) -> bool:
    """Whether a layer answers differently in training and in evaluation."""
    torch.manual_seed(0)
    x = torch.randn(2, 3, 4, 4)
    return not torch.equal(layer.train()(x), layer.eval()(x))


CLAIMS = {
    "full 18,432, separable 288 + 2,048 = 2,336": lambda: (
        (count(FULL), count(DEPTHWISE), count(POINTWISE)) == (18432, 288, 2048)
    ),
    "depthwise mixes no channels, a full convolution does": lambda: (
        mixes_channels(nn.Conv2d(2, 2, 3)) and not mixes_channels(nn.Conv2d(2, 2, 3, groups=2))
    ),
    "an eighth of the multiplications too": lambda: (
        7.8 < work_of(FULL, 28) / (work_of(DEPTHWISE, 28) + work_of(POINTWISE, 28)) < 8
    ),
    "overlaps are 1, 2, 4 and 4 everywhere and 1 everywhere and 1, 2, 4": lambda: (
        [checkerboard(K, S) for K, S in ((3, 2), (4, 2), (2, 2), (5, 3))]
        == [{1, 2, 4}, {4}, {1}, {1, 2, 4}]
    ),
    "transposed is the adjoint": transposed_is_adjoint,
    "transposed is not the inverse, but has the picture's shape": transposed_is_not_inverse,
    "no parameters: upsample, shuffle, zero padding": lambda: (
        sum(
            count(layer)
            for layer in (nn.Upsample(scale_factor=2), nn.PixelShuffle(2), nn.ZeroPad2d(1))
        )
        == 0
    ),
    "nearest repeats each pixel": lambda: (
        F.interpolate(ROW[None, :, :2], scale_factor=2)[0, 0].tolist() == [1, 1, 5, 5]
    ),
    "a shuffle keeps every number": lambda: torch.equal(
        nn.PixelShuffle(2)(MAPS).flatten().sort().values, MAPS.flatten()
    ),
    "LayerNorm([32, 28, 28]) has more than all of SimpleCNN": lambda: (
        count(nn.LayerNorm([32, 28, 28])) > count(simple_cnn()) == 41866 and 32 * 28 * 28 == 25088
    ),
    "batch norm C means, instance norm N·C, layer norm N or N·T": norms_share_axes,
    "batch norm refuses one number a channel": lambda: (
        outcome(lambda: nn.BatchNorm2d(1)(torch.ones(1, 1, 1, 1))) is ValueError
    ),
    "eval: a picture's answer does not depend on its neighbours": only_eval_forgets_neighbours,
    "a dead ReLU has no gradient, a leaky one a hundredth": dead_units_get_nothing,
    "sigmoid by hand: value 0, gradient nan; torch's 0 and 0": formula_gives_nan,
    "with a batch norm or an instance norm a net learns pure noise by heart": lambda: (
        learns_noise_by_heart(nn.BatchNorm2d) and learns_noise_by_heart(nn.InstanceNorm2d)
    ),
    "dropout keeps the mean and drops whole maps in 2d": dropout_keeps_the_mean,
    "a ResNet-like block with F = 0 does nothing": lambda: slope_of_five(lambda x: x + 0 * x) == 1,
    "bilinear is linear in each argument": bilinear_is_linear_twice,
    "e / (e + 9) = 0.232": lambda: round(math.e / (math.e + 9), 3) == 0.232,
    "an embedding is a linear layer on a one-hot vector": embedding_is_one_hot,
    "sums of embeddings know no order; with positions and ReLU they do": sums_forget_order,
    "GRU has a quarter fewer parameters than LSTM": lambda: (
        count(nn.GRUCell(10, 20)) / count(nn.LSTMCell(10, 20)) == 0.75
    ),
    "5 layers 32 places, 6 layers 64": lambda: (
        (field_of_doubled(5), field_of_doubled(6)) == (32, 64)
    ),
    "28 → 28 → 14 → 12 → 6 and 32 → 32 → 16 → 14 → 7": lambda: (
        [simple_cnn()[:n](torch.zeros(1, 1, s, s)).shape[2] for s in (28, 32) for n in (1, 3, 4, 6)]
        == [28, 14, 12, 6, 32, 16, 14, 7]
    ),
    "the linear layer has more than half": lambda: (
        2 * count(simple_cnn()[7]) > count(simple_cnn()) == 320 + 18496 + 23050
    ),
    "225,792 and 2,654,208 and 23,040 multiplications": lambda: (
        (work_of(simple_cnn()[0], 28), work_of(simple_cnn()[3], 12), 2304 * 10)
        == (225792, 2654208, 23040)
    ),
    "without ReLU and with mean pools: one linear map with 7,850 parameters": lambda: (
        is_one_linear_map() and count(nn.Linear(784, 10)) == 7850
    ),
    "a norm before ReLU and one after it differ": lambda: (
        not torch.equal(F.relu(batch_normed(PAIR, 1, 0)), batch_normed(F.relu(PAIR), 1, 0))
    ),
}
