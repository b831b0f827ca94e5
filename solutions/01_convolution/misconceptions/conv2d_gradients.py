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
    says="Your image gradient is too small, because the pixels near the border are missing. "
    "Pad grad_out with K − 1 zeros on every side: the result must be as large as the image.",
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
    says="Your gradients have the right dtype, but are made on the CPU, wherever the input lives. "
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
    says="torch.zeros(…) makes float32 numbers on the CPU, whatever the input is. "
    "Use torch.zeros_like(image) and torch.zeros_like(kernel).",
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
    says="`grad_image = image` makes no copy: you wipe out the caller's image. "
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
