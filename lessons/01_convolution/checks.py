"""Public checks of lesson 01. The examples are small enough to be followed with a pencil."""

import torch
import torch.nn.functional as F

from utils.checks import check
from utils.expect import (
    expect,
    expect_gradients,
    expect_same_on_device,
    expect_tuple,
    expect_uses,
    expect_written_out,
)

SIGNAL = torch.tensor([1.0, 2.0, 3.0, 5.0, 4.0, 0.0, 2.0])
WEIGHTS = torch.tensor([1.0, 0.0, 2.0])
CORRELATED = [7, 12, 11, 5, 8]
SHORT, PAIR = torch.tensor([2.0, 1.0]), torch.tensor([1.0, 3.0])
# Together they are 5 long: an odd length, and longer than its half spectrum. Halves show rounding.
WAVE, ECHO = torch.tensor([1.5, -2.0, 3.0, 4.0]), torch.tensor([5.0, 6.0])
ECHOED = [7.5, -1, 3, 38, 24]

IMAGE = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
KERNEL = torch.tensor([[1.0, 1.0], [0.0, 2.0]])

WIDE = torch.tensor([[1.0, 2.0, 3.0, 8.0], [4.0, 5.0, 6.0, 0.0], [7.0, 8.0, 9.0, 13.0]])
TALL = torch.tensor([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]])

# One image with two channels, and two filters that are two channels deep.
STACK = torch.tensor([[[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], [[0.0, 1, 0], [2, 0, 0], [0, 0, 1]]]])
FILTERS = torch.tensor(
    [[[[1.0, 1], [0, 2]], [[1.0, 0], [0, -1]]], [[[0.0, 1], [0, 0]], [[3.0, 0], [1, 0]]]]
)
BIAS = torch.tensor([10.0, -1.0])

UPSTREAM = torch.tensor([[1.0, 2.0], [0.0, -1.0]])
UPSTREAM_WIDE = torch.tensor([[1.0, 0.0, -2.0]])
GRAD_IMAGE = [[1, 3, 2], [0, 1, 3], [0, 0, -2]]
GRAD_KERNEL = [[0, 2], [6, 8]]

# Words in the names of ready-made operators and functions.
CONVOLUTIONS = ("convolution", "convolve", "correlate")
CONVOLUTIONS_2D = ("convolution", "convolve2d", "correlate2d")
POOLINGS = ("pool",)
UNFOLDS = ("unfold", "im2col", "sliding_window")
# torch dispatches _fft_r2c and its kin; `np.fft.rfft` in the code does not count.
TORCH_TRANSFORM = "_fft_"
AUTOGRAD = ("autograd", "backward", "requires_grad", "vjp", "jac", "conv2d_input", "conv2d_weight")

# What a student reads whose numbers are right and come from a ready-made operator.
NO_READY_MADE = (
    "The numbers are right, but a ready-made convolution did the work. "
    "Write the sum of products yourself, from indexing, `*` and `+`."
)
NO_TRANSFORM = (
    "The numbers are right, but torch took no Fourier transform. "
    "Multiply the spectra from `torch.fft.rfft` and come back with `torch.fft.irfft`."
)
NO_UNFOLD = (
    "The columns are right, but a ready-made unfold did the work. "
    "Cut the windows out by slicing and put them together yourself."
)
NO_CONVOLUTION_LAYER = (
    "The numbers are right, but a ready-made convolution did the work. "
    "Lay out the windows with unfold and take one matrix product (or einsum)."
)
NO_POOLING = (
    "The means are right, but a ready-made pooling found them. Make the K×K kernel yourself."
)
NO_AUTOGRAD = (
    "The gradients are right, but autograd (or a ready-made backward) found them. "
    "Write both sums yourself: who was multiplied by whom?"
)


