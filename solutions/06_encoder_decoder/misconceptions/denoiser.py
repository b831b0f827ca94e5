"""Wrong and other right solutions of `denoiser`."""

import torch
import torch.nn.functional as F
from torch import nn

from autograder.misconceptions import alternative, misconception


@misconception(
    "denoiser",
    says="You train on the course's digits, test images among them. A net that has seen the "
    "answers proves nothing: train on `clean`, which you are given, and on nothing else.",
)
def test_images_seen(clean, sigma, seed):
    from utils.data import digits

    torch.manual_seed(seed)
    model = Autoencoder((64, 150, 30)).to(clean.device)

    def loss(model, images):
        return denoising_loss(model, images, sigma * torch.randn_like(images))

    images = digits("all")[0]
    course_train(model, (images,), loss=loss, epochs=3, lr=3e-3, seed=seed, progress=False)
    return model


@misconception(
    "denoiser",
    says="Noise is on your target too, so that the net learns to keep it. "
    "Only what it sees is noisy; it is compared with the clean picture.",
)
def noise_on_the_target_too(clean, sigma, seed):
    torch.manual_seed(seed)
    model = Autoencoder((64, 150, 30)).to(clean.device)

    def loss(model, images):
        noisy = images + sigma * torch.randn_like(images)
        return ((model(noisy) - noisy) ** 2).mean()

    course_train(model, (clean,), loss=loss, epochs=15, lr=3e-3, seed=seed, progress=False)
    return model


@misconception(
    "denoiser",
    says="The net is still in train() mode: nothing has trained it, or your own loop forgot eval() "
    "at its end. course_train does both.",
)
def never_trained(clean, sigma, seed):
    torch.manual_seed(seed)
    return Autoencoder((64, 150, 30)).to(clean.device)


@misconception(
    "denoiser",
    says="The seed comes too late for the first weights, which are drawn when the net is made. "
    "Call torch.manual_seed(seed) before that.",
)
def seeded_too_late(clean, sigma, seed):
    model = Autoencoder((64, 150, 30)).to(clean.device)

    def loss(model, images):
        return denoising_loss(model, images, sigma * torch.randn_like(images))

    course_train(model, (clean,), loss=loss, epochs=8, lr=3e-3, seed=seed, progress=False)
    return model


@misconception(
    "denoiser",
    says="Every seed makes the same net: you wrote a number where `seed` belongs.",
)
def seed_ignored(clean, sigma, seed):
    torch.manual_seed(0)
    model = Autoencoder((64, 150, 30)).to(clean.device)

    def loss(model, images):
        return denoising_loss(model, images, sigma * torch.randn_like(images))

    course_train(model, (clean,), loss=loss, epochs=8, lr=3e-3, seed=0, progress=False)
    return model


@misconception(
    "denoiser",
    says="You return the list of losses. Return the net.",
)
def losses_returned(clean, sigma, seed):
    torch.manual_seed(seed)
    model = Autoencoder((64, 150, 30)).to(clean.device)

    def loss(model, images):
        return denoising_loss(model, images, sigma * torch.randn_like(images))

    history = course_train(model, (clean,), loss=loss, epochs=8, seed=seed, progress=False)
    return history.loss


@alternative("denoiser")
def pairs_drawn_anew_each_epoch(clean, sigma, seed):
    torch.manual_seed(seed)
    model = Autoencoder((64, 128, 24)).to(clean.device).train()
    adam = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(15):
        clean = clean[torch.randperm(len(clean))]
        noisy = clean + torch.randn_like(clean) * sigma
        for seen, wanted in zip(noisy.split(64), clean.split(64), strict=True):
            model.zero_grad()
            F.mse_loss(model(seen), wanted).backward()
            adam.step()
    return model.eval()


@alternative("denoiser")
def without_a_narrow_code(clean, sigma, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Flatten(),
        nn.Linear(64, 150),
        nn.ReLU(),
        nn.Linear(150, 64),
        nn.Sigmoid(),
        nn.Unflatten(1, (1, 8, 8)),
    ).to(clean.device)

    def loss(model, images):
        return denoising_loss(model, images, torch.randn_like(images) * sigma)

    course_train(model, (clean,), loss=loss, epochs=15, lr=3e-3, seed=seed, progress=False)
    return model
