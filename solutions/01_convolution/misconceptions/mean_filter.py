"""Wrong and other right solutions of `mean_filter`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "mean_filter",
    says="Your kernel adds up to K·K, not to 1. "
    "Each weight of a mean is 1/(K·K); mind the brackets, for 1/K*K is 1.",
)
def sum_without_division(image, K):
    kernel = torch.ones(K, K, dtype=image.dtype, device=image.device)
    return conv2d(image, kernel)


@misconception(
    "mean_filter",
    says="You divide by K. A K×K window has K·K pixels: divide by K**2.",
)
def divided_by_the_side(image, K):
    kernel = torch.ones(K, K, dtype=image.dtype, device=image.device) / K
    return conv2d(image, kernel)


@misconception(
    "mean_filter",
    says="Your result is as large as the image, because zeros beyond the border joined the mean. "
    "Use only windows that lie wholly on the image: H − K + 1 rows, W − K + 1 columns.",
)
def zeros_beyond_the_border(image, K):
    padded = F.pad(image, (0, K - 1, 0, K - 1))
    return F.avg_pool2d(padded[None, None], K, stride=1)[0, 0]


@misconception(
    "mean_filter",
    says="Your windows lie side by side: a pooling layer moves by K unless told otherwise. "
    "Move by one pixel, stride=1.",
)
def windows_side_by_side(image, K):
    return F.avg_pool2d(image[None, None], K)[0, 0]


@misconception(
    "mean_filter",
    says="The last row and the last column of windows are missing. "
    "A window of size K fits H − K + 1 times into a height H.",
)
def one_window_short(image, K):
    H, W = image.shape
    out = image.new_zeros(H - K, W - K)
    for i in range(H - K):
        for j in range(W - K):
            out[i, j] = image[i : i + K, j : j + K].mean()
    return out


@misconception(
    "mean_filter",
    says="Height and width are exchanged in the size of your result. "
    "shape gives the height first: H, W = image.shape.",
)
def height_and_width_exchanged(image, K):
    W, H = image.shape
    out = image.new_zeros(H - K + 1, W - K + 1)
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            out[i, j] = image[i : i + K, j : j + K].mean()
    return out


@misconception(
    "mean_filter",
    says="You take the median of each window. The mean adds all pixels and divides by K·K.",
)
def median_taken(image, K):
    H, W = image.shape
    windows = image.unfold(0, K, 1).unfold(1, K, 1)
    return windows.reshape(H - K + 1, W - K + 1, K * K).median(dim=2).values


@misconception(
    "mean_filter",
    says="Your kernel or your result is made on the CPU, wherever the image lives. "
    "Use image.new_ones(K, K), or pass dtype=image.dtype and device=image.device.",
)
def kernel_on_the_cpu(image, K):
    kernel = torch.ones(K, K, dtype=image.dtype) / K**2
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


@misconception(
    "mean_filter",
    says="Your kernel lives where the image lives, but it is always float32. "
    "Pass dtype=image.dtype too, or use image.new_ones(K, K).",
)
def kernel_in_float32(image, K):
    kernel = torch.ones(K, K, device=image.device) / K**2
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


@misconception(
    "mean_filter",
    says="A tensor made by torch.ones(K, K) or torch.tensor(list) is float32 and on the CPU, "
    "whatever the image is. Use image.new_ones(K, K), or pass dtype= and device= of the image.",
)
def plain_kernel(image, K):
    kernel = torch.ones(K, K) / K**2
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


@misconception(
    "mean_filter",
    says="You made the image float32 to fit your kernel. "
    "Make the kernel fit the image: dtype=image.dtype.",
)
def image_in_float32(image, K):
    kernel = torch.ones(K, K, device=image.device) / K**2
    return F.conv2d(image.float()[None, None], kernel[None, None])[0, 0]


@misconception(
    "mean_filter",
    says="You change the image itself, and the caller loses the picture. "
    "image /= … changes the argument: divide the kernel or the result instead.",
)
def image_scaled(image, K):
    image /= K**2
    kernel = torch.ones(K, K, dtype=image.dtype, device=image.device)
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


@misconception(
    "mean_filter",
    says="Something was float32 on the way, so only seven digits of your float64 result are right. "
    "Make the kernel in the image's dtype from the start: dtype=image.dtype.",
)
def kernel_cast_from_float32(image, K):
    kernel = (torch.ones(K, K, device=image.device) / K**2).to(image.dtype)
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


@misconception(
    "mean_filter",
    says="A pooling function made the mean for you. Make the K×K kernel yourself and slide it: "
    "the point here is a kernel that follows the image.",
)
def ready_made(image, K):
    return F.avg_pool2d(image[None, None], K, stride=1)[0, 0]


@alternative("mean_filter")
def kernel_and_conv2d(image, K):
    kernel = torch.full((K, K), 1 / (K * K), dtype=image.dtype, device=image.device)
    return F.conv2d(image[None, None], kernel[None, None]).squeeze(0).squeeze(0)


@alternative("mean_filter")
def mean_of_windows(image, K):
    return image.unfold(0, K, 1).unfold(1, K, 1).mean(dim=(2, 3))


@alternative("mean_filter")
def rows_then_columns(image, K):
    line = image.new_ones(K) / K
    rows = image.unfold(1, K, 1) @ line
    return rows.unfold(0, K, 1) @ line


@alternative("mean_filter")
def running_sums(image, K):
    sums = F.pad(image, (1, 0, 1, 0)).cumsum(0).cumsum(1)
    return (sums[K:, K:] - sums[:-K, K:] - sums[K:, :-K] + sums[:-K, :-K]) / K**2
