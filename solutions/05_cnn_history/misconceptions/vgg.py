"""Wrong and other right solutions of `vgg`."""

from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "vgg",
    says="Your maps arrive at the dense layers as 7 × 7, whatever side is. "
    'Each "M" halves it: side // 2 ** plan.count("M") is left.',
)
def seven_by_seven_always(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
            channels = step
    layers += [nn.Flatten(), nn.Linear(channels * 7 * 7, hidden), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="You always divide the side by 32, as five poolings do. "
    'Count the plan\'s: side // 2 ** plan.count("M").',
)
def five_pools_always(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
            channels = step
    end = side // 32
    layers += [nn.Flatten(), nn.Linear(channels * end * end, hidden), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="Your dense part always expects 512 maps. "
    "The plan's last number of filters says how many arrive.",
)
def always_512_maps(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
            channels = step
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(512 * end * end, hidden), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="hidden is ignored: your dense layers have 4,096 numbers whatever it says.",
)
def hidden_ignored(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
            channels = step
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(channels * end * end, 4096), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, classes)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="You always end with 1,000 classes. Take the number from classes.",
)
def classes_ignored(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
            channels = step
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(channels * end * end, hidden), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, 1000)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="The second hidden layer is missing. VGG has three dense layers: hidden, hidden, classes.",
)
def one_hidden_layer(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
            channels = step
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(channels * end * end, hidden), nn.ReLU(), nn.Dropout()]
    return nn.Sequential(*layers, nn.Linear(hidden, classes))


@misconception(
    "vgg",
    says="Every convolution of yours expects three channels. "
    "What comes out of one layer goes into the next: set channels to the new number.",
)
def three_channels_always(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
    last = [step for step in plan if step != "M"][-1]
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(last * end * end, hidden), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="Your 3×3 layers are not padded, so that each takes a pixel off every side. "
    "With padding=1 only the pooling makes the maps smaller.",
)
def not_padded(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3), nn.ReLU()]
            channels = step
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(channels * end * end, hidden), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="ReLU comes only where the maps are pooled. "
    "It belongs after each convolution, or two in a row are worth one.",
)
def bent_before_pools_only(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers += [nn.ReLU(), nn.MaxPool2d(2)]
        else:
            layers.append(nn.Conv2d(channels, step, 3, padding=1))
            channels = step
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(channels * end * end, hidden), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="Your dense layers follow each other without ReLU, so that three are worth one. "
    "Bend after each but the last.",
)
def dense_not_bent(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
            channels = step
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(channels * end * end, hidden), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.Dropout(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="ReLU follows your last layer, so that no score can be below 0. "
    "The last layer's numbers are the answer as they are.",
)
def scores_bent(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
            channels = step
    layers.append(nn.Flatten())
    size = channels * (side // 2 ** plan.count("M")) ** 2
    for following in (hidden, hidden, classes):
        layers += [nn.Linear(size, following), nn.ReLU()]
        size = following
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="You pool the mean. VGG takes the largest: nn.MaxPool2d(2).",
)
def mean_pooled(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.AvgPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
            channels = step
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(channels * end * end, hidden), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="Batch normalisation is of 2015, and VGG of 2014: "
    "convolution and ReLU alone, or the parameters do not fit.",
)
def normalised(plan, classes=1000, side=224, hidden=4096):
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.BatchNorm2d(step), nn.ReLU()]
            channels = step
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(channels * end * end, hidden), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


@misconception(
    "vgg",
    says="Your layers are kept in a plain Python list, where torch does not find their weights. "
    "Put them into nn.Sequential or nn.ModuleList.",
)
def layers_in_a_plain_list(plan, classes=1000, side=224, hidden=4096):
    class VGG(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers, channels = [], 3
            for step in plan:
                if step == "M":
                    self.layers.append(nn.MaxPool2d(2))
                else:
                    self.layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
                    channels = step
            size = channels * (side // 2 ** plan.count("M")) ** 2
            self.head = nn.Sequential(
                *(nn.Flatten(), nn.Linear(size, hidden), nn.ReLU()),
                *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, classes)),
            )

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
            return self.head(x)

    return VGG()


@misconception(
    "vgg",
    says="Where the plan repeats a number you use the same layer again, with the same weights. "
    "Each number of the plan is a layer of its own.",
)
def layers_used_again(plan, classes=1000, side=224, hidden=4096):
    layers, made, channels = [], {}, 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            if (channels, step) not in made:
                made[channels, step] = nn.Conv2d(channels, step, 3, padding=1)
            layers += [made[channels, step], nn.ReLU()]
            channels = step
    end = side // 2 ** plan.count("M")
    layers += [nn.Flatten(), nn.Linear(channels * end * end, hidden), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


@alternative("vgg")
def class_with_forward(plan, classes=1000, side=224, hidden=4096):
    class VGG(nn.Module):
        def __init__(self):
            super().__init__()
            filters = [3] + [step for step in plan if step != "M"]
            self.convs = nn.ModuleList(
                nn.Conv2d(filters[i], filters[i + 1], 3, padding="same")
                for i in range(len(filters) - 1)
            )
            self.dense1 = nn.Linear(filters[-1] * (side >> plan.count("M")) ** 2, hidden)
            self.dense2 = nn.Linear(hidden, hidden)
            self.scores = nn.Linear(hidden, classes)

        def forward(self, x):
            convs = iter(self.convs)
            for step in plan:
                x = nn.functional.max_pool2d(x, 2) if step == "M" else next(convs)(x).relu()
            x = self.dense1(x.flatten(1)).relu()
            return self.scores(self.dense2(x).relu())

    return VGG()


@alternative("vgg")
def side_followed_step_by_step(plan, classes=1000, side=224, hidden=4096):
    features, channels, left = nn.Sequential(), 3, side
    for step in plan:
        if isinstance(step, str):
            features.append(nn.MaxPool2d(kernel_size=2, stride=2))
            left //= 2
        else:
            features.append(nn.Conv2d(channels, step, kernel_size=3, stride=1, padding=1))
            features.append(nn.ReLU(inplace=True))
            channels = step
    head = nn.Sequential(
        *(nn.Dropout(), nn.Linear(left * left * channels, hidden), nn.ReLU(inplace=True)),
        *(nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(inplace=True)),
        nn.Linear(hidden, classes),
    )
    return nn.Sequential(features, nn.Flatten(), head)


@alternative("vgg")
def block_by_block(plan, classes=1000, side=224, hidden=4096):
    blocks, block, channels = [], nn.Sequential(), 3
    for place, step in enumerate(plan):
        if step == "M":
            block.add_module(str(place), nn.MaxPool2d(2, 2))
            blocks.append(block)
            block, side = nn.Sequential(), side // 2
            continue
        block.add_module(f"{place}", nn.Conv2d(channels, step, (3, 3), padding=(1, 1)))
        block.add_module(f"{place}a", nn.ReLU())
        channels = step
    dense = []
    for size in (channels * side * side, hidden):
        dense += [nn.Linear(size, hidden), nn.ReLU()]
    return nn.Sequential(*blocks, block, nn.Flatten(), *dense, nn.Linear(hidden, classes))
