"""Wrong and other right solutions of `strided_conv`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "strided_conv",
    says="You thin the image out before you convolve. Then neighbours inside the window are "
    "S pixels apart. Convolve the whole image, and keep every S-th row and column of the map.",
)
def image_thinned_out(image, kernel, S):
    small = image[::S, ::S]
    (H, W), (K_h, K_w) = small.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (small[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "strided_conv",
    says="The stride is left out. Keep every S-th row and every S-th column: [::S, ::S].",
)
def stride_ignored(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "strided_conv",
    says="You thin out the rows only. The stride counts for the columns too: [::S, ::S].",
)
def rows_only(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out[::S]


@misconception(
    "strided_conv",
    says="You thin out twice: the windows already step by S, "
    "and then you keep every S-th of them. Do one of the two.",
)
def thinned_out_twice(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros((H - K_h) // S + 1, (W - K_w) // S + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = i * S, j * S
            out[i, j] = (image[top : top + K_h, left : left + K_w] * kernel).sum()
    return out[::S, ::S]


@misconception(
    "strided_conv",
    says="Your first window starts S − 1 pixels late. "
    "The first row and the first column of the map are always kept: start at 0.",
)
def first_window_skipped(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out[S - 1 :: S, S - 1 :: S]


@misconception(
    "strided_conv",
    says="The + 1 is missing in your size: the last row and the last column of windows are lost. "
    "There are (H − K_h) // S + 1 rows, and the columns likewise.",
)
def one_window_short(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros((H - K_h) // S, (W - K_w) // S)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = i * S, j * S
            out[i, j] = (image[top : top + K_h, left : left + K_w] * kernel).sum()
    return out


@misconception(
    "strided_conv",
    says="You divide the map's size by S and drop what is left over. Its first row is always kept: "
    "(H − K_h) // S + 1 rows, not (H − K_h + 1) // S.",
)
def map_divided(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros((H - K_h + 1) // S, (W - K_w + 1) // S)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = i * S, j * S
            out[i, j] = (image[top : top + K_h, left : left + K_w] * kernel).sum()
    return out


@misconception(
    "strided_conv",
    says="Your windows step by the kernel's size. They step by S, whatever the kernel is.",
)
def windows_side_by_side(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros((H - K_h) // K_h + 1, (W - K_w) // K_w + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = i * K_h, j * K_w
            out[i, j] = (image[top : top + K_h, left : left + K_w] * kernel).sum()
    return out


@misconception(
    "strided_conv",
    says="Your windows still step by one pixel; only the result is smaller. "
    "Place (i, j) belongs to the window that starts at (i·S, j·S).",
)
def windows_do_not_step(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros((H - K_h) // S + 1, (W - K_w) // S + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "strided_conv",
    says="Your result has holes: the window at (i, j) belongs to out[i // S, j // S], "
    "in a map of (H − K_h) // S + 1 rows.",
)
def holes_in_the_map(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(0, H - K_h + 1, S):
        for j in range(0, W - K_w + 1, S):
            out[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "strided_conv",
    says="You write into the place where the window starts, and so off your smaller map. "
    "The window at (i, j) belongs to out[i // S, j // S].",
)
def written_off_the_map(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = image.new_zeros((H - K_h) // S + 1, (W - K_w) // S + 1)
    for i in range(0, H - K_h + 1, S):
        for j in range(0, W - K_w + 1, S):
            out[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return out


@misconception(
    "strided_conv",
    says="You average blocks of the map. That is pooling; a stride throws the other windows away "
    "and keeps every S-th as it is.",
)
def blocks_averaged(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    full = image.new_zeros(H - K_h + 1, W - K_w + 1)
    for i in range(full.shape[0]):
        for j in range(full.shape[1]):
            full[i, j] = (image[i : i + K_h, j : j + K_w] * kernel).sum()
    return F.avg_pool2d(full[None, None], S)[0, 0]


@misconception(
    "strided_conv",
    says="Your kernel is turned by 180°. "
    "Deep learning's convolution does not flip it: image[i·S + m, j·S + n] · kernel[m, n].",
)
def kernel_flipped(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    turned = kernel.flip(0, 1)
    out = image.new_zeros((H - K_h) // S + 1, (W - K_w) // S + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = i * S, j * S
            out[i, j] = (image[top : top + K_h, left : left + K_w] * turned).sum()
    return out


@misconception(
    "strided_conv",
    says="You took the kernel for a square. "
    "It has a height and a width of its own: K_h, K_w = kernel.shape.",
)
def square_kernels_only(image, kernel, S):
    (H, W), K = image.shape, kernel.shape[0]
    out = image.new_zeros((H - K) // S + 1, (W - K) // S + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for m in range(K):
                for n in range(K):
                    out[i, j] += image[i * S + m, j * S + n] * kernel[m, n]
    return out


@misconception(
    "strided_conv",
    says="The ready-made stride did the work. Convolve first and keep every S-th row and column "
    "yourself, or step with your own windows.",
)
def ready_made(image, kernel, S):
    return F.conv2d(image[None, None], kernel[None, None], stride=S)[0, 0]


@misconception(
    "strided_conv",
    says="Your result is made on the CPU, wherever the image lives. "
    "Use image.new_zeros(…), or pass dtype=image.dtype and device=image.device.",
)
def made_on_the_cpu(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = torch.zeros((H - K_h) // S + 1, (W - K_w) // S + 1, dtype=image.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = i * S, j * S
            out[i, j] = (image[top : top + K_h, left : left + K_w] * kernel).sum()
    return out


@misconception(
    "strided_conv",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever the image is. Use image.new_zeros(…), or pass dtype= and device= of the image.",
)
def plain_zeros(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    out = torch.zeros((H - K_h) // S + 1, (W - K_w) // S + 1)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = i * S, j * S
            out[i, j] = (image[top : top + K_h, left : left + K_w] * kernel).sum()
    return out


@alternative("strided_conv")
def windows_unfolded(image, kernel, S):
    K_h, K_w = kernel.shape
    windows = image.unfold(0, K_h, S).unfold(1, K_w, S)
    return torch.einsum("ijmn,mn->ij", windows, kernel)


@alternative("strided_conv")
def shifted_images_thinned_out(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    total = 0
    for m in range(K_h):
        for n in range(K_w):
            seen = image[m : H - K_h + 1 + m : S, n : W - K_w + 1 + n : S]
            total = total + kernel[m, n] * seen
    return total


@alternative("strided_conv")
def needed_windows_stacked(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    tops, lefts = range(0, H - K_h + 1, S), range(0, W - K_w + 1, S)
    columns = [image[i : i + K_h, j : j + K_w].reshape(-1) for i in tops for j in lefts]
    return (torch.stack(columns) @ kernel.reshape(-1)).reshape(len(tops), len(lefts))


@alternative("strided_conv")
def gathered_by_index(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    rows = torch.arange(0, H - K_h + 1, S)[:, None] + torch.arange(K_h)
    columns = torch.arange(0, W - K_w + 1, S)[:, None] + torch.arange(K_w)
    windows = image[rows[:, None, :, None], columns[None, :, None, :]]
    return (windows * kernel).sum((2, 3))


@alternative("strided_conv")
def through_the_frequencies(image, kernel, S):
    (H, W), (K_h, K_w) = image.shape, kernel.shape
    product = torch.fft.fft2(image.double()) * torch.fft.fft2(kernel.double(), s=(H, W)).conj()
    valid = torch.fft.ifft2(product).real[: H - K_h + 1, : W - K_w + 1]
    return valid[::S, ::S].to(image.dtype)
