"""Wrong and other right solutions of `Inception`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "Inception",
    says="You add the four branches. They have numbers of channels of their own and stand "
    "side by side: torch.cat([…], dim=1).",
)
class Summed(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return F.relu(self.one(x)) + three + five + pooled


@misconception(
    "Inception",
    says="Your branches are joined along the batch, as if they were more pictures. "
    "Join them along the channels: dim=1.",
)
class JoinedAlongTheBatch(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled])


@misconception(
    "Inception",
    says="Your branches are joined along the rows, one map under the other. "
    "Join them along the channels: dim=1.",
)
class JoinedAlongTheRows(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=2)


@misconception(
    "Inception",
    says="Your branches stand in another order. "
    "It is 1×1, 3×3, 5×5, pooling: the next layer's filters count on it.",
)
class PooledFirst(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([pooled, F.relu(self.one(x)), three, five], dim=1)


@misconception(
    "Inception",
    says="Nothing bends your block. ReLU comes after each of the six convolutions.",
)
class NeverBent(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three, five = self.three(self.three_in(x)), self.five(self.five_in(x))
        pooled = self.pooled(F.max_pool2d(x, 3, 1, 1))
        return torch.cat([self.one(x), three, five, pooled], dim=1)


@misconception(
    "Inception",
    says="ReLU is missing between the 1×1 and the large kernel. "
    "It comes after each of the six convolutions, after three_in and five_in too.",
)
class ReductionsNotBent(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three, five = self.three(self.three_in(x)), self.five(self.five_in(x))
        pooled = self.pooled(F.max_pool2d(x, 3, 1, 1))
        return F.relu(torch.cat([self.one(x), three, five, pooled], dim=1))


@misconception(
    "Inception",
    says="Only the reductions are bent. ReLU comes after each of the six convolutions, "
    "also after the last one of every branch.",
)
class EndsNotBent(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = self.three(F.relu(self.three_in(x)))
        five = self.five(F.relu(self.five_in(x)))
        pooled = self.pooled(F.max_pool2d(x, 3, 1, 1))
        return torch.cat([self.one(x), three, five, pooled], dim=1)


@misconception(
    "Inception",
    says="Your 3×3 and 5×5 branches are not padded, so that their maps are smaller than the "
    "others'. All must keep the size: padding 1 for the 3×3, 2 for the 5×5.",
)
class NotPadded(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


@misconception(
    "Inception",
    says="Your 5×5 kernel is padded like a 3×3. Its centre is two pixels from its rim: padding=2.",
)
class FivePaddedByOne(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=1)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


@misconception(
    "Inception",
    says="Your pooling steps by 3, as it does unless you say otherwise. "
    "Here it keeps the size: stride 1 and padding 1.",
)
class PoolingSteps(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, padding=1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


@misconception(
    "Inception",
    says="Your 3×3 and 5×5 kernels read the input themselves and leave the 1×1 layers idle. "
    "The 1×1 comes first and hands on fewer channels: that is the saving.",
)
class WithoutReduction(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(C_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(C_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three, five = F.relu(self.three(x)), F.relu(self.five(x))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


@misconception(
    "Inception",
    says="You pool the mean in the fourth branch. It takes the largest: F.max_pool2d(x, 3, 1, 1).",
)
class MeanPooled(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.avg_pool2d(x, 3, 1, 1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


@misconception(
    "Inception",
    says="In the fourth branch you pool after the 1×1 convolution. "
    "The input is pooled first, and the 1×1 mixes what is left.",
)
class PooledLast(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.max_pool2d(F.relu(self.pooled(x)), 3, 1, 1)
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


@misconception(
    "Inception",
    says="Your fourth branch does not pool: it is a second 1×1. "
    "Let a 3×3 max pooling with stride 1 and padding 1 go before it.",
)
class NeverPooled(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(C_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(x))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


@misconception(
    "Inception",
    says="Your 5×5 branch reads what the 3×3 branch's 1×1 made. "
    "The branches do not meet before the end: five_in reads the input.",
)
class BranchesMixed(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in, self.three = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in, self.five = nn.Conv2d(c3_in, c5_in, 1), nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)

    def forward(self, x):
        reduced = F.relu(self.three_in(x))
        three, five = F.relu(self.three(reduced)), F.relu(self.five(F.relu(self.five_in(reduced))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


@misconception(
    "Inception",
    says="Your convolutions have no biases. Leave bias=False away: each filter has one here.",
)
class BiasesLeftOut(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, 1, bias=False)
        self.three_in = nn.Conv2d(C_in, c3_in, 1, bias=False)
        self.three = nn.Conv2d(c3_in, c3, 3, padding=1, bias=False)
        self.five_in = nn.Conv2d(C_in, c5_in, 1, bias=False)
        self.five = nn.Conv2d(c5_in, c5, 5, padding=2, bias=False)
        self.pooled = nn.Conv2d(C_in, c_pool, 1, bias=False)

    def forward(self, x):
        three = F.relu(self.three(F.relu(self.three_in(x))))
        five = F.relu(self.five(F.relu(self.five_in(x))))
        pooled = F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1)))
        return torch.cat([F.relu(self.one(x)), three, five, pooled], dim=1)


@alternative("Inception")
class BranchesAsSequences(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one = nn.Conv2d(C_in, c1, kernel_size=1)
        self.three_in = nn.Conv2d(C_in, c3_in, kernel_size=1)
        self.three = nn.Conv2d(c3_in, c3, kernel_size=3, padding="same")
        self.five_in = nn.Conv2d(C_in, c5_in, kernel_size=1)
        self.five = nn.Conv2d(c5_in, c5, kernel_size=5, padding="same")
        self.pooled = nn.Conv2d(C_in, c_pool, kernel_size=1)
        self.relu, self.pool = nn.ReLU(), nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, x):
        branches = (
            (self.one, self.relu),
            (self.three_in, self.relu, self.three, self.relu),
            (self.five_in, self.relu, self.five, self.relu),
            (self.pool, self.pooled, self.relu),
        )
        return torch.cat([nn.Sequential(*branch)(x) for branch in branches], dim=1)


@alternative("Inception")
class BentOnceAtTheEnd(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.pooled = nn.Conv2d(C_in, c_pool, (1, 1))
        self.five, self.five_in = nn.Conv2d(c5_in, c5, 5, 1, 2), nn.Conv2d(C_in, c5_in, 1)
        self.three, self.three_in = nn.Conv2d(c3_in, c3, 3, 1, 1), nn.Conv2d(C_in, c3_in, 1)
        self.one = nn.Conv2d(C_in, c1, 1)

    def forward(self, x):
        three_in, five_in = self.three_in(x).relu(), self.five_in(x).relu()
        largest = F.max_pool2d(x, kernel_size=3, stride=1, padding=1)
        maps = self.one(x), self.three(three_in), self.five(five_in), self.pooled(largest)
        return torch.cat(maps, -3).clamp(min=0)


@alternative("Inception")
class WrittenIntoPlace(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        layers = {"one": (C_in, c1, 1), "pooled": (C_in, c_pool, 1)}
        layers |= {"three_in": (C_in, c3_in, 1), "three": (c3_in, c3, 3)}
        layers |= {"five_in": (C_in, c5_in, 1), "five": (c5_in, c5, 5)}
        for name, (ins, outs, K) in layers.items():
            self.add_module(name, nn.Conv2d(ins, outs, K, padding=K // 2))

    def forward(self, x):
        ends = [
            torch.relu(self.one(x)),
            torch.relu(self.three(torch.relu(self.three_in(x)))),
            torch.relu(self.five(torch.relu(self.five_in(x)))),
            torch.relu(self.pooled(nn.MaxPool2d(3, 1, 1)(x))),
        ]
        out = x.new_zeros(len(x), sum(maps.shape[1] for maps in ends), *x.shape[2:])
        start = 0
        for maps in ends:
            out[:, start : start + maps.shape[1]] = maps
            start += maps.shape[1]
        return out
