"""Wrong and other right solutions of `convolve1d`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "convolve1d",
    says="That is the cross-correlation. If you slide windows, turn g around; "
    "if you add to out[i + j], do not: the flip is in the index.",
)
def not_flipped(f, g):
    A, B = len(f), len(g)
    y = torch.zeros(A + B - 1, dtype=f.dtype, device=f.device)
    for i in range(A):
        for j in range(B):
            y[i + j] += f[i] * g[B - 1 - j]
    return y


@misconception(
    "convolve1d",
    says="You keep only the places where one signal lies wholly on the other. "
    "The full convolution begins with the first overlap and ends with the last: A + B − 1 numbers.",
)
def only_whole_overlaps(f, g):
    if len(f) < len(g):
        f, g = g, f
    n = len(f) - len(g) + 1
    return torch.stack([(f[i : i + len(g)] * g.flip(0)).sum() for i in range(n)])


@misconception(
    "convolve1d",
    says="You cut the result to the length of the longer signal. "
    "Keep all of it: A + B − 1 numbers.",
)
def cut_to_the_longer(f, g):
    A, B = len(f), len(g)
    y = torch.zeros(A + B - 1, dtype=f.dtype, device=f.device)
    for i in range(A):
        for j in range(B):
            y[i + j] += f[i] * g[j]
    start = (min(A, B) - 1) // 2
    return y[start : start + max(A, B)]


@misconception(
    "convolve1d",
    says="Your result is one number too long. "
    "The last overlap is at (A − 1) + (B − 1), so there are A + B − 1 places.",
)
def one_place_too_many(f, g):
    A, B = len(f), len(g)
    y = torch.zeros(A + B, dtype=f.dtype, device=f.device)
    for i in range(A):
        for j in range(B):
            y[i + j] += f[i] * g[j]
    return y


@misconception(
    "convolve1d",
    says="Each product overwrites the one before it. "
    "All products that fall on the same place are added: out[i + j] += ….",
)
def product_overwritten(f, g):
    A, B = len(f), len(g)
    y = torch.zeros(A + B - 1, dtype=f.dtype, device=f.device)
    for i in range(A):
        for j in range(B):
            y[i + j] = f[i] * g[j]
    return y


@misconception(
    "convolve1d",
    says="What runs over the end comes back in at the front: that is a circular convolution. "
    "Make room for A + B − 1 numbers and do not take indices modulo the length.",
)
def circular(f, g):
    A, B = len(f), len(g)
    length = max(A, B)
    y = torch.zeros(length, dtype=f.dtype, device=f.device)
    for i in range(A):
        for j in range(B):
            y[(i + j) % length] += f[i] * g[j]
    return y


@misconception(
    "convolve1d",
    says="A negative index is no error in Python: g[-1] is the last number, not a zero. "
    "Let a product f[τ] · g[n − τ] count only where 0 ≤ n − τ < B.",
)
def negative_index(f, g):
    A, B = len(f), len(g)
    y = torch.zeros(A + B - 1, dtype=f.dtype, device=f.device)
    for n in range(A + B - 1):
        for t in range(A):
            if n - t < B:
                y[n] += f[t] * g[n - t]
    return y


@misconception(
    "convolve1d",
    says="An index runs off an end. Is the answer A + B − 1 long? "
    "If you read g[n − τ], count only 0 ≤ n − τ < B.",
)
def index_out_of_range(f, g):
    A, B = len(f), len(g)
    y = torch.zeros(A + B - 1, dtype=f.dtype, device=f.device)
    for n in range(A + B - 1):
        for t in range(A):
            y[n] += f[t] * g[n - t]
    return y


@misconception(
    "convolve1d",
    says="Your result is made on the CPU, wherever the input lives. "
    "Use f.new_zeros(n), or pass dtype=f.dtype and device=f.device.",
)
def made_on_the_cpu(f, g):
    y = torch.zeros(len(f) + len(g) - 1, dtype=f.dtype)
    for i in range(len(f)):
        for j in range(len(g)):
            y[i + j] += f[i] * g[j]
    return y


@misconception(
    "convolve1d",
    says="A tensor made by torch.zeros(n) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever f is. Use f.new_zeros(n), or pass dtype=f.dtype and device=f.device.",
)
def plain_zeros(f, g):
    y = torch.zeros(len(f) + len(g) - 1)
    for i in range(len(f)):
        for j in range(len(g)):
            y[i + j] += f[i] * g[j]
    return y


@misconception(
    "convolve1d",
    says="You change g itself, and the caller finds it changed. "
    "To turn it around use g.flip(0), which makes a new tensor, or turn the index instead.",
)
def flipped_in_place(f, g):
    A, B = len(f), len(g)
    g[:] = g.flip(0)
    padded = F.pad(f, (B - 1, B - 1))
    return torch.stack([(padded[i : i + B] * g).sum() for i in range(A + B - 1)])


@misconception(
    "convolve1d",
    says="A ready-made function did the sliding for you. "
    "Write the loops over both signals yourself.",
)
def ready_made(f, g):
    return F.conv1d(f[None, None], g.flip(0)[None, None], padding=len(g) - 1)[0, 0]


@misconception(
    "convolve1d",
    says="An index runs off an end. Is the answer A + B − 1 long? "
    "If you read f[n − j], count only 0 ≤ n − j < A; if you read g[n − τ], only 0 ≤ n − τ < B.",
)
def answer_too_short(f, g):
    y = torch.zeros_like(f)
    for i in range(len(f)):
        for j in range(len(g)):
            y[i + j] += f[i] * g[j]
    return y


@alternative("convolve1d")
def padded_correlation(f, g):
    room = len(g) - 1
    return correlate1d(F.pad(f, (room, room)), g.flip(0))


@alternative("convolve1d")
def diagonals_of_all_products(f, g):
    table = torch.outer(f, g).flip(1)
    return torch.stack([table.diagonal(k).sum() for k in range(len(g) - 1, -len(f), -1)])


@alternative("convolve1d")
def echoes_added(f, g):
    echoes = [F.pad(f * weight, (j, len(g) - 1 - j)) for j, weight in enumerate(g)]
    return torch.stack(echoes).sum(0)


@alternative("convolve1d")
def place_by_place(f, g):
    A, B = f.numel(), g.numel()
    y = f.new_empty(A + B - 1)
    for n in range(A + B - 1):
        first, last = max(0, n - B + 1), min(A - 1, n)
        y[n] = sum(f[i] * g[n - i] for i in range(first, last + 1))
    return y
