"""Public checks of lesson 05, notebook 1. Whole nets are compared with every weight known."""

import torch

from utils.checks import check
from utils.expect import expect, expect_layer, expect_same_on_device
from utils.expect_nets import expect_blueprint

# The right class is guessed first once, and second, third, fourth and fifth twice each.
LOGITS = torch.tensor(
    [
        [9.0, 4.0, 1.0, 0.0, 2.0],
        [3.0, 8.0, 7.0, 1.0, 2.0],
        [0.0, 1.0, 4.0, 6.0, 5.0],
        [7.0, 2.0, 3.0, 9.0, 8.0],
        [5.0, 6.0, 0.0, 1.0, 2.0],
        [-1.0, -5.0, -2.0, -9.0, -3.0],
        [1.0, 2.0, 3.0, 9.0, 0.5],
        [2.0, -3.0, 6.0, 4.0, -8.0],
        [0.0, 7.0, -1.0, 3.0, 5.0],
    ]
)
LABELS = torch.tensor([0, 2, 4, 0, 4, 1, 4, 1, 2])

VGG_16 = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]
GOOGLENET = [
    (64, 96, 128, 16, 32, 32),
    (128, 128, 192, 32, 96, 64),
    "M",
    (192, 96, 208, 16, 48, 64),
    (160, 112, 224, 24, 64, 64),
    (128, 128, 256, 24, 64, 64),
    (112, 144, 288, 32, 64, 64),
    (256, 160, 320, 32, 128, 128),
    "M",
    (256, 160, 320, 32, 128, 128),
    (384, 192, 384, 48, 128, 128),
]

# What the right nets say when their weights are the known ones.
LENET_SCORES = [
    [-0.799517, -0.461898, 0.139623, 0.050597, -0.261681,
     0.591471, 0.306830, -0.625813, -0.477640, -0.206302],
    [-0.776392, -0.309935, 0.279217, 0.362209, 0.219146,
     -0.851230, 0.228846, -1.032508, -0.436162, -0.652146],
]  # fmt: skip
ALEXNET_SCORES = [[-0.098564, 0.053875, 0.313407]]
VGG_SCORES = [[-5.135773, 1.118814, -0.315466], [-6.246299, 1.457325, -0.346385]]
BLOCK_MAPS = [
    [
        [[0.000000, 0.109764, 1.827179], [2.182791, 0.837344, 0.000000]],
        [[0.000000, 0.000000, 1.078946], [0.906506, 1.895866, 1.444765]],
        [[0.975964, 1.594524, 1.308801], [0.258070, 0.000000, 0.573636]],
        [[2.375585, 2.472326, 2.144196], [2.375585, 2.472326, 2.144196]],
    ]
]
GOOGLENET_SCORES = [[0.630844, -0.259805, -1.246639]]

DROPOUT = "Numbers must be dropped in train() mode, and only there: nn.Dropout(0.5), in two places."
KNOWN = "With every weight known the scores differ: the parts are not those of the description."


def picture(*shape: int) -> torch.Tensor:
    """Numbers between −1 and 1, the same at every call."""
    count = torch.arange(float(torch.Size(shape).numel()))
    return torch.sin(0.9 * count + 0.002 * count**2).reshape(shape)


@check("top_k_error", points=1)
def test_top_k_error_by_hand(student):
    """Nine rows of five classes, with k = 2, 1 and 5."""
    expect(student.top_k_error(LOGITS, LABELS, 2), equals=6 / 9)
    expect(student.top_k_error(LOGITS, LABELS, 1), equals=8 / 9)
    expect(student.top_k_error(LOGITS, LABELS, 5), equals=0.0)


@check("top_k_error", points=0.5)
def test_top_k_error_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.top_k_error, LOGITS, LABELS, 2, equals=6 / 9)


@check("conv_cost", points=1)
def test_conv_cost_by_hand(student):
    """Two groups with biases, a 1×1 layer without, and a 5×5 layer."""
    expect(student.conv_cost(4, 6, 3, 2, 5, groups=2), equals=(114, 1080), rtol=0)
    expect(student.conv_cost(4, 6, 1, 7, 3, bias=False), equals=(24, 504), rtol=0)
    expect(student.conv_cost(3, 8, 5, 4, 6), equals=(608, 14_400), rtol=0)


