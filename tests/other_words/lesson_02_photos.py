"""Lesson 02's mistakes in other words: photographs, colour, layers and learning."""

# ruff: noqa: F811, RET503 - many wrong solutions of one exercise, as students write them

import torch
import torch.nn.functional as F
from torch import nn

from tests.other_words.cases import told


@told("wrapped_around")
def sharpen_photo(photo):
    x = photo.float()
    kernel = x.new_tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    return F.conv2d(x[None, None], kernel[None, None])[0, 0].round().to(torch.uint8)


@told("wrapped_around")
def sharpen_photo(photo):
    x = photo.float()
    kernel = x.new_tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    return F.conv2d(x[None, None], kernel[None, None])[0, 0].to(torch.uint8).clamp(0, 255)


@told("wrapped_around")
def sharpen_photo(photo):
    x = photo.float().clamp(0, 255)
    kernel = x.new_tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    return F.conv2d(x[None, None], kernel[None, None])[0, 0].byte()


@told("photo_not_converted")
def sharpen_photo(photo):
    kernel = seven_kernels()["sharpen"].to(photo.device)
    out = F.conv2d(photo[None, None], kernel[None, None])[0, 0]
    return out.round().clamp(0, 255).to(torch.uint8)


@told("kernel_on_the_cpu")
def sharpen_photo(photo):
    out = F.conv2d(photo.float()[None, None], seven_kernels()["sharpen"][None, None])[0, 0]
    return out.round().clamp(0, 255).to(torch.uint8)


@told("not_converted")
def sharpen_photo(photo):
    x = photo.float()
    kernel = x.new_tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    return torch.clamp(F.conv2d(x[None, None], kernel[None, None])[0, 0], 0, 255)


@told("mean_of_nine")
def unsharp_mask(image, amount):
    blur = F.avg_pool2d(image[None, None], 3, 1)[0, 0]
    return image[1:-1, 1:-1] + amount * (image[1:-1, 1:-1] - blur)


@told("gaussian_blur")
def unsharp_mask(image, amount):
    kernel = seven_kernels()["gaussian"].to(image)
    blur = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    return image[1:-1, 1:-1] + amount * (image[1:-1, 1:-1] - blur)


@told("border_not_cut_off")
def unsharp_mask(image, amount):
    blur = image[1:-1, 1:-1] + image[:-2, 1:-1] + image[2:, 1:-1]
    blur = (blur + image[1:-1, :-2] + image[1:-1, 2:]) / 5
    return image + amount * (image - blur)


@told("sum_instead_of_mean")
def unsharp_mask(image, amount):
    kernel = image.new_tensor([[0, 1, 0], [1, 1, 1], [0, 1, 0]])
    blur = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    return (1 + amount) * image[1:-1, 1:-1] - amount * blur


@told("always_five")
def unsharp_mask(image, amount):
    kernel = seven_kernels()["sharpen"].to(image)
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


@told("averaged_first")
def filter_colour(image, kernel):
    grey = (image[0] + image[1] + image[2]) / 3
    return F.conv2d(grey[None, None], kernel[None, None])[0, 0]


@told("averaged_into_one_channel")
def filter_colour(image, kernel):
    grey = image.mean(0, keepdim=True)
    return F.conv2d(grey[None], kernel[None, None])[0]


@told("added_up_three_times")
def filter_colour(image, kernel):
    weight = kernel[None, None].repeat(3, 3, 1, 1)
    return F.conv2d(image.unsqueeze(0), weight).squeeze(0)


@told("added_up")
def filter_colour(image, kernel):
    weight = torch.stack([kernel] * 3)[None]
    return F.conv2d(image[None], weight).squeeze(0)


@told("list_returned")
def filter_colour(image, kernel):
    return [F.conv2d(c[None, None], kernel[None, None])[0, 0] for c in image]


@told("plain_zeros")
def filter_colour(image, kernel):
    h, w = kernel.shape
    out = torch.zeros((3, image.shape[1] - h + 1, image.shape[2] - w + 1))
    for c in range(3):
        for m in range(h):
            for n in range(w):
                piece = image[c, m : m + out.shape[1], n : n + out.shape[2]]
                out[c] += kernel[m, n] * piece
    return out


