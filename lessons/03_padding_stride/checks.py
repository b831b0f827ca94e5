"""Public checks of lesson 03. The examples are small enough to be followed with a pencil."""

import torch

from utils.checks import check
from utils.expect import (
    Mismatch,
    expect,
    expect_error,
    expect_same_on_device,
    expect_written_out,
)
from utils.stacks import expect_stack
from utils.student import StudentCrash

IMAGE = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
WIDE = torch.tensor([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.0]])
KERNEL = torch.tensor([[1.0, 1.0], [0.0, 2.0]])

ZEROS = [[0, 0, 0, 0, 0], [0, 1, 2, 3, 0], [0, 4, 5, 6, 0], [0, 7, 8, 9, 0], [0, 0, 0, 0, 0]]
REFLECT = [[5, 4, 5, 6, 5], [2, 1, 2, 3, 2], [5, 4, 5, 6, 5], [8, 7, 8, 9, 8], [5, 4, 5, 6, 5]]

VALID = [[13, 17], [25, 29]]
SAME = [[13, 17, 3], [25, 29, 6], [15, 17, 9]]
FULL = [[2, 4, 6, 0], [9, 13, 17, 3], [18, 25, 29, 6], [7, 15, 17, 9]]

# Words in the names of ready-made operators and functions.
PADDINGS = ("pad",)
PADDED, STRIDED = ("padded_convolution",), ("strided_convolution",)

# What a student reads whose numbers are right and come from a ready-made operator.
NO_READY_MADE_PADDING = (
    "The numbers are right, but a ready-made padding put the border there. "
    "Make it from indexing: say for each new row and column where it comes from."
)
NO_PADDING_SETTING = (
    "The numbers are right, but torch's convolution did the padding. "
    "Put the zeros around the image yourself, then convolve without `padding`."
)
NO_STRIDE_SETTING = (
    "The numbers are right, but torch's convolution took the steps. "
    "Leave its `stride` at 1 and choose the rows and columns yourself."
)


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


@check("conv_size", points=1)
def test_conv_size_by_hand(student):
    """A 5×7 image without and with padding and stride, and the 300×400 photograph."""
    expect(student.conv_size(5, 7, 3), equals=(3, 5), rtol=0)
    expect(student.conv_size(4, 8, 3, 3, 1), equals=(2, 3), rtol=0)
    expect(student.conv_size(5, 7, 3, 2, 1), equals=(3, 4), rtol=0)
    expect(student.conv_size(300, 400, 3, S=2, P=1), equals=(150, 200), rtol=0)


@check("conv_size", points=1)
def test_conv_size_dilation_and_pairs(student):
    """A dilated window, and settings of their own for height and width."""
    expect(student.conv_size(9, 10, 3, D=2), equals=(5, 6), rtol=0)
    expect(student.conv_size(10, 12, (3, 5), (1, 2), (0, 1), (2, 1)), equals=(6, 5), rtol=0)


@check("conv_size", points=0.5)
def test_conv_size_nothing_fits(student):
    """Windows that just fit, then windows that do not."""
    expect(student.conv_size(3, 4, (3, 4)), equals=(1, 1), rtol=0)
    expect_fits(student.conv_size, 2, 2, 3, P=1, equals=(2, 2))
    expect_refused(student.conv_size, 2, 5, 4)
    expect_refused(student.conv_size, 5, 2, 3, 2)
    expect_refused(student.conv_size, 4, 4, 3, D=2)


@check("pool_size", points=1)
def test_pool_size_by_hand(student):
    """Windows side by side, overlapping, padded, and dilated."""
    expect(student.pool_size(7, 2), equals=3, rtol=0)
    expect(student.pool_size(7, 3, 2), equals=3, rtol=0)
    expect(student.pool_size(6, 3, 2), equals=2, rtol=0)
    expect(student.pool_size(5, 3, 1, P=1), equals=5, rtol=0)
    expect(student.pool_size(11, 2, D=3), equals=4, rtol=0)


@check("pool_size", points=1)
def test_pool_size_ceil_mode(student):
    """With ceil_mode a last window may stick out, if it starts early enough."""
    expect(student.pool_size(6, 3, 2, ceil_mode=True), equals=3, rtol=0)
    expect(student.pool_size(8, 3, 2, ceil_mode=True), equals=4, rtol=0)
    expect(student.pool_size(7, 3, 2, ceil_mode=True), equals=3, rtol=0)
    expect(student.pool_size(7, 2, 4, ceil_mode=True), equals=2, rtol=0)
    expect(student.pool_size(4, 3, 2, 1, ceil_mode=True), equals=3, rtol=0)
    expect(student.pool_size(7, 4, 5, 2, ceil_mode=True), equals=2, rtol=0)
    expect(student.pool_size(5, 2, 3, 1, ceil_mode=True), equals=2, rtol=0)


