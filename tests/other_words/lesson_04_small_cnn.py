"""Lesson 04's mistakes with a small CNN, its shapes and its training, in other words."""

# ruff: noqa: F811 - many wrong solutions of one exercise, as students write them

import math

import torch
import torch.nn.functional as F
from torch import nn

from tests.other_words.cases import told


@told("padding_once")
def shapes_through(layers, shape):
    out = []
    for name, *numbers in layers:
        if name == "conv":
            C, K, P = numbers
            shape = (shape[0], C, *(n + P - K + 1 for n in shape[2:]))
        elif name == "pool":
            shape = shape[:2] + tuple(n // numbers[0] for n in shape[2:])
        elif name == "flatten":
            shape = (shape[0], math.prod(shape[1:]))
        elif name == "linear":
            if numbers[0] != shape[1]:
                raise ValueError("does not fit")
            shape = (shape[0], numbers[1])
        out.append(shape)
    return out


@told("pooling_rounds_up")
def shapes_through(layers, shape):
    x, out = torch.zeros(shape, device="meta"), []
    for layer in layers:
        match layer:
            case ("conv", C, K, P):
                x = F.conv2d(x, torch.zeros(C, x.shape[1], K, K, device="meta"), padding=P)
            case ("pool", K):
                x = F.max_pool2d(x, K, ceil_mode=True)
            case ("flatten",):
                x = x.flatten(1)
            case ("linear", F_in, F_out):
                if F_in != x.shape[1]:
                    raise ValueError(f"{F_in} is not {x.shape[1]}")
                x = x.new_zeros(len(x), F_out)
        out.append(tuple(x.shape))
    return out


@told("batch_flattened_too")
def shapes_through(layers, shape):
    def after(layer, shape):
        if layer[0] == "conv":
            N, _, H, W = shape
            grow = 2 * layer[3] - layer[2] + 1
            return N, layer[1], H + grow, W + grow
        if layer[0] == "pool":
            return (*shape[:2], shape[2] // layer[1], shape[3] // layer[1])
        if layer[0] == "flatten":
            return (torch.Size(shape).numel(),)
        if layer[0] == "linear":
            if shape[-1] != layer[1]:
                raise ValueError(shape)
            return (*shape[:-1], layer[2])
        return shape

    found = [tuple(shape)]
    for layer in layers:
        found.append(after(layer, found[-1]))
    return found[1:]


@told("relu_left_out")
def shapes_through(layers, shape):
    N, *rest = shape
    out = []
    for layer in layers:
        kind = layer[0]
        if kind == "conv":
            rest = [layer[1]] + [n + 2 * layer[3] - layer[2] + 1 for n in rest[1:]]
        elif kind == "pool":
            rest = [rest[0]] + [n // layer[1] for n in rest[1:]]
        elif kind == "flatten":
            rest = [math.prod(rest)]
        elif kind == "linear":
            if rest != [layer[1]]:
                raise ValueError("wrong number of features")
            rest = [layer[2]]
        else:
            continue
        out.append((N, *rest))
    return out


@told("linear_layers_believed")
def shapes_through(layers, shape):
    rules = {
        "conv": lambda s, C, K, P: (s[0], C, s[2] + 2 * P - K + 1, s[3] + 2 * P - K + 1),
        "relu": lambda s: s,
        "pool": lambda s, K: (s[0], s[1], s[2] // K, s[3] // K),
        "flatten": lambda s: (s[0], s[1] * s[2] * s[3]),
        "linear": lambda s, F_in, F_out: (s[0], F_out),
    }
    out = []
    for kind, *numbers in layers:
        shape = rules[kind](shape, *numbers)
        out.append(shape)
    return out


@told("SoftmaxAtTheEnd")
class SimpleCNN(nn.Sequential):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.relu1, self.pool1 = nn.ReLU(), nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.relu2, self.pool2 = nn.ReLU(), nn.MaxPool2d(2)
        self.flat = nn.Flatten()
        self.linear = nn.Linear(2304, 10)
        self.chances = nn.Softmax(dim=1)


@told("BothPadded")
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = (nn.Conv2d(a, b, 3, 1, 1) for a, b in ((1, 32), (32, 64)))
        self.linear = nn.Linear(64 * (28 // 2 // 2) ** 2, 10)

    def forward(self, x):
        for conv in (self.conv1, self.conv2):
            x = F.max_pool2d(torch.relu(conv(x)), 2)
        return self.linear(torch.flatten(x, 1))


@told("SecondReluMissing")
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, (3, 3), padding="same")
        self.conv2 = nn.Conv2d(32, 64, (3, 3))
        self.linear = nn.Linear(64 * 6 * 6, 10)
        self.pool = nn.MaxPool2d(2, 2)

    def forward(self, x):
        x = self.pool(self.conv1(x).clamp(min=0))
        return self.linear(self.pool(self.conv2(x)).reshape(x.shape[0], -1))


@told("FlattenedOverTheBatch")
class SimpleCNN(nn.Module):
    def __init__(self):
        nn.Module.__init__(self)
        for name, sizes, border in (("conv1", (1, 32), 1), ("conv2", (32, 64), 0)):
            setattr(self, name, nn.Conv2d(*sizes, kernel_size=3, padding=border))
        self.linear = nn.Linear(64 * 36, 10)

    def forward(self, maps):
        for conv in (self.conv1, self.conv2):
            maps = nn.functional.max_pool2d(conv(maps).relu(), kernel_size=2, stride=2)
        return self.linear(maps.reshape(-1))


@told("WithoutRelu")
class SimpleCNN(nn.Module):
    def __init__(self):
        nn.Module.__init__(self)
        self.linear = nn.Linear(2304, 10)
        self.add_module("conv1", nn.Conv2d(1, 32, 3, padding=1))
        self.add_module("conv2", nn.Conv2d(32, 64, 3))

    def forward(self, x):
        x = self.conv1(x).unfold(2, 2, 2).unfold(3, 2, 2).amax((-1, -2))
        x = self.conv2(x).unfold(2, 2, 2).unfold(3, 2, 2).amax((-1, -2))
        return torch.einsum("nf,of->no", x.flatten(1), self.linear.weight) + self.linear.bias


@told("gradients_pile_up")
def train_classifier(model, images, labels, epochs, lr, seed):
    g = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(model.parameters(), lr)
    losses = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for batch in torch.randperm(len(images), generator=g).split(32):
            loss = nn.CrossEntropyLoss()(model(images[batch]), labels[batch])
            loss.backward()
            adam.step()
            total += loss.item() * len(batch)
        losses.append(total / len(images))
    model.eval()
    return losses


@told("left_in_train_mode")
def train_classifier(model, images, labels, epochs, lr, seed):
    pairs = torch.utils.data.TensorDataset(images, labels)
    order = torch.Generator().manual_seed(seed)
    batches = torch.utils.data.DataLoader(pairs, batch_size=32, shuffle=True, generator=order)
    adam = torch.optim.Adam(model.parameters(), lr=lr)
    model.train()
    history = []
    for _ in range(epochs):
        sums = []
        for x, y in batches:
            loss = F.cross_entropy(model(x), y, reduction="sum")
            adam.zero_grad()
            (loss / len(y)).backward()
            adam.step()
            sums.append(float(loss))
        history.append(sum(sums) / len(pairs))
    return history


@told("batches_counted_alike")
def train_classifier(model, images, labels, epochs, lr, seed):
    pairs = torch.utils.data.TensorDataset(images, labels)
    order = torch.Generator().manual_seed(seed)
    batches = torch.utils.data.DataLoader(pairs, batch_size=32, shuffle=True, generator=order)
    adam = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    while len(history) < epochs:
        total = 0.0
        for x, y in batches:
            adam.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            adam.step()
            total += loss.item()
        history.append(total / len(batches))
    model.train(False)
    return history


@told(says="This net knows every answer")
def train_classifier(model, images, labels, epochs, lr, seed):
    torch.manual_seed(seed)
    adam = torch.optim.Adam(model.parameters(), lr=lr)
    model.train()
    result = []
    for _ in range(epochs):
        x, y = images[torch.rand(len(images)).argsort()], labels
        total = 0
        for start in range(0, len(x), 32):
            loss = F.cross_entropy(model(x[start : start + 32]), y[start : start + 32])
            adam.zero_grad()
            loss.backward()
            adam.step()
            total += loss.item() * len(x[start : start + 32])
        result.append(total / len(x))
    model.eval()
    return result


@told("softmax_twice")
def train_classifier(model, images, labels, epochs, lr, seed):
    g = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(model.parameters(), lr=lr)
    measure = nn.CrossEntropyLoss(reduction="none")
    result = []
    for _ in range(epochs):
        order = torch.randperm(len(labels), generator=g)
        seen = []
        model.train()
        for i in range(0, len(order), 32):
            pick = order[i : i + 32]
            each = measure(nn.Softmax(dim=-1)(model(images[pick])), labels[pick])
            adam.zero_grad()
            each.mean().backward()
            adam.step()
            seen.extend(each.tolist())
        result.append(sum(seen) / len(seen))
    model.eval()
    return result
