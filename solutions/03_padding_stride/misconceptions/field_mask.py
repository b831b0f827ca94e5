"""Wrong and other right solutions of `field_mask`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "field_mask",
    says="You went back from the whole map, so that you see what any output pixel depends on. "
    "Start from the middle one alone: out[0, 0, middle, middle].backward().",
)
def whole_map(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, S, D in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S, dilation=D)
    out.sum().backward()
    return image.grad[0, 0] != 0


@misconception(
    "field_mask",
    says="You went back from the first output pixel, in the corner. Take the middle one: "
    "row and column n // 2 of an n×n map.",
)
def corner_pixel(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, S, D in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S, dilation=D)
    out[0, 0, 0, 0].backward()
    return image.grad[0, 0] != 0


@misconception(
    "field_mask",
    says="You take the middle of the image, but the output is smaller. "
    "Its middle is out.shape[-1] // 2.",
)
def middle_of_the_image(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, S, D in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S, dilation=D)
    out[0, 0, size // 2, size // 2].backward()
    return image.grad[0, 0] != 0


@misconception(
    "field_mask",
    says="You fill the whole square. The field's side says how far a pixel sees, not that it sees "
    "everything in between: with dilation there are holes. Measure it by the gradient.",
)
def square_filled(layers, size):
    side, step, n = 1, 1, size
    for K, S, D in layers:
        side += D * (K - 1) * step
        step *= S
        n = (n - D * (K - 1) - 1) // S + 1
    first = n // 2 * step
    mask = torch.zeros(size, size, dtype=torch.bool)
    mask[first : first + side, first : first + side] = True
    return mask


@misconception(
    "field_mask",
    says="The dilation is left out: pass dilation=D to the convolution.",
)
def dilation_ignored(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, S, _ in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S)
    middle = out.shape[-1] // 2
    out[0, 0, middle, middle].backward()
    return image.grad[0, 0] != 0


@misconception(
    "field_mask",
    says="The stride is left out: pass stride=S to the convolution.",
)
def stride_ignored(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, _, D in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), dilation=D)
    middle = out.shape[-1] // 2
    out[0, 0, middle, middle].backward()
    return image.grad[0, 0] != 0


@misconception(
    "field_mask",
    says="Stride and dilation are exchanged. A layer is (K, S, D): name them, "
    "stride=S and dilation=D, since both are plain numbers.",
)
def stride_and_dilation_exchanged(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, D, S in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S, dilation=D)
    middle = out.shape[-1] // 2
    out[0, 0, middle, middle].backward()
    return image.grad[0, 0] != 0


@misconception(
    "field_mask",
    says="You go through the layers from the last to the first. "
    "The first of the list is the one that meets the image.",
)
def layers_reversed(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, S, D in reversed(layers):
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S, dilation=D)
    middle = out.shape[-1] // 2
    out[0, 0, middle, middle].backward()
    return image.grad[0, 0] != 0


@misconception(
    "field_mask",
    says="You pad the convolutions, so that the map is larger and its middle lies elsewhere. "
    "Here there is no padding.",
)
def padded(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, S, D in layers:
        ones = torch.ones(1, 1, K, K, dtype=out.dtype)
        out = F.conv2d(out, ones, stride=S, dilation=D, padding=D * (K // 2))
    middle = out.shape[-1] // 2
    out[0, 0, middle, middle].backward()
    return image.grad[0, 0] != 0


@misconception(
    "field_mask",
    says="You return how much the output changes with each pixel. "
    "Asked for is whether it does: compare the gradient with 0, for a mask of True and False.",
)
def gradient_itself(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, S, D in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S, dilation=D)
    middle = out.shape[-1] // 2
    out[0, 0, middle, middle].backward()
    return image.grad[0, 0]


@misconception(
    "field_mask",
    says="A pixel can reach the output along several ways; its gradient is their number. "
    "Ask whether it is not 0, not whether it is 1.",
)
def one_way_only(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, S, D in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S, dilation=D)
    middle = out.shape[-1] // 2
    out[0, 0, middle, middle].backward()
    return image.grad[0, 0] == 1


@misconception(
    "field_mask",
    says="A ReLU of zeros lets no gradient through. "
    "Leave activations out: the field depends on the layers' shapes alone.",
)
def relu_in_between(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, S, D in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S, dilation=D)
        out = F.relu(out)
    middle = out.shape[-1] // 2
    out[0, 0, middle, middle].backward()
    return image.grad[0, 0] != 0


@misconception(
    "field_mask",
    says="You ask which outputs one input pixel reaches. It is the other way round: "
    "take the gradient of the middle output pixel by every input pixel.",
)
def forward_from_one_pixel(layers, size):
    out = torch.zeros(1, 1, size, size, dtype=torch.float64)
    out[0, 0, size // 2, size // 2] = 1
    for K, S, D in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S, dilation=D)
    return out[0, 0] != 0


@misconception(
    "field_mask",
    says="You return the field alone. "
    "The mask is as large as the image, with False around the field.",
)
def cut_out(layers, size):
    image = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = image
    for K, S, D in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K, dtype=out.dtype), stride=S, dilation=D)
    middle = out.shape[-1] // 2
    out[0, 0, middle, middle].backward()
    seen = image.grad[0, 0] != 0
    return seen[seen.any(1)][:, seen.any(0)]


@alternative("field_mask")
def places_followed_down(layers, size):
    n = size
    for K, S, D in layers:
        n = (n - D * (K - 1) - 1) // S + 1
    places = {n // 2}
    for K, S, D in reversed(layers):
        places = {place * S + k * D for place in places for k in range(K)}
    line = torch.tensor([place in places for place in range(size)])
    return line[:, None] & line[None, :]


@alternative("field_mask")
def layers_with_random_weights(layers, size):
    net = nn.Sequential(*(nn.Conv2d(1, 1, K, S, dilation=D) for K, S, D in layers)).double()
    for weights in net.parameters():
        nn.init.uniform_(weights, 0.5, 1.0)
    image = torch.rand(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    out = net(image)[0, 0]
    (gradient,) = torch.autograd.grad(out[len(out) // 2, len(out) // 2], image)
    return gradient[0, 0].abs() > 0


@alternative("field_mask")
def every_pixel_tried(layers, size):
    out = torch.eye(size * size).reshape(-1, 1, size, size)  # one picture for each pixel
    for K, S, D in layers:
        out = F.conv2d(out, torch.ones(1, 1, K, K), stride=S, dilation=D)
    middle = out.shape[-1] // 2
    return out[:, 0, middle, middle].reshape(size, size) > 0


@alternative("field_mask")
def back_by_transposed_convolutions(layers, size):
    sides = [size]
    for K, S, D in layers:
        sides.append((sides[-1] - D * (K - 1) - 1) // S + 1)
    seen = torch.zeros(1, 1, sides[-1], sides[-1])
    seen[..., sides[-1] // 2, sides[-1] // 2] = 1
    for (K, S, D), side in zip(layers[::-1], sides[-2::-1], strict=True):
        seen = F.conv_transpose2d(seen, torch.ones(1, 1, K, K), stride=S, dilation=D)
        left_over = side - seen.shape[-1]
        seen = F.pad((seen > 0).float(), (0, left_over, 0, left_over))
    return seen[0, 0].bool()
