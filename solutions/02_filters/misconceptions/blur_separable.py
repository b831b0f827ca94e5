"""Wrong and other right solutions of `blur_separable`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "blur_separable",
    says="Only the rows are blurred. A second pass, with the weights standing upright, blurs the "
    "columns of the first pass's result.",
)
def rows_only(image, weights):
    return F.conv2d(image[None, None], weights[None, None, None, :])[0, 0]


@misconception(
    "blur_separable",
    says="Only the columns are blurred: the second pass starts from the image again, or the first "
    "is missing. Hand the result of the first pass to the second.",
)
def second_pass_from_the_image(image, weights):
    rows = F.conv2d(image[None, None], weights[None, None, None, :])
    rows = F.conv2d(image[None, None], weights[None, None, :, None])
    return rows[0, 0]


@misconception(
    "blur_separable",
    says="Both passes run along the rows. In the second one the weights stand upright: K×1, "
    "weights.reshape(1, 1, -1, 1).",
)
def rows_twice(image, weights):
    once = F.conv2d(image[None, None], weights[None, None, None, :])
    return F.conv2d(once, weights[None, None, None, :])[0, 0]


@misconception(
    "blur_separable",
    says="Both passes run along the columns. In one of them the weights lie flat: 1×K, "
    "weights.reshape(1, 1, 1, -1).",
)
def columns_twice(image, weights):
    once = F.conv2d(image[None, None], weights[None, None, :, None])
    return F.conv2d(once, weights[None, None, :, None])[0, 0]


@misconception(
    "blur_separable",
    says="You blur rows and columns apart and add the two pictures. "
    "Two passes mean one after the other: the second works on what the first made.",
)
def passes_added(image, weights):
    K = len(weights)
    H, W = image.shape[0] - K + 1, image.shape[1] - K + 1
    rows = F.conv2d(image[None, None], weights[None, None, None, :])[0, 0]
    columns = F.conv2d(image[None, None], weights[None, None, :, None])[0, 0]
    return rows[:H] + columns[:, :W]


@misconception(
    "blur_separable",
    says="You blur rows and columns apart and take the mean of the two pictures. "
    "Two passes mean one after the other: the second works on what the first made.",
)
def passes_averaged(image, weights):
    K = len(weights)
    H, W = image.shape[0] - K + 1, image.shape[1] - K + 1
    rows = F.conv2d(image[None, None], weights[None, None, None, :])[0, 0]
    columns = F.conv2d(image[None, None], weights[None, None, :, None])[0, 0]
    return (rows[:H] + columns[:, :W]) / 2


@misconception(
    "blur_separable",
    says="Your weights run backwards. Nothing is flipped here: "
    "pixel j + n meets weights[n], in both passes.",
)
def weights_flipped(image, weights):
    w = weights.flip(0)
    rows = F.conv2d(image[None, None], w[None, None, None, :])
    return F.conv2d(rows, w[None, None, :, None])[0, 0]


@misconception(
    "blur_separable",
    says="You divided the weights by their sum once more. "
    "Use them as they come; whoever made them has seen to their sum.",
)
def normalised_again(image, weights):
    w = weights / weights.sum()
    rows = F.conv2d(image[None, None], w[None, None, None, :])
    return F.conv2d(rows, w[None, None, :, None])[0, 0]


@misconception(
    "blur_separable",
    says="Your result is as large as the image, because zeros beyond the border were blurred in. "
    "Use no padding: H − K + 1 rows and W − K + 1 columns.",
)
def zeros_beyond_the_border(image, weights):
    rows = F.conv2d(image[None, None], weights[None, None, None, :], padding="same")
    return F.conv2d(rows, weights[None, None, :, None], padding="same")[0, 0]


@misconception(
    "blur_separable",
    says="You put zeros beyond the border, K // 2 on each side, and they were blurred in. "
    "Use no padding: H − K + 1 rows and W − K + 1 columns.",
)
def half_a_kernel_of_padding(image, weights):
    half = len(weights) // 2
    rows = F.conv2d(image[None, None], weights[None, None, None, :], padding=(0, half))
    return F.conv2d(rows, weights[None, None, :, None], padding=(half, 0))[0, 0]


@misconception(
    "blur_separable",
    says="padding=… with one number pads height and width, in each pass, and the picture grew. "
    "Use no padding: H − K + 1 rows and W − K + 1 columns.",
)
def padded_on_both_axes(image, weights):
    half = len(weights) // 2
    rows = F.conv2d(image[None, None], weights[None, None, None, :], padding=half)
    return F.conv2d(rows, weights[None, None, :, None], padding=half)[0, 0]


@misconception(
    "blur_separable",
    says="The last row and the last column are missing. "
    "K weights fit H − K + 1 times into H pixels.",
)
def one_place_short(image, weights):
    K = len(weights)
    (H, W) = image.shape
    rows = sum(weights[n] * image[:, n : n + W - K] for n in range(K))
    return sum(weights[m] * rows[m : m + H - K] for m in range(K))


@misconception(
    "blur_separable",
    says="Height and width are exchanged. The pass along the rows shortens the width, "
    "W − K + 1 columns, and shape gives the height first: H, W = image.shape.",
)
def height_and_width_exchanged(image, weights):
    K = len(weights)
    W, H = image.shape
    rows = sum(weights[n] * image[:, n : n + W - K + 1] for n in range(K))
    return sum(weights[m] * rows[m : m + H - K + 1] for m in range(K))


@misconception(
    "blur_separable",
    says="Your result is turned on its side: you transposed once for the columns, and not back. "
    "Transpose a second time at the end.",
)
def left_transposed(image, weights):
    rows = F.conv2d(image[None, None], weights[None, None, None, :])[0, 0]
    return F.conv2d(rows.T[None, None], weights[None, None, None, :])[0, 0]


@misconception(
    "blur_separable",
    says="F.conv2d wants four axes: batch, channel, height, width. "
    "Add them to the image too: image[None, None].",
)
def axes_not_added(image, weights):
    rows = F.conv2d(image, weights[None, None, None, :])
    return F.conv2d(rows, weights[None, None, :, None])


@misconception(
    "blur_separable",
    says="squeeze() takes away every axis of length 1, also that of a result with a single row. "
    "Take off the two that you added, and no other: [0, 0].",
)
def squeezed(image, weights):
    rows = F.conv2d(image[None, None], weights[None, None, None, :])
    return F.conv2d(rows, weights[None, None, :, None]).squeeze()


@misconception(
    "blur_separable",
    says="Your weights have two axes, and F.conv2d wants a kernel with four: 1×1×1×K along the "
    "rows, weights.reshape(1, 1, 1, -1), and 1×1×K×1 along the columns.",
)
def weights_without_axes(image, weights):
    rows = F.conv2d(image[None, None], weights[None, :])
    return F.conv2d(rows, weights[:, None])[0, 0]


@misconception(
    "blur_separable",
    says="Your result still has the axes for batch and channel. Take them off with [0, 0].",
)
def axes_left(image, weights):
    rows = F.conv2d(image[None, None], weights[None, None, None, :])
    return F.conv2d(rows, weights[None, None, :, None])


@misconception(
    "blur_separable",
    says="Your result is made on the CPU, wherever the image lives. "
    "Let it grow out of the image, or use image.new_zeros(…).",
)
def made_on_the_cpu(image, weights):
    K = len(weights)
    H, W = image.shape[0] - K + 1, image.shape[1] - K + 1
    rows = torch.zeros(image.shape[0], W, dtype=image.dtype)
    out = torch.zeros(H, W, dtype=image.dtype)
    for n in range(K):
        rows += weights[n] * image[:, n : n + W]
    for m in range(K):
        out += weights[m] * rows[m : m + H]
    return out


@misconception(
    "blur_separable",
    says="torch.zeros(…) is float32 and lives on the CPU, whatever the image is. "
    "Let your result grow out of the image, or use image.new_zeros(…).",
)
def plain_zeros(image, weights):
    K = len(weights)
    H, W = image.shape[0] - K + 1, image.shape[1] - K + 1
    rows, out = torch.zeros(image.shape[0], W), torch.zeros(H, W)
    for n in range(K):
        rows += weights[n] * image[:, n : n + W]
    for m in range(K):
        out += weights[m] * rows[m : m + H]
    return out


@misconception(
    "blur_separable",
    says="You made the whole K×K kernel and slid it once: K·K products for each pixel. "
    "Slide K weights along the rows and then K along the columns: 2·K products.",
)
def whole_kernel(image, weights):
    kernel = torch.outer(weights, weights)
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


@misconception(
    "blur_separable",
    says="You blur the image itself, and the caller loses the picture. "
    "Write the first pass into a new tensor.",
)
def image_overwritten(image, weights):
    K = len(weights)
    H, W = image.shape[0] - K + 1, image.shape[1] - K + 1
    for j in range(W):
        image[:, j] = image[:, j : j + K] @ weights
    for i in range(H):
        image[i] = weights @ image[i : i + K]
    return image[:H, :W].clone()


@alternative("blur_separable")
def columns_first(image, weights):
    columns = F.conv2d(image[None, None], weights.reshape(1, 1, -1, 1))
    return F.conv2d(columns, weights.reshape(1, 1, 1, -1)).squeeze(0).squeeze(0)


@alternative("blur_separable")
def conv1d_twice(image, weights):
    rows = F.conv1d(image[:, None], weights[None, None])[:, 0]
    return F.conv1d(rows.T[:, None], weights[None, None])[:, 0].T


@alternative("blur_separable")
def windows_of_a_line(image, weights):
    K = len(weights)
    return image.unfold(1, K, 1).matmul(weights).unfold(0, K, 1).matmul(weights)


@alternative("blur_separable")
def shifted_and_added(image, weights):
    K = len(weights)
    (H, W) = image.shape
    rows = sum(weights[n] * image[:, n : n + W - K + 1] for n in range(K))
    return sum(weights[m] * rows[m : m + H - K + 1] for m in range(K))


@alternative("blur_separable")
def two_matrix_products(image, weights):
    K = len(weights)
    (H, W) = image.shape
    down, across = image.new_zeros(H - K + 1, H), image.new_zeros(W - K + 1, W)
    for i in range(H - K + 1):
        down[i, i : i + K] = weights
    for j in range(W - K + 1):
        across[j, j : j + K] = weights
    return down @ image @ across.T
