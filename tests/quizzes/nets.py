"""The five nets of the history, on paper, and what they cost: for lesson 05's quiz.

Nothing here is taken from the lesson: its numbers are computed a second time, in other words.
"""

import functools
import itertools
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.quizzes.answers import count, shape
from utils.nets.blueprint import blueprint

PAPER_WIDTHS = (96, 256, 384, 384, 256)
LIBRARY_WIDTHS = (64, 192, 384, 256, 256)
VGG_16, VGG_19 = (2, 2, 3, 3, 3), (2, 2, 4, 4, 4)
BLOCKS = [
    [(192, 64, 96, 128, 16, 32, 32), (256, 128, 128, 192, 32, 96, 64)],
    [
        (480, 192, 96, 208, 16, 48, 64),
        (512, 160, 112, 224, 24, 64, 64),
        (512, 128, 128, 256, 24, 64, 64),
        (512, 112, 144, 288, 32, 64, 64),
        (528, 256, 160, 320, 32, 128, 128),
    ],
    [(832, 256, 160, 320, 32, 128, 128), (832, 384, 192, 384, 48, 128, 128)],
]


class Ways(nn.ModuleList):
    """Layers side by side; their maps stand one behind the other, or are added."""

    def __init__(self, ways, added: bool = False) -> None:
        super().__init__(nn.Sequential(*way) for way in ways)
        self.added = added

    def forward(self, x: Tensor) -> Tensor:
        maps = [way(x) for way in self]
        return sum(maps) if self.added else torch.cat(maps, dim=1)


def conv(C_in, C_out, K=1, S=1, P=None, norm=False, **more) -> list[nn.Module]:
    """A convolution that keeps the size with stride 1; with a norm it has no bias."""
    P = K // 2 if P is None else P
    layer = nn.Conv2d(C_in, C_out, K, S, P, bias=not norm, **more)
    return [layer, nn.BatchNorm2d(C_out)] if norm else [layer]


def dense(*sizes) -> list[nn.Module]:
    """Linear layers from size to size."""
    return [nn.Linear(*pair) for pair in itertools.pairwise(sizes)]


def lenet5() -> nn.Module:
    """The simplified LeNet-5 of today."""
    maps = [*conv(1, 6, 5, P=0), nn.AvgPool2d(2), *conv(6, 16, 5, P=0), nn.AvgPool2d(2)]
    return nn.Sequential(*maps, nn.Flatten(), *dense(400, 120, 84, 10))


def lenet5_of_the_paper() -> int:
    """What LeNet-5 trains in its paper: pooling has two numbers a map, C3 sees some maps only."""
    seen_by_c3 = 6 * 3 + 6 * 4 + 3 * 4 + 1 * 6
    c3 = seen_by_c3 * 25 + 16
    return 6 * 26 + 6 * 2 + c3 + 16 * 2 + 120 * 401 + 84 * 121


def alexnet(widths=LIBRARY_WIDTHS, towers=1) -> nn.Module:
    """AlexNet; with two towers its second, fourth and fifth convolutions have two groups."""
    a, b, c, d, e = widths

    def pool():
        return nn.MaxPool2d(3, 2)

    return nn.Sequential(
        *(*conv(3, a, 11, 4, 2), pool(), *conv(a, b, 5, groups=towers), pool()),
        *(*conv(b, c, 3), *conv(c, d, 3, groups=towers), *conv(d, e, 3, groups=towers)),
        *(pool(), nn.Flatten(), *dense(e * 36, 4096, 4096, 1000)),
    )


def vgg(stages=VGG_16) -> nn.Module:
    """VGG with these numbers of 3×3 layers before each pooling."""
    layers, channels = [], 3
    for number, width in zip(stages, (64, 128, 256, 512, 512), strict=True):
        for _ in range(number):
            layers += conv(channels, width, 3)
            channels = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), *dense(512 * 49, 4096, 4096, 1000))


def inception(C_in, c1, c3_in, c3, c5_in, c5, c_pool, library=False) -> Ways:
    """An inception block; the library's has norms, and a 3×3 where the paper has its 5×5."""
    one, three_in, five_in, last = (
        conv(C_in, out, norm=library) for out in (c1, c3_in, c5_in, c_pool)
    )
    three = conv(c3_in, c3, 3, norm=library)
    five = conv(c5_in, c5, 3 if library else 5, norm=library)
    return Ways([one, three_in + three, five_in + five, [nn.MaxPool2d(3, 1, 1), *last]])


def googlenet(library=False) -> nn.Module:
    """GoogLeNet without its two auxiliary heads."""

    def pool():
        return nn.MaxPool2d(3, 2, ceil_mode=True)

    layers = [*conv(3, 64, 7, 2, norm=library), pool(), *conv(64, 64, norm=library)]
    layers += [*conv(64, 192, 3, norm=library), pool()]
    for number, stage in enumerate(BLOCKS):
        layers += [pool()] * (number > 0) + [inception(*row, library=library) for row in stage]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), *dense(1024, 1000))


