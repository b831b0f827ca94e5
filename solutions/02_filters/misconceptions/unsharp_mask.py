"""Wrong and other right solutions of `unsharp_mask`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "unsharp_mask",
    says="Your blur is the mean of all nine pixels. "
    "Take the plus: the middle and its four direct neighbours, five pixels.",
)
def mean_of_nine(image, amount):
    x = image[1:-1, 1:-1]
    blurred = image.unfold(0, 3, 1).unfold(1, 3, 1).mean(dim=(2, 3))
    return x + amount * (x - blurred)


@misconception(
    "unsharp_mask",
    says="Your blur is the Gaussian. It sharpens too, and is another filter: "
    "take the plain mean of the five pixels of the plus.",
)
def gaussian_blur(image, amount):
    x = image[1:-1, 1:-1]
    rows = (image[:, :-2] + 2 * image[:, 1:-1] + image[:, 2:]) / 4
    blurred = (rows[:-2] + 2 * rows[1:-1] + rows[2:]) / 4
    return x + amount * (x - blurred)


@misconception(
    "unsharp_mask",
    says="Your blur leaves the middle out. "
    "The plus has five pixels, the middle among them: add it and divide by 5.",
)
def middle_left_out(image, amount):
    x = image[1:-1, 1:-1]
    blurred = (image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]) / 4
    return x + amount * (x - blurred)


@misconception(
    "unsharp_mask",
    says="You add five pixels and divide by 4. Divide by 5, or the blur brightens the picture.",
)
def divided_by_four(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    return x + amount * (x - (x + around) / 4)


@misconception(
    "unsharp_mask",
    says="You add four pixels and divide by 5. The middle belongs to the plus as well.",
)
def four_divided_by_five(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    return x + amount * (x - around / 5)


@misconception(
    "unsharp_mask",
    says="Your blur is a sum, five times as bright as the picture. Divide it by 5.",
)
def sum_instead_of_mean(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    return x + amount * (x - (x + around))


@misconception(
    "unsharp_mask",
    says="Only the detail is left, x − blurred. Add it to the picture: x + amount · (x − blurred).",
)
def picture_forgotten(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    return amount * (x - (x + around) / 5)


@misconception(
    "unsharp_mask",
    says="You take the detail off instead of adding it, and the picture gets softer. "
    "The detail is x − blurred, with the picture first.",
)
def softened(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    return x + amount * ((x + around) / 5 - x)


@misconception(
    "unsharp_mask",
    says="You add the blurred picture. Add what the blur took away, amount · (x − blurred).",
)
def blur_added(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    return x + amount * (x + around) / 5


@misconception(
    "unsharp_mask",
    says="The brackets are missing: amount multiplies the whole difference, "
    "amount * (x − blurred), not x alone.",
)
def brackets_forgotten(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    return x + amount * x - (x + around) / 5


@misconception(
    "unsharp_mask",
    says="amount makes no difference in your function: you always sharpen by 5. "
    "Multiply the detail by amount.",
)
def always_five(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    return 5 * x - around


@misconception(
    "unsharp_mask",
    says="amount makes no difference in your function: you always add the detail once. "
    "Multiply the detail by amount.",
)
def amount_forgotten(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    return x + (x - (x + around) / 5)


@misconception(
    "unsharp_mask",
    says="You clipped the result to 0…1. "
    "Clipping belongs to showing a picture: return the numbers as they are.",
)
def clipped(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    return (x + amount * (x - (x + around) / 5)).clamp(0, 1)


@misconception(
    "unsharp_mask",
    says="Your picture kept its size, because zeros beyond the border were blurred in. "
    "Return the inner pixels only: H − 2 rows and W − 2 columns.",
)
def zeros_beyond_the_border(image, amount):
    p = F.pad(image, (1, 1, 1, 1))
    around = p[:-2, 1:-1] + p[2:, 1:-1] + p[1:-1, :-2] + p[1:-1, 2:]
    return image + amount * (image - (image + around) / 5)


@misconception(
    "unsharp_mask",
    says="The picture has two rows and two columns more than its blur. "
    "Cut the border off first, x = image[1:-1, 1:-1].",
)
def border_not_cut_off(image, amount):
    kernel = image.new_tensor([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5
    blurred = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    return image + amount * (image - blurred)


@misconception(
    "unsharp_mask",
    says="Picture and blur lie one pixel apart, because you cut two rows and columns off one side. "
    "Cut one off each side: image[1:-1, 1:-1].",
)
def cut_off_one_side(image, amount):
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    blurred = (image[1:-1, 1:-1] + around) / 5
    x = image[:-2, :-2]
    return x + amount * (x - blurred)


@misconception(
    "unsharp_mask",
    says="squeeze() takes away every axis of length 1, also that of a result with a single row. "
    "Take off the two that you added, and no other: [0, 0].",
)
def squeezed(image, amount):
    kernel = image.new_tensor([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5
    blurred = F.conv2d(image[None, None], kernel[None, None]).squeeze()
    x = image[1:-1, 1:-1].squeeze()
    return x + amount * (x - blurred)


@misconception(
    "unsharp_mask",
    says="Your kernel has two axes, and F.conv2d wants four: (filters, channels, height, width). "
    "Add two in front: kernel[None, None].",
)
def kernel_without_axes(image, amount):
    kernel = image.new_tensor([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5
    blurred = F.conv2d(image[None, None], kernel)[0, 0]
    x = image[1:-1, 1:-1]
    return x + amount * (x - blurred)


@misconception(
    "unsharp_mask",
    says="Your kernel lives on the CPU, wherever the image lives. "
    "Bring it along: kernel.to(image), or image.new_tensor(…).",
)
def kernel_on_the_cpu(image, amount):
    kernel = torch.tensor([[0, 1, 0], [1, 1, 1], [0, 1, 0]], dtype=image.dtype) / 5
    blurred = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    x = image[1:-1, 1:-1]
    return x + amount * (x - blurred)


@misconception(
    "unsharp_mask",
    says="Your kernel is always float32 and on the CPU, whatever the image is. "
    "kernel.to(image) gives it the image's dtype and device.",
)
def plain_kernel(image, amount):
    kernel = torch.tensor([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5
    blurred = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    x = image[1:-1, 1:-1]
    return x + amount * (x - blurred)


@misconception(
    "unsharp_mask",
    says="+= changes the image itself, and the caller loses the picture. "
    "Write x = x + …, which makes a new tensor.",
)
def image_overwritten(image, amount):
    x = image[1:-1, 1:-1]
    around = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]
    x += amount * (x - (x + around) / 5)
    return x


@alternative("unsharp_mask")
def kernel_and_conv2d(image, amount):
    kernel = image.new_tensor([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5
    blurred = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    x = image[1:-1, 1:-1]
    return x + amount * (x - blurred)


@alternative("unsharp_mask")
def one_kernel_for_everything(image, amount):
    kernel = image.new_zeros(3, 3)
    kernel[1] = kernel[:, 1] = -amount / 5
    kernel[1, 1] = 1 + amount * 4 / 5
    windows = image.unfold(0, 3, 1).unfold(1, 3, 1)
    return torch.einsum("hwmn,mn->hw", windows, kernel)


@alternative("unsharp_mask")
def through_the_laplacian(image, amount):
    slopes_down, slopes_across = image.diff(dim=0), image.diff(dim=1)
    laplacian = slopes_down.diff(dim=0)[:, 1:-1] + slopes_across.diff(dim=1)[1:-1]
    return image[1:-1, 1:-1] - amount / 5 * laplacian


@alternative("unsharp_mask")
def between_blur_and_picture(image, amount):
    x = image[1:-1, 1:-1]
    plus = [x, image[:-2, 1:-1], image[2:, 1:-1], image[1:-1, :-2], image[1:-1, 2:]]
    return torch.lerp(torch.stack(plus).mean(dim=0), x, 1.0 + amount)
