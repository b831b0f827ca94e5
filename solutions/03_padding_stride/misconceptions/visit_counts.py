"""Wrong and other right solutions of `visit_counts`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "visit_counts",
    says="The padding is left out. With it windows also start P pixels outside the image, "
    "so that its edge is visited more often.",
)
def padding_ignored(H, W, K, S=1, P=0):
    counts = torch.zeros(H, W, dtype=torch.int64)
    for i in range(0, H - K + 1, S):
        for j in range(0, W - K + 1, S):
            counts[i : i + K, j : j + K] += 1
    return counts


@misconception(
    "visit_counts",
    says="The stride is left out. Windows start in every S-th row and column only: range(0, …, S).",
)
def stride_ignored(H, W, K, S=1, P=0):
    counts = torch.zeros(H + 2 * P, W + 2 * P, dtype=torch.int64)
    for i in range(H + 2 * P - K + 1):
        for j in range(W + 2 * P - K + 1):
            counts[i : i + K, j : j + K] += 1
    return counts[P : P + H, P : P + W]


@misconception(
    "visit_counts",
    says="Your windows step along the rows only. The stride counts for the columns too.",
)
def stride_in_rows_only(H, W, K, S=1, P=0):
    counts = torch.zeros(H + 2 * P, W + 2 * P, dtype=torch.int64)
    for i in range(0, H + 2 * P - K + 1, S):
        for j in range(W + 2 * P - K + 1):
            counts[i : i + K, j : j + K] += 1
    return counts[P : P + H, P : P + W]


@misconception(
    "visit_counts",
    says="You return the padded frame. Only the image's own pixels are asked for: "
    "cut the P rows and columns of padding off each side.",
)
def frame_returned(H, W, K, S=1, P=0):
    counts = torch.zeros(H + 2 * P, W + 2 * P, dtype=torch.int64)
    for i in range(0, H + 2 * P - K + 1, S):
        for j in range(0, W + 2 * P - K + 1, S):
            counts[i : i + K, j : j + K] += 1
    return counts


@misconception(
    "visit_counts",
    says="You cut the frame at the wrong place. The image lies P pixels inside it: "
    "rows P : P + H and columns P : P + W.",
)
def cut_from_the_corner(H, W, K, S=1, P=0):
    counts = torch.zeros(H + 2 * P, W + 2 * P, dtype=torch.int64)
    for i in range(0, H + 2 * P - K + 1, S):
        for j in range(0, W + 2 * P - K + 1, S):
            counts[i : i + K, j : j + K] += 1
    return counts[:H, :W]


@misconception(
    "visit_counts",
    says="The padding is counted once. It stands on both sides: the frame is H + 2·P high.",
)
def padding_once(H, W, K, S=1, P=0):
    counts = torch.zeros(H + P, W + P, dtype=torch.int64)
    for i in range(0, H + P - K + 1, S):
        for j in range(0, W + P - K + 1, S):
            counts[i : i + K, j : j + K] += 1
    return counts[P:, P:]


@misconception(
    "visit_counts",
    says="The last window is missing. Windows start at 0, S, 2·S, … up to H + 2·P − K itself, "
    "so that range needs the end H + 2·P − K + 1.",
)
def last_window_missing(H, W, K, S=1, P=0):
    counts = torch.zeros(H + 2 * P, W + 2 * P, dtype=torch.int64)
    for i in range(0, H + 2 * P - K, S):
        for j in range(0, W + 2 * P - K, S):
            counts[i : i + K, j : j + K] += 1
    return counts[P : P + H, P : P + W]


@misconception(
    "visit_counts",
    says="You count windows that hang over the edge of the frame. "
    "A slice is cut short without a word; let the start run only to H + 2·P − K.",
)
def windows_over_the_edge(H, W, K, S=1, P=0):
    counts = torch.zeros(H + 2 * P, W + 2 * P, dtype=torch.int64)
    for i in range(0, H + 2 * P, S):
        for j in range(0, W + 2 * P, S):
            counts[i : i + K, j : j + K] += 1
    return counts[P : P + H, P : P + W]


@misconception(
    "visit_counts",
    says="A negative start counts from the far end: counts[-1 : 2] is empty, and the windows that "
    "begin in the padding are lost. Count on the padded frame, or take max(start, 0).",
)
def negative_start(H, W, K, S=1, P=0):
    counts = torch.zeros(H, W, dtype=torch.int64)
    for i in range(-P, H + P - K + 1, S):
        for j in range(-P, W + P - K + 1, S):
            counts[i : i + K, j : j + K] += 1
    return counts


@misconception(
    "visit_counts",
    says="You mark only the pixel where a window starts. "
    "A window visits all of its K×K pixels: counts[i : i + K, j : j + K] += 1.",
)
def starts_only(H, W, K, S=1, P=0):
    counts = torch.zeros(H + 2 * P, W + 2 * P, dtype=torch.int64)
    for i in range(0, H + 2 * P - K + 1, S):
        for j in range(0, W + 2 * P - K + 1, S):
            counts[i, j] += 1
    return counts[P : P + H, P : P + W]


@misconception(
    "visit_counts",
    says="You note whether a pixel is visited, not how often. "
    "Add up the visits: += 1 instead of = 1.",
)
def overwritten(H, W, K, S=1, P=0):
    counts = torch.zeros(H + 2 * P, W + 2 * P, dtype=torch.int64)
    for i in range(0, H + 2 * P - K + 1, S):
        for j in range(0, W + 2 * P - K + 1, S):
            counts[i : i + K, j : j + K] = 1
    return counts[P : P + H, P : P + W]


@misconception(
    "visit_counts",
    says="You give every pixel the same number. K×K visits are right in the middle only: "
    "near the edge fewer windows reach a pixel. Let the windows count.",
)
def same_everywhere(H, W, K, S=1, P=0):
    return torch.full((H, W), K * K, dtype=torch.int64)


@misconception(
    "visit_counts",
    says="Height and width are exchanged. Return H rows and W columns.",
)
def height_and_width_exchanged(H, W, K, S=1, P=0):
    counts = torch.zeros(W + 2 * P, H + 2 * P, dtype=torch.int64)
    for i in range(0, W + 2 * P - K + 1, S):
        for j in range(0, H + 2 * P - K + 1, S):
            counts[i : i + K, j : j + K] += 1
    return counts[P : P + W, P : P + H]


@misconception(
    "visit_counts",
    says="You add the visits by row and by column. A window is chosen by its row and its column, "
    "so that the two numbers are multiplied.",
)
def rows_and_columns_added(H, W, K, S=1, P=0):
    def along(n):
        counts = torch.zeros(n + 2 * P, dtype=torch.int64)
        for i in range(0, n + 2 * P - K + 1, S):
            counts[i : i + K] += 1
        return counts[P : P + n]

    return along(H)[:, None] + along(W)[None, :]


@misconception(
    "visit_counts",
    says="The counts are right, but they are not whole numbers. "
    "torch.zeros(…) makes float32: say dtype=torch.int64, or end with .long().",
)
def counts_as_floats(H, W, K, S=1, P=0):
    counts = torch.zeros(H + 2 * P, W + 2 * P)
    for i in range(0, H + 2 * P - K + 1, S):
        for j in range(0, W + 2 * P - K + 1, S):
            counts[i : i + K, j : j + K] += 1
    return counts[P : P + H, P : P + W]


@alternative("visit_counts")
def rows_times_columns(H, W, K, S=1, P=0):
    def along(n):
        starts = torch.arange(0, n + 2 * P - K + 1, S) - P
        pixels = torch.arange(n)[:, None]
        return ((starts <= pixels) & (pixels < starts + K)).sum(1)

    return torch.outer(along(H), along(W))


@alternative("visit_counts")
def asked_by_gradient(H, W, K, S=1, P=0):
    image = torch.zeros(1, 1, H, W, dtype=torch.float64, requires_grad=True)
    ones = torch.ones(1, 1, K, K, dtype=torch.float64)
    F.conv2d(image, ones, stride=S, padding=P).sum().backward()
    return image.grad[0, 0].round().long()


@alternative("visit_counts")
def folded_back(H, W, K, S=1, P=0):
    windows = ((H + 2 * P - K) // S + 1) * ((W + 2 * P - K) // S + 1)
    return F.fold(torch.ones(K * K, windows), (H, W), K, stride=S, padding=P)[0].long()


@alternative("visit_counts")
def pixel_by_pixel(H, W, K, S=1, P=0):
    def visits(pixel, length):
        starts = range(0, length + 2 * P - K + 1, S)
        return sum(start <= pixel + P < start + K for start in starts)

    return torch.tensor([[visits(i, H) * visits(j, W) for j in range(W)] for i in range(H)])


@alternative("visit_counts")
def windows_clipped(H, W, K, S=1, P=0):
    counts = torch.zeros((H, W), dtype=torch.long)
    for top in range(-P, H + P - K + 1, S):
        for left in range(-P, W + P - K + 1, S):
            counts[max(top, 0) : max(top + K, 0), max(left, 0) : max(left + K, 0)] += 1
    return counts
