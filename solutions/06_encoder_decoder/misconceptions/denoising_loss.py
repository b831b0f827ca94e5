"""Wrong and other right solutions of `denoising_loss`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "denoising_loss",
    says="Your target is noisy too: the model would learn to keep the noise. "
    "It sees clean + noise and is compared with clean.",
)
def noise_on_the_target_too(model, clean, noise):
    noisy = clean + noise
    return ((model(noisy) - noisy) ** 2).mean()


@misconception(
    "denoising_loss",
    says="Your model sees the clean picture and has nothing to clean. Give it clean + noise.",
)
def clean_input(model, clean, noise):
    return ((model(clean) - clean) ** 2).mean()


@misconception(
    "denoising_loss",
    says="It is the wrong way round: your model sees the clean picture and is to make the noisy "
    "one. The noisy one goes in, the clean one is the target.",
)
def noise_to_be_added(model, clean, noise):
    return ((model(clean) - (clean + noise)) ** 2).mean()


@misconception(
    "denoising_loss",
    says="You ask the model for the noise. Here it returns the picture: compare with clean.",
)
def noise_as_the_target(model, clean, noise):
    return ((model(clean + noise) - noise) ** 2).mean()


@misconception(
    "denoising_loss",
    says="Your model sees the noise alone. It is added to the picture: clean + noise.",
)
def noise_alone(model, clean, noise):
    return ((model(noise) - clean) ** 2).mean()


@misconception(
    "denoising_loss",
    says="You cut the noisy picture at 0 and 1, which takes part of the noise away. "
    "The model sees clean + noise as it is.",
)
def cut_at_black_and_white(model, clean, noise):
    return ((model((clean + noise).clamp(0, 1)) - clean) ** 2).mean()


@misconception(
    "denoising_loss",
    says="You add up each image's pixels. Here the mean over all numbers is asked for, "
    "as F.mse_loss takes it.",
)
def summed_over_the_pixels(model, clean, noise):
    return ((model(clean + noise) - clean) ** 2).flatten(1).sum(dim=1).mean()


@misconception(
    "denoising_loss",
    says="The square is missing: you average |difference|.",
)
def absolute_differences(model, clean, noise):
    return (model(clean + noise) - clean).abs().mean()


@alternative("denoising_loss")
def ready_made_mean(model, clean, noise):
    return F.mse_loss(model(torch.add(noise, clean)), clean)


@alternative("denoising_loss")
def sum_over_count(model, clean, noise):
    missed = clean - model(clean + noise)
    return torch.linalg.vector_norm(missed).square() / missed.numel()


@alternative("denoising_loss")
def image_after_image(model, clean, noise):
    restored = model(noise + clean)
    return sum((a - b).pow(2).mean() for a, b in zip(restored, clean, strict=True)) / len(clean)
