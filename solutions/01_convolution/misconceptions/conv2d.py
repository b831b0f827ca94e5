"""Wrong and other right solutions of `conv2d`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "conv2d",
    says="Your kernel is turned by 180°. "
    "Deep learning's convolution does not flip it: image[i + m, j + n] · kernel[m, n].",
)
def kernel_flipped(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for m in range(K_h):
                for n in range(K_w):
                    out[i, j] += image[i + m, j + n] * kernel[K_h - 1 - m, K_w - 1 - n]
    return out


@misconception(
    "conv2d",
    says="You took the kernel for a square. "
    "It has a height and a width of its own: K_h, K_w = kernel.shape.",
)
def square_kernels_only(image, kernel):
    H, W = image.shape
    K = kernel.shape[0]
    out = image.new_zeros(H - K + 1, W - K + 1)
    for i in range(H - K + 1):
        for j in range(W - K + 1):
            for m in range(K):
                for n in range(K):
                    out[i, j] += image[i + m, j + n] * kernel[m, n]
    return out


@misconception(
    "conv2d",
    says="Rows and columns of the kernel are exchanged. "
    "Row m of the kernel meets row i + m of the image: image[i + m, j + n] · kernel[m, n].",
)
def kernel_transposed(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for m in range(K_h):
                for n in range(K_w):
                    out[i, j] += image[i + m, j + n] * kernel[n, m]
    return out


@misconception(
    "conv2d",
    says="Height and width are exchanged in the size of your result. "
    "shape gives the height first: H, W = image.shape.",
)
def height_and_width_exchanged(image, kernel):
    W, H = image.shape
    K_w, K_h = kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for m in range(kernel.shape[0]):
                for n in range(kernel.shape[1]):
                    out[i, j] += image[i + m, j + n] * kernel[m, n]
    return out


@misconception(
    "conv2d",
    says="The window that you cut out is not as high and as wide as the kernel. "
    "It takes rows i : i + K_h and columns j : j + K_w.",
)
def window_exchanged(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + K_w, j : j + K_h] * kernel).sum()
    return out


@misconception(
    "conv2d",
    says="Your feature map has height and width exchanged, so that windows run off the image. "
    "It has H − K_h + 1 rows and W − K_w + 1 columns.",
)
def size_exchanged(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(W - K_w + 1, H - K_h + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "conv2d",
    says="The last row and the last column of windows are missing. "
    "A kernel of height K_h fits H − K_h + 1 times, and the same goes for the width.",
)
def one_window_short(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h, W - K_w)
    for i in range(H - K_h):
        for j in range(W - K_w):
            out[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "conv2d",
    says="Your result is as large as the image, because you put zeros beyond its border. "
    "Here the kernel stays wholly on the image: H − K_h + 1 rows, W − K_w + 1 columns.",
)
def zeros_beyond_the_border(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    padded = F.pad(image, (0, K_w - 1, 0, K_h - 1))
    out = torch.zeros_like(image)
    for i in range(H):
        for j in range(W):
            out[i, j] = (padded[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "conv2d",
    says="Each product overwrites the one before it, so only the kernel's last corner counts. "
    "Add them up: out[i, j] += …, not out[i, j] = ….",
)
def product_overwritten(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for m in range(K_h):
                for n in range(K_w):
                    out[i, j] = image[i + m, j + n] * kernel[m, n]
    return out


@misconception(
    "conv2d",
    says="You took the matrix product of window and kernel. "
    "A feature map multiplies entry by entry and adds: (window * kernel).sum().",
)
def matrix_product(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + K_h, j : j + K_w] @ kernel).sum()
    return out


@misconception(
    "conv2d",
    says="Your windows jump by the kernel's size. Move the window by one pixel at a time.",
)
def windows_side_by_side(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H // K_h, W // K_w)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = i * K_h, j * K_w
            out[i, j] = (image[top : top + K_h, left : left + K_w] * kernel).sum()
    return out


@misconception(
    "conv2d",
    says="Rows and columns of your result are exchanged. "
    "The window that starts in row i and column j belongs to out[i, j].",
)
def result_transposed(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(W - K_w + 1, H - K_h + 1)
    for i in range(H - K_h + 1):
        for j in range(W - K_w + 1):
            out[j, i] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "conv2d",
    says="Your result is made on the CPU, wherever the image lives. "
    "Use image.new_zeros(…), or pass dtype=image.dtype and device=image.device.",
)
def made_on_the_cpu(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = torch.zeros(H - K_h + 1, W - K_w + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "conv2d",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever the image is. Use image.new_zeros(…), or pass dtype= and device= of the image.",
)
def plain_zeros(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = torch.zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "conv2d",
    says="You change the image itself, and the caller loses the picture. "
    "Fill a new tensor and leave the image as it is.",
)
def image_overwritten(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    for i in range(H - K_h + 1):
        for j in range(W - K_w + 1):
            image[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return image[: H - K_h + 1, : W - K_w + 1].clone()


@misconception(
    "conv2d",
    says="A ready-made function did the sliding for you. "
    "Write the loops yourself: this is what they are for.",
)
def ready_made(image, kernel):
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


@misconception(
    "conv2d",
    says="You put a whole window into one place of the feature map. "
    "Add its products up first: out[i, j] = (window * kernel).sum().",
)
def sum_forgotten(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = image[i : i + K_h, j : j + K_w] * kernel
    return out


@misconception(
    "conv2d",
    says="Your loops run over the whole image and off the feature map. "
    "Let i run to H − K_h + 1 and j to W − K_w + 1, as far as windows fit.",
)
def loops_over_the_image(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(H):
        for j in range(W):
            for m in range(K_h):
                for n in range(K_w):
                    out[i, j] += image[i + m, j + n] * kernel[m, n]
    return out


@misconception(
    "conv2d",
    says="An index runs off the image. Windows fit in H − K_h + 1 rows and W − K_w + 1 columns "
    "only, and their pixels are image[i + m, j + n] with m < K_h and n < K_w.",
)
def windows_run_off(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = torch.zeros_like(image)
    for i in range(H):
        for j in range(W):
            for m in range(K_h):
                for n in range(K_w):
                    out[i, j] += image[i + m, j + n] * kernel[m, n]
    return out


@misconception(
    "conv2d",
    says="Rows and columns of the kernel are exchanged. "
    "Row m of the kernel meets row i + m of the image: image[i + m, j + n] · kernel[m, n].",
)
def window_transposed(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for m in range(K_h):
                for n in range(K_w):
                    out[i, j] += image[i + n, j + m] * kernel[m, n]
    return out


@alternative("conv2d")
def with_unfold(image, kernel):
    K_h, K_w = kernel.shape
    windows = image.unfold(0, K_h, 1).unfold(1, K_w, 1)
    return torch.einsum("ijmn,mn->ij", windows, kernel)


@alternative("conv2d")
def shifted_images(image, kernel):
    H_out = image.size(0) - kernel.size(0) + 1
    W_out = image.size(1) - kernel.size(1) + 1
    total = 0
    for m, row in enumerate(kernel):
        for n, weight in enumerate(row):
            total = total + weight * image[m : m + H_out, n : n + W_out]
    return total


@alternative("conv2d")
def row_by_row(image, kernel):
    rows = range(image.shape[0] - kernel.shape[0] + 1)
    sums = [sum(correlate1d(image[i + m], k) for m, k in enumerate(kernel)) for i in rows]
    return torch.stack(sums)


@alternative("conv2d")
def through_the_frequencies(image, kernel):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    product = torch.fft.fft2(image.double()) * torch.fft.fft2(kernel.double(), s=(H, W)).conj()
    return torch.fft.ifft2(product).real[: H - K_h + 1, : W - K_w + 1].to(image.dtype)
