"""Programs that follow their input's device: they run on a GPU and leave their result there.

Each is a function of a 6×6 image and a 3×3 kernel, written as a student might write it.
`LEGAL` holds on real CUDA and on the stand-in; everything lives where the input lives, or is a
number, an index or a copy.
"""

import copy
import math
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from tests.device_bugs import slide

LEGAL: list[Callable] = []


def legal(function: Callable) -> Callable:
    """Note a program that follows its input's device."""
    LEGAL.append(function)
    return function


@legal
def loops_into_zeros(image, kernel):
    return slide(image, kernel, torch.zeros(4, 4, dtype=image.dtype, device=image.device))


@legal
def loops_into_new_zeros(image, kernel):
    return slide(image, kernel, image.new_zeros(4, 4))


@legal
def loops_into_zeros_like(image, kernel):
    return slide(image, kernel, torch.zeros_like(image[:4, :4]))


@legal
def loops_into_cpu_then_moved(image, kernel):
    return slide(image, kernel, torch.zeros(4, 4)).to(image.device)


@legal
def loops_with_item(image, kernel):
    out = torch.empty(4, 4, device=image.device)
    for i in range(4):
        for j in range(4):
            out[i, j] = (image[i : i + 3, j : j + 3] * kernel).sum().item()
    return out


@legal
def list_of_numbers_to_tensor(image, kernel):
    rows = [[float((image[i : i + 3, j] * kernel[:, 0]).sum()) for j in range(4)] for i in range(4)]
    return torch.tensor(rows, device=image.device)


@legal
def list_of_scalars_to_tensor(image, kernel):
    return torch.tensor([image[i, i] for i in range(6)], device=image.device)


@legal
def scalars_stacked(image, kernel):
    return torch.stack([(image[i] * 2).sum() for i in range(6)])


@legal
def as_tensor_with_device(image, kernel):
    return image + torch.as_tensor([1.0, 2, 3, 4, 5, 6], device=image.device)


@legal
def as_tensor_of_a_tensor(image, kernel):
    return torch.as_tensor(image, dtype=torch.float64)


@legal
def new_tensor(image, kernel):
    return image[:2, :2] * image.new_tensor([[1, 2], [3, 4]])


@legal
def moved_with_to_device(image, kernel):
    return image * torch.eye(6).to(image.device, non_blocking=True)


@legal
def moved_with_to_other(image, kernel):
    return image * torch.eye(6, dtype=torch.float64).to(image)


@legal
def device_by_its_text(image, kernel):
    return image * torch.eye(6, device=str(image.device))


@legal
def device_as_context(image, kernel):
    with torch.device(image.device):
        return image * torch.ones(6, 6) + torch.tensor([1.0] * 6)


@legal
def arange_meshgrid(image, kernel):
    steps = torch.arange(6, device=image.device, dtype=image.dtype)
    rows, columns = torch.meshgrid(steps, steps, indexing="ij")
    return (image * rows).sum() / image.sum(), (image * columns).sum()


@legal
def conv2d_operator(image, kernel):
    return F.conv2d(image[None, None], kernel[None, None], bias=image[0, :1], padding=1)[0, 0]


@legal
def conv_transpose_operator(image, kernel):
    return F.conv_transpose2d(image[None, None], kernel[None, None], stride=2)


@legal
def unfold_and_matmul(image, kernel):
    columns = F.unfold(image[None, None], 3)
    return (kernel.reshape(1, -1) @ columns[0]).reshape(4, 4)


@legal
def unfold_and_fold(image, kernel):
    return F.fold(F.unfold(image[None, None], 3), (6, 6), 3)


@legal
def tensor_unfold_and_einsum(image, kernel):
    return torch.einsum("hwij,ij->hw", image.unfold(0, 3, 1).unfold(1, 3, 1), kernel)


@legal
def as_strided_windows(image, kernel):
    return (image.as_strided((4, 4, 3, 3), (6, 1, 6, 1)) * kernel).sum((2, 3))


@legal
def batched_matmul(image, kernel):
    return torch.bmm(image.expand(3, 6, 6), image.T.expand(3, 6, 6))


@legal
def pad_and_add_shifted(image, kernel):
    padded = F.pad(image, (1, 1, 1, 1))
    out = torch.zeros_like(image)
    for i in range(3):
        for j in range(3):
            out += kernel[i, j] * padded[i : i + 6, j : j + 6]
    return out


@legal
def roll_and_zero(image, kernel):
    out = torch.roll(image, shifts=(1, -2), dims=(0, 1))
    out[:1] = 0
    out[:, -2:] = 0.0
    return out


@legal
def flip_and_transpose(image, kernel):
    return kernel.flip(0, 1).T.contiguous()


@legal
def fourier_product(image, kernel):
    return torch.fft.irfft(torch.fft.rfft(image[0], n=8) * torch.fft.rfft(kernel[0], n=8), n=8)


@legal
def fourier_of_images(image, kernel):
    product = torch.fft.fft2(image) * torch.fft.fft2(kernel, s=(6, 6)).conj()
    return torch.fft.ifft2(product).real, product.conj().imag