def random_tensor(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers around zero, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


@check("layer_parameters", points=1)
def test_layer_parameters_by_hand(student):
    """Two channels of 4×5, four filters of 3×3: count them on paper."""
    dense, conv = expect_tuple(student.layer_parameters(2, 4, 5, 4, 3), 2)
    expect(dense, equals=984, says="The first number, for the dense layer, is wrong.")
    expect(conv, equals=76, says="The second number, for the convolutional layer, is wrong.")


@check("correlate1d", points=1)
def test_correlate1d_by_hand(student):
    """Seven numbers and three weights, then the same in float64."""
    expect(student.correlate1d(SIGNAL, WEIGHTS), equals=CORRELATED)
    doubled = student.correlate1d(SIGNAL.double(), WEIGHTS.double())
    expect(doubled, equals=CORRELATED, dtype=torch.float64)


@check("correlate1d", points=0.5)
def test_correlate1d_written_out(student):
    """Written out, without a ready-made convolution."""
    expect_written_out(
        student.correlate1d,
        SIGNAL,
        WEIGHTS,
        equals=CORRELATED,
        without=CONVOLUTIONS,
        says=NO_READY_MADE,
    )


@check("correlate1d", points=0.5)
def test_correlate1d_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.correlate1d, SIGNAL, WEIGHTS, equals=CORRELATED)


@check("convolve1d", points=1)
def test_convolve1d_by_hand(student):
    """(1, 2, 3) with (4, 5), in either order and in float64."""
    f, g = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([4.0, 5.0])
    expect(student.convolve1d(f, g), equals=[4, 13, 22, 15])
    expect(student.convolve1d(g, f), equals=[4, 13, 22, 15])
    doubled = student.convolve1d(f.double(), g.double())
    expect(doubled, equals=[4, 13, 22, 15], dtype=torch.float64)


@check("convolve1d", points=0.5)
def test_convolve1d_written_out(student):
    """Written out, without a ready-made convolution."""
    expect_written_out(
        student.convolve1d,
        SHORT,
        PAIR,
        equals=[2, 7, 3],
        without=CONVOLUTIONS,
        says=NO_READY_MADE,
    )


@check("convolve1d", points=0.5)
def test_convolve1d_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.convolve1d, SHORT, PAIR, equals=[2, 7, 3])


@check("convolve_fft", points=1)
def test_convolve_fft_by_hand(student):
    """(1.5, −2, 3, 4) with (5, 6): the numbers that the loops give, in float64 too."""
    expect(student.convolve_fft(WAVE, ECHO), equals=ECHOED, atol=1e-4)
    doubled = student.convolve_fft(WAVE.double(), ECHO.double())
    expect(doubled, equals=ECHOED, dtype=torch.float64)


@check("convolve_fft", points=1)
def test_convolve_fft_takes_the_detour(student):
    """Goes through the frequencies, with torch.fft."""
    expect_uses(
        student.convolve_fft,
        WAVE,
        ECHO,
        equals=ECHOED,
        operator=TORCH_TRANSFORM,
        says=NO_TRANSFORM,
    )


@check("convolve_fft", points=0.5)
def test_convolve_fft_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.convolve_fft, WAVE, ECHO, equals=ECHOED)


@check("conv2d", points=1)
def test_conv2d_by_hand(student):
    """The lesson's 3×3 image and 2×2 kernel."""
    expect(student.conv2d(IMAGE, KERNEL), equals=[[13, 17], [25, 29]])


@check("conv2d", points=1)
def test_conv2d_wide_image(student):
    """A wide 3×4 image and a tall 3×2 kernel, in float64."""
    wide = student.conv2d(WIDE.double(), TALL.double())
    expect(wide, equals=[[31, 36, 46]], dtype=torch.float64)


@check("conv2d", points=1.5)
def test_conv2d_written_out(student):
    """Written out, without a ready-made convolution."""
    expect_written_out(
        student.conv2d,
        IMAGE,
        KERNEL,
        equals=[[13, 17], [25, 29]],
        without=CONVOLUTIONS_2D,
        says=NO_READY_MADE,
    )


