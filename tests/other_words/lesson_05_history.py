"""Lesson 05's mistakes with the five nets on paper, in other words."""

# ruff: noqa: B905, F811, RUF007 - many wrong solutions of one exercise, as students write them

import torch
import torch.nn.functional as F
from torch import nn

from tests.other_words.cases import told


@told("mean_over_places")
def top_k_error(logits, labels, k):
    places = logits.argsort(1, descending=True)[:, :k]
    hits = torch.eq(places, labels.unsqueeze(-1)).double()
    return float(1 - hits.mean())


@told("counted_not_shared")
def top_k_error(logits, labels, k):
    right = logits.gather(1, labels[:, None])
    return int(((logits > right).sum(1) >= k).sum())


@told("one_place_too_many")
def top_k_error(logits, labels, k):
    wrong = 0
    for row, label in zip(logits.tolist(), labels.tolist()):
        better = [number for number in row if number > row[label]]
        wrong += len(better) > k
    return wrong / len(labels)


@told("accuracy_instead")
def top_k_error(logits, labels, k):
    best = [set(row) for row in logits.topk(k).indices.tolist()]
    return sum(label in row for label, row in zip(labels.tolist(), best)) / len(best)


@told("bias_multiplied_too")
def conv_cost(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    layer = nn.Conv2d(C_in, C_out, K, groups=groups, bias=bias)
    parameters = sum(p.numel() for p in layer.parameters())
    return parameters, parameters * H_out * W_out


@told("groups_save_no_work")
def conv_cost(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    parameters = C_out * (C_in // groups * K**2 + (1 if bias else 0))
    return parameters, H_out * W_out * C_out * C_in * K**2


@told("biases_grouped")
def conv_cost(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    filters = C_out // groups
    weights = groups * filters * (C_in // groups) * K * K
    return weights + filters * int(bias), weights * H_out * W_out


@told("three_pixels_a_layer")
def stack_or_kernel(n, C):
    field = sum([3] * n)
    return field, n * 3 * 3 * C * C, field**2 * C**2


@told("biases_added")
def stack_or_kernel(n, C):
    def count(layers):
        return sum(p.numel() for layer in layers for p in layer.parameters())

    side = 2 * n + 1
    stack = [nn.Conv2d(C, C, 3) for _ in range(n)]
    return side, count(stack), count([nn.Conv2d(C, C, side)])


@told("filters_one_deep")
def stack_or_kernel(n, C):
    side = 1
    for _ in range(n):
        side += 2
    return side, 3**2 * C * n, side**2 * C


@told("max_pooled")
def lenet5():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.convs = nn.ModuleList([nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)])
            self.dense = nn.ModuleList([nn.Linear(400, 120), nn.Linear(120, 84)])
            self.scores = nn.Linear(84, 10)

        def forward(self, x):
            for conv in self.convs:
                x = F.max_pool2d(torch.tanh(conv(x)), 2)
            x = x.flatten(1)
            for layer in self.dense:
                x = layer(x).tanh()
            return self.scores(x)

    return Net()


@told("with_relu")
def lenet5():
    layers = []
    for a, b in [(1, 6), (6, 16)]:
        layers += [nn.Conv2d(a, b, (5, 5)), nn.ReLU(inplace=True), nn.AvgPool2d(2, 2)]
    layers += [nn.Flatten()]
    for a, b in [(400, 120), (120, 84)]:
        layers += [nn.Linear(a, b), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.Linear(84, 10))


@told("convolutions_not_bent")
def lenet5():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.c1, self.c2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
            self.f1, self.f2, self.f3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

        def forward(self, x):
            x = nn.functional.avg_pool2d(self.c1(x), 2)
            x = nn.functional.avg_pool2d(self.c2(x), 2)
            x = torch.tanh(self.f1(x.view(x.shape[0], -1)))
            return self.f3(torch.tanh(self.f2(x)))

    return Net()


@told("windows_side_by_side")
def alexnet(widths=(64, 192, 384, 256, 256), classes=1000):
    layers, channels = [], 3
    kernels = [(11, 4, 2), (5, 1, 2), (3, 1, 1), (3, 1, 1), (3, 1, 1)]
    for number, (width, kernel) in enumerate(zip(widths, kernels)):
        layers += [nn.Conv2d(channels, width, *kernel), nn.ReLU()]
        if number in (0, 1, 4):
            layers.append(nn.MaxPool2d(2))
        channels = width
    layers.append(nn.Flatten())
    for inside in (channels * 36, 4096):
        layers += [nn.Dropout(), nn.Linear(inside, 4096), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(4096, classes))


@told("without_dropout")
def alexnet(widths=(64, 192, 384, 256, 256), classes=1000):
    class Net(nn.Module):
        def __init__(self, a, b, c, d, e):
            super().__init__()
            self.one = nn.Conv2d(3, a, 11, 4, 2)
            self.two = nn.Conv2d(a, b, 5, padding="same")
            self.three = nn.Conv2d(b, c, 3, padding="same")
            self.four = nn.Conv2d(c, d, 3, padding="same")
            self.five = nn.Conv2d(d, e, 3, padding="same")
            self.six = nn.Linear(e * 6 * 6, 4096)
            self.seven = nn.Linear(4096, 4096)
            self.eight = nn.Linear(4096, classes)

        def forward(self, x):
            x = F.max_pool2d(self.one(x).relu(), 3, 2)
            x = F.max_pool2d(self.two(x).relu(), 3, 2)
            x = self.four(self.three(x).relu()).relu()
            x = F.max_pool2d(self.five(x).relu(), 3, 2).flatten(1)
            return self.eight(self.seven(self.six(x).relu()).relu())

    return Net(*widths)


@told("scores_bent")
def alexnet(widths=(64, 192, 384, 256, 256), classes=1000):
    a, b, c, d, e = widths
    features = nn.Sequential(
        *[nn.Conv2d(3, a, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)],
        *[nn.Conv2d(a, b, 5, 1, 2), nn.ReLU(), nn.MaxPool2d(3, 2)],
        *[nn.Conv2d(b, c, 3, 1, 1), nn.ReLU(), nn.Conv2d(c, d, 3, 1, 1), nn.ReLU()],
        *[nn.Conv2d(d, e, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten()],
    )
    sizes = [e * 6 * 6, 4096, 4096, classes]
    dense = [nn.Sequential(nn.Linear(m, n), nn.ReLU()) for m, n in zip(sizes[:-1], sizes[1:])]
    return nn.Sequential(features, nn.Dropout(), dense[0], nn.Dropout(), *dense[1:])


@told("seven_by_seven_always")
def vgg(plan, classes=1000, side=224, hidden=4096):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            widths = [3, *(c for c in plan if c != "M")]
            self.convs = nn.ModuleList(
                nn.Conv2d(a, b, 3, padding="same") for a, b in zip(widths[:-1], widths[1:])
            )
            self.dense1 = nn.Linear(widths[-1] * 49, hidden)
            self.dense2, self.dense3 = nn.Linear(hidden, hidden), nn.Linear(hidden, classes)

        def forward(self, x):
            convs = iter(self.convs)
            for step in plan:
                x = F.max_pool2d(x, 2) if step == "M" else next(convs)(x).relu()
            x = self.dense1(x.flatten(1)).relu()
            return self.dense3(self.dense2(x).relu())

    return Net()


@told("not_padded")
def vgg(plan, classes=1000, side=224, hidden=4096):
    net, channels = nn.Sequential(), 3
    for step in plan:
        if step == "M":
            net.append(nn.MaxPool2d(2))
            side //= 2
        else:
            net.append(nn.Conv2d(channels, step, 3)).append(nn.ReLU())
            channels = step
    net.append(nn.Flatten())
    for a, b in ((channels * side * side, hidden), (hidden, hidden)):
        net.append(nn.Linear(a, b)).append(nn.ReLU())
    return net.append(nn.Linear(hidden, classes))


@told("layers_in_a_plain_list")
def vgg(plan, classes=1000, side=224, hidden=4096):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.steps, channels, left = [], 3, side
            for step in plan:
                if step == "M":
                    self.steps.append(nn.MaxPool2d(2, 2))
                    left = left // 2
                else:
                    conv = nn.Conv2d(channels, step, 3, padding=1)
                    self.steps.append(nn.Sequential(conv, nn.ReLU()))
                    channels = step
            first, second = nn.Linear(channels * left * left, hidden), nn.Linear(hidden, hidden)
            self.head = nn.Sequential(first, nn.ReLU(), second, nn.ReLU())
            self.scores = nn.Linear(hidden, classes)

        def forward(self, x):
            for step in self.steps:
                x = step(x)
            return self.scores(self.head(torch.flatten(x, 1)))

    return Net()


@told("ReductionsNotBent")
class Inception(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        sizes = {
            "one": (C_in, c1, 1),
            "three_in": (C_in, c3_in, 1),
            "three": (c3_in, c3, 3),
            "five_in": (C_in, c5_in, 1),
            "five": (c5_in, c5, 5),
            "pooled": (C_in, c_pool, 1),
        }
        for name, (a, b, K) in sizes.items():
            setattr(self, name, nn.Conv2d(a, b, K, padding=K // 2))

    def forward(self, x):
        flat = F.max_pool2d(x, 3, stride=1, padding=1)
        ways = self.one(x), self.three(self.three_in(x)), self.five(self.five_in(x))
        return torch.relu(torch.cat([*ways, self.pooled(flat)], dim=1))


@told("FivePaddedByOne")
class Inception(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        self.one, self.pooled = nn.Conv2d(C_in, c1, 1), nn.Conv2d(C_in, c_pool, 1)
        self.three_in, self.five_in = nn.Conv2d(C_in, c3_in, 1), nn.Conv2d(C_in, c5_in, 1)
        self.three = nn.Conv2d(c3_in, c3, 3, 1, 1)
        self.five = nn.Conv2d(c5_in, c5, 5, 1, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.three_in(x).relu()).relu()
        c = self.five(self.five_in(x).relu()).relu()
        d = self.pooled(nn.MaxPool2d(3, 1, 1)(x)).relu()
        return torch.concat((a, b, c, d), 1)


@told("PoolingSteps")
class Inception(nn.Module):
    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()

        def conv(a, b, K):
            return nn.Conv2d(a, b, K, padding="same")

        self.one, self.three_in, self.three = (
            conv(C_in, c1, 1),
            conv(C_in, c3_in, 1),
            conv(c3_in, c3, 3),
        )
        self.five_in, self.five, self.pooled = (
            conv(C_in, c5_in, 1),
            conv(c5_in, c5, 5),
            conv(C_in, c_pool, 1),
        )
        self.pool, self.relu = nn.MaxPool2d(3, padding=1), nn.ReLU()

    def forward(self, x):
        ways = [[self.one], [self.three_in, self.three], [self.five_in, self.five]]
        out = []
        for way in [*ways, [self.pooled]]:
            y = self.pool(x) if way == [self.pooled] else x
            for layer in way:
                y = self.relu(layer(y))
            out.append(y)
        return torch.cat(out, 1)


@told("rounded_down")
def googlenet(table, classes=1000):
    def pool():
        return nn.MaxPool2d(3, stride=2)

    net = nn.Sequential()
    for a, b, K, S, last in [(3, 64, 7, 2, True), (64, 64, 1, 1, False), (64, 192, 3, 1, True)]:
        net.append(nn.Sequential(nn.Conv2d(a, b, K, S, K // 2), nn.ReLU()))
        if last:
            net.append(pool())
    channels = 192
    for row in table:
        if isinstance(row, str):
            net.append(pool())
            continue
        net.append(Inception(channels, *row))
        channels = row[0] + row[2] + row[4] + row[5]
    end = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))
    return net.append(end)


@told("all_six_added")
def googlenet(table, classes=1000):
    pool = nn.MaxPool2d(3, 2, ceil_mode=True)
    stem = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), pool, nn.Conv2d(64, 64, 1), nn.ReLU()]
    stem += [nn.Conv2d(64, 192, 3, 1, 1), nn.ReLU(), pool]
    widths = [192, *(sum(row) for row in table if row != "M")]
    blocks = iter(widths)
    body = [pool if row == "M" else Inception(next(blocks), *row) for row in table]
    end = [nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Dropout(0.4)]
    return nn.Sequential(*stem, *body, *end, nn.Linear(widths[-1], classes))


@told("stem_not_bent")
def googlenet(table, classes=1000):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.stem = nn.ModuleList(
                [nn.Conv2d(3, 64, 7, 2, 3), nn.Conv2d(64, 64, 1), nn.Conv2d(64, 192, 3, 1, 1)]
            )
            self.blocks, channels = nn.ModuleList(), 192
            for row in table:
                if row != "M":
                    c1, _, c3, _, c5, c_pool = row
                    self.blocks.append(Inception(channels, *row))
                    channels = c1 + c3 + c5 + c_pool
            self.scores = nn.Linear(channels, classes)

        def forward(self, x):
            def pool(x):
                return F.max_pool2d(x, 3, 2, ceil_mode=True)

            a, b, c = self.stem
            x, blocks = pool(c(b(pool(a(x))))), iter(self.blocks)
            for row in table:
                x = pool(x) if row == "M" else next(blocks)(x)
            return self.scores(x.mean((2, 3)))

    return Net()
