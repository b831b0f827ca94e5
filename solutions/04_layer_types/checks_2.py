"""Public checks of lesson 04, notebook 2. The examples are small enough for a pencil."""

import math

import torch

from utils.checks import check
from utils.expect import (
    expect,
    expect_error,
    expect_layer,
    expect_same_on_device,
    expect_tuple,
    expect_written_out,
)
from utils.expect_nets import expect_batches, expect_blueprint

# One map of 2×3 numbers; two kernels of which each moves what it sees.
MAP = torch.tensor([[[[1.0, -2.0, 3.0], [0.0, 4.0, -1.0]]]])
FIRST = torch.tensor([[[[0.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]]]])
SECOND = torch.tensor([[[[0.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 2.0, 0.0]]]])
BLOCK = [[[[9, 3, 0], [0, 1, 0]]]]

# The chances of the two classes are 1/4 and 3/4, then 1/2 and 1/2.
LOGITS, RIGHT = torch.tensor([[0.0, math.log(3)], [0.0, 0.0]]), torch.tensor([0, 1])
LOSS = (math.log(4) + math.log(2)) / 2
LARGE = torch.tensor([[1000.0, 0.0, -1000.0]])

# One number in, one number of memory: r = 1/2, z = 3/4, n = tanh(0.5 + (0.25·2 + 0.1)/2).
GRU = (
    torch.tensor([[1.0]]),
    torch.tensor([[2.0]]),
    torch.tensor([[0.0], [math.log(3)], [0.5]]),
    torch.tensor([[0.0], [0.0], [0.25]]),
    torch.tensor([0.0, 0.0, 0.0]),
    torch.tensor([0.0, 0.0, 0.1]),
)
REMEMBERED = [[0.25 * math.tanh(0.8) + 0.75 * 2]]

# A bar and a ring, and their logits under the weights of `refill(net, 4)`.
PICTURES = torch.zeros(2, 1, 28, 28)
PICTURES[0, 0, 4:24, 13:16] = 1
PICTURES[1, 0, 6:22, 6:22] = 1
PICTURES[1, 0, 9:19, 9:19] = 0
FILLED = [
    [0.56226, 0.31872, -1.26313, -1.41401, 0.25206, 2.69489, -1.26431, -2.39702, -0.48777, 0.58377],
    [-1.23739, 1.34063, -2.22666, -2.89836, 0.75538, 1.18058, 0.01671, -3.03735, -0.73279, 0.50108],
]

# Two examples with two numbers each; Adam with lr 0.1 from weights of zero.
POINTS, CLASSES = torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.tensor([0, 1])
FOUR_STEPS = (0.693147, 0.555577, 0.438735, 0.343928)

# Words in the names of ready-made operators and functions.
SOFTMAXES = ("softmax", "cross_entropy", "CrossEntropy", "logsumexp", "nll", "NLL")
CELLS = ("gru", "GRU", "rnn", "RNN", "lstm", "LSTM")
TRAINERS = ("course_train", "utils.training")

NO_READY_MADE_LOSS = (
    "The number is right, but a ready-made softmax or loss worked it out. "
    "Write it with exp, sum and log."
)
NO_READY_MADE_CELL = (
    "The numbers are right, but torch's own cell worked them out. "
    "Write the two gates and the new memory yourself."
)
OWN_LOOP = "The losses are right, but the course's own `train` did the work. Write the loop."


@check("residual_block", points=1)
def test_residual_block_by_hand(student):
    """One map of 2×3 numbers and two 3×3 kernels, with the input itself as the shortcut."""
    got = student.residual_block(MAP, FIRST, SECOND)
    expect(got, equals=BLOCK, dtype=torch.float32)


@check("residual_block", points=0.5)
def test_residual_block_with_projection(student):
    """One channel becomes two beside a projected shortcut; then with steps of 2."""
    x = torch.tensor([[[[1.0, -2.0, -3.0, 0.0], [0.0, 4.0, -1.0, 2.0], [2.0, 1.0, 4.0, -3.0]]]])
    widen = torch.tensor([[[[1.0]]], [[[-1.0]]]])
    mix = torch.tensor([[[[2.0]], [[0.0]]], [[[1.0]], [[3.0]]]])
    project = torch.tensor([[[[10.0]]], [[[0.5]]]])
    got = student.residual_block(x[:, :, :2, :3].clone(), widen, mix, project)
    expect(got, equals=[[[[12, 0, 0], [0, 48, 0]], [[1.5, 5, 7.5], [0, 6, 2.5]]]])
    one = torch.tensor([[[[0.0, 1.0, 0.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]]]])
    two = torch.tensor([[[[0.0, 0.0, 0.0], [1.0, 1.0, -3.0], [0.0, 0.0, 0.0]]]])
    got = student.residual_block(x, one, two, torch.tensor([[[[10.0]]]]), 2)
    expect(got, equals=[[[[10, 0], [22, 42]]]])
    got = student.residual_block(x, widen, mix, projection=project, S=2)
    expect(got, equals=[[[[12, 0], [24, 48]], [[1.5, 7.5], [3, 6]]]])


