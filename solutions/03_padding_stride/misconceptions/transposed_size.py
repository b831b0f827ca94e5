"""Wrong and other right solutions of `transposed_size`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "transposed_size",
    says="A dilated window does not cover K·D pixels. K weights have K − 1 gaps between them, "
    "each D pixels wide, and the last weight ends it: D·(K − 1) + 1.",
)
def dilation_as_product(size, K, S=1, P=0, output_padding=0, D=1):
    return (size - 1) * S - 2 * P + D * K + output_padding


@misconception(
    "transposed_size",
    says="You widened the window by D − 1 only once. "
    "Each of the K − 1 gaps between the weights grows: D·(K − 1) + 1 pixels.",
)
def one_gap_only(size, K, S=1, P=0, output_padding=0, D=1):
    return (size - 1) * S - 2 * P + K + D - 1 + output_padding


@misconception(
    "transposed_size",
    says="The + 1 at the end is missing. D·(K − 1) is the way from a window's first pixel to its "
    "last; the window covers one pixel more.",
)
def one_missing(size, K, S=1, P=0, output_padding=0, D=1):
    return (size - 1) * S - 2 * P + D * (K - 1) + output_padding


@misconception(
    "transposed_size",
    says="You take a step for every pixel. Between size pixels there are size − 1 steps: "
    "(size − 1)·S.",
)
def one_step_too_many(size, K, S=1, P=0, output_padding=0, D=1):
    return size * S - 2 * P + D * (K - 1) + output_padding + 1


@misconception(
    "transposed_size",
    says="You only multiply by the stride, which is right for K = S and no padding alone. "
    "The window and the padding count too: (size − 1)·S − 2·P + D·(K − 1) + output_padding + 1.",
)
def stride_alone(size, K, S=1, P=0, output_padding=0, D=1):
    return size * S + output_padding


@misconception(
    "transposed_size",
    says="You add the padding. A transposed convolution undoes the sizes of a convolution: "
    "there padding made the map larger, here it is cut off. Subtract 2·P.",
)
def padding_added(size, K, S=1, P=0, output_padding=0, D=1):
    return (size - 1) * S + 2 * P + D * (K - 1) + output_padding + 1


@misconception(
    "transposed_size",
    says="The padding is cut off once. It goes from both sides: subtract 2·P, not P.",
)
def padding_once(size, K, S=1, P=0, output_padding=0, D=1):
    return (size - 1) * S - P + D * (K - 1) + output_padding + 1


@misconception(
    "transposed_size",
    says="The padding is left out. A transposed convolution cuts P pixels off each side: "
    "subtract 2·P.",
)
def padding_ignored(size, K, S=1, P=0, output_padding=0, D=1):
    return (size - 1) * S + D * (K - 1) + output_padding + 1


@misconception(
    "transposed_size",
    says="The output padding is counted twice. "
    "It is added at one end only, to choose among the sizes that the floor threw together.",
)
def output_padding_twice(size, K, S=1, P=0, output_padding=0, D=1):
    return (size - 1) * S - 2 * P + D * (K - 1) + 2 * output_padding + 1


@misconception(
    "transposed_size",
    says="The output padding is left out. Add it once: it is so many pixels more at the end.",
)
def output_padding_ignored(size, K, S=1, P=0, output_padding=0, D=1):
    return (size - 1) * S - 2 * P + D * (K - 1) + 1


@misconception(
    "transposed_size",
    says="You multiply the output padding by the stride. "
    "It is counted in pixels of the output: add it after the multiplication.",
)
def output_padding_times_stride(size, K, S=1, P=0, output_padding=0, D=1):
    return (size - 1 + output_padding) * S - 2 * P + D * (K - 1) + 1


@misconception(
    "transposed_size",
    says="The dilation is left out. It pulls the weights apart, "
    "so that a window covers D·(K − 1) + 1 pixels instead of K.",
)
def dilation_ignored(size, K, S=1, P=0, output_padding=0, D=1):
    return (size - 1) * S - 2 * P + K + output_padding


@misconception(
    "transposed_size",
    says="That is the size of an ordinary convolution. The transposed one goes the other way: "
    "solve out = (size + 2·P − K_eff) / S + 1 for the size.",
)
def ordinary_convolution(size, K, S=1, P=0, output_padding=0, D=1):
    return (size + 2 * P - D * (K - 1) - 1) // S + 1 + output_padding


@alternative("transposed_size")
def ask_torch(size, K, S=1, P=0, output_padding=0, D=1):
    layer = torch.nn.ConvTranspose1d(1, 1, K, S, P, output_padding, dilation=D, device="meta")
    return layer(torch.empty(1, 1, size, device="meta")).shape[-1]


@alternative("transposed_size")
def windows_laid_out(size, K, S=1, P=0, output_padding=0, D=1):
    touched = [i * S + k * D for i in range(size) for k in range(K)]
    return max(touched) + 1 - 2 * P + output_padding


@alternative("transposed_size")
def zeros_between_the_pixels(size, K, S=1, P=0, output_padding=0, D=1):
    spread = size + (size - 1) * (S - 1)  # S − 1 zeros between two neighbours
    window = K + (K - 1) * (D - 1)
    padded = spread + 2 * (window - 1 - P) + output_padding
    return padded - window + 1


@alternative("transposed_size")
def least_size_that_gives_it(size, K, S=1, P=0, output_padding=0, D=1):
    window, wanted = D * (K - 1) + 1, 1 - 2 * P
    while (wanted + 2 * P - window) // S + 1 < size:
        wanted += 1
    return wanted + output_padding
