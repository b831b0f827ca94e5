"""Wrong and other right solutions of `alexnet`."""

from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "alexnet",
    says="Your pooling windows do not overlap. AlexNet's are 3 wide and step by 2: "
    "nn.MaxPool2d(3, 2). The sizes come out the same, the numbers do not.",
)
def windows_side_by_side(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(a, b, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Dropout(), nn.Linear(36 * e, 4096), nn.ReLU()),
        *(nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes)),
    )


@misconception(
    "alexnet",
    says="Your numbers of filters stand fixed. Take them from widths, in its order.",
)
def widths_ignored(widths=(64, 192, 384, 256, 256), classes=1000):
    return nn.Sequential(
        *(nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(192, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 256, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten()),
        *(nn.Dropout(), nn.Linear(36 * 256, 4096), nn.ReLU()),
        *(nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes)),
    )


@misconception(
    "alexnet",
    says="You always end with 1,000 classes. Take the number from classes.",
)
def classes_ignored(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten()),
        *(nn.Dropout(), nn.Linear(36 * e, 4096), nn.ReLU()),
        *(nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000)),
    )


@misconception(
    "alexnet",
    says="Your second, fourth and fifth layers have two groups, as the paper's two towers do. "
    "This AlexNet has one tower, and every filter sees all channels.",
)
def two_towers(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1, groups=2), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten()),
        *(nn.Dropout(), nn.Linear(36 * e, 4096), nn.ReLU()),
        *(nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes)),
    )


@misconception(
    "alexnet",
    says="Your first layer is not padded, so that 224 gives 54 and the last maps are 5 × 5. "
    "With padding=2 it gives the 55 that the paper goes on with.",
)
def first_layer_not_padded(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, 4), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten()),
        *(nn.Dropout(), nn.Linear(36 * e, 4096), nn.ReLU()),
        *(nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes)),
    )


@misconception(
    "alexnet",
    says="The last pooling is missing: 13 × 13 numbers a map reach the dense layer, "
    "and it expects 6 × 6. Pool once more after the fifth convolution.",
)
def last_pool_missing(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1), nn.ReLU(), nn.Flatten()),
        *(nn.Dropout(), nn.Linear(36 * e, 4096), nn.ReLU()),
        *(nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes)),
    )


@misconception(
    "alexnet",
    says="You flatten over the batch too, so that all pictures become one. "
    "Keep the first axis: nn.Flatten(), or x.flatten(1).",
)
def batch_flattened(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(0)),
        *(nn.Dropout(), nn.Linear(36 * e, 4096), nn.ReLU()),
        *(nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes)),
    )


@misconception(
    "alexnet",
    says="One of the dense layers of 4,096 is missing. "
    "There are two, and then the one for the classes.",
)
def one_dense_layer(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten()),
        *(nn.Dropout(), nn.Linear(36 * e, 4096), nn.ReLU(), nn.Linear(4096, classes)),
    )


@misconception(
    "alexnet",
    says="Your dense layers follow each other without ReLU, so that three are worth one. "
    "ReLU comes after each layer but the last.",
)
def dense_not_bent(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten()),
        *(nn.Dropout(), nn.Linear(36 * e, 4096)),
        *(nn.Dropout(), nn.Linear(4096, 4096), nn.Linear(4096, classes)),
    )


@misconception(
    "alexnet",
    says="ReLU follows your last layer, so that no score can be below 0. "
    "The last layer's numbers are the answer as they are.",
)
def scores_bent(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten()),
        *(nn.Dropout(), nn.Linear(36 * e, 4096), nn.ReLU()),
        *(nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes), nn.ReLU()),
    )


@misconception(
    "alexnet",
    says="Dropout is missing. It stands before each of the first two dense layers, "
    "where most of the weights are.",
)
def without_dropout(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    return nn.Sequential(
        *(nn.Conv2d(3, a, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(a, b, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(b, c, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(c, d, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(d, e, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten()),
        *(nn.Linear(36 * e, 4096), nn.ReLU()),
        *(nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes)),
    )


@alternative("alexnet")
def layer_after_layer(widths=(64, 192, 384, 256, 256), classes=1000):
    settings = [(11, 4, 2, True), (5, 1, 2, True), (3, 1, 1, False), (3, 1, 1, False)]
    settings.append((3, 1, 1, True))
    layers, channels = [], 3
    for width, (K, S, P, pooled) in zip(widths, settings, strict=True):
        layers += [nn.Conv2d(channels, width, K, stride=S, padding=P), nn.ReLU(inplace=True)]
        if pooled:
            layers.append(nn.MaxPool2d(kernel_size=3, stride=2))
        channels = width
    layers.append(nn.Flatten())
    for size in (6 * 6 * channels, 4096):
        layers += [nn.Dropout(0.5), nn.Linear(size, 4096), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.Linear(4096, classes))


@alternative("alexnet")
def class_with_forward(widths=(64, 192, 384, 256, 256), classes=1000):
    class AlexNet(nn.Module):
        def __init__(self):
            super().__init__()
            ins = (3, *widths[:4])
            kernels = (11, 5, 3, 3, 3)
            self.convs = nn.ModuleList(
                nn.Conv2d(c, w, k, stride=4 if k == 11 else 1, padding=2 if k > 3 else 1)
                for c, w, k in zip(ins, widths, kernels, strict=True)
            )
            sizes = ((widths[-1] * 36, 4096), (4096, 4096), (4096, classes))
            self.dense = nn.ModuleList(nn.Linear(*pair) for pair in sizes)

        def forward(self, x):
            for place, conv in enumerate(self.convs):
                x = conv(x).clamp(min=0)
                if place in (0, 1, 4):
                    x = nn.functional.max_pool2d(x, 3, 2)
            x = x.flatten(1)
            for layer in self.dense[:-1]:
                x = layer(nn.functional.dropout(x, 0.5, self.training)).relu()
            return self.dense[-1](x)

    return AlexNet()


@alternative("alexnet")
def adaptive_pool_before_the_head(widths=(64, 192, 384, 256, 256), classes=1000):
    w1, w2, w3, w4, w5 = widths
    relu, pool = nn.ReLU(), nn.MaxPool2d(3, stride=2)  # without weights, so one is enough
    net = nn.Sequential()
    net.features = nn.Sequential(
        *(nn.Conv2d(3, w1, kernel_size=11, stride=4, padding=2), relu, pool),
        *(nn.Conv2d(w1, w2, kernel_size=5, padding="same"), relu, pool),
        *(nn.Conv2d(w2, w3, kernel_size=3, padding="same"), relu),
        *(nn.Conv2d(w3, w4, kernel_size=3, padding="same"), relu),
        *(nn.Conv2d(w4, w5, kernel_size=3, padding="same"), relu, pool),
        nn.AdaptiveAvgPool2d(6),
    )
    net.head = nn.Sequential(
        *(nn.Flatten(), nn.Dropout(), nn.Linear(w5 * 6 * 6, 4096), relu),
        *(nn.Dropout(), nn.Linear(4096, 4096), relu),
        nn.Linear(4096, classes),
    )
    return net
