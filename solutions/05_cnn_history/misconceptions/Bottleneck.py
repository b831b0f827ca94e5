"""Wrong and other right solutions of `Bottleneck`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "Bottleneck",
    says="Your first 1×1 convolution steps by S, as in the first paper. With S = 2 it never looks "
    "at three of four pixels. Here conv2 steps, whose windows overlap.",
)
class StrideInTheFirst(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, stride=S, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_mid, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, stride=S, bias=False), nn.BatchNorm2d(4 * C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "Bottleneck",
    says="Your block ends with C_mid channels. conv3 widens to 4·C_mid: "
    "narrow in the middle, wide at both ends.",
)
class NeverWidened(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, C_mid, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_mid, 1, stride=S, bias=False), nn.BatchNorm2d(C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "Bottleneck",
    says="You widen to 4·C_in. The number in the middle counts: conv3 goes from C_mid to 4·C_mid.",
)
class WidenedFromTheInput(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_in, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * C_in)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_in:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_in, 1, stride=S, bias=False), nn.BatchNorm2d(4 * C_in)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "Bottleneck",
    says="All your convolutions have 4·C_mid channels. The first one narrows to C_mid, "
    "the costly 3×3 works there, and only conv3 widens.",
)
class WideThroughout(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, 4 * C_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(4 * C_mid)
        self.conv2 = nn.Conv2d(4 * C_mid, 4 * C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(4 * C_mid)
        self.conv3 = nn.Conv2d(4 * C_mid, 4 * C_mid, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, stride=S, bias=False), nn.BatchNorm2d(4 * C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "Bottleneck",
    says="All three of your kernels are 3×3. Only the middle one is; the others are 1×1, "
    "and that makes the block cheap.",
)
class ThreeTimesThree(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_mid, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, stride=S, bias=False), nn.BatchNorm2d(4 * C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "Bottleneck",
    says="The 3×3 convolution has no padding, so that the branch no longer fits the shortcut. "
    "padding=1 keeps the size.",
)
class PaddingMissing(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_mid, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, stride=S, bias=False), nn.BatchNorm2d(4 * C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "Bottleneck",
    says="The 1×1 convolution of your shortcut has no stride. The branch steps by S, "
    "so that the shortcut must too: stride=S.",
)
class ShortcutWithoutStride(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_mid, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, bias=False), nn.BatchNorm2d(4 * C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "Bottleneck",
    says="You compare C_in with C_mid. What comes out has 4·C_mid channels: "
    "`if S != 1 or C_in != 4 * C_mid`.",
)
class ComparedWithTheMiddle(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_mid, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, stride=S, bias=False), nn.BatchNorm2d(4 * C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "Bottleneck",
    says="You add the shortcut after the last ReLU. Add first: relu(… + shortcut(x)).",
)
class AddedAfterTheActivation(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_mid, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, stride=S, bias=False), nn.BatchNorm2d(4 * C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = F.relu(self.bn3(self.conv3(y)))
        return y + self.shortcut(x)


@misconception(
    "Bottleneck",
    says="The last ReLU is missing: it follows the sum, relu(… + shortcut(x)).",
)
class LastReluMissing(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_mid, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, stride=S, bias=False), nn.BatchNorm2d(4 * C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return y + self.shortcut(x)


@misconception(
    "Bottleneck",
    says="The ReLU after bn2 is missing. Each of the first two convolutions has its own.",
)
class SecondReluMissing(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_mid, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, stride=S, bias=False), nn.BatchNorm2d(4 * C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "Bottleneck",
    says="Your convolutions have biases. The normalisation behind each subtracts the mean, and any "
    "bias with it: bias=False.",
)
class WithBiases(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_mid, 1)
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_mid:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, 4 * C_mid, 1, stride=S), nn.BatchNorm2d(4 * C_mid)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.shortcut(x))


@alternative("Bottleneck")
class StepsInALoop(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        plan = [(C_in, C_mid, 1, 1), (C_mid, C_mid, 3, S), (C_mid, 4 * C_mid, 1, 1)]
        for i, (channels, filters, K, step) in enumerate(plan, start=1):
            conv = nn.Conv2d(channels, filters, K, step, padding=K // 2, bias=False)
            self.add_module(f"conv{i}", conv)
            self.add_module(f"bn{i}", nn.BatchNorm2d(filters))
        self.shortcut = nn.Identity()
        if (C_in, 1) != (4 * C_mid, S):
            projection = nn.Conv2d(C_in, 4 * C_mid, 1, S, bias=False)
            self.shortcut = nn.Sequential(projection, nn.BatchNorm2d(4 * C_mid))

    def forward(self, x):
        y = x
        for i in (1, 2, 3):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            y = y.relu() if i < 3 else (y + self.shortcut(x)).relu()
        return y


@alternative("Bottleneck")
class ShortcutFirst(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        C_out = C_mid * 4
        self.conv1, self.bn1 = nn.Conv2d(C_in, C_mid, 1, bias=False), nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, (3, 3), (S, S), (1, 1), bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3, self.bn3 = nn.Conv2d(C_mid, C_out, 1, bias=False), nn.BatchNorm2d(C_out)
        if S == 1 and C_in == C_out:
            self.shortcut = nn.Identity()
        else:
            self.shortcut = nn.Sequential()
            self.shortcut.append(nn.Conv2d(C_in, C_out, 1, S, bias=False))
            self.shortcut.append(nn.BatchNorm2d(C_out))

    def forward(self, x):
        total = self.shortcut(x)
        x = self.bn1(self.conv1(x)).clamp(min=0)
        x = self.bn2(self.conv2(x)).clamp(min=0)
        return torch.add(total, self.bn3(self.conv3(x))).clamp(min=0)


@alternative("Bottleneck")
class PointsAsMatrices(nn.Module):
    # A 1×1 convolution is a linear layer at every pixel.
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, kernel_size=1, bias=False)
        self.conv2 = nn.Conv2d(C_mid, C_mid, kernel_size=3, stride=S, padding=1, bias=False)
        self.conv3 = nn.Conv2d(C_mid, 4 * C_mid, kernel_size=1, bias=False)
        self.bn1, self.bn2 = (nn.BatchNorm2d(C_mid) for _ in range(2))
        self.bn3 = nn.BatchNorm2d(4 * C_mid)
        wide = nn.Conv2d(C_in, 4 * C_mid, kernel_size=1, stride=S, bias=False)
        needed = S != 1 or C_in != 4 * C_mid
        norm = nn.BatchNorm2d(4 * C_mid)
        self.shortcut = nn.Sequential(wide, norm) if needed else nn.Identity()

    def forward(self, x):
        def points(maps, layer):
            return torch.einsum("nchw,dc->ndhw", maps, layer.weight[:, :, 0, 0])

        y = F.relu(self.bn1(points(x, self.conv1)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(points(y, self.conv3)) + self.shortcut(x))