@check("conv_cost", points=0.5)
def test_conv_cost_of_alexnets_first(student):
    """The first layer of AlexNet, and its second with two groups."""
    expect(student.conv_cost(3, 96, 11, 55, 55), equals=(34_944, 105_415_200), rtol=0)
    expect(student.conv_cost(96, 256, 5, 27, 27, groups=2), equals=(307_456, 223_948_800), rtol=0)


@check("stack_or_kernel", points=1)
def test_stack_or_kernel_by_hand(student):
    """Three layers of 2 channels, two of 10, and one."""
    expect(student.stack_or_kernel(3, 2), equals=(7, 108, 196), rtol=0)
    expect(student.stack_or_kernel(2, 10), equals=(5, 1800, 2500), rtol=0)
    expect(student.stack_or_kernel(1, 4), equals=(3, 144, 144), rtol=0)


@check("lenet5", points=1)
def test_lenet5_scores(student):
    """Two pictures, every weight known: the scores, also where the pictures live."""
    net = student.fill_weights(expect_layer(student.lenet5()))
    scores = net(picture(2, 1, 32, 32))
    expect(scores, shape=(2, 10))
    expect(scores, equals=LENET_SCORES, atol=1e-4, says=KNOWN)
    expect_same_on_device(net, picture(2, 1, 32, 32), equals=LENET_SCORES, atol=1e-4)


@check("lenet5", points=0.5)
def test_lenet5_counts(student):
    """61,706 parameters, 416,520 multiply–adds, ten scores."""
    expect_blueprint(
        student.lenet5, shape=(3, 1, 32, 32), output=(3, 10), parameters=61_706, macs=3 * 416_520
    )


@check("alexnet", points=1)
def test_alexnet_counts(student):
    """The usual library version: 61,100,840 parameters, 714,188,480 multiply–adds."""
    expect_blueprint(
        student.alexnet,
        shape=(1, 3, 224, 224),
        output=(1, 1000),
        parameters=61_100_840,
        macs=714_188_480,
    )


@check("alexnet", points=1)
def test_alexnet_scores(student):
    """A narrow AlexNet, every weight known: the scores of one picture, and what is dropped."""
    net = student.fill_weights(expect_layer(student.alexnet((2, 4, 3, 5, 3), 3)))
    scores = net(picture(1, 3, 224, 224))
    expect(scores, shape=(1, 3))
    expect(scores, equals=ALEXNET_SCORES, rtol=1e-3, atol=1e-4, says=KNOWN)
    dropped = student.drops_out(net, picture(1, 3, 224, 224))
    expect(dropped, equals=(True, False), says=DROPOUT)


@check("vgg", points=1)
def test_vgg_by_hand(student):
    """Every weight 1: the largest sum of 3×3×3 pixels; then a longer plan, every weight known."""
    net = student.fill_weights(expect_layer(student.vgg([1, "M"], 2, 3, 1)), 1.0)
    image = torch.tensor([[[[1.0, 2.0, 0.0], [0.0, -4.0, 3.0], [5.0, 1.0, -2.0]]]])
    # Sums of 2×2, 2×3, 3×2 and 3×3 pixels: −1, 2, 5 and 6, in three equal channels.
    expect(net(image.expand(1, 3, 3, 3).contiguous()), equals=[[18, 18]])
    net = student.fill_weights(expect_layer(student.vgg([2, 3, "M", 4, "M"], 3, 9, 5)))
    scores = net(picture(2, 3, 9, 9))
    expect(scores, shape=(2, 3))
    expect(scores, equals=VGG_SCORES, atol=1e-4, says=KNOWN)


