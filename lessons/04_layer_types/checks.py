"""Public checks of lesson 04, notebook 1. The examples are small enough for a pencil."""

import torch
import torch.nn.functional as F

from utils.checks import check
from utils.expect import expect, expect_gradients, expect_same_on_device, expect_written_out

# Words in the names of ready-made operators and functions.
POOLS = ("pool", "Pool")
TRANSPOSED = (
    "conv_transpose",
    "ConvTranspose",
    "transposed_convolution",
    "convolution_backward",
    "conv2d_input",
)
SHUFFLES = ("pixel_shuffle", "PixelShuffle")
NORMS = (
    "batch_norm",
    "BatchNorm",
    "layer_norm",
    "LayerNorm",
    "instance_norm",
    "InstanceNorm",
    "group_norm",
    "GroupNorm",
)
CURVES = (
    "relu",
    "ReLU",
    "sigmoid",
    "Sigmoid",
    "tanh",
    "Tanh",
    "gelu",
    "GELU",
    "silu",
    "SiLU",
    "expit",
    "threshold",
)

# What a student reads whose numbers are right and come from a ready-made operator.
NO_READY_MADE_POOL = (
    "The numbers are right, but a ready-made pooling made them. "
    "Cut the windows out yourself, then take their largest number or their mean."
)
NO_READY_MADE_TRANSPOSED = (
    "The numbers are right, but a ready-made transposed convolution made them. "
    "Stamp the kernel yourself: each number of x, times the kernel, is added to its window."
)
NO_READY_MADE_SHUFFLE = (
    "The numbers are right, but a ready-made pixel shuffle made them. "
    "Use reshape and permute, or slices with steps of r."
)
NO_READY_MADE_NORM = (
    "The numbers are right, but a ready-made normalisation made them. "
    "Take the mean and the variance yourself."
)
NO_READY_MADE_CURVE = (
    "The numbers are right, but a ready-made activation made one of them. "
    "Write it with exp, erf, clamp and where."
)

MAP = torch.tensor(
    [
        [
            [[1.0, 2, 7, 4, 9], [3, -4, 5, 6, 0], [-5, 8, -1, 2, -3]],
            [[-9, -2, -3, -4, -1], [-5, -6, -7, -10, -2], [0, 0, 0, 0, 0]],
        ]
    ]
)
LARGEST, MEANS = [[[[3, 7]], [[-2, -3]]]], [[[[0.5, 5.5]], [[-5.5, -6]]]]  # K = 2
TWO_MAPS = torch.tensor([[[[1.0, 2, 3], [4, 5, 6]], [[1, 0, -2], [0, -1, 0]]]])
# Of the first map: its left neighbour, and twice its lower right one. The second map: times 3.
DEPTHWISE = torch.tensor(
    [[[[0.0, 0, 0], [1, 0, 0], [0, 0, 2]]], [[[0, 0, 0], [0, 3, 0], [0, 0, 0]]]]
)
POINTWISE = torch.tensor([[1.0, 1.0], [2.0, 0.0], [0.0, -1.0]])[:, :, None, None]
SEPARATED = [[[[13, 13, -4], [0, 1, 5]], [[20, 26, 4], [0, 8, 10]], [[-3, 0, 6], [0, 3, 0]]]]

PAIR = torch.tensor([[[[1.0, 10.0]]]])
STAMP = torch.tensor([[[[1.0, 2, 3], [4, 5, 6]]]])
STAMPED = [[[[1, 2, 13, 20, 30], [4, 5, 46, 50, 60]]]]

DEEP = torch.arange(48.0).reshape(1, 8, 2, 3)
FIRST_SHUFFLED = torch.tensor(
    [[0, 6, 1, 7, 2, 8], [12, 18, 13, 19, 14, 20], [3, 9, 4, 10, 5, 11], [15, 21, 16, 22, 17, 23]]
)
SHUFFLED = torch.stack([FIRST_SHUFFLED, FIRST_SHUFFLED + 24])[None]

