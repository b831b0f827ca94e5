"""Wrong and other right solutions of `BasicBlock`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "BasicBlock",
    says="You add the shortcut after the last ReLU. Add first, relu(… + shortcut(x)): "
    "else a block can only ever add to its input.",
)
class AddedAfterTheActivation(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return y + self.shortcut(x)


@misconception(
    "BasicBlock",
    says="The last ReLU is missing: it follows the sum, relu(… + shortcut(x)).",
)
class LastReluMissing(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return y + self.shortcut(x)


@misconception(
    "BasicBlock",
    says="The ReLU between bn1 and conv2 is missing.",
)
class InnerReluMissing(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = self.bn1(self.conv1(x))
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "BasicBlock",
    says="There is a ReLU too many. Nothing comes between bn2 and the sum, "
    "so that the block can also take away.",
)
class ReluBeforeTheSumToo(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(y + self.shortcut(x))


@misconception(
    "BasicBlock",
    says="You put the ReLU before the normalisation. In this block it is conv, norm, ReLU.",
)
class ReluBeforeTheNorm(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = self.bn1(F.relu(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "BasicBlock",
    says="The shortcut is made and never used: these are two ordinary layers. "
    "Add self.shortcut(x) before the last ReLU.",
)
class ShortcutNotUsed(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y)


@misconception(
    "BasicBlock",
    says="You add x itself. Where the sizes differ it does not fit; "
    "add self.shortcut(x), which is made for that.",
)
class InputAddedAsItIs(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + x)


@misconception(
    "BasicBlock",
    says="The 1×1 convolution of your shortcut has no stride. The branch steps by S, "
    "so that the shortcut must too: stride=S.",
)
class ShortcutWithoutStride(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "BasicBlock",
    says="Your shortcut is a convolution alone. Where the sizes differ it is "
    "nn.Sequential(1×1 convolution, BatchNorm2d).",
)
class ShortcutWithoutNorm(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Conv2d(C_in, C_out, 1, stride=S, bias=False)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "BasicBlock",
    says="Your shortcut always has weights. Where nothing changes the size, x passes as it is: "
    "nn.Identity(), and its gradient comes back as it is.",
)
class ShortcutAlwaysProjects(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Sequential(
            nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
        )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "BasicBlock",
    says="You look at the stride only. The shortcut must also change the channels "
    "where C_in is not C_out: `if S != 1 or C_in != C_out`.",
)
class OnlyTheStrideLookedAt(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "BasicBlock",
    says="You look at the channels only. The shortcut must also step "
    "where S is not 1: `if S != 1 or C_in != C_out`.",
)
class OnlyTheChannelsLookedAt(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "BasicBlock",
    says="Your second convolution steps by S. The first one does; conv2 keeps the size.",
)
class StrideInTheSecond(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.shortcut(x))


@misconception(
    "BasicBlock",
    says="Your convolutions have biases. The normalisation behind each subtracts the mean, and any "
    "bias with it: bias=False.",
)
class WithBiases(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if S != 1 or C_in != C_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S), nn.BatchNorm2d(C_out)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.shortcut(x))


@alternative("BasicBlock")
class ShortcutFirst(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        same = S == 1 and C_in == C_out
        self.conv1 = nn.Conv2d(C_in, C_out, (3, 3), (S, S), (1, 1), bias=False)
        self.conv2 = nn.Conv2d(C_out, C_out, (3, 3), (1, 1), (1, 1), bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(C_out), nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity() if same else nn.Sequential()
        if not same:
            self.shortcut.append(nn.Conv2d(C_in, C_out, 1, S, bias=False))
            self.shortcut.append(nn.BatchNorm2d(C_out))

    def forward(self, x):
        total = self.shortcut(x)
        total = total + self.bn2(self.conv2(self.bn1(self.conv1(x)).clamp(min=0)))
        return total.clamp(min=0)


@alternative("BasicBlock")
class LayersInALoop(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        for i, (channels, step) in enumerate([(C_in, S), (C_out, 1)], start=1):
            conv = nn.Conv2d(channels, C_out, 3, step, padding=1, bias=False)
            setattr(self, f"conv{i}", conv)
            setattr(self, f"bn{i}", nn.BatchNorm2d(C_out))
        if (C_in, S) == (C_out, 1):
            self.shortcut = nn.Identity()
        else:
            projection = nn.Conv2d(C_in, C_out, 1, S, 0, bias=False)
            self.shortcut = nn.Sequential(projection, nn.BatchNorm2d(C_out))
        self.relu = nn.ReLU()

    def forward(self, x):
        y = x
        for i in (1, 2):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            y = self.relu(y if i == 1 else torch.add(y, self.shortcut(x)))
        return y


@alternative("BasicBlock")
class LayersInARow(nn.Sequential):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(C_out, C_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        projects = S > 1 or C_in != C_out
        self.shortcut = nn.Identity()
        if projects:
            steps = [nn.Conv2d(C_in, C_out, 1, S, bias=False), nn.BatchNorm2d(C_out)]
            self.shortcut = nn.Sequential(*steps)

    def forward(self, x):
        *branch, shortcut = self.children()
        y = x
        for layer in branch:
            y = layer(y)
        return self.relu(sum((y, shortcut(x))))
