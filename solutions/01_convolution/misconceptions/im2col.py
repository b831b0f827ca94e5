"""Wrong and other right solutions of `im2col`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "im2col",
    says="Your matrix lies on its side: each window is a row. "
    "Each window must be a column; transpose the matrix at the end.",
)
def windows_as_rows(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    windows = [
        image[i : i + K_h, j : j + K_w].reshape(-1)
        for i in range(H - K_h + 1)
        for j in range(W - K_w + 1)
    ]
    return torch.stack(windows)


@misconception(
    "im2col",
    says="reshape does not transpose: it only breaks the same row of numbers elsewhere. "
    "Use .T, or torch.stack(windows, dim=1).",
)
def reshaped_not_transposed(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    windows = [
        image[i : i + K_h, j : j + K_w].reshape(-1)
        for i in range(H - K_h + 1)
        for j in range(W - K_w + 1)
    ]
    return torch.stack(windows).reshape(K_h * K_w, -1)


@misconception(
    "im2col",
    says="You read each window column by column. "
    "Read it row by row, as reshape(-1) does: the second number is the right-hand neighbour.",
)
def window_read_by_columns(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    windows = [
        image[i : i + K_h, j : j + K_w].T.reshape(-1)
        for i in range(H - K_h + 1)
        for j in range(W - K_w + 1)
    ]
    return torch.stack(windows, dim=1)


@misconception(
    "im2col",
    says="You move the window down first and then to the right. "
    "Go through the image as one reads: along a row first, so that j is the inner loop.",
)
def windows_taken_downwards(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    windows = [
        image[i : i + K_h, j : j + K_w].reshape(-1)
        for j in range(W - K_w + 1)
        for i in range(H - K_h + 1)
    ]
    return torch.stack(windows, dim=1)


@misconception(
    "im2col",
    says="Height and width of the window are exchanged. "
    "kernel_shape gives the height first: K_h, K_w = kernel_shape.",
)
def height_and_width_exchanged(image, kernel_shape):
    H, W = image.shape
    K_w, K_h = kernel_shape
    windows = [
        image[i : i + K_h, j : j + K_w].reshape(-1)
        for i in range(H - K_h + 1)
        for j in range(W - K_w + 1)
    ]
    return torch.stack(windows, dim=1)


@misconception(
    "im2col",
    says="The last row and the last column of windows are missing. "
    "A window of height K_h fits H − K_h + 1 times, and the same goes for the width.",
)
def one_window_short(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    windows = [
        image[i : i + K_h, j : j + K_w].reshape(-1) for i in range(H - K_h) for j in range(W - K_w)
    ]
    return torch.stack(windows, dim=1) if windows else image.new_zeros(K_h * K_w, 0)


@misconception(
    "im2col",
    says="Your windows lie side by side. They overlap: move the window by one pixel at a time.",
)
def windows_side_by_side(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    windows = [
        image[i : i + K_h, j : j + K_w].reshape(-1)
        for i in range(0, H - K_h + 1, K_h)
        for j in range(0, W - K_w + 1, K_w)
    ]
    return torch.stack(windows, dim=1)


@misconception(
    "im2col",
    says="Your windows keep their two dimensions. "
    "Flatten each one to K_h·K_w numbers, so that a matrix of columns comes out.",
)
def windows_not_flattened(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    windows = [
        image[i : i + K_h, j : j + K_w] for i in range(H - K_h + 1) for j in range(W - K_w + 1)
    ]
    return torch.stack(windows, dim=2)


@misconception(
    "im2col",
    says="Your matrix is made on the CPU, wherever the image lives. "
    "Use image.new_zeros(…), or pass dtype=image.dtype and device=image.device.",
)
def made_on_the_cpu(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    H_out, W_out = H - K_h + 1, W - K_w + 1
    columns = torch.zeros(K_h * K_w, H_out * W_out, dtype=image.dtype)
    for i in range(H_out):
        for j in range(W_out):
            columns[:, i * W_out + j] = image[i : i + K_h, j : j + K_w].reshape(-1)
    return columns


@misconception(
    "im2col",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever the image is. Use image.new_zeros(…), or torch.stack on slices of the image.",
)
def plain_zeros(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    H_out, W_out = H - K_h + 1, W - K_w + 1
    columns = torch.zeros(K_h * K_w, H_out * W_out)
    for i in range(H_out):
        for j in range(W_out):
            columns[:, i * W_out + j] = image[i : i + K_h, j : j + K_w].reshape(-1)
    return columns


@misconception(
    "im2col",
    says="A ready-made unfold did the work. "
    "Cut the windows out by slicing and stack them as columns yourself.",
)
def ready_made(image, kernel_shape):
    return F.unfold(image[None, None], kernel_shape)[0]


@misconception(
    "im2col",
    says="The columns are numbered by the wrong side. A row of windows holds W_out of them, "
    "so window (i, j) is column i · W_out + j.",
)
def numbered_by_the_height(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    H_out, W_out = H - K_h + 1, W - K_w + 1
    columns = image.new_zeros(K_h * K_w, H_out * W_out)
    for i in range(H_out):
        for j in range(W_out):
            columns[:, i * H_out + j] = image[i : i + K_h, j : j + K_w].reshape(-1)
    return columns


@misconception(
    "im2col",
    says="The columns are numbered by the image's width. A row of windows holds only W_out "
    "of them, so window (i, j) is column i · W_out + j.",
)
def numbered_by_the_image(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    H_out, W_out = H - K_h + 1, W - K_w + 1
    columns = image.new_zeros(K_h * K_w, H_out * W_out)
    for i in range(H_out):
        for j in range(W_out):
            columns[:, i * W + j] = image[i : i + K_h, j : j + K_w].reshape(-1)
    return columns


@alternative("im2col")
def a_row_for_each_weight(image, kernel_shape):
    K_h, K_w = kernel_shape
    H_out, W_out = image.shape[0] - K_h + 1, image.shape[1] - K_w + 1
    rows = [image[m : m + H_out, n : n + W_out].flatten() for m in range(K_h) for n in range(K_w)]
    return torch.stack(rows)


@alternative("im2col")
def by_index_tables(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    H_out, W_out = H - K_h + 1, W - K_w + 1
    m = torch.arange(K_h).repeat_interleave(K_w)[:, None]
    n = torch.arange(K_w).repeat(K_h)[:, None]
    i = torch.arange(H_out).repeat_interleave(W_out)[None, :]
    j = torch.arange(W_out).repeat(H_out)[None, :]
    return image[m + i, n + j]


@alternative("im2col")
def strided_view(image, kernel_shape):
    image = image.contiguous()
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    H_out, W_out = H - K_h + 1, W - K_w + 1
    view = torch.as_strided(image, (K_h, K_w, H_out, W_out), (W, 1, W, 1))
    return view.reshape(K_h * K_w, H_out * W_out).clone()


@alternative("im2col")
def filled_column_by_column(image, kernel_shape):
    (H, W), (K_h, K_w) = image.shape, kernel_shape
    H_out, W_out = H - K_h + 1, W - K_w + 1
    columns = torch.empty(K_h * K_w, H_out * W_out, dtype=image.dtype, device=image.device)
    for place in range(H_out * W_out):
        i, j = divmod(place, W_out)
        columns[:, place] = torch.ravel(image[i : i + K_h, j : j + K_w])
    return columns