# Channel 0 holds 1, 7, 3, 5: mean 4, variance 5. Channel 1 holds 10, 10, 18, 2: 10 and 32.
BATCH = torch.tensor([[[[1.0, 7]], [[10, 10]]], [[[3, 5]], [[18, 2]]]])
GAMMA, BETA = torch.tensor([3.0, 1.5]), torch.tensor([10.0, -1.0])
RUNNING_MEAN, RUNNING_VAR = torch.tensor([1.0, 2.0]), torch.tensor([5.0, 12.0])
STATE = (GAMMA, BETA, RUNNING_MEAN, RUNNING_VAR)
NORMALISED = [[[[7, 13]], [[-1, -1]]], [[[9, 11]], [[1, -3]]]]
NEW_MEAN, NEW_VAR = [1.75, 4.0], [0.75 * 5 + 5 / 3, 0.75 * 12 + 32 / 3]  # momentum 1/4
FROM_RUNNING = [[[[10, 16]], [[2, 2]]], [[[12, 14]], [[5, -1]]]]

EXAMPLES = torch.tensor([[[1.0, 7], [3, 5]], [[10, 10], [18, 2]]])
SCALES, SHIFTS = torch.tensor([[3.0, 3], [6, -3]]), torch.tensor([[0.0, 1], [2, 3]])
BY_EXAMPLE = [[[-3, 4], [0, 2]], [[0, 1], [10, 7]]]

SIX = torch.tensor([[3.0, 6.0, -9.0], [12.0, -15.0, 18.0]])
NOISE = torch.tensor([[0.1, 0.25, 0.9], [0.3, 0.2, 0.5]])
DROPPED = [[0, 8, -12], [16, 0, 24]]  # with p = 1/4

POINTS = torch.tensor([[-2.0, -0.5, 0.0], [0.5, 1.0, 3.0]])
FAR = torch.tensor([-1000.0, -100.0, 100.0, 1000.0])


def curves(x):
    """The six activations as torch computes them."""
    return {
        "relu": F.relu(x),
        "leaky_relu": F.leaky_relu(x, 0.01),
        "sigmoid": torch.sigmoid(x),
        "tanh": torch.tanh(x),
        "gelu": F.gelu(x),
        "silu": F.silu(x),
    }


@check("pool2d", points=1)
def test_pool2d_by_hand(student):
    """The largest number, then the mean, of windows on a 3×5 map."""
    expect(student.pool2d(MAP, 2), equals=LARGEST, dtype=torch.float32)
    expect(student.pool2d(MAP, 2, how="mean"), equals=MEANS)
    expect(student.pool2d(MAP, 3, 1), equals=[[[[8, 8, 9]], [[0, 0, 0]]]])
    steps = student.pool2d(MAP.double(), 2, 3, "mean")
    expect(steps, equals=[[[[0.5, 4.75]], [[-5.5, -4.25]]]], dtype=torch.float64)


@check("pool2d", points=0.5)
def test_pool2d_written_out(student):
    """Windows that you cut out yourself."""
    for how, wanted in (("max", LARGEST), ("mean", MEANS)):
        expect_written_out(
            student.pool2d,
            MAP,
            2,
            2,
            how,
            equals=wanted,
            without=POOLS,
            says=NO_READY_MADE_POOL,
        )


@check("pool2d", points=0.5)
def test_pool2d_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.pool2d, MAP, 2, equals=LARGEST)
    expect_same_on_device(student.pool2d, MAP, 2, how="mean", equals=MEANS)


@check("depthwise_separable", points=1.5)
def test_depthwise_separable_by_hand(student):
    """Two maps of 2×3 numbers become three; then windows of a single number, and of 5×5."""
    out = student.depthwise_separable(TWO_MAPS, DEPTHWISE, POINTWISE)
    expect(out, equals=SEPARATED, dtype=torch.float32)
    singles = torch.tensor([2.0, -1.0]).reshape(2, 1, 1, 1)
    wanted = [[[[1, 4, 8], [8, 11, 12]]]]
    out = student.depthwise_separable(TWO_MAPS.double(), singles.double(), POINTWISE[:1].double())
    expect(out, equals=wanted, dtype=torch.float64)
    far_left = torch.zeros(1, 1, 5, 5)
    far_left[0, 0, 2, 0] = 1.0  # two places to the left
    out = student.depthwise_separable(TWO_MAPS[:, :1], far_left, torch.ones(1, 1, 1, 1))
    expect(out, equals=[[[[0, 0, 1], [0, 0, 4]]]])


