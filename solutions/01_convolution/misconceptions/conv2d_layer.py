"""Wrong and other right solutions of `conv2d_layer`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "conv2d_layer",
    says="The bias is missing. Where one is given, add bias[f] to every pixel of feature map f.",
)
def bias_forgotten(x, weight, bias=None):
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    return torch.einsum("nchwij,fcij->nfhw", windows, weight)


@misconception(
    "conv2d_layer",
    says="`+ bias` adds along the last axis, a bias for each column of the picture. "
    "Each filter has one: bias.reshape(1, -1, 1, 1).",
)
def bias_on_the_last_axis(x, weight, bias=None):
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    y = torch.einsum("nchwij,fcij->nfhw", windows, weight)
    return y if bias is None else y + bias


@misconception(
    "conv2d_layer",
    says="After the matrix product the last axis numbers the windows, and `+ bias` adds along it. "
    "Make the bias a column, one number for each filter: bias.reshape(-1, 1).",
)
def bias_along_the_windows(x, weight, bias=None):
    y = weight.reshape(weight.shape[0], -1) @ F.unfold(x, weight.shape[2:])
    if bias is not None:
        y = y + bias
    size = x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1
    return y.reshape(x.shape[0], weight.shape[0], *size)


@misconception(
    "conv2d_layer",
    says="You use the bias even when there is none. Add it only if bias is not None.",
)
def bias_always(x, weight, bias=None):
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    return torch.einsum("nchwij,fcij->nfhw", windows, weight) + bias.reshape(1, -1, 1, 1)


@misconception(
    "conv2d_layer",
    says="You add the bias once for each input channel. "
    "Sum over the channels first, then add it once.",
)
def bias_for_each_channel(x, weight, bias=None):
    y = 0
    for c in range(x.shape[1]):
        windows = x[:, c].unfold(1, weight.shape[2], 1).unfold(2, weight.shape[3], 1)
        y = y + torch.einsum("nhwij,fij->nfhw", windows, weight[:, c])
        if bias is not None:
            y = y + bias.reshape(1, -1, 1, 1)
    return y


@misconception(
    "conv2d_layer",
    says="Only the first channel is used. "
    "A filter is as deep as its input: sum the products over all C channels.",
)
def first_channel_only(x, weight, bias=None):
    windows = x[:, 0].unfold(1, weight.shape[2], 1).unfold(2, weight.shape[3], 1)
    y = torch.einsum("nhwij,fij->nfhw", windows, weight[:, 0])
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@misconception(
    "conv2d_layer",
    says="You average over the channels. A filter adds up its channels: use sum, not mean.",
)
def channels_averaged(x, weight, bias=None):
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    y = torch.einsum("nchwij,fcij->nfhw", windows, weight) / x.shape[1]
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@misconception(
    "conv2d_layer",
    says="Filters and channels are exchanged. weight is (F, C, K_h, K_w): "
    "the first axis numbers the filters, the second meets the channels of x.",
)
def filters_and_channels_exchanged(x, weight, bias=None):
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    y = torch.einsum("nchwij,cfij->nfhw", windows, weight)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@misconception(
    "conv2d_layer",
    says="Only the first image of the batch is used. Keep the axis N all the way through.",
)
def first_image_only(x, weight, bias=None):
    columns = F.unfold(x[:1], weight.shape[2:])
    y = weight.reshape(weight.shape[0], -1) @ columns
    size = x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1
    y = y.reshape(1, weight.shape[0], *size)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@misconception(
    "conv2d_layer",
    says="Your filters are turned by 180°. Deep learning's convolution slides them as they are.",
)
def filters_flipped(x, weight, bias=None):
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    y = torch.einsum("nchwij,fcij->nfhw", windows, weight.flip(2, 3))
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@misconception(
    "conv2d_layer",
    says="Weights and pixels are flattened in different orders. "
    "unfold counts channel, row, column: flatten the filters the same way, weight.reshape(F, -1).",
)
def flattened_in_another_order(x, weight, bias=None):
    columns = F.unfold(x, weight.shape[2:])
    y = weight.permute(0, 2, 3, 1).reshape(weight.shape[0], -1) @ columns
    size = x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1
    y = y.reshape(x.shape[0], weight.shape[0], *size)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@misconception(
    "conv2d_layer",
    says="reshape does not move axes: windows and filters got mixed up. "
    "Bring the filters to the second axis with transpose or permute, then reshape.",
)
def reshaped_not_transposed(x, weight, bias=None):
    columns = F.unfold(x, weight.shape[2:]).transpose(1, 2)
    y = columns @ weight.reshape(weight.shape[0], -1).T
    size = x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1
    y = y.reshape(x.shape[0], weight.shape[0], *size)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@misconception(
    "conv2d_layer",
    says="Height and width of the feature maps are exchanged. "
    "The result is (N, F, H_out, W_out), with the height first.",
)
def height_and_width_exchanged(x, weight, bias=None):
    y = weight.reshape(weight.shape[0], -1) @ F.unfold(x, weight.shape[2:])
    size = x.shape[3] - weight.shape[3] + 1, x.shape[2] - weight.shape[2] + 1
    y = y.reshape(x.shape[0], weight.shape[0], *size)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@misconception(
    "conv2d_layer",
    says="Each feature map is still one long row. "
    "Fold the last axis back into rows and columns: reshape(N, F, H_out, W_out).",
)
def maps_left_flat(x, weight, bias=None):
    y = weight.reshape(weight.shape[0], -1) @ F.unfold(x, weight.shape[2:])
    return y if bias is None else y + bias.reshape(-1, 1)


@misconception(
    "conv2d_layer",
    says="Something cuts the graph, so that no gradient comes back. "
    "Leave out .detach(), .item(), .tolist() and torch.no_grad().",
)
def graph_cut(x, weight, bias=None):
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    y = torch.einsum("nchwij,fcij->nfhw", windows, weight).detach()
    return y if bias is None else y + bias.detach().reshape(1, -1, 1, 1)


@misconception(
    "conv2d_layer",
    says="Something is made on the CPU, wherever x lives: the result, or zeros for a bias. "
    "Use x.new_zeros(…), or pass dtype=x.dtype and device=x.device.",
)
def made_on_the_cpu(x, weight, bias=None):
    size = x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1
    y = torch.zeros(x.shape[0], weight.shape[0], *size, dtype=x.dtype)
    for n, image in enumerate(x):
        columns = F.unfold(image[None], weight.shape[2:])[0]
        y[n] = (weight.reshape(weight.shape[0], -1) @ columns).reshape(-1, *size)
        if bias is not None:
            y[n] += bias.reshape(-1, 1, 1)
    return y


@misconception(
    "conv2d_layer",
    says="A tensor made by torch.zeros(…) or torch.tensor(list) is float32 and lives on the CPU, "
    "whatever x is. Use x.new_zeros(…), or pass dtype=x.dtype and device=x.device.",
)
def plain_zeros(x, weight, bias=None):
    size = x.shape[2] - weight.shape[2] + 1, x.shape[3] - weight.shape[3] + 1
    y = torch.zeros(x.shape[0], weight.shape[0], *size)
    for n, image in enumerate(x):
        columns = F.unfold(image[None], weight.shape[2:])[0]
        y[n] = (weight.reshape(weight.shape[0], -1) @ columns).reshape(-1, *size)
        if bias is not None:
            y[n] += bias.reshape(-1, 1, 1)
    return y


@misconception(
    "conv2d_layer",
    says="You change the caller's bias, as unsqueeze_ with an underscore or `bias += …` do. "
    "Use bias.reshape(1, -1, 1, 1), which leaves the argument as it is.",
)
def bias_changed_in_place(x, weight, bias=None):
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    y = torch.einsum("nchwij,fcij->nfhw", windows, weight)
    return y if bias is None else y + bias.unsqueeze_(1).unsqueeze_(2)


@misconception(
    "conv2d_layer",
    says="A ready-made function did the work. Lay out the windows with unfold, "
    "then take one matrix product (or einsum) with the filters.",
)
def ready_made(x, weight, bias=None):
    return F.conv2d(x, weight, bias)


@misconception(
    "conv2d_layer",
    says="`if bias:` asks whether a whole tensor is true, which has no answer. "
    "Ask whether there is one: if bias is not None.",
)
def bias_asked_for_its_truth(x, weight, bias=None):
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    y = torch.einsum("nchwij,fcij->nfhw", windows, weight)
    return y + bias.reshape(1, -1, 1, 1) if bias else y


@misconception(
    "conv2d_layer",
    says="You named the number of filters F, and F is no longer torch.nn.functional. "
    "Give the number another name: filters, C, K_h, K_w = weight.shape.",
)
def the_name_f_taken(x, weight, bias=None):
    N, _, H, W = x.shape
    F, _, K_h, K_w = weight.shape
    y = weight.reshape(F, -1) @ F.unfold(x, (K_h, K_w))
    return y.reshape(N, F, H - K_h + 1, W - K_w + 1)


@misconception(
    "conv2d_layer",
    says="reshape(-1, F).T does not give one filter in each row: reshape does not move axes. "
    "The filters come first in weight already: weight.reshape(F, -1), without .T.",
)
def weights_reshaped_to_columns(x, weight, bias=None):
    filters, _, K_h, K_w = weight.shape
    y = weight.reshape(-1, filters).T @ F.unfold(x, (K_h, K_w))
    y = y.reshape(x.shape[0], filters, x.shape[2] - K_h + 1, x.shape[3] - K_w + 1)
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


@alternative("conv2d_layer")
def windows_and_einsum(x, weight, bias=None):
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    y = torch.einsum("nchwij,fcij->nfhw", windows, weight)
    return y if bias is None else y + bias[:, None, None]


@alternative("conv2d_layer")
def image_by_image(x, weight, bias=None):
    height, width = x.size(2) - weight.size(2) + 1, x.size(3) - weight.size(3) + 1
    maps = []
    for image in x:
        columns = torch.cat([im2col(channel, tuple(weight.shape[2:])) for channel in image])
        flat = weight.flatten(1) @ columns
        maps.append(flat.unflatten(1, (height, width)))
    y = torch.stack(maps)
    if bias is not None:
        y = y + bias.view(1, -1, 1, 1).expand_as(y)
    return y


@alternative("conv2d_layer")
def sum_over_the_kernel(x, weight, bias=None):
    K_h, K_w = weight.shape[-2:]
    height, width = x.shape[-2] - K_h + 1, x.shape[-1] - K_w + 1
    y = 0 if bias is None else bias.reshape(-1, 1, 1)
    for m in range(K_h):
        for n in range(K_w):
            patch = x[:, :, m : m + height, n : n + width]
            y = y + torch.einsum("nchw,fc->nfhw", patch, weight[:, :, m, n])
    return y


@alternative("conv2d_layer")
def sums_of_feature_maps(x, weight, bias=None):
    def feature_map(image, f):
        total = sum(
            conv2d(channel, kernel) for channel, kernel in zip(image, weight[f], strict=True)
        )
        return total if bias is None else total + bias[f]

    maps = [torch.stack([feature_map(image, f) for f in range(len(weight))]) for image in x]
    return torch.stack(maps)
