"""Public checks of lesson 02. The examples are small enough to be followed with a pencil."""

import math

import torch
import torch.nn.functional as F

from utils.checks import check
from utils.expect import (
    expect,
    expect_layer,
    expect_named,
    expect_same_on_device,
    expect_tuple,
    expect_written_out,
)

NAMES = ("sobel_x", "sobel_y", "prewitt_x", "laplacian", "gaussian", "sharpen", "emboss")
SOBEL_X = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
LAPLACIAN = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]])
GAUSSIAN = torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16
EMBOSS = torch.tensor([[-2.0, -1.0, 0.0], [-1.0, 1.0, 1.0], [0.0, 1.0, 2.0]])
PREWITT_X = torch.tensor([[-1.0, 0.0, 1.0]] * 3)
SHARPEN = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])
SEVEN = (SOBEL_X, SOBEL_X.T, PREWITT_X, LAPLACIAN, GAUSSIAN, SHARPEN, EMBOSS)
WEIGHTS = torch.stack(SEVEN)[:, None]

# Its two windows have the gradients (3, 4) and (−6, 8): right triangles with whole sides.
EDGES = torch.tensor([[0.0, 0.0, 0.0, 0.0], [0.5, 3.0, 0.0, 0.0], [0.0, 0.0, 4.0, 0.0]])
EDGES_FOUND = ([[5, 10]], [[math.atan2(4, 3), math.atan2(8, -6)]])

WIDE = torch.tensor([[1.0, 2.0, 3.0, 8.0], [4.0, 5.0, 6.0, 0.0], [7.0, 8.0, 9.0, 13.0]])
PAIR = torch.tensor([1.0, 2.0])
BLURRED = [[33, 42, 31], [60, 69, 76]]
# 2^520 is a float64 number; the product of two such weights, 2^1040, is not.
HUGE, TINY = 2.0**520, 2.0**-1022

# Sharpened, its three inner pixels are 870, −20 and 70.
BYTES = torch.tensor(
    [[10, 10, 10, 60, 7], [10, 200, 100, 60, 70], [10, 10, 250, 0, 9]], dtype=torch.uint8
)

SPOTS = torch.tensor([[0.0, 0.0, 0.0, 0.0], [0.0, 10.0, 5.0, 0.0], [0.0, 0.0, 0.0, 5.0]])

COLOURS = torch.tensor(
    [[[1.0, 2, 3], [4, 5, 6]], [[0.0, 1, 0], [2, 0, 0]], [[9.0, 9, 9], [0, 0, 1]]]
)
SIDEWAYS = torch.tensor([[1.0, 2.0]])
COLOURS_FOUND = [[[5, 8], [14, 17]], [[2, 1], [2, 0]], [[27, 27], [0, 2]]]

BATCH = torch.stack([WIDE, WIDE.flip(1)])[:, None]

# One window and its answer: the slope of the loss has the signs of −TILE.
TILE = torch.tensor([[1.0, 0.0, -1.0], [2.0, 0.0, 0.0], [0.0, -3.0, 1.0]])
ANSWER = torch.tensor([[[[8.0]]]])
STEP = [[0.1, 0, -0.1], [0.1, 0, 0], [0, -0.1, 0.1]]
# From three steps of Adam's rule, worked out in plain Python, on TILE and TILE upside down.
THREE_STEPS = [
    [1.120723, 1.049454, -1.104218],
    [1.149883, 0, 0],
    [-1.049454, -1.120723, 1.104218],
]

TWO_WEIGHTS = (
    "The numbers are right for ordinary weights, and lost for very large ones: you multiply two "
    "weights with each other, as a K×K kernel does. Give one pass's result to the other pass."
)
NO_BIAS = (
    "Your layer has a bias, seven numbers more. These filters have none: nn.Conv2d(…, bias=False)."
)
OWN_LOOP = (
    "The kernel is right, but a ready-made training function found it. "
    "Write the loop yourself: predict, measure the loss, go back, step."
)


@check("seven_kernels", points=0.5)
def test_seven_kernels_named(student):
    """Seven tensors of 3×3 float32 numbers, under their names."""
    for kernel in expect_named(student.seven_kernels(), NAMES):
        expect(kernel, shape=(3, 3), dtype=torch.float32)


