"""Wrong and other right solutions of `conv_cost`."""

import torch
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "conv_cost",
    says="You count the biases as multiply–adds. "
    "A bias is added and never multiplied: only the weights are, once for every place of the map.",
)
def bias_multiplied_too(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    parameters = C_out * (C_in // groups) * K * K + (C_out if bias else 0)
    return parameters, parameters * H_out * W_out


@misconception(
    "conv_cost",
    says="Multiplying and adding are counted as two. "
    "One multiply–add is both together; whoever counts them singly speaks of FLOPs.",
)
def counted_as_two(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * (C_in // groups) * K * K
    return weights + (C_out if bias else 0), 2 * weights * H_out * W_out


@misconception(
    "conv_cost",
    says="The groups are forgotten. A filter then sees only C_in / groups channels, "
    "so both numbers are smaller.",
)
def groups_forgotten(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * C_in * K * K
    return weights + (C_out if bias else 0), weights * H_out * W_out


@misconception(
    "conv_cost",
    says="The groups are forgotten in the multiply–adds. "
    "There is one for every weight and place, so fewer weights multiply less.",
)
def groups_save_no_work(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * (C_in // groups) * K * K
    return weights + (C_out if bias else 0), C_out * C_in * K * K * H_out * W_out


@misconception(
    "conv_cost",
    says="You divide by the groups twice. Each filter sees C_in / groups channels, "
    "but there are still C_out filters: divide once.",
)
def divided_twice(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = (C_out // groups) * (C_in // groups) * K * K
    return weights + (C_out if bias else 0), weights * H_out * W_out


@misconception(
    "conv_cost",
    says="You divide the biases by the groups too. "
    "Each of the C_out filters has one of its own, with and without groups.",
)
def biases_grouped(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * C_in * K * K // groups
    return weights + (C_out // groups if bias else 0), weights * H_out * W_out


@misconception(
    "conv_cost",
    says="More groups make your layer dearer. Groups cut it into parts that do not see "
    "each other: divide by them, do not multiply.",
)
def multiplied_by_the_groups(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = groups * C_out * C_in * K * K
    return weights + (C_out if bias else 0), weights * H_out * W_out


@misconception(
    "conv_cost",
    says="The places are missing: each weight is used once at every one of the "
    "H_out · W_out places of the map.",
)
def one_place_only(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * (C_in // groups) * K * K
    return weights + (C_out if bias else 0), weights


@misconception(
    "conv_cost",
    says="You take the map for a square. It has H_out · W_out places.",
)
def square_maps(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * (C_in // groups) * K * K
    return weights + (C_out if bias else 0), weights * H_out * H_out


@misconception(
    "conv_cost",
    says="K is counted once. A kernel is K high and K wide: K · K weights for each channel.",
)
def kernel_of_one_row(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * (C_in // groups) * K
    return weights + (C_out if bias else 0), weights * H_out * W_out


@misconception(
    "conv_cost",
    says="Your filters are one channel deep. Each looks at C_in / groups channels: "
    "that many kernels of K · K weights.",
)
def filters_one_deep(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * K * K
    return weights + (C_out if bias else 0), weights * H_out * W_out


@misconception(
    "conv_cost",
    says="The biases are left out. With bias=True there is one for each of the C_out filters.",
)
def bias_left_out(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * (C_in // groups) * K * K
    return weights, weights * H_out * W_out


@misconception(
    "conv_cost",
    says="The biases are counted even with bias=False. Add C_out only where bias is true.",
)
def bias_always(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * (C_in // groups) * K * K
    return weights + C_out, weights * H_out * W_out


@misconception(
    "conv_cost",
    says="You count one bias for the layer. Each of the C_out filters has its own.",
)
def one_bias_for_all(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * (C_in // groups) * K * K
    return weights + bias, weights * H_out * W_out


@misconception(
    "conv_cost",
    says="You count a bias for each channel that comes in. "
    "A bias belongs to a filter, so there are C_out.",
)
def bias_of_the_input(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * (C_in // groups) * K * K
    return weights + (C_in if bias else 0), weights * H_out * W_out


@misconception(
    "conv_cost",
    says="Your two numbers are exchanged. Return the parameters first, then the multiply–adds.",
)
def exchanged(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    weights = C_out * (C_in // groups) * K * K
    return weights * H_out * W_out, weights + (C_out if bias else 0)


@alternative("conv_cost")
def group_by_group(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    parameters = macs = 0
    for _ in range(groups):
        weights = (C_in // groups) * (C_out // groups) * K**2
        parameters += weights
        macs += weights * H_out * W_out
    if bias:
        parameters += C_out
    return parameters, macs


@alternative("conv_cost")
def layer_on_paper(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    layer = nn.Conv2d(C_in, C_out, K, groups=groups, bias=bias, device="meta")
    macs = H_out * W_out * layer.weight.numel()
    return sum(p.numel() for p in layer.parameters()), macs


@alternative("conv_cost")
def number_by_number(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    window = torch.Size((C_in // groups, K, K)).numel()  # multiply-adds for one number of the map
    numbers = torch.Size((C_out, H_out, W_out)).numel()
    return C_out * (window + int(bias)), numbers * window


@alternative("conv_cost")
def divided_at_the_end(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    dense = K * K * C_in * C_out
    return [dense / groups + bias * C_out, dense * H_out * W_out / groups]
