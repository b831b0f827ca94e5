"""Lesson 01's mistakes in other words: two dimensions."""

# ruff: noqa: F811 - many wrong solutions of one exercise, as students write them

import torch
import torch.nn.functional as F
from torch import nn

from tests.other_words.cases import told


@told("kernel_flipped")
def conv2d(image, kernel):
    turned = kernel.flip([0, 1])
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    out = image.new_zeros(rows, columns)
    for m in range(kernel.shape[0]):
        for n in range(kernel.shape[1]):
            out += turned[m, n] * image[m : m + rows, n : n + columns]
    return out


@told("plain_zeros")
def conv2d(image, kernel):
    (H, W), (h, w) = image.shape, kernel.shape
    return torch.tensor(
        [
            [(image[i : i + h, j : j + w] * kernel).sum().item() for j in range(W - w + 1)]
            for i in range(H - h + 1)
        ]
    )


@told("matrix_product")
def conv2d(image, kernel):
    h, w = kernel.shape
    out = image.new_zeros(image.shape[0] - h + 1, image.shape[1] - w + 1)
    for i, j in torch.cartesian_prod(*map(torch.arange, out.shape)).tolist():
        out[i, j] = torch.matmul(image[i : i + h, j : j + w], kernel).sum()
    return out


@told("product_overwritten")
def conv2d(image, kernel):
    h, w = kernel.shape
    out = image.new_zeros(image.shape[0] - h + 1, image.shape[1] - w + 1)
    for m in range(h):
        for n in range(w):
            out = kernel[m, n] * image[m : m + out.shape[0], n : n + out.shape[1]]
    return out


@told("sum_forgotten")
def conv2d(image, kernel):
    h, w = kernel.shape
    out = image.new_zeros(image.shape[0] - h + 1, image.shape[1] - w + 1)
    for i in range(len(out)):
        for j in range(len(out[0])):
            out[i][j] = kernel * image[i : i + h, j : j + w]
    return out


@told("ready_made")
def conv2d(image, kernel):
    layer = nn.Conv2d(1, 1, tuple(kernel.shape), bias=False)
    layer.weight = nn.Parameter(kernel[None, None])
    return layer(image[None, None]).detach()[0, 0]


@told("windows_as_rows")
def im2col(image, kernel_shape):
    h, w = kernel_shape
    rows = []
    for i in range(image.shape[0] - h + 1):
        for j in range(image.shape[1] - w + 1):
            rows.append(image[i : i + h, j : j + w].reshape(1, -1))
    return torch.cat(rows)


@told("window_read_by_columns")
def im2col(image, kernel_shape):
    H, W = image.shape
    h, w = kernel_shape
    out_h, out_w = H - h + 1, W - w + 1
    pieces = [image[m : m + out_h, n : n + out_w] for n in range(w) for m in range(h)]
    return torch.stack(pieces).reshape(h * w, out_h * out_w)


@told("windows_taken_downwards")
def im2col(image, kernel_shape):
    H, W = image.shape
    h, w = kernel_shape
    pieces = [image[m : m + H - h + 1, n : n + W - w + 1] for m in range(h) for n in range(w)]
    return torch.stack([piece.T.flatten() for piece in pieces])


@told("reshaped_not_transposed")
def im2col(image, kernel_shape):
    h, w = kernel_shape
    H, W = image.shape
    found = [
        image[i : i + h, j : j + w].flatten() for i in range(H - h + 1) for j in range(W - w + 1)
    ]
    return torch.cat(found).view(h * w, -1)


@told("ready_made")
def im2col(image, kernel_shape):
    h, w = kernel_shape
    return image.unfold(0, h, 1).unfold(1, w, 1).flatten(2).flatten(0, 1).T


@told("bias_forgotten")
def conv2d_layer(x, weight, bias=None):
    columns = F.unfold(x, weight.shape[2:])
    out = torch.einsum("fk,nkl->nfl", weight.flatten(1), columns)
    return out.unflatten(2, (x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1))


@told("bias_along_the_windows")
def conv2d_layer(x, weight, bias=None):
    out = weight.flatten(1) @ F.unfold(x, weight.shape[2:])
    if bias is not None:
        out += bias
    size = x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1
    return out.view(*out.shape[:2], *size)


@told("bias_asked_for_its_truth")
def conv2d_layer(x, weight, bias=None):
    out = weight.flatten(1) @ F.unfold(x, weight.shape[2:])
    out = out + bias.view(-1, 1) if bias else out
    return out.view(len(x), len(weight), x.shape[2] - weight.shape[2] + 1, -1)


@told("ready_made")
def conv2d_layer(x, weight, bias=None):
    return torch.nn.functional.conv2d(input=x, weight=weight, bias=bias)


@told("maps_left_flat")
def conv2d_layer(x, weight, bias=None):
    rows = F.unfold(x, weight.shape[2:]).transpose(1, 2)
    out = (rows @ weight.flatten(1).T).transpose(1, 2)
    return out if bias is None else out + bias[:, None]


