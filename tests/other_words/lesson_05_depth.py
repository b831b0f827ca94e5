"""Lesson 05's mistakes with deep nets and transfer, in other words."""

# ruff: noqa: B905, F811 - many wrong solutions of one exercise, as students write them

import torch
import torch.nn.functional as F
from torch import nn

from tests.other_words.cases import told


@told("ReluBeforeTheSumToo")
class BasicBlock(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, S, 1, bias=False)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(C_out), nn.BatchNorm2d(C_out)
        self.shortcut = nn.Sequential(
            nn.Conv2d(C_in, C_out, 1, S, bias=False), nn.BatchNorm2d(C_out)
        )
        if (C_in, S) == (C_out, 1):
            self.shortcut = nn.Identity()

    def forward(self, x):
        y = x
        for conv, norm in ((self.conv1, self.bn1), (self.conv2, self.bn2)):
            y = norm(conv(y)).relu()
        return torch.relu(y + self.shortcut(x))


@told("WithBiases")
class BasicBlock(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(C_in, C_out, 3, S, 1), nn.BatchNorm2d(C_out)
        self.conv2, self.bn2 = nn.Conv2d(C_out, C_out, 3, padding="same"), nn.BatchNorm2d(C_out)
        same = C_in == C_out and S == 1
        way = [] if same else [nn.Conv2d(C_in, C_out, 1, S), nn.BatchNorm2d(C_out)]
        self.shortcut = nn.Sequential(*way) if way else nn.Identity()

    def forward(self, x):
        y = self.bn1(self.conv1(x)).clamp(min=0)
        return (self.bn2(self.conv2(y)) + self.shortcut(x)).clamp(min=0)


@told("ShortcutWithoutNorm")
class BasicBlock(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        conv = nn.Conv2d
        self.conv1 = conv(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.conv2 = conv(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn1, self.bn2 = (nn.BatchNorm2d(C_out) for _ in range(2))
        self.shortcut = nn.Identity()
        if S > 1 or C_in != C_out:
            self.shortcut = conv(C_in, C_out, 1, stride=S, bias=False)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        y += self.shortcut(x)
        return F.relu(y)


@told("ShortcutWithoutStride")
class BasicBlock(nn.Module):
    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        self.conv1, self.conv2 = (
            nn.Conv2d(a, C_out, 3, step, 1, bias=False) for a, step in ((C_in, S), (C_out, 1))
        )
        self.bn1, self.bn2 = nn.BatchNorm2d(C_out), nn.BatchNorm2d(C_out)
        way = [nn.Conv2d(C_in, C_out, 1, bias=False), nn.BatchNorm2d(C_out)]
        self.shortcut = nn.Identity() if S == 1 and C_in == C_out else nn.Sequential(*way)

    def forward(self, x):
        short = self.shortcut(x)
        y = self.conv2(self.bn1(self.conv1(x)).relu())
        return torch.relu(short + self.bn2(y))


@told("StrideInTheFirst")
class Bottleneck(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        sizes = [(C_in, C_mid, 1, S), (C_mid, C_mid, 3, 1), (C_mid, 4 * C_mid, 1, 1)]
        for k, (a, b, K, step) in enumerate(sizes, 1):
            self.add_module(f"conv{k}", nn.Conv2d(a, b, K, step, K // 2, bias=False))
            self.add_module(f"bn{k}", nn.BatchNorm2d(b))
        self.shortcut = nn.Identity()
        if S != 1 or C_in != 4 * C_mid:
            conv = nn.Conv2d(C_in, 4 * C_mid, 1, S, bias=False)
            self.shortcut = nn.Sequential(conv, nn.BatchNorm2d(4 * C_mid))

    def forward(self, x):
        y = self.bn1(self.conv1(x)).relu()
        y = self.bn2(self.conv2(y)).relu()
        return (self.bn3(self.conv3(y)) + self.shortcut(x)).relu()


@told("ComparedWithTheMiddle")
class Bottleneck(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        out = C_mid * 4
        self.conv1, self.bn1 = nn.Conv2d(C_in, C_mid, 1, bias=False), nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3, self.bn3 = nn.Conv2d(C_mid, out, 1, bias=False), nn.BatchNorm2d(out)
        if S == 1 and C_in == C_mid:
            self.shortcut = nn.Identity()
        else:
            self.shortcut = nn.Sequential(nn.Conv2d(C_in, out, 1, S, bias=False))
            self.shortcut.append(nn.BatchNorm2d(out))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.shortcut(x) + self.bn3(self.conv3(y)))


@told("SecondReluMissing")
class Bottleneck(nn.Module):
    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, S, 1, bias=False)
        self.conv3 = nn.Conv2d(C_mid, C_mid * 4, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(C_mid), nn.BatchNorm2d(C_mid)
        self.bn3 = nn.BatchNorm2d(C_mid * 4)
        way = nn.Conv2d(C_in, C_mid * 4, 1, S, bias=False), nn.BatchNorm2d(C_mid * 4)
        fits = S == 1 and C_in == C_mid * 4
        self.shortcut = nn.Identity() if fits else nn.Sequential(*way)

    def forward(self, x):
        branch = nn.Sequential(self.conv1, self.bn1, nn.ReLU(), self.conv2, self.bn2)
        y = self.bn3(self.conv3(branch(x)))
        return torch.maximum(y + self.shortcut(x), torch.zeros_like(y))


@told("first_stage_steps_too")
def resnet(counts, classes=1000):
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    layers.append(nn.MaxPool2d(3, 2, 1))
    channels = 64
    for k, count in enumerate(counts):
        width = 64 * 2**k
        for step in [2] + [1] * (count - 1):
            layers.append(Bottleneck(channels, width, step))
            channels = 4 * width
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    return nn.Sequential(*layers)


@told("stem_with_bias")
def resnet(counts, classes=1000):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.norm = nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.BatchNorm2d(64)
            self.blocks, before = nn.ModuleList(), 64
            for stage, width in enumerate((64, 128, 256, 512)):
                for number in range(counts[stage]):
                    step = 2 if stage > 0 and number == 0 else 1
                    self.blocks.append(Bottleneck(before, width, S=step))
                    before = width * 4
            self.scores = nn.Linear(2048, classes)

        def forward(self, x):
            x = F.max_pool2d(F.relu(self.norm(self.conv(x))), 3, 2, 1)
            for block in self.blocks:
                x = block(x)
            return self.scores(x.mean(dim=(-2, -1)))

    return Net()


@told("flattened")
def resnet(counts, classes=1000):
    net = nn.Sequential()
    net.append(nn.Sequential(nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)))
    net.append(nn.ReLU()).append(nn.MaxPool2d(3, stride=2, padding=1))
    before = 64
    for count, width, step in zip(counts, [64, 128, 256, 512], [1, 2, 2, 2]):
        blocks = [Bottleneck(before, width, step)]
        before = width * 4
        blocks += [Bottleneck(before, width) for _ in range(1, count)]
        net.append(nn.Sequential(*blocks))
    return net.append(nn.Flatten()).append(nn.Linear(before * 7 * 7, classes))


@told("old_gradients_counted")
def gradient_norms(model, images, labels):
    log_p = model(images).log_softmax(1)
    F.nll_loss(log_p, labels).backward()
    norms = [float(torch.linalg.vector_norm(p.grad)) for p in model.parameters() if p.ndim > 1]
    for p in model.parameters():
        p.grad = None
    return norms


@told("every_parameter_listed")
def gradient_norms(model, images, labels):
    loss = nn.CrossEntropyLoss()(model(images), labels)
    model.zero_grad()
    grads = torch.autograd.grad(loss, list(model.parameters()))
    return [(g * g).sum().sqrt().item() for g in grads]


@told("softmax_twice")
def gradient_norms(model, images, labels):
    weights = [p for p in model.parameters() if len(p.shape) >= 2]
    chances = torch.softmax(model(images), dim=-1)
    grads = torch.autograd.grad(nn.CrossEntropyLoss()(chances, labels), weights)
    model.zero_grad()
    return [g.flatten().norm(2).item() for g in grads]


@told("frozen_but_in_train_mode")
def adapt(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad = False
    head = nn.Linear(model.head.in_features, labels.max().item() + 1, device=images.device)
    head.weight.data.zero_()
    head.bias.data.zero_()
    model.head = head
    model.train()
    adam = torch.optim.Adam(head.parameters(), lr)
    for _ in range(steps):
        adam.zero_grad()
        nn.CrossEntropyLoss()(model(images), labels).backward()
        adam.step()
    model.eval()
    return model


@told("one_class_too_few")
def adapt(model, images, labels, steps, lr):
    model.eval()
    model.features.requires_grad_(False)
    with torch.no_grad():
        rows = model.features(images)
    model.head = nn.Linear(rows.shape[1], int(max(labels))).to(images)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    adam = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model.head(rows), labels)
        model.head.zero_grad()
        loss.backward()
        adam.step()
    return model


@told(says="Before the first step every score must be 0")
def adapt(model, images, labels, steps, lr):
    model.features.eval().requires_grad_(False)
    classes = 1 + int(labels.amax())
    model.head = nn.Linear(model.head.weight.shape[1], classes).to(images.device)
    nn.init.kaiming_normal_(model.head.weight)
    adam = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        adam.zero_grad(set_to_none=True)
        log_p = F.log_softmax(model(images), dim=1)
        F.nll_loss(log_p, labels).backward()
        adam.step()
    return model.eval()


@told("present_step_counted")
def layers_to_see(steps, K):
    counts = []
    for factor in (1, 2):
        field, dilation, layers = 1, 1, 0
        while field < steps:
            field += (K - 1) * dilation
            dilation *= factor
            layers += 1
        counts.append(layers)
    return tuple(counts)


@told("rounded_down")
def layers_to_see(steps, K):
    one = steps // (K - 1)
    return one, (one + 1).bit_length() - 1


@told("dilations_from_two")
def layers_to_see(steps, K):
    back = [sum(2**i * (K - 1) for i in range(1, n + 1)) for n in range(steps + 1)]
    doubled = min(n for n, reach in enumerate(back) if reach >= steps)
    return -(-steps // (K - 1)), doubled


@told("better_in_both")
def worth_taking(nets):
    rest = dict(nets)
    for cost, right in nets.values():
        rest = {n: net for n, net in rest.items() if not (net[0] > cost and net[1] < right)}
    return sorted(rest, key=lambda name: rest[name][0])


@told("in_the_order_of_the_dict")
def worth_taking(nets):
    def beats(a, b):
        return a != b and a[0] <= b[0] and a[1] >= b[1]

    return [name for name in nets if not any(beats(other, nets[name]) for other in nets.values())]


@told("twins_beat_each_other")
def worth_taking(nets):
    names = sorted(nets, key=lambda name: nets[name][0])
    costs = torch.tensor([nets[name][0] for name in names])
    rights = torch.tensor([nets[name][1] for name in names], dtype=torch.float64)
    beaten = (costs[:, None] >= costs) & (rights[:, None] <= rights)
    beaten.fill_diagonal_(False)
    return [name for name, lost in zip(names, beaten.any(1).tolist()) if not lost]
