"""Lesson 05's quiz, recomputed. What the tables mean stands in `answers.py`."""

import functools
import math

import torch
import torch.nn.functional as F
from torch import nn

from tests.quizzes.answers import count, shape
from tests.quizzes.nets import (
    NETS,
    auxiliary_heads,
    block,
    changes_shape,
    conv,
    dense,
    dense_share,
    first_block,
    layers_with_weights,
    lenet5,
    lenet5_of_the_paper,
    looks_back,
    macs,
    parameters,
    plan,
    silent_block,
)
from utils import data
from utils.nets.small import tower
from utils.nets.transfer import digit_net

SCORES, RIGHT_CLASS = torch.tensor([0.1, 2.0, -1.0, 1.5, 0.3]), 4
# 100 pictures with six classes; the place of the right one among the guesses, from 0.
PLACES = torch.tensor([0] * 60 + [1] * 15 + [2] * 8 + [3] * 4 + [4] * 3 + [5] * 10)
RACE = {"A": (10, 90), "B": (30, 85), "C": (40, 95), "D": (40, 93), "E": (80, 95)}
CONVOLUTION = nn.Conv2d(64, 128, 3, padding=1, device="meta")


def error(k: int, places: torch.Tensor = PLACES) -> float:
    """The top-k error of pictures whose right class is at these places."""
    return float((places >= k).double().mean())


def weights(*sizes, **settings) -> int:
    """The weights of a convolution, without biases."""
    return nn.Conv2d(*sizes, bias=False, device="meta", **settings).weight.numel()


def price(layers, *sizes, **settings) -> int:
    """The parameters of layers, counted on paper."""
    with torch.device("meta"):
        return count(nn.Sequential(*layers(*sizes, **settings)))


def lenet_shape(parts: int, side: int = 32, P: int = 0) -> tuple[int, ...]:
    """The shape (C, H, W) behind LeNet-5's first layers: convolution, pooling, … ."""
    layers = [nn.Conv2d(1, 6, 5, padding=P), nn.AvgPool2d(2)]
    layers += [nn.Conv2d(6, 16, 5, padding=P), nn.AvgPool2d(2)]
    return shape(nn.Sequential(*layers[:parts])(torch.zeros(1, 1, side, side))[0])


@functools.cache
def first_to_last(skips: bool, norm: bool, seed: int) -> float:
    """The gradient at a tower's first layer, divided by that at its last convolution."""
    images, labels = data.digits("train")
    net = tower(32, skips=skips, norm=norm, seed=seed)
    convolutions = [p for p in net.parameters() if p.dim() == 4]
    loss = F.cross_entropy(net(images[:64]), labels[:64])
    first, *_, last = torch.autograd.grad(loss, convolutions)
    return float(first.norm() / last.norm())


def ratios(skips: bool, norm: bool) -> list[float]:
    return [first_to_last(skips, norm, seed) for seed in range(3)]


def backward_twice() -> float:
    """How many times larger a gradient is after a second backward()."""
    w = torch.ones(3, requires_grad=True)
    sizes = []
    for _ in range(2):
        (w**2).sum().backward()
        sizes.append(w.grad.norm().item())
    return sizes[1] / sizes[0]


def still_moving() -> bool:
    """Whether frozen features answer differently after one step in train() mode."""
    net, x = digit_net().requires_grad_(False).eval(), torch.rand(16, 1, 8, 8)
    before = net.features(x)
    net.train()(x)
    return not torch.equal(net.eval().features(x), before)


def layers_to_see(pixels: int) -> int:
    """How many 3×3 layers with stride 1 it takes to see so many pixels in a row."""
    return next(n for n in range(1000) if 1 + sum(2 for _ in range(n)) >= pixels)


def dilated_layers(steps: int) -> int:
    return next(n for n in range(1, 9) if looks_back(n) >= steps)


def not_beaten() -> list[str]:
    """The nets of the race that no other beats."""
    return [
        name
        for name, (cost, right) in RACE.items()
        if not any(c <= cost and r >= right and (c, r) != (cost, right) for c, r in RACE.values())
    ]


def freedom_of_two() -> bool:
    """Whether two 3×3 kernels have fewer numbers than a 5×5 one: then they cannot be all of them."""
    return 2 * weights(1, 1, 3) < weights(1, 1, 5)