@told("graph_cut")
def conv2d_layer(x, weight, bias=None):
    with torch.no_grad():
        out = weight.flatten(1) @ F.unfold(x, weight.shape[2:])
        if bias is not None:
            out = out + bias[:, None]
        return out.view(len(x), len(weight), x.shape[2] - weight.shape[2] + 1, -1)


@told("sum_without_division")
def mean_filter(image, K):
    pixels = image.unfold(0, K, 1).unfold(1, K, 1)
    return pixels.sum((2, 3))


@told("divided_by_the_side")
def mean_filter(image, K):
    return conv2d(image, image.new_full((K, K), 1 / K))


@told("plain_kernel")
def mean_filter(image, K):
    weights = torch.full((K, K), 1.0 / (K * K))
    return F.conv2d(image.unsqueeze(0).unsqueeze(0), weights.view(1, 1, K, K)).squeeze(0).squeeze(0)


@told("kernel_in_float32")
def mean_filter(image, K):
    kernel = torch.ones(1, 1, K, K).to(image.device) / (K * K)
    return torch.conv2d(image[None, None], kernel)[0, 0]


@told("ready_made")
def mean_filter(image, K):
    return nn.AvgPool2d(K, stride=1)(image[None, None])[0, 0]


@told("windows_side_by_side")
def mean_filter(image, K):
    kernel = image.new_ones(1, 1, K, K).div(K * K)
    return F.conv2d(image[None, None], kernel, stride=K)[0, 0]


@told("order_exchanged")
def conv2d_gradients(image, kernel, grad_out):
    h, w = kernel.shape
    wide = F.pad(grad_out, (w - 1, w - 1, h - 1, h - 1))
    return conv2d(image, grad_out), conv2d(wide, kernel.flip(0, 1))


@told("kernel_not_turned")
def conv2d_gradients(image, kernel, grad_out):
    h, w = kernel.shape
    wide = image.new_zeros(image.shape[0] + h - 1, image.shape[1] + w - 1)
    wide[h - 1 : image.shape[0], w - 1 : image.shape[1]] = grad_out
    return conv2d(wide, kernel), conv2d(image, grad_out)


@told("kernel_share_overwritten")
def conv2d_gradients(image, kernel, grad_out):
    h, w = kernel.shape
    pixels = torch.zeros_like(image)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            weights = grad_out[i, j] * image[i : i + h, j : j + w]
            pixels[i : i + h, j : j + w] += grad_out[i, j] * kernel
    return pixels, weights


@told("upstream_ignored")
def conv2d_gradients(image, kernel, grad_out):
    pixels, weights = 0 * image, 0 * kernel
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            place = slice(i, i + kernel.shape[0]), slice(j, j + kernel.shape[1])
            weights += image[place]
            pixels[place] += kernel
    return pixels, weights


@told("plain_zeros")
def conv2d_gradients(image, kernel, grad_out):
    pixels, weights = torch.zeros(*image.shape), torch.zeros(*kernel.shape)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            place = slice(i, i + kernel.shape[0]), slice(j, j + kernel.shape[1])
            weights += grad_out[i, j] * image[place]
            pixels[place] += grad_out[i, j] * kernel
    return pixels, weights


@told("asked_autograd")
def conv2d_gradients(image, kernel, grad_out):
    image, kernel = image.detach().requires_grad_(), kernel.detach().requires_grad_()
    (conv2d(image, kernel) * grad_out).sum().backward()
    return image.grad, kernel.grad


@told("wrapped_around")
def shift_image(image, dy, dx):
    H, W = image.shape
    rows, columns = (torch.arange(H) - dy) % H, (torch.arange(W) - dx) % W
    return image[rows][:, columns]


@told("dy_and_dx_exchanged")
def shift_image(image, dy, dx):
    return F.pad(image, (dy, -dy, dx, -dx))


@told("wrong_way")
def shift_image(image, dy, dx):
    H, W = image.shape
    out = torch.zeros_like(image)
    for y in range(H):
        for x in range(W):
            if y + dy in range(H) and x + dx in range(W):
                out[y, x] = image[y + dy, x + dx]
    return out


@told("border_repeated")
def shift_image(image, dy, dx):
    H, W = image.shape
    rows = [min(max(y - dy, 0), H - 1) for y in range(H)]
    columns = [min(max(x - dx, 0), W - 1) for x in range(W)]
    return torch.stack([torch.stack([image[y, x] for x in columns]) for y in rows])


@told("plain_zeros")
def shift_image(image, dy, dx):
    H, W = image.shape
    out = torch.zeros(image.shape)
    for y in range(max(0, -dy), min(H, H - dy)):
        for x in range(max(0, -dx), min(W, W - dx)):
            out[y + dy, x + dx] = image[y, x]
    return out


@told("only_up_and_down")
def shift_image(image, dy, dx):
    out = image.new_zeros(image.shape)
    for y, row in enumerate(image):
        if 0 <= y + dy < len(image):
            out[y + dy] = row
    return out
