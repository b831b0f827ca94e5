"""Wrong and other right solutions of `train_classifier`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "train_classifier",
    says="You take the softmax, and F.cross_entropy takes it again. Hand it the plain logits.",
)
def softmax_twice(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]).softmax(dim=1), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item() * len(batch))
        history.append(sum(losses) / len(images))
    model.eval()
    return history


@misconception(
    "train_classifier",
    says="You trained in eval() mode: batch normalisation used its stored statistics and learned "
    "none, and dropout dropped nothing. Call model.train() before the loop.",
)
def trained_in_eval_mode(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.eval()
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item() * len(batch))
        history.append(sum(losses) / len(images))
    return history


@misconception(
    "train_classifier",
    says="You switch to eval() after the first epoch and never back: the later epochs train in the "
    "wrong mode. model.train() belongs inside the loop over epochs, or model.eval() after it.",
)
def never_back_to_train(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item() * len(batch))
        history.append(sum(losses) / len(images))
        model.eval()
    return history


@misconception(
    "train_classifier",
    says="The model comes back in train() mode: dropout still drops, and batch normalisation still "
    "looks at the batch. Call model.eval() at the end.",
)
def left_in_train_mode(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item() * len(batch))
        history.append(sum(losses) / len(images))
    return history


@misconception(
    "train_classifier",
    says="Old gradients pile up: backward() adds to them. "
    "Clear them in every step: optimizer.zero_grad().",
)
def gradients_pile_up(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item() * len(batch))
        history.append(sum(losses) / len(images))
    model.eval()
    return history


@misconception(
    "train_classifier",
    says="The weights never move. A step needs all four, in this order: zero_grad(), the loss, "
    "backward(), step(), and nothing clears the gradients in between.",
)
def gradients_cleared_too_late(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
            losses.append(loss.item() * len(batch))
        history.append(sum(losses) / len(images))
    model.eval()
    return history


@misconception(
    "train_classifier",
    says="You shuffle pictures and labels apart, so that a 3 is called a 7. "
    "Draw one order and use it for both.",
)
def labels_shuffled_apart(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        mixed = images[torch.randperm(len(images), generator=generator)]
        names = labels[torch.randperm(len(labels), generator=generator)]
        for seen, wanted in zip(mixed.split(32), names.split(32), strict=True):
            loss = F.cross_entropy(model(seen), wanted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item() * len(seen))
        history.append(sum(losses) / len(images))
    model.eval()
    return history


@misconception(
    "train_classifier",
    says="You shuffle pictures and labels apart, so that a 3 is called a 7. "
    "Draw one order and use it for both.",
)
def images_shuffled_alone(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        mixed = images[torch.randperm(len(images), generator=generator)]
        for seen, wanted in zip(mixed.split(32), labels.split(32), strict=True):
            loss = F.cross_entropy(model(seen), wanted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item() * len(seen))
        history.append(sum(losses) / len(images))
    model.eval()
    return history


@misconception(
    "train_classifier",
    says="You never shuffle: every epoch sees the same batches in the same order. "
    "Draw a new order in every epoch, torch.randperm(…, generator=generator).",
)
def never_shuffled(model, images, labels, epochs, lr, seed):
    torch.manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        for seen, wanted in zip(images.split(32), labels.split(32), strict=True):
            loss = F.cross_entropy(model(seen), wanted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item() * len(seen))
        history.append(sum(losses) / len(images))
    model.eval()
    return history


@misconception(
    "train_classifier",
    says="You take one step in an epoch, with all pictures at once. "
    "Cut them into batches of 32 and take a step for each.",
)
def everything_in_one_batch(model, images, labels, epochs, lr, seed):
    torch.manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    model.eval()
    return history


@misconception(
    "train_classifier",
    says="`return` stands inside your loop, so that you leave after the first epoch. "
    "Move it one indentation to the left.",
)
def returned_after_one_epoch(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item() * len(batch))
        history.append(sum(losses) / len(images))
        model.eval()
        return history
    return history


@misconception(
    "train_classifier",
    says="You add the losses of an epoch's batches. Divide by their number: "
    "the mean loss can be compared with log 10, the sum cannot.",
)
def losses_summed(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        history.append(total)
    model.eval()
    return history


@misconception(
    "train_classifier",
    says="You give the last batch, which is smaller, as much weight as the others. "
    "The mean is over examples: multiply each batch's loss by its size, divide by their number.",
)
def batches_counted_alike(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        history.append(sum(losses) / len(losses))
    model.eval()
    return history


@misconception(
    "train_classifier",
    says="You note the loss of every batch. One number for each epoch is asked for, the mean.",
)
def loss_of_every_batch(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            history.append(loss.item())
    model.eval()
    return history


@misconception(
    "train_classifier",
    says="You did not hand lr to Adam, which then takes its own, 0.001. "
    "Adam(model.parameters(), lr=lr).",
)
def step_size_not_used(model, images, labels, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters())
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(images), generator=generator).split(32):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item() * len(batch))
        history.append(sum(losses) / len(images))
    model.eval()
    return history


@alternative("train_classifier")
def weighted_by_the_batch(model, images, labels, epochs, lr, seed):
    draw = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(model.parameters(), lr)
    means = []
    for _ in range(epochs):
        model.train(True)
        order, total = torch.randperm(images.shape[0], generator=draw), 0.0
        for start in range(0, len(order), 32):
            rows = order[start : start + 32]
            adam.zero_grad(set_to_none=False)
            logits = model(images[rows])
            loss = F.nll_loss(logits.log_softmax(1), labels[rows])
            loss.backward()
            adam.step()
            total += float(loss.detach()) * len(rows)
        means.append(total / len(images))
        model.train(False)
    return means


@alternative("train_classifier")
def fed_by_a_loader(model, images, labels, epochs, lr, seed):
    from torch.utils.data import DataLoader, TensorDataset

    generator = torch.Generator().manual_seed(seed)
    pairs = TensorDataset(images, labels)
    loader = DataLoader(pairs, batch_size=32, shuffle=True, generator=generator)
    loss_of = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for _ in range(epochs):
        model.train()
        losses = []
        for seen, wanted in loader:
            loss = loss_of(model(seen), wanted)
            model.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach() * len(seen))
        history.append((torch.stack(losses).sum() / len(pairs)).item())
    model.eval()
    return history


@alternative("train_classifier")
def adam_by_hand(model, images, labels, epochs, lr, seed):
    torch.manual_seed(seed)
    weights = [p for p in model.parameters() if p.requires_grad]
    means = [torch.zeros_like(p) for p in weights]
    squares = [torch.zeros_like(p) for p in weights]
    history, step = [], 0
    model.train()
    for _ in range(epochs):
        losses = []
        for rows in torch.split(torch.randperm(len(labels)), 32):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
            slopes, step = torch.autograd.grad(loss, weights), step + 1
            with torch.no_grad():
                for p, slope, m, v in zip(weights, slopes, means, squares, strict=True):
                    m.lerp_(slope, 0.1)
                    v.lerp_(slope**2, 0.001)
                    p -= lr * (m / (1 - 0.9**step)) / ((v / (1 - 0.999**step)).sqrt() + 1e-8)
            losses.append(loss.item() * len(rows))
        history.append(sum(losses) / len(images))
    model.eval()
    return history
