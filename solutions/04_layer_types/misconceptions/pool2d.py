"""Wrong and other right solutions of `pool2d`."""

import math

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "pool2d",
    says="Without S your windows step by one pixel. Pooling's windows lie side by side "
    "unless you say otherwise: S = K where S is None.",
)
def one_pixel_by_default(x, K, S=None, how="max"):
    S = 1 if S is None else S
    windows = x.unfold(2, K, S).unfold(3, K, S)
    return windows.amax((-2, -1)) if how == "max" else windows.mean((-2, -1))


@misconception(
    "pool2d",
    says="Your last windows stick out of the map and see fewer pixels. "
    "A window that does not fit is dropped: (H − K) // S + 1 rows, and the columns likewise.",
)
def rest_pooled_too(x, K, S=None, how="max"):
    S = K if S is None else S
    rows = []
    for i in range(0, x.shape[2], S):
        row = []
        for j in range(0, x.shape[3], S):
            window = x[:, :, i : i + K, j : j + K]
            row.append(window.amax((2, 3)) if how == "max" else window.mean((2, 3)))
        rows.append(torch.stack(row, -1))
    return torch.stack(rows, -2)


@misconception(
    "pool2d",
    says="Your last windows stick out of the map and see fewer pixels. "
    "A window that does not fit is dropped: (H − K) // S + 1 rows, and the columns likewise.",
)
def rest_pooled_once_more(x, K, S=None, how="max"):
    S = K if S is None else S
    rows = []
    for i in range(math.ceil((x.shape[2] - K) / S) + 1):
        row = []
        for j in range(math.ceil((x.shape[3] - K) / S) + 1):
            window = x[:, :, i * S : i * S + K, j * S : j * S + K]
            row.append(window.amax((2, 3)) if how == "max" else window.mean((2, 3)))
        rows.append(torch.stack(row, -1))
    return torch.stack(rows, -2)


