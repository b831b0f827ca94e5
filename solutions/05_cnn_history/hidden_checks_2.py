"""Hidden checks of lesson 05's second notebook: sizes and weights nobody can have prepared for.

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
from utils.expect_nets import expect_accuracy, expect_blueprint, expect_filled
from utils.nets.known import fill_weights
from utils.nets.small import perceptron, tower
from utils.nets.transfer import digit_net, few_new_digits, new_digits

# How much of the judge's new digits must be right; calibrated in calibration.py.
EACH, STEPS, LR = 20, 100, 0.01
AT_LEAST = 0.88


def random_tensor(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers around zero, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def norm(name: str, channels: int, seed: int) -> dict[str, torch.Tensor]:
    """A normalisation whose four rows of numbers are all at random."""
    return {
        f"{name}.weight": random_tensor(channels, seed=seed) + 1,
        f"{name}.bias": random_tensor(channels, seed=seed + 1),
        f"{name}.running_mean": random_tensor(channels, seed=seed + 2),
        f"{name}.running_var": random_tensor(channels, seed=seed + 3).square() + 0.5,
    }


def shortcut(C_in: int, C_out: int, S: int, seed: int) -> dict[str, torch.Tensor]:
    """The weights of a shortcut, where there has to be one."""
    if C_in == C_out and S == 1:
        return {}
    weight = random_tensor(C_out, C_in, 1, 1, seed=seed)
    return {"shortcut.0.weight": weight, **norm("shortcut.1", C_out, seed + 1)}


def basic_weights(C_in: int, C_out: int, S: int, seed: int) -> dict[str, torch.Tensor]:
    """Random weights of a basic block."""
    return {
        "conv1.weight": random_tensor(C_out, C_in, 3, 3, seed=seed) / 3,
        **norm("bn1", C_out, seed + 10),
        "conv2.weight": random_tensor(C_out, C_out, 3, 3, seed=seed + 20) / 3,
        **norm("bn2", C_out, seed + 30),
        **shortcut(C_in, C_out, S, seed + 40),
    }


def narrow_weights(C_in: int, C_mid: int, S: int, seed: int) -> dict[str, torch.Tensor]:
    """Random weights of a bottleneck."""
    return {
        "conv1.weight": random_tensor(C_mid, C_in, 1, 1, seed=seed),
        **norm("bn1", C_mid, seed + 10),
        "conv2.weight": random_tensor(C_mid, C_mid, 3, 3, seed=seed + 20) / 3,
        **norm("bn2", C_mid, seed + 30),
        "conv3.weight": random_tensor(4 * C_mid, C_mid, 1, 1, seed=seed + 40),
        **norm("bn3", 4 * C_mid, seed + 50),
        **shortcut(C_in, 4 * C_mid, S, seed + 60),
    }


def block(x: torch.Tensor, weights: dict, S: int, strides: tuple, training: bool) -> torch.Tensor:
    """What a block with these weights makes of x; `strides` of its convolutions in turn."""

    def normed(x, name):
        mean, variance = (weights[f"{name}.{row}"].clone() for row in STATISTICS)
        return F.batch_norm(
            x, mean, variance, weights[f"{name}.weight"], weights[f"{name}.bias"], training
        )

    out = x
    for number, step in enumerate(strides, start=1):
        weight = weights[f"conv{number}.weight"]
        out = F.conv2d(out, weight, stride=step, padding=weight.shape[-1] // 2)
        out = normed(out, f"bn{number}")
        if number < len(strides):
            out = out.relu()
    if "shortcut.0.weight" in weights:
        x = normed(F.conv2d(x, weights["shortcut.0.weight"], stride=S), "shortcut.1")
    return (out + x).relu()


STATISTICS = ("running_mean", "running_var")


def expect_block(student_block, x, weights, S, strides, training):
    """Expect the student's block with these weights to give what ours gives."""
    net = expect_filled(student_block, weights)
    net.train(training)
    wanted = block(x, weights, S, strides, training)
    expect(net(x), equals=wanted, dtype=torch.float64)