@check("depthwise_separable", points=0.5)
def test_depthwise_separable_device(student):
    """Runs where its input lives."""
    expect_same_on_device(
        student.depthwise_separable, TWO_MAPS, DEPTHWISE, POINTWISE, equals=SEPARATED
    )


@check("separable_saving", points=1)
def test_separable_saving_by_hand(student):
    """5 to 7 channels, and back, with windows of 3; then 2 to 2 with windows of 5."""
    expect(student.separable_saving(5, 7, 3), equals=(315, 80), rtol=0)
    expect(student.separable_saving(7, 5, 3), equals=(315, 98), rtol=0)
    expect(student.separable_saving(2, 2, 5), equals=(100, 54), rtol=0)


@check("transposed_conv2d", points=1)
def test_transposed_conv2d_by_hand(student):
    """Two stamps that overlap; then the outer places cut off; then steps of 1."""
    expect(student.transposed_conv2d(PAIR, STAMP, 2), equals=STAMPED, dtype=torch.float32)
    tall = torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]])
    cut = student.transposed_conv2d(PAIR.double(), tall.double(), 2, 1)
    expect(cut, equals=[[[[5, 46, 50]]]], dtype=torch.float64)
    expect(student.transposed_conv2d(PAIR, STAMP), equals=[[[[1, 12, 23, 30], [4, 45, 56, 60]]]])


@check("transposed_conv2d", points=0.5)
def test_transposed_conv2d_channels(student):
    """Two channels come in and three go out."""
    x = torch.tensor([1.0, 10.0]).reshape(1, 2, 1, 1)
    weight = torch.arange(1.0, 13.0).reshape(2, 3, 1, 2)
    wanted = [[[[71, 82]], [[93, 104]], [[115, 126]]]]
    expect(student.transposed_conv2d(x, weight), equals=wanted)


@check("transposed_conv2d", points=0.5)
def test_transposed_conv2d_written_out(student):
    """With stamps that you add up yourself."""
    expect_written_out(
        student.transposed_conv2d,
        PAIR,
        STAMP,
        2,
        equals=STAMPED,
        without=TRANSPOSED,
        says=NO_READY_MADE_TRANSPOSED,
    )


@check("transposed_conv2d", points=0.5)
def test_transposed_conv2d_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.transposed_conv2d, PAIR, STAMP, 2, equals=STAMPED)


@check("pixel_shuffle", points=0.5)
def test_pixel_shuffle_by_hand(student):
    """Eight maps of 2×3 numbers become two maps of 4×6; nine single numbers become one map."""
    expect(student.pixel_shuffle(DEEP, 2), equals=SHUFFLED, dtype=torch.float32)
    nine = torch.arange(9.0).reshape(1, 9, 1, 1).double()
    wanted = [[[[0, 1, 2], [3, 4, 5], [6, 7, 8]]]]
    expect(student.pixel_shuffle(nine, 3), equals=wanted, dtype=torch.float64)


@check("pixel_shuffle", points=0.5)
def test_pixel_shuffle_written_out(student):
    """With reshape and permute, or slices, of your own."""
    expect_written_out(
        student.pixel_shuffle,
        DEEP,
        2,
        equals=SHUFFLED,
        without=SHUFFLES,
        says=NO_READY_MADE_SHUFFLE,
    )


@check("pixel_shuffle", points=0.5)
def test_pixel_shuffle_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.pixel_shuffle, DEEP, 2, equals=SHUFFLED)


@check("batch_norm", points=1)
def test_batch_norm_training(student):
    """A batch of two examples with two channels, in training: the maps and the new statistics."""
    got = student.batch_norm(BATCH, *STATE, True, 0.25, 4.0)
    expect(got, equals=(NORMALISED, NEW_MEAN, NEW_VAR))
    got = student.batch_norm(BATCH.double(), *(t.double() for t in STATE), True, momentum=1.0)
    scale = 3 / (5 + 1e-5) ** 0.5
    first = [[10 - 3 * scale, 10 + 3 * scale], [10 - scale, 10 + scale]]
    second = 12 / (32 + 1e-5) ** 0.5
    rest = [[-1, -1], [second - 1, -second - 1]]
    wanted = torch.tensor([first, rest], dtype=torch.float64).transpose(0, 1)[:, :, None]
    expect(got, equals=(wanted, [4, 10], [20 / 3, 128 / 3]))


