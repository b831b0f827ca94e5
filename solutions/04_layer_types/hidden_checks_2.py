"""Hidden checks of lesson 04, notebook 2: settings and numbers that nobody can have prepared for.

The titles are shown to students, so they name the property and not the data.
"""

import math
import random

import torch
import torch.nn.functional as F
from torch import nn

from utils import data
from utils.checks import check
from utils.expect import (
    Mismatch,
    expect,
    expect_error,
    expect_gradients,
    expect_layer,
    expect_written_out,
)
from utils.expect_nets import expect_accuracy, expect_batches
from utils.nets.small import perceptron, refill

# How far a trained net must come; `course calibrate 04` measures how sure that is.
DIGITS, EPOCHS, LR = 900, 6, 0.005
AT_LEAST = 0.9  # of digits it has not seen: more than the nearest mean digit, which gets 0.89
FEW, FEW_EPOCHS, FEW_LR = 8, 40, 0.01
AT_MOST = 0.1  # nats, the mean over the eight digits that it was trained on

CELLS = ("gru", "GRU", "rnn", "RNN", "lstm", "LSTM")
READY_MADE = "The numbers are right, but a ready-made operator did the work. Write it out yourself."


def random_tensor(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers around zero, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def block(x, weight1, weight2, projection=None, S=1):
    """torch's answer for one residual block."""
    padding = weight1.shape[-1] // 2
    branch = F.conv2d(x, weight1, stride=S, padding=padding).relu()
    branch = F.conv2d(branch, weight2, padding=padding)
    return (branch + (x if projection is None else F.conv2d(x, projection, stride=S))).relu()


@check("residual_block", points=1)
def test_residual_block_any_size(student):
    """Batches, channels, kernels and steps of many sizes, with and without a projection."""
    draw = random.Random(1)
    for seed in range(6):
        C, K, S = draw.randint(1, 4), draw.choice([1, 3, 5]), draw.randint(1, 3)
        x = random_tensor(draw.randint(1, 3), C, draw.randint(3, 7), draw.randint(3, 8), seed=seed)
        same = [
            random_tensor(C, C, K, K, seed=seed + 20),
            random_tensor(C, C, K, K, seed=seed + 40),
        ]
        got = student.residual_block(x, *same)
        expect(got, equals=block(x, *same), dtype=torch.float64)
        wide = draw.randint(1, 5)
        other = [
            random_tensor(wide, C, K, K, seed=seed + 60),
            random_tensor(wide, wide, K, K, seed=seed + 80),
            random_tensor(wide, C, 1, 1, seed=seed + 100),
        ]
        got = student.residual_block(x, *other, S)
        expect(got, equals=block(x, *other, S), dtype=torch.float64)


@check("residual_block", points=1)
def test_residual_block_gradients(student):
    """Autograd reaches the input, both kernels and the projection."""
    x = random_tensor(2, 2, 5, 4, seed=7)
    weights = [random_tensor(2, 2, 3, 3, seed=8), random_tensor(2, 2, 3, 3, seed=9)]
    expect_gradients(student.residual_block, x, *weights, reference=block, wrt=(0, 1, 2))
    project = random_tensor(2, 2, 1, 1, seed=10)
    given = (x, *weights, project)
    expect_gradients(student.residual_block, *given, S=2, reference=block, wrt=(0, 1, 2, 3))


@check("cross_entropy", points=1)
def test_cross_entropy_any_size(student):
    """Batches and classes of many sizes, small logits and large ones, equal to torch's loss."""
    draw = random.Random(2)
    for seed, scale in enumerate((1, 0.01, 30, 1000, 1e5, 3)):
        N, C = draw.randint(1, 9), draw.randint(2, 12)
        logits = scale * random_tensor(N, C, seed=seed)
        labels = torch.tensor([draw.randrange(C) for _ in range(N)])
        wanted = F.cross_entropy(logits, labels)
        expect(student.cross_entropy(logits, labels), equals=wanted, shape=(), dtype=torch.float64)


@check("cross_entropy", points=1)
def test_cross_entropy_gradients(student):
    """Autograd reaches the logits, also large ones."""
    labels = torch.tensor([2, 0, 1, 1])
    for seed, scale in ((3, 1), (4, 1000)):
        logits = scale * random_tensor(4, 3, seed=seed)
        expect_gradients(student.cross_entropy, logits, labels, reference=F.cross_entropy, wrt=(0,))


def encoding(length: int, d: int) -> torch.Tensor:
    """The encoding, number by number."""
    rows = []
    for position in range(length):
        angles = [position / 10000 ** (2 * i / d) for i in range(d // 2)]
        rows.append([f(angle) for angle in angles for f in (math.sin, math.cos)])
    return torch.tensor(rows, dtype=torch.float64)


@check("positional_encoding", points=1)
def test_positional_encoding_any_size(student):
    """Sequences of many lengths and widths."""
    for length, d in ((7, 10), (2, 6), (12, 8), (9, 2), (1, 4)):
        got = student.positional_encoding(length, d)
        expect(got, equals=encoding(length, d), dtype=torch.float32, rtol=1e-4, atol=1e-5)


@check("positional_encoding", points=0.5)
def test_positional_encoding_long(student):
    """A long sequence with many numbers a position."""
    got = student.positional_encoding(300, 64)
    expect(got, equals=encoding(300, 64), dtype=torch.float32, rtol=1e-3, atol=1e-4)


def cell_inputs(N: int, inputs: int, D: int, *, seed: int) -> list[torch.Tensor]:
    """x, h and the weights and biases of a GRU cell, in float64."""
    shapes = ((N, inputs), (N, D), (3 * D, inputs), (3 * D, D), (3 * D,), (3 * D,))
    return [random_tensor(*shape, seed=seed + 10 * n) for n, shape in enumerate(shapes)]


@check("gru_cell", points=1)
def test_gru_cell_any_size(student):
    """Batches, inputs and memories of many sizes, equal to torch's cell."""
    for seed, (N, inputs, D) in enumerate([(3, 2, 4), (1, 5, 3), (4, 1, 1), (2, 4, 6)]):
        given = cell_inputs(N, inputs, D, seed=seed)
        wanted = torch.gru_cell(*given)
        expect(student.gru_cell(*given), equals=wanted, dtype=torch.float64)


@check("gru_cell", points=0.5)
def test_gru_cell_written_out(student):
    """Written out: two gates and a new memory."""
    given = cell_inputs(2, 3, 4, seed=5)
    expect_written_out(
        student.gru_cell, *given, equals=torch.gru_cell(*given), without=CELLS, says=READY_MADE
    )


@check("gru_cell", points=1)
def test_gru_cell_gradients(student):
    """Autograd reaches the input, the memory, the weights and the biases."""
    given = cell_inputs(3, 2, 3, seed=6)
    expect_gradients(student.gru_cell, *given, reference=torch.gru_cell, wrt=tuple(range(6)))


def random_stack(draw: random.Random) -> tuple[list[tuple], tuple[int, ...], list[tuple]]:
    """Layers that fit, the shape that comes in, and the shape after each, worked out by torch."""
    shape = (draw.randint(1, 4), draw.randint(1, 3), draw.randint(9, 30), draw.randint(9, 30))
    x, layers, shapes = torch.empty(shape, device="meta"), [], []
    for _ in range(draw.randint(2, 6)):
        kind = draw.choice(["conv", "relu", "pool"])
        side = min(x.shape[2:])
        if kind == "conv":
            K, P = draw.randint(1, min(4, side)), draw.randint(0, 2)
            layers.append(("conv", draw.randint(1, 9), K, P))
            x = nn.Conv2d(x.shape[1], layers[-1][1], K, padding=P, device="meta")(x)
        elif kind == "pool" and side >= 3:
            layers.append(("pool", draw.randint(2, 3)))
            x = F.max_pool2d(x, layers[-1][1])
        else:
            layers.append(("relu",))
        shapes.append(tuple(x.shape))
    features = x[0].numel()
    layers += [("flatten",), ("linear", features, 11)]
    return layers, shape, [*shapes, (shape[0], features), (shape[0], 11)]


@check("shapes_through", points=1.5)
def test_shapes_through_any_stack(student):
    """Many stacks and pictures of many shapes, equal to torch's sizes."""
    draw = random.Random(3)
    for _ in range(20):
        layers, shape, wanted = random_stack(draw)
        got = student.shapes_through(layers[:-1], shape)
        expect(got, equals=tuple(wanted[:-1]), rtol=0)
        expect(student.shapes_through(layers, shape), equals=tuple(wanted), rtol=0)


@check("shapes_through", points=0.5)
def test_shapes_through_refuses(student):
    """Refuses every linear layer that does not fit, wherever it stands."""
    draw = random.Random(4)
    for _ in range(6):
        layers, shape, wanted = random_stack(draw)
        got = student.shapes_through(layers[:-1], shape)
        expect(got, equals=tuple(wanted[:-1]), rtol=0)
        more = [*layers, ("relu",), ("linear", 11, 4)]
        fits = (*wanted, (shape[0], 11), (shape[0], 4))
        expect(student.shapes_through(more, shape), equals=fits, rtol=0)
        wrong = wanted[-2][1] + draw.choice([-1, 1])
        for bad in (
            [*layers[:-1], ("linear", wrong, 11)],
            [*layers, ("linear", 12, 4)],
        ):
            says = "Another number arrives than the linear layer expects: raise ValueError."
            expect_error(student.shapes_through, bad, shape, error="ValueError", says=says)


class Reference(nn.Module):
    """The lesson's net."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(64 * 6 * 6, 10)

    def forward(self, images):
        maps = F.max_pool2d(self.conv1(images).relu(), 2)
        maps = F.max_pool2d(self.conv2(maps).relu(), 2)
        return self.linear(maps.flatten(1))


def filled_pair(student, seed: int):
    """The student's net and the reference, with the same weights."""
    net, reference = expect_layer(student.SimpleCNN()), Reference()
    student.refill(net, seed)
    refill(reference, seed)
    return net, reference


@check("SimpleCNN", points=1)
def test_simple_cnn_any_images(student):
    """Batches of several sizes, under several sets of weights."""
    for seed, N in ((11, 1), (12, 3)):
        net, reference = filled_pair(student, seed)
        images = random_tensor(N, 1, 28, 28, seed=seed, dtype=torch.float32)
        expect(net(images), equals=reference(images), rtol=1e-3, atol=1e-3)


@check("SimpleCNN", points=1)
def test_simple_cnn_gradients(student):
    """Autograd reaches the pixels, in train() mode and in eval() mode alike."""
    net, reference = filled_pair(student, 13)
    images = random_tensor(2, 1, 28, 28, seed=14, dtype=torch.float32)
    expect_gradients(net, images, reference=reference, wrt=(0,), rtol=1e-3, atol=1e-3)
    net.eval()
    expect(net(images), equals=reference(images), rtol=1e-3, atol=1e-3)


def mean_losses(images, labels, classes: int, seed: int) -> float:
    """The mean loss of an untouched perceptron with random weights."""
    logits = perceptron(images.shape[1], classes, seed)(images).detach()
    return float(F.cross_entropy(logits, labels))


@check("train_classifier", points=1)
def test_train_classifier_mean_over_examples(student):
    """An epoch's loss is the mean over its examples, also where the last batch is smaller."""
    pixels, labels = torch.full((40, 1), 1 / 32), torch.zeros(40).long()
    losses = student.train_classifier(student.crowd_witness(), pixels, labels, 1, 0.0, 3)
    full, rest = math.log(1 + math.exp(32 / 32)), math.log(1 + math.exp(8 / 32))
    expect(losses, equals=((32 * full + 8 * rest) / 40,), rtol=1e-4)
    for seed, (N, epochs) in enumerate([(33, 1), (50, 2)]):
        images = 3 * random_tensor(N, 4, seed=seed, dtype=torch.float32)
        labels = torch.arange(N) % 3
        net = student.perceptron(4, 3, seed=seed)
        losses = student.train_classifier(net, images, labels, epochs, 0.0, seed)
        wanted = mean_losses(images, labels, 3, seed)
        expect(losses, equals=(wanted,) * epochs, rtol=1e-4)


@check("train_classifier", points=0.5)
def test_train_classifier_seeds(student):
    """The same seed gives the same batches, and another seed others."""
    numbered, labels = torch.arange(45.0).reshape(45, 1, 1, 1), torch.zeros(45).long()
    seen = []
    for seed in (5, 5, 6):
        net = student.batch_witness()
        student.train_classifier(net, numbered, labels, 1, 0.0, seed)
        seen.append(net.batches)
        expect_batches(seen[-1], count=45, epochs=1)
    if seen[0] != seen[1]:
        raise Mismatch("The same seed gives another order: use `seed`.", "one order", "two")
    if seen[0] == seen[2]:
        raise Mismatch("Another seed gives the same order: use `seed`.", "two orders", "one")


def digits_for(seed: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Training digits, drawn by a seed."""
    images, labels = data.digits("train")
    rows = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))[:count]
    return images[rows], labels[rows]


def eight_digits(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Eight training digits of eight classes."""
    images, labels = digits_for(seed, 400)
    rows = [int((labels == digit).nonzero()[0]) for digit in range(FEW)]
    return images[rows], labels[rows]


@check("train_classifier", points=0.5, trained=True)
def test_train_classifier_learns_eight_by_heart(student):
    """A net can learn eight digits by heart: their loss falls to about zero."""
    # Three times: whoever lets the gradients pile up may hit upon small ones once.
    for seed in (1, 4, 11):
        images, labels = eight_digits(seed)
        net = student.small_cnn(seed)
        student.train_classifier(net, images, labels, FEW_EPOCHS, FEW_LR, seed)
        logits = net(images)
        expect(logits, shape=(FEW, 10), dtype=torch.float32)
        loss = float(F.cross_entropy(logits.detach(), labels))
        if not loss <= AT_MOST:
            said = f"After {FEW_EPOCHS} epochs the net does not know eight digits by heart."
            raise Mismatch(said, f"a mean loss of at most {AT_MOST} nats", f"{loss:.3f} nats")


@check("train_classifier", points=1, trained=True)
def test_train_classifier_accuracy(student):
    """On digits that it has not seen the trained net beats the nearest mean digit."""
    images, labels = digits_for(72, DIGITS)
    net = student.small_cnn(72)
    student.train_classifier(net, images, labels, EPOCHS, LR, 72)
    test_images, test_labels = data.digits("test")
    expect_accuracy(net(test_images), test_labels, at_least=AT_LEAST)
