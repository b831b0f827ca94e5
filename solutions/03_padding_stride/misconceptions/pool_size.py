"""Wrong and other right solutions of `pool_size`."""

import math

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "pool_size",
    says="Without S your windows move by one pixel. "
    "Pooling windows lie side by side unless something else is said: S = K when S is None.",
)
def stride_one_by_default(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = 1 if S is None else S
    reach = size + 2 * P - D * (K - 1) - 1
    out = (reach + (S - 1) * ceil_mode) // S + 1
    if ceil_mode and (out - 1) * S >= size + P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="Without S you move by the dilated window. "
    "The default step is K itself, not D·(K − 1) + 1.",
)
def stride_of_the_dilated_window(size, K, S=None, P=0, D=1, ceil_mode=False):
    span = D * (K - 1) + 1
    S = span if S is None else S
    out = (size + 2 * P - span + (S - 1) * ceil_mode) // S + 1
    if ceil_mode and (out - 1) * S >= size + P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="ceil_mode changes nothing in your answer. "
    "With it the division rounds up, so that a last window may hang over the edge.",
)
def always_rounded_down(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    return (size + 2 * P - D * (K - 1) - 1) // S + 1


@misconception(
    "pool_size",
    says="You always round up. Only ceil_mode=True does so; without it the division rounds down.",
)
def always_rounded_up(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    out = -(-(size + 2 * P - D * (K - 1) - 1) // S) + 1
    if (out - 1) * S >= size + P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="With ceil_mode you add a window in every case. "
    "Round up: where the division comes out even there is none to add.",
)
def one_more_in_every_case(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    out = (size + 2 * P - D * (K - 1) - 1) // S + 1 + ceil_mode
    if ceil_mode and (out - 1) * S >= size + P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="ceil_mode rounds up, and you round to the nearest number. "
    "Use math.ceil, or add S − 1 before you divide with //.",
)
def rounded_to_the_nearest(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    steps = (size + 2 * P - D * (K - 1) - 1) / S
    out = (round(steps) if ceil_mode else math.floor(steps)) + 1
    if ceil_mode and (out - 1) * S >= size + P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="Your last window would see nothing but padding. With ceil_mode it must start "
    "inside the image or the left padding: drop it when (out − 1)·S ≥ size + P.",
)
def last_window_kept(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    reach = size + 2 * P - D * (K - 1) - 1
    return (math.ceil(reach / S) if ceil_mode else reach // S) + 1


@misconception(
    "pool_size",
    says="You drop a window that still starts on the image. Starts are counted from the left "
    "padding on, so the image ends at size + P: drop it only when (out − 1)·S ≥ size + P.",
)
def left_padding_forgotten(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    reach = size + 2 * P - D * (K - 1) - 1
    out = (reach + (S - 1) * ceil_mode) // S + 1
    if ceil_mode and (out - 1) * S >= size:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="Your last window starts just behind the image, in the right padding. "
    "Pixels are counted from 0, so size + P is outside already: compare with ≥, not with >.",
)
def one_place_too_far(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    reach = size + 2 * P - D * (K - 1) - 1
    out = (reach + (S - 1) * ceil_mode) // S + 1
    if ceil_mode and (out - 1) * S > size + P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="Your last window may start in the right padding. Torch drops such a window: "
    "the limit is size + P, with the left padding only.",
)
def right_padding_counted(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    reach = size + 2 * P - D * (K - 1) - 1
    out = (reach + (S - 1) * ceil_mode) // S + 1
    if ceil_mode and (out - 1) * S >= size + 2 * P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="The floor is missing, so that there is part of a window. "
    "Without ceil_mode divide with // instead of /.",
)
def floor_forgotten(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    steps = (size + 2 * P - D * (K - 1) - 1) / S
    out = (math.ceil(steps) if ceil_mode else steps) + 1
    if ceil_mode and (out - 1) * S >= size + P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="The padding is counted once. It stands on both sides: add 2·P, not P.",
)
def padding_once(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    reach = size + P - D * (K - 1) - 1
    out = (reach + (S - 1) * ceil_mode) // S + 1
    if ceil_mode and (out - 1) * S >= size + P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="The + 1 is missing. The division counts the steps, "
    "and there is one window more than there are steps: the first one.",
)
def one_missing(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    reach = size + 2 * P - D * (K - 1) - 1
    out = (reach + (S - 1) * ceil_mode) // S
    if ceil_mode and out * S >= size + P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="You only divide by the stride, which is right only for windows side by side. "
    "The window counts too: (size + 2·P − D·(K − 1) − 1) // S + 1.",
)
def stride_alone(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    return math.ceil((size + 2 * P) / S) if ceil_mode else (size + 2 * P) // S


@misconception(
    "pool_size",
    says="A dilated window does not cover K·D pixels. K places have K − 1 gaps between them, "
    "each D pixels wide, and the last place ends it: D·(K − 1) + 1.",
)
def dilation_as_product(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    out = (size + 2 * P - D * K + (S - 1) * ceil_mode) // S + 1
    if ceil_mode and (out - 1) * S >= size + P:
        out -= 1
    return out


@misconception(
    "pool_size",
    says="The dilation is left out. It pulls the window's places apart, "
    "so that it covers D·(K − 1) + 1 pixels instead of K.",
)
def dilation_ignored(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = K if S is None else S
    out = (size + 2 * P - K + (S - 1) * ceil_mode) // S + 1
    if ceil_mode and (out - 1) * S >= size + P:
        out -= 1
    return out


@alternative("pool_size")
def starts_listed(size, K, S=None, P=0, D=1, ceil_mode=False):
    step = K if S is None else S
    last = size + 2 * P - D * (K - 1) - 1  # the last start whose window stays inside
    starts = list(range(0, last + 1, step))
    following = starts[-1] + step
    if ceil_mode and starts[-1] < last and following < P + size:
        starts.append(following)
    return len(starts)


@alternative("pool_size")
def ask_torch(size, K, S=None, P=0, D=1, ceil_mode=False):
    pool = torch.nn.MaxPool1d(K, S, P, D, ceil_mode=ceil_mode)
    return pool(torch.zeros(1, 1, size)).shape[-1]


@alternative("pool_size")
def least_of_two(size, K, S=None, P=0, D=1, ceil_mode=False):
    S = S or K
    steps = (size + 2 * P - D * (K - 1) - 1) / S
    if not ceil_mode:
        return math.floor(steps) + 1
    starts_on_the_image = math.ceil((size + P) / S)
    return min(math.ceil(steps) + 1, starts_on_the_image)


@alternative("pool_size")
def line_made_longer(size, K, S=None, P=0, D=1, ceil_mode=False):
    step, window, line = S or K, D * (K - 1) + 1, size + 2 * P
    while ceil_mode and (line - window) % step:
        line += 1  # room for a last window that hangs over the edge
    starts = range(0, line - window + 1, step)
    return len([start for start in starts if start < P + size])
