"""Lesson 02's mistakes in other words: kernels, edges and blurs."""

# ruff: noqa: F811 - many wrong solutions of one exercise, as students write them

import math

import torch
import torch.nn.functional as F

from tests.other_words.cases import told


@told("gaussian_not_normalised")
def seven_kernels():
    across = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    return {
        "sobel_x": across,
        "sobel_y": across.t(),
        "prewitt_x": across.sign(),
        "laplacian": torch.tensor([[0.0, -1, 0], [-1, 4, -1], [0, -1, 0]]),
        "gaussian": torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]),
        "sharpen": torch.tensor([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        "emboss": torch.tensor([[-2.0, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    }


@told("whole_numbers")
def seven_kernels():
    across = torch.tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    return {
        "sobel_x": across,
        "sobel_y": across.t(),
        "prewitt_x": across.sign(),
        "laplacian": torch.tensor([[0, -1, 0], [-1, 4, -1], [0, -1, 0]]),
        "gaussian": torch.tensor([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
        "sharpen": torch.tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        "emboss": torch.tensor([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    }


@told("root_forgotten")
def edge_strength(image):
    kernels = seven_kernels()
    weight = torch.stack([kernels["sobel_x"], kernels["sobel_y"]]).unsqueeze(1).to(image)
    both = F.conv2d(image.view(1, 1, *image.shape), weight).squeeze(0)
    gx, gy = both
    return (both * both).sum(0), torch.arctan2(gy, gx)


@told("across_and_down_exchanged")
def edge_strength(image):
    kernels = seven_kernels()
    gx = F.conv2d(image[None, None], kernels["sobel_x"].to(image)[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernels["sobel_y"].to(image)[None, None])[0, 0]
    return (gx**2 + gy**2) ** 0.5, torch.atan2(gx, gy)


@told("atan_of_the_quotient")
def edge_strength(image):
    kernels = seven_kernels()
    gx = F.conv2d(image[None, None], kernels["sobel_x"].to(image)[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernels["sobel_y"].to(image)[None, None])[0, 0]
    return (gx**2 + gy**2) ** 0.5, torch.atan(gy / (gx + 1e-8))


@told("angle_in_degrees")
def edge_strength(image):
    kernels = seven_kernels()
    gx = F.conv2d(image[None, None], kernels["sobel_x"].to(image)[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernels["sobel_y"].to(image)[None, None])[0, 0]
    return (gx**2 + gy**2).sqrt(), torch.atan2(gy, gx) * 180 / math.pi


@told("axes_not_added")
def edge_strength(image):
    kernels = seven_kernels()
    gx = F.conv2d(image, kernels["sobel_x"].to(image))
    gy = F.conv2d(image, kernels["sobel_y"].to(image))
    return torch.sqrt(gx**2 + gy**2), torch.atan2(gy, gx)


@told("prewitt_taken")
def edge_strength(image):
    kernel = seven_kernels()["prewitt_x"].to(image)
    gx = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernel.T[None, None])[0, 0]
    return torch.sqrt(gx**2 + gy**2), torch.atan2(gy, gx)


@told("kernels_flipped")
def edge_strength(image):
    kernels = seven_kernels()
    gx = F.conv2d(image[None, None], kernels["sobel_x"].flip(0, 1).to(image)[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernels["sobel_y"].flip(0, 1).to(image)[None, None])[0, 0]
    return torch.sqrt(gx**2 + gy**2), torch.atan2(gy, gx)


@told("kernel_without_axes")
def edge_strength(image):
    kernels = seven_kernels()
    gx = F.conv2d(image[None, None], kernels["sobel_x"].to(image))[0, 0]
    gy = F.conv2d(image[None, None], kernels["sobel_y"].to(image))[0, 0]
    return torch.sqrt(gx**2 + gy**2), torch.atan2(gy, gx)


@told("kernel_on_the_cpu")
def edge_strength(image):
    kernels = seven_kernels()
    gx = F.conv2d(image[None, None], kernels["sobel_x"].to(image.dtype)[None, None])[0, 0]
    gy = F.conv2d(image[None, None], kernels["sobel_y"].to(image.dtype)[None, None])[0, 0]
    return torch.sqrt(gx**2 + gy**2), torch.atan2(gy, gx)


@told("not_normalised")
def gaussian_weights(K, sigma):
    r = K // 2
    bell = [math.exp(-x * x / 2 / sigma / sigma) for x in range(-r, r + 1)]
    return torch.tensor(bell, dtype=torch.float64)


@told("density_of_the_bell_curve")
def gaussian_weights(K, sigma):
    x = torch.linspace(-(K // 2), K // 2, K, dtype=torch.float64)
    return 1 / (sigma * (2 * math.pi) ** 0.5) * torch.exp(-0.5 * (x / sigma) ** 2)


@told("made_in_float32")
def gaussian_weights(K, sigma):
    r = K // 2
    w = torch.tensor([math.exp(-x * x / 2 / sigma / sigma) for x in range(-r, r + 1)])
    return w / w.sum()


@told("made_in_float32")
def gaussian_weights(K, sigma):
    x = torch.linspace(-(K // 2), K // 2, K)
    return torch.softmax(-(x**2) / (2 * sigma**2), 0)


@told("brackets_forgotten")
def gaussian_weights(K, sigma):
    x = torch.arange(-(K // 2), K // 2 + 1, dtype=torch.double)
    w = (-(x**2) / 2 * sigma**2).exp()
    return w / torch.sum(w)


@told("whole_kernel")
def gaussian_weights(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K // 2
    bell = torch.exp(-(x[None] ** 2 + x[:, None] ** 2) / (2 * sigma**2))
    return bell / bell.sum()


@told("rows_only")
def blur_separable(image, weights):
    return image.unfold(1, len(weights), 1) @ weights


@told("whole_kernel")
def blur_separable(image, weights):
    kernel = weights[:, None] * weights[None]
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


@told("whole_kernel")
def blur_separable(image, weights):
    K = len(weights)
    out = image.new_zeros(image.shape[0] - K + 1, image.shape[1] - K + 1)
    for m in range(K):
        for n in range(K):
            piece = image[m : m + out.shape[0], n : n + out.shape[1]]
            out += weights[m] * weights[n] * piece
    return out


@told("half_a_kernel_of_padding")
def blur_separable(image, weights):
    K = len(weights)
    rows = F.conv2d(image[None, None], weights.view(1, 1, 1, K), padding=(0, K // 2))
    return F.conv2d(rows, weights.view(1, 1, K, 1), padding=(K // 2, 0))[0, 0]


@told("second_pass_from_the_image")
def blur_separable(image, weights):
    return F.conv2d(image[None, None], weights.view(1, 1, len(weights), 1))[0, 0]


@told("normalised_again")
def blur_separable(image, weights):
    K = len(weights)
    mean = weights / weights.sum()
    rows = F.conv2d(image[None, None], mean.view(1, 1, 1, K))
    return F.conv2d(rows, mean.view(1, 1, K, 1))[0, 0]


@told("weights_without_axes")
def blur_separable(image, weights):
    rows = F.conv2d(image[None, None], weights[None])
    return F.conv2d(rows, weights[:, None])[0, 0]