@check("vgg", points=1)
def test_vgg_counts(student):
    """VGG-16: 138,357,544 parameters, 15,470,264,320 multiply–adds; and a small plan."""
    expect_blueprint(
        student.vgg,
        [4, "M", 6, "M"],
        10,
        13,
        5,
        shape=(1, 3, 13, 13),
        output=(1, 10),
        parameters=699,
        weights=[(4, 3, 3, 3), (6, 4, 3, 3), (5, 54), (5, 5), (10, 5)],
    )
    expect_blueprint(
        student.vgg,
        VGG_16,
        shape=(1, 3, 224, 224),
        output=(1, 1000),
        parameters=138_357_544,
        macs=15_470_264_320,
    )


@check("Inception", points=1)
def test_inception_by_hand(student):
    """One channel, every weight 1: a pixel, the sum of 3×3, the sum of 5×5, the largest of 3×3."""
    block = student.fill_weights(expect_layer(student.Inception(1, 1, 1, 1, 1, 1, 1)), 1.0)
    image = torch.tensor([[[[1.0, -2.0, 3.0, 0.0], [-4.0, 5.0, -6.0, 2.0]]]])
    wanted = [
        [[1, 0, 3, 0], [0, 5, 0, 2]],
        [[6, 9, 10, 5], [6, 9, 10, 5]],
        [[9, 11, 11, 10], [9, 11, 11, 10]],
        [[5, 5, 5, 3], [5, 5, 5, 3]],
    ]
    expect(block(image), equals=[wanted])


@check("Inception", points=0.5)
def test_inception_layers(student):
    """Six convolutions under their names, each with the weights that it should have."""
    block = expect_layer(student.Inception(7, 1, 2, 3, 4, 5, 6))
    expect(block.one.weight, shape=(1, 7, 1, 1), says="`one` is not a 1×1 convolution to c1.")
    for name, layer, shape in (
        ("three_in", block.three_in, (2, 7, 1, 1)),
        ("three", block.three, (3, 2, 3, 3)),
        ("five_in", block.five_in, (4, 7, 1, 1)),
        ("five", block.five, (5, 4, 5, 5)),
        ("pooled", block.pooled, (6, 7, 1, 1)),
    ):
        expect(layer.weight, shape=shape, says=f"The weights of `{name}` have a wrong shape.")
        expect(layer.bias, shape=shape[:1], says=f"The bias of `{name}` has a wrong shape.")


@check("Inception", points=0.5)
def test_inception_device(student):
    """Runs where its input lives, with its channels in order."""
    block = student.fill_weights(expect_layer(student.Inception(3, 1, 2, 1, 4, 1, 1)))
    expect_same_on_device(block, picture(1, 3, 2, 3), equals=BLOCK_MAPS, atol=1e-4)


@check("Inception", points=0.5)
def test_inception_counts(student):
    """The first block of GoogLeNet: 163,696 parameters, 128,049,152 multiply–adds."""
    expect_blueprint(
        student.Inception,
        192,
        *GOOGLENET[0],
        shape=(1, 192, 28, 28),
        output=(1, 256, 28, 28),
        parameters=163_696,
        macs=128_049_152,
    )


@check("googlenet", points=1)
def test_googlenet_counts(student):
    """The paper's table: 6,998,552 parameters, 1,582,671,872 multiply–adds."""
    expect_blueprint(
        student.googlenet,
        GOOGLENET,
        shape=(1, 3, 224, 224),
        output=(1, 1000),
        parameters=6_998_552,
        macs=1_582_671_872,
    )


@check("googlenet", points=1)
def test_googlenet_scores(student):
    """Two small blocks with a pooling between, every weight known: the scores of one picture."""
    table = [(3, 2, 5, 4, 6, 1), "M", (2, 3, 4, 5, 1, 6)]
    # What torch does not find as the net's keeps its random weights: that is told first.
    expect_blueprint(
        student.googlenet, table[:1], 3, shape=(1, 3, 36, 44), output=(1, 3), parameters=127_095
    )
    net = student.fill_weights(expect_layer(student.googlenet(table, 3)))
    scores = net(picture(1, 3, 36, 44))
    expect(scores, shape=(1, 3))
    expect(scores, equals=GOOGLENET_SCORES, rtol=1e-3, atol=1e-4, says=KNOWN)
