"""Wrong and other right solutions of `resnet`."""

import torch
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "resnet",
    says="Your blocks do not chain: each gives out 4·C_mid channels, and the next one takes these. "
    "Keep count: C_in = 4 * C_mid after every block.",
)
def channels_do_not_chain(counts, classes=1000):
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    layers, C_in = [*stem, nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(counts):
        C_mid = 64 * 2**stage
        for block in range(count):
            layers.append(Bottleneck(C_in, C_mid, 2 if stage > 0 and block == 0 else 1))
            C_in = C_mid
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C_in, classes))


@misconception(
    "resnet",
    says="One block stands in your list many times: [block] * n repeats the same object, and the "
    "weights are shared. Make a new block each time.",
)
def same_block_repeated(counts, classes=1000):
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    layers, C_in = [*stem, nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(counts):
        C_mid = 64 * 2**stage
        first = Bottleneck(C_in, C_mid, 2 if stage > 0 else 1)
        layers += [first] + [Bottleneck(4 * C_mid, C_mid)] * (count - 1)
        C_in = 4 * C_mid
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C_in, classes))


@misconception(
    "resnet",
    says="Your blocks stand in a plain Python list, where nn.Module does not find their weights. "
    "Put them into nn.Sequential or nn.ModuleList.",
)
def blocks_in_a_plain_list(counts, classes=1000):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.bn = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
            self.pool, self.blocks, C_in = nn.MaxPool2d(3, 2, 1), [], 64
            for stage, count in enumerate(counts):
                C_mid = 64 * 2**stage
                for block in range(count):
                    S = 2 if stage > 0 and block == 0 else 1
                    self.blocks.append(Bottleneck(C_in, C_mid, S))
                    C_in = 4 * C_mid
            self.linear = nn.Linear(C_in, classes)

        def forward(self, x):
            x = self.pool(self.bn(self.conv(x)).relu())
            for block in self.blocks:
                x = block(x)
            return self.linear(x.mean((2, 3)))

    return Net()


@misconception(
    "resnet",
    says="Your first stage steps as well. The max pooling before it has just halved the maps: "
    "only stages 2, 3 and 4 begin with S = 2.",
)
def first_stage_steps_too(counts, classes=1000):
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    layers, C_in = [*stem, nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(counts):
        C_mid = 64 * 2**stage
        for block in range(count):
            layers.append(Bottleneck(C_in, C_mid, 2 if block == 0 else 1))
            C_in = 4 * C_mid
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C_in, classes))


@misconception(
    "resnet",
    says="The convolution of your stem has a bias. A normalisation follows, "
    "which takes any bias away again: bias=False.",
)
def stem_with_bias(counts, classes=1000):
    stem = [nn.Conv2d(3, 64, 7, 2, 3), nn.BatchNorm2d(64), nn.ReLU()]
    layers, C_in = [*stem, nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(counts):
        C_mid = 64 * 2**stage
        for block in range(count):
            layers.append(Bottleneck(C_in, C_mid, 2 if stage > 0 and block == 0 else 1))
            C_in = 4 * C_mid
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C_in, classes))


@misconception(
    "resnet",
    says="A stage of yours has a block too many: the first one counts too. "
    "With counts of 3 it is one block that steps and two more.",
)
def one_block_too_many(counts, classes=1000):
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    layers, C_in = [*stem, nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(counts):
        C_mid = 64 * 2**stage
        layers.append(Bottleneck(C_in, C_mid, 2 if stage > 0 else 1))
        layers += [Bottleneck(4 * C_mid, C_mid) for _ in range(count)]
        C_in = 4 * C_mid
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C_in, classes))


@misconception(
    "resnet",
    says="You flatten the last maps, which makes the linear layer 49 times as large. "
    "Take the mean of each map: 2048 numbers, for any size of picture.",
)
def flattened(counts, classes=1000):
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    layers, C_in = [*stem, nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(counts):
        C_mid = 64 * 2**stage
        for block in range(count):
            layers.append(Bottleneck(C_in, C_mid, 2 if stage > 0 and block == 0 else 1))
            C_in = 4 * C_mid
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(C_in * 49, classes))


@misconception(
    "resnet",
    says="Your net always has 1000 classes. Their number is an argument: nn.Linear(…, classes).",
)
def always_a_thousand(counts, classes=1000):
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    layers, C_in = [*stem, nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(counts):
        C_mid = 64 * 2**stage
        for block in range(count):
            layers.append(Bottleneck(C_in, C_mid, 2 if stage > 0 and block == 0 else 1))
            C_in = 4 * C_mid
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))


@alternative("resnet")
def stage_by_stage(counts, classes=1000):
    def stage(C_in, C_mid, count, S):
        later = [Bottleneck(4 * C_mid, C_mid) for _ in range(count - 1)]
        return nn.Sequential(Bottleneck(C_in, C_mid, S), *later)

    return nn.Sequential(
        nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        ),
        stage(64, 64, counts[0], 1),
        stage(256, 128, counts[1], 2),
        stage(512, 256, counts[2], 2),
        stage(1024, 512, counts[3], 2),
        nn.AdaptiveAvgPool2d((1, 1)),
        nn.Flatten(),
        nn.Linear(2048, classes),
    )


@alternative("resnet")
def a_class_inside(counts, classes=1000):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
            self.bn = nn.BatchNorm2d(64)
            self.blocks = nn.ModuleList()
            channels = 64
            for C_mid, count in zip((64, 128, 256, 512), counts, strict=True):
                for i in range(count):
                    self.blocks.append(Bottleneck(channels, C_mid, 1 + (i == 0 and C_mid > 64)))
                    channels = 4 * C_mid
            self.linear = nn.Linear(channels, classes)

        def forward(self, x):
            x = torch.relu(self.bn(self.conv(x)))
            x = nn.functional.max_pool2d(x, 3, 2, padding=1)
            for block in self.blocks:
                x = block(x)
            return self.linear(x.flatten(2).mean(2))

    return Net()


@alternative("resnet")
def plan_first(counts, classes=1000):
    widths = [64 << stage for stage, count in enumerate(counts) for _ in range(count)]
    before = [16, *widths[:-1]]  # 4 · 16 channels leave the stem
    net = nn.Sequential()
    net.add_module("conv", nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False))
    net.add_module("bn", nn.BatchNorm2d(64))
    net.add_module("pool", nn.MaxPool2d(3, stride=2, padding=1))
    net.add_module("relu", nn.ReLU())  # the largest of nine stays it when all below 0 become 0
    for i, (last, width) in enumerate(zip(before, widths, strict=True)):
        step = 2 if i > 0 and width != last else 1
        net.add_module(f"block{i}", Bottleneck(4 * last, width, step))
    net.add_module("mean", nn.AdaptiveAvgPool2d(1))
    net.add_module("flat", nn.Flatten(1))
    net.add_module("linear", nn.Linear(4 * widths[-1], classes))
    return net
