"""Hidden checks of lesson 03: settings and numbers that nobody can have prepared for.

The titles are shown to students, so they name the property and not the data.
"""

import random

import torch
import torch.nn.functional as F

from utils.checks import check
from utils.expect import Mismatch, expect, expect_error, expect_written_out
from utils.stacks import expect_stack
from utils.student import StudentCrash

MODES = {
    "zeros": "constant",
    "reflect": "reflect",
    "replicate": "replicate",
    "circular": "circular",
}
# Words in the names of ready-made operators and functions.
PADDINGS = ("pad",)
PADDED, STRIDED = ("padded_convolution",), ("strided_convolution",)
READY_MADE = "The numbers are right, but a ready-made operator did the work. Do this step yourself."


def random_tensor(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers around zero, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def expect_refused(function, *settings, **named):
    """Expect ValueError: no window fits, so there is no size to return."""
    says = "No window fits, so there is no size to return: raise ValueError."
    expect_error(function, *settings, error="ValueError", says=says, **named)


def expect_fits(function, *settings, equals, **named):
    """Expect a size where a window fits only thanks to the padding."""
    try:
        value = function(*settings, **named)
    except StudentCrash as crash:
        if crash.error.type != "ValueError":
            raise
        says = "A window fits here: compare it with the padded side, side + 2P, not with the side."
        raise Mismatch(says, str(equals), "ValueError") from None
    expect(value, equals=equals, rtol=0)


def empty(*shape: int) -> torch.Tensor:
    """A tensor that has a shape and no memory: torch works out sizes and nothing else."""
    return torch.empty(shape, device="meta")


def torch_size(H, W, K, S, P, D) -> tuple[int, int]:
    """The size of torch's own convolution; K, S, P, D are pairs."""
    out = F.conv2d(empty(1, 1, H, W), empty(1, 1, *K), stride=S, padding=P, dilation=D)
    return out.shape[2], out.shape[3]


def conv_settings(count: int, *, seed: int):
    """Sides, windows, strides, paddings and dilations with which a window fits on both axes."""
    draw = random.Random(seed)
    while count:
        H, W = draw.randint(1, 60), draw.randint(1, 60)
        K, S, P, D = (
            tuple(draw.randint(least, most) for _ in range(2))
            for least, most in ((1, 7), (1, 5), (0, 4), (1, 3))
        )
        sides = zip((H, W), K, P, D, strict=True)
        if all(d * (k - 1) + 1 <= side + 2 * p for side, k, p, d in sides):
            count -= 1
            yield H, W, K, S, P, D


@check("conv_size", points=1)
def test_conv_size_any_setting(student):
    """Hundreds of settings, the same for height and width, equal to torch's sizes."""
    for H, W, (K, _), (S, _), (P, _), (D, _) in conv_settings(200, seed=1):
        if min(H, W) + 2 * P >= D * (K - 1) + 1:
            wanted = torch_size(H, W, (K, K), (S, S), (P, P), (D, D))
            expect(student.conv_size(H, W, K, S, P, D), equals=wanted, rtol=0)


@check("conv_size", points=1)
def test_conv_size_any_pairs(student):
    """Many settings, each with pairs and whole numbers mixed."""
    draw = random.Random(2)
    for H, W, *pairs in conv_settings(150, seed=2):
        pairs = [(a, a) if draw.random() < 0.3 else (a, b) for a, b in pairs]
        K, _, P, D = pairs
        sides = zip((H, W), K, P, D, strict=True)
        if all(d * (k - 1) + 1 <= side + 2 * p for side, k, p, d in sides):
            given = [a if a == b and draw.random() < 0.5 else (a, b) for a, b in pairs]
            wanted = torch_size(H, W, *pairs)
            expect(student.conv_size(H, W, *given), equals=wanted, rtol=0)


@check("conv_size", points=0.5)
def test_conv_size_refuses(student):
    """Refuses every setting with which no window fits, on either axis, and no other."""
    expect(student.conv_size(7, 7, 3, 1, 0, 3), equals=(1, 1), rtol=0)
    expect_fits(student.conv_size, 1, 2, 5, 3, 2, equals=(1, 1))
    for settings in [
        (6, 9, 3, 1, 0, 3),
        (9, 6, 3, 1, 0, 3),
        (1, 1, 4, 9, 1),
        (3, 8, (4, 1)),
        (8, 3, (1, 6), 1, (5, 1)),
    ]:
        expect_refused(student.conv_size, *settings)


def torch_pool(size, K, S, P, D, ceil_mode) -> int:
    """The size of torch's own pooling along one axis."""
    out = F.max_pool2d(empty(1, 1, size, 1), (K, 1), (S, 1), (P, 0), (D, 1), ceil_mode=ceil_mode)
    return out.shape[2]


def pool_settings(count: int, *, seed: int):
    """size, K, S, P, D that torch's pooling takes and with which a whole window fits."""
    draw = random.Random(seed)
    while count:
        size, K, S, D = (draw.randint(1, most) for most in (40, 6, 6, 3))
        span = D * (K - 1) + 1
        P = draw.randint(0, K // 2)  # torch allows no more
        if span <= size + 2 * P:
            count -= 1
            yield size, K, S, P, D


@check("pool_size", points=1)
def test_pool_size_any_setting(student):
    """Many settings, equal to torch's sizes."""
    for size, K, S, P, D in pool_settings(100, seed=3):
        wanted = torch_pool(size, K, S, P, D, False)
        expect(student.pool_size(size, K, S, P, D), equals=wanted, rtol=0)
    expect(student.pool_size(23, 5), equals=torch_pool(23, 5, 5, 0, 1, False), rtol=0)


@check("pool_size", points=1)
def test_pool_size_any_ceiling(student):
    """Hundreds of settings with ceil_mode, equal to torch's sizes."""
    for size, K, S, P, D in pool_settings(200, seed=4):
        wanted = torch_pool(size, K, S, P, D, True)
        expect(student.pool_size(size, K, S, P, D, True), equals=wanted, rtol=0)


def transposed_settings(count: int, *, seed: int):
    """Settings with which something is left, with output_padding as torch allows it."""
    draw = random.Random(seed)
    while count:
        size, K, S, P, D = (draw.randint(least, most) for least, most in
                            ((1, 30), (1, 6), (1, 5), (0, 3), (1, 3)))  # fmt: skip
        more = draw.randint(0, max(S, D) - 1)
        if (size - 1) * S - 2 * P + D * (K - 1) + more >= 0:
            count -= 1
            yield size, K, S, P, more, D


@check("transposed_size", points=1)
def test_transposed_size_any_setting(student):
    """Many settings, equal to torch's sizes."""
    for size, K, S, P, more, D in transposed_settings(150, seed=5):
        out = F.conv_transpose1d(empty(1, 1, size), empty(1, 1, K), None, S, P, more, dilation=D)
        got = student.transposed_size(size, K, S, P, more, D)
        expect(got, equals=out.shape[2], rtol=0)


@check("transposed_size", points=0.5)
def test_transposed_size_undoes(student):
    """Undoes what a convolution with the same settings did to a size."""
    for W, _, (K, _), (S, _), (P, _), (D, _) in conv_settings(60, seed=6):
        if D * (K - 1) + 1 <= W + 2 * P:
            size, _ = torch_size(W, W, (K, K), (S, S), (P, P), (D, D))
            lost = (W + 2 * P - D * (K - 1) - 1) % S
            expect(student.transposed_size(size, K, S, P, lost, D), equals=W, rtol=0)


def counted(H: int, W: int, K: int, S: int, P: int) -> torch.Tensor:
    """The counts, pixel by pixel: which windows hold row i, and which hold column j?"""

    def line(side: int) -> torch.Tensor:
        starts = range(-P, side + P - K + 1, S)
        return torch.tensor([sum(s <= i < s + K for s in starts) for i in range(side)])

    return line(H)[:, None] * line(W)[None, :]


@check("visit_counts", points=1.5)
def test_visit_counts_any_setting(student):
    """Many sizes, windows, strides and paddings."""
    draw = random.Random(7)
    for _ in range(20):
        H, W = draw.randint(2, 9), draw.randint(2, 9)
        K, S, P = draw.randint(1, min(H, W, 5)), draw.randint(1, 4), draw.randint(0, 3)
        expect(student.visit_counts(H, W, K, S, P), equals=counted(H, W, K, S, P))


@check("visit_counts", points=0.5)
def test_visit_counts_extremes(student):
    """One window, single pixels, steps over pixels, and a border as wide as the window."""
    extremes = [(3, 3, 3, 1, 0), (2, 5, 1, 1, 0), (6, 7, 2, 3, 0), (4, 3, 1, 2, 1), (3, 4, 3, 1, 2)]
    for settings in extremes:
        wanted = counted(*settings)
        expect(student.visit_counts(*settings), equals=wanted, dtype=torch.int64)


def padded(image: torch.Tensor, P: int, mode: str) -> torch.Tensor:
    """torch's answer for one image."""
    return F.pad(image[None, None], (P, P, P, P), mode=MODES[mode])[0, 0]


@check("pad_image", points=1)
def test_pad_image_any_size(student):
    """Images of many shapes in all four modes, equal to torch's result."""
    draw = random.Random(8)
    for seed in range(8):
        H, W = draw.randint(2, 6), draw.randint(2, 6)
        image, P = random_tensor(H, W, seed=seed), draw.randint(1, min(H, W) - 1)
        for mode in MODES:
            got = student.pad_image(image, P, mode)
            expect(got, equals=padded(image, P, mode), dtype=torch.float64)


@check("pad_image", points=0.5)
def test_pad_image_extremes(student):
    """No padding at all, and as much as each mode allows."""
    image = random_tensor(3, 4, seed=9)
    for mode in MODES:
        expect(student.pad_image(image, 0, mode), equals=image)
    for mode, P in [("zeros", 7), ("replicate", 6), ("circular", 3), ("reflect", 2)]:
        expect(student.pad_image(image, P, mode), equals=padded(image, P, mode))
    row = random_tensor(1, 5, seed=10)
    expect(student.pad_image(row, 2, "replicate"), equals=padded(row, 2, "replicate"))


@check("pad_image", points=0.5)
def test_pad_image_written_out_in_every_mode(student):
    """Every mode made from indexing."""
    image = random_tensor(3, 4, seed=11)
    for mode in MODES:
        expect_written_out(
            student.pad_image,
            image,
            2,
            mode,
            equals=padded(image, 2, mode),
            without=PADDINGS,
            says=READY_MADE,
        )


def map_in_mode(image: torch.Tensor, kernel: torch.Tensor, mode: str) -> torch.Tensor:
    """The map with the extra zero of an even kernel at the end, as torch has it."""
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    full = F.conv2d(image[None, None], kernel[None, None], padding=(K_h - 1, K_w - 1))[0, 0]
    if mode == "full":
        return full
    if mode == "valid":
        return full[K_h - 1 : H, K_w - 1 : W]
    return full[K_h // 2 : K_h // 2 + H, K_w // 2 : K_w // 2 + W]


@check("conv2d_mode", points=1.5)
def test_conv2d_mode_any_size(student):
    """Images and kernels of many shapes, odd and even, in all three modes."""
    draw = random.Random(12)
    for seed in range(8):
        H, W = draw.randint(3, 7), draw.randint(3, 7)
        kernel = random_tensor(draw.randint(1, min(H, 5)), draw.randint(1, min(W, 5)), seed=seed)
        image = random_tensor(H, W, seed=seed + 50)
        for mode in ("valid", "same", "full"):
            got = student.conv2d_mode(image, kernel, mode)
            expect(got, equals=map_in_mode(image, kernel, mode), dtype=torch.float64)


@check("conv2d_mode", points=0.5)
def test_conv2d_mode_extremes(student):
    """The smallest kernel, one as large as the image, and lines."""
    image = random_tensor(4, 5, seed=13)
    for shape in [(1, 1), (4, 5), (1, 4), (4, 1)]:
        kernel = random_tensor(*shape, seed=14)
        for mode in ("valid", "same", "full"):
            got = student.conv2d_mode(image, kernel, mode)
            expect(got, equals=map_in_mode(image, kernel, mode))
    wanted = map_in_mode(image, kernel, "same")
    expect_written_out(
        student.conv2d_mode, image, kernel, "same", equals=wanted, without=PADDED, says=READY_MADE
    )


@check("strided_conv", points=1)
def test_strided_conv_any_size(student):
    """Images, kernels and steps of many sizes, equal to torch's result."""
    draw = random.Random(15)
    for seed in range(10):
        H, W, S = draw.randint(2, 9), draw.randint(2, 9), draw.randint(1, 4)
        kernel = random_tensor(draw.randint(1, min(H, 4)), draw.randint(1, min(W, 4)), seed=seed)
        image = random_tensor(H, W, seed=seed + 50)
        wanted = F.conv2d(image[None, None], kernel[None, None], stride=S)[0, 0]
        expect(student.strided_conv(image, kernel, S), equals=wanted, dtype=torch.float64)
    expect_written_out(
        student.strided_conv, image, kernel, 3,
        equals=F.conv2d(image[None, None], kernel[None, None], stride=3)[0, 0],
        without=STRIDED, says=READY_MADE,
    )  # fmt: skip


@check("strided_conv", points=0.5)
def test_strided_conv_extremes(student):
    """Steps of one, steps larger than the map, and a kernel as large as the image."""
    image, kernel = random_tensor(5, 4, seed=16), random_tensor(2, 3, seed=17)
    for weights, S in [(kernel, 1), (kernel, 9), (image.flip(0), 2), (kernel[:1, :1], 3)]:
        wanted = F.conv2d(image[None, None], weights[None, None], stride=S)[0, 0]
        expect(student.strided_conv(image, weights.clone(), S), equals=wanted)


def offsets(layers) -> set[int]:
    """Along one axis: where, from its first pixel on, one output pixel looks."""
    places, jump = {0}, 1
    for K, S, D in layers:
        places = {place + jump * D * m for place in places for m in range(K)}
        jump *= S
    return places


@check("receptive_field", points=1)
def test_receptive_field_any_stack(student):
    """Many stacks, counted pixel by pixel."""
    draw = random.Random(18)
    for _ in range(60):
        layers = [
            (draw.randint(1, 5), draw.randint(1, 3), draw.randint(1, 3))
            for _ in range(draw.randint(1, 5))
        ]
        seen = offsets(layers)
        expect(student.receptive_field(layers), equals=max(seen) + 1, rtol=0)


@check("receptive_field", points=1)
def test_receptive_field_deep_stacks(student):
    """Deep stacks of convolutions and pools."""
    conv, pool = (3, 1, 1), (2, 2, 1)
    pictures = [conv, conv, pool, conv, conv, pool, *[conv] * 3, pool, *[conv] * 3, pool]
    for layers in (pictures, [(11, 4, 1), (3, 2, 1), (5, 1, 1)], [conv] * 30, [(1, 1, 1)] * 4):
        field = max(offsets(layers)) + 1
        expect(student.receptive_field(layers), equals=field, rtol=0)


def mask_of(layers, size: int) -> torch.Tensor:
    """The mask by counting: the middle output's first pixel, and its offsets from there."""
    side, jump = size, 1
    for K, S, D in layers:
        side = (side - D * (K - 1) - 1) // S + 1
        jump *= S
    line = torch.zeros(size, dtype=torch.bool)
    line[[side // 2 * jump + place for place in offsets(layers)]] = True
    return line[:, None] & line[None, :]


def expect_mask(mask, wanted):
    """Expect a square bool tensor, and then the right pixels in it."""
    says = "The mask must be a bool tensor of shape (size, size)."
    expect(mask, shape=tuple(wanted.shape), dtype=torch.bool, says=says)
    expect(mask, equals=wanted)


@check("field_mask", points=1.5)
def test_field_mask_any_stack(student):
    """Many stacks, with gaps and without, in images of many sizes."""
    draw = random.Random(19)
    for _ in range(12):
        layers = [
            (draw.randint(1, 4), draw.randint(1, 3), draw.randint(1, 3))
            for _ in range(draw.randint(1, 3))
        ]
        size = max(offsets(layers)) + 1 + draw.randint(0, 12)
        expect_mask(student.field_mask(layers, size), mask_of(layers, size))


@check("field_mask", points=1)
def test_field_mask_dilated_stacks(student):
    """Three dilated layers in a row, with equal and with growing dilations."""
    for dilations, size in [((2, 2, 2), 13), ((1, 2, 3), 13), ((1, 2, 4), 16), ((3, 3, 3), 20)]:
        layers = [(3, 1, dilation) for dilation in dilations]
        expect_mask(student.field_mask(layers, size), mask_of(layers, size))


def expect_design(value, budget):
    """Expect a stack from (3, 224, 224) to 7×7 that spends half of the budget or more."""
    expect_stack(value, channels=3, side=224, to_side=7, budget=budget, at_least=(budget + 1) // 2)


@check("design_stack", points=1.5)
def test_design_stack_for_many_budgets(student):
    """Budgets of many sizes."""
    draw = random.Random(20)
    for _ in range(8):
        budget = int(10 ** draw.uniform(3.1, 6))
        expect_design(student.design_stack(budget), budget)


@check("design_stack", points=1)
def test_design_stack_for_extremes(student):
    """Small budgets, and large ones."""
    for budget in (1_001, 1_499, 10_000_000):
        expect_design(student.design_stack(budget), budget)
