"""Wrong and other right solutions of `correlate1d`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "correlate1d",
    says="You turned the kernel around: that is a convolution. "
    "Cross-correlation slides the kernel as it is, x[i + m] · k[m].",
)
def kernel_flipped(x, k):
    n = len(x) - len(k) + 1
    y = torch.zeros(n, dtype=x.dtype, device=x.device)
    for i in range(n):
        for j in range(len(k)):
            y[i] += x[i + j] * k[len(k) - 1 - j]
    return y


@misconception(
    "correlate1d",
    says="The last window is missing. "
    "The kernel fits L − K + 1 times, so range(L − K) is one short.",
)
def one_window_short(x, k):
    n = len(x) - len(k)
    y = torch.zeros(n, dtype=x.dtype, device=x.device)
    for i in range(n):
        for j in range(len(k)):
            y[i] += x[i + j] * k[j]
    return y


@misconception(
    "correlate1d",
    says="Your result is as long as the signal, with zeros put beyond its end. "
    "Keep only the places where the kernel lies wholly on the signal: L − K + 1 of them.",
)
def slides_over_the_end(x, k):
    y = torch.zeros_like(x)
    for i in range(len(x)):
        for j in range(len(k)):
            if i + j < len(x):
                y[i] += x[i + j] * k[j]
    return y


@misconception(
    "correlate1d",
    says="Every weight meets the same number x[i]. "
    "The weight k[m] belongs to its own neighbour: x[i + m] · k[m].",
)
def window_stands_still(x, k):
    n = len(x) - len(k) + 1
    y = torch.zeros(n, dtype=x.dtype, device=x.device)
    for i in range(n):
        for j in range(len(k)):
            y[i] += x[i] * k[j]
    return y


@misconception(
    "correlate1d",
    says="Each product overwrites the one before it, so only the last remains. "
    "Add them up: out[i] += …, not out[i] = ….",
)
def product_overwritten(x, k):
    n = len(x) - len(k) + 1
    y = torch.zeros(n, dtype=x.dtype, device=x.device)
    for i in range(n):
        for j in range(len(k)):
            y[i] = x[i + j] * k[j]
    return y


@misconception(
    "correlate1d",
    says="The windows jump by the kernel's length, so most places are left out. "
    "Move the window by one place at a time.",
)
def windows_side_by_side(x, k):
    n = len(x) - len(k) + 1
    y = torch.zeros(n, dtype=x.dtype, device=x.device)
    for i in range(0, n, len(k)):
        y[i] = (x[i : i + len(k)] * k).sum()
    return y


@misconception(
    "correlate1d",
    says="You return a Python list. Return one tensor: fill x.new_zeros(n), or use torch.stack.",
)
def list_returned(x, k):
    return [(x[i : i + len(k)] * k).sum() for i in range(len(x) - len(k) + 1)]


@misconception(
    "correlate1d",
    says="Your result is made on the CPU, wherever the input lives. "
    "Use x.new_zeros(n), or pass dtype=x.dtype and device=x.device.",
)
def made_on_the_cpu(x, k):
    n = len(x) - len(k) + 1
    y = torch.zeros(n, dtype=x.dtype)
    for i in range(n):
        y[i] = (x[i : i + len(k)] * k).sum()
    return y


@misconception(
    "correlate1d",
    says="A tensor made by torch.zeros(n) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever x is. Use x.new_zeros(n), or pass dtype=x.dtype and device=x.device.",
)
def plain_zeros(x, k):
    n = len(x) - len(k) + 1
    y = torch.zeros(n)
    for i in range(n):
        y[i] = (x[i : i + len(k)] * k).sum()
    return y


@misconception(
    "correlate1d",
    says="You change x itself, and the caller loses the signal. "
    "Fill a new tensor and leave x as it is.",
)
def signal_overwritten(x, k):
    n = len(x) - len(k) + 1
    for i in range(n):
        x[i] = (x[i : i + len(k)] * k).sum()
    return x[:n].clone()


@misconception(
    "correlate1d",
    says="A ready-made function did the sliding for you. "
    "Write the two loops, or a loop over windows, yourself.",
)
def ready_made(x, k):
    return F.conv1d(x[None, None], k[None, None])[0, 0]


@misconception(
    "correlate1d",
    says="Only the first place is filled, as if you returned inside the loop. "
    "Let `return out` stand after the loops, as far to the left as the outer `for`.",
)
def returned_too_early(x, k):
    n = len(x) - len(k) + 1
    y = torch.zeros(n, dtype=x.dtype, device=x.device)
    for i in range(n):
        y[i] = (x[i : i + len(k)] * k).sum()
        break
    return y


@misconception(
    "correlate1d",
    says="An index runs off an end. The kernel fits at L − K + 1 places only: "
    "let i run over those, not over the whole signal.",
)
def index_out_of_range(x, k):
    y = torch.zeros(len(x) - len(k) + 1, dtype=x.dtype, device=x.device)
    for i in range(len(x)):
        for j in range(len(k)):
            y[i] += x[i + j] * k[j]
    return y


@alternative("correlate1d")
def windows_as_rows(x, k):
    return x.unfold(0, len(k), 1) @ k


@alternative("correlate1d")
def shifted_copies(x, k):
    n = len(x) - len(k) + 1
    return sum(weight * x[j : j + n] for j, weight in enumerate(k))


@alternative("correlate1d")
def stacked_products(x, k):
    starts = range(len(x) - len(k) + 1)
    return torch.stack([torch.dot(x[start : start + len(k)], k) for start in starts])


@alternative("correlate1d")
def first_then_the_rest(x, k):
    here = (x[: len(k)] * k).sum().reshape(1)
    return here if len(x) == len(k) else torch.cat([here, first_then_the_rest(x[1:], k)])


@alternative("correlate1d")
def banded_matrix(x, k):
    n = len(x) - len(k) + 1
    rows = [F.pad(k, (i, n - 1 - i)) for i in range(n)]
    return torch.stack(rows) @ x