ANSWERS = {
    "how-many-guesses": lambda: {
        3: 1 + int((SCORES[RIGHT_CLASS] < SCORES).sum()),
        2: int((SCORES[RIGHT_CLASS] < SCORES).sum()),
        4: RIGHT_CLASS,
        1: int(SCORES.argmax()),
    },
    "hundred-pictures": lambda: {
        0.1: error(5),
        0.9: 1 - error(5),
        0.4: error(1),
        0.97: float((PLACES != 4).double().mean()),
    },
    "blind-guesses": lambda: {
        0.995: error(5, torch.arange(1000)),
        0.999: error(1, torch.arange(1000)),
        0.005: 1 - error(5, torch.arange(1000)),
        0.95: error(5, torch.arange(100)),
    },
    "parameters-of-a-layer": lambda: {
        73856: count(CONVOLUTION),
        73728: weights(64, 128, 3),
        1280: count(nn.Conv2d(1, 128, 3)),
        57903104: count(CONVOLUTION) * 28 * 28,
    },
    "work-of-a-layer": lambda: {
        57802752: weights(64, 128, 3) * 28 * 28,
        57903104: count(CONVOLUTION) * 28 * 28,
        115605504: 2 * weights(64, 128, 3) * 28 * 28,
        73728: weights(64, 128, 3),
    },
    "two-groups": lambda: {
        307200: weights(96, 256, 5, groups=2),
        614400: weights(96, 256, 5),
        153600: weights(48, 128, 5),
        1228800: 2 * weights(96, 256, 5),
    },
    "two-for-one": lambda: {
        28: round(100 - 100 * 2 * weights(8, 8, 3) / weights(8, 8, 5)),
        72: round(100 * 2 * weights(8, 8, 3) / weights(8, 8, 5)),
        64: round(100 - 100 * weights(8, 8, 3) / weights(8, 8, 5)),
        0: 3 + 2 - 5,
    },
    "lenet-before-the-dense": lambda: {
        (16, 5, 5): lenet_shape(4),
        (16, 10, 10): lenet_shape(3),
        (6, 14, 14): lenet_shape(2),
        (16, 8, 8): lenet_shape(4, P=2),
    },
    "lenet-with-28": lambda: {
        256: math.prod(lenet_shape(4, 28)),
        400: math.prod(lenet_shape(4)),
        784: 28 * 28,
        16: lenet_shape(4, 28)[0],
    },
    "alexnet-first-dense": lambda: {
        62: round(100 * price(dense, 256 * 36, 4096) / parameters("AlexNet")),
        96: round(dense_share("AlexNet", "parameters")),
        27: round(100 * price(dense, 4096, 4096) / parameters("AlexNet")),
        4: round(100 - dense_share("AlexNet", "parameters")),
    },
    "vgg-convolutions": lambda: {
        13: sum(len(sizes) == 4 for _, sizes in plan("VGG-16")["shapes"]),
        16: layers_with_weights("VGG-16"),
        11: layers_with_weights("VGG-16") - 5,
        5: int(math.log2(224 / 7)),
    },
    "block-channels": lambda: {
        (1, 256, 28, 28): first_block(),
        (1, 368, 28, 28): (1, 64 + 96 + 128 + 16 + 32 + 32, 28, 28),
        (1, 448, 28, 28): (1, 192 + first_block()[1], 28, 28),
        (4, 64, 28, 28): (4, first_block()[1] // 4, 28, 28),
    },
    "squeeze-first": lambda: {
        15872: weights(192, 16, 1) + weights(16, 32, 5),
        12800: weights(16, 32, 5),
        153600: weights(192, 32, 5),
        77312: weights(192, 16, 5) + weights(16, 32, 1),
    },
    "flattened-after-all": lambda: {
        50177000: price(dense, 1024 * 49, 1000),
        1025000: price(dense, 1024, 1000),
        7169000: price(dense, 1024 * 7, 1000),
        50176000: price(dense, 1024 * 49, 1000) - 1000,
    },
    "sparse-c3": lambda: {
        900: weights(6, 16, 5) - 60 * 25,
        36: 6 * 16 - 60,
        1706: parameters("LeNet-5") - lenet5_of_the_paper(),
        1500: 60 * 25,
    },
    "basic-block-parameters": lambda: {
        73984: count(block(64, 64, bottleneck=False)),
        73728: 2 * weights(64, 64, 3),
        74112: count(block(64, 64, bottleneck=False)) + 2 * 64,
        78208: count(block(64, 64, bottleneck=False)) + price(conv, 64, 64, norm=True),
    },
    "squeezed-block": lambda: {
        16.9: 2 * weights(256, 256, 3) / (2 * weights(256, 64, 1) + weights(64, 64, 3)),
        4: 256 / 64,
        32: 2 * weights(256, 256, 3) / weights(64, 64, 3),
        8.5: weights(256, 256, 3) / (2 * weights(256, 64, 1) + weights(64, 64, 3)),
    },
    "when-the-shortcut-works": lambda: {
        "BasicBlock(64, 64)": changes_shape(64, 64),
        "BasicBlock(64, 128)": changes_shape(64, 128),
        "BasicBlock(64, 64, S=2)": changes_shape(64, 64, 2),
        "Bottleneck(64, 64)": changes_shape(64, 64, bottleneck=True),
        "Bottleneck(256, 64)": changes_shape(256, 64, bottleneck=True),
    },
    "fifty-layers": lambda: {
        48: 3 * (3 + 4 + 6 + 3),
        16: 3 + 4 + 6 + 3,
        32: 2 * (3 + 4 + 6 + 3),
        52: layers_with_weights("ResNet-50") - 2,
    },
    "halved-twenty-times": lambda: {1048576: 1 / 0.5**20, 40: 20 / 0.5, 400: 20**2, 20: 20},
    "deep-and-light": lambda: {
        "ResNet-152 has fewer parameters.": parameters("ResNet-152") < parameters("VGG-16"),
        "ResNet-152 needs fewer multiply–adds.": macs("ResNet-152") < macs("VGG-16"),
        "ResNet-152 has the heavier dense layers.": (
            dense_share("ResNet-152", "parameters") * parameters("ResNet-152")
            > dense_share("VGG-16", "parameters") * parameters("VGG-16")
        ),
        "ResNet-152 has 152 blocks.": 3 + 8 + 36 + 3 == 152,
    },
    "worth-taking": lambda: {
        2: len(not_beaten()),
        3: len(not_beaten()) + 1,
        1: len([name for name, (cost, _) in RACE.items() if cost == 10]),
        4: len(RACE) - 1,
    },
    "trained-numbers": lambda: {
        645: price(dense, 128, 5),
        640: weights(128, 5, 1),
        1290: price(dense, 128, 10),
        133: 128 + 5,
    },
    "price-without-sharing": lambda: {
        19694080: price(dense, 784, 32 * 784),
        320: count(nn.Conv2d(1, 32, 3)),
        19668992: 784 * 32 * 784,
        25120: price(dense, 784, 32),
    },
    "sixty-steps-back": lambda: {
        5: dilated_layers(60),
        30: 60 // (3 - 1),
        4: dilated_layers(60) - 1,
        6: dilated_layers(60) + 1,
    },
    "far-apart": lambda: {
        112: layers_to_see(224),
        111: layers_to_see(224) - 1,
        75: math.ceil(224 / 3),
        223: 224 - 1,
    },
}

CLAIMS = {
    "the popular figures and their versions, exactly": lambda: (
        {
            "LeNet-5": 61_706,
            "AlexNet, two towers": 60_965_224,
            "AlexNet, one tower": 62_378_344,
            "AlexNet": 61_100_840,
            "VGG-16": 138_357_544,
            "VGG-19": 143_667_240,
            "GoogLeNet": 6_998_552,
            "GoogLeNet, library": 6_624_904,
            "ResNet-50": 25_557_032,
            "ResNet-152": 60_192_808,
        }.items()
        <= {name: parameters(name) for name in NETS}.items()
    ),
    "LeNet-5 of the paper has 60,000": lambda: lenet5_of_the_paper() == 60_000,
    "1,706 = 900 kernels' weights + 850 of the last layer − 44 of the pooling": lambda: (
        900 + price(dense, 84, 10) - 2 * (6 + 16) == 1706
    ),
    "with its heads GoogLeNet has 13,378,280, which are 6,379,728 more": lambda: (
        (auxiliary_heads(), auxiliary_heads() + parameters("GoogLeNet")) == (6_379_728, 13_378_280)
    ),
    "GoogLeNet has about 8,000 biases": lambda: (
        7500 < sum(math.prod(s) for _, s in plan("GoogLeNet")["shapes"] if len(s) == 1) < 8500
    ),
    "by parameters: LeNet-5 0.06, GoogLeNet 7.0, ResNet-50 25.6, AlexNet 61.1, VGG-16 138.4": (
        lambda: (
            [
                round(parameters(name) / 1e6, 2 if name == "LeNet-5" else 1)
                for name in ("LeNet-5", "GoogLeNet", "ResNet-50", "AlexNet", "VGG-16")
            ]
            == [0.06, 7.0, 25.6, 61.1, 138.4]
        )
    ),
    "GoogLeNet to AlexNet: 8.7 times fewer parameters, 2.2 times the work, 1.58 and 0.71": lambda: (
        round(parameters("AlexNet") / parameters("GoogLeNet"), 1) == 8.7
        and round(macs("GoogLeNet") / macs("AlexNet"), 1) == 2.2
        and (round(macs("GoogLeNet") / 1e9, 2), round(macs("AlexNet") / 1e9, 2)) == (1.58, 0.71)
    ),
    "GoogLeNet has a tenth of VGG-16's multiply–adds": lambda: (
        9.5 < macs("VGG-16") / macs("GoogLeNet") < 10.5
    ),
    "VGG-16: 15.47 billion multiply–adds, 30.94 billion operations": lambda: (
        (round(macs("VGG-16") / 1e9, 2), round(2 * macs("VGG-16") / 1e9, 2)) == (15.47, 30.94)
    ),
    "VGG-16's dense layers: 89 % of the parameters, under 1 % of the work": lambda: (
        round(dense_share("VGG-16", "parameters")) == 89 and dense_share("VGG-16", "macs") < 1
    ),
    "VGG-19: 575 million bytes, 18 million at one bit": lambda: (
        round(4 * parameters("VGG-19") / 1e6) == 575 and round(parameters("VGG-19") / 8e6) == 18
    ),
    "AlexNet's first dense layer has 37,752,832": lambda: (
        price(dense, 256 * 36, 4096) == 37_752_832
    ),
    "AlexNet's pools: 55, 27, 13, 6 with windows of 3 and of 2": lambda: all(
        nn.MaxPool2d(K, 2)(torch.zeros(1, side, side)).shape[1] == after
        for K in (2, 3)
        for side, after in ((55, 27), (27, 13), (13, 6))
    ),
    "but other numbers": lambda: (
        not torch.equal(
            F.max_pool2d(torch.rand(1, 55, 55), 3, 2), F.max_pool2d(torch.rand(1, 55, 55), 2, 2)
        )
    ),
    "at 5 the slope of tanh is below 0.0002": lambda: 1 - math.tanh(5) ** 2 < 0.0002,
    "a net better at once may be worse with five guesses": lambda: (
        error(1, torch.tensor([0, 0, 9])) < error(1, torch.tensor([0, 1, 1]))
        and error(5, torch.tensor([0, 0, 9])) > error(5, torch.tensor([0, 1, 1]))
    ),
    "the top-5 error is no fifth of the top-1 error": lambda: error(5) != error(1) / 5,
    "from 192 to 32 by 5×5: 153,600, 3,072 and 12,800 with the squeeze": lambda: (
        (weights(192, 32, 5), weights(192, 16, 1), weights(16, 32, 5)) == (153600, 3072, 12800)
    ),
    "a bottleneck has 69,632 weights, two 3×3 layers 1,179,648": lambda: (
        (2 * weights(256, 64, 1) + weights(64, 64, 3), 2 * weights(256, 256, 3)) == (69632, 1179648)
    ),
    "2·64·64·9 = 73,728 and 2·2·64 = 256": lambda: (2 * weights(64, 64, 3), 4 * 64) == (73728, 256),
    "fewer free numbers than a 5×5 kernel": freedom_of_two,
    "a block with weights of 0 hands on what is never negative": silent_block,
    "without its shortcuts' four layers ResNet-50 has 50": lambda: (
        layers_with_weights("ResNet-50") - 4 == 50
    ),
    "ResNet-50 with early strides: 3.86 billion multiply–adds and as many parameters": lambda: (
        round(macs("ResNet-50, early strides") / 1e9, 2) == 3.86
        and round(macs("ResNet-50") / 1e9, 2) == 4.09
        and parameters("ResNet-50, early strides") == parameters("ResNet-50")
    ),
    "ResNet-152: 60 and 11.5, VGG-16: 138 and 15.5, dense 2 and 103 million, 50 blocks": lambda: (
        (round(parameters("ResNet-152") / 1e6), round(macs("ResNet-152") / 1e9, 1)) == (60, 11.5)
        and (round(parameters("VGG-16") / 1e6), round(macs("VGG-16") / 1e9, 1)) == (138, 15.5)
        and round(price(dense, 2048, 1000) / 1e6) == 2
        and round(price(dense, 512 * 49, 4096) / 1e6) == 103
        and 3 + 8 + 36 + 3 == 50
    ),
    "four layers look 30 steps back, five 62, six 126": lambda: (
        [looks_back(n) for n in (4, 5, 6)] == [30, 62, 126]
    ),
    "the digit net has 5,541 parameters": lambda: count(digit_net()) == 5541,
    "plain and without norm: more than a billion times smaller": lambda: (
        max(ratios(False, False)) < 1e-9
    ),
    "plain with norm: several times larger, or more": lambda: min(ratios(False, True)) > 3,
    "with shortcuts: of the same order": lambda: (
        min(ratios(True, False)) > 0.1 and max(ratios(True, False)) < 10
    ),
    "backward() twice doubles the gradient": lambda: backward_twice() == 2,
    "frozen features move in train() mode": still_moving,
    "the digit net's features give 128 numbers": lambda: digit_net().head.in_features == 128,
    "61,500 times fewer parameters": lambda: round(19_694_080 / 320, -2) == 61_500,
    "111 layers see 223, 112 see 225": lambda: (2 * 111 + 1, 2 * 112 + 1) == (223, 225),
    "a 3×3 window looks at 9 of 784 pixels": lambda: (weights(1, 1, 3), 28 * 28) == (9, 784),
    "LeNet-5 gives ten scores": lambda: shape(lenet5()(torch.zeros(1, 1, 32, 32))) == (1, 10),
}
