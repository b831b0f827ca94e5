"""Wrong and other right solutions of `shift_image`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "shift_image",
    says="What leaves comes back in on the other side. "
    "torch.roll does so, and so does a negative index: image[-1] is the last row.",
)
def wrapped_around(image, dy, dx):
    return torch.roll(image, (dy, dx), dims=(0, 1))


@misconception(
    "shift_image",
    says="The picture moves the wrong way. Positive dy moves it down and positive dx to the right: "
    "out[i, j] = image[i − dy, j − dx].",
)
def wrong_way(image, dy, dx):
    H, W = image.shape
    out = torch.zeros_like(image)
    for i in range(H):
        for j in range(W):
            if 0 <= i + dy < H and 0 <= j + dx < W:
                out[i, j] = image[i + dy, j + dx]
    return out


@misconception(
    "shift_image",
    says="dy and dx are exchanged. dy moves the rows (the first index), dx the columns.",
)
def dy_and_dx_exchanged(image, dy, dx):
    H, W = image.shape
    out = torch.zeros_like(image)
    for i in range(H):
        for j in range(W):
            if 0 <= i - dx < H and 0 <= j - dy < W:
                out[i, j] = image[i - dx, j - dy]
    return out


@misconception(
    "shift_image",
    says="A negative index is no error in Python: image[-1] is the last row. "
    "Copy a pixel only where 0 ≤ i − dy < H and 0 ≤ j − dx < W.",
)
def negative_index(image, dy, dx):
    H, W = image.shape
    out = torch.zeros_like(image)
    for i in range(H):
        for j in range(W):
            if i - dy < H and j - dx < W:
                out[i, j] = image[i - dy, j - dx]
    return out


@misconception(
    "shift_image",
    says="You fill the gap with copies of the border. Zeros flow in.",
)
def border_repeated(image, dy, dx):
    H, W = image.shape
    rows = (torch.arange(H) - dy).clamp(0, H - 1)
    columns = (torch.arange(W) - dx).clamp(0, W - 1)
    return image[rows][:, columns]


@misconception(
    "shift_image",
    says="Your picture grows by the shift. Cut off what has left it, so that it stays H×W.",
)
def picture_grows(image, dy, dx):
    return F.pad(image, (max(dx, 0), max(-dx, 0), max(dy, 0), max(-dy, 0)))


@misconception(
    "shift_image",
    says="Your picture only moves up and down. Move it by dx to the side as well.",
)
def only_up_and_down(image, dy, dx):
    H = image.shape[0]
    out = torch.zeros_like(image)
    for i in range(H):
        if 0 <= i - dy < H:
            out[i] = image[i - dy]
    return out


@misconception(
    "shift_image",
    says="Your slices suit a positive shift only: with dy = -1, out[dy:] means the last row. "
    "Treat negative shifts on their own, or copy pixel by pixel.",
)
def positive_shifts_only(image, dy, dx):
    H, W = image.shape
    out = torch.zeros_like(image)
    out[dy:, dx:] = image[: H - dy, : W - dx]
    return out


@misconception(
    "shift_image",
    says="image[:-0] is empty, not the whole image, so that a shift by zero fails. "
    "Write the end as H − dy, or treat zero on its own.",
)
def minus_zero(image, dy, dx):
    out = torch.zeros_like(image)
    into_rows, from_rows = (slice(dy, None), slice(None, -dy))
    if dy < 0:
        into_rows, from_rows = slice(None, dy), slice(-dy, None)
    into_columns, from_columns = (slice(dx, None), slice(None, -dx))
    if dx < 0:
        into_columns, from_columns = slice(None, dx), slice(-dx, None)
    out[into_rows, into_columns] = image[from_rows, from_columns]
    return out


@misconception(
    "shift_image",
    says="A shift that is larger than the picture must leave only zeros. "
    "With dy > H the end H − dy is negative and counts from the back: limit it with max(…, 0).",
)
def too_far(image, dy, dx):
    H, W = image.shape
    out = torch.zeros_like(image)
    top, left = max(dy, 0), max(dx, 0)
    up, back = max(-dy, 0), max(-dx, 0)
    out[top : H - up, left : W - back] = image[up : H - top, back : W - left]
    return out


@misconception(
    "shift_image",
    says="Your result is made on the CPU, wherever the image lives. "
    "Use torch.zeros_like(image): it follows the image in dtype and device.",
)
def made_on_the_cpu(image, dy, dx):
    H, W = image.shape
    out = torch.zeros(H, W, dtype=image.dtype)
    for i in range(H):
        for j in range(W):
            if 0 <= i - dy < H and 0 <= j - dx < W:
                out[i, j] = image[i - dy, j - dx]
    return out


@misconception(
    "shift_image",
    says="A tensor made by torch.zeros(H, W) or torch.tensor(list) is float32 and on the CPU, "
    "whatever the image is. Use torch.zeros_like(image).",
)
def plain_zeros(image, dy, dx):
    H, W = image.shape
    out = torch.zeros(H, W)
    for i in range(H):
        for j in range(W):
            if 0 <= i - dy < H and 0 <= j - dx < W:
                out[i, j] = image[i - dy, j - dx]
    return out


@misconception(
    "shift_image",
    says="You change the image itself. Write into torch.zeros_like(image), or into a copy.",
)
def image_wiped(image, dy, dx):
    H, W = image.shape
    image[max(H - dy, 0) :] = 0
    image[: max(-dy, 0)] = 0
    image[:, max(W - dx, 0) :] = 0
    image[:, : max(-dx, 0)] = 0
    return torch.roll(image, (dy, dx), dims=(0, 1))


@misconception(
    "shift_image",
    says="Your slices suit a positive shift only: with dy = -1, out[dy:] is the last row, and with "
    "dy = 0, image[:-dy] is empty. Treat the signs on their own, or copy pixel by pixel.",
)
def slices_with_a_minus(image, dy, dx):
    out = torch.zeros_like(image)
    out[dy:, dx:] = image[:-dy, :-dx]
    return out


@misconception(
    "shift_image",
    says="A negative index is no error in Python: out[-1] is the last row. "
    "Write to out[i + dy, j + dx] only where 0 ≤ i + dy < H and 0 ≤ j + dx < W.",
)
def written_to_a_negative_index(image, dy, dx):
    H, W = image.shape
    out = torch.zeros_like(image)
    for i in range(H):
        for j in range(W):
            if i + dy < H and j + dx < W:
                out[i + dy, j + dx] = image[i, j]
    return out


@misconception(
    "shift_image",
    says="You read pixels that lie outside the image. "
    "Copy a pixel only where 0 ≤ i − dy < H and 0 ≤ j − dx < W; elsewhere the zero stays.",
)
def read_outside(image, dy, dx):
    H, W = image.shape
    out = torch.zeros_like(image)
    for i in range(H):
        for j in range(W):
            out[i, j] = image[i - dy, j - dx]
    return out


@misconception(
    "shift_image",
    says="You write pixels that have left the frame. "
    "Write to out[i + dy, j + dx] only where 0 ≤ i + dy < H and 0 ≤ j + dx < W.",
)
def written_outside(image, dy, dx):
    H, W = image.shape
    out = torch.zeros_like(image)
    for i in range(H):
        for j in range(W):
            out[i + dy, j + dx] = image[i, j]
    return out


@misconception(
    "shift_image",
    says="out[:dy] is empty where dy is 0, so that a shift by zero fails. "
    "Write the end as H + dy, or treat zero on its own.",
)
def minus_zero_at_the_end(image, dy, dx):
    out = torch.zeros_like(image)
    into_rows, from_rows = slice(None, dy), slice(-dy, None)
    if dy > 0:
        into_rows, from_rows = slice(dy, None), slice(None, -dy)
    into_columns, from_columns = slice(None, dx), slice(-dx, None)
    if dx > 0:
        into_columns, from_columns = slice(dx, None), slice(None, -dx)
    out[into_rows, into_columns] = image[from_rows, from_columns]
    return out


@alternative("shift_image")
def rolled_and_masked(image, dy, dx):
    H, W = image.shape
    rows = torch.arange(H, device=image.device)[:, None] - dy
    columns = torch.arange(W, device=image.device)[None, :] - dx
    inside = (rows >= 0) & (rows < H) & (columns >= 0) & (columns < W)
    return torch.where(inside, torch.roll(image, (dy, dx), dims=(0, 1)), torch.zeros_like(image))


@alternative("shift_image")
def padded_and_cut(image, dy, dx):
    H, W = image.shape
    frame = F.pad(image, (abs(dx), abs(dx), abs(dy), abs(dy)))
    top, left = abs(dy) - dy, abs(dx) - dx
    return frame[top : top + H, left : left + W]


@alternative("shift_image")
def two_matrix_products(image, dy, dx):
    H, W = image.shape
    down, right = image.new_zeros(H, H), image.new_zeros(W, W)
    for i in range(max(0, -dy), min(H, H - dy)):
        down[i + dy, i] = 1
    for j in range(max(0, -dx), min(W, W - dx)):
        right[j, j + dx] = 1
    return down @ image @ right


@alternative("shift_image")
def pixel_by_pixel(image, dy, dx):
    out = image.clone()
    out.zero_()
    for i, row in enumerate(image):
        for j, pixel in enumerate(row):
            if i + dy in range(image.shape[0]) and j + dx in range(image.shape[1]):
                out[i + dy, j + dx] = pixel
    return out
