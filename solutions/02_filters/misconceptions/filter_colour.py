"""Wrong and other right solutions of `filter_colour`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "filter_colour",
    says="You took the mean of the channels first, and all colour is gone. "
    "Filter red, green and blue each by itself, and return three maps.",
)
def averaged_first(image, kernel):
    grey = image.mean(dim=0)
    return F.conv2d(grey[None, None], kernel[None, None])[0, 0]


@misconception(
    "filter_colour",
    says="One grey map is left, because you took the mean of the channels first. "
    "Filter red, green and blue each by itself, and return three maps.",
)
def averaged_into_one_channel(image, kernel):
    grey = image.mean(dim=0, keepdim=True)
    return F.conv2d(grey[None], kernel[None, None])[0]


@misconception(
    "filter_colour",
    says="Your three maps are the same: you took the mean of the channels first. "
    "Filter red, green and blue each by itself.",
)
def averaged_first_and_repeated(image, kernel):
    grey = image.mean(dim=0)
    sharp = F.conv2d(grey[None, None], kernel[None, None])[0, 0]
    return torch.stack([sharp, sharp, sharp])


@misconception(
    "filter_colour",
    says="Your filter is three channels deep and adds them up into one map. "
    "That is what a layer does; here each channel keeps its own.",
)
def added_up(image, kernel):
    deep = kernel.expand(1, 3, *kernel.shape)
    return F.conv2d(image[None], deep)[0]


@misconception(
    "filter_colour",
    says="Your three maps are the same, because each filter adds up all three channels. "
    "Keep them apart: one channel at a time, or groups=3.",
)
def added_up_three_times(image, kernel):
    deep = kernel.expand(3, 3, *kernel.shape)
    return F.conv2d(image[None], deep)[0]


@misconception(
    "filter_colour",
    says="All three of your maps come from the first channel. Filter image[c] for c = 0, 1, 2.",
)
def first_channel_three_times(image, kernel):
    maps = [F.conv2d(image[0][None, None], kernel[None, None])[0, 0] for _ in range(3)]
    return torch.stack(maps)


@misconception(
    "filter_colour",
    says="Only the last channel is left: each turn of your loop overwrites the map before it. "
    "Collect the three and stack them: torch.stack(maps).",
)
def last_channel_only(image, kernel):
    for channel in image:
        out = F.conv2d(channel[None, None], kernel[None, None])[0, 0]
    return out


@misconception(
    "filter_colour",
    says="groups=3 wants three kernels, one for each channel. "
    "Repeat yours: kernel.expand(3, 1, *kernel.shape).",
)
def one_kernel_for_three_groups(image, kernel):
    return F.conv2d(image[None], kernel[None, None], groups=3)[0]


@misconception(
    "filter_colour",
    says="Your kernel is one channel deep and the image three. Let the channels be a batch, "
    "image[:, None], or filter one after the other.",
)
def flat_kernel_on_three_channels(image, kernel):
    return F.conv2d(image[None], kernel[None, None])[0]


@misconception(
    "filter_colour",
    says="Your kernel is turned by 180°. Slide it as it is: nothing is flipped here.",
)
def kernel_flipped(image, kernel):
    return F.conv2d(image[:, None], kernel.flip(0, 1)[None, None])[:, 0]


@misconception(
    "filter_colour",
    says="Rows and columns of your kernel are exchanged. "
    "Use it as it stands, K_h rows and K_w columns.",
)
def kernel_transposed(image, kernel):
    return F.conv2d(image[:, None], kernel.T[None, None])[:, 0]


@misconception(
    "filter_colour",
    says="You took the kernel for a square. "
    "It has a height and a width of its own: K_h, K_w = kernel.shape.",
)
def square_kernels_only(image, kernel):
    K = kernel.shape[0]
    _, H, W = image.shape
    out = image.new_zeros(3, H - K + 1, W - K + 1)
    for m in range(kernel.shape[0]):
        for n in range(kernel.shape[1]):
            out += kernel[m, n] * image[:, m : m + H - K + 1, n : n + W - K + 1]
    return out


@misconception(
    "filter_colour",
    says="Your maps are as large as the image, because zeros beyond the border joined in. "
    "Use no padding: H − K_h + 1 rows and W − K_w + 1 columns.",
)
def zeros_beyond_the_border(image, kernel):
    return F.conv2d(image[:, None], kernel[None, None], padding="same")[:, 0]


@misconception(
    "filter_colour",
    says="You read the image as (H, W, 3), as matplotlib does. "
    "torch puts the channels first: image[c] is one of them.",
)
def channels_looked_for_last(image, kernel):
    maps = [F.conv2d(image[None, None, :, :, c], kernel[None, None])[0, 0] for c in range(3)]
    return torch.stack(maps)


@misconception(
    "filter_colour",
    says="Your maps are stacked along the last axis, as matplotlib wants them. "
    "torch puts the channels first: torch.stack(maps), without dim=-1.",
)
def channels_put_last(image, kernel):
    maps = [F.conv2d(channel[None, None], kernel[None, None])[0, 0] for channel in image]
    return torch.stack(maps, dim=-1)


@misconception(
    "filter_colour",
    says="You return a list of three maps. Make one tensor of them: torch.stack(maps).",
)
def list_returned(image, kernel):
    return [F.conv2d(channel[None, None], kernel[None, None])[0, 0] for channel in image]


@misconception(
    "filter_colour",
    says="squeeze() takes away every axis of length 1, also that of maps with a single row. "
    "Take off the axis that you added, and no other: [:, 0].",
)
def squeezed(image, kernel):
    return F.conv2d(image[:, None], kernel[None, None]).squeeze()


@misconception(
    "filter_colour",
    says="Your result has one axis too many: the channel of each one-channel picture is left. "
    "Take it off: [:, 0].",
)
def channel_axis_left(image, kernel):
    return F.conv2d(image[:, None], kernel[None, None])


@misconception(
    "filter_colour",
    says="Your result has one axis too many: the batch of one is left. Take it off: [0].",
)
def batch_axis_left(image, kernel):
    return F.conv2d(image[None], kernel.expand(3, 1, *kernel.shape), groups=3)


@misconception(
    "filter_colour",
    says="You clipped to 0…1. An edge filter answers with negative numbers too, and they say which "
    "side is brighter: clip only what you show.",
)
def clipped(image, kernel):
    return F.conv2d(image[:, None], kernel[None, None])[:, 0].clamp(0, 1)


@misconception(
    "filter_colour",
    says="Your result is made on the CPU, wherever the image lives. "
    "Stack what you computed, or use image.new_zeros(…).",
)
def made_on_the_cpu(image, kernel):
    (K_h, K_w), (_, H, W) = kernel.shape, image.shape
    out = torch.zeros(3, H - K_h + 1, W - K_w + 1, dtype=image.dtype)
    for c in range(3):
        out[c] = F.conv2d(image[c][None, None], kernel[None, None])[0, 0]
    return out


@misconception(
    "filter_colour",
    says="torch.zeros(…) is float32 and lives on the CPU, whatever the image is. "
    "Stack what you computed, or use image.new_zeros(…).",
)
def plain_zeros(image, kernel):
    (K_h, K_w), (_, H, W) = kernel.shape, image.shape
    out = torch.zeros(3, H - K_h + 1, W - K_w + 1)
    for c in range(3):
        out[c] = F.conv2d(image[c][None, None], kernel[None, None])[0, 0]
    return out


@misconception(
    "filter_colour",
    says="You filter the image itself, and the caller loses the picture. "
    "Put the maps into a new tensor.",
)
def image_overwritten(image, kernel):
    (K_h, K_w), (_, H, W) = kernel.shape, image.shape
    for c in range(3):
        sharp = F.conv2d(image[c][None, None], kernel[None, None])[0, 0]
        image[c, : H - K_h + 1, : W - K_w + 1] = sharp
    return image[:, : H - K_h + 1, : W - K_w + 1].clone()


@alternative("filter_colour")
def one_channel_after_another(image, kernel):
    maps = [F.conv2d(channel[None, None], kernel[None, None])[0, 0] for channel in image]
    return torch.stack(maps)


@alternative("filter_colour")
def three_groups(image, kernel):
    three = kernel.expand(3, 1, *kernel.shape)
    return F.conv2d(image[None], three, groups=3)[0]


@alternative("filter_colour")
def full_weight_with_zeros(image, kernel):
    weight = image.new_zeros(3, 3, *kernel.shape)
    for c in range(3):
        weight[c, c] = kernel
    return F.conv2d(image[None], weight).squeeze(0)


@alternative("filter_colour")
def windows_and_einsum(image, kernel):
    windows = image.unfold(1, kernel.shape[0], 1).unfold(2, kernel.shape[1], 1)
    return torch.einsum("chwmn,mn->chw", windows, kernel)


@alternative("filter_colour")
def columns_and_a_product(image, kernel):
    (K_h, K_w), (_, H, W) = kernel.shape, image.shape
    columns = F.unfold(image[:, None], (K_h, K_w))
    return (kernel.reshape(-1) @ columns).reshape(3, H - K_h + 1, W - K_w + 1)