@check("conv2d", points=0.5)
def test_conv2d_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.conv2d, IMAGE, KERNEL, equals=[[13, 17], [25, 29]])


@check("im2col", points=1)
def test_im2col_by_hand(student):
    """A 3×4 image and a 2×2 window: six columns of four numbers; a 2×3 window in float64."""
    small = [[1, 2, 3, 4, 5, 6], [2, 3, 8, 5, 6, 0], [4, 5, 6, 7, 8, 9], [5, 6, 0, 8, 9, 13]]
    columns = [
        [1, 2, 4, 5],
        [2, 3, 5, 6],
        [3, 8, 6, 0],
        [4, 5, 7, 8],
        [5, 6, 8, 9],
        [6, 0, 9, 13],
    ]
    expect(student.im2col(WIDE, (2, 2)), equals=small, dtype=torch.float32)
    expect(student.im2col(WIDE.double(), (2, 3)), equals=columns, dtype=torch.float64)


@check("im2col", points=1)
def test_im2col_written_out(student):
    """Written out, without a ready-made unfold."""
    expect_written_out(
        student.im2col,
        IMAGE,
        (1, 2),
        equals=[[1, 2, 4, 5, 7, 8], [2, 3, 5, 6, 8, 9]],
        without=UNFOLDS,
        says=NO_UNFOLD,
    )


@check("im2col", points=0.5)
def test_im2col_device(student):
    """Runs where its input lives."""
    columns = [[1, 2, 4, 5, 7, 8], [2, 3, 5, 6, 8, 9]]
    expect_same_on_device(student.im2col, IMAGE, (1, 2), equals=columns)


@check("conv2d_layer", points=1.5)
def test_conv2d_layer_by_hand(student):
    """Two channels in, two out, with and without bias; then a batch of two in float64."""
    first = [[13, 18], [27, 28]]
    expect(student.conv2d_layer(STACK, FILTERS), equals=[[first, [[4, 6], [11, 6]]]])
    biased = [[[[23, 28], [37, 38]], [[3, 5], [10, 5]]]]
    expect(student.conv2d_layer(STACK, FILTERS, BIAS), equals=biased)
    x, weight = random_tensor(2, 3, 4, 6, seed=1), random_tensor(4, 3, 3, 2, seed=2)
    bias = random_tensor(4, seed=3)
    wanted = F.conv2d(x, weight, bias)
    expect(student.conv2d_layer(x, weight, bias), equals=wanted, dtype=torch.float64)


@check("conv2d_layer", points=1)
def test_conv2d_layer_written_out(student):
    """Written out, without a ready-made convolution."""
    expect_written_out(
        student.conv2d_layer,
        STACK,
        FILTERS,
        equals=F.conv2d(STACK, FILTERS),
        without=CONVOLUTIONS_2D,
        says=NO_CONVOLUTION_LAYER,
    )


def reference_layer(x, weight, bias):
    """`F.conv2d` with its arguments' names, which a message about a gradient needs."""
    return F.conv2d(x, weight, bias)


@check("conv2d_layer", points=0.5)
def test_conv2d_layer_gradients(student):
    """Gradients flow back to the image, the weights and the bias."""
    arguments = STACK.double(), FILTERS.double(), BIAS.double()
    expect_gradients(student.conv2d_layer, *arguments, wrt=(0, 1, 2), reference=reference_layer)


@check("conv2d_layer", points=0.5)
def test_conv2d_layer_device(student):
    """Runs where its input lives."""
    x, weight = STACK[..., :2].contiguous(), FILTERS[:1]
    expect_same_on_device(student.conv2d_layer, x, weight, BIAS[:1], equals=[[[[23], [37]]]])


@check("mean_filter", points=1)
def test_mean_filter_by_hand(student):
    """The mean of every 2×2 window of a 3×4 image, then of every 3×3 window in float64."""
    expect(student.mean_filter(WIDE, 2), equals=[[3, 4, 4.25], [6, 7, 7]])
    means = student.mean_filter(WIDE.double(), 3)
    expect(means, equals=[[5, 6]], dtype=torch.float64, rtol=1e-9, atol=1e-9)