def expect_block_gradients(student_block, x, weights, S, strides):
    """Expect autograd to find through the student's block what it finds through ours."""
    net = expect_filled(student_block, weights)
    net.eval()

    def ours(x):
        return block(x, weights, S, strides, False)

    expect_gradients(net, x, reference=ours, wrt=(0,))


@check("BasicBlock", points=1)
def test_basic_block_any_size(student):
    """Blocks of many sizes, with and without a stride, in eval() mode."""
    for seed, (C_in, C_out, S, H, W) in enumerate(
        [(3, 3, 1, 4, 6), (2, 5, 1, 3, 4), (4, 4, 2, 7, 4), (3, 2, 3, 6, 8)]
    ):
        weights = basic_weights(C_in, C_out, S, seed=100 * seed)
        x = random_tensor(2, C_in, H, W, seed=seed + 7)
        net = student.BasicBlock(C_in, C_out, S).double()
        expect_block(net, x, weights, S, (S, 1), False)


@check("BasicBlock", points=0.5)
def test_basic_block_training(student):
    """In train() mode every normalisation uses its batch."""
    for seed, (C_in, C_out, S) in enumerate([(3, 3, 1), (2, 4, 2)]):
        weights = basic_weights(C_in, C_out, S, seed=1000 + 100 * seed)
        x = random_tensor(3, C_in, 5, 4, seed=seed + 17)
        net = student.BasicBlock(C_in, C_out, S).double()
        expect_block(net, x, weights, S, (S, 1), True)


@check("BasicBlock", points=1)
def test_basic_block_gradients(student):
    """Autograd runs back through both ways of the sum."""
    for seed, (C_in, C_out, S) in enumerate([(2, 2, 1), (2, 3, 2)]):
        weights = basic_weights(C_in, C_out, S, seed=2000 + 100 * seed)
        x = random_tensor(2, C_in, 4, 5, seed=seed + 27)
        net = student.BasicBlock(C_in, C_out, S).double()
        expect_block_gradients(net, x, weights, S, (S, 1))


@check("Bottleneck", points=1)
def test_bottleneck_any_size(student):
    """Blocks of many sizes, with and without a stride, in both modes."""
    cases = [
        (8, 2, 1, 4, 6, False),
        (3, 2, 1, 3, 4, True),
        (8, 2, 2, 5, 4, True),
        (5, 3, 2, 7, 4, False),
    ]
    for seed, (C_in, C_mid, S, H, W, training) in enumerate(cases):
        weights = narrow_weights(C_in, C_mid, S, seed=3000 + 100 * seed)
        x = random_tensor(2, C_in, H, W, seed=seed + 37)
        net = student.Bottleneck(C_in, C_mid, S).double()
        expect_block(net, x, weights, S, (1, S, 1), training)


@check("Bottleneck", points=1)
def test_bottleneck_gradients(student):
    """Autograd runs back through both ways of the sum."""
    for seed, (C_in, C_mid, S) in enumerate([(4, 1, 1), (3, 2, 2)]):
        weights = narrow_weights(C_in, C_mid, S, seed=4000 + 100 * seed)
        x = random_tensor(2, C_in, 4, 5, seed=seed + 47)
        net = student.Bottleneck(C_in, C_mid, S).double()
        expect_block_gradients(net, x, weights, S, (1, S, 1))


@check("resnet", points=0.5)
def test_resnet_deeper(student):
    """Many more blocks, counted on paper."""
    expect_blueprint(
        student.resnet,
        (3, 4, 23, 3),
        shape=(1, 3, 224, 224),
        output=(1, 1000),
        parameters=44_549_160,
        macs=7_801_405_440,
    )


@check("resnet", points=0.5)
def test_resnet_other_counts(student):
    """Other numbers of blocks and of classes, and pictures of another size."""
    expect_blueprint(
        student.resnet,
        (1, 2, 3, 2),
        23,
        shape=(3, 3, 97, 70),
        output=(3, 23),
        parameters=15_040_087,
        macs=1_248_984_768,
    )


