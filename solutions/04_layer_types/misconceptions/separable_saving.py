"""Wrong and other right solutions of `separable_saving`."""

import math

from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "separable_saving",
    says="You counted biases. The layers here have none: weights alone.",
)
def biases_counted(C_in, C_out, K):
    full = C_out * (C_in * K * K + 1)
    return full, C_in * (K * K + 1) + C_out * (C_in + 1)


@misconception(
    "separable_saving",
    says="Your kernels are lines of K weights. A kernel is K × K: write K².",
)
def kernels_as_lines(C_in, C_out, K):
    return C_in * C_out * K, C_in * K + C_in * C_out


@misconception(
    "separable_saving",
    says="Your depthwise step has a kernel for each filter. "
    "It has one for each channel that comes in: C_in · K².",
)
def a_kernel_for_each_filter(C_in, C_out, K):
    return C_in * C_out * K * K, C_out * K * K + C_in * C_out


@misconception(
    "separable_saving",
    says="Your depthwise step is a full convolution from C_in to C_in channels. "
    "A depthwise kernel sees one channel: C_in · K² weights in all.",
)
def depthwise_without_groups(C_in, C_out, K):
    return C_in * C_out * K * K, C_in * C_in * K * K + C_in * C_out


@misconception(
    "separable_saving",
    says="Your depthwise step has K² weights in all. Each channel has a kernel of its own: "
    "C_in · K².",
)
def one_kernel_for_all(C_in, C_out, K):
    return C_in * C_out * K * K, K * K + C_in * C_out


@misconception(
    "separable_saving",
    says="A pointwise filter is as deep as its input: it has C_in weights, one for each channel. "
    "The step has C_in · C_out.",
)
def pointwise_one_deep(C_in, C_out, K):
    return C_in * C_out * K * K, C_in * K * K + C_out


@misconception(
    "separable_saving",
    says="The pointwise step is missing: add its C_in · C_out weights.",
)
def pointwise_forgotten(C_in, C_out, K):
    return C_in * C_out * K * K, C_in * K * K


@misconception(
    "separable_saving",
    says="You multiplied the two steps' weights. They stand one after the other: add them.",
)
def steps_multiplied(C_in, C_out, K):
    return C_in * C_out * K * K, C_in * K * K * C_in * C_out


@misconception(
    "separable_saving",
    says="You counted lesson 02's separable kernels, a column and a row for each. Here the "
    "convolution is split into space and channels: C_in · K² depthwise, C_in · C_out pointwise.",
)
def column_and_row(C_in, C_out, K):
    return C_in * C_out * K * K, 2 * K * C_in * C_out


@misconception(
    "separable_saving",
    says="A filter of the full convolution is C_in channels deep: C_in · C_out · K² weights.",
)
def full_filters_flat(C_in, C_out, K):
    return C_out * K * K, C_in * K * K + C_in * C_out


@misconception(
    "separable_saving",
    says="The two numbers are exchanged: the full convolution comes first.",
)
def exchanged(C_in, C_out, K):
    return C_in * K * K + C_in * C_out, C_in * C_out * K * K


@misconception(
    "separable_saving",
    says="Return the two counts themselves, (full, separable), and not what is saved.",
)
def difference_returned(C_in, C_out, K):
    full = C_in * C_out * K * K
    return full, full - (C_in * K * K + C_in * C_out)


@misconception(
    "separable_saving",
    says="Return the two counts themselves, (full, separable), and not their quotient.",
)
def quotient_returned(C_in, C_out, K):
    return C_in * C_out * K * K / (C_in * K * K + C_in * C_out)


@alternative("separable_saving")
def counted_by_torch(C_in, C_out, K):
    full = nn.Conv2d(C_in, C_out, K, bias=False)
    steps = [
        nn.Conv2d(C_in, C_in, K, groups=C_in, bias=False),
        nn.Conv2d(C_in, C_out, 1, bias=False),
    ]
    return full.weight.numel(), sum(step.weight.numel() for step in steps)


@alternative("separable_saving")
def shapes_multiplied(C_in, C_out, K):
    shapes = {"full": (C_out, C_in, K, K), "deep": (C_in, 1, K, K), "point": (C_out, C_in, 1, 1)}
    count = {name: math.prod(shape) for name, shape in shapes.items()}
    return count["full"], count["deep"] + count["point"]


@alternative("separable_saving")
def channel_by_channel(C_in, C_out, K):
    full = separable = 0
    for _ in range(C_in):
        full += C_out * K**2
        separable += K**2 + C_out
    return [full, separable]
