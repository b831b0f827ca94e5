"""Wrong and other right solutions of `depthwise_separable`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "depthwise_separable",
    says="The groups are forgotten: conv2d takes each depthwise kernel for a filter over all "
    "channels. With groups=C every kernel meets its own channel alone.",
)
def groups_forgotten(x, depthwise, pointwise):
    y = F.conv2d(x, depthwise, padding=depthwise.shape[-1] // 2)
    return F.conv2d(y, pointwise)


@misconception(
    "depthwise_separable",
    says="Each of your kernels slides over all channels and adds them up. "
    "Depthwise means that kernel c sees channel c alone: groups=C.",
)
def kernels_spread_over_channels(x, depthwise, pointwise):
    full = depthwise.expand(-1, x.shape[1], -1, -1)
    y = F.conv2d(x, full, padding=depthwise.shape[-1] // 2)
    return F.conv2d(y, pointwise)


@misconception(
    "depthwise_separable",
    says="One kernel goes over every channel. "
    "depthwise holds a kernel for each channel: depthwise[c] belongs to channel c.",
)
def one_kernel_for_all(x, depthwise, pointwise):
    C, K = x.shape[1], depthwise.shape[-1]
    y = F.conv2d(x, depthwise[:1].expand(C, -1, -1, -1), padding=K // 2, groups=C)
    return F.conv2d(y, pointwise)


@misconception(
    "depthwise_separable",
    says="The padding is missing: your maps shrink by K − 1. "
    "Put K // 2 zeros on every side before the depthwise step.",
)
def padding_forgotten(x, depthwise, pointwise):
    y = F.conv2d(x, depthwise, groups=x.shape[1])
    return F.conv2d(y, pointwise)


@misconception(
    "depthwise_separable",
    says="padding=1 keeps the size for K = 3 alone. Any odd kernel needs K // 2.",
)
def padding_of_one(x, depthwise, pointwise):
    y = F.conv2d(x, depthwise, padding=1, groups=x.shape[1])
    return F.conv2d(y, pointwise)


@misconception(
    "depthwise_separable",
    says="You padded the pointwise step too. "
    "A 1×1 kernel needs no neighbours, and so no zeros: only the depthwise step is padded.",
)
def pointwise_padded_too(x, depthwise, pointwise):
    P = depthwise.shape[-1] // 2
    y = F.conv2d(x, depthwise, padding=P, groups=x.shape[1])
    return F.conv2d(y, pointwise, padding=P)


@misconception(
    "depthwise_separable",
    says="You forgot the second half. The depthwise step mixes no channels; "
    "convolve its maps with pointwise, so that C of them become C_out.",
)
def pointwise_forgotten(x, depthwise, pointwise):
    return F.conv2d(x, depthwise, padding=depthwise.shape[-1] // 2, groups=x.shape[1])


@misconception(
    "depthwise_separable",
    says="The pointwise step needs no groups. It is the step that mixes the channels: "
    "each of its filters sees all C maps.",
)
def groups_in_both_steps(x, depthwise, pointwise):
    C = x.shape[1]
    y = F.conv2d(x, depthwise, padding=depthwise.shape[-1] // 2, groups=C)
    return F.conv2d(y, pointwise, groups=C)


@misconception(
    "depthwise_separable",
    says="The two steps are exchanged. Depthwise comes first, on the C channels of x; "
    "pointwise then mixes its maps.",
)
def pointwise_first(x, depthwise, pointwise):
    y = F.conv2d(x, pointwise)
    return F.conv2d(y, depthwise, padding=depthwise.shape[-1] // 2, groups=depthwise.shape[0])


@misconception(
    "depthwise_separable",
    says="You put a ReLU between the two steps. "
    "Here they follow each other directly: nothing but two convolutions.",
)
def relu_in_between(x, depthwise, pointwise):
    y = F.conv2d(x, depthwise, padding=depthwise.shape[-1] // 2, groups=x.shape[1])
    return F.conv2d(F.relu(y), pointwise)


@misconception(
    "depthwise_separable",
    says="You put a ReLU at the end. What was asked for is the two convolutions alone; "
    "an activation is a layer of its own.",
)
def relu_at_the_end(x, depthwise, pointwise):
    y = F.conv2d(x, depthwise, padding=depthwise.shape[-1] // 2, groups=x.shape[1])
    return F.relu(F.conv2d(y, pointwise))


@misconception(
    "depthwise_separable",
    says="You gave the number of filters as groups. "
    "There is a group for each channel of x: groups=x.shape[1].",
)
def a_group_for_each_filter(x, depthwise, pointwise):
    y = F.conv2d(x, depthwise, padding=depthwise.shape[-1] // 2, groups=pointwise.shape[0])
    return F.conv2d(y, pointwise)


@misconception(
    "depthwise_separable",
    says="Your result is made on the CPU, wherever x lives. "
    "Use x.new_zeros(…), or pass dtype=x.dtype and device=x.device.",
)
def made_on_the_cpu(x, depthwise, pointwise):
    N, C, H, W = x.shape
    maps = torch.zeros(N, C, H, W, dtype=x.dtype)
    for c in range(C):
        kernel = depthwise[c : c + 1]
        maps[:, c : c + 1] = F.conv2d(x[:, c : c + 1], kernel, padding=kernel.shape[-1] // 2)
    return F.conv2d(maps, pointwise)


@misconception(
    "depthwise_separable",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever x is. Use x.new_zeros(…), or pass dtype= and device= of x.",
)
def plain_zeros(x, depthwise, pointwise):
    N, C, H, W = x.shape
    out = torch.zeros(N, pointwise.shape[0], H, W)
    for c in range(C):
        kernel = depthwise[c : c + 1]
        seen = F.conv2d(x[:, c : c + 1], kernel, padding=kernel.shape[-1] // 2)
        out = out + F.conv2d(seen, pointwise[:, c : c + 1]).to(out.dtype)
    return out


@alternative("depthwise_separable")
def channel_by_channel(x, depthwise, pointwise):
    P = depthwise.shape[2] // 2
    maps = [F.conv2d(x[:, c, None], depthwise[c, None], padding=P) for c in range(x.shape[1])]
    return F.conv2d(torch.cat(maps, dim=1), pointwise)


@alternative("depthwise_separable")
def multiplied_into_full_filters(x, depthwise, pointwise):
    # (C_out, C, 1, 1) · (1, C, K, K): the full convolution that the two steps come to.
    full = pointwise * depthwise.transpose(0, 1)
    return F.conv2d(x, full, padding=depthwise.shape[-1] // 2)


@alternative("depthwise_separable")
def mixed_by_a_matrix(x, depthwise, pointwise):
    C = x.shape[1]
    y = F.conv2d(x, depthwise, padding="same", groups=C)
    return torch.einsum("oc,nchw->nohw", pointwise[:, :, 0, 0], y)


@alternative("depthwise_separable")
def shifted_maps_added(x, depthwise, pointwise):
    (_, _, H, W), K = x.shape, depthwise.shape[-1]
    framed = F.pad(x, (K // 2,) * 4)
    maps = 0
    for m in range(K):
        for n in range(K):
            weights = depthwise[:, 0, m, n].reshape(1, -1, 1, 1)
            maps = maps + weights * framed[:, :, m : m + H, n : n + W]
    return torch.stack([(maps * weights).sum(1) for weights in pointwise], dim=1)
