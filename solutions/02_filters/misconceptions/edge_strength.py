"""Wrong and other right solutions of `edge_strength`."""

import math

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "edge_strength",
    says="The root is missing: gx² + gy² is the square of the magnitude. "
    "Take torch.sqrt of the sum, or torch.hypot(gx, gy).",
)
def root_forgotten(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return gx**2 + gy**2, torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="You add the sizes, |gx| + |gy|, which makes slanted edges too strong. "
    "The gradient is an arrow, and its length is √(gx² + gy²).",
)
def sizes_added(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return gx.abs() + gy.abs(), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="You take the larger of |gx| and |gy|, which makes slanted edges too weak. "
    "The gradient is an arrow, and its length is √(gx² + gy²).",
)
def larger_of_the_two(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.maximum(gx.abs(), gy.abs()), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="Without squares gx and gy cancel each other. The magnitude is √(gx² + gy²).",
)
def squares_forgotten(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return (gx + gy).abs().sqrt(), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="Across and down are exchanged in your angle. gx comes from Sobel X, which compares "
    "columns, and atan2 takes the part that points down first: torch.atan2(gy, gx).",
)
def across_and_down_exchanged(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="Your arrows point the wrong way: the angle is off by half a turn, because both kernels "
    "are turned by 180°. Slide Sobel as it is written, with −1 on the left.",
)
def kernels_flipped(image):
    kernel = image.new_tensor([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="Your angle counts upwards, as on graph paper. In an image row numbers grow downwards: "
    "Sobel Y has −1, −2, −1 in its top row, and gy keeps its sign.",
)
def rows_counted_upwards(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan2(-gy, gx)


@misconception(
    "edge_strength",
    says="atan(gy / gx) cannot tell left from right: it takes an arrow for the one that points "
    "the opposite way. torch.atan2(gy, gx) sees both signs.",
)
def atan_of_the_quotient(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan(gy / gx)


@misconception(
    "edge_strength",
    says="Your angle runs from 0 to a whole turn. "
    "Leave it as atan2 gives it, from −π to π: half a turn either way.",
)
def whole_turn(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx) % (2 * math.pi)


@misconception(
    "edge_strength",
    says="Your angle is in degrees. Radians were asked for: leave it as atan2 gives it.",
)
def angle_in_degrees(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.rad2deg(torch.atan2(gy, gx))


@misconception(
    "edge_strength",
    says="You return the angle first. Return the magnitude, then the angle.",
)
def order_exchanged(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.atan2(gy, gx), torch.hypot(gx, gy)


@misconception(
    "edge_strength",
    says="You return the magnitude alone. Return two tensors: magnitude, angle.",
)
def angle_forgotten(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy)


@misconception(
    "edge_strength",
    says="You filtered with Sobel X twice. gy needs a kernel of its own, Sobel Y.",
)
def sobel_x_twice(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="Your kernels count the three rows alike: they are Prewitt's. "
    "Sobel counts the middle one twice, 1, 2, 1.",
)
def prewitt_taken(image):
    kernel = image.new_tensor([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="You divided the magnitude by 8. "
    "That makes it a slope per pixel; here Sobel is used as it is written, undivided.",
)
def divided_by_eight(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="You scaled the magnitude so that its greatest value is 1. "
    "That is for drawing; return √(gx² + gy²) as it is.",
)
def scaled_for_drawing(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    magnitude = torch.hypot(gx, gy)
    return magnitude / magnitude.max(), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="You cut the magnitude off at 1. "
    "Only a picture that is shown stops there; a strong edge is stronger than that.",
)
def clipped_at_one(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy).clamp(0, 1), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="Your result is as large as the image: zeros beyond the border make an edge of their own "
    "there. Use no padding, so that H − 2 rows and W − 2 columns remain.",
)
def zeros_beyond_the_border(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None], padding=1)[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None], padding=1)[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="F.conv2d wants four axes: batch, channel, height, width. "
    "Add the two that are missing to the image and to the kernel: image[None, None].",
)
def axes_not_added(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image, kernel)
    gy = F.conv2d(image, kernel.T)
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="squeeze() takes away every axis of length 1, also that of a result with a single row. "
    "Take off the two that you added, and no other: [0, 0].",
)
def squeezed(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None]).squeeze()
    gy = F.conv2d(image[None, None], kernel.T[None, None]).squeeze()
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="Your kernel has two axes, and F.conv2d wants four: (filters, channels, height, width). "
    "Add two in front: kernel[None, None].",
)
def kernel_without_axes(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel)[0, 0]
    gy = F.conv2d(image[None, None], kernel.T)[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="Your results still have the axes for batch and channel. Take them off with [0, 0].",
)
def axes_left(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gx = F.conv2d(image[None, None], kernel[None, None])
    gy = F.conv2d(image[None, None], kernel.T[None, None])
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="Your kernels live on the CPU, wherever the image lives. "
    "Bring them along: kernel.to(image), or image.new_tensor(…).",
)
def kernel_on_the_cpu(image):
    kernel = torch.tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=image.dtype)
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="Your kernels are always float32 and on the CPU, whatever the image is. "
    "kernel.to(image) gives them the image's dtype and device.",
)
def plain_kernel(image):
    kernel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@misconception(
    "edge_strength",
    says="You made the image float32 to fit your kernels, and a float64 image lost its digits. "
    "Make the kernels fit the image: kernel.to(image).",
)
def image_in_float32(image):
    kernel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    kernel = kernel.to(image.device)
    gx = F.conv2d(image.float()[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image.float()[None, None], kernel.T[None, None])[0, 0]
    return torch.hypot(gx, gy), torch.atan2(gy, gx)


@alternative("edge_strength")
def one_layer_of_two_filters(image):
    kernel = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    filters = torch.stack([kernel, kernel.T])[:, None]
    gradient = F.conv2d(image[None, None], filters)[0]
    return gradient.norm(dim=0), torch.atan2(gradient[1], gradient[0])


@alternative("edge_strength")
def by_slices(image):
    smooth_down = image[:-2] + 2 * image[1:-1] + image[2:]
    smooth_across = image[:, :-2] + 2 * image[:, 1:-1] + image[:, 2:]
    gx = smooth_down[:, 2:] - smooth_down[:, :-2]
    gy = smooth_across[2:] - smooth_across[:-2]
    return (gx.square() + gy.square()).sqrt(), torch.arctan2(gy, gx)


@alternative("edge_strength")
def complex_numbers(image):
    step = image.new_tensor([-1, 0, 1])
    smooth = image.new_tensor([1, 2, 1])
    windows = image.unfold(0, 3, 1).unfold(1, 3, 1)
    gx = torch.einsum("hwmn,m,n->hw", windows, smooth, step)
    gy = torch.einsum("hwmn,m,n->hw", windows, step, smooth)
    arrow = torch.complex(gx, gy)
    return arrow.abs(), arrow.angle()


@alternative("edge_strength")
def loops_with_math(image):
    H, W = image.shape
    x = image.tolist()
    magnitude, angle = image.new_zeros(2, H - 2, W - 2)
    for i in range(H - 2):
        for j in range(W - 2):
            a, b, c = x[i][j : j + 3]
            d, _, f = x[i + 1][j : j + 3]
            g, h, k = x[i + 2][j : j + 3]
            gx = c + 2 * f + k - a - 2 * d - g
            gy = g + 2 * h + k - a - 2 * b - c
            magnitude[i, j] = math.hypot(gx, gy)
            angle[i, j] = math.atan2(gy, gx)
    return [magnitude, angle]
