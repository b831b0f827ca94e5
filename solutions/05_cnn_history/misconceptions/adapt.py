"""Wrong and other right solutions of `adapt`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "adapt",
    says="Your features are frozen, but in train() mode: their batch normalisation still follows "
    "the new pictures. No gradient does not mean no change; put them into eval().",
)
def frozen_but_in_train_mode(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.train()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


@misconception(
    "adapt",
    says="You never froze the features: the few new pictures change what the many old ones taught. "
    "requires_grad_(False) for all their parameters, and only the head into Adam.",
)
def nothing_frozen(model, images, labels, steps, lr):
    model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.eval()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


@misconception(
    "adapt",
    says="You froze the new head as well, and nothing is left to learn. "
    "Freeze model.features alone, or make the head after the freezing.",
)
def head_frozen_too(model, images, labels, steps, lr):
    model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    for p in model.parameters():
        p.requires_grad_(False)
    model.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


@misconception(
    "adapt",
    says="The old head is still there, with the old classes and what it knew about them. "
    "Replace it: model.head = nn.Linear(model.head.in_features, classes).",
)
def old_head_kept(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    model.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


@misconception(
    "adapt",
    says="Your head knows only the classes that occur among the labels. "
    "There are int(labels.max()) + 1, whichever of them the few pictures show.",
)
def classes_that_occur(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    classes = len(labels.unique())
    model.head = nn.Linear(model.head.in_features, classes, device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


@misconception(
    "adapt",
    says="Your head has a class too few: labels are counted from 0, "
    "so that there are int(labels.max()) + 1 classes.",
)
def one_class_too_few(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    model.head = nn.Linear(model.head.in_features, int(labels.max()), device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


@misconception(
    "adapt",
    says="Your Adam was made before the head was replaced, and still holds the old head's weights. "
    "First the new head, then Adam.",
)
def optimiser_holds_the_old_head(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.eval()
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


@misconception(
    "adapt",
    says="The model comes back in train() mode. Return it in eval(): it is to be used now.",
)
def left_in_train_mode(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.train()
    model.features.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


@misconception(
    "adapt",
    says="Adam moves the head alone, which is right, but the features still collect gradients. "
    "Freeze them: requires_grad_(False), which also saves the way back through them.",
)
def gradients_still_collected(model, images, labels, steps, lr):
    model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


@misconception(
    "adapt",
    says="You return the new head alone. Return the whole model: features and head.",
)
def head_returned(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.head


@misconception(
    "adapt",
    says="Your new head starts from random numbers. Here it starts from zeros, weights and biases: "
    "nn.init.zeros_(…).",
)
def head_starts_at_random(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    torch.manual_seed(0)
    classes = int(labels.max()) + 1
    model.head = nn.Linear(model.head.in_features, classes, device=images.device)
    model.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


@misconception(
    "adapt",
    says="Old gradients pile up: backward() adds to them. "
    "Clear them in every step: optimizer.zero_grad().",
)
def gradients_pile_up(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        F.cross_entropy(model(images), labels).backward()
        optimizer.step()
    return model


@misconception(
    "adapt",
    says="You take the softmax, and F.cross_entropy takes it again. Hand it the plain scores.",
)
def softmax_twice(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images).softmax(dim=1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


@misconception(
    "adapt",
    says="Your new head lives on the CPU, wherever the images live. "
    "Make it there: nn.Linear(…, device=images.device), or .to(images.device).",
)
def head_made_on_the_cpu(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1)
    nn.init.zeros_(model.head.weight)
    nn.init.zeros_(model.head.bias)
    model.eval()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


@alternative("adapt")
def features_worked_out_once(model, images, labels, steps, lr):
    model.eval().requires_grad_(False)
    with torch.no_grad():
        rows = model.features(images)
    head = nn.Linear(rows.shape[1], int(labels.max()) + 1).to(rows)
    for p in head.parameters():
        p.data.zero_()
    adam = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        adam.zero_grad()
        F.cross_entropy(head(rows), labels).backward()
        adam.step()
    model.head = head.eval()
    return model


@alternative("adapt")
def whatever_wants_a_gradient(model, images, labels, steps, lr):
    for p in model.parameters():
        p.requires_grad = False
    classes = labels.max().item() + 1
    head = nn.Linear(model.head.weight.shape[1], classes)
    head.load_state_dict({name: torch.zeros_like(p) for name, p in head.named_parameters()})
    model.head = head
    model.to(images.device).train()
    for layer in model.features.modules():
        layer.eval()
    adam = torch.optim.Adam((p for p in model.parameters() if p.requires_grad), lr)
    loss_of = nn.CrossEntropyLoss()
    for _ in range(steps):
        model.zero_grad()
        loss_of(model(images), labels).backward()
        adam.step()
    return model.train(False)


@alternative("adapt")
def slopes_by_hand(model, images, labels, steps, lr):
    for p in model.features.parameters():
        p.requires_grad_(False)
    model.eval()
    head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)
    wanted = F.one_hot(labels, head.out_features).float()
    optimizer = torch.optim.Adam([head.weight, head.bias], lr=lr)
    with torch.no_grad():
        head.weight.fill_(0)
        head.bias.fill_(0)
        rows = model.features(images)
        for _ in range(steps):
            slope = (head(rows).softmax(dim=1) - wanted) / len(rows)
            head.weight.grad, head.bias.grad = slope.T @ rows, slope.sum(dim=0)
            optimizer.step()
    optimizer.zero_grad()
    model.head = head.eval()
    return model
