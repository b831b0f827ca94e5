"""Wrong and other right solutions of `layer_parameters`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "layer_parameters",
    says="You counted the weights and left out the biases. "
    "Add one bias for each dense output, and one for each filter of the convolution.",
)
def biases_forgotten(C, H, W, F, K):
    outputs = F * (H - K + 1) * (W - K + 1)
    return C * H * W * outputs, F * C * K * K


@misconception(
    "layer_parameters",
    says="Your dense layer has a single output neuron. "
    "It needs one neuron for every output pixel of every filter: F·(H−K+1)·(W−K+1) of them.",
)
def one_dense_neuron(C, H, W, F, K):
    return C * H * W + 1, F * C * K * K + F


@misconception(
    "layer_parameters",
    says="Your dense layer has only F output neurons. "
    "Each filter gives a whole feature map, so there are F·(H−K+1)·(W−K+1) outputs to reach.",
)
def one_neuron_per_filter(C, H, W, F, K):
    return (C * H * W + 1) * F, F * C * K * K + F


@misconception(
    "layer_parameters",
    says="Your feature maps are as large as the image. "
    "Without padding a K×K kernel fits only (H−K+1)·(W−K+1) times.",
)
def maps_as_large_as_the_image(C, H, W, F, K):
    outputs = F * H * W
    return (C * H * W + 1) * outputs, F * C * K * K + F


@misconception(
    "layer_parameters",
    says="Your feature maps are one row and one column too small. "
    "A kernel of size K fits H−K+1 times into a height H: count with H=4 and K=3.",
)
def window_counted_one_short(C, H, W, F, K):
    outputs = F * (H - K) * (W - K)
    return (C * H * W + 1) * outputs, F * C * K * K + F


@misconception(
    "layer_parameters",
    says="Your filters look at one channel only. "
    "A filter is as deep as the input: it has C·K·K weights.",
)
def flat_filters(C, H, W, F, K):
    outputs = F * (H - K + 1) * (W - K + 1)
    return (C * H * W + 1) * outputs, F * K * K + F


@misconception(
    "layer_parameters",
    says="You gave a filter one bias for each input channel. "
    "A filter sums over its channels first and adds one bias at the end: F biases in all.",
)
def bias_per_channel(C, H, W, F, K):
    outputs = F * (H - K + 1) * (W - K + 1)
    return (C * H * W + 1) * outputs, F * C * (K * K + 1)


@misconception(
    "layer_parameters",
    says="You gave every output pixel of the convolution its own bias. "
    "A bias is shared over the whole feature map, as the weights are: F biases in all.",
)
def bias_per_pixel(C, H, W, F, K):
    outputs = F * (H - K + 1) * (W - K + 1)
    return (C * H * W + 1) * outputs, F * C * K * K + outputs


@misconception(
    "layer_parameters",
    says="You gave every position of the window its own weights. "
    "A convolution uses the same filter everywhere, so the size of the image does not matter: "
    "F·C·K·K weights and F biases.",
)
def weights_not_shared(C, H, W, F, K):
    outputs = F * (H - K + 1) * (W - K + 1)
    return (C * H * W + 1) * outputs, outputs * (C * K * K + 1)


@misconception(
    "layer_parameters",
    says="The two numbers stand in the wrong order. Return the dense layer's number first.",
)
def order_exchanged(C, H, W, F, K):
    outputs = F * (H - K + 1) * (W - K + 1)
    return F * C * K * K + F, (C * H * W + 1) * outputs


@misconception(
    "layer_parameters",
    says="The biases of your dense layer are missing. "
    "Every output has one: add F·(H−K+1)·(W−K+1) of them.",
)
def dense_biases_forgotten(C, H, W, F, K):
    outputs = F * (H - K + 1) * (W - K + 1)
    return C * H * W * outputs, F * C * K * K + F


@misconception(
    "layer_parameters",
    says="The biases of your convolutional layer are missing. Every filter has one: add F of them.",
)
def conv_biases_forgotten(C, H, W, F, K):
    outputs = F * (H - K + 1) * (W - K + 1)
    return (C * H * W + 1) * outputs, F * C * K * K


@misconception(
    "layer_parameters",
    says="Your dense layer reaches one feature map only. "
    "Each of the F filters makes one: there are F·(H−K+1)·(W−K+1) outputs.",
)
def one_feature_map(C, H, W, F, K):
    outputs = (H - K + 1) * (W - K + 1)
    return (C * H * W + 1) * outputs, F * C * K * K + F


@misconception(
    "layer_parameters",
    says="You counted a feature map for each channel of each filter. "
    "A filter adds up its channels into one map: F·(H−K+1)·(W−K+1) outputs, without C.",
)
def outputs_for_each_channel(C, H, W, F, K):
    outputs = F * C * (H - K + 1) * (W - K + 1)
    return (C * H * W + 1) * outputs, F * C * K * K + F


@misconception(
    "layer_parameters",
    says="Your filters have K weights in each channel. "
    "A filter is K rows high and K columns wide: K·K weights in each channel.",
)
def side_instead_of_area(C, H, W, F, K):
    outputs = F * (H - K + 1) * (W - K + 1)
    return (C * H * W + 1) * outputs, F * (C * K + 1)


@alternative("layer_parameters")
def ask_torch(C, H, W, F, K):
    outputs = F * (H - K + 1) * (W - K + 1)
    dense = torch.nn.Linear(C * H * W, outputs, device="meta")
    conv = torch.nn.Conv2d(C, F, K, device="meta")
    return tuple(sum(p.numel() for p in layer.parameters()) for layer in (dense, conv))


@alternative("layer_parameters")
def shapes_first(C, H, W, F, K):
    dense_weight = (F * (H - K + 1) * (W - K + 1), C * H * W)
    conv_weight = (F, C, K, K)
    dense_bias, conv_bias = dense_weight[0], conv_weight[0]
    conv = 1
    for size in conv_weight:
        conv *= size
    return [dense_weight[0] * dense_weight[1] + dense_bias, conv + conv_bias]


@alternative("layer_parameters")
def counted_one_by_one(C, H, W, F, K):
    conv = sum(C * K * K + 1 for _ in range(F))
    windows = len(range(H - K + 1)) * len(range(W - K + 1))
    per_neuron = C * H * W + 1
    return F * windows * per_neuron, conv
