"""Wrong and other right solutions of `seven_filter_layer`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "seven_filter_layer",
    says="Your layer still has a bias, be it zero. A filter has none: nn.Conv2d(…, bias=False).",
)
def bias_of_zero():
    layer = nn.Conv2d(1, 7, 3)
    layer.weight.data = torch.stack(list(seven_kernels().values()))[:, None]
    nn.init.zeros_(layer.bias)
    return layer


@misconception(
    "seven_filter_layer",
    says="Your seven filters stand in alphabetical order. Keep the order of seven_kernels().",
)
def in_alphabetical_order():
    kernels = seven_kernels()
    layer = nn.Conv2d(1, 7, 3, bias=False)
    layer.weight.data = torch.stack([kernels[name] for name in sorted(kernels)])[:, None]
    return layer


@misconception(
    "seven_filter_layer",
    says="All seven filters are the emboss kernel, the last one of your loop. "
    "Write each into its own place: weight[i, 0] = kernel.",
)
def last_kernel_everywhere():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    with torch.no_grad():
        for kernel in seven_kernels().values():
            layer.weight[:] = kernel
    return layer


@misconception(
    "seven_filter_layer",
    says="Your filters are turned by 180°. "
    "nn.Conv2d slides its weights as they are, so the kernels go in as they are.",
)
def kernels_flipped():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    layer.weight.data = torch.stack(list(seven_kernels().values()))[:, None].flip(2, 3)
    return layer


@misconception(
    "seven_filter_layer",
    says="Rows and columns of your filters are exchanged, and so are Sobel X and Sobel Y. "
    "Put the kernels in as they are.",
)
def kernels_transposed():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    layer.weight.data = torch.stack([kernel.T for kernel in seven_kernels().values()])[:, None]
    return layer


@misconception(
    "seven_filter_layer",
    says="Your maps keep the size of the image: padding=1 puts zeros beyond the border. "
    "Leave the padding away.",
)
def padded():
    layer = nn.Conv2d(1, 7, 3, padding=1, bias=False)
    layer.weight.data = torch.stack(list(seven_kernels().values()))[:, None]
    return layer


@misconception(
    "seven_filter_layer",
    says="Your weight lacks the axis of the input channels. Its shape is (7, 1, 3, 3): "
    "seven filters, one channel deep. Put the axis in with [:, None].",
)
def channel_axis_forgotten():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    layer.weight.data = torch.stack(list(seven_kernels().values()))
    return layer


@misconception(
    "seven_filter_layer",
    says="copy_ cannot fit (7, 3, 3) into (7, 1, 3, 3): the axis of the input channels is missing. "
    "Put it in with [:, None].",
)
def copied_without_the_axis():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.stack(list(seven_kernels().values())))
    return layer


@misconception(
    "seven_filter_layer",
    says="Channels in and filters out are exchanged: "
    "one channel comes in, seven maps go out, nn.Conv2d(1, 7, 3).",
)
def in_and_out_exchanged():
    layer = nn.Conv2d(7, 1, 3, bias=False)
    layer.weight.data = torch.stack(list(seven_kernels().values()))[None]
    return layer


@misconception(
    "seven_filter_layer",
    says="A layer's weight must be an nn.Parameter, and you assign a plain tensor. "
    "Write layer.weight.data = …, or copy into it under torch.no_grad().",
)
def tensor_assigned_to_the_parameter():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    layer.weight = torch.stack(list(seven_kernels().values()))[:, None]
    return layer


@misconception(
    "seven_filter_layer",
    says="torch refuses to write into a weight that it keeps track of for gradients. "
    "Do it inside `with torch.no_grad():`.",
)
def written_without_no_grad():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    for i, kernel in enumerate(seven_kernels().values()):
        layer.weight[i, 0] = kernel
    return layer


@misconception(
    "seven_filter_layer",
    says="torch refuses to copy into a weight that it keeps track of for gradients. "
    "Do it inside `with torch.no_grad():`.",
)
def copied_without_no_grad():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    layer.weight.copy_(torch.stack(list(seven_kernels().values()))[:, None])
    return layer


@misconception(
    "seven_filter_layer",
    says="seven_kernels() is a dict, and torch.stack wants a list of tensors. "
    "Take its values: list(seven_kernels().values()).",
)
def dict_stacked():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    layer.weight.data = torch.stack(seven_kernels())[:, None]
    return layer


@misconception(
    "seven_filter_layer",
    says="You return the weights. Put them into a layer, nn.Conv2d(1, 7, 3, bias=False), "
    "and return the layer.",
)
def weights_returned():
    return torch.stack(list(seven_kernels().values()))[:, None]


@misconception(
    "seven_filter_layer",
    says="You return a function that filters. "
    "A layer keeps its weights as a parameter that others can read and train: use nn.Conv2d.",
)
def function_returned():
    weight = torch.stack(list(seven_kernels().values()))[:, None]
    return lambda x: F.conv2d(x, weight)


@misconception(
    "seven_filter_layer",
    says="Your weights are float64, and photographs are float32. Keep the kernels float32.",
)
def weights_in_float64():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    layer.weight.data = torch.stack([k.double() for k in seven_kernels().values()])[:, None]
    return layer


@alternative("seven_filter_layer")
def kernel_by_kernel():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    with torch.no_grad():
        for i, kernel in enumerate(seven_kernels().values()):
            layer.weight[i, 0] = kernel
    return layer


@alternative("seven_filter_layer")
def through_a_state_dict():
    layer = nn.Conv2d(in_channels=1, out_channels=7, kernel_size=(3, 3), bias=False)
    weight = torch.cat([kernel.reshape(1, 1, 3, 3) for kernel in seven_kernels().values()])
    layer.load_state_dict({"weight": weight})
    return layer


@alternative("seven_filter_layer")
def a_new_parameter():
    layer = nn.Conv2d(1, 7, 3, bias=False)
    kernels = torch.stack(list(seven_kernels().values())).unsqueeze(1)
    layer.weight = nn.Parameter(kernels, requires_grad=False)
    return layer


@alternative("seven_filter_layer")
def copied_and_frozen():
    layer = nn.Conv2d(1, 7, 3, padding=0, bias=False).requires_grad_(False)
    for place, kernel in zip(layer.weight, seven_kernels().values(), strict=True):
        place[0].copy_(kernel)
    return layer.eval()
