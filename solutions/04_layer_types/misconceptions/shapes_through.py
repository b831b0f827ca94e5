"""Wrong and other right solutions of `shapes_through`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "shapes_through",
    says="You flatten the batch as well. Each example stays a row of its own: (N, C·H·W).",
)
def batch_flattened_too(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            count = 1
            for size in now:
                count *= size
            now = (count,)
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="You flatten height and width and keep the channels apart. "
    "A linear layer takes one row for each example: (N, C·H·W).",
)
def channels_kept_apart(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            now = (now[0], now[1], now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="You count the padding once. It stands on both sides: H + 2·P − K + 1.",
)
def padding_once(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + P - K + 1, now[3] + P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="Your convolution keeps the size, whatever K and P are. "
    "It does so only for P = (K − 1)/2; the rule is H + 2·P − K + 1.",
)
def convolution_keeps_the_size(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            now = (now[0], numbers[0], now[2], now[3])
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="The + 1 is missing: a window that just fits has one place. H + 2·P − K + 1.",
)
def one_missing(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K, now[3] + 2 * P - K)
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="You multiply the channels by C_out. Every filter looks at all channels and makes one "
    "map: after the convolution there are C_out.",
)
def channels_multiplied(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], now[1] * C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="You slide the pooling window by one pixel. It steps by its own size K: H // K.",
)
def pooling_slides_by_one(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], now[2] - numbers[0] + 1, now[3] - numbers[0] + 1)
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="You round up in the pooling. A window that does not fit is left out: H // K.",
)
def pooling_rounds_up(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], -(-now[2] // numbers[0]), -(-now[3] // numbers[0]))
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="Your pooling divides the channels too. It works within each map: C stays.",
)
def channels_pooled(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], *(size // numbers[0] for size in now[1:]))
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="You leave out the layers that do not change the shape. "
    "One shape belongs to every layer, also to a ReLU.",
)
def relu_left_out(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        else:
            continue
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="Your list begins with the input's shape. The first entry is the shape after the first "
    "layer: as many shapes as layers.",
)
def input_listed_too(layers, shape):
    now = tuple(shape)
    shapes = [now]
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="You return the last shape alone. Asked for is a list: the shape after each layer.",
)
def last_shape_only(layers, shape):
    now = tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            if now[-1] != numbers[0]:
                raise ValueError(f"expected {numbers[0]}, got {now[-1]}")
            now = (*now[:-1], numbers[1])
    return now


@misconception(
    "shapes_through",
    says="You believe every linear layer. Where F_in is not the number that arrives, "
    "raise ValueError.",
)
def linear_layers_believed(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@misconception(
    "shapes_through",
    says="You stop with an AssertionError. Whoever calls your function waits for a ValueError: "
    "`raise ValueError(…)`.",
)
def asserted(layers, shape):
    shapes, now = [], tuple(shape)
    for kind, *numbers in layers:
        if kind == "conv":
            C_out, K, P = numbers
            now = (now[0], C_out, now[2] + 2 * P - K + 1, now[3] + 2 * P - K + 1)
        elif kind == "pool":
            now = (now[0], now[1], now[2] // numbers[0], now[3] // numbers[0])
        elif kind == "flatten":
            now = (now[0], now[1] * now[2] * now[3])
        elif kind == "linear":
            assert now[-1] == numbers[0]
            now = (*now[:-1], numbers[1])
        shapes.append(now)
    return shapes


@alternative("shapes_through")
def tried_on_torch(layers, shape):
    x, shapes = torch.empty(shape, device="meta"), []
    for layer in layers:
        name, numbers = layer[0], layer[1:]
        if name == "conv":
            C_out, K, P = numbers
            x = F.conv2d(x, x.new_empty(C_out, x.shape[1], K, K), padding=P)
        if name == "pool":
            x = F.max_pool2d(x, numbers[0])
        if name == "flatten":
            x = x.flatten(1)
        if name == "linear":
            try:
                x = F.linear(x, x.new_empty(numbers[1], numbers[0]))
            except RuntimeError as error:
                raise ValueError(str(error)) from None
        shapes.append(tuple(x.shape))
    return shapes


@alternative("shapes_through")
def rule_for_each_kind(layers, shape):
    def conv(shape, C_out, K, P):
        N, _, *sides = shape
        return (N, C_out, *(side + 2 * P - K + 1 for side in sides))

    def pool(shape, K):
        return (*shape[:2], *(side // K for side in shape[2:]))

    def flatten(shape):
        features = 1
        for size in shape[1:]:
            features = features * size
        return shape[0], features

    def linear(shape, F_in, F_out):
        if shape[1:] != (F_in,):
            raise ValueError(f"the layer takes {F_in} features, {shape[1:]} arrive")
        return shape[0], F_out

    rules = {"conv": conv, "relu": tuple, "pool": pool, "flatten": flatten, "linear": linear}
    shapes = []
    for name, *settings in layers:
        shape = rules[name](tuple(shape), *settings)
        shapes.append(shape)
    return shapes


@alternative("shapes_through")
def one_layer_then_the_rest(layers, shape):
    if not layers:
        return []
    match layers[0]:
        case ("conv", C_out, K, P):
            grow = 2 * P - K + 1
            after = (shape[0], C_out, shape[2] + grow, shape[3] + grow)
        case ("pool", K):
            after = (shape[0], shape[1], shape[2] // K, shape[3] // K)
        case ("flatten",):
            after = (shape[0], torch.Size(shape[1:]).numel())
        case ("linear", F_in, F_out):
            if shape[-1] != F_in:
                raise ValueError("these layers do not fit together")
            after = (*shape[:-1], F_out)
        case _:
            after = tuple(shape)
    return [after, *shapes_through(layers[1:], after)]
