"""Hidden checks of lesson 02: sizes and numbers that nobody can have prepared for.

The titles are shown to students, so they name the property and not the data.
"""

import math
import random

import torch
import torch.nn.functional as F

from utils.checks import check
from utils.expect import expect, expect_layer, expect_named, expect_tuple

NAMES = ("sobel_x", "sobel_y", "prewitt_x", "laplacian", "gaussian", "sharpen", "emboss")
SOBEL_X = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
PREWITT_X = torch.tensor([[-1.0, 0.0, 1.0]] * 3)
LAPLACIAN = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]])
GAUSSIAN = torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16
SHARPEN = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])
EMBOSS = torch.tensor([[-2.0, -1.0, 0.0], [-1.0, 1.0, 1.0], [0.0, 1.0, 2.0]])
SEVEN = (SOBEL_X, SOBEL_X.T, PREWITT_X, LAPLACIAN, GAUSSIAN, SHARPEN, EMBOSS)
WEIGHTS = torch.stack(SEVEN)[:, None]

# How far any of the nine learned weights may be off; calibrated in calibration.py.
FARTHEST = 0.01
STEPS, LR = 300, 0.05


def random_tensor(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers around zero, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def feature_map(image: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """torch's answer for one image and one kernel."""
    return F.conv2d(image[None, None], kernel[None, None].to(image.dtype))[0, 0]


def pairs(
    seed: int, dtype: torch.dtype = torch.float32
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """White noise, what a secret kernel makes of it, and the kernel: (2,1,12,12), (2,1,10,10)."""
    kernel = random_tensor(3, 3, seed=1000 + seed, dtype=dtype)
    images = random_tensor(2, 1, 12, 12, seed=2000 + seed, dtype=dtype)
    return images, F.conv2d(images, kernel[None, None]), kernel


def by_adam(images: torch.Tensor, targets: torch.Tensor, steps: int, lr: float) -> torch.Tensor:
    """The reference's answer, for so few steps that it depends on every one of them."""
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    adam = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        adam.zero_grad()
        F.mse_loss(F.conv2d(images, kernel), targets).backward()
        adam.step()
    return kernel.detach()[0, 0]


@check("seven_kernels", points=1)
def test_seven_kernels_of_changes_again(student):
    """Each kernel for changes under its own name, also at a second call."""
    student.seven_kernels()
    kernels = expect_named(student.seven_kernels(), NAMES)
    for kernel, wanted in zip(kernels[:4], SEVEN[:4], strict=True):
        expect(kernel, equals=wanted, dtype=torch.float32)


@check("seven_kernels", points=1)
def test_seven_kernels_of_looks_again(student):
    """Each kernel for pictures under its own name, also at a second call."""
    student.seven_kernels()
    kernels = expect_named(student.seven_kernels(), NAMES)
    for kernel, wanted in zip(kernels[4:], SEVEN[4:], strict=True):
        expect(kernel, equals=wanted, dtype=torch.float32)


@check("edge_strength", points=1)
def test_edge_strength_magnitude_any_size(student):
    """The strength of the edges in images of many sizes."""
    for seed, (h, w) in enumerate([(3, 3), (6, 4), (4, 7), (9, 5)]):
        image = random_tensor(h, w, seed=seed)
        gx, gy = feature_map(image, SOBEL_X), feature_map(image, SOBEL_X.T)
        magnitude, _ = expect_tuple(student.edge_strength(image), 2)
        expect(magnitude, equals=(gx**2 + gy**2).sqrt(), dtype=torch.float64)


@check("edge_strength", points=1)
def test_edge_strength_angle_any_size(student):
    """The direction of the edges in images of many sizes."""
    for seed, (h, w) in enumerate([(3, 3), (5, 4), (4, 8), (7, 5)]):
        image = random_tensor(h, w, seed=50 + seed)
        gx, gy = feature_map(image, SOBEL_X), feature_map(image, SOBEL_X.T)
        _, angle = expect_tuple(student.edge_strength(image), 2)
        expect(angle, equals=torch.atan2(gy, gx), dtype=torch.float64)


@check("edge_strength", points=0.5)
def test_edge_strength_any_direction(student):
    """Slopes in many directions."""
    row, column = torch.arange(4.0).double()[:, None], torch.arange(5.0).double()
    for number in range(1, 12):
        turn = -math.pi + number * math.pi / 6 + 0.1
        slope = 3 * (row * math.sin(turn) + column * math.cos(turn))
        magnitude, angle = expect_tuple(student.edge_strength(slope), 2)
        expect(magnitude, equals=torch.full((2, 3), 24.0))
        expect(angle, equals=torch.full((2, 3), turn))


@check("gaussian_weights", points=1.5)
def test_gaussian_weights_any_size(student):
    """Hundreds of lengths and widths, in float64."""
    draw = random.Random(3)
    for _ in range(200):
        K, sigma = 2 * draw.randint(0, 20) + 1, draw.uniform(0.3, 8)
        x = torch.arange(K, dtype=torch.float64) - K // 2
        bell = torch.exp(-(x**2) / (2 * sigma**2))
        wanted = bell / bell.sum()
        got = student.gaussian_weights(K, sigma)
        expect(got, equals=wanted, dtype=torch.float64, rtol=1e-6, atol=1e-9)


@check("blur_separable", points=1.5)
def test_blur_separable_any_size(student):
    """Images and weights of many sizes, odd and even, equal to the K×K kernel's result."""
    for seed, (h, w, K) in enumerate([(7, 5, 3), (4, 9, 4), (8, 8, 5), (3, 6, 2), (12, 7, 7)]):
        image, weights = random_tensor(h, w, seed=seed), random_tensor(K, seed=seed + 50)
        wanted = feature_map(image, torch.outer(weights, weights))
        expect(student.blur_separable(image, weights), equals=wanted, dtype=torch.float64)


@check("blur_separable", points=0.5)
def test_blur_separable_extremes(student):
    """The fewest and the most weights that fit."""
    image = random_tensor(4, 6, seed=5)
    for K in (1, 4):
        weights = random_tensor(K, seed=6)
        wanted = feature_map(image, torch.outer(weights, weights))
        expect(student.blur_separable(image, weights), equals=wanted)
        single = student.blur_separable(image.float(), weights.float())
        expect(single, equals=wanted, dtype=torch.float32, rtol=1e-4, atol=1e-5)


@check("sharpen_photo", points=1.5)
def test_sharpen_photo_any_photo(student):
    """Photographs of many sizes, bright ones and dark ones."""
    draw = torch.Generator().manual_seed(4)
    for h, w, low, high in [(9, 7, 0, 256), (5, 12, 100, 140), (8, 8, 0, 40), (6, 9, 210, 256)]:
        photo = torch.randint(low, high, (h, w), generator=draw, dtype=torch.uint8)
        wanted = feature_map(photo.double(), SHARPEN).clamp(0, 255)
        expect(student.sharpen_photo(photo), equals=wanted, dtype=torch.uint8)


@check("sharpen_photo", points=0.5)
def test_sharpen_photo_extremes(student):
    """The smallest photograph, and evenly grey ones, which stay as they are."""
    for grey in (0, 1, 128, 254, 255):
        photo = torch.full((3, 3), grey, dtype=torch.uint8)
        expect(student.sharpen_photo(photo), equals=[[grey]], dtype=torch.uint8)


@check("unsharp_mask", points=1.5)
def test_unsharp_mask_any_size(student):
    """Images of many sizes, and many amounts."""
    for seed, (h, w, amount) in enumerate([(3, 3, 1), (6, 4, 0.3), (4, 7, 2.5), (9, 5, 5)]):
        image = random_tensor(h, w, seed=seed)
        # x + a·(x − plus/5): 1 + 0.8·a in the middle, −0.2·a beside it.
        kernel = amount / 5 * LAPLACIAN.double()
        kernel[1, 1] += 1
        wanted = feature_map(image, kernel)
        expect(student.unsharp_mask(image, amount), equals=wanted, dtype=torch.float64)


@check("unsharp_mask", points=0.5)
def test_unsharp_mask_no_amount(student):
    """With amount 0 the inner pixels stay as they are, and a negative amount blurs."""
    image = random_tensor(5, 6, seed=7)
    expect(student.unsharp_mask(image, 0), equals=image[1:-1, 1:-1])
    plus = feature_map(image, torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5)
    expect(student.unsharp_mask(image, -1), equals=plus)


@check("filter_colour", points=1.5)
def test_filter_colour_any_size(student):
    """Pictures and kernels of many shapes, each channel by itself."""
    for seed, (h, w, kernel_h, kernel_w) in enumerate([(4, 5, 3, 3), (6, 3, 2, 1), (3, 7, 3, 5)]):
        image, kernel = random_tensor(3, h, w, seed=seed), random_tensor(kernel_h, kernel_w, seed=9)
        wanted = torch.stack([feature_map(channel, kernel) for channel in image])
        expect(student.filter_colour(image, kernel), equals=wanted, dtype=torch.float64)


@check("seven_filter_layer", points=1)
def test_seven_filter_layer_any_batch(student):
    """Batches of many sizes, in one call each."""
    layer = expect_layer(student.seven_filter_layer())
    for seed, shape in enumerate([(1, 1, 3, 3), (4, 1, 5, 7), (2, 1, 9, 4)]):
        batch = random_tensor(*shape, seed=seed, dtype=torch.float32)
        expect(layer(batch), equals=F.conv2d(batch, WEIGHTS), rtol=1e-4, atol=1e-5)


@check("seven_filter_layer", points=1)
def test_seven_filter_layer_adds_nothing(student):
    """A black picture gives seven black maps: no bias, and nothing after the filters."""
    layer = expect_layer(student.seven_filter_layer())
    expect(layer(torch.zeros(1, 1, 4, 5)), equals=torch.zeros(1, 7, 2, 3))
    picture = random_tensor(1, 1, 4, 4, seed=3, dtype=torch.float32)
    expect(layer(-picture), equals=-F.conv2d(picture, WEIGHTS), rtol=1e-4, atol=1e-5)


@check("learn_kernel", points=1)
def test_learn_kernel_any_steps(student):
    """A few steps at several rates, step for step as Adam takes them."""
    for seed, (steps, lr) in enumerate([(0, 0.1), (2, 0.03), (6, 0.2)]):
        images, targets, _ = pairs(seed, torch.float64)
        wanted = by_adam(images, targets, steps, lr)
        got = student.learn_kernel(images, targets, steps, lr)
        expect(got, equals=wanted, dtype=torch.float64, rtol=1e-4, atol=1e-6)


@check("learn_kernel", points=2)
def test_learn_kernel_finds_the_weights(student):
    """On white noise the weights of a secret kernel come out, each to within 0.01."""
    images, targets, kernel = pairs(seed=77)
    got = student.learn_kernel(images, targets, STEPS, LR)
    expect(got, equals=kernel, rtol=0, atol=FARTHEST)
