"""Wrong and other right solutions of `receptive_field`."""

from autograder.misconceptions import alternative, misconception


@misconception(
    "receptive_field",
    says="You add the windows without the strides below them. A step of a layer is as many pixels "
    "wide as the product of all earlier strides: add D·(K − 1) · that product.",
)
def strides_ignored(layers):
    field = 1
    for K, _, D in layers:
        field += D * (K - 1)
    return field


@misconception(
    "receptive_field",
    says="You count a layer's own stride for its own window. "
    "Its stride only spreads the layers above: widen the field first, then multiply the step.",
)
def own_stride_too_early(layers):
    field, step = 1, 1
    for K, S, D in layers:
        step *= S
        field += D * (K - 1) * step
    return field


@misconception(
    "receptive_field",
    says="You use the stride of the last layer only. "
    "Steps grow with every stride on the way: take the product of all earlier ones.",
)
def last_stride_only(layers):
    field, step = 1, 1
    for K, S, D in layers:
        field += D * (K - 1) * step
        step = S
    return field


@misconception(
    "receptive_field",
    says="You add up the strides. Two layers with stride 2 make steps of 4 pixels, three of them "
    "8: multiply.",
)
def strides_added(layers):
    field, step = 1, 0
    for K, S, D in layers:
        field += D * (K - 1) * max(step, 1)
        step += S
    return field


@misconception(
    "receptive_field",
    says="You go through the layers from the last to the first, but widen the field by the strides "
    "you have passed. The steps of a layer are set by the layers below: start at the image.",
)
def from_the_top(layers):
    field, step = 1, 1
    for K, S, D in reversed(layers):
        field += D * (K - 1) * step
        step *= S
    return field


@misconception(
    "receptive_field",
    says="You start at 0. Without any layer a pixel sees itself: start with a field of 1.",
)
def start_at_zero(layers):
    field, step = 0, 1
    for K, S, D in layers:
        field += D * (K - 1) * step
        step *= S
    return field


@misconception(
    "receptive_field",
    says="You add whole windows. Neighbouring windows overlap in all but one step, "
    "so that a layer adds K − 1 steps, not K.",
)
def whole_windows_added(layers):
    field, step = 1, 1
    for K, S, D in layers:
        field += D * K * step
        step *= S
    return field


@misconception(
    "receptive_field",
    says="You add up the kernels' sizes. Two 3×3 layers see 5 pixels, not 6: "
    "start with 1 and add K − 1 steps for each layer.",
)
def kernels_summed(layers):
    return sum(K for K, _, _ in layers)


@misconception(
    "receptive_field",
    says="You multiply the kernels' sizes. Windows of neighbours overlap: two 3×3 layers see "
    "5 pixels, not 9. Add (K − 1) steps for each layer.",
)
def kernels_multiplied(layers):
    field = 1
    for K, _, _ in layers:
        field *= K
    return field


@misconception(
    "receptive_field",
    says="The dilation is left out. "
    "It pulls a window's weights apart: a layer adds D·(K − 1) steps instead of K − 1.",
)
def dilation_ignored(layers):
    field, step = 1, 1
    for K, S, _ in layers:
        field += (K - 1) * step
        step *= S
    return field


@misconception(
    "receptive_field",
    says="A dilated window does not reach over K·D pixels. It has K − 1 gaps, each D wide: "
    "a layer adds D·(K − 1) steps, not K·D − 1.",
)
def dilation_as_product(layers):
    field, step = 1, 1
    for K, S, D in layers:
        field += (K * D - 1) * step
        step *= S
    return field


@misconception(
    "receptive_field",
    says="You let a dilation spread the layers above as well. "
    "It pulls only its own weights apart: the step grows by the strides alone.",
)
def dilation_carried_on(layers):
    field, step = 1, 1
    for K, S, D in layers:
        field += D * (K - 1) * step
        step *= S * D
    return field


@misconception(
    "receptive_field",
    says="Going back you take S steps for each pixel of the field. Between field pixels there are "
    "field − 1 steps: field = (field − 1)·S + D·(K − 1) + 1.",
)
def one_step_too_many_back(layers):
    field = 1
    for K, S, D in reversed(layers):
        field = field * S + D * (K - 1)
    return field


@misconception(
    "receptive_field",
    says="That is how many pixels the field holds. The answer is its side, before squaring.",
)
def area_instead_of_side(layers):
    field, step = 1, 1
    for K, S, D in layers:
        field += D * (K - 1) * step
        step *= S
    return field**2


@alternative("receptive_field")
def back_from_one_pixel(layers):
    field = 1
    for K, S, D in reversed(layers):
        field = (field - 1) * S + D * (K - 1) + 1
    return field


@alternative("receptive_field")
def layer_below_first(layers):
    if not layers:
        return 1
    (K, S, D), *above = layers
    return S * (receptive_field(above) - 1) + D * (K - 1) + 1


@alternative("receptive_field")
def edges_followed(layers):
    first = last = 0  # the outermost pixels seen, layer by layer downwards
    for K, S, D in layers[::-1]:
        first, last = first * S, last * S + D * (K - 1)
    return last - first + 1


@alternative("receptive_field")
def size_for_one_output(layers):
    def outputs(size):
        for K, S, D in layers:
            size = (size - D * (K - 1) - 1) // S + 1
            if size < 1:
                return 0
        return size

    size = 1
    while outputs(size) < 1:
        size += 1
    return size


@alternative("receptive_field")
def strides_multiplied_up(layers):
    steps = [1]
    for _, S, _ in layers:
        steps.append(steps[-1] * S)
    gaps = [D * (K - 1) for K, _, D in layers]
    return 1 + sum(gap * step for gap, step in zip(gaps, steps[:-1], strict=True))
