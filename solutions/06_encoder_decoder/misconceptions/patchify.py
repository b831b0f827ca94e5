"""Wrong and other right solutions of `patchify`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "patchify",
    says="A plain reshape cuts the picture into runs of neighbouring numbers, not into squares. "
    "Split both sides into (number, P), and bring the two P together with permute.",
)
def cut_by_reshape(x, P):
    N, C, H, W = x.shape
    return x.reshape(N, (H // P) * (W // P), C * P * P)


@misconception(
    "patchify",
    says="Your patches are numbered down the columns. They go row by row, as one reads: "
    "H/P before W/P in the permute.",
)
def column_by_column(x, P):
    N, C, H, W = x.shape
    parts = x.reshape(N, C, H // P, P, W // P, P)
    return parts.permute(0, 4, 2, 1, 3, 5).reshape(N, (H // P) * (W // P), C * P * P)


@misconception(
    "patchify",
    says="In each of your patches the channels come last. The order is C, P, P: "
    "all of the first channel, then all of the second.",
)
def channels_last(x, P):
    N, C, H, W = x.shape
    parts = x.reshape(N, C, H // P, P, W // P, P)
    return parts.permute(0, 2, 4, 3, 5, 1).reshape(N, (H // P) * (W // P), C * P * P)


@misconception(
    "patchify",
    says="Each of your patches lies on its side: the two axes of P are exchanged. "
    "Its rows stay rows.",
)
def patches_turned(x, P):
    N, C, H, W = x.shape
    parts = x.reshape(N, C, H // P, P, W // P, P)
    return parts.permute(0, 2, 4, 1, 5, 3).reshape(N, (H // P) * (W // P), C * P * P)


@misconception(
    "patchify",
    says="Each of your channels has patches of its own. A patch is as deep as the picture: "
    "C·P·P numbers of one place.",
)
def a_patch_for_each_channel(x, P):
    N, C, H, W = x.shape
    parts = x.reshape(N, C, H // P, P, W // P, P)
    return parts.permute(0, 1, 2, 4, 3, 5).reshape(N, C * (H // P) * (W // P), P * P)


@misconception(
    "patchify",
    says="You take the picture for a square. Its height has H/P patches and its width W/P.",
)
def square_assumed(x, P):
    N, C, H, _ = x.shape
    parts = x.reshape(N, C, H // P, P, H // P, P)
    return parts.permute(0, 2, 4, 1, 3, 5).reshape(N, (H // P) ** 2, C * P * P)


@misconception(
    "patchify",
    says="F.unfold puts the patches into the last axis, and their numbers into the middle one. "
    "Exchange the two: transpose(1, 2).",
)
def unfolded_and_left(x, P):
    return F.unfold(x, P, stride=P)


@alternative("patchify")
def unfolded(x, P):
    return F.unfold(x, kernel_size=P, stride=P).transpose(1, 2)


@alternative("patchify")
def windows_of_torch(x, P):
    parts = x.unfold(2, P, P).unfold(3, P, P)  # (N, C, H/P, W/P, P, P)
    return torch.einsum("nchwpq->nhwcpq", parts).flatten(3).flatten(1, 2)


@alternative("patchify")
def cut_one_by_one(x, P):
    rows = range(0, x.shape[2], P)
    columns = range(0, x.shape[3], P)
    patches = [x[:, :, r : r + P, c : c + P].flatten(1) for r in rows for c in columns]
    return torch.stack(patches, dim=1)
