"""Wrong and other right solutions of `pixel_shuffle`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "pixel_shuffle",
    says="A reshape alone moves no pixel next to another. Split the channels into (C, r, r), "
    "move one r behind H and the other behind W with permute, and reshape last.",
)
def reshaped_only(x, r):
    N, C, H, W = x.shape
    return x.reshape(N, C // r**2, H * r, W * r)


@misconception(
    "pixel_shuffle",
    says="Your r × r maps lie side by side like tiles. They are to be interleaved: "
    "the r for rows comes behind H, the r for columns behind W.",
)
def maps_side_by_side(x, r):
    N, C, H, W = x.shape
    split = x.reshape(N, C // r**2, r, r, H, W)
    return split.permute(0, 1, 2, 4, 3, 5).reshape(N, C // r**2, H * r, W * r)


@misconception(
    "pixel_shuffle",
    says="Rows and columns inside the block are exchanged. The second channel is the pixel to the "
    "right and not the one below: of (C, r, r) the first r goes to the rows.",
)
def block_turned_over(x, r):
    N, C, H, W = x.shape
    split = x.reshape(N, C // r**2, r, r, H, W)
    return split.permute(0, 1, 4, 3, 5, 2).reshape(N, C // r**2, H * r, W * r)


@misconception(
    "pixel_shuffle",
    says="You take every C-th channel into a block. "
    "The r² channels of one block stand next to each other: split into (C, r, r), not (r, r, C).",
)
def channels_last_in_the_block(x, r):
    N, C, H, W = x.shape
    split = x.reshape(N, r, r, C // r**2, H, W)
    return split.permute(0, 3, 4, 1, 5, 2).reshape(N, C // r**2, H * r, W * r)


@misconception(
    "pixel_shuffle",
    says="Height and width are exchanged. H belongs to the rows, and r behind it: "
    "(N, C, H, r, W, r) before the last reshape.",
)
def height_and_width_exchanged(x, r):
    N, C, H, W = x.shape
    split = x.reshape(N, C // r**2, r, r, H, W)
    return split.permute(0, 1, 5, 3, 4, 2).reshape(N, C // r**2, W * r, H * r)


@misconception(
    "pixel_shuffle",
    says="`view` cannot join axes that lie apart in memory, as they do after permute. "
    "Use reshape, or .contiguous() first.",
)
def view_after_permute(x, r):
    N, C, H, W = x.shape
    split = x.view(N, C // r**2, r, r, H, W)
    return split.permute(0, 1, 4, 2, 5, 3).view(N, C // r**2, H * r, W * r)


@misconception(
    "pixel_shuffle",
    says="A block has r rows and r columns: r² channels become one. Divide by r², not by r.",
)
def divided_by_r(x, r):
    N, C, H, W = x.shape
    split = x.reshape(N, C // r, r, r, H, W)
    return split.permute(0, 1, 4, 2, 5, 3).reshape(N, C // r, H * r, W * r)


@misconception(
    "pixel_shuffle",
    says="A block has r rows and r columns: r² channels become one. Divide by r², not by r.",
)
def divided_by_r_place_by_place(x, r):
    N, C, H, W = x.shape
    out = x.new_zeros(N, C // r, H * r, W * r)
    for i in range(r):
        for j in range(r):
            out[:, :, i::r, j::r] = x[:, i * r + j :: r * r]
    return out


@misconception(
    "pixel_shuffle",
    says="You repeat pixels, and most channels are lost. "
    "Every number of x appears exactly once: each of the r² channels fills one place of the block.",
)
def pixels_repeated(x, r):
    return x[:, :: r**2].repeat_interleave(r, dim=2).repeat_interleave(r, dim=3)


@misconception(
    "pixel_shuffle",
    says="You average a block's channels. "
    "Nothing is averaged: each of the r² channels fills one place of the block.",
)
def channels_averaged(x, r):
    N, C, H, W = x.shape
    mean = x.reshape(N, C // r**2, r**2, H, W).mean(2)
    return mean.repeat_interleave(r, dim=2).repeat_interleave(r, dim=3)


@misconception(
    "pixel_shuffle",
    says="You go the other way and turn pixels into channels. "
    "Here channels become pixels: fewer maps, each r times as high and wide.",
)
def pixels_into_channels(x, r):
    N, C, H, W = x.shape
    split = x.reshape(N, C, H // r, r, W // r, r)
    return split.permute(0, 1, 3, 5, 2, 4).reshape(N, C * r**2, H // r, W // r)


@misconception(
    "pixel_shuffle",
    says="Torch's own pixel_shuffle did the work. Split, permute and join the axes yourself.",
)
def ready_made(x, r):
    return F.pixel_shuffle(x, r)


@misconception(
    "pixel_shuffle",
    says="Your result is made on the CPU, wherever x lives. "
    "Use x.new_zeros(…), or pass dtype=x.dtype and device=x.device.",
)
def made_on_the_cpu(x, r):
    N, C, H, W = x.shape
    out = torch.zeros(N, C // r**2, H * r, W * r, dtype=x.dtype)
    for a in range(r):
        for b in range(r):
            out[:, :, a::r, b::r] = x[:, a * r + b :: r**2]
    return out


@misconception(
    "pixel_shuffle",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever x is. Use x.new_zeros(…), or pass dtype= and device= of x.",
)
def plain_zeros(x, r):
    N, C, H, W = x.shape
    out = torch.zeros(N, C // r**2, H * r, W * r)
    for a in range(r):
        for b in range(r):
            out[:, :, a::r, b::r] = x[:, a * r + b :: r**2]
    return out


@alternative("pixel_shuffle")
def every_rth_place_filled(x, r):
    N, C, H, W = x.shape
    out = x.new_zeros(N, C // (r * r), H * r, W * r)
    for a in range(r):
        for b in range(r):
            out[:, :, a::r, b::r] = x[:, a * r + b :: r * r]
    return out


@alternative("pixel_shuffle")
def rows_then_columns_woven(x, r):
    maps = [x[:, k :: r * r] for k in range(r * r)]
    lines = [torch.stack(maps[a * r : a * r + r], dim=-1).flatten(-2) for a in range(r)]
    return torch.stack(lines, dim=-2).flatten(-3, -2)


@alternative("pixel_shuffle")
def numbers_of_the_places(x, r):
    _, C, H, W = x.shape
    c = torch.arange(C // r**2, device=x.device)[:, None, None]
    y = torch.arange(H * r, device=x.device)[:, None]
    z = torch.arange(W * r, device=x.device)
    return x[:, c * r**2 + y % r * r + z % r, y // r, z // r]


@alternative("pixel_shuffle")
def unflattened_and_moved(x, r):
    split = x.unflatten(1, (-1, r, r))
    return split.movedim(2, 4).movedim(2, 5).flatten(4, 5).flatten(2, 3)