@check("batch_norm", points=1)
def test_batch_norm_evaluation(student):
    """In evaluation the running statistics serve, and come back as they were."""
    got = student.batch_norm(BATCH, *STATE, False, 0.25, 4.0)
    expect(got, equals=(FROM_RUNNING, RUNNING_MEAN, RUNNING_VAR))
    got = student.batch_norm(BATCH[:1], *STATE, False, eps=4.0)
    expect(got, equals=(FROM_RUNNING[:1], RUNNING_MEAN, RUNNING_VAR))


@check("batch_norm", points=0.5)
def test_batch_norm_written_out(student):
    """With a mean and a variance that you take yourself."""
    for training, wanted in (
        (True, (NORMALISED, NEW_MEAN, NEW_VAR)),
        (False, (FROM_RUNNING, RUNNING_MEAN, RUNNING_VAR)),
    ):
        expect_written_out(
            student.batch_norm,
            BATCH,
            *STATE,
            training,
            0.25,
            4.0,
            equals=wanted,
            without=NORMS,
            says=NO_READY_MADE_NORM,
        )


@check("batch_norm", points=0.5)
def test_batch_norm_device(student):
    """Runs where its input lives."""
    wanted = (NORMALISED, NEW_MEAN, NEW_VAR)
    expect_same_on_device(student.batch_norm, BATCH, *STATE, True, 0.25, 4.0, equals=wanted)


@check("layer_norm", points=0.5)
def test_layer_norm_by_hand(student):
    """Two examples of 2×2 numbers, each by itself; then each row by itself."""
    got = student.layer_norm(EXAMPLES, SCALES, SHIFTS, 4.0)
    expect(got, equals=BY_EXAMPLE, dtype=torch.float32)
    row = EXAMPLES.reshape(1, 2, 4).double()
    got = student.layer_norm(row, SCALES.reshape(4).double(), SHIFTS.reshape(4).double(), 4.0)
    expect(got, equals=[[[-3, 4, 0, 2], [0, 1, 10, 7]]], dtype=torch.float64)


@check("layer_norm", points=0.5)
def test_layer_norm_written_out(student):
    """With a mean and a variance that you take yourself."""
    expect_written_out(
        student.layer_norm,
        EXAMPLES,
        SCALES,
        SHIFTS,
        4.0,
        equals=BY_EXAMPLE,
        without=NORMS,
        says=NO_READY_MADE_NORM,
    )


@check("layer_norm", points=0.5)
def test_layer_norm_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.layer_norm, EXAMPLES, SCALES, SHIFTS, 4.0, equals=BY_EXAMPLE)


@check("dropout", points=1)
def test_dropout_by_hand(student):
    """Six numbers with p = 1/4, in evaluation and in training, and with nothing to drop."""
    expect(student.dropout(SIX, 0.25, NOISE, False), equals=SIX)
    got = student.dropout(SIX, 0.25, NOISE, True)
    expect(got, equals=DROPPED, dtype=torch.float32)
    got = student.dropout(SIX.double(), 0.0, NOISE.double(), True)
    expect(got, equals=SIX, dtype=torch.float64)


@check("dropout", points=0.5)
def test_dropout_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.dropout, SIX, 0.25, NOISE, True, equals=DROPPED)


@check("activations", points=0.5)
def test_activations_by_hand(student):
    """Six activations of six numbers from −2 to 3."""
    expect(student.activations(POINTS), equals=curves(POINTS), dtype=torch.float32)


@check("activations", points=0.5)
def test_activations_far_out(student):
    """At ±100 and ±1000: neither nan nor inf, also in the slopes."""
    expect(student.activations(FAR), equals=curves(FAR))
    expect_gradients(student.activations, FAR, reference=curves, wrt=(0,))


@check("activations", points=0.5)
def test_activations_written_out(student):
    """From exp, erf, clamp and where."""
    expect_written_out(
        student.activations,
        POINTS,
        equals=curves(POINTS),
        without=CURVES,
        says=NO_READY_MADE_CURVE,
    )


@check("activations", points=0.5)
def test_activations_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.activations, POINTS, equals=curves(POINTS))
