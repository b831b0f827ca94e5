"""Programs that do not follow their input's device: they fail on a GPU, or bring the result back.

Each is a function of a 6×6 image and a 3×3 kernel, written as a student might write it.
`BUGS` holds on real CUDA and on the stand-in.
"""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

BUGS: list[Callable] = []


def bug(function: Callable) -> Callable:
    """Note a program that does not follow its input's device."""
    BUGS.append(function)
    return function


def slide(image, kernel, out):
    """Write the sum of every window times the kernel into `out`, by loops."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + 3, j : j + 3] * kernel).sum()
    return out


@bug
def kernel_on_cpu_in_a_product(image, kernel):
    ones = torch.ones(3, 3) / 9
    return (image[:3, :3] * ones).sum()


@bug
def kernel_on_cpu_in_loops(image, kernel):
    return slide(image, torch.ones(3, 3), torch.zeros(4, 4, device=image.device))


@bug
def kernel_on_cpu_in_conv2d(image, kernel):
    return F.conv2d(image[None, None], torch.ones(1, 1, 3, 3))[0, 0]


@bug
def bias_on_cpu_in_conv2d(image, kernel):
    return F.conv2d(image[None, None], kernel[None, None], bias=torch.zeros(1))[0, 0]


@bug
def weight_on_cpu_in_linear(image, kernel):
    return F.linear(image, torch.ones(2, 6))


@bug
def bias_on_cpu_in_linear(image, kernel):
    return F.linear(image, torch.ones(2, 6, device=image.device), torch.zeros(2))


@bug
def matmul_with_cpu(image, kernel):
    return image @ torch.eye(6)


@bug
def bmm_with_cpu(image, kernel):
    return torch.bmm(image[None], torch.eye(6)[None])


@bug
def einsum_with_cpu(image, kernel):
    return torch.einsum("ij,jk->ik", image, torch.eye(6))


@bug
def cat_with_cpu(image, kernel):
    return torch.cat([torch.zeros(1, 6), image])


@bug
def stack_with_cpu(image, kernel):
    return torch.stack([image, torch.zeros(6, 6)])


@bug
def where_with_cpu_values(image, kernel):
    return torch.where(image > 0, image, torch.zeros(6, 6))


@bug
def where_with_cpu_condition(image, kernel):
    return torch.where(torch.eye(6) > 0, image, 0.0)


@bug
def masked_fill_with_cpu_mask(image, kernel):
    return image.masked_fill(torch.eye(6) > 0, 0.0)


@bug
def gather_with_cpu_index(image, kernel):
    return image.gather(1, torch.zeros(6, 1, dtype=torch.long))


@bug
def index_select_with_cpu_index(image, kernel):
    return image.index_select(0, torch.tensor([0, 1]))


@bug
def index_of_cpu_tensor_on_device(image, kernel):
    return torch.arange(6)[image.argmax(1)]


@bug
def indexed_assignment_from_cpu(image, kernel):
    out = torch.zeros_like(image)
    out[torch.tensor([0, 1])] = torch.ones(2, 6)
    return out


@bug
def in_place_addition_of_cpu(image, kernel):
    out = image.clone()
    out += torch.ones(6, 6)
    return out


@bug
def in_place_addition_into_cpu(image, kernel):
    out = torch.zeros(4, 4)
    out += image[:4, :4]
    return out.to(image.device)


@bug
def in_place_addition_into_cpu_number(image, kernel):
    total = torch.tensor(0.0)
    total += image.sum()
    return total.to(image.device)


@bug
def out_argument_on_cpu(image, kernel):
    return torch.mul(image, image, out=torch.empty(6, 6)).to(image.device)


@bug
def device_chosen_from_the_machine(image, kernel):
    device = "cuda:0" if torch.cuda.device_count() > 99 else "cpu"
    return image + torch.ones(6, 6, device=device)


@bug
def cuda_by_name(image, kernel):
    return image.sum() + torch.ones(6, 6, device="cuda")


@bug
def moved_to_cuda_by_name(image, kernel):
    return F.conv2d(image.cuda()[None, None], kernel.cuda()[None, None])[0, 0]


@bug
def result_collected_on_cpu(image, kernel):
    return slide(image, kernel, torch.zeros(4, 4))


@bug
def result_brought_to_cpu(image, kernel):
    return (image * 2).cpu()


@bug
def one_of_two_results_on_cpu(image, kernel):
    return image * 2, kernel.to("cpu")


@bug
def result_from_numbers(image, kernel):
    return torch.tensor([[row.sum().item()] for row in image])


@bug
def through_numpy(image, kernel):
    return torch.from_numpy(np.flip(image.numpy()).copy())


@bug
def through_a_numpy_function(image, kernel):
    return torch.as_tensor(np.asarray(image)).to(image.device)


@bug
def fft_filter_on_cpu(image, kernel):
    return torch.fft.irfft(torch.fft.rfft(image[0], n=8) * torch.fft.rfft(torch.ones(3), n=8), n=8)


@bug
def new_layer_on_cpu(image, kernel):
    return nn.Conv2d(1, 1, 3)(image[None, None])


@bug
def new_lstm_on_cpu(image, kernel):
    return nn.LSTM(6, 2)(image)[0]


@bug
def mask_on_cpu_in_inference_mode(image, kernel):
    with torch.inference_mode():
        return F.linear(image, torch.ones(6, 6))


@bug
def backward_with_cpu(image, kernel):
    leaf = image.clone().requires_grad_()
    (leaf * 2).backward(torch.ones(6, 6))
    return leaf.grad


@bug
def own_backward_with_cpu(image, kernel):
    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return 2 * x

        @staticmethod
        def backward(ctx, grad):
            return grad * torch.full((6, 6), 2.0)

    leaf = image.clone().requires_grad_()
    Double.apply(leaf).sum().backward()
    return leaf.grad


@bug
def loss_with_cpu_target(image, kernel):
    return F.cross_entropy(image, torch.zeros(6, dtype=torch.long))