@legal
def cumulative_sums(image, kernel):
    total = F.pad(image, (1, 0, 1, 0)).cumsum(0).cumsum(1)
    return (total[3:, 3:] - total[:-3, 3:] - total[3:, :-3] + total[:-3, :-3]) / 9


@legal
def index_by_lists(image, kernel):
    return image[[0, 2, 4]][:, [1, 3]], image[[0, 1], [2, 3]], image[[True, False] * 3]


@legal
def index_by_cpu_tensors(image, kernel):
    rows = torch.arange(4)[:, None] + torch.arange(3)
    return image[rows][:, :, torch.tensor([0, 5])]


@legal
def index_by_device_tensors(image, kernel):
    rows = torch.arange(4, device=image.device)[:, None] + torch.arange(3, device=image.device)
    return image[rows]


@legal
def assignment_by_index_and_mask(image, kernel):
    out = image.clone()
    out[torch.tensor([0, 1])] = 7.0
    out[[2, 3]] = image[:2]
    out[out < 0] = 0
    out[torch.eye(6, dtype=torch.bool)] = torch.tensor(5.0)
    return out


@legal
def index_put_and_add(image, kernel):
    at = torch.tensor([0, 0, 1], device=image.device)
    out = torch.zeros(6, device=image.device).index_put((at,), image[0, :3], accumulate=True)
    return out, torch.zeros(6, device=image.device).index_add(0, at, image[1, :3])


@legal
def row_assigned_from_cpu(image, kernel):
    out = image.clone()
    out[0] = torch.ones(6)  # an assignment is a copy, and copies may cross
    out[1].copy_(torch.zeros(6))
    return out


@legal
def cpu_numbers(image, kernel):
    scale = torch.tensor(2.0)
    return scale * image + math.pi - torch.where(image > 0, image, torch.tensor(1.0))


@legal
def in_place_steps(image, kernel):
    out = image.clone().unsqueeze_(0).squeeze_(0).t_()
    return out.mul_(2).clamp_(-1, 1).add_(image, alpha=0.5)


@legal
def out_argument(image, kernel):
    return torch.mul(image, image, out=torch.empty_like(image))


@legal
def plain_python(image, kernel):
    best = max(range(6), key=lambda i: image[i].sum())
    if image.sum() > 0 and bool((kernel == kernel).all()):
        best += int(image.argmax()) % 2
    return best, image.shape[0], float(f"{image[0, 0]:.2f}"), image[0].tolist()


@legal
def numpy_and_back(image, kernel):
    turned = np.rot90(image.detach().cpu().numpy()).copy()
    return torch.from_numpy(turned).to(image.device)


@legal
def autograd_through_loops(image, kernel):
    leaf = kernel.clone().requires_grad_()
    out = torch.zeros(4, 4, device=image.device)
    slide(image, leaf, out).square().sum().backward()
    return leaf.grad


@legal
def autograd_through_conv(image, kernel):
    leaf = image.clone().requires_grad_()
    loss = F.conv2d(leaf[None, None], kernel[None, None]).square().sum()
    return torch.autograd.grad(loss, leaf)[0]


@legal
def own_backward(image, kernel):
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, grad):
            return 2 * ctx.saved_tensors[0] * grad

    leaf = image.clone().requires_grad_()
    Square.apply(leaf).sum().backward()
    return leaf.grad


@legal
def no_grad_and_inference(image, kernel):
    with torch.no_grad():
        doubled = image * 2
    with torch.inference_mode():
        return F.conv2d(doubled[None, None], kernel[None, None])[0, 0].flip(0)


@legal
def vmap_over_rows(image, kernel):
    return torch.vmap(lambda row: row.cumsum(0) * kernel[0, 0])(image)


@legal
def trained_layer(image, kernel):
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten())
    net.append(nn.Linear(32, 2)).to(image.device)
    for parameter in net.parameters():
        nn.init.constant_(parameter, 0.1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    target = torch.zeros(1, dtype=torch.long, device=image.device)
    for _ in range(2):
        optimizer.zero_grad()
        F.cross_entropy(net(image[None, None]), target).backward()
        optimizer.step()
    return copy.deepcopy(net)[4].weight


@legal
def lstm_layer(image, kernel):
    lstm = nn.LSTM(6, 2).to(image.device)
    for parameter in lstm.parameters():
        nn.init.constant_(parameter, 0.1)
    return lstm(image)[0]


@legal
def attention(image, kernel):
    return F.scaled_dot_product_attention(image[None], image[None], image[None])


@legal
def pooled_and_resized(image, kernel):
    small = F.max_pool2d(image[None, None], 2)
    return F.interpolate(small, scale_factor=2, mode="bilinear")


@legal
def sorted_and_counted(image, kernel):
    values, at = image.flatten().topk(3)
    classes = F.one_hot(image.argmax(1), 6)
    return values, at, classes.sum(0), (image > 0).nonzero(), torch.unique(image > 0)


@legal
def random_numbers(image, kernel):
    noise = torch.randn_like(image) + torch.rand(6, 6, device=image.device)
    return (image + 0 * F.dropout(noise)).round(decimals=3)


@legal
def generator_on_the_device(image, kernel):
    generator = torch.Generator(device=image.device).manual_seed(0)
    return image + 0 * torch.randn(6, 6, generator=generator, device=image.device)
