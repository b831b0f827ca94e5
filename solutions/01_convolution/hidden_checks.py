"""Hidden checks of lesson 01: sizes and numbers that nobody can have prepared for.

The titles are shown to students, so they name the property and not the data.
"""

import random

import torch
import torch.nn.functional as F

from utils.checks import check
from utils.expect import expect, expect_tuple, expect_uses, expect_written_out

# Words in the names of ready-made operators and functions.
CONVOLUTIONS = ("convolution", "convolve", "correlate")
CONVOLUTIONS_2D = ("convolution", "convolve2d", "correlate2d")
UNFOLDS = ("unfold", "im2col", "sliding_window")
AUTOGRAD = ("autograd", "backward", "requires_grad", "vjp", "jac", "conv2d_input", "conv2d_weight")
READY_MADE = "The numbers are right, but a ready-made operator did the work. Write it out yourself."


def random_tensor(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers around zero, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def sizes(count: int, *, seed: int, image: int = 8, kernel: int = 4) -> list[tuple[int, ...]]:
    """Heights and widths of images, each with a kernel that fits in: (H, W, K_h, K_w)."""
    draw = random.Random(seed)
    pairs = ((draw.randint(2, image), draw.randint(2, image)) for _ in range(count))
    return [
        (h, w, draw.randint(1, min(h, kernel)), draw.randint(1, min(w, kernel))) for h, w in pairs
    ]


def feature_map(image: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """torch's answer for one image and one kernel."""
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


def full_convolution(f: torch.Tensor, g: torch.Tensor) -> torch.Tensor:
    """torch's answer for the full convolution of two signals."""
    pad = len(g) - 1
    return F.conv1d(f[None, None], g.flip(0)[None, None], padding=pad)[0, 0]


@check("layer_parameters", points=1)
def test_layer_parameters_any_size(student):
    """Layers of many sizes, small and large."""
    draw = random.Random(11)
    drawn = [(draw.randint(1, 5), draw.randint(5, 40), draw.randint(5, 40)) for _ in range(40)]
    settings = [(c, h, w, draw.randint(1, 9), draw.randint(1, 5)) for c, h, w in drawn]
    for c, h, w, f, k in [*settings, (3, 480, 640, 64, 7), (1, 5, 5, 1, 5)]:
        outputs = f * (h - k + 1) * (w - k + 1)
        wanted = (outputs * c * h * w + outputs, f * c * k * k + f)
        expect(student.layer_parameters(c, h, w, f, k), equals=wanted, rtol=0)


@check("correlate1d", points=1)
def test_correlate1d_any_size(student):
    """Signals and kernels of many lengths, equal to torch's result."""
    for seed, (length, width) in enumerate([(9, 4), (6, 1), (5, 5), (12, 2), (1, 1)]):
        x, k = random_tensor(length, seed=seed), random_tensor(width, seed=seed + 50)
        wanted = F.conv1d(x[None, None], k[None, None])[0, 0]
        expect(student.correlate1d(x, k), equals=wanted, dtype=torch.float64)
    expect_written_out(
        student.correlate1d, x, k, equals=wanted, without=CONVOLUTIONS, says=READY_MADE
    )


@check("convolve1d", points=1.5)
def test_convolve1d_any_size(student):
    """Signals of many lengths, in either order: convolution is commutative."""
    for seed, (a, b) in enumerate([(7, 3), (4, 4), (3, 8), (9, 2)]):
        f, g = random_tensor(a, seed=seed), random_tensor(b, seed=seed + 50)
        wanted = full_convolution(f, g)
        expect(student.convolve1d(f, g), equals=wanted, dtype=torch.float64)
        expect(student.convolve1d(g, f), equals=wanted, dtype=torch.float64)
    expect_written_out(
        student.convolve1d, f, g, equals=wanted, without=CONVOLUTIONS, says=READY_MADE
    )


@check("convolve1d", points=0.5)
def test_convolve1d_short(student):
    """The shortest signals: a single number scales the other signal."""
    f, one = random_tensor(5, seed=7), torch.tensor([-2.0], dtype=torch.float64)
    expect(student.convolve1d(f, one), equals=-2 * f)
    expect(student.convolve1d(one, f), equals=-2 * f)
    expect(student.convolve1d(one, one), equals=[4])


@check("convolve_fft", points=1.5)
def test_convolve_fft_any_size(student):
    """Signals of many lengths, odd and even, short and long."""
    for seed, (a, b) in enumerate([(7, 3), (6, 6), (1, 4), (5, 1), (300, 41), (64, 128)]):
        f, g = random_tensor(a, seed=seed), random_tensor(b, seed=seed + 50)
        wanted = full_convolution(f, g)
        expect(student.convolve_fft(f, g), equals=wanted, dtype=torch.float64)
    says = "The numbers are right, but torch took no Fourier transform."
    expect_uses(student.convolve_fft, f, g, equals=wanted, operator="_fft_", says=says)


@check("conv2d", points=1.5)
def test_conv2d_any_size(student):
    """Images and kernels of many shapes, equal to torch's result."""
    for seed, (h, w, kernel_h, kernel_w) in enumerate(sizes(7, seed=3)):
        image = random_tensor(h, w, seed=seed)
        kernel = random_tensor(kernel_h, kernel_w, seed=seed + 50)
        wanted = feature_map(image, kernel)
        expect(student.conv2d(image, kernel), equals=wanted, dtype=torch.float64)
    expect_written_out(
        student.conv2d, image, kernel, equals=wanted, without=CONVOLUTIONS_2D, says=READY_MADE
    )


@check("conv2d", points=0.5)
def test_conv2d_extremes(student):
    """The smallest and the largest kernel that fit."""
    image = random_tensor(4, 6, seed=5)
    for shape in [(1, 1), (4, 6), (1, 6), (4, 1)]:
        kernel = random_tensor(*shape, seed=6)
        expect(student.conv2d(image, kernel), equals=feature_map(image, kernel))


@check("im2col", points=1)
def test_im2col_any_size(student):
    """Images and windows of many shapes, in the order of F.unfold."""
    for seed, (h, w, kernel_h, kernel_w) in enumerate(sizes(7, seed=8)):
        image = random_tensor(h, w, seed=seed)
        wanted = F.unfold(image[None, None], (kernel_h, kernel_w))[0]
        shape = kernel_h, kernel_w
        expect(student.im2col(image, shape), equals=wanted, dtype=torch.float64)
    expect_written_out(
        student.im2col, image, shape, equals=wanted, without=UNFOLDS, says=READY_MADE
    )


@check("im2col", points=0.5)
def test_im2col_extremes(student):
    """The smallest and the largest window that fit."""
    image = random_tensor(3, 5, seed=9)
    for shape in [(1, 1), (3, 5), (1, 5), (3, 1)]:
        expect(student.im2col(image, shape), equals=F.unfold(image[None, None], shape)[0])


@check("conv2d_layer", points=2)
def test_conv2d_layer_any_size(student):
    """Batches, channels, filters and kernels of many shapes, equal to F.conv2d."""
    shapes = [
        (2, 3, 5, 4, 4, 3, 2),
        (3, 1, 3, 4, 2, 2, 2),
        (1, 4, 4, 5, 5, 2, 4),
        (2, 2, 4, 3, 3, 4, 1),
    ]
    for seed, (n, c, h, w, f, kernel_h, kernel_w) in enumerate(shapes):
        x = random_tensor(n, c, h, w, seed=seed)
        weight = random_tensor(f, c, kernel_h, kernel_w, seed=seed + 50)
        bias = random_tensor(f, seed=seed + 100)
        wanted = F.conv2d(x, weight, bias)
        expect(student.conv2d_layer(x, weight, bias), equals=wanted, dtype=torch.float64)
        expect(student.conv2d_layer(x, weight), equals=F.conv2d(x, weight), dtype=torch.float64)
    expect_written_out(
        student.conv2d_layer,
        x,
        weight,
        bias,
        equals=wanted,
        without=CONVOLUTIONS_2D,
        says=READY_MADE,
    )


@check("conv2d_layer", points=0.5)
def test_conv2d_layer_extremes(student):
    """The smallest and the largest kernel that fit, and one channel."""
    for c, f, shape in [(3, 2, (1, 1)), (2, 4, (3, 4)), (1, 1, (2, 2))]:
        x, weight = random_tensor(2, c, 3, 4, seed=c), random_tensor(f, c, *shape, seed=f)
        bias = random_tensor(f, seed=1)
        expect(student.conv2d_layer(x, weight, bias=bias), equals=F.conv2d(x, weight, bias))
        single = student.conv2d_layer(x[:1].float(), weight.float())
        wanted = F.conv2d(x[:1].float(), weight.float())
        expect(single, equals=wanted, dtype=torch.float32, rtol=1e-4, atol=1e-5)


@check("mean_filter", points=1)
def test_mean_filter_any_size(student):
    """Images and windows of many sizes."""
    for seed, (h, w, K, _) in enumerate(sizes(7, seed=4)):
        image, K = random_tensor(h, w, seed=seed), min(K, w)
        wanted = F.avg_pool2d(image[None, None], K, stride=1)[0, 0]
        expect(
            student.mean_filter(image, K), equals=wanted, dtype=torch.float64, rtol=1e-9, atol=1e-9
        )
    expect_written_out(
        student.mean_filter, image, K, equals=wanted, without=("pool",), says=READY_MADE
    )


@check("mean_filter", points=0.5)
def test_mean_filter_extremes(student):
    """The smallest and the largest window that fit."""
    image = random_tensor(5, 4, seed=2)
    expect(student.mean_filter(image, 1), equals=image)
    expect(student.mean_filter(image[:4], 4), equals=image[:4].mean().reshape(1, 1))


def gradients(seed: int, *shape: int) -> tuple[tuple[torch.Tensor, ...], tuple[torch.Tensor, ...]]:
    """Arguments for `conv2d_gradients`, and what autograd finds for them."""
    h, w, kernel_h, kernel_w = shape
    image = random_tensor(h, w, seed=seed).requires_grad_()
    kernel = random_tensor(kernel_h, kernel_w, seed=seed + 50).requires_grad_()
    out = feature_map(image, kernel)
    upstream = random_tensor(*out.shape, seed=seed + 100)
    wanted = torch.autograd.grad(out, (image, kernel), upstream)
    return (image.detach(), kernel.detach(), upstream), wanted


@check("conv2d_gradients", points=0.5)
def test_conv2d_gradients_kernel_any_size(student):
    """The kernel's gradient for many shapes, equal to autograd's."""
    for seed, shape in enumerate([*sizes(5, seed=6), (4, 3, 1, 1), (3, 5, 3, 5)]):
        arguments, (_, wanted) = gradients(seed, *shape)
        _, kernel = expect_tuple(student.conv2d_gradients(*arguments), 2)
        expect(kernel, equals=wanted, dtype=torch.float64)


@check("conv2d_gradients", points=0.5)
def test_conv2d_gradients_image_any_size(student):
    """The image's gradient for many shapes, equal to autograd's."""
    for seed, shape in enumerate([*sizes(5, seed=7), (4, 3, 1, 1), (3, 5, 3, 5)]):
        arguments, (wanted, _) = gradients(seed, *shape)
        image, _ = expect_tuple(student.conv2d_gradients(*arguments), 2)
        expect(image, equals=wanted, dtype=torch.float64)


@check("conv2d_gradients", points=1.5)
def test_conv2d_gradients_together(student):
    """Both gradients, written out for many shapes."""
    for seed, shape in enumerate(sizes(4, seed=9)):
        arguments, wanted = gradients(seed, *shape)
        expect_written_out(
            student.conv2d_gradients, *arguments, equals=wanted, without=AUTOGRAD, says=READY_MADE
        )


@check("shift_image", points=1)
def test_shift_image_any_size(student):
    """Many images, shifted in all directions, near and far."""
    draw = random.Random(5)
    for seed in range(12):
        h, w = draw.randint(1, 6), draw.randint(1, 6)
        dy, dx = draw.randint(-h, h), draw.randint(-w, w)
        image = random_tensor(h, w, seed=seed)
        frame = F.pad(image, (w, w, h, h))
        wanted = frame[h - dy : 2 * h - dy, w - dx : 2 * w - dx]
        expect(student.shift_image(image, dy, dx), equals=wanted, dtype=torch.float64)