def auxiliary_heads() -> int:
    """The parameters of the two heads that help while GoogLeNet is trained."""
    with torch.device("meta"):
        heads = [[*conv(C, 128), *dense(128 * 4 * 4, 1024, 1000)] for C in (512, 528)]
    return sum(count(nn.Sequential(*head)) for head in heads)


def block(C_in, C_mid, S=1, bottleneck=True, early=False) -> Ways:
    """A residual block; an early bottleneck has its stride in the first 1×1, as in the paper."""
    if bottleneck:
        C_out, first, second = 4 * C_mid, S if early else 1, 1 if early else S
        way = [*conv(C_in, C_mid, 1, first, norm=True), *conv(C_mid, C_mid, 3, second, norm=True)]
        way += conv(C_mid, C_out, norm=True)
    else:
        C_out = C_mid
        way = [*conv(C_in, C_mid, 3, S, norm=True), *conv(C_mid, C_mid, 3, norm=True)]
    return Ways([way, [] if C_in == C_out else conv(C_in, C_out, 1, S, norm=True)], added=True)


def resnet(counts=(3, 4, 6, 3), early=False) -> nn.Module:
    """A ResNet of bottlenecks."""
    layers, channels = [*conv(3, 64, 7, 2, norm=True), nn.MaxPool2d(3, 2, 1)], 64
    for stage, number in enumerate(counts):
        C_mid = 64 * 2**stage
        for place in range(number):
            S = 2 if stage and not place else 1
            layers.append(block(channels, C_mid, S, early=early))
            channels = 4 * C_mid
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), *dense(2048, 1000))


NETS: dict[str, tuple[Callable[..., nn.Module], tuple]] = {
    "LeNet-5": (lenet5, ()),
    "AlexNet": (alexnet, ()),
    "AlexNet, two towers": (alexnet, (PAPER_WIDTHS, 2)),
    "AlexNet, one tower": (alexnet, (PAPER_WIDTHS,)),
    "VGG-16": (vgg, ()),
    "VGG-19": (vgg, (VGG_19,)),
    "GoogLeNet": (googlenet, ()),
    "GoogLeNet, library": (googlenet, (True,)),
    "ResNet-50": (resnet, ()),
    "ResNet-50, early strides": (resnet, ((3, 4, 6, 3), True)),
    "ResNet-152": (resnet, ((3, 8, 36, 3),)),
}


@functools.cache
def plan(name: str) -> dict:
    """A net's blueprint: `parameters`, `macs`, `shapes`."""
    make, settings = NETS[name]
    return blueprint(make, (1, 1, 32, 32) if make is lenet5 else (1, 3, 224, 224), *settings)


def parameters(name: str) -> int:
    return plan(name)["parameters"]


def macs(name: str) -> int:
    return plan(name)["macs"]


def dense_share(name: str, of: str) -> float:
    """How much of a net's `parameters` or `macs` its dense layers have, in per cent."""
    shapes = [shape for _, shape in plan(name)["shapes"]]
    weights = sum(shape[0] * shape[1] for shape in shapes if len(shape) == 2)
    biases = sum(shape[0] for shape in shapes if len(shape) == 2)
    return 100 * (weights + biases * (of == "parameters")) / plan(name)[of]


def layers_with_weights(name: str) -> int:
    """Convolutions and dense layers of a net."""
    return sum(len(shape) > 1 for _, shape in plan(name)["shapes"])


def first_block() -> tuple[int, ...]:
    """The shape that GoogLeNet's first block makes."""
    return shape(inception(192, 64, 96, 128, 16, 32, 32)(torch.zeros(1, 192, 28, 28)))


def changes_shape(C_in, C, S=1, bottleneck=False) -> bool:
    """Whether a residual block's layers make another shape of what comes in."""
    x = torch.zeros(2, C_in, 8, 8)
    return block(C_in, C, S, bottleneck)[0](x).shape != x.shape


def silent_block() -> bool:
    """Whether a basic block with weights of 0 hands x on."""
    silent, x = block(8, 8, bottleneck=False), torch.rand(4, 8, 5, 5)
    for layer in silent.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.zeros_(layer.weight)
    return torch.equal(silent(x).relu(), x)


def looks_back(layers: int) -> int:
    """How far back windows of 3 look whose dilations double, measured: one output's gradient."""
    line = torch.zeros(1, 1, 400, dtype=torch.float64, requires_grad=True)
    out = line
    for layer in range(layers):
        out = F.conv1d(out, torch.ones(1, 1, 3, dtype=out.dtype), dilation=2**layer)
    out[0, 0, -1].backward()
    return 399 - int(line.grad[0, 0].nonzero().min())
