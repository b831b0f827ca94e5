"""Wrong and other right solutions of `layers_to_see`."""

import math

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "layers_to_see",
    says="You count K steps for a layer. A window of K holds the present step and K − 1 before it, "
    "so that a layer of dilation D looks D·(K − 1) further back.",
)
def whole_window_counted(steps, K):
    plain = -(-steps // K)
    doubled = 0
    while (2**doubled - 1) * K < steps:
        doubled += 1
    return plain, doubled


@misconception(
    "layers_to_see",
    says="You round down: your layers stop short of the step. Round up, "
    "to the first number of layers that reaches it.",
)
def rounded_down(steps, K):
    plain = steps // (K - 1)
    return plain, int(math.log2(steps / (K - 1) + 1))


@misconception(
    "layers_to_see",
    says="You add a layer even where the division leaves nothing over. "
    "Layers that reach the step exactly are enough.",
)
def one_too_many(steps, K):
    plain = steps // (K - 1) + 1
    doubled = 0
    while (2**doubled - 1) * (K - 1) <= steps:
        doubled += 1
    return plain, doubled


@misconception(
    "layers_to_see",
    says="You compare the field with `steps`, and the field counts the present step too: "
    "it must be at least steps + 1 wide.",
)
def present_step_counted(steps, K):
    plain = 0
    while 1 + plain * (K - 1) < steps:
        plain += 1
    doubled = 0
    while 1 + (2**doubled - 1) * (K - 1) < steps:
        doubled += 1
    return plain, doubled


@misconception(
    "layers_to_see",
    says="You give half of the window to each side. A causal window looks back only: "
    "all of its K − 1 other places lie in the past.",
)
def half_to_each_side(steps, K):
    plain = -(-steps // (K // 2))
    doubled = 0
    while (2**doubled - 1) * (K // 2) < steps:
        doubled += 1
    return plain, doubled


@misconception(
    "layers_to_see",
    says="Your dilations begin with 2. The first layer has dilation 1: 1, 2, 4, 8, ….",
)
def dilations_from_two(steps, K):
    plain = -(-steps // (K - 1))
    doubled, seen = 0, 0
    while seen < steps:
        doubled += 1
        seen += 2**doubled * (K - 1)
    return plain, doubled


@misconception(
    "layers_to_see",
    says="You look at the last layer alone. What the layers look back adds up: "
    "(1 + 2 + 4 + …)·(K − 1).",
)
def last_layer_alone(steps, K):
    plain = -(-steps // (K - 1))
    doubled = 1
    while 2 ** (doubled - 1) * (K - 1) < steps:
        doubled += 1
    return plain, doubled


@misconception(
    "layers_to_see",
    says="Your dilations grow by one: 1, 2, 3, 4, …. They double: 1, 2, 4, 8, ….",
)
def dilations_grow_by_one(steps, K):
    plain = -(-steps // (K - 1))
    doubled, seen = 0, 0
    while seen < steps:
        doubled += 1
        seen += doubled * (K - 1)
    return plain, doubled


@misconception(
    "layers_to_see",
    says="You round the logarithm to the nearest number, which is sometimes too small. "
    "Round up: math.ceil.",
)
def rounded_to_the_nearest(steps, K):
    plain = -(-steps // (K - 1))
    return plain, round(math.log2(steps / (K - 1) + 1))


@misconception(
    "layers_to_see",
    says="The width K plays no part in your second number. "
    "Divide by K − 1 first: the dilations must add up to steps / (K − 1).",
)
def window_forgotten_when_doubling(steps, K):
    plain = -(-steps // (K - 1))
    return plain, math.ceil(math.log2(steps + 1))


@misconception(
    "layers_to_see",
    says="The two numbers are exchanged: first with all dilations 1, then with doubled ones.",
)
def exchanged(steps, K):
    plain = -(-steps // (K - 1))
    doubled = 0
    while (2**doubled - 1) * (K - 1) < steps:
        doubled += 1
    return doubled, plain


@misconception(
    "layers_to_see",
    says="Half a layer cannot be built. Round up to whole numbers: math.ceil.",
)
def parts_of_layers(steps, K):
    return steps / (K - 1), math.log2(steps / (K - 1) + 1)


@alternative("layers_to_see")
def binary_digits(steps, K):
    plain = math.ceil(steps / (K - 1))
    return plain, plain.bit_length()  # n ones in binary are 1 + 2 + 4 + …


@alternative("layers_to_see")
def layer_after_layer(steps, K):
    counts = []
    for growth in (1, 2):
        layers, reach, D = 0, 0, 1
        while reach < steps:
            reach += D * (K - 1)
            layers, D = layers + 1, D * growth
        counts.append(layers)
    return tuple(counts)


@alternative("layers_to_see")
def impulse_sent_through(steps, K):
    def needed(dilation_of):
        signal = torch.zeros(1, 1, steps + 1, dtype=torch.float64)
        signal[0, 0, 0] = 1  # does the last step come to know of the first?
        layers = 0
        while signal[0, 0, -1] == 0:
            D = min(dilation_of(layers), steps + 1)
            padded = F.pad(signal, (D * (K - 1), 0))
            signal = F.conv1d(padded, signal.new_ones(1, 1, K) / K, dilation=D)
            signal = (signal > 1e-12).double()
            layers += 1
        return layers

    return needed(lambda i: 1), needed(lambda i: 2**i)


@alternative("layers_to_see")
def by_the_formula(steps, K):
    reach = K - 1
    plain = (steps + reach - 1) // reach
    doubled = next(n for n in range(1, 99) if (2**n - 1) * reach >= steps)
    return plain, doubled