@told(says="Your layer has a bias, seven numbers more.")
def seven_filter_layer():
    layer = nn.Conv2d(1, 7, 3)
    layer.weight = nn.Parameter(torch.stack(list(seven_kernels().values()))[:, None])
    return layer


@told("tensor_assigned_to_the_parameter")
def seven_filter_layer():
    layer = nn.Conv2d(1, 7, kernel_size=3, bias=False)
    layer.weight = torch.cat([kernel[None, None] for kernel in seven_kernels().values()])
    return layer


@told("written_without_no_grad")
def seven_filter_layer():
    layer = nn.Conv2d(1, 7, kernel_size=3, bias=False)
    layer.weight[:, 0] = torch.stack(list(seven_kernels().values()))
    return layer


@told("copied_without_no_grad")
def seven_filter_layer():
    layer = nn.Conv2d(1, 7, kernel_size=3, bias=False)
    layer.weight.copy_(torch.stack(list(seven_kernels().values()))[:, None])
    return layer


@told("gradient_cleared_too_late")
def learn_kernel(images, targets, steps, lr):
    kernel = torch.zeros_like(images[:1, :, :3, :3], requires_grad=True)
    opt = torch.optim.Adam([kernel], lr)
    for _ in range(steps):
        opt.zero_grad()
        loss = ((F.conv2d(images, kernel) - targets) ** 2).mean()
        loss.backward()
    return kernel.detach().squeeze()


@told("gradients_pile_up")
def learn_kernel(images, targets, steps, lr):
    conv = nn.Conv2d(1, 1, 3, bias=False, dtype=images.dtype, device=images.device)
    nn.init.zeros_(conv.weight)
    opt = torch.optim.Adam(conv.parameters(), lr)
    for _ in range(steps):
        nn.functional.mse_loss(conv(images), targets).backward()
        opt.step()
    return conv.weight[0, 0].detach()


@told("returned_after_one_step")
def learn_kernel(images, targets, steps, lr):
    kernel = torch.zeros(1, 1, 3, 3, dtype=images.dtype, device=images.device, requires_grad=True)
    opt = torch.optim.Adam([kernel], lr)
    for _ in range(steps):
        loss = ((F.conv2d(images, kernel) - targets) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        return kernel.detach()[0, 0]


@told("gradient_not_asked_for")
def learn_kernel(images, targets, steps, lr):
    kernel = torch.zeros(1, 1, 3, 3, dtype=images.dtype, device=images.device)
    opt = torch.optim.Adam([kernel], lr)
    for _ in range(steps):
        loss = ((F.conv2d(images, kernel) - targets) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    return kernel[0, 0]


@told("not_a_leaf")
def learn_kernel(images, targets, steps, lr):
    kernel = torch.zeros(3, 3, requires_grad=True).to(images).reshape(1, 1, 3, 3)
    opt = torch.optim.Adam([kernel], lr)
    for _ in range(steps):
        loss = ((F.conv2d(images, kernel) - targets) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    return kernel[0, 0].detach()


@told(says="Before the first step the kernel must be all zeros")
def learn_kernel(images, targets, steps, lr):
    conv = nn.Conv2d(1, 1, 3, bias=False).to(images)
    opt = torch.optim.Adam(conv.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.mse_loss(conv(images), targets)
        opt.zero_grad()
        loss.backward()
        opt.step()
    return conv.weight.detach()[0, 0]


@told("changed_in_place")
def learn_kernel(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    for _ in range(steps):
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        loss.backward()
        kernel -= lr * kernel.grad
        kernel.grad.zero_()
    return kernel[0, 0].detach()


@told("plain_gradient_descent")
def learn_kernel(images, targets, steps, lr):
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    for _ in range(steps):
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        (g,) = torch.autograd.grad(loss, kernel)
        with torch.no_grad():
            kernel -= lr * g
    return kernel[0, 0].detach()
