"""Wrong and other right solutions of `detector`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "detector",
    says="You train on the course's digits, test images and anomalies among them. What the net has "
    "seen it restores: train on `normal`, which you are given, and on nothing else.",
)
def everything_seen(normal, seed):
    from utils.data import digits

    images = digits("all")[0].to(normal.device)
    torch.manual_seed(seed)
    model = Autoencoder((64, 100, 5)).to(normal.device)
    train_autoencoder(model, images, epochs=3, lr=5e-3, seed=seed)
    return model


@misconception(
    "detector",
    says="The net is still in train() mode: nothing has trained it, or your own loop forgot eval() "
    "at its end. train_autoencoder does both.",
)
def never_trained(normal, seed):
    torch.manual_seed(seed)
    return Autoencoder((64, 100, 5)).to(normal.device)


@misconception(
    "detector",
    says="Your code is as wide as the picture, so that nothing has to be left out: a net that can "
    "copy everything can copy an anomaly. Make it narrow, 5 to 20 numbers.",
)
def code_as_wide_as_the_picture(normal, seed):
    torch.manual_seed(seed)
    model = Autoencoder((64, 64)).to(normal.device)
    train_autoencoder(model, normal, epochs=8, lr=5e-3, seed=seed)
    return model


@misconception(
    "detector",
    says="The seed comes too late for the first weights, which are drawn when the net is made. "
    "Call torch.manual_seed(seed) before that.",
)
def seeded_too_late(normal, seed):
    model = Autoencoder((64, 100, 5)).to(normal.device)
    train_autoencoder(model, normal, epochs=8, lr=5e-3, seed=seed)
    return model


@misconception(
    "detector",
    says="Every seed makes the same net: you wrote a number where `seed` belongs.",
)
def seed_ignored(normal, seed):
    torch.manual_seed(0)
    model = Autoencoder((64, 100, 5)).to(normal.device)
    train_autoencoder(model, normal, epochs=8, lr=5e-3, seed=0)
    return model


@misconception(
    "detector",
    says="Your net is on the CPU, wherever the images are. "
    "Move it to them: Autoencoder(…).to(normal.device).",
)
def left_on_the_cpu(normal, seed):
    torch.manual_seed(seed)
    model = Autoencoder((64, 100, 5))
    train_autoencoder(model, normal, epochs=15, lr=5e-3, seed=seed)
    return model


@alternative("detector")
def trained_by_the_course(normal, seed):
    torch.manual_seed(seed)
    model = Autoencoder((normal[0].numel(), 80, 8)).to(normal.device)

    def loss(model, images):
        return reconstruction_loss(images, model(images))

    course_train(model, (normal,), loss=loss, epochs=12, lr=4e-3, seed=seed, progress=False)
    return model


@alternative("detector")
def a_loop_of_its_own(normal, seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Autoencoder((64, 60, 6)).to(normal.device).train()
        adam = torch.optim.Adam(model.parameters(), lr=5e-3)
        for _ in range(15):
            for batch in normal[torch.randperm(len(normal))].split(64):
                adam.zero_grad()
                (model(batch) - batch).square().sum().div(len(batch)).backward()
                adam.step()
    return model.eval()