def small_resnet() -> nn.Module:
    """One block in each stage, five classes, from torch's layers alone."""

    class Block(nn.Module):
        def __init__(self, C_in, C_mid, S):
            super().__init__()
            self.way = nn.Sequential(
                nn.Conv2d(C_in, C_mid, 1, bias=False), nn.BatchNorm2d(C_mid), nn.ReLU(),
                nn.Conv2d(C_mid, C_mid, 3, S, 1, bias=False), nn.BatchNorm2d(C_mid), nn.ReLU(),
                nn.Conv2d(C_mid, 4 * C_mid, 1, bias=False), nn.BatchNorm2d(4 * C_mid),
            )  # fmt: skip
            self.short = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, S, bias=False), nn.BatchNorm2d(4 * C_mid)
            )

        def forward(self, x):
            return (self.way(x) + self.short(x)).relu()

    return nn.Sequential(
        nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.MaxPool2d(3, 2, 1), Block(64, 64, 1), Block(256, 128, 2), Block(512, 256, 2),
        Block(1024, 512, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 5),
    )  # fmt: skip


@check("resnet", points=1)
def test_resnet_answers(student):
    """With known weights a small one gives the right scores."""
    pictures = random_tensor(2, 3, 40, 32, seed=57, dtype=torch.float32)
    # What torch does not find as the net's keeps its random weights: that is told first.
    expect_blueprint(
        student.resnet, (1, 1, 1, 1), 5, shape=(2, 3, 40, 32), output=(2, 5), parameters=8_026_181
    )
    net = student.fill_weights(expect_layer(student.resnet((1, 1, 1, 1), 5)))
    wanted = fill_weights(small_resnet())(pictures).detach()
    expect_same_on_device(net, pictures, equals=wanted, rtol=1e-3, atol=1e-4)


def norms_of(model, images, labels):
    """The norms as torch finds them, without a trace in the model."""
    weights = [p for p in model.parameters() if p.dim() > 1]
    loss = F.cross_entropy(model(images), labels)
    return tuple(float(grad.norm()) for grad in torch.autograd.grad(loss, weights))


@check("gradient_norms", points=1)
def test_gradient_norms_any_net(student):
    """Nets of several depths, with and without shortcuts and normalisation."""
    images, labels = random_tensor(5, 1, 6, 4, seed=61, dtype=torch.float32), torch.arange(5) % 3
    for layers, skips, normed in [(2, False, False), (6, True, False), (6, False, True)]:
        settings = {"skips": skips, "norm": normed, "classes": 3, "seed": 5}
        wanted = norms_of(tower(layers, 3, **settings), images, labels)
        net = student.tower(layers, 3, **settings)
        expect(student.gradient_norms(net, images, labels), equals=wanted, rtol=1e-3, atol=1e-7)


@check("gradient_norms", points=0.5)
def test_gradient_norms_asked_again(student):
    """Old gradients do not count: asked three times, the net answers each time for itself."""
    points, labels = random_tensor(4, 3, seed=62, dtype=torch.float32), torch.tensor([0, 1, 1, 0])
    net, ours = student.perceptron(3, 2, 8), perceptron(3, 2, 8)
    for rows in (slice(0, 4), slice(1, 3), slice(0, 2)):
        wanted = norms_of(ours, points[rows], labels[rows])
        got = student.gradient_norms(net, points[rows], labels[rows])
        expect(got, equals=wanted, rtol=1e-3)


@check("gradient_norms", points=0.5)
def test_gradient_norms_leaves_nothing(student):
    """Afterwards the net is as it was: its weights, and no gradient in any of them."""
    images, labels = (
        random_tensor(3, 1, 4, 4, seed=63, dtype=torch.float32),
        torch.tensor([2, 0, 1]),
    )
    net, ours = student.tower(4, 4, classes=3, seed=9), tower(4, 4, classes=3, seed=9)
    net.remember_gradients()
    wanted = norms_of(ours, images, labels)
    expect(student.gradient_norms(net, images, labels), equals=wanted, rtol=1e-3)
    says = "Gradients are left in the net: wipe them before you return."
    expect(net.gradients_left, equals=0, says=says)
    expect(net(images), equals=ours(images).detach(), says="The weights have changed.")


