"""Wrong and other right solutions of `googlenet`."""

import torch
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "googlenet",
    says="Your poolings round down. This net's windows may hang over the rim: "
    "nn.MaxPool2d(3, stride=2, ceil_mode=True), or 112 becomes 55 instead of 56.",
)
def rounded_down(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes))


@misconception(
    "googlenet",
    says="The table's poolings round down, those of the stem do not. "
    'Each "M" has ceil_mode=True as well.',
)
def table_rounded_down(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes))


@misconception(
    "googlenet",
    says="Your pooling windows are 2 × 2 and lie side by side. "
    "GoogLeNet's are 3 × 3, step by 2 and overlap.",
)
def windows_of_two(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(2, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(2, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(2, 2, ceil_mode=True))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes))


@misconception(
    "googlenet",
    says="Your pooling windows are 2 × 2 and lie side by side. "
    "GoogLeNet's are 3 × 3, step by 2 and overlap.",
)
def windows_of_two_rounded_down(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(2))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    return nn.Sequential(*layers)


@misconception(
    "googlenet",
    says="You add up all six numbers of a row. c3_in and c5_in stay inside the block: "
    "c1 + c3 + c5 + c_pool channels leave it.",
)
def all_six_added(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Inception(channels, *row))
            channels = sum(row)
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes))


@misconception(
    "googlenet",
    says="You take a row's last number for the channels of the block. "
    "The four branches stand side by side: c1 + c3 + c5 + c_pool leave it.",
)
def last_number_taken(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Inception(channels, *row))
            channels = row[-1]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes))


@misconception(
    "googlenet",
    says="Every block of yours expects 192 channels. "
    "What leaves one block enters the next: set channels to c1 + c3 + c5 + c_pool.",
)
def always_192_channels(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Inception(192, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes))


@misconception(
    "googlenet",
    says="Your last layer always expects 1,024 channels. "
    "It gets what the table's last block gives.",
)
def always_1024_channels(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(1024, classes))


@misconception(
    "googlenet",
    says="You always end with 1,000 classes. Take the number from classes.",
)
def classes_ignored(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, 1000))


@misconception(
    "googlenet",
    says="You flatten 7 × 7 maps into the dense layer, as VGG does. "
    "GoogLeNet takes the mean of each map first, and so saves most of the weights.",
)
def flattened_as_vgg(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * 7 * 7, classes))


@misconception(
    "googlenet",
    says="At the end you take the largest number of each map. GoogLeNet takes the mean: "
    "nn.AdaptiveAvgPool2d(1).",
)
def largest_at_the_end(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes))


@misconception(
    "googlenet",
    says="The stem's 1×1 convolution is missing. "
    "Between the first pooling and the 3×3 a 1×1 goes from 64 channels to 64.",
)
def stem_without_1_by_1(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 192, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes))


@misconception(
    "googlenet",
    says="Nothing bends your stem. ReLU comes after each of its three convolutions.",
)
def stem_not_bent(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.Conv2d(64, 192, 3, padding=1)]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes))


@misconception(
    "googlenet",
    says='You skip the table\'s "M". Each is a max pooling that halves the maps.',
)
def pools_skipped(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row != "M":
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes))


@misconception(
    "googlenet",
    says="Your net ends with a softmax. cross_entropy has one inside, so give it the logits.",
)
def softmax_inside(table, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)]
    layers += [nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
        else:
            layers.append(Inception(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*layers, nn.Linear(channels, classes), nn.Softmax(dim=1))


@misconception(
    "googlenet",
    says="Your blocks are kept in a plain Python list, where torch does not find their weights. "
    "Put them into nn.Sequential or nn.ModuleList.",
)
def blocks_in_a_plain_list(table, classes=1000):
    class GoogLeNet(nn.Module):
        def __init__(self):
            super().__init__()
            pool = nn.MaxPool2d(3, 2, ceil_mode=True)
            self.stem = nn.Sequential(
                *(nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), pool, nn.Conv2d(64, 64, 1), nn.ReLU()),
                *(nn.Conv2d(64, 192, 3, padding=1), nn.ReLU(), pool),
            )
            self.blocks, channels = [], 192
            for row in table:
                if row == "M":
                    self.blocks.append(pool)
                else:
                    self.blocks.append(Inception(channels, *row))
                    channels = row[0] + row[2] + row[4] + row[5]
            self.scores = nn.Linear(channels, classes)

        def forward(self, x):
            x = self.stem(x)
            for block in self.blocks:
                x = block(x)
            return self.scores(x.mean(dim=(2, 3)))

    return GoogLeNet()


@alternative("googlenet")
def class_with_forward(table, classes=1000):
    class GoogLeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3)
            self.conv2 = nn.Conv2d(64, 64, kernel_size=1)
            self.conv3 = nn.Conv2d(64, 192, kernel_size=3, padding="same")
            self.blocks, channels = nn.ModuleList(), 192
            for row in table:
                if row == "M":
                    self.blocks.append(nn.MaxPool2d(3, stride=2, ceil_mode=True))
                    continue
                c1, c3_in, c3, c5_in, c5, c_pool = row
                self.blocks.append(Inception(channels, c1, c3_in, c3, c5_in, c5, c_pool))
                channels = c1 + c3 + c5 + c_pool
            self.dropout, self.scores = nn.Dropout(), nn.Linear(channels, classes)

        def forward(self, x):
            def pool(maps):
                return nn.functional.max_pool2d(maps, 3, 2, ceil_mode=True)

            x = pool(self.conv1(x).relu())
            x = pool(self.conv3(self.conv2(x).relu()).relu())
            for block in self.blocks:
                x = block(x)
            return self.scores(self.dropout(x.mean(dim=(2, 3))))

    return GoogLeNet()


@alternative("googlenet")
def named_one_by_one(table, classes=1000):
    net, channels = nn.Sequential(), 192
    net.stem = nn.Sequential(
        *(nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.ReLU(inplace=True)),
        nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True),
        *(nn.Conv2d(64, 64, (1, 1)), nn.ReLU(inplace=True)),
        *(nn.Conv2d(64, 192, (3, 3), padding=1), nn.ReLU(inplace=True)),
        nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True),
    )
    for number, row in enumerate(table):
        if isinstance(row, str):
            block = nn.MaxPool2d(3, 2, ceil_mode=True)
        else:
            block = Inception(channels, *row)
            channels = block.one.out_channels + block.three.out_channels
            channels += block.five.out_channels + block.pooled.out_channels
        net.add_module(f"block{number}", block)
    net.head = nn.Sequential(nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten())
    net.scores = nn.Linear(channels, classes)
    return net


@alternative("googlenet")
def channels_worked_out_first(table, classes=1000):
    rows = [row for row in table if row != "M"]
    leaving = [sum(row) - row[1] - row[3] for row in rows]
    entering = iter([192, *leaving])
    relu, pool = nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True)  # without weights: one is enough

    class MeanOfEachMap(nn.Module):
        def forward(self, x):
            return torch.flatten(x, 2).mean(dim=2)

    return nn.Sequential(
        *(nn.Conv2d(3, 64, 7, 2, 3), relu, pool),
        *(nn.Conv2d(64, 64, 1), relu, nn.Conv2d(64, 192, 3, 1, 1), relu, pool),
        *(pool if row == "M" else Inception(next(entering), *row) for row in table),
        *(MeanOfEachMap(), nn.Linear([192, *leaving][-1], classes)),
    )