@check("transposed_size", points=1)
def test_transposed_size_by_hand(student):
    """Four numbers become 6, 7 or 8, and three or five become 10."""
    expect(student.transposed_size(4, 3), equals=6, rtol=0)
    expect(student.transposed_size(4, 3, 2, 1), equals=7, rtol=0)
    expect(student.transposed_size(3, 3, 3, 0, 1), equals=10, rtol=0)
    expect(student.transposed_size(4, 3, 2, 1, 1), equals=8, rtol=0)
    expect(student.transposed_size(5, 2, 2), equals=10, rtol=0)


@check("transposed_size", points=0.5)
def test_transposed_size_dilation(student):
    """A dilated stamp is wider."""
    expect(student.transposed_size(4, 3, D=2), equals=8, rtol=0)
    expect(student.transposed_size(3, 4, 2, 1, D=3), equals=12, rtol=0)


@check("visit_counts", points=1)
def test_visit_counts_by_hand(student):
    """A 3×3 window on 4×5 pixels, then with a border of zeros around 3×4 pixels."""
    wanted = [[1, 2, 3, 2, 1], [2, 4, 6, 4, 2], [2, 4, 6, 4, 2], [1, 2, 3, 2, 1]]
    expect(student.visit_counts(4, 5, 3), equals=wanted, dtype=torch.int64)
    padded = [[4, 6, 6, 4], [6, 9, 9, 6], [4, 6, 6, 4]]
    expect(student.visit_counts(3, 4, 3, P=1), equals=padded, dtype=torch.int64)


@check("visit_counts", points=1)
def test_visit_counts_with_stride(student):
    """Steps of 2: some pixels count four times as much as others, and a column is never seen."""
    wanted = [
        [1, 1, 2, 1, 1, 0],
        [1, 1, 2, 1, 1, 0],
        [2, 2, 4, 2, 2, 0],
        [1, 1, 2, 1, 1, 0],
        [1, 1, 2, 1, 1, 0],
    ]
    expect(student.visit_counts(5, 6, 3, S=2), equals=wanted)


@check("pad_image", points=1)
def test_pad_image_zeros_and_replicate(student):
    """Zeros around a 3×3 image; then its border repeated around 3×4 pixels, in float64."""
    expect(student.pad_image(IMAGE, 1, "zeros"), equals=ZEROS, dtype=torch.float32)
    wanted = [
        [1, 1, 2, 3, 4, 4],
        [1, 1, 2, 3, 4, 4],
        [5, 5, 6, 7, 8, 8],
        [9, 9, 10, 11, 12, 12],
        [9, 9, 10, 11, 12, 12],
    ]
    repeated = student.pad_image(WIDE.double(), 1, "replicate")
    expect(repeated, equals=wanted, dtype=torch.float64)


@check("pad_image", points=1)
def test_pad_image_reflect_and_circular(student):
    """The mirror image and the ring, two pixels wide."""
    small = WIDE[:, :3].contiguous()
    mirrored = [
        [11, 10, 9, 10, 11, 10, 9],
        [7, 6, 5, 6, 7, 6, 5],
        [3, 2, 1, 2, 3, 2, 1],
        [7, 6, 5, 6, 7, 6, 5],
        [11, 10, 9, 10, 11, 10, 9],
        [7, 6, 5, 6, 7, 6, 5],
        [3, 2, 1, 2, 3, 2, 1],
    ]
    expect(student.pad_image(small, 2, "reflect"), equals=mirrored)
    ring = [
        [6, 7, 5, 6, 7, 5, 6],
        [10, 11, 9, 10, 11, 9, 10],
        [2, 3, 1, 2, 3, 1, 2],
        [6, 7, 5, 6, 7, 5, 6],
        [10, 11, 9, 10, 11, 9, 10],
        [2, 3, 1, 2, 3, 1, 2],
        [6, 7, 5, 6, 7, 5, 6],
    ]
    expect(student.pad_image(small, 2, "circular"), equals=ring)


@check("pad_image", points=0.5)
def test_pad_image_written_out(student):
    """Made from indexing, without a ready-made padding."""
    expect_written_out(
        student.pad_image,
        IMAGE,
        1,
        "reflect",
        equals=REFLECT,
        without=PADDINGS,
        says=NO_READY_MADE_PADDING,
    )


@check("pad_image", points=0.5)
def test_pad_image_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.pad_image, IMAGE, 1, "zeros", equals=ZEROS)
    expect_same_on_device(student.pad_image, IMAGE, 1, "reflect", equals=REFLECT)


@check("conv2d_mode", points=1)
def test_conv2d_mode_by_hand(student):
    """The lesson's 3×3 image with its 2×2 kernel and with a 3×1 one; 'full' in float64."""
    expect(student.conv2d_mode(IMAGE, KERNEL, "valid"), equals=VALID, dtype=torch.float32)
    column = torch.tensor([[1.0], [0.0], [2.0]])
    odd = [[8, 10, 12], [15, 18, 21], [4, 5, 6]]
    expect(student.conv2d_mode(IMAGE, column, "same"), equals=odd)
    expect(student.conv2d_mode(IMAGE, KERNEL, "same"), equals=SAME)
    full = student.conv2d_mode(IMAGE.double(), KERNEL.double(), "full")
    expect(full, equals=FULL, dtype=torch.float64)


