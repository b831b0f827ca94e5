"""Wrong and other right solutions of `draw_digits`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "draw_digits",
    says="You walk from t = 1 up to T. The noise is at the end of the way: "
    "begin at T and go down to 1.",
)
def walked_upwards(model, words, kept, noise):
    with torch.no_grad():
        x = noise[-1]
        for t in range(1, len(kept)):
            steps = torch.full((len(x),), t, device=x.device)
            x = denoise_step(x, t, model(x, steps, words), kept, noise[t - 1])
        return ((x + 1) / 2).clamp(0, 1)


@misconception(
    "draw_digits",
    says="Your last step is missing: range(T, 1, -1) ends at 2. Go down to 1: range(T, 0, -1).",
)
def last_step_missing(model, words, kept, noise):
    with torch.no_grad():
        x = noise[-1]
        for t in range(len(kept) - 1, 1, -1):
            steps = torch.full((len(x),), t, device=x.device)
            x = denoise_step(x, t, model(x, steps, words), kept, noise[t - 1])
        return ((x + 1) / 2).clamp(0, 1)


@misconception(
    "draw_digits",
    says="The noise of the beginning is used twice: step t takes noise[t] as its fresh noise, "
    "and noise[T] was the first picture. Take noise[t − 1].",
)
def noise_used_twice(model, words, kept, noise):
    with torch.no_grad():
        x = noise[-1]
        for t in range(len(kept) - 1, 0, -1):
            steps = torch.full((len(x),), t, device=x.device)
            x = denoise_step(x, t, model(x, steps, words), kept, noise[t])
        return ((x + 1) / 2).clamp(0, 1)


@misconception(
    "draw_digits",
    says="You tell the net the step t − 1. The picture before it is still as noisy as at t: "
    "hand it t.",
)
def told_the_step_before(model, words, kept, noise):
    with torch.no_grad():
        x = noise[-1]
        for t in range(len(kept) - 1, 0, -1):
            steps = torch.full((len(x),), t - 1, device=x.device)
            x = denoise_step(x, t, model(x, steps, words), kept, noise[t - 1])
        return ((x + 1) / 2).clamp(0, 1)


@misconception(
    "draw_digits",
    says="Your pictures are still on the scale from −1 to 1, and clamping makes the dark half "
    "black. Go back first: (x + 1) / 2.",
)
def scale_not_undone(model, words, kept, noise):
    with torch.no_grad():
        x = noise[-1]
        for t in range(len(kept) - 1, 0, -1):
            steps = torch.full((len(x),), t, device=x.device)
            x = denoise_step(x, t, model(x, steps, words), kept, noise[t - 1])
        return x.clamp(0, 1)


@misconception(
    "draw_digits",
    says="Some pixels are below 0 or above 1. Clamp the pictures at the end: .clamp(0, 1).",
)
def not_clamped(model, words, kept, noise):
    with torch.no_grad():
        x = noise[-1]
        for t in range(len(kept) - 1, 0, -1):
            steps = torch.full((len(x),), t, device=x.device)
            x = denoise_step(x, t, model(x, steps, words), kept, noise[t - 1])
        return (x + 1) / 2


@misconception(
    "draw_digits",
    says="torch remembers every step for gradients that nobody will ask for. "
    "Draw inside `with torch.no_grad():`.",
)
def gradients_remembered(model, words, kept, noise):
    x = noise[-1]
    for t in range(len(kept) - 1, 0, -1):
        steps = torch.full((len(x),), t, device=x.device)
        x = denoise_step(x, t, model(x, steps, words), kept, noise[t - 1])
    return ((x + 1) / 2).clamp(0, 1)


@alternative("draw_digits")
def counted_down(model, words, kept, noise):
    *fresh, x = noise
    t = len(fresh)
    while t:
        with torch.no_grad():
            predicted = model(x, torch.full_like(words, t), words)
            x = denoise_step(x, t, predicted, kept, fresh[t - 1])
        t -= 1
    return x.mul(0.5).add(0.5).clip(min=0, max=1)


@alternative("draw_digits")
def two_lists_at_once(model, words, kept, noise):
    T = noise.shape[0] - 1
    pictures = noise[T].detach()
    ones = torch.ones(noise.shape[1], dtype=torch.long, device=noise.device)
    with torch.inference_mode():
        for t, fresh in zip(reversed(range(1, T + 1)), noise[:T].flip(0), strict=True):
            pictures = denoise_step(pictures, t, model(pictures, t * ones, words), kept, fresh)
    return pictures.clamp(-1, 1).add(1).div(2).clone()


@alternative("draw_digits")
def one_step_then_the_rest(model, words, kept, noise):
    def go(x, t):
        if t == 0:
            return x
        with torch.no_grad():
            predicted = model(x, torch.tensor([t] * len(x), device=x.device), words)
        return go(denoise_step(x, t, predicted, kept, noise[t - 1]).detach(), t - 1)

    return torch.clamp((go(noise[-1], len(noise) - 1) + 1) / 2, min=0.0, max=1.0)
