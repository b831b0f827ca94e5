"""Wrong and other right solutions of `train_steps`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "train_steps",
    says="Old gradients are still there: backward() adds to them. "
    "Wipe them once in each step, with optimizer.zero_grad() before loss.backward().",
)
def never_wiped(model, inputs, labels, steps, lr):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@misconception(
    "train_steps",
    says="The weights never move. loss.backward() fills the gradients, optimizer.step() uses them, "
    "and nothing may wipe them in between.",
)
def wiped_too_late(model, inputs, labels, steps, lr):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses


@misconception(
    "train_steps",
    says="You measured after the step. The first loss is that of the untouched model: "
    "predict and measure first, then step.",
)
def measured_after_the_step(model, inputs, labels, steps, lr):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(model(inputs), labels).backward()
        optimizer.step()
        losses.append(F.cross_entropy(model(inputs), labels).item())
    return losses


@misconception(
    "train_steps",
    says="The loss climbs: the gradient points uphill. Go the other way, weight − lr · gradient.",
)
def uphill(model, inputs, labels, steps, lr):
    model.train()
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(model(inputs), labels)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter += lr * parameter.grad
        losses.append(loss.item())
    return losses


@misconception(
    "train_steps",
    says="You took the softmax yourself, and F.cross_entropy takes it again. "
    "Hand it the plain scores, model(inputs).",
)
def softmax_twice(model, inputs, labels, steps, lr):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(model(inputs).softmax(dim=1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@misconception(
    "train_steps",
    says="Your loss is the sum over the examples. Take the mean, which F.cross_entropy does by "
    "itself, or twice the data would mean steps twice as long.",
)
def summed(model, inputs, labels, steps, lr):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(model(inputs), labels, reduction="sum")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@misconception(
    "train_steps",
    says=".item() makes a plain number, and a number has no way back to the weights. "
    "Call loss.backward() on the tensor, and .item() only for the list.",
)
def number_too_early(model, inputs, labels, steps, lr):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(model(inputs), labels).item()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return losses


@misconception(
    "train_steps",
    says="F.cross_entropy wants the scores first and the labels second.",
)
def labels_first(model, inputs, labels, steps, lr):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(labels, model(inputs))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@alternative("train_steps")
def wiped_at_the_end(model, inputs, labels, steps, lr):
    model.train()
    optimizer, measure = torch.optim.SGD(model.parameters(), lr=lr), nn.CrossEntropyLoss()
    losses = []
    for _ in range(steps):
        loss = measure(model(inputs), labels)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return losses


@alternative("train_steps")
def without_an_optimizer(model, inputs, labels, steps, lr):
    model.train()
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(model(inputs), labels)
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(model.parameters(), gradients, strict=True):
                parameter -= lr * gradient
        losses.append(float(loss))
    return losses


@alternative("train_steps")
def logarithm_written_out(model, inputs, labels, steps, lr):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        logs = model(inputs).log_softmax(dim=1)
        loss = -logs.gather(1, labels[:, None]).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return losses
