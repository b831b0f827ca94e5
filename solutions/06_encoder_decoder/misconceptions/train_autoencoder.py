"""Wrong and other right solutions of `train_autoencoder`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "train_autoencoder",
    says="You train on the test images as well. What a net has seen says nothing about what it can "
    "do with new pictures: train on `images` alone.",
)
def test_images_seen(model, images, epochs, lr, seed):
    from utils.data import digits

    images = torch.cat([images, digits("test")[0]])
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(images), generator=generator).split(64):
            batch = images[rows]
            loss = reconstruction_loss(batch, model(batch))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        history.append(total / len(images))
    model.eval()
    return history


@misconception(
    "train_autoencoder",
    says="You blow the pixels up to 0…255, and the sigmoid ends at 1: every pixel of ink is out of "
    "reach. Leave the data between 0 and 1.",
)
def pixels_up_to_255(model, images, epochs, lr, seed):
    images = images * 255
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(images), generator=generator).split(64):
            batch = images[rows]
            loss = reconstruction_loss(batch, model(batch))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        history.append(total / len(images))
    model.eval()
    return history


@misconception(
    "train_autoencoder",
    says="Your losses are means over the pixels. The loss of exercise 1 adds them up, and averages "
    "over the images only.",
)
def averaged_over_the_pixels(model, images, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(images), generator=generator).split(64):
            batch = images[rows]
            loss = F.mse_loss(model(batch), batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        history.append(total / len(images))
    model.eval()
    return history


@misconception(
    "train_autoencoder",
    says="Old gradients pile up: backward() adds to them. "
    "Clear them in every step: optimizer.zero_grad().",
)
def gradients_pile_up(model, images, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(images), generator=generator).split(64):
            batch = images[rows]
            loss = reconstruction_loss(batch, model(batch))
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        history.append(total / len(images))
    model.eval()
    return history


@misconception(
    "train_autoencoder",
    says="You never shuffle: every epoch sees the same batches in the order given. "
    "Draw a new order in every epoch, torch.randperm(…, generator=generator).",
)
def never_shuffled(model, images, epochs, lr, seed):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for batch in images.split(64):
            loss = reconstruction_loss(batch, model(batch))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        history.append(total / len(images))
    model.eval()
    return history


@misconception(
    "train_autoencoder",
    says="You draw one order and keep it for all epochs. "
    "torch.randperm belongs inside the loop over epochs, its generator before it.",
)
def one_order_for_all_epochs(model, images, epochs, lr, seed):
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for rows in order.split(64):
            batch = images[rows]
            loss = reconstruction_loss(batch, model(batch))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        history.append(total / len(images))
    model.eval()
    return history


@misconception(
    "train_autoencoder",
    says="You average the batches' losses, and the small last batch counts as much as a full one. "
    "Weight each by its images: add loss · len(batch), divide by N at the end.",
)
def small_batch_counts_as_much(model, images, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        losses = []
        for rows in torch.randperm(len(images), generator=generator).split(64):
            batch = images[rows]
            loss = reconstruction_loss(batch, model(batch))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        history.append(sum(losses) / len(losses))
    model.eval()
    return history


@misconception(
    "train_autoencoder",
    says="The model comes back in train() mode. Call model.eval() at the end: "
    "it is to be used now.",
)
def left_in_train_mode(model, images, epochs, lr, seed):
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(images), generator=generator).split(64):
            batch = images[rows]
            loss = reconstruction_loss(batch, model(batch))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        history.append(total / len(images))
    return history


@alternative("train_autoencoder")
def fed_by_a_loader(model, images, epochs, lr, seed):
    from torch.utils.data import DataLoader

    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(images, batch_size=64, shuffle=True, generator=generator)
    adam = torch.optim.Adam(model.parameters(), lr)
    means = []
    for _ in range(epochs):
        model.train()
        sums = []
        for batch in loader:
            model.zero_grad()
            apart = (model(batch) - batch).square().sum()
            (apart / len(batch)).backward()
            adam.step()
            sums.append(apart.detach())
        means.append((torch.stack(sums).sum() / len(images)).item())
        model.eval()
    return means


@alternative("train_autoencoder")
def row_numbers_cut_by_hand(model, images, epochs, lr, seed):
    torch.manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    count, means = images.shape[0], []
    model.train(True)
    for _ in range(epochs):
        mixed, total, start = images[torch.randperm(count)], 0.0, 0
        while start < count:
            batch = mixed[start : start + 64]
            start += 64
            optimizer.zero_grad(set_to_none=False)
            loss = F.mse_loss(model(batch), batch, reduction="sum") / batch.shape[0]
            loss.backward()
            optimizer.step()
            total += float(loss.detach()) * batch.shape[0]
        means.append(total / count)
    model.train(False)
    return means
