"""Wrong and other right solutions of `conv2d_gradients`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "conv2d_gradients",
    says="The two gradients stand in the wrong order. Return the image's first, then the kernel's.",
)
def order_exchanged(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_image, grad_kernel = torch.zeros_like(image), torch.zeros_like(kernel)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_kernel += grad_out[i, j] * image[i : i + K_h, j : j + K_w]
            grad_image[i : i + K_h, j : j + K_w] += grad_out[i, j] * kernel
    return grad_kernel, grad_image


@misconception(
    "conv2d_gradients",
    says="For the image's gradient the kernel must be turned by 180°: "
    "going back, pixel (i + m, j + n) meets kernel[m, n]. Use kernel.flip(0, 1).",
)
def kernel_not_turned(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    padded = F.pad(grad_out, (K_w - 1, K_w - 1, K_h - 1, K_h - 1))
    return conv2d(padded, kernel), conv2d(image, grad_out)


@misconception(
    "conv2d_gradients",
    says="The zeros around grad_out are missing, or there are too few. Pad it by "
    "K_h − 1 rows above and below, and by K_w − 1 columns left and right.",
)
def upstream_not_padded(image, kernel, grad_out):
    turned = kernel.flip(0, 1)
    grad_image = F.conv2d(grad_out[None, None], turned[None, None])[0, 0]
    return grad_image, conv2d(image, grad_out)


@misconception(
    "conv2d_gradients",
    says="The zeros around grad_out are exchanged: F.pad counts the last axis first. "
    "Write F.pad(grad_out, (K_w − 1, K_w − 1, K_h − 1, K_h − 1)).",
)
def padding_exchanged(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    padded = F.pad(grad_out, (K_h - 1, K_h - 1, K_w - 1, K_w - 1))
    grad_image = F.conv2d(padded[None, None], kernel.flip(0, 1)[None, None])[0, 0]
    return grad_image, conv2d(image, grad_out)


@misconception(
    "conv2d_gradients",
    says="Your kernel gradient is turned by 180°. "
    "Weight (m, n) has met image[i + m, j + n]: slide grad_out over the image as it is.",
)
def kernel_gradient_turned(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    padded = F.pad(grad_out, (K_w - 1, K_w - 1, K_h - 1, K_h - 1))
    grad_image = conv2d(padded, kernel.flip(0, 1))
    return grad_image, conv2d(image, grad_out).flip(0, 1)


@misconception(
    "conv2d_gradients",
    says="You leave grad_out out, as if the loss were the plain sum of the outputs. "
    "Multiply each window's share by its grad_out[i, j].",
)
def upstream_ignored(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_image, grad_kernel = torch.zeros_like(image), torch.zeros_like(kernel)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_kernel += image[i : i + K_h, j : j + K_w]
            grad_image[i : i + K_h, j : j + K_w] += kernel
    return grad_image, grad_kernel


@misconception(
    "conv2d_gradients",
    says="You average the kernel's gradient over the windows. "
    "Every window adds its full share: sum, do not divide.",
)
def kernel_gradient_averaged(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_image, grad_kernel = torch.zeros_like(image), torch.zeros_like(kernel)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_kernel += grad_out[i, j] * image[i : i + K_h, j : j + K_w]
            grad_image[i : i + K_h, j : j + K_w] += grad_out[i, j] * kernel
    return grad_image, grad_kernel / grad_out.numel()


@misconception(
    "conv2d_gradients",
    says="Windows overlap, and each one overwrites what the last one gave to a pixel. "
    "Add up the shares: grad_image[…] += ….",
)
def image_share_overwritten(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_image, grad_kernel = torch.zeros_like(image), torch.zeros_like(kernel)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_kernel += grad_out[i, j] * image[i : i + K_h, j : j + K_w]
            grad_image[i : i + K_h, j : j + K_w] = grad_out[i, j] * kernel
    return grad_image, grad_kernel


@misconception(
    "conv2d_gradients",
    says="Only the last window counts in your kernel gradient. "
    "The kernel was used in every window: add up the shares, grad_kernel += ….",
)
def kernel_share_overwritten(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_image, grad_kernel = torch.zeros_like(image), torch.zeros_like(kernel)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_kernel = grad_out[i, j] * image[i : i + K_h, j : j + K_w]
            grad_image[i : i + K_h, j : j + K_w] += grad_out[i, j] * kernel
    return grad_image, grad_kernel


@misconception(
    "conv2d_gradients",
    says="The factors are exchanged. In the product image · kernel, the kernel's gradient is made "
    "of the image's pixels, and the image's gradient of the kernel's weights.",
)
def factors_exchanged(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_image, grad_kernel = torch.zeros_like(image), torch.zeros_like(kernel)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            window = image[i : i + K_h, j : j + K_w]
            grad_kernel += grad_out[i, j] * kernel
            grad_image[i : i + K_h, j : j + K_w] += grad_out[i, j] * window
    return grad_image, grad_kernel


@misconception(
    "conv2d_gradients",
    says="Your gradients are made on the CPU, wherever the input lives. "
    "Use torch.zeros_like(image) and torch.zeros_like(kernel): they follow both.",
)
def made_on_the_cpu(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_image = torch.zeros(image.shape, dtype=image.dtype)
    grad_kernel = torch.zeros(kernel.shape, dtype=kernel.dtype)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_kernel += grad_out[i, j] * image[i : i + K_h, j : j + K_w]
            grad_image[i : i + K_h, j : j + K_w] += grad_out[i, j] * kernel
    return grad_image, grad_kernel


@misconception(
    "conv2d_gradients",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever the input is. Use torch.zeros_like(image) and torch.zeros_like(kernel).",
)
def plain_zeros(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_image, grad_kernel = torch.zeros(image.shape), torch.zeros(kernel.shape)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_kernel += grad_out[i, j] * image[i : i + K_h, j : j + K_w]
            grad_image[i : i + K_h, j : j + K_w] += grad_out[i, j] * kernel
    return grad_image, grad_kernel


@misconception(
    "conv2d_gradients",
    says="You change the image itself: `grad_image = image`, for one, makes no copy. "
    "Start from torch.zeros_like(image).",
)
def image_wiped_out(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_kernel = torch.zeros_like(kernel)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_kernel += grad_out[i, j] * image[i : i + K_h, j : j + K_w]
    grad_image = image
    grad_image.zero_()
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_image[i : i + K_h, j : j + K_w] += grad_out[i, j] * kernel
    return grad_image, grad_kernel


@misconception(
    "conv2d_gradients",
    says="Autograd found the gradients for you. "
    "Write both sums out: each window gives its share, weighted with grad_out[i, j].",
)
def asked_autograd(image, kernel, grad_out):
    image, kernel = image.clone().requires_grad_(), kernel.clone().requires_grad_()
    out = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    return torch.autograd.grad(out, (image, kernel), grad_out)


@misconception(
    "conv2d_gradients",
    says="The zeros around grad_out go by the kernel's height on all sides. Pad it by "
    "K_h − 1 rows above and below, and by K_w − 1 columns left and right.",
)
def padded_by_the_height(image, kernel, grad_out):
    turned, padding = kernel.flip(0, 1), kernel.shape[0] - 1
    grad_image = F.conv2d(grad_out[None, None], turned[None, None], padding=padding)[0, 0]
    return grad_image, conv2d(image, grad_out)


@misconception(
    "conv2d_gradients",
    says="The pieces overlap, and each weight's piece overwrites what the last one gave. "
    "Add them up: grad_image[m : m + H_out, n : n + W_out] += ….",
)
def image_pieces_overwritten(image, kernel, grad_out):
    H_out, W_out = grad_out.shape
    grad_image, grad_kernel = torch.zeros_like(image), torch.zeros_like(kernel)
    for m in range(kernel.shape[0]):
        for n in range(kernel.shape[1]):
            grad_kernel[m, n] = (image[m : m + H_out, n : n + W_out] * grad_out).sum()
            grad_image[m : m + H_out, n : n + W_out] = kernel[m, n] * grad_out
    return grad_image, grad_kernel


@misconception(
    "conv2d_gradients",
    says="An index runs off grad_out, which has only H_out × W_out entries. Loop over those, or "
    "count G(p − m, q − n) only where 0 ≤ p − m < H_out and 0 ≤ q − n < W_out.",
)
def upstream_index_out_of_range(image, kernel, grad_out):
    grad_image = torch.zeros_like(image)
    for p in range(image.shape[0]):
        for q in range(image.shape[1]):
            for m in range(kernel.shape[0]):
                for n in range(kernel.shape[1]):
                    grad_image[p, q] += grad_out[p - m, q - n] * kernel[m, n]
    return grad_image, conv2d(image, grad_out)


@misconception(
    "conv2d_gradients",
    says="A negative index is no error in Python: grad_out[-1] is the last row, not zero. "
    "Count G(p − m, q − n) only where p − m and q − n are not negative either.",
)
def upstream_negative_index(image, kernel, grad_out):
    grad_image = torch.zeros_like(image)
    for p in range(image.shape[0]):
        for q in range(image.shape[1]):
            for m in range(kernel.shape[0]):
                for n in range(kernel.shape[1]):
                    if p - m < grad_out.shape[0] and q - n < grad_out.shape[1]:
                        grad_image[p, q] += grad_out[p - m, q - n] * kernel[m, n]
    return grad_image, conv2d(image, grad_out)


@misconception(
    "conv2d_gradients",
    says="Every window overwrites what the last one gave, in both gradients. "
    "Add up the shares: grad_kernel += … and grad_image[…] += ….",
)
def both_shares_overwritten(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_image, grad_kernel = torch.zeros_like(image), torch.zeros_like(kernel)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_kernel = grad_out[i, j] * image[i : i + K_h, j : j + K_w]
            grad_image[i : i + K_h, j : j + K_w] = grad_out[i, j] * kernel
    return grad_image, grad_kernel


@misconception(
    "conv2d_gradients",
    says="You leave grad_out out of the image's gradient. "
    "The share of a window counts as much as its output: grad_out[i, j] · kernel.",
)
def upstream_ignored_in_the_image(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    grad_image, grad_kernel = torch.zeros_like(image), torch.zeros_like(kernel)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_kernel += grad_out[i, j] * image[i : i + K_h, j : j + K_w]
            grad_image[i : i + K_h, j : j + K_w] += kernel
    return grad_image, grad_kernel


@alternative("conv2d_gradients")
def two_convolutions(image, kernel, grad_out):
    K_h, K_w = kernel.shape
    padded = F.pad(grad_out, (K_w - 1, K_w - 1, K_h - 1, K_h - 1))
    return conv2d(padded, torch.flip(kernel, (0, 1))), conv2d(image, grad_out)


@alternative("conv2d_gradients")
def weight_by_weight(image, kernel, grad_out):
    H_out, W_out = grad_out.shape
    grad_image = torch.zeros_like(image)
    rows = []
    for m in range(kernel.shape[0]):
        row = []
        for n in range(kernel.shape[1]):
            row.append((image[m : m + H_out, n : n + W_out] * grad_out).sum())
            grad_image[m : m + H_out, n : n + W_out] += kernel[m, n] * grad_out
        rows.append(torch.stack(row))
    return grad_image, torch.stack(rows)


@alternative("conv2d_gradients")
def columns_and_back(image, kernel, grad_out):
    columns = im2col(image, tuple(kernel.shape))
    grad_kernel = (columns @ grad_out.reshape(-1)).reshape(kernel.shape)
    grad_columns = torch.outer(kernel.reshape(-1), grad_out.reshape(-1))
    grad_image = F.fold(grad_columns[None], image.shape, kernel.shape)[0, 0]
    return [grad_image, grad_kernel]


@alternative("conv2d_gradients")
def without_recording(image, kernel, grad_out):
    with torch.no_grad():
        grad_image = torch.zeros_like(image)
        grad_kernel = image.new_zeros(kernel.shape)
        for i, row in enumerate(grad_out):
            for j, share in enumerate(row):
                here = slice(i, i + kernel.shape[0]), slice(j, j + kernel.shape[1])
                grad_kernel = grad_kernel + share * image[here]
                grad_image[here] += share * kernel
    return grad_image, grad_kernel
