"""Wrong and other right solutions of `transposed_conv2d`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "transposed_conv2d",
    says="With P = 0 your cut [P:-P] is [0:0] and leaves nothing. "
    "Count from the front: [P : size − P].",
)
def nothing_left_without_padding(x, weight, S=1, P=0):
    (N, _, H, W), (_, C_out, K_h, K_w) = x.shape, weight.shape
    out = x.new_zeros(N, C_out, (H - 1) * S + K_h, (W - 1) * S + K_w)
    for i in range(H):
        for j in range(W):
            stamp = torch.einsum("nc,cdkl->ndkl", x[:, :, i, j], weight)
            out[:, :, i * S : i * S + K_h, j * S : j * S + K_w] += stamp
    return out[:, :, P:-P, P:-P]


@misconception(
    "transposed_conv2d",
    says="Where stamps overlap, your later one covers the earlier. They add up: write +=.",
)
def stamps_overwrite(x, weight, S=1, P=0):
    (N, _, H, W), (_, C_out, K_h, K_w) = x.shape, weight.shape
    out = x.new_zeros(N, C_out, (H - 1) * S + K_h, (W - 1) * S + K_w)
    for i in range(H):
        for j in range(W):
            stamp = torch.einsum("nc,cdkl->ndkl", x[:, :, i, j], weight)
            out[:, :, i * S : i * S + K_h, j * S : j * S + K_w] = stamp
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


@misconception(
    "transposed_conv2d",
    says="Your stamps are turned by 180°. A pixel stamps the kernel as it is; who puts zeros "
    "between the pixels and convolves must turn the kernel first: weight.flip(2, 3).",
)
def stamps_turned(x, weight, S=1, P=0):
    (N, C_in, H, W), (_, _, K_h, K_w) = x.shape, weight.shape
    spread = x.new_zeros(N, C_in, (H - 1) * S + 1, (W - 1) * S + 1)
    spread[:, :, ::S, ::S] = x
    framed = F.pad(spread, (K_w - 1, K_w - 1, K_h - 1, K_h - 1))
    out = F.conv2d(framed, weight.transpose(0, 1))
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


@misconception(
    "transposed_conv2d",
    says="Behind the last pixel you put zeros as well. They stand between pixels only: "
    "(H − 1)·S + 1 rows before the kernel comes.",
)
def zeros_behind_the_last(x, weight, S=1, P=0):
    (N, C_in, H, W), (_, _, K_h, K_w) = x.shape, weight.shape
    spread = x.new_zeros(N, C_in, H * S, W * S)
    spread[:, :, ::S, ::S] = x
    framed = F.pad(spread, (K_w - 1, K_w - 1, K_h - 1, K_h - 1))
    out = F.conv2d(framed, weight.transpose(0, 1).flip(2, 3))
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


@misconception(
    "transposed_conv2d",
    says="You convolve the zero-filled map without a border, so that it shrinks. "
    "The kernel may stick out by K − 1 pixels on every side: put as many zeros there.",
)
def border_forgotten(x, weight, S=1, P=0):
    N, C_in, H, W = x.shape
    spread = x.new_zeros(N, C_in, (H - 1) * S + 1, (W - 1) * S + 1)
    spread[:, :, ::S, ::S] = x
    return F.conv2d(spread, weight.transpose(0, 1).flip(2, 3), padding=P)


@misconception(
    "transposed_conv2d",
    says="You repeat the pixels before you convolve, which is upsampling. "
    "A transposed convolution stamps each pixel once, S apart, with nothing between.",
)
def pixels_repeated(x, weight, S=1, P=0):
    K_h, K_w = weight.shape[2:]
    large = x.repeat_interleave(S, dim=2).repeat_interleave(S, dim=3)
    framed = F.pad(large, (K_w - 1, K_w - 1, K_h - 1, K_h - 1))
    out = F.conv2d(framed, weight.transpose(0, 1).flip(2, 3))
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


@misconception(
    "transposed_conv2d",
    says="That is an ordinary convolution: it gathers a window into a pixel, and the map shrinks. "
    "The transposed one goes the other way: each pixel stamps a whole kernel into the output.",
)
def ordinary_convolution(x, weight, S=1, P=0):
    return F.conv2d(x, weight.transpose(0, 1), stride=S, padding=P)


@misconception(
    "transposed_conv2d",
    says="You pad the result with zeros. Padding goes backwards here: P rows and columns are "
    "cut off on every side.",
)
def padding_added(x, weight, S=1, P=0):
    (N, _, H, W), (_, C_out, K_h, K_w) = x.shape, weight.shape
    out = x.new_zeros(N, C_out, (H - 1) * S + K_h + 2 * P, (W - 1) * S + K_w + 2 * P)
    for i in range(H):
        for j in range(W):
            top, left = P + i * S, P + j * S
            stamp = torch.einsum("nc,cdkl->ndkl", x[:, :, i, j], weight)
            out[:, :, top : top + K_h, left : left + K_w] += stamp
    return out


@misconception(
    "transposed_conv2d",
    says="P is ignored. Cut P rows and columns off on every side of the result.",
)
def padding_ignored(x, weight, S=1, P=0):
    (N, _, H, W), (_, C_out, K_h, K_w) = x.shape, weight.shape
    out = x.new_zeros(N, C_out, (H - 1) * S + K_h, (W - 1) * S + K_w)
    for i in range(H):
        for j in range(W):
            stamp = torch.einsum("nc,cdkl->ndkl", x[:, :, i, j], weight)
            out[:, :, i * S : i * S + K_h, j * S : j * S + K_w] += stamp
    return out


@misconception(
    "transposed_conv2d",
    says="You cut at the top and left only. P is cut off on all four sides: [P : size − P].",
)
def cut_on_two_sides(x, weight, S=1, P=0):
    (N, _, H, W), (_, C_out, K_h, K_w) = x.shape, weight.shape
    out = x.new_zeros(N, C_out, (H - 1) * S + K_h, (W - 1) * S + K_w)
    for i in range(H):
        for j in range(W):
            stamp = torch.einsum("nc,cdkl->ndkl", x[:, :, i, j], weight)
            out[:, :, i * S : i * S + K_h, j * S : j * S + K_w] += stamp
    return out[:, :, P:, P:]


@misconception(
    "transposed_conv2d",
    says="Your sheet is too small: S times the size does not hold the last stamps. "
    "It takes (H − 1)·S + K_h rows and (W − 1)·S + K_w columns.",
)
def s_times_as_large(x, weight, S=1, P=0):
    (N, _, H, W), (_, C_out, K_h, K_w) = x.shape, weight.shape
    out = x.new_zeros(N, C_out, H * S, W * S)
    for i in range(H):
        for j in range(W):
            stamp = torch.einsum("nc,cdkl->ndkl", x[:, :, i, j], weight)
            out[:, :, i * S : i * S + K_h, j * S : j * S + K_w] += stamp
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


@misconception(
    "transposed_conv2d",
    says="Here weight is (C_in, C_out, K_h, K_w), the other way round than in a convolution: "
    "the first axis meets the channels of x.",
)
def channels_exchanged(x, weight, S=1, P=0):
    (N, _, H, W), (C_out, _, K_h, K_w) = x.shape, weight.shape
    out = x.new_zeros(N, C_out, (H - 1) * S + K_h, (W - 1) * S + K_w)
    for i in range(H):
        for j in range(W):
            stamp = torch.einsum("nc,dckl->ndkl", x[:, :, i, j], weight)
            out[:, :, i * S : i * S + K_h, j * S : j * S + K_w] += stamp
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


@misconception(
    "transposed_conv2d",
    says="Here weight is (C_in, C_out, K_h, K_w), the other way round than in a convolution: "
    "the first axis meets the channels of x.",
)
def channels_left_as_they_are(x, weight, S=1, P=0):
    N, C, H, W = x.shape
    K_h, K_w = weight.shape[2:]
    apart = x.new_zeros(N, C, (H - 1) * S + 1, (W - 1) * S + 1)
    apart[:, :, ::S, ::S] = x
    out = F.conv2d(apart, weight.flip(2, 3), padding=(K_h - 1, K_w - 1))
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


@misconception(
    "transposed_conv2d",
    says="Torch's own transposed convolution did the work. "
    "Let each pixel stamp the kernel into an empty map yourself.",
)
def ready_made(x, weight, S=1, P=0):
    return F.conv_transpose2d(x, weight, stride=S, padding=P)


@misconception(
    "transposed_conv2d",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever x is. Use x.new_zeros(…), or pass dtype= and device= of x.",
)
def plain_zeros(x, weight, S=1, P=0):
    (N, _, H, W), (_, C_out, K_h, K_w) = x.shape, weight.shape
    out = torch.zeros(N, C_out, (H - 1) * S + K_h, (W - 1) * S + K_w)
    for i in range(H):
        for j in range(W):
            stamp = torch.einsum("nc,cdkl->ndkl", x[:, :, i, j], weight)
            out[:, :, i * S : i * S + K_h, j * S : j * S + K_w] += stamp
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


@alternative("transposed_conv2d")
def zeros_between_then_convolved(x, weight, S=1, P=0):
    (N, C_in, H, W), (_, _, K_h, K_w) = x.shape, weight.shape
    large = x.new_zeros(N, C_in, (H - 1) * S + 2 * K_h - 1, (W - 1) * S + 2 * K_w - 1)
    large[:, :, K_h - 1 : large.shape[2] - K_h + 1 : S, K_w - 1 : large.shape[3] - K_w + 1 : S] = x
    out = F.conv2d(large, weight.flip(2, 3).transpose(0, 1))
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]


@alternative("transposed_conv2d")
def weight_by_weight(x, weight, S=1, P=0):
    (N, _, H, W), (_, C_out, K_h, K_w) = x.shape, weight.shape
    rows, columns = (H - 1) * S + K_h, (W - 1) * S + K_w
    out = x.new_zeros(N, C_out, rows, columns)
    for m in range(K_h):  # the same weight of every stamp, at all pixels at once
        for n in range(K_w):
            moved = torch.einsum("nchw,cd->ndhw", x, weight[:, :, m, n])
            out[:, :, m : m + (H - 1) * S + 1 : S, n : n + (W - 1) * S + 1 : S] += moved
    return out[:, :, P : rows - P, P : columns - P]


@alternative("transposed_conv2d")
def columns_folded_back(x, weight, S=1, P=0):
    (N, C_in, H, W), (_, _, K_h, K_w) = x.shape, weight.shape
    stamps = weight.reshape(C_in, -1).T @ x.reshape(N, C_in, H * W)
    size = (H - 1) * S + K_h, (W - 1) * S + K_w
    out = F.fold(stamps, size, (K_h, K_w), stride=S)
    return out[:, :, P : size[0] - P, P : size[1] - P]


@alternative("transposed_conv2d")
def only_pixels_that_stay(x, weight, S=1, P=0):
    (N, _, H, W), (_, C_out, K_h, K_w) = x.shape, weight.shape
    rows, columns = (H - 1) * S + K_h - 2 * P, (W - 1) * S + K_w - 2 * P
    lines = []
    for r in range(P, P + rows):
        line = []
        for c in range(P, P + columns):
            total = x.new_zeros(N, C_out)
            for i in range(H):
                for j in range(W):
                    m, n = r - i * S, c - j * S
                    if 0 <= m < K_h and 0 <= n < K_w:
                        total = total + x[:, :, i, j] @ weight[:, :, m, n]
            line.append(total)
        lines.append(torch.stack(line, -1))
    return torch.stack(lines, -2)