@misconception(
    "pool2d",
    says="H // S counts windows only where they lie side by side. Where S is smaller than K the "
    "last ones stick out, where it is larger one is lost: (H − K) // S + 1 rows.",
)
def size_without_the_window(x, K, S=None, how="max"):
    S = K if S is None else S
    (N, C, H, W), pool = x.shape, torch.amax if how == "max" else torch.mean
    out = x.new_zeros(N, C, H // S, W // S)
    for i in range(H // S):
        for j in range(W // S):
            out[:, :, i, j] = pool(x[:, :, i * S : i * S + K, j * S : j * S + K], (2, 3))
    return out


@misconception(
    "pool2d",
    says="The + 1 is missing in your size: the last row and the last column of windows are lost. "
    "There are (H − K) // S + 1 rows, and the columns likewise.",
)
def one_window_short(x, K, S=None, how="max"):
    S = K if S is None else S
    (N, C, H, W), pool = x.shape, torch.amax if how == "max" else torch.mean
    out = x.new_zeros(N, C, (H - K) // S, (W - K) // S)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = pool(x[:, :, i * S : i * S + K, j * S : j * S + K], (2, 3))
    return out


@misconception(
    "pool2d",
    says="Your maximum starts at zero, so a window of negative numbers gives 0. "
    "Compare the window's pixels with one another alone.",
)
def maximum_from_zero(x, K, S=None, how="max"):
    S = K if S is None else S
    N, C, H, W = x.shape
    rows, columns = (H - K) // S + 1, (W - K) // S + 1
    out = x.new_zeros(N, C, rows, columns)
    for m in range(K):
        for n in range(K):
            seen = x[:, :, m : m + (rows - 1) * S + 1 : S, n : n + (columns - 1) * S + 1 : S]
            out = torch.maximum(out, seen) if how == "max" else out + seen / (K * K)
    return out


@misconception(
    "pool2d",
    says="Blocks of K × K fit only into sides that K divides. "
    "Cut off the rows and columns that no window reaches, and think of a step S that is not K.",
)
def reshaped_with_the_rest(x, K, S=None, how="max"):
    N, C, H, W = x.shape
    blocks = x.reshape(N, C, H // K, K, W // K, K)
    return blocks.amax((3, 5)) if how == "max" else blocks.mean((3, 5))


@misconception(
    "pool2d",
    says="Your reshape cuts the memory into pieces, not the picture into windows. "
    "Split each axis into windows and places in them: (N, C, H // K, K, W // K, K).",
)
def memory_cut_into_pieces(x, K, S=None, how="max"):
    N, C, H, W = x.shape
    blocks = x[:, :, : H // K * K, : W // K * K].reshape(N, C, H // K, W // K, K, K)
    return blocks.amax((4, 5)) if how == "max" else blocks.mean((4, 5))


@misconception(
    "pool2d",
    says="S is ignored: your windows always lie side by side. Window i begins in row i·S.",
)
def always_side_by_side(x, K, S=None, how="max"):
    N, C, H, W = x.shape
    blocks = x[:, :, : H // K * K, : W // K * K].reshape(N, C, H // K, K, W // K, K)
    return blocks.amax((3, 5)) if how == "max" else blocks.mean((3, 5))


@misconception(
    "pool2d",
    says="`how` is ignored: your pooling always takes the maximum. "
    'Where how is "mean", take the mean of the window.',
)
def always_the_maximum(x, K, S=None, how="max"):
    S = K if S is None else S
    return x.unfold(2, K, S).unfold(3, K, S).amax((-2, -1))


@misconception(
    "pool2d",
    says="You add the window up and divide by K. It holds K × K numbers: divide by K².",
)
def divided_by_the_side(x, K, S=None, how="max"):
    S = K if S is None else S
    windows = x.unfold(2, K, S).unfold(3, K, S)
    return windows.amax((-2, -1)) if how == "max" else windows.sum((-2, -1)) / K


@misconception(
    "pool2d",
    says="You pool over the channels too. "
    "Pooling works on each map for itself: C channels come in and C go out.",
)
def channels_pooled_too(x, K, S=None, how="max"):
    S = K if S is None else S
    windows = x.unfold(2, K, S).unfold(3, K, S)
    if how == "max":
        return windows.amax((1, -2, -1)).unsqueeze(1)
    return windows.mean((1, -2, -1)).unsqueeze(1)


@misconception(
    "pool2d",
    says="Torch's own pooling did the work. Cut out the windows yourself, "
    "and take their maximum or mean.",
)
def ready_made(x, K, S=None, how="max"):
    return F.max_pool2d(x, K, S) if how == "max" else F.avg_pool2d(x, K, S)


@misconception(
    "pool2d",
    says="`.item()` and `.tolist()` give plain numbers, and no gradient flows through them. "
    "Put the tensor itself into your result.",
)
def plain_numbers(x, K, S=None, how="max"):
    S = K if S is None else S
    N, C, H, W = x.shape
    out = x.new_zeros(N, C, (H - K) // S + 1, (W - K) // S + 1)
    for n in range(N):
        for c in range(C):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    window = x[n, c, i * S : i * S + K, j * S : j * S + K]
                    value = window.max() if how == "max" else window.mean()
                    out[n, c, i, j] = value.item()
    return out


@misconception(
    "pool2d",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever x is. Use x.new_zeros(…), or pass dtype= and device= of x.",
)
def plain_zeros(x, K, S=None, how="max"):
    S = K if S is None else S
    (N, C, H, W), pool = x.shape, torch.amax if how == "max" else torch.mean
    out = torch.zeros(N, C, (H - K) // S + 1, (W - K) // S + 1)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = pool(x[:, :, i * S : i * S + K, j * S : j * S + K], (2, 3))
    return out


@alternative("pool2d")
def window_by_window(x, K, S=None, how="max"):
    step = S or K
    N, C, H, W = x.shape
    tops, lefts = range(0, H - K + 1, step), range(0, W - K + 1, step)
    pooled = []
    for i in tops:
        for j in lefts:
            pixels = x[:, :, i : i + K, j : j + K].reshape(N, C, K * K)
            pooled.append(pixels.max(-1).values if how == "max" else pixels.sum(-1) / K**2)
    return torch.stack(pooled, -1).reshape(N, C, len(tops), len(lefts))


@alternative("pool2d")
def shifted_maps_compared(x, K, S=None, how="max"):
    S = K if S is None else S
    rows, columns = (x.shape[2] - K) // S + 1, (x.shape[3] - K) // S + 1
    result = None
    for m in range(K):
        for n in range(K):
            seen = x[:, :, m::S, n::S][:, :, :rows, :columns]
            if result is None:
                result = seen
            else:
                result = torch.maximum(result, seen) if how == "max" else result + seen
    return result if how == "max" else result / (K * K)


@alternative("pool2d")
def rows_first_then_columns(x, K, S=None, how="max"):
    S = K if S is None else S
    for axis in (2, 3):
        windows = x.unfold(axis, K, S)
        x = windows.max(-1)[0] if how == "max" else windows.mean(-1)
    return x


@alternative("pool2d")
def gathered_by_index(x, K, S=None, how="max"):
    S = K if S is None else S
    H, W = x.shape[-2:]
    y = torch.arange(0, H - K + 1, S, device=x.device)[:, None] + torch.arange(K, device=x.device)
    z = torch.arange(0, W - K + 1, S, device=x.device)[:, None] + torch.arange(K, device=x.device)
    windows = x[:, :, y[:, None, :, None], z[None, :, None, :]].flatten(-2)
    if how == "max":
        return windows.sort(-1).values[..., -1]
    return windows.mean(-1)