@check("seven_kernels", points=1)
def test_seven_kernels_of_changes(student):
    """Sobel X, Sobel Y, Prewitt X and the Laplacian, number by number."""
    kernels = expect_named(student.seven_kernels(), NAMES)
    for kernel, wanted in zip(kernels[:4], SEVEN[:4], strict=True):
        expect(kernel, equals=wanted)


@check("seven_kernels", points=0.5)
def test_seven_kernels_of_looks(student):
    """Gaussian, sharpen and emboss, number by number."""
    kernels = expect_named(student.seven_kernels(), NAMES)
    for kernel, wanted in zip(kernels[4:], SEVEN[4:], strict=True):
        expect(kernel, equals=wanted)


@check("edge_strength", points=1.5)
def test_edge_strength_by_hand(student):
    """Two windows with the gradients (3, 4) and (−6, 8)."""
    magnitude, angle = expect_tuple(student.edge_strength(EDGES), 2)
    expect(magnitude, equals=EDGES_FOUND[0])
    expect(angle, equals=EDGES_FOUND[1])


@check("edge_strength", points=0.5)
def test_edge_strength_of_slopes(student):
    """A slope that gets brighter downwards, and one that gets darker down and to the right."""
    row, column = torch.arange(4.0).double()[:, None], torch.arange(3.0).double()
    for slope, strength, direction in (
        (row + 0 * column, 8, math.pi / 2),
        (-row - column, 8 * math.sqrt(2), -3 * math.pi / 4),
    ):
        magnitude, angle = expect_tuple(student.edge_strength(slope), 2)
        expect(magnitude, equals=[[strength]] * 2, dtype=torch.float64)
        expect(angle, equals=[[direction]] * 2, dtype=torch.float64)


@check("edge_strength", points=0.5)
def test_edge_strength_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.edge_strength, EDGES, equals=EDGES_FOUND)


@check("gaussian_weights", points=1)
def test_gaussian_weights_by_hand(student):
    """Three weights that halve from step to step, and five with sigma 2."""
    expect(student.gaussian_weights(3, 1 / math.sqrt(2 * math.log(2))), equals=[0.25, 0.5, 0.25])
    wanted = [0.152469, 0.221841, 0.251379, 0.221841, 0.152469]
    expect(student.gaussian_weights(5, 2), equals=wanted, atol=1e-5)


@check("gaussian_weights", points=0.5)
def test_gaussian_weights_float64(student):
    """float64, and a single weight is 1."""
    expect(student.gaussian_weights(1, 2.5), equals=[1], dtype=torch.float64)
    wanted = torch.tensor([1.0, math.e, 1.0], dtype=torch.float64) / (2 + math.e)
    weights = student.gaussian_weights(3, math.sqrt(0.5))
    expect(weights, equals=wanted, dtype=torch.float64, rtol=1e-12, atol=1e-12)


@check("blur_separable", points=1)
def test_blur_separable_by_hand(student):
    """A 3×4 image and the weights 1 and 2, then three weights in float64."""
    expect(student.blur_separable(WIDE, PAIR), equals=BLURRED)
    three = torch.tensor([1.0, 0.0, -1.0], dtype=torch.float64)
    expect(student.blur_separable(WIDE.double(), three), equals=[[0, -1]], dtype=torch.float64)


@check("blur_separable", points=0.5)
def test_blur_separable_two_passes(student):
    """Two passes: no weight is ever multiplied with another weight."""
    expect(student.blur_separable(WIDE, PAIR), equals=BLURRED)
    image, weights = WIDE.double() * TINY, PAIR.double() * HUGE
    wanted = torch.tensor(BLURRED, dtype=torch.float64) * 2.0**18
    expect(student.blur_separable(image, weights), equals=wanted, says=TWO_WEIGHTS)


@check("blur_separable", points=0.5)
def test_blur_separable_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.blur_separable, WIDE, PAIR, equals=BLURRED)


@check("sharpen_photo", points=1.5)
def test_sharpen_photo_by_hand(student):
    """Three inner pixels: one too bright, one too dark, one that fits."""
    expect(student.sharpen_photo(BYTES), equals=[[255, 0, 70]], dtype=torch.uint8)


@check("sharpen_photo", points=0.5)
def test_sharpen_photo_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.sharpen_photo, BYTES, equals=[[255, 0, 70]])


