"""Wrong and other right solutions of `unpatchify`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "unpatchify",
    says="A plain reshape lays the patches' numbers one behind another. Split them into "
    "(H/P, W/P, C, P, P), and bring each P beside its own side with permute.",
)
def laid_out_by_reshape(patches, P, H, W):
    return patches.reshape(patches.shape[0], -1, H, W)


@misconception(
    "unpatchify",
    says="You lay the patches down the columns. They are numbered row by row: "
    "reshape to (N, H/P, W/P, …).",
)
def column_by_column(patches, P, H, W):
    N, C = patches.shape[0], patches.shape[2] // P**2
    parts = patches.reshape(N, W // P, H // P, C, P, P)
    return parts.permute(0, 3, 2, 4, 1, 5).reshape(N, C, H, W)


@misconception(
    "unpatchify",
    says="You read each patch as P, P, C. Its order is C, P, P: the channels come first.",
)
def channels_last(patches, P, H, W):
    N, C = patches.shape[0], patches.shape[2] // P**2
    parts = patches.reshape(N, H // P, W // P, P, P, C)
    return parts.permute(0, 5, 1, 3, 2, 4).reshape(N, C, H, W)


@misconception(
    "unpatchify",
    says="Each of your patches lies on its side: the two axes of P are exchanged. "
    "The first P belongs to the height, the second to the width.",
)
def patches_turned(patches, P, H, W):
    N, C = patches.shape[0], patches.shape[2] // P**2
    parts = patches.reshape(N, H // P, W // P, C, P, P)
    return parts.permute(0, 3, 1, 5, 2, 4).reshape(N, C, H, W)


@misconception(
    "unpatchify",
    says="Your permute does not bring each P behind its own side: pixels of different patches get "
    "mixed. The order before the last reshape is (N, C, H/P, P, W/P, P).",
)
def sides_not_interleaved(patches, P, H, W):
    N, C = patches.shape[0], patches.shape[2] // P**2
    parts = patches.reshape(N, H // P, W // P, C, P, P)
    return parts.permute(0, 3, 1, 2, 4, 5).reshape(N, C, H, W)


@misconception(
    "unpatchify",
    says="You take the picture for a square. "
    "H/P patches lie one above another, and W/P side by side.",
)
def square_assumed(patches, P, H, W):
    N, C = patches.shape[0], patches.shape[2] // P**2
    parts = patches.reshape(N, H // P, H // P, C, P, P)
    return parts.permute(0, 3, 1, 4, 2, 5).reshape(N, C, H, W)


@misconception(
    "unpatchify",
    says="F.fold wants the patches in the last axis: transpose(1, 2) before it.",
)
def folded_as_they_are(patches, P, H, W):
    return F.fold(patches, (H, W), P, stride=P)


@alternative("unpatchify")
def folded(patches, P, H, W):
    return F.fold(patches.mT, output_size=(H, W), kernel_size=P, stride=P)


@alternative("unpatchify")
def shuffled(patches, P, H, W):
    parts = patches.transpose(1, 2).unflatten(2, (H // P, W // P))
    return F.pixel_shuffle(parts, P)


@alternative("unpatchify")
def laid_one_by_one(patches, P, H, W):
    picture = patches.new_zeros(len(patches), patches.shape[2] // (P * P), H, W)
    for number in range(patches.shape[1]):
        row, column = divmod(number, W // P)
        square = patches[:, number].reshape(len(patches), -1, P, P)
        picture[:, :, row * P : (row + 1) * P, column * P : (column + 1) * P] = square
    return picture


@alternative("unpatchify")
def rows_joined(patches, P, H, W):
    squares = patches.unflatten(-1, (-1, P, P)).unbind(dim=1)
    wide = W // P
    bands = [torch.cat(squares[n : n + wide], dim=-1) for n in range(0, len(squares), wide)]
    return torch.cat(bands, dim=-2)
