"""Wrong and other right solutions of `stack_or_kernel`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "stack_or_kernel",
    says="Your field grows by 3 pixels a layer. The windows of neighbours overlap: "
    "a 3×3 layer adds one pixel on each side, so the side is 2·n + 1.",
)
def three_pixels_a_layer(n, C):
    side = 3 * n
    return side, n * 9 * C * C, side * side * C * C


@misconception(
    "stack_or_kernel",
    says="Your field triples with each layer. It would if the stride were 3; "
    "with stride 1 each layer adds one pixel on each side: 2·n + 1.",
)
def field_triples(n, C):
    side = 3**n
    return side, n * 9 * C * C, side * side * C * C


@misconception(
    "stack_or_kernel",
    says="Your field grows on one side only. A 3×3 layer sees one pixel more to the left "
    "and one more to the right: 2·n + 1.",
)
def one_side_only(n, C):
    side = n + 2
    return side, n * 9 * C * C, side * side * C * C


@misconception(
    "stack_or_kernel",
    says="The first pixel is missing. No layer at all sees one pixel, "
    "and each layer adds two to the side: 2·n + 1.",
)
def pixel_itself_missing(n, C):
    side = 2 * n
    return side, n * 9 * C * C, side * side * C * C


@misconception(
    "stack_or_kernel",
    says="You return the field's area. The side is asked for: 2·n + 1 pixels.",
)
def area_for_side(n, C):
    side = 2 * n + 1
    return side * side, n * 9 * C * C, side * side * C * C


@misconception(
    "stack_or_kernel",
    says="You count one layer of the stack. There are n of them, and each has its own weights.",
)
def one_layer_counted(n, C):
    side = 2 * n + 1
    return side, 9 * C * C, side * side * C * C


@misconception(
    "stack_or_kernel",
    says="C is counted once. Each of the C filters is C channels deep: C · C kernels.",
)
def filters_one_deep(n, C):
    side = 2 * n + 1
    return side, n * 9 * C, side * side * C


@misconception(
    "stack_or_kernel",
    says="The channels are forgotten. Between C channels and C filters there are C · C kernels.",
)
def channels_forgotten(n, C):
    side = 2 * n + 1
    return side, n * 9, side * side


@misconception(
    "stack_or_kernel",
    says="Your large kernel is one row of weights. It is as high as it is wide: side · side.",
)
def kernel_of_one_row(n, C):
    side = 2 * n + 1
    return side, n * 9 * C * C, side * C * C


@misconception(
    "stack_or_kernel",
    says="You added a bias for each filter. The weights alone are compared here.",
)
def biases_added(n, C):
    side = 2 * n + 1
    return side, n * (9 * C * C + C), side * side * C * C + C


@misconception(
    "stack_or_kernel",
    says="You multiply the layers' weights with each other. "
    "Layers stand one after another, so their weights are added: n · 9 · C².",
)
def layers_multiplied(n, C):
    side = 2 * n + 1
    return side, (9 * C * C) ** n, side * side * C * C


@misconception(
    "stack_or_kernel",
    says="Your large kernel has nine weights. It has one for each pixel of its field, "
    "side · side, and that for each pair of channels.",
)
def kernel_stays_small(n, C):
    return 2 * n + 1, n * 9 * C * C, 9 * C * C


@misconception(
    "stack_or_kernel",
    says="Stack and kernel are exchanged. Return the side, then the stack, then the one kernel.",
)
def exchanged(n, C):
    side = 2 * n + 1
    return side, side * side * C * C, n * 9 * C * C


@alternative("stack_or_kernel")
def layers_on_paper(n, C):
    stack = nn.Sequential(*(nn.Conv2d(C, C, 3, bias=False, device="meta") for _ in range(n)))
    lost = 1000 - stack(torch.empty(1, C, 1000, 1000, device="meta")).shape[-1]
    one = nn.Conv2d(C, C, lost + 1, bias=False, device="meta")
    return lost + 1, sum(p.numel() for p in stack.parameters()), one.weight.numel()


@alternative("stack_or_kernel")
def layer_by_layer(n, C):
    side, weights = 1, 0
    for _ in range(n):
        side += 3 - 1
        weights += 3 * 3 * C**2
    return side, weights, side**2 * C**2


@alternative("stack_or_kernel")
def field_measured(n, C):
    line = torch.zeros(1, 1, 4 * n + 3)
    line[0, 0, 2 * n + 1] = 1
    for _ in range(n):
        line = F.conv1d(line, torch.ones(1, 1, 3), padding=1)
    side = int((line > 0).sum())
    return [side, C * C * sum([9] * n), C * side * C * side]