@check("unsharp_mask", points=1)
def test_unsharp_mask_by_hand(student):
    """The pixels 10 and 5, whose plus-shaped means are both 3; then in float64."""
    expect(student.unsharp_mask(SPOTS, 1), equals=[[17, 7]])
    half = student.unsharp_mask(SPOTS.double(), 0.5)
    expect(half, equals=[[13.5, 6]], dtype=torch.float64)


@check("unsharp_mask", points=0.5)
def test_unsharp_mask_amount_5(student):
    """Amount 5 is the sharpen kernel."""
    wanted = F.conv2d(WIDE[None, None], SHARPEN[None, None])[0, 0]
    expect(student.unsharp_mask(WIDE, 5), equals=wanted)


@check("unsharp_mask", points=0.5)
def test_unsharp_mask_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.unsharp_mask, SPOTS, 1, equals=[[17, 7]])


@check("filter_colour", points=1)
def test_filter_colour_by_hand(student):
    """Three small channels and a 1×2 kernel; then in float64."""
    expect(student.filter_colour(COLOURS, SIDEWAYS), equals=COLOURS_FOUND)
    upright = student.filter_colour(COLOURS.double(), SIDEWAYS.double().T)
    wanted = [[[9, 12, 15]], [[4, 1, 0]], [[9, 9, 11]]]
    expect(upright, equals=wanted, dtype=torch.float64)


@check("filter_colour", points=0.5)
def test_filter_colour_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.filter_colour, COLOURS, SIDEWAYS, equals=COLOURS_FOUND)


@check("seven_filter_layer", points=1)
def test_seven_filter_layer_weights(student):
    """The layer's weights are the seven kernels, in their order."""
    layer = expect_layer(student.seven_filter_layer())
    expect(layer.weight, equals=WEIGHTS, dtype=torch.float32)
    expect(layer.bias is None, equals=True, says=NO_BIAS)


@check("seven_filter_layer", points=0.5)
def test_seven_filter_layer_batch(student):
    """Two grey pictures of 3×4 pixels become seven maps each."""
    layer = expect_layer(student.seven_filter_layer())
    expect(layer(BATCH), equals=F.conv2d(BATCH, WEIGHTS), atol=1e-5)


@check("seven_filter_layer", points=0.5)
def test_seven_filter_layer_device(student):
    """The layer can move to where its input lives."""
    layer = expect_layer(student.seven_filter_layer())
    picture = BATCH[:1, :, :, :3].contiguous()
    expect_same_on_device(layer, picture, equals=F.conv2d(picture, WEIGHTS))


@check("learn_kernel", points=1)
def test_learn_kernel_first_steps(student):
    """It starts from zeros, and one step of Adam moves each weight by lr; then two more."""
    start = student.learn_kernel(TILE[None, None], ANSWER, 0, 0.1)
    says = "Before the first step the kernel must be all zeros: start from zeros."
    expect(start, equals=torch.zeros(3, 3), says=says)
    expect(student.learn_kernel(TILE[None, None], ANSWER, 1, 0.1), equals=STEP, atol=1e-5)
    images = torch.stack([TILE, TILE.flip(0)])[:, None].double()
    targets = torch.tensor([8.0, -3.0]).double().reshape(2, 1, 1, 1)
    got = student.learn_kernel(images, targets, 3, 0.4)
    expect(got, equals=THREE_STEPS, dtype=torch.float64, atol=1e-5)


@check("learn_kernel", points=1)
def test_learn_kernel_finds_sobel(student):
    """On white noise the weights of Sobel X come out, each to within 0.01."""
    noise = torch.randn(2, 1, 12, 12, generator=torch.Generator().manual_seed(2))
    targets = F.conv2d(noise, SOBEL_X[None, None])
    kernel = student.learn_kernel(noise, targets, 300, 0.05)
    expect(kernel, equals=SOBEL_X, rtol=0, atol=0.01)


@check("learn_kernel", points=0.5)
def test_learn_kernel_own_loop(student):
    """The loop is your own."""
    expect_written_out(
        student.learn_kernel,
        TILE[None, None],
        ANSWER,
        1,
        0.1,
        equals=STEP,
        without=("training", "lstsq", "pinverse", "linalg"),
        says=OWN_LOOP,
    )


@check("learn_kernel", points=0.5)
def test_learn_kernel_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.learn_kernel, TILE[None, None], ANSWER, 1, 0.1, equals=STEP)
