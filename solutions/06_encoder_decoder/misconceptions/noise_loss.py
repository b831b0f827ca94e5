"""Wrong and other right solutions of `noise_loss`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "noise_loss",
    says="You ask your net for the picture. Its task is the noise: "
    "compare its answer with `noise`.",
)
def picture_asked_for(model, x0, words, t, noise, kept):
    predicted = model(add_noise(x0, t, noise, kept), t, words)
    return (predicted - x0).square().mean()


@misconception(
    "noise_loss",
    says="Your target is all that was changed, x_t − x0. The net is asked for the noise itself, "
    "of the same size at every t.",
)
def change_asked_for(model, x0, words, t, noise, kept):
    x_t = add_noise(x0, t, noise, kept)
    return (model(x_t, t, words) - (x_t - x0)).square().mean()


@misconception(
    "noise_loss",
    says="You show the net the clean picture, in which there is no noise to be found. "
    "Show it x_t = add_noise(x0, t, noise, kept).",
)
def clean_picture_shown(model, x0, words, t, noise, kept):
    return (model(x0, t, words) - noise).square().mean()


@misconception(
    "noise_loss",
    says="Step and word are exchanged. The net is called as model(x_t, t, words).",
)
def step_and_word_exchanged(model, x0, words, t, noise, kept):
    predicted = model(add_noise(x0, t, noise, kept), words, t)
    return (predicted - noise).square().mean()


@misconception(
    "noise_loss",
    says="You tell the net that it is at step t − 1. The picture was made noisy up to t: "
    "hand t on as it is.",
)
def told_the_step_before(model, x0, words, t, noise, kept):
    predicted = model(add_noise(x0, t, noise, kept), t - 1, words)
    return (predicted - noise).square().mean()


@misconception(
    "noise_loss",
    says="You sum over each picture's pixels. The mean is over all numbers: pixels and pictures.",
)
def summed_over_the_pixels(model, x0, words, t, noise, kept):
    predicted = model(add_noise(x0, t, noise, kept), t, words)
    return (predicted - noise).square().flatten(1).sum(dim=1).mean()


@misconception(
    "noise_loss",
    says="You take the mean of the absolute differences. Square them.",
)
def absolute_differences(model, x0, words, t, noise, kept):
    predicted = model(add_noise(x0, t, noise, kept), t, words)
    return (predicted - noise).abs().mean()


@alternative("noise_loss")
def ready_made_mean(model, x0, words, t, noise, kept):
    return F.mse_loss(model(add_noise(x0, t, noise, kept), t, words), noise)


@alternative("noise_loss")
def noise_added_here(model, x0, words, t, noise, kept):
    share = kept[t][:, None, None, None]
    error = noise - model(torch.sqrt(share) * x0 + torch.sqrt(1 - share) * noise, t, words)
    return torch.mean(error * error)


@alternative("noise_loss")
def one_mean_a_picture(model, x0, words, t, noise, kept):
    error = model(add_noise(x0, t, noise, kept), t, words).sub(noise)
    return error.pow(2).sum(dim=(1, 2, 3)).mean() / noise[0].numel()
