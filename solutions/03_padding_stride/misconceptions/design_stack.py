"""Wrong and other right solutions of `design_stack`."""

import math

from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "design_stack",
    says="Your windows are smaller than their steps, so that most pixels are never looked at. "
    "Take K ≥ S in every layer.",
)
def pixels_skipped(budget):
    c = 1
    while 4 * (c + 1) ** 2 + 8 * (c + 1) <= budget:
        c += 1
    return [(3, c, 1, 2, 0)] + [(c, c, 1, 2, 0)] * 4


@misconception(
    "design_stack",
    says="You forgot the biases when you counted. Every filter has one: C_out·(C_in·K·K + 1).",
)
def biases_forgotten(budget):
    last = (budget - 162) // 18
    return [(3, 2, 3, 2, 1)] + [(2, 2, 3, 2, 1)] * 3 + [(2, last, 3, 2, 1)]


@misconception(
    "design_stack",
    says="You counted flat filters. "
    "A filter is as deep as its input: C_out·(C_in·K·K + 1) parameters in a layer.",
)
def flat_filters(budget):
    c = budget // 50  # 5 layers with c · (3 · 3 + 1) each
    return [(3, c, 3, 2, 1)] + [(c, c, 3, 2, 1)] * 4


@misconception(
    "design_stack",
    says="You counted K weights in each channel of a filter. A kernel has K rows and K columns: "
    "C_out·(C_in·K·K + 1) parameters in a layer.",
)
def side_instead_of_area(budget):
    c = 1
    while 12 * (c + 1) ** 2 + 14 * (c + 1) <= budget:
        c += 1
    return [(3, c, 3, 2, 1)] + [(c, c, 3, 2, 1)] * 4


@misconception(
    "design_stack",
    says="Each of your layers keeps to the budget, but they share it: "
    "the parameters of all layers together must be at most the budget.",
)
def budget_for_each_layer(budget):
    c = 1
    while 9 * (c + 1) ** 2 + (c + 1) <= budget:
        c += 1
    return [(3, c, 3, 2, 1)] + [(c, c, 3, 2, 1)] * 4


@misconception(
    "design_stack",
    says="Your channels do not chain. What a layer gives out, the next one takes in: "
    "its C_in is the C_out before it.",
)
def channels_do_not_chain(budget):
    c = budget // 140  # 5 layers with c · (3 · 9 + 1) each
    return [(3, c, 3, 2, 1)] * 5


@misconception(
    "design_stack",
    says="Your first layer does not take a colour image. It has three channels: C_in = 3.",
)
def not_from_three_channels(budget):
    c = 1
    while 45 * (c + 1) ** 2 + 5 * (c + 1) <= budget:
        c += 1
    return [(c, c, 3, 2, 1)] * 5


@misconception(
    "design_stack",
    says="The padding is missing, so that every layer loses a pixel more: 224 → 111 → … → 6. "
    "A 3×3 window with S = 2 halves an even size with P = 1.",
)
def padding_missing(budget):
    c = 1
    while 36 * (c + 1) ** 2 + 32 * (c + 1) <= budget:
        c += 1
    return [(3, c, 3, 2, 0)] + [(c, c, 3, 2, 0)] * 4


@misconception(
    "design_stack",
    says="You counted the padding once. It stands on both sides: "
    "a 4×4 window with S = 2 halves an even size with P = 1, while P = 2 leaves one pixel more.",
)
def padding_once(budget):
    c = 1
    while 64 * (c + 1) ** 2 + 53 * (c + 1) <= budget:
        c += 1
    return [(3, c, 4, 2, 2)] + [(c, c, 4, 2, 2)] * 4


@misconception(
    "design_stack",
    says="You halve four times and stop at 14. 224 = 7·32, and 32 = 2⁵: five halvings.",
)
def four_halvings(budget):
    c = 1
    while 27 * (c + 1) ** 2 + 31 * (c + 1) <= budget:
        c += 1
    return [(3, c, 3, 2, 1)] + [(c, c, 3, 2, 1)] * 3