@check("conv2d_mode", points=0.5)
def test_conv2d_mode_written_out(student):
    """With zeros that you put there yourself."""
    expect_written_out(
        student.conv2d_mode,
        IMAGE,
        KERNEL,
        "full",
        equals=FULL,
        without=PADDED,
        says=NO_PADDING_SETTING,
    )


@check("conv2d_mode", points=0.5)
def test_conv2d_mode_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.conv2d_mode, IMAGE, KERNEL, "same", equals=SAME)


@check("strided_conv", points=0.5)
def test_strided_conv_by_hand(student):
    """A 4×5 image: a 2×2 kernel with steps of 2, a 2×1 kernel with steps of 3."""
    image = torch.arange(1.0, 21.0).reshape(4, 5)
    kernel, column = torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.tensor([[1.0], [2.0]])
    expect(student.strided_conv(image, kernel, 2), equals=[[15, 21], [45, 51]])
    steps = student.strided_conv(image.double(), column.double(), 3)
    expect(steps, equals=[[13, 22]], dtype=torch.float64)


@check("strided_conv", points=0.5)
def test_strided_conv_written_out(student):
    """With steps that you take yourself."""
    expect_written_out(
        student.strided_conv,
        WIDE,
        KERNEL,
        2,
        equals=[[15, 23]],
        without=STRIDED,
        says=NO_STRIDE_SETTING,
    )


@check("strided_conv", points=0.5)
def test_strided_conv_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.strided_conv, WIDE, KERNEL, 2, equals=[[15, 23]])


@check("receptive_field", points=1)
def test_receptive_field_by_hand(student):
    """One layer, two, three; and no layer at all."""
    expect(student.receptive_field([(3, 1, 1)]), equals=3, rtol=0)
    expect(student.receptive_field([(3, 1, 1), (5, 1, 1)]), equals=7, rtol=0)
    expect(student.receptive_field([(3, 1, 1)] * 3), equals=7, rtol=0)
    expect(student.receptive_field([]), equals=1, rtol=0)


@check("receptive_field", points=1)
def test_receptive_field_strides_and_dilations(student):
    """What a stride does to the layers after it, and a dilation to its own."""
    expect(student.receptive_field([(3, 3, 2), (3, 1, 1), (2, 2, 2)]), equals=17, rtol=0)
    expect(student.receptive_field([(3, 2, 1), (3, 1, 1)]), equals=7, rtol=0)
    expect(student.receptive_field([(3, 1, 1), (3, 2, 1)]), equals=5, rtol=0)
    expect(student.receptive_field([(3, 1, 2), (3, 1, 3)]), equals=11, rtol=0)


def expect_mask(mask, wanted):
    """Expect a square bool tensor, and then the right pixels in it."""
    side = len(wanted)
    says = "The mask must be a bool tensor of shape (size, size)."
    expect(mask, shape=(side, side), dtype=torch.bool, says=says)
    expect(mask, equals=wanted)


def square(rows: list[int], size: int) -> torch.Tensor:
    """A mask that is True where both the row and the column are among `rows`."""
    line = torch.zeros(size, dtype=torch.bool)
    line[rows] = True
    return line[:, None] & line[None, :]


@check("field_mask", points=1)
def test_field_mask_by_hand(student):
    """One 3×3 layer on 5×5 pixels, then two layers."""
    expect_mask(student.field_mask([(3, 1, 1)], 5), square([1, 2, 3], 5))
    expect_mask(student.field_mask([(3, 1, 1), (2, 1, 1)], 6), square([1, 2, 3, 4], 6))


@check("field_mask", points=1)
def test_field_mask_dilations(student):
    """A dilated window leaves pixels out; other dilations after it fill the gaps."""
    expect_mask(student.field_mask([(3, 1, 2)], 5), square([0, 2, 4], 5))
    expect_mask(student.field_mask([(2, 1, 1), (2, 1, 2)], 4), square([0, 1, 2, 3], 4))


@check("field_mask", points=0.5)
def test_field_mask_stride(student):
    """A stride, and then a window on what is left."""
    expect_mask(student.field_mask([(3, 2, 1), (2, 1, 1)], 9), square([2, 3, 4, 5, 6], 9))


def expect_design(value, budget):
    """Expect a stack from (3, 224, 224) to 7×7 that spends half of the budget or more."""
    expect_stack(value, channels=3, side=224, to_side=7, budget=budget, at_least=(budget + 1) // 2)


@check("design_stack", points=1.5)
def test_design_stack_for_20_000(student):
    """224 → 7 with 10,000 to 20,000 parameters."""
    expect_design(student.design_stack(20_000), 20_000)


@check("design_stack", points=1)
def test_design_stack_for_1_000(student):
    """224 → 7 with 500 to 1,000 parameters."""
    expect_design(student.design_stack(1_000), 1_000)