@check("residual_block", points=0.5)
def test_residual_block_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.residual_block, MAP, FIRST, SECOND, equals=BLOCK)


@check("cross_entropy", points=0.5)
def test_cross_entropy_by_hand(student):
    """Chances of 1/4 and 1/2 for the right class: (log 4 + log 2) / 2."""
    loss = student.cross_entropy(LOGITS, RIGHT)
    expect(loss, equals=LOSS)
    expect(loss, shape=(), dtype=torch.float32)


@check("cross_entropy", points=0.5)
def test_cross_entropy_large(student):
    """Logits of 1000, 0 and −1000: losses of 0, 1000 and 2000."""
    says = "Where the logits lie 1000 apart, so does the loss: work out log p without forming p."
    for label, loss in enumerate((0, 1000, 2000)):
        expect(student.cross_entropy(LARGE, torch.tensor([label])), equals=loss, says=says)


@check("cross_entropy", points=0.5)
def test_cross_entropy_written_out(student):
    """Written out with exp, sum and log."""
    expect_written_out(
        student.cross_entropy,
        LOGITS,
        RIGHT,
        equals=LOSS,
        without=SOFTMAXES,
        says=NO_READY_MADE_LOSS,
    )


@check("cross_entropy", points=0.5)
def test_cross_entropy_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.cross_entropy, LOGITS, RIGHT, equals=LOSS)


