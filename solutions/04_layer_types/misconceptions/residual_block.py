"""Wrong and other right solutions of `residual_block`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "residual_block",
    says="You add the shortcut after the last ReLU. Add first: relu(branch + shortcut). "
    "Else the block can only ever add, and the numbers grow from block to block.",
)
def added_after_the_activation(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.conv2d(y, weight2, padding=padding)
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S)
    return F.relu(y) + shortcut


@misconception(
    "residual_block",
    says="The last ReLU is missing: it follows the sum, relu(branch + shortcut).",
)
def last_relu_missing(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.conv2d(y, weight2, padding=padding)
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S)
    return y + shortcut


@misconception(
    "residual_block",
    says="The ReLU between the two convolutions is missing. "
    "Two convolutions with nothing between them are one convolution.",
)
def inner_relu_missing(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.conv2d(x, weight1, stride=S, padding=padding)
    y = F.conv2d(y, weight2, padding=padding)
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S)
    return F.relu(y + shortcut)


@misconception(
    "residual_block",
    says="There is a ReLU too many: both convolutions have one, and the sum a third. "
    "After the second convolution nothing comes before the sum, so that it can also subtract.",
)
def relu_before_the_sum_too(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.relu(F.conv2d(y, weight2, padding=padding))
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S)
    return F.relu(y + shortcut)


@misconception(
    "residual_block",
    says="The shortcut is missing: these are two ordinary layers. "
    "Add x, or its projection, before the last ReLU.",
)
def shortcut_missing(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    return F.relu(F.conv2d(y, weight2, padding=padding))


@misconception(
    "residual_block",
    says="You add what came out of the first convolution. "
    "The shortcut leads around both: it starts at the input x.",
)
def shortcut_from_the_middle(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    return F.relu(F.conv2d(y, weight2, padding=padding) + y)


@misconception(
    "residual_block",
    says="You never use the projection. Where one is given, it turns x into as many channels as "
    "the branch has, with the stride S: F.conv2d(x, projection, stride=S).",
)
def projection_ignored(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.conv2d(y, weight2, padding=padding)
    return F.relu(y + x)


@misconception(
    "residual_block",
    says="Your projection has no stride. The branch steps by S, so that the shortcut must too: "
    "F.conv2d(x, projection, stride=S).",
)
def projection_without_stride(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.conv2d(y, weight2, padding=padding)
    shortcut = x if projection is None else F.conv2d(x, projection)
    return F.relu(y + shortcut)


@misconception(
    "residual_block",
    says="A ReLU follows your projection. It is a plain convolution: "
    "the only ReLU on the shortcut's way is the one after the sum.",
)
def projection_with_relu(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.conv2d(y, weight2, padding=padding)
    shortcut = x if projection is None else F.relu(F.conv2d(x, projection, stride=S))
    return F.relu(y + shortcut)


@misconception(
    "residual_block",
    says="The projection is 1×1 and needs no padding: zeros around it make the map too large.",
)
def projection_padded(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.conv2d(y, weight2, padding=padding)
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S, padding=padding)
    return F.relu(y + shortcut)


@misconception(
    "residual_block",
    says="`if projection:` asks a tensor of many numbers whether it is true, and torch refuses. "
    "Ask `if projection is None`.",
)
def asked_whether_true(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.conv2d(y, weight2, padding=padding)
    shortcut = F.conv2d(x, projection, stride=S) if projection else x
    return F.relu(y + shortcut)


@misconception(
    "residual_block",
    says="Both of your convolutions step by S. The first one does; the second keeps the size.",
)
def stride_twice(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.conv2d(y, weight2, stride=S, padding=padding)
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S)
    return F.relu(y + shortcut)


@misconception(
    "residual_block",
    says="Your second convolution steps by S. The first one does; the second keeps the size.",
)
def stride_in_the_second(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, padding=padding))
    y = F.conv2d(y, weight2, stride=S, padding=padding)
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S)
    return F.relu(y + shortcut)


@misconception(
    "residual_block",
    says="The padding is missing: the branch gets smaller and no longer fits the shortcut. "
    "padding = K // 2 keeps the size.",
)
def padding_missing(x, weight1, weight2, projection=None, S=1):
    y = F.conv2d(F.relu(F.conv2d(x, weight1, stride=S)), weight2)
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S)
    return F.relu(y + shortcut)


@misconception(
    "residual_block",
    says="Your padding is always 1, which fits 3×3 kernels only. Take K // 2, whatever K is.",
)
def padding_of_one(x, weight1, weight2, projection=None, S=1):
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=1))
    y = F.conv2d(y, weight2, padding=1)
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S)
    return F.relu(y + shortcut)


@misconception(
    "residual_block",
    says="You put branch and shortcut side by side as channels. A residual block adds them: +.",
)
def concatenated(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.conv2d(y, weight2, padding=padding)
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S)
    return F.relu(torch.cat([y, shortcut], dim=1))


@misconception(
    "residual_block",
    says="`x += …` and `relu_` write into the tensor that you were given. Make a new one: x + y.",
)
def input_overwritten(x, weight1, weight2, projection=None, S=1):
    padding = weight1.shape[-1] // 2
    y = F.relu(F.conv2d(x, weight1, stride=S, padding=padding))
    y = F.conv2d(y, weight2, padding=padding)
    if projection is not None:
        x = F.conv2d(x, projection, stride=S)
    x += y
    return F.relu(x)


@alternative("residual_block")
def stride_by_slicing(x, weight1, weight2, projection=None, S=1):
    def same(maps, weight):
        return F.conv2d(maps, weight, padding=(weight.shape[2] // 2, weight.shape[3] // 2))

    inner = same(x, weight1)[:, :, ::S, ::S].clamp(min=0)
    if projection is not None:
        x = torch.einsum("nchw,dc->ndhw", x[:, :, ::S, ::S], projection[:, :, 0, 0])
    return (same(inner, weight2) + x).clamp(min=0)


@alternative("residual_block")
def identity_is_a_projection_too(x, weight1, weight2, projection=None, S=1):
    if projection is None:
        C = x.shape[1]
        projection = torch.eye(C, dtype=x.dtype, device=x.device).reshape(C, C, 1, 1)
    K = weight1.shape[-1]
    branch = F.conv2d(x, weight1, None, S, K // 2).relu()
    branch = F.conv2d(branch, weight2, None, 1, K // 2)
    return (branch + F.conv2d(x, projection, None, S)).relu()


@alternative("residual_block")
def shortcut_as_more_channels(x, weight1, weight2, projection=None, S=1):
    # The shortcut is a convolution as well: its kernel is zero but for its middle.
    half = weight2.shape[-1] // 2
    inner = F.relu(F.conv2d(x, weight1, stride=S, padding=half))
    if projection is None:
        projection = torch.eye(x.shape[1], dtype=x.dtype, device=x.device)[:, :, None, None]
    wide = F.pad(projection, (half, half, half, half))
    both = torch.cat([inner, x[:, :, ::S, ::S]], dim=1)
    return F.relu(F.conv2d(both, torch.cat([weight2, wide], dim=1), padding=half))


@alternative("residual_block")
def windows_by_hand(x, weight1, weight2, projection=None, S=1):
    def conv(maps, weight, step):
        K = weight.shape[-1]
        padded = F.pad(maps, (K // 2,) * 4)
        windows = padded.unfold(2, K, step).unfold(3, K, step)
        return torch.einsum("nchwij,fcij->nfhw", windows, weight)

    shortcut = x if projection is None else conv(x, projection, S)
    y = conv(F.relu(conv(x, weight1, S)), weight2, 1) + shortcut
    return torch.where(y > 0, y, 0.0)