def adapted(model, images, labels, steps, lr):
    """The reference's answer, for so few steps that it depends on every one of them."""
    classes = int(labels.max()) + 1
    with torch.no_grad():
        features = model.eval().features(images)
    head = nn.Linear(features.shape[1], classes)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(head(features), labels).backward()
        optimizer.step()
    model.head = head
    return model


@check("adapt", points=1)
def test_adapt_step_by_step(student):
    """A few steps at several rates and for several numbers of classes, as Adam takes them."""
    for seed, (classes, steps, lr) in enumerate([(2, 2, 0.03), (4, 5, 0.01), (7, 3, 0.1)]):
        images = few_new_digits(2, seed)[0][:9]  # not as many of each class: each bias has a slope
        labels = torch.arange(9) * 3 % classes
        labels[labels == 0] = classes - 1  # a class that does not occur still has its score
        wanted = adapted(digit_net(3, seed), images, labels, steps, lr)(images).detach()
        model = student.adapt(student.digit_net(3, seed), images, labels, steps, lr)
        expect(expect_layer(model)(images), equals=wanted, rtol=1e-3, atol=1e-4)


@check("adapt", points=0.5)
def test_adapt_keeps_the_features(student):
    """The features' answers and their statistics stay, whichever mode the model came in."""
    images, labels = few_new_digits(3, seed=5)
    for training in (True, False):
        wanted = digit_net(seed=4).eval().features(images).detach()
        model = student.digit_net(seed=4)
        model.train(training)
        model = expect_layer(student.adapt(model, images, labels, 4, 0.1))
        says = "The features answer otherwise than before: their weights or statistics moved."
        expect(model.features(images), equals=wanted, rtol=1e-4, atol=1e-5, says=says)
        expect(model.trainable, equals=645, says="Something besides the head wants gradients.")
        expect(model.training, equals=False, says="The model must come back in eval() mode.")


@check("adapt", points=1.5, trained=True)
def test_adapt_learns_from_others(student):
    """From other pictures of the new digits, and a net that was trained from another start."""
    model = student.adapt(student.trained_net(3), *few_new_digits(EACH, seed=11), STEPS, LR)
    images, labels = new_digits("test")
    expect_accuracy(expect_layer(model)(images), labels, at_least=AT_LEAST)


@check("worth_taking", points=1)
def test_worth_taking_any_nets(student):
    """Many sets of nets, from one to nine of them."""
    draw = random.Random(6)
    for count in (1, 2, 3, 5, 7, 9, 9, 9):
        names = draw.sample("ABCDEFGHI", count)
        costs = draw.sample(range(1, 30), count)
        nets = {
            name: (cost, draw.randint(60, 99) / 100)
            for name, cost in zip(names, costs, strict=True)
        }
        best, wanted = -1.0, []
        for name, (_, share) in sorted(nets.items(), key=lambda item: item[1][0]):
            if share > best:
                best, wanted = share, [*wanted, name]
        expect(student.worth_taking(nets), equals=tuple(wanted))


@check("worth_taking", points=0.5)
def test_worth_taking_alike(student):
    """Nets that all cost the same, and nets that are all as good."""
    same_cost = {"A": (5, 0.7), "B": (5, 0.9), "C": (5, 0.9), "D": (5, 0.8)}
    expect(student.worth_taking(same_cost), equals=("B", "C"))
    as_good = {"A": (9, 0.9), "B": (4, 0.9), "C": (6, 0.9), "D": (4, 0.9)}
    expect(student.worth_taking(as_good), equals=("B", "D"))


@check("layers_to_see", points=1)
def test_layers_to_see_any_steps(student):
    """Hundreds of steps and windows."""
    draw = random.Random(7)
    cases = [(1, 2), (1, 9), (1000, 2)] + [
        (draw.randint(1, 500), draw.randint(2, 9)) for _ in range(200)
    ]
    for steps, K in cases:
        plain = next(n for n in range(1, 2000) if n * (K - 1) >= steps)
        doubled = next(n for n in range(1, 60) if (2**n - 1) * (K - 1) >= steps)
        expect(student.layers_to_see(steps, K), equals=(plain, doubled), rtol=0)