@check("positional_encoding", points=1)
def test_positional_encoding_by_hand(student):
    """Three positions with six numbers each, then with four."""
    for d in (6, 4):
        divisors = [10000 ** (2 * i / d) for i in range(d // 2)]
        wanted = [
            [wave(position / divisor) for divisor in divisors for wave in (math.sin, math.cos)]
            for position in range(3)
        ]
        got = student.positional_encoding(3, d)
        expect(got, equals=wanted, dtype=torch.float32, rtol=1e-4, atol=1e-5)


@check("positional_encoding", points=0.5)
def test_positional_encoding_sizes(student):
    """One position; two numbers a position."""
    expect(student.positional_encoding(1, 6), equals=[[0, 1, 0, 1, 0, 1]])
    two = [[math.sin(position), math.cos(position)] for position in range(5)]
    expect(student.positional_encoding(5, 2), equals=two, rtol=1e-4, atol=1e-5)


@check("gru_cell", points=1)
def test_gru_cell_by_hand(student):
    """One number in and one of memory: the gates are 1/2 and 3/4."""
    expect(student.gru_cell(*GRU), equals=REMEMBERED, dtype=torch.float32)


@check("gru_cell", points=1)
def test_gru_cell_several(student):
    """Two examples, three numbers in, two of memory, in float64; equal to torch's cell."""
    draw = torch.Generator().manual_seed(1)
    shapes = ((2, 3), (2, 2), (6, 3), (6, 2), (6,), (6,))
    given = [torch.randn(shape, generator=draw, dtype=torch.float64) for shape in shapes]
    expect(student.gru_cell(*given), equals=torch.gru_cell(*given), dtype=torch.float64)


@check("gru_cell", points=0.5)
def test_gru_cell_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.gru_cell, *GRU, equals=REMEMBERED)


@check("shapes_through", points=1)
def test_shapes_through_by_hand(student):
    """Two pictures of 9×7 pixels through six layers, then through a linear layer as well."""
    layers = [
        ("conv", 4, 3, 0),
        ("relu",),
        ("pool", 2),
        ("conv", 5, 2, 1),
        ("pool", 3),
        ("flatten",),
    ]
    wanted = (
        (2, 4, 7, 5),
        (2, 4, 7, 5),
        (2, 4, 3, 2),
        (2, 5, 4, 3),
        (2, 5, 1, 1),
        (2, 5),
    )
    expect(student.shapes_through(layers, (2, 3, 9, 7)), equals=wanted, rtol=0)
    layers, wanted = [*layers, ("linear", 5, 10)], (*wanted, (2, 10))
    expect(student.shapes_through(layers, (2, 3, 9, 7)), equals=wanted, rtol=0)


@check("shapes_through", points=0.5)
def test_shapes_through_refused(student):
    """A linear layer that expects other numbers than arrive, and one that fits."""
    shape, layers = (2, 3, 2, 2), [("flatten",)]
    expect(student.shapes_through(layers, shape), equals=((2, 12),), rtol=0)
    layers = [("flatten",), ("linear", 12, 5)]
    expect(student.shapes_through(layers, shape), equals=((2, 12), (2, 5)), rtol=0)
    says = "12 numbers arrive and the linear layer expects 10: raise ValueError."
    layers = [("flatten",), ("linear", 10, 5)]
    expect_error(student.shapes_through, layers, shape, error="ValueError", says=says)


@check("shapes_through", points=0.5)
def test_shapes_through_two_linear_layers(student):
    """One linear layer after the other: the second takes what the first gives."""
    layers, wanted = [("pool", 2), ("flatten",)], ((4, 2, 2, 2), (4, 8))
    expect(student.shapes_through(layers, (4, 2, 4, 5)), equals=wanted, rtol=0)
    layers = [*layers, ("linear", 8, 6), ("relu",), ("linear", 6, 3)]
    wanted = (*wanted, (4, 6), (4, 6), (4, 3))
    expect(student.shapes_through(layers, (4, 2, 4, 5)), equals=wanted, rtol=0)


@check("SimpleCNN", points=1)
def test_simple_cnn_parameters(student):
    """41,866 parameters, in three layers by the names conv1, conv2 and linear."""
    expect_blueprint(
        student.SimpleCNN,
        shape=(1, 1, 28, 28),
        output=(1, 10),
        weights=[(32, 1, 3, 3), (64, 32, 3, 3), (10, 2304)],
        parameters=41_866,
        macs=2_903_040,
    )
    net = expect_layer(student.SimpleCNN())
    student.refill(net, 4)
    expect(net.conv1.weight, shape=(32, 1, 3, 3), says="Call the first convolution conv1.")
    expect(net.conv2.weight, shape=(64, 32, 3, 3), says="Call the second convolution conv2.")
    expect(net.linear.weight, shape=(10, 2304), says="Call the linear layer linear.")


@check("SimpleCNN", points=0.5)
def test_simple_cnn_logits(student):
    """The logits of a bar and of a ring, under weights that the check puts in."""
    net = expect_layer(student.SimpleCNN())
    student.refill(net, 4)
    expect(net(PICTURES), equals=FILLED, rtol=1e-3, atol=1e-3)


@check("SimpleCNN", points=0.5)
def test_simple_cnn_device(student):
    """Runs where its input lives."""
    net = expect_layer(student.SimpleCNN())
    student.refill(net, 4)
    expect_same_on_device(net, PICTURES, equals=FILLED, rtol=1e-3, atol=1e-3)


@check("train_classifier", points=0.5)
def test_train_classifier_by_hand(student):
    """Two examples in one batch: log 2 in the first epoch, then what Adam makes of it."""
    net = student.perceptron(2, 2)
    losses = student.train_classifier(net, POINTS, CLASSES, 4, 0.1, 0)
    expect(losses, equals=FOUR_STEPS, rtol=1e-3)


@check("train_classifier", points=1)
def test_train_classifier_batches(student):
    """Each image with its label, once an epoch, in batches of 32 and the rest, shuffled anew."""
    labels = torch.arange(64) % 2
    losses = student.train_classifier(
        student.crowd_witness(), 2.0 * labels[:, None] - 1, labels, 2, 0.0, 0
    )
    says = "This net knows every answer, and yet you find a loss: give images and labels one order."
    expect(losses, equals=(0.0, 0.0), says=says)
    numbered = torch.arange(70.0).reshape(70, 1, 1, 1)
    net = student.batch_witness()
    losses = student.train_classifier(net, numbered, torch.zeros(70).long(), 2, 0.0, 0)
    expect(losses, equals=(math.log(2), math.log(2)), rtol=1e-4)
    expect_batches(net.batches, count=70, epochs=2)


@check("train_classifier", points=0.5)
def test_train_classifier_modes(student):
    """It trains in train() mode, also a net that comes in eval() mode, and ends in eval()."""
    for epochs in (1, 2):
        net = student.batch_witness()
        net.eval()
        student.train_classifier(net, torch.zeros(2, 1), CLASSES, epochs, 0.0, 0)
        says = "The net learned in eval() mode: call model.train() before the first step."
        expect(net.trained_in_eval, equals=False, says=says)
        expect_tuple(net.batches, epochs)
        says = "Afterwards the net is still in train() mode: call model.eval() at the end."
        expect(net.training, equals=False, says=says)


@check("train_classifier", points=0.5)
def test_train_classifier_own_loop(student):
    """The loop is your own."""
    expect_written_out(
        student.train_classifier,
        student.perceptron(2, 2),
        POINTS,
        CLASSES,
        4,
        0.1,
        0,
        equals=FOUR_STEPS,
        rtol=1e-3,
        without=TRAINERS,
        says=OWN_LOOP,
    )


@check("train_classifier", points=0.5)
def test_train_classifier_device(student):
    """Runs where the model and its images live."""
    net, same = student.perceptron(2, 2), (math.log(2), math.log(2))
    # A learning rate of 0, because the same net is asked on both devices.
    expect_same_on_device(student.train_classifier, net, POINTS, CLASSES, 2, 0.0, 0, equals=same)
