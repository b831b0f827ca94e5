"""Hidden checks of lesson 05, notebook 1: settings that nobody can have prepared for.

The titles are shown to students, so they name the property and not the data.
"""

import random

import torch
import torch.nn.functional as F
from torch import nn

from utils.checks import check
from utils.expect import (
    expect,
    expect_gradients,
    expect_layer,
    expect_same_on_device,
)
from utils.expect_nets import expect_blueprint
from utils.nets.known import known_numbers

GOOGLENET = [
    (64, 96, 128, 16, 32, 32),
    (128, 128, 192, 32, 96, 64),
    "M",
    (192, 96, 208, 16, 48, 64),
    (160, 112, 224, 24, 64, 64),
    (128, 128, 256, 24, 64, 64),
    (112, 144, 288, 32, 64, 64),
    (256, 160, 320, 32, 128, 128),
    "M",
    (256, 160, 320, 32, 128, 128),
    (384, 192, 384, 48, 128, 128),
]
KNOWN = "With every weight known the scores differ: the parts are not those of the description."


def random_tensor(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers around zero, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def known_layer(x: torch.Tensor, *weight: int, **settings) -> torch.Tensor:
    """A layer whose weight has this shape, with the known numbers: dense, or a convolution."""
    kernel, bias = known_numbers(weight, x.dtype), known_numbers(weight[:1], x.dtype)
    layer = F.linear if len(weight) == 2 else F.conv2d
    return layer(x, kernel, bias, **settings)


@check("top_k_error", points=1)
def test_top_k_error_any_scores(student):
    """Random scores of many classes, and every k, counted row by row."""
    for N, classes, seed in ((23, 7, 1), (9, 12, 2)):
        logits = random_tensor(N, classes, seed=seed)
        labels = torch.randint(classes, (N,), generator=torch.Generator().manual_seed(seed))
        better = [int((row > row[c]).sum()) for row, c in zip(logits, labels, strict=True)]
        for k in range(1, classes + 1):
            wanted = sum(count >= k for count in better) / N
            expect(student.top_k_error(logits, labels, k), equals=wanted)


@check("top_k_error", points=0.5)
def test_top_k_error_of_the_contest(student):
    """A thousand classes and five guesses; one example; two classes."""
    logits = random_tensor(200, 1000, seed=3, dtype=torch.float32)
    rank = torch.arange(200) % 9  # the right class is the best guess, the second, … the ninth
    labels = logits.argsort(dim=1, descending=True)[torch.arange(200), rank]
    expect(student.top_k_error(logits, labels, 5), equals=float((rank >= 5).double().mean()))
    expect(student.top_k_error(logits[:1], labels[:1], 1), equals=0.0)
    two = torch.tensor([[-1.0, -2.0], [-5.0, -3.0], [2.0, 1.0]])
    expect(student.top_k_error(two, torch.tensor([1, 1, 1]), 1), equals=2 / 3)


@check("conv_cost", points=1)
def test_conv_cost_any_layer(student):
    """Many layers, with groups and without, counted on torch's own."""
    draw = random.Random(4)
    for _ in range(60):
        groups, K = draw.choice((1, 1, 2, 3, 4)), draw.randint(1, 7)
        C_in, C_out = groups * draw.randint(1, 9), groups * draw.randint(1, 9)
        H, W, bias = draw.randint(1, 40), draw.randint(1, 40), draw.random() < 0.5
        layer = nn.Conv2d(C_in, C_out, K, groups=groups, bias=bias, device="meta")
        parameters = sum(p.numel() for p in layer.parameters())
        wanted = (parameters, layer.weight.numel() * H * W)
        expect(student.conv_cost(C_in, C_out, K, H, W, groups, bias), equals=wanted, rtol=0)


@check("conv_cost", points=0.5)
def test_conv_cost_extremes(student):
    """A dense layer as a convolution, and every channel in a group of its own."""
    expect(student.conv_cost(9216, 4096, 1, 1, 1), equals=(37_752_832, 37_748_736), rtol=0)
    expect(student.conv_cost(12, 12, 3, 5, 8, 12, False), equals=(108, 4320), rtol=0)
    expect(student.conv_cost(5, 15, 3, 2, 9, groups=5), equals=(150, 2430), rtol=0)


@check("stack_or_kernel", points=1)
def test_stack_or_kernel_any_stack(student):
    """Stacks of many depths and widths."""
    for n in (1, 2, 4, 7, 30):
        for C in (1, 5, 64, 512):
            side = 1 + sum(2 for _ in range(n))
            stack = sum(torch.Size((C, C, 3, 3)).numel() for _ in range(n))
            one = torch.Size((C, C, side, side)).numel()
            expect(student.stack_or_kernel(n, C), equals=(side, stack, one), rtol=0)


def lenet5_scores(x: torch.Tensor) -> torch.Tensor:
    """What the right LeNet-5 says with the known weights."""
    x = F.avg_pool2d(known_layer(x, 6, 1, 5, 5).tanh(), 2)
    x = F.avg_pool2d(known_layer(x, 16, 6, 5, 5).tanh(), 2)
    x = known_layer(x.flatten(1), 120, 400).tanh()
    return known_layer(known_layer(x, 84, 120).tanh(), 10, 84)


@check("lenet5", points=1)
def test_lenet5_scores_of_any_picture(student):
    """Other pictures in float64, bright and dark ones, with every weight known."""
    net = student.fill_weights(expect_layer(student.lenet5()), double=True)
    images = random_tensor(3, 1, 32, 32, seed=5) * torch.tensor([1, 0, 9]).reshape(3, 1, 1, 1)
    expect(net(images), equals=lenet5_scores(images), says=KNOWN)


@check("lenet5", points=0.5)
def test_lenet5_gradients(student):
    """The gradient of the scores by every pixel."""
    net = student.fill_weights(expect_layer(student.lenet5()), double=True)
    image = random_tensor(1, 1, 32, 32, seed=6)
    expect(net(image), equals=lenet5_scores(image), says=KNOWN)
    expect_gradients(net, image, reference=lenet5_scores, wrt=(0,))


@check("alexnet", points=1)
def test_alexnet_counts_of_other_widths(student):
    """The paper's widths, and others, with fewer classes."""
    expect_blueprint(
        student.alexnet,
        (96, 256, 384, 384, 256),
        shape=(1, 3, 224, 224),
        output=(1, 1000),
        parameters=62_378_344,
        macs=1_135_256_096,
    )
    convolutions = [(7, 3, 11, 11), (5, 7, 5, 5), (3, 5, 3, 3), (6, 3, 3, 3), (4, 6, 3, 3)]
    expect_blueprint(
        student.alexnet,
        (7, 5, 3, 6, 4),
        11,
        shape=(2, 3, 224, 224),
        output=(2, 11),
        weights=[*convolutions, (4096, 144), (4096, 4096), (11, 4096)],
    )


def alexnet_scores(x: torch.Tensor, c1: int, c2: int, c3: int, c4: int, c5: int, classes: int):
    """What the right AlexNet says with the known weights."""
    x = F.max_pool2d(known_layer(x, c1, 3, 11, 11, stride=4, padding=2).relu(), 3, 2)
    x = F.max_pool2d(known_layer(x, c2, c1, 5, 5, padding=2).relu(), 3, 2)
    x = known_layer(x, c3, c2, 3, 3, padding=1).relu()
    x = known_layer(x, c4, c3, 3, 3, padding=1).relu()
    x = F.max_pool2d(known_layer(x, c5, c4, 3, 3, padding=1).relu(), 3, 2)
    x = known_layer(x.flatten(1), 4096, 36 * c5).relu()
    return known_layer(known_layer(x, 4096, 4096).relu(), classes, 4096)


@check("alexnet", points=1)
def test_alexnet_scores_of_other_widths(student):
    """Other widths, every weight known; also where the picture lives."""
    net = student.fill_weights(expect_layer(student.alexnet((3, 2, 4, 6, 2), 4)))
    image = random_tensor(1, 3, 224, 224, seed=7, dtype=torch.float32)
    wanted = alexnet_scores(image, 3, 2, 4, 6, 2, 4)
    scores = net(image)
    expect(scores, shape=(1, 4))
    expect(scores, equals=wanted, rtol=1e-3, atol=1e-4, says=KNOWN)
    expect_same_on_device(net, image, equals=wanted, rtol=1e-3, atol=1e-4)


@check("vgg", points=1)
def test_vgg_counts_of_other_plans(student):
    """VGG-19, and small plans with other sides and poolings in other places."""
    deep = [64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M"]
    expect_blueprint(
        student.vgg,
        [*deep, 512, 512, 512, 512, "M"],
        shape=(1, 3, 224, 224),
        output=(1, 1000),
        parameters=143_667_240,
        macs=19_632_062_464,
    )
    for plan, classes, side, hidden, weights in (
        ([5, 2], 4, 6, 3, [(5, 3, 3, 3), (2, 5, 3, 3), (3, 72), (3, 3), (4, 3)]),
        (["M", 4, "M", "M"], 2, 27, 7, [(4, 3, 3, 3), (7, 36), (7, 7), (2, 7)]),
    ):
        shape, output = (2, 3, side, side), (2, classes)
        expect_blueprint(
            student.vgg, plan, classes, side, hidden, shape=shape, output=output, weights=weights
        )


def vgg_scores(x: torch.Tensor, plan: list, hidden: int, classes: int) -> torch.Tensor:
    """What the right VGG says with the known weights."""
    for step in plan:
        if step == "M":
            x = F.max_pool2d(x, 2)
        else:
            x = known_layer(x, step, x.shape[1], 3, 3, padding=1).relu()
    x = x.flatten(1)
    x = known_layer(known_layer(x, hidden, x.shape[1]).relu(), hidden, hidden).relu()
    return known_layer(x, classes, hidden)


@check("vgg", points=1)
def test_vgg_scores(student):
    """Several plans in float64, every weight known; also where the pictures live."""
    for plan, classes, side, hidden in (
        ([4, 6, "M", 5, "M"], 3, 14, 8),
        (["M", 2, "M", 3, 4], 5, 11, 6),
    ):
        net = expect_layer(student.vgg(plan, classes, side, hidden))
        net = student.fill_weights(net, double=True)
        images = random_tensor(2, 3, side, side, seed=8)
        expect(net(images), equals=vgg_scores(images, plan, hidden, classes), says=KNOWN)
    expect_same_on_device(net, images, equals=vgg_scores(images, plan, hidden, classes))


def block_maps(x: torch.Tensor, c1: int, c3_in: int, c3: int, c5_in: int, c5: int, c_pool: int):
    """What the right block says with the known weights."""
    C_in = x.shape[1]
    second = known_layer(x, c3_in, C_in, 1, 1).relu()
    third = known_layer(x, c5_in, C_in, 1, 1).relu()
    ways = [
        known_layer(x, c1, C_in, 1, 1),
        known_layer(second, c3, c3_in, 3, 3, padding=1),
        known_layer(third, c5, c5_in, 5, 5, padding=2),
        known_layer(F.max_pool2d(x, 3, 1, 1), c_pool, C_in, 1, 1),
    ]
    return torch.cat(ways, dim=1).relu()


@check("Inception", points=1.5)
def test_inception_any_block(student):
    """Blocks of many widths on maps that are not square, in float64, every weight known."""
    for widths, shape in (
        ((2, 3, 4, 5, 6, 7), (2, 3, 6, 9)),
        ((5, 1, 2, 7, 3, 4), (1, 6, 7, 4)),
        ((1, 4, 3, 2, 1, 5), (3, 1, 1, 2)),
    ):
        block = expect_layer(student.Inception(shape[1], *widths))
        block = student.fill_weights(block, double=True)
        x = random_tensor(*shape, seed=9)
        expect(block(x), equals=block_maps(x, *widths))


@check("Inception", points=1)
def test_inception_gradients(student):
    """The gradient that goes back through all four ways."""
    widths = (2, 3, 2, 1, 3, 4)
    block = expect_layer(student.Inception(3, *widths))
    block = student.fill_weights(block, double=True)
    x = random_tensor(2, 3, 5, 6, seed=10)
    expect(block(x), equals=block_maps(x, *widths))
    expect_gradients(block, x, reference=lambda x: block_maps(x, *widths), wrt=(0,))


@check("googlenet", points=1)
def test_googlenet_counts_of_other_tables(student):
    """Other tables: fewer blocks, other classes, and pictures of other sizes."""
    expect_blueprint(
        student.googlenet,
        GOOGLENET[:6],
        10,
        shape=(2, 3, 64, 96),
        output=(2, 10),
        parameters=2_017_418,
        macs=2 * 143_436_800,
    )
    stem = [(64, 3, 7, 7), (64, 64, 1, 1), (192, 64, 3, 3)]
    block = [(8, 192, 1, 1), (4, 192, 1, 1), (9, 4, 3, 3), (2, 192, 1, 1), (5, 2, 5, 5)]
    last = [(6, 192, 1, 1), (3, 28, 1, 1), (2, 28, 1, 1), (1, 2, 3, 3), (6, 28, 1, 1)]
    last += [(4, 6, 5, 5), (7, 28, 1, 1)]
    expect_blueprint(
        student.googlenet,
        ["M", (8, 4, 9, 2, 5, 6), "M", (3, 2, 1, 6, 4, 7)],
        4,
        shape=(1, 3, 100, 80),
        output=(1, 4),
        weights=[*stem, *block, *last, (4, 15)],
    )


def googlenet_scores(x: torch.Tensor, table: list, classes: int) -> torch.Tensor:
    """What the right GoogLeNet says with the known weights."""
    x = F.max_pool2d(known_layer(x, 64, 3, 7, 7, stride=2, padding=3).relu(), 3, 2, ceil_mode=True)
    x = known_layer(known_layer(x, 64, 64, 1, 1).relu(), 192, 64, 3, 3, padding=1).relu()
    x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    for row in table:
        x = F.max_pool2d(x, 3, 2, ceil_mode=True) if row == "M" else block_maps(x, *row)
    x = x.mean(dim=(2, 3))
    return known_layer(x, classes, x.shape[1])


@check("googlenet", points=1)
def test_googlenet_scores_of_any_picture(student):
    """Two pictures that are not square, in float64, every weight known; also where they live."""
    table = [(4, 3, 2, 1, 5, 3), (2, 5, 6, 3, 4, 1), "M", (3, 1, 4, 2, 2, 5)]
    net = expect_layer(student.googlenet(table, 5))
    net = student.fill_weights(net, double=True)
    images = random_tensor(2, 3, 30, 41, seed=11)
    wanted = googlenet_scores(images, table, 5)
    expect(net(images), equals=wanted, says=KNOWN)
    expect_same_on_device(net, images[:1], equals=wanted[:1])