@misconception(
    "design_stack",
    says="You halve once too often and end at 4. 224 = 7·32, and 32 = 2⁵: five halvings.",
)
def six_halvings(budget):
    c = 1
    while 45 * (c + 1) ** 2 + 33 * (c + 1) <= budget:
        c += 1
    return [(3, c, 3, 2, 1)] + [(c, c, 3, 2, 1)] * 5


@misconception(
    "design_stack",
    says="Your sizes stay at 224: with S = 1 and P = 1 a 3×3 window keeps them. "
    "Something must make them smaller, and here it is the stride.",
)
def never_smaller(budget):
    c = 1
    while 36 * (c + 1) ** 2 + 32 * (c + 1) <= budget:
        c += 1
    return [(3, c, 3, 1, 1)] + [(c, c, 3, 1, 1)] * 4


@misconception(
    "design_stack",
    says="No channel is left. One 32×32 filter over three channels has 3,073 parameters already: "
    "go down in several steps with small windows.",
)
def one_great_step(budget):
    return [(3, budget // 3073, 32, 32, 0)]


@misconception(
    "design_stack",
    says="You always give the same small stack. It keeps to the budget and wastes it: "
    "let the number of channels grow with the budget.",
)
def one_channel_always(budget):
    return [(3, 1, 3, 2, 1)] + [(1, 1, 3, 2, 1)] * 4


@misconception(
    "design_stack",
    says="You give a stack that you know, whatever the budget is. "
    "Count its parameters as the channels grow, and take as many as the budget pays for.",
)
def familiar_stack(budget):
    first = [(3, 32, 3, 2, 1), (32, 64, 3, 2, 1), (64, 128, 3, 2, 1)]
    return [*first, (128, 256, 3, 2, 1), (256, 512, 3, 2, 1)]


@misconception(
    "design_stack",
    says="The numbers of a layer stand in another order. Write (C_in, C_out, K, S, P).",
)
def other_order(budget):
    c = 1
    while 36 * (c + 1) ** 2 + 32 * (c + 1) <= budget:
        c += 1
    return [(3, 2, 1, 3, c)] + [(3, 2, 1, c, c)] * 4


@misconception(
    "design_stack",
    says="You return layers, or another object. "
    "Asked for is the plan: a list of tuples (C_in, C_out, K, S, P).",
)
def layers_built(budget):
    c = 1
    while 36 * (c + 1) ** 2 + 32 * (c + 1) <= min(budget, 100_000):
        c += 1
    later = [nn.Conv2d(c, c, 3, 2, 1) for _ in range(4)]
    return nn.Sequential(nn.Conv2d(3, c, 3, 2, 1), *later)


@alternative("design_stack")
def windows_side_by_side(budget):
    c = int((-17 + math.sqrt(17**2 + 64 * budget)) / 32)  # 16c² + 17c ≤ budget
    return [(3, c, 2, 2, 0)] + [(c, c, 2, 2, 0)] * 4


@alternative("design_stack")
def the_last_layer_takes_the_rest(budget):
    plan = [(3, 4, 3, 2, 1)] + [(4, 4, 3, 2, 1)] * 3
    spent = sum(c_out * (c_in * K * K + 1) for c_in, c_out, K, _, _ in plan)
    return [*plan, (4, (budget - spent) // (4 * 9 + 1), 3, 2, 1)]


@alternative("design_stack")
def widths_grow_in_turn(budget):
    def plan(widths):
        return [(a, b, 3, 2, 1) for a, b in zip([3, *widths[:-1]], widths, strict=True)]

    def cost(widths):
        return sum(c_out * (9 * c_in + 1) for c_in, c_out, *_ in plan(widths))

    widths, turn = [1, 1, 1, 1, 1], 0
    while True:
        wider = [w + (place == turn % 5) for place, w in enumerate(widths)]
        if cost(wider) > budget:
            return plan(widths)
        widths, turn = wider, turn + 1


@alternative("design_stack")
def patches_first(budget):
    def stack(c):
        return [[3, c, 4, 4, 0], [c, c, 4, 2, 1], [c, c, 4, 2, 1], [c, c, 2, 2, 0]]

    def cost(c):
        return sum(c_out * (c_in * K**2 + 1) for c_in, c_out, K, _, _ in stack(c))

    few, many = 1, budget
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (middle, many) if cost(middle) <= budget else (few, middle)
    return stack(few)