@check("mean_filter", points=0.5)
def test_mean_filter_written_out(student):
    """With a kernel of your own, without a ready-made pooling."""
    expect_written_out(
        student.mean_filter,
        IMAGE,
        2,
        equals=[[3, 4], [6, 7]],
        without=POOLINGS,
        says=NO_POOLING,
    )


@check("mean_filter", points=1)
def test_mean_filter_device(student):
    """The kernel that you make lives where the image lives."""
    expect_same_on_device(student.mean_filter, IMAGE, 2, equals=[[3, 4], [6, 7]])


@check("conv2d_gradients", points=1)
def test_conv2d_gradients_of_the_kernel(student):
    """By hand: what each weight of the 2×2 kernel is to blame for."""
    _, kernel = expect_tuple(student.conv2d_gradients(IMAGE, KERNEL, UPSTREAM), 2)
    expect(kernel, equals=GRAD_KERNEL)
    _, kernel = expect_tuple(
        student.conv2d_gradients(WIDE.double(), TALL.double(), UPSTREAM_WIDE.double()), 2
    )
    expect(kernel, equals=[[-5, -14], [-8, 5], [-11, -18]], dtype=torch.float64)


@check("conv2d_gradients", points=1)
def test_conv2d_gradients_of_the_image(student):
    """By hand: what each pixel of the 3×3 image is to blame for."""
    image, _ = expect_tuple(student.conv2d_gradients(IMAGE, KERNEL, UPSTREAM), 2)
    expect(image, equals=GRAD_IMAGE)
    image, _ = expect_tuple(
        student.conv2d_gradients(WIDE.double(), TALL.double(), UPSTREAM_WIDE.double()), 2
    )
    wanted = [[1, -1, -2, 2], [2, 0, -4, 0], [0, 3, 0, -6]]
    expect(image, equals=wanted, dtype=torch.float64)


@check("conv2d_gradients", points=1)
def test_conv2d_gradients_written_out(student):
    """Written out, without autograd."""
    expect_written_out(
        student.conv2d_gradients,
        IMAGE,
        KERNEL,
        UPSTREAM,
        equals=(GRAD_IMAGE, GRAD_KERNEL),
        without=AUTOGRAD,
        says=NO_AUTOGRAD,
    )


@check("conv2d_gradients", points=0.5)
def test_conv2d_gradients_device(student):
    """Runs where its input lives."""
    image, kernel, upstream = IMAGE[:2, :2].contiguous(), KERNEL[:1], UPSTREAM[:, :1].contiguous()
    wanted = ([[1, 1], [0, 0]], [[1, 2]])
    expect_same_on_device(student.conv2d_gradients, image, kernel, upstream, equals=wanted)


@check("shift_image", points=1.5)
def test_shift_image_by_hand(student):
    """One up and two right; one down and one right; not at all; and out of the picture."""
    up_right = [[0, 0, 4, 5], [0, 0, 7, 8], [0, 0, 0, 0]]
    down_right = [[0, 0, 0, 0], [0, 1, 2, 3], [0, 4, 5, 6]]
    expect(student.shift_image(WIDE, -1, 2), equals=up_right, dtype=torch.float32)
    expect(student.shift_image(WIDE.double(), 1, 1), equals=down_right, dtype=torch.float64)
    expect(student.shift_image(WIDE, 0, 0), equals=WIDE)
    expect(student.shift_image(WIDE, 4, 0), equals=torch.zeros(3, 4))


@check("shift_image", points=0.5)
def test_shift_image_device(student):
    """Runs where its input lives."""
    wanted = [[0, 0, 0], [0, 1, 2], [0, 4, 5]]
    expect_same_on_device(student.shift_image, IMAGE, 1, 1, equals=wanted)
