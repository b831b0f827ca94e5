"""Wrong and other right solutions of `sharpen_photo`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "sharpen_photo",
    says="Numbers beyond 0…255 wrapped around: 260 became 4, and −3 became 253. "
    "Convert to float before the arithmetic, and clip after it, before you go back to uint8.",
)
def wrapped_around(photo):
    x = photo
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    return (5 * x[1:-1, 1:-1] - around).clamp(0, 255)


@misconception(
    "sharpen_photo",
    says="You clipped on the way: 5 times the middle may well be above 255 before its neighbours "
    "are taken off. Finish the arithmetic, then clip once.",
)
def clipped_on_the_way(photo):
    x = photo.float()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    middle = (5 * x[1:-1, 1:-1]).clamp(0, 255)
    return (middle - around).clamp(0, 255).round().to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="You clipped above and not below, so that −3 wrapped around to 253. Use clamp(0, 255).",
)
def clipped_above_only(photo):
    x = photo.float()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    sharp = (5 * x[1:-1, 1:-1] - around).clamp(max=255)
    return sharp.round().long().to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="You clipped below and not above, so that 260 wrapped around to 4. Use clamp(0, 255).",
)
def clipped_below_only(photo):
    x = photo.float()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    sharp = (5 * x[1:-1, 1:-1] - around).clamp(min=0)
    return sharp.round().long().to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="You took the size of what fell below 0: a very dark place became bright. "
    "Clip it to 0 instead.",
)
def sign_taken_off(photo):
    x = photo.float()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    sharp = (5 * x[1:-1, 1:-1] - around).abs()
    return sharp.clamp(0, 255).round().to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="You stretched the result from its least to its greatest value. "
    "That changes the brightness of every pixel; clip to 0…255 and leave the rest alone.",
)
def stretched(photo):
    x = photo.float()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    sharp = 5 * x[1:-1, 1:-1] - around
    sharp = (sharp - sharp.min()) / (sharp.max() - sharp.min()).clamp(min=1)
    return (255 * sharp).round().to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="You clipped to 0…1. This photograph counts from 0 to 255: clamp(0, 255).",
)
def clipped_to_one(photo):
    x = photo.float()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    return (5 * x[1:-1, 1:-1] - around).clamp(0, 1).round().to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="You divided by 255 and did not come back: as uint8 only 0 and 1 remain. "
    "Multiply by 255 and round before you convert.",
)
def left_between_zero_and_one(photo):
    x = photo / 255
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    return (5 * x[1:-1, 1:-1] - around).clamp(0, 1).to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="Some pixels are one too dark: .to(torch.uint8) cuts the decimals off, and 69.99999 "
    "becomes 69. Round first.",
)
def truncated(photo):
    x = photo / 255
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    sharp = (5 * x[1:-1, 1:-1] - around).clamp(0, 1)
    return (255 * sharp).to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="Your result is float and goes beyond 0…255. "
    "A photograph is wanted: clip it, round it, and convert it with .to(torch.uint8).",
)
def neither_clipped_nor_converted(photo):
    x = photo.float()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    return 5 * x[1:-1, 1:-1] - around


@misconception(
    "sharpen_photo",
    says="The numbers are right and still float. Convert them at the end: .to(torch.uint8).",
)
def not_converted(photo):
    x = photo.float()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    return (5 * x[1:-1, 1:-1] - around).round().clamp(0, 255)


@misconception(
    "sharpen_photo",
    says="The numbers are right and of the wrong kind. "
    "A photograph is uint8: convert with .to(torch.uint8).",
)
def another_whole_number(photo):
    x = photo.long()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    return (5 * x[1:-1, 1:-1] - around).clamp(0, 255)


@misconception(
    "sharpen_photo",
    says="F.conv2d cannot slide a kernel of floats over whole numbers. "
    "Convert the photograph first: photo.float().",
)
def photo_not_converted(photo):
    kernel = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])
    sharp = F.conv2d(photo[None, None], kernel.to(photo.device)[None, None])[0, 0]
    return sharp.round().clamp(0, 255).to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="Only the edges are left: your kernel has 4 in the middle, the Laplacian. "
    "With 5 it is the picture plus its edges.",
)
def edges_only(photo):
    x = photo.float()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    return (4 * x[1:-1, 1:-1] - around).clamp(0, 255).round().to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="Your kernel takes off all eight neighbours. "
    "Here the four direct ones count: 5 in the middle, −1 around it, 0 in the corners.",
)
def eight_neighbours(photo):
    windows = photo.float().unfold(0, 3, 1).unfold(1, 3, 1)
    sharp = 10 * windows[:, :, 1, 1] - windows.sum(dim=(2, 3))
    return sharp.clamp(0, 255).round().to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="Your photograph kept its size, because zeros beyond the border were taken for pixels. "
    "Use no padding: H − 2 rows and W − 2 columns.",
)
def zeros_beyond_the_border(photo):
    x = F.pad(photo.float(), (1, 1, 1, 1))
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    return (5 * x[1:-1, 1:-1] - around).clamp(0, 255).round().to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="squeeze() takes away every axis of length 1, also that of a result with a single row. "
    "Take off the two that you added, and no other: [0, 0].",
)
def squeezed(photo):
    x = photo.float()
    kernel = x.new_tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    sharp = F.conv2d(x[None, None], kernel[None, None]).squeeze()
    return sharp.round().clamp(0, 255).to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="Your kernel has two axes, and F.conv2d wants four: (filters, channels, height, width). "
    "Add two in front: kernel[None, None].",
)
def kernel_without_axes(photo):
    x = photo.float()
    kernel = x.new_tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    sharp = F.conv2d(x[None, None], kernel)[0, 0]
    return sharp.round().clamp(0, 255).to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="Your kernel lives on the CPU, wherever the photograph lives. "
    "Bring it along: kernel.to(photo.device).",
)
def kernel_on_the_cpu(photo):
    kernel = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])
    sharp = F.conv2d(photo.float()[None, None], kernel[None, None])[0, 0]
    return sharp.round().clamp(0, 255).to(torch.uint8)


@misconception(
    "sharpen_photo",
    says="You write into the photograph itself, and the caller loses it. "
    "Return a new tensor and leave the photograph as it is.",
)
def photo_overwritten(photo):
    x = photo.float()
    around = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    sharp = (5 * x[1:-1, 1:-1] - around).clamp(0, 255).round()
    photo[1:-1, 1:-1] = sharp.to(torch.uint8)
    return photo[1:-1, 1:-1].clone()


@alternative("sharpen_photo")
def kernel_and_conv2d(photo):
    kernel = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])
    kernel = kernel.to(photo.device)
    sharp = F.conv2d(photo.float()[None, None], kernel[None, None])[0, 0]
    return sharp.round().clamp(0, 255).to(torch.uint8)


@alternative("sharpen_photo")
def whole_numbers_all_along(photo):
    x = photo.to(torch.int32)
    middle = x[1:-1, 1:-1]
    sharp = 5 * middle - x[:-2, 1:-1] - x[2:, 1:-1] - x[1:-1, :-2] - x[1:-1, 2:]
    return torch.clip(sharp, 0, 255).to(torch.uint8)


@alternative("sharpen_photo")
def between_zero_and_one(photo):
    x = photo / 255
    steps = [x[:-2, 1:-1], x[2:, 1:-1], x[1:-1, :-2], x[1:-1, 2:]]
    edges = sum(x[1:-1, 1:-1] - step for step in steps)
    sharp = (x[1:-1, 1:-1] + edges).clamp(0, 1)
    return (sharp * 255).round().byte()


@alternative("sharpen_photo")
def windows_and_a_product(photo):
    H, W = photo.shape
    weights = photo.new_tensor([0, 1, 0, 1, 0, 1, 0, 1, 0]).double()
    windows = photo.double().unfold(0, 3, 1).unfold(1, 3, 1).reshape(-1, 9)
    sharp = 5 * windows[:, 4] - windows @ weights
    sharp = torch.where(sharp < 0, torch.zeros_like(sharp), sharp)
    sharp = torch.where(sharp > 255, torch.full_like(sharp, 255), sharp)
    return sharp.reshape(H - 2, W - 2).to(torch.uint8)
