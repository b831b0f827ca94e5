"""Wrong and other right solutions of `SimpleCNN`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "SimpleCNN",
    says="x.flatten() lays the whole batch in one row. "
    "Leave axis 0, the examples, alone: x.flatten(1).",
)
class FlattenedOverTheBatch(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(2304, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.linear(x.flatten())


@misconception(
    "SimpleCNN",
    says="Your net ends with a softmax. Return the logits: the loss takes the softmax itself, "
    "and a second one makes training slow.",
)
class SoftmaxAtTheEnd(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(2304, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return F.softmax(self.linear(x.flatten(1)), dim=1)


@misconception(
    "SimpleCNN",
    says="A ReLU follows your last layer, so that no logit can be negative. "
    "Return what the linear layer gives.",
)
class ReluAtTheEnd(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(2304, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return F.relu(self.linear(x.flatten(1)))


@misconception(
    "SimpleCNN",
    says="The ReLUs are missing. Without them two convolutions do no more than one could: "
    "put one after each convolution.",
)
class WithoutRelu(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(2304, 10)

    def forward(self, x):
        x = F.max_pool2d(self.conv1(x), 2)
        x = F.max_pool2d(self.conv2(x), 2)
        return self.linear(x.flatten(1))


@misconception(
    "SimpleCNN",
    says="The ReLU after your second convolution is missing. Each convolution has one.",
)
class SecondReluMissing(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(2304, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(self.conv2(x), 2)
        return self.linear(x.flatten(1))


@misconception(
    "SimpleCNN",
    says="You pool by the mean. This net keeps the largest number of each 2×2 window: max pooling.",
)
class PooledByTheMean(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(2304, 10)

    def forward(self, x):
        x = F.avg_pool2d(F.relu(self.conv1(x)), 2)
        x = F.avg_pool2d(F.relu(self.conv2(x)), 2)
        return self.linear(x.flatten(1))


@misconception(
    "SimpleCNN",
    says="Your second convolution is padded too, so that 64·7·7 = 3136 numbers arrive. "
    "Only the first one is: then 64·6·6 = 2304 do.",
)
class BothPadded(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.linear = nn.Linear(3136, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.linear(x.flatten(1))


@misconception(
    "SimpleCNN",
    says="Your second convolution is padded too, so that 64·7·7 = 3136 numbers arrive. "
    "Only the first one is: then 64·6·6 = 2304 do.",
)
class BothPaddedAnd2304(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.linear = nn.Linear(64 * 6 * 6, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.linear(x.flatten(1))


@misconception(
    "SimpleCNN",
    says="Your first convolution has no padding, so that 64·5·5 = 1600 numbers arrive. "
    "With padding=1 it keeps the 28 pixels, and 64·6·6 = 2304 do.",
)
class NonePadded(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(1600, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.linear(x.flatten(1))


@misconception(
    "SimpleCNN",
    says="Your first convolution has no padding, so that 64·5·5 = 1600 numbers arrive. "
    "With padding=1 it keeps the 28 pixels, and 64·6·6 = 2304 do.",
)
class NonePaddedAnd2304(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(64 * 6 * 6, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.linear(x.flatten(1))


@misconception(
    "SimpleCNN",
    says="You pool once. There is a second pooling after the second convolution: 12 → 6 pixels, "
    "and the linear layer takes 64·6·6 numbers.",
)
class PooledOnce(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(9216, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        return self.linear(F.relu(self.conv2(x)).flatten(1))


@misconception(
    "SimpleCNN",
    says="You pool once. There is a second pooling after the second convolution: 12 → 6 pixels, "
    "and the linear layer takes 64·6·6 numbers.",
)
class PooledOnceAnd2304(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(64 * 6 * 6, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.relu(self.conv2(x))
        return self.linear(x.flatten(1))


@misconception(
    "SimpleCNN",
    says="super().__init__() is missing. nn.Module must be set up before it can keep layers: "
    "make it the first line of __init__.",
)
class ModuleNotSetUp(nn.Module):
    def __init__(self):
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(2304, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.linear(x.flatten(1))


@misconception(
    "SimpleCNN",
    says="Your layers go by other names. They must be self.conv1, self.conv2 and self.linear: "
    "by its names others find what a net has learned.",
)
class OtherNames(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(2304, 10),
        )

    def forward(self, x):
        return self.net(x)


@misconception(
    "SimpleCNN",
    says="Your forward returns nothing. End it with `return`.",
)
class ReturnMissing(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(2304, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.linear(x.flatten(1))


@alternative("SimpleCNN")
class LayersInARow(nn.Sequential):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.relu1, self.pool1 = nn.ReLU(), nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.relu2, self.pool2 = nn.ReLU(), nn.MaxPool2d(2)
        self.flatten = nn.Flatten()
        self.linear = nn.Linear(64 * 6 * 6, 10)


@alternative("SimpleCNN")
class PooledBeforeTheRelu(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=32, kernel_size=3, padding="same")
        self.conv2 = nn.Conv2d(in_channels=32, out_channels=64, kernel_size=3)
        self.linear = nn.Linear(in_features=2304, out_features=10)
        self.pool = nn.MaxPool2d(2, 2)

    def forward(self, x):
        # The largest of four stays the largest when all below 0 become 0.
        for conv in (self.conv1, self.conv2):
            x = self.pool(conv(x)).clamp(min=0)
        return self.linear(x.view(x.shape[0], -1))


@alternative("SimpleCNN")
class BlocksOfTwoByTwo(nn.Module):
    def __init__(self):
        super().__init__()
        for name, layer in {
            "conv1": nn.Conv2d(1, 32, (3, 3), padding=(1, 1)),
            "conv2": nn.Conv2d(32, 64, (3, 3)),
            "linear": nn.Linear(2304, 10, bias=True),
        }.items():
            self.add_module(name, layer)

    def forward(self, x):
        for conv in (self.conv1, self.conv2):
            x = torch.relu(conv(x))
            N, C, H, W = x.shape
            x = x.reshape(N, C, H // 2, 2, W // 2, 2).amax(dim=(3, 5))
        return torch.einsum("nf,cf->nc", x.reshape(len(x), -1), self.linear.weight) + (
            self.linear.bias
        )
