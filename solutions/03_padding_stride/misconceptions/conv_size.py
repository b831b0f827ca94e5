"""Wrong and other right solutions of `conv_size`."""

import math

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "conv_size",
    says="The floor is missing, so that there is half a window. "
    "A window fits wholly or not at all: divide with // instead of /.",
)
def floor_forgotten(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - span) / s + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="You round to the nearest number. "
    "Part of a step is no step, however large the part: divide with //, which rounds down.",
)
def rounded(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append(round((n + 2 * p - span) / s + 1))
    return tuple(sizes)


@misconception(
    "conv_size",
    says="You round to the nearest number before adding 1. "
    "Part of a step is no step, however large the part: divide with //, which rounds down.",
)
def rounded_before_the_one(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append(round((n + 2 * p - span) / s) + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="You round up, and so count a window that hangs over the edge. "
    "A convolution drops it: divide with //, which rounds down.",
)
def rounded_up(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append(math.ceil((n + 2 * p - span) / s) + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="The padding is counted once. It stands on both sides: add 2·P, not P.",
)
def padding_once(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + p < span:
            raise ValueError("no window fits")
        sizes.append((n + p - span) // s + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="A dilated window does not cover K·D pixels. K weights have K − 1 gaps between them, "
    "each D pixels wide, and the last weight ends it: D·(K − 1) + 1.",
)
def dilation_as_product(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = k * d
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - span) // s + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="The + 1 is missing. The division counts the steps, "
    "and there is one window more than there are steps: the first one.",
)
def one_missing(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - span) // s)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="You divide the + 1 by the stride too. "
    "The first window takes no step: (…) // S + 1, with the 1 after the division.",
)
def one_divided_too(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - span + 1) // s)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="You apply the stride before the padding. The padding is laid around the image first, "
    "and the windows step over it too: 2·P belongs inside the division.",
)
def stride_before_padding(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append((n - span) // s + 2 * p + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="You divide the image by the stride first. The stride is the step between windows: "
    "take the window off the padded image, and only then divide.",
)
def image_divided_first(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append(n // s + 2 * p - span + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="You only divide the image by the stride. "
    "The window and the padding count too: (n + 2·P − K_eff) // S + 1.",
)
def stride_alone(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            raise ValueError("no window fits")
        sizes.append(n // s)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="You widened the window by D − 1 only once. "
    "Each of the K − 1 gaps between the weights grows: D·(K − 1) + 1 pixels.",
)
def one_gap_only(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = k + d - 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - span) // s + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="Your window is one pixel too short. "
    "D·(K − 1) is the way from the first weight to the last; the window covers one pixel more.",
)
def window_one_short(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1)
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - span) // s + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="The dilation is left out. It pulls the weights apart, "
    "so that the window covers D·(K − 1) + 1 pixels instead of K.",
)
def dilation_ignored(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P)]
    sizes = []
    for n, k, s, p in zip((H, W), *pairs, strict=True):
        if n + 2 * p < k:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - k) // s + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="Height and width of your answer are exchanged. Return (H_out, W_out), the height first.",
)
def answer_exchanged(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - span) // s + 1)
    return sizes[1], sizes[0]


