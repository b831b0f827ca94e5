"""Wrong and other right solutions of `UNet`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "UNet",
    says="You add the skips. A U-Net puts them beside what comes up, torch.cat([skip, up], dim=1), "
    "and the block behind it decides what to make of the two.",
)
class SkipsAdded(nn.Module):
    def __init__(self, c):
        super().__init__()

        def block(C_in, C_out):
            return nn.Sequential(
                nn.Conv2d(C_in, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
                nn.Conv2d(C_out, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
            )

        self.enc1, self.enc2, self.bottom = block(1, c), block(c, 2 * c), block(2 * c, 4 * c)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2)
        self.dec2 = block(2 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.dec1 = block(c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        skip1 = self.enc1(x)
        skip2 = self.enc2(F.max_pool2d(skip1, 2))
        x = self.bottom(F.max_pool2d(skip2, 2))
        x = self.dec2(skip2 + self.up2(x))
        return self.out(self.dec1(skip1 + self.up1(x)))


@misconception(
    "UNet",
    says="Your decoder never sees the encoder's maps: the skips are missing, and what pooling lost "
    "cannot come back. torch.cat([skip, up], dim=1) before each block of the decoder.",
)
class WithoutSkips(nn.Module):
    def __init__(self, c):
        super().__init__()

        def block(C_in, C_out):
            return nn.Sequential(
                nn.Conv2d(C_in, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
                nn.Conv2d(C_out, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
            )

        self.enc1, self.enc2, self.bottom = block(1, c), block(c, 2 * c), block(2 * c, 4 * c)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2)
        self.dec2 = block(2 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.dec1 = block(c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        x = self.enc2(F.max_pool2d(self.enc1(x), 2))
        x = self.bottom(F.max_pool2d(x, 2))
        x = self.dec2(self.up2(x))
        return self.out(self.dec1(self.up1(x)))


@misconception(
    "UNet",
    says="The skip comes second in your torch.cat. Here it stands first, [skip, up]: "
    "the weights of the next block belong to this order.",
)
class SkipSecond(nn.Module):
    def __init__(self, c):
        super().__init__()

        def block(C_in, C_out):
            return nn.Sequential(
                nn.Conv2d(C_in, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
                nn.Conv2d(C_out, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
            )

        self.enc1, self.enc2, self.bottom = block(1, c), block(c, 2 * c), block(2 * c, 4 * c)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2)
        self.dec2 = block(4 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.dec1 = block(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        skip1 = self.enc1(x)
        skip2 = self.enc2(F.max_pool2d(skip1, 2))
        x = self.bottom(F.max_pool2d(skip2, 2))
        x = self.dec2(torch.cat([self.up2(x), skip2], dim=1))
        return self.out(self.dec1(torch.cat([self.up1(x), skip1], dim=1)))


@misconception(
    "UNet",
    says="Your skips leave after the pooling, half as large as what comes up. "
    "A skip is the map before it is pooled.",
)
class SkipsAfterPooling(nn.Module):
    def __init__(self, c):
        super().__init__()

        def block(C_in, C_out):
            return nn.Sequential(
                nn.Conv2d(C_in, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
                nn.Conv2d(C_out, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
            )

        self.enc1, self.enc2, self.bottom = block(1, c), block(c, 2 * c), block(2 * c, 4 * c)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2)
        self.dec2 = block(4 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.dec1 = block(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        skip1 = F.max_pool2d(self.enc1(x), 2)
        skip2 = F.max_pool2d(self.enc2(skip1), 2)
        x = self.bottom(skip2)
        x = self.dec2(torch.cat([skip2, self.up2(x)], dim=1))
        return self.out(self.dec1(torch.cat([skip1, self.up1(x)], dim=1)))


@misconception(
    "UNet",
    says="Your net ends with a sigmoid. Return the logits: the loss takes the sigmoid itself.",
)
class SigmoidAtTheEnd(nn.Module):
    def __init__(self, c):
        super().__init__()

        def block(C_in, C_out):
            return nn.Sequential(
                nn.Conv2d(C_in, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
                nn.Conv2d(C_out, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
            )

        self.enc1, self.enc2, self.bottom = block(1, c), block(c, 2 * c), block(2 * c, 4 * c)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2)
        self.dec2 = block(4 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.dec1 = block(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        skip1 = self.enc1(x)
        skip2 = self.enc2(F.max_pool2d(skip1, 2))
        x = self.bottom(F.max_pool2d(skip2, 2))
        x = self.dec2(torch.cat([skip2, self.up2(x)], dim=1))
        x = self.dec1(torch.cat([skip1, self.up1(x)], dim=1))
        return torch.sigmoid(self.out(x))


@misconception(
    "UNet",
    says="Your blocks have one convolution. Each has two, "
    "and each convolution its batch normalisation and ReLU.",
)
class OneConvolutionABlock(nn.Module):
    def __init__(self, c):
        super().__init__()

        def block(C_in, C_out):
            return nn.Sequential(
                nn.Conv2d(C_in, C_out, 3, padding=1), nn.BatchNorm2d(C_out), nn.ReLU()
            )

        self.enc1, self.enc2, self.bottom = block(1, c), block(c, 2 * c), block(2 * c, 4 * c)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2)
        self.dec2 = block(4 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.dec1 = block(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        skip1 = self.enc1(x)
        skip2 = self.enc2(F.max_pool2d(skip1, 2))
        x = self.bottom(F.max_pool2d(skip2, 2))
        x = self.dec2(torch.cat([skip2, self.up2(x)], dim=1))
        return self.out(self.dec1(torch.cat([skip1, self.up1(x)], dim=1)))


@misconception(
    "UNet",
    says="The second ReLU of your blocks is missing. Each convolution has its normalisation and "
    "its ReLU behind it.",
)
class SecondReluMissing(nn.Module):
    def __init__(self, c):
        super().__init__()

        def block(C_in, C_out):
            return nn.Sequential(
                nn.Conv2d(C_in, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
                nn.Conv2d(C_out, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
            )

        self.enc1, self.enc2, self.bottom = block(1, c), block(c, 2 * c), block(2 * c, 4 * c)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2)
        self.dec2 = block(4 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.dec1 = block(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        skip1 = self.enc1(x)
        skip2 = self.enc2(F.max_pool2d(skip1, 2))
        x = self.bottom(F.max_pool2d(skip2, 2))
        x = self.dec2(torch.cat([skip2, self.up2(x)], dim=1))
        return self.out(self.dec1(torch.cat([skip1, self.up1(x)], dim=1)))


@misconception(
    "UNet",
    says="You pool once. There are two poolings of 2, one behind each block of the encoder, "
    "and two steps up again.",
)
class PooledOnce(nn.Module):
    def __init__(self, c):
        super().__init__()

        def block(C_in, C_out):
            return nn.Sequential(
                nn.Conv2d(C_in, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
                nn.Conv2d(C_out, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
            )

        self.enc1, self.enc2, self.bottom = block(1, c), block(c, 2 * c), block(2 * c, 4 * c)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2)
        self.dec2 = block(4 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.dec1 = block(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, x):
        skip1 = self.enc1(x)
        skip2 = self.enc2(skip1)
        x = self.bottom(F.max_pool2d(skip2, 2))
        x = self.dec2(torch.cat([skip2, self.up2(x)], dim=1))
        return self.out(self.dec1(torch.cat([skip1, self.up1(x)], dim=1)))


@alternative("UNet")
class LayersInATable(nn.Module):
    def __init__(self, c):
        super().__init__()
        ways = {"enc1": (1, 1), "enc2": (1, 2), "bottom": (2, 4), "dec2": (4, 2), "dec1": (2, 1)}
        for name, (before, after) in ways.items():
            layers = []
            for C_in in (before * c if name != "enc1" else 1, after * c):
                layers += [nn.Conv2d(C_in, after * c, (3, 3), padding="same")]
                layers += [nn.BatchNorm2d(after * c), nn.ReLU()]
            self.add_module(name, nn.Sequential(*layers))
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, kernel_size=2, stride=2)
        self.up1 = nn.ConvTranspose2d(2 * c, c, kernel_size=2, stride=2)
        self.out = nn.Conv2d(c, 1, kernel_size=1)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        skips = []
        for encode in (self.enc1, self.enc2):
            skips.append(encode(x))
            x = self.pool(skips[-1])
        x = self.bottom(x)
        for up, decode in ((self.up2, self.dec2), (self.up1, self.dec1)):
            x = decode(torch.hstack((skips.pop(), up(x))))
        return self.out(x)


@alternative("UNet")
class LevelsInLevels(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.enc1, self.enc2 = self.block(1, c), self.block(c, 2 * c)
        self.bottom = self.block(2 * c, 4 * c)
        self.dec2, self.dec1 = self.block(4 * c, 2 * c), self.block(2 * c, c)
        self.up2, self.up1 = (nn.ConvTranspose2d(2 * n, n, 2, 2) for n in (2 * c, c))
        self.out = nn.Conv2d(in_channels=c, out_channels=1, kernel_size=1)

    @staticmethod
    def block(C_in, C_out):
        convs = [nn.Conv2d(n, C_out, 3, 1, 1) for n in (C_in, C_out)]
        return nn.Sequential(
            *(layer for conv in convs for layer in (conv, nn.BatchNorm2d(C_out), nn.ReLU()))
        )

    def inner(self, x):
        x = self.enc2(x)
        low = self.up2(self.bottom(F.max_pool2d(x, kernel_size=2, stride=2)))
        return self.dec2(torch.cat((x, low), 1))

    def forward(self, x):
        x = self.enc1(x)
        low = self.up1(self.inner(F.adaptive_max_pool2d(x, (x.shape[2] // 2, x.shape[3] // 2))))
        return self.out(self.dec1(torch.cat((x, low), 1)))


@alternative("UNet")
class PooledByBlocks(nn.Module):
    def __init__(self, c):
        super().__init__()

        def block(C_in, C_out):
            block = nn.Sequential()
            for _ in range(2):
                block.extend([nn.Conv2d(C_in, C_out, 3, padding=(1, 1)), nn.BatchNorm2d(C_out)])
                block.append(nn.ReLU(inplace=True))
                C_in = C_out
            return block

        self.out = nn.Conv2d(c, 1, 1)
        self.dec1, self.dec2 = block(2 * c, c), block(4 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2)
        self.bottom, self.enc2, self.enc1 = block(2 * c, 4 * c), block(c, 2 * c), block(1, c)

    def forward(self, x):
        def half(x):
            N, C, H, W = x.shape
            return x.reshape(N, C, H // 2, 2, W // 2, 2).amax(dim=(3, 5))

        one = self.enc1(x)
        two = self.enc2(half(one))
        up = self.up2(self.bottom(half(two)))
        both = torch.cat([two, up], dim=-3)
        return self.out(self.dec1(torch.cat([one, self.up1(self.dec2(both))], dim=-3)))
