"""Wrong and other right solutions of `train_unet`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "train_unet",
    says="You name no loss, and `train` takes its own, for classifiers: over a single channel that "
    "is always 0, and no weight moves. Hand it a function that calls your mask_loss: loss=….",
)
def loss_for_classifiers(images, masks, seed):
    torch.manual_seed(seed)
    model = UNet(8)
    settings = {"epochs": 8, "batch_size": 32, "lr": 0.01, "seed": seed, "progress": False}
    train(model, (images, masks), **settings)
    return model


@misconception(
    "train_unet",
    says="Your loss is the squared difference between logits and masks, which draws the logits to "
    "0 and 1. Above 0 already means mask: take your mask_loss.",
)
def squared_difference(images, masks, seed):
    def loss(model, x, y):
        return (model(x) - y).square().mean()

    torch.manual_seed(seed)
    model = UNet(8)
    settings = {"epochs": 8, "batch_size": 32, "lr": 0.01, "seed": seed, "progress": False}
    train(model, (images, masks), loss=loss, **settings)
    return model


@misconception(
    "train_unet",
    says="You compare the logits with the picture itself, as an autoencoder would. "
    "Here the target is the mask.",
)
def picture_as_target(images, masks, seed):
    def loss(model, x, y):
        return mask_loss(model(x), x)

    torch.manual_seed(seed)
    model = UNet(8)
    settings = {"epochs": 8, "batch_size": 32, "lr": 0.01, "seed": seed, "progress": False}
    train(model, (images, masks), loss=loss, **settings)
    return model


@misconception(
    "train_unet",
    says="Pictures and masks are exchanged: your net is shown the masks. "
    "The data are (images, masks), and the net sees the first of them.",
)
def masks_shown(images, masks, seed):
    def loss(model, x, y):
        return mask_loss(model(x), y)

    torch.manual_seed(seed)
    model = UNet(8)
    settings = {"epochs": 8, "batch_size": 32, "lr": 0.01, "seed": seed, "progress": False}
    train(model, (masks, images), loss=loss, **settings)
    return model


@misconception(
    "train_unet",
    says="Your seed comes too late: the first weights are drawn when the net is made. "
    "torch.manual_seed(seed) first, UNet(8) after it.",
)
def seeded_too_late(images, masks, seed):
    def loss(model, x, y):
        return mask_loss(model(x), y)

    model = UNet(8)
    torch.manual_seed(seed)
    settings = {"epochs": 8, "batch_size": 32, "lr": 0.01, "seed": seed, "progress": False}
    train(model, (images, masks), loss=loss, **settings)
    return model


@misconception(
    "train_unet",
    says="You return the history of the losses. Return the net.",
)
def history_returned(images, masks, seed):
    def loss(model, x, y):
        return mask_loss(model(x), y)

    torch.manual_seed(seed)
    model = UNet(8)
    settings = {"epochs": 8, "batch_size": 32, "lr": 0.01, "seed": seed, "progress": False}
    return train(model, (images, masks), loss=loss, **settings)


@misconception(
    "train_unet",
    says="The net comes back in train() mode, and its normalisation still looks at the batch. "
    "Call model.eval() at the end.",
)
def left_in_train_mode(images, masks, seed):
    def loss(model, x, y):
        return mask_loss(model(x), y)

    torch.manual_seed(seed)
    model = UNet(8)
    settings = {"epochs": 8, "batch_size": 32, "lr": 0.01, "seed": seed, "progress": False}
    train(model, (images, masks), loss=loss, **settings)
    return model.train()


@misconception(
    "train_unet",
    says="You train one net and return another, a new one that has learned nothing. "
    "Keep the net in a variable: train it, and return it.",
)
def another_net_returned(images, masks, seed):
    def loss(model, x, y):
        return mask_loss(model(x), y)

    torch.manual_seed(seed)
    settings = {"epochs": 8, "batch_size": 32, "lr": 0.01, "seed": seed, "progress": False}
    train(UNet(8), (images, masks), loss=loss, **settings)
    torch.manual_seed(seed)
    return UNet(8).eval()


@alternative("train_unet")
def loss_in_a_line(images, masks, seed):
    torch.manual_seed(seed)
    unet = UNet(c=8)
    adam = torch.optim.Adam(unet.parameters(), lr=1e-2)
    train(
        unet,
        (images, masks),
        loss=lambda net, *batch: mask_loss(net(batch[0]), batch[-1]),
        optimizer=adam,
        batch_size=32,
        epochs=8,
        seed=seed,
        progress=False,
    )
    return unet.train(False)


@alternative("train_unet")
def loop_written_out(images, masks, seed):
    torch.manual_seed(seed)
    model = UNet(8).to(images.device).train()
    order = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(8):
        for rows in torch.randperm(len(images), generator=order).split(32):
            adam.zero_grad()
            mask_loss(model(images[rows]), masks[rows]).backward()
            adam.step()
    return model.eval()