@misconception(
    "conv_size",
    says="You read the pairs width first, as F.pad does. "
    "In Conv2d the first number of a pair is for the height: K_h, K_w = K.",
)
def pairs_exchanged(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((W, H), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n + 2 * p < span:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - span) // s + 1)
    return sizes[1], sizes[0]


@misconception(
    "conv_size",
    says="You use the height's number of each pair for the width as well. "
    "Each axis has its own: the second number of a pair is for the width.",
)
def first_of_each_pair(H, W, K, S=1, P=0, D=1):
    k, s, p, d = (v if isinstance(v, int) else v[0] for v in (K, S, P, D))
    span = d * (k - 1) + 1
    if min(H, W) + 2 * p < span:
        raise ValueError("no window fits")
    return (H + 2 * p - span) // s + 1, (W + 2 * p - span) // s + 1


@misconception(
    "conv_size",
    says="A number comes as a pair here, and you calculate with it as if it were one number. "
    "Turn every setting into a pair first: (v, v) where v is an int.",
)
def numbers_only(H, W, K, S=1, P=0, D=1):
    span = D * (K - 1) + 1
    if min(H, W) + 2 * P < span:
        raise ValueError("no window fits")
    return (H + 2 * P - span) // S + 1, (W + 2 * P - span) // S + 1


@misconception(
    "conv_size",
    says="A number comes as a pair here, and you calculate with it as if it were one number. "
    "Turn every setting into a pair first: (v, v) where v is an int.",
)
def numbers_only_in_one_formula(H, W, K, S=1, P=0, D=1):
    height = (H + 2 * P - D * (K - 1) - 1) // S + 1
    width = (W + 2 * P - D * (K - 1) - 1) // S + 1
    if height < 1 or width < 1:
        raise ValueError("no window fits")
    return height, width


@misconception(
    "conv_size",
    says="You compare K with the image, but it is the dilated window that must fit: "
    "raise ValueError when n + 2·P < D·(K − 1) + 1.",
)
def undilated_window_compared(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        if n + 2 * p < k:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - d * (k - 1) - 1) // s + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="No window fits here, and you answer with 0 instead of an error. "
    "Raise ValueError: an empty map only hides the mistake until later.",
)
def zero_without_error(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        sizes.append(max(0, (n + 2 * p - span) // s + 1))
    return tuple(sizes)


@misconception(
    "conv_size",
    says="No window fits here, and you answer with a size all the same. "
    "Raise ValueError when the padded image is smaller than the window: n + 2·P < D·(K − 1) + 1.",
)
def never_an_error(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        sizes.append((n + 2 * p - d * (k - 1) - 1) // s + 1)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="int(…) cuts towards zero, so that −0.5 becomes 0 and a window seems to fit. "
    "// rounds down, also below zero; or compare n + 2·P with the window before you divide.",
)
def cut_towards_zero(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        size = int((n + 2 * p - d * (k - 1) - 1) / s) + 1
        if size < 1:
            raise ValueError("no window fits")
        sizes.append(size)
    return tuple(sizes)


@misconception(
    "conv_size",
    says="You refuse a window that fits: compare it with the padded image, n + 2·P, "
    "not with the image alone.",
)
def padding_helps_no_window(H, W, K, S=1, P=0, D=1):
    pairs = [(v, v) if isinstance(v, int) else v for v in (K, S, P, D)]
    sizes = []
    for n, k, s, p, d in zip((H, W), *pairs, strict=True):
        span = d * (k - 1) + 1
        if n < span:
            raise ValueError("no window fits")
        sizes.append((n + 2 * p - span) // s + 1)
    return tuple(sizes)


@alternative("conv_size")
def starts_counted(H, W, K, S=1, P=0, D=1):
    def count(axis):
        k, s, p, d = (v if isinstance(v, int) else v[axis] for v in (K, S, P, D))
        starts = range(0, (H, W)[axis] + 2 * p - d * (k - 1), s)
        if not starts:
            raise ValueError(f"a window of {k} pixels with dilation {d} does not fit")
        return len(starts)

    return count(0), count(1)


@alternative("conv_size")
def ask_torch(H, W, K, S=1, P=0, D=1):
    layer = torch.nn.Conv2d(1, 1, K, S, P, D, device="meta")
    try:
        return tuple(layer(torch.empty(1, 1, H, W, device="meta")).shape[2:])
    except RuntimeError as error:
        raise ValueError(str(error)) from None


@alternative("conv_size")
def window_pushed_along(H, W, K, S=1, P=0, D=1):
    sizes = []
    for axis, length in enumerate((H, W)):
        k, s, p, d = [v[axis] if isinstance(v, tuple | list) else v for v in (K, S, P, D)]
        last_pixel, windows = d * (k - 1), 0
        while last_pixel < length + 2 * p:
            last_pixel += s
            windows += 1
        if windows == 0:
            raise ValueError("the window is larger than the padded image")
        sizes.append(windows)
    return sizes


@alternative("conv_size")
def rounded_down_by_hand(H, W, K, S=1, P=0, D=1):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = (
        v if isinstance(v, tuple) else (v, v) for v in (K, S, P, D)
    )
    height = math.floor((H + 2 * ph - dh * (kh - 1) - 1) / sh + 1)
    width = math.floor((W + 2 * pw - dw * (kw - 1) - 1) / sw + 1)
    if height <= 0 or width <= 0:
        raise ValueError(f"({height}, {width}) is no size")
    return height, width
