"""Wrong and other right solutions of `denoise_step`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "denoise_step",
    says="You take all of the predicted noise away at once: that is the net's guess of the "
    "picture. One step removes only the part that belongs to it.",
)
def all_noise_at_once(x, t, predicted, kept, fresh):
    alpha = kept[t] / kept[t - 1]
    mean = (x - (1 - kept[t]).sqrt() * predicted) / kept[t].sqrt()
    variance = (1 - kept[t - 1]) / (1 - kept[t]) * (1 - alpha)
    return mean + variance.sqrt() * fresh


@misconception(
    "denoise_step",
    says="You take kept[t] for the step's own α. It is the product of all up to t: "
    "α = kept[t] / kept[t − 1].",
)
def product_for_the_step(x, t, predicted, kept, fresh):
    alpha = kept[t]
    mean = (x - (1 - alpha) / (1 - kept[t]).sqrt() * predicted) / alpha.sqrt()
    variance = (1 - kept[t - 1]) / (1 - kept[t]) * (1 - alpha)
    return mean + variance.sqrt() * fresh


@misconception(
    "denoise_step",
    says="You read the schedule one step too early. From t to t − 1 it is kept[t] and kept[t − 1] "
    "that count.",
)
def one_step_too_early(x, t, predicted, kept, fresh):
    now, before = kept[t - 1], kept[max(t - 2, 0)]
    alpha = now / before
    mean = (x - (1 - alpha) / (1 - now).sqrt().clamp(min=1e-8) * predicted) / alpha.sqrt()
    variance = (1 - before) / (1 - now).clamp(min=1e-8) * (1 - alpha)
    return mean + variance.sqrt() * fresh


@misconception(
    "denoise_step",
    says="Fresh noise of variance β: that is the other choice, and it leaves noise in the finished "
    "picture. Here it is the posterior's variance, β · (1 − kept[t−1]) / (1 − kept[t]).",
)
def variance_beta(x, t, predicted, kept, fresh):
    alpha = kept[t] / kept[t - 1]
    mean = (x - (1 - alpha) / (1 - kept[t]).sqrt() * predicted) / alpha.sqrt()
    return mean + (1 - alpha).sqrt() * fresh


@misconception(
    "denoise_step",
    says="You multiply the fresh noise by its variance. It wants the standard deviation, the root.",
)
def variance_without_root(x, t, predicted, kept, fresh):
    alpha = kept[t] / kept[t - 1]
    mean = (x - (1 - alpha) / (1 - kept[t]).sqrt() * predicted) / alpha.sqrt()
    variance = (1 - kept[t - 1]) / (1 - kept[t]) * (1 - alpha)
    return mean + variance * fresh


@misconception(
    "denoise_step",
    says="You return the mean alone. Before the last step fresh noise belongs to it: "
    "+ √variance · fresh.",
)
def no_fresh_noise(x, t, predicted, kept, fresh):
    alpha = kept[t] / kept[t - 1]
    return (x - (1 - alpha) / (1 - kept[t]).sqrt() * predicted) / alpha.sqrt()


@misconception(
    "denoise_step",
    says="Your mean is not divided by √α. On the way in the picture was made smaller by √α at each "
    "step; on the way back it grows again.",
)
def not_enlarged(x, t, predicted, kept, fresh):
    alpha = kept[t] / kept[t - 1]
    mean = x - (1 - alpha) / (1 - kept[t]).sqrt() * predicted
    variance = (1 - kept[t - 1]) / (1 - kept[t]) * (1 - alpha)
    return mean + variance.sqrt() * fresh


@misconception(
    "denoise_step",
    says="You take β · noise away. The noise in x has the size √(1 − kept[t]), "
    "by which β must be divided: β / √(1 − kept[t]).",
)
def beta_alone(x, t, predicted, kept, fresh):
    alpha = kept[t] / kept[t - 1]
    mean = (x - (1 - alpha) * predicted) / alpha.sqrt()
    variance = (1 - kept[t - 1]) / (1 - kept[t]) * (1 - alpha)
    return mean + variance.sqrt() * fresh


@alternative("denoise_step")
def by_way_of_the_guess(x, t, predicted, kept, fresh):
    now, before = kept[t], kept[t - 1]
    beta = 1 - now / before
    guess = (x - torch.sqrt(1 - now) * predicted) / torch.sqrt(now)
    part_of_guess = torch.sqrt(before) * beta / (1 - now)
    part_of_x = torch.sqrt(now / before) * (1 - before) / (1 - now)
    mean = part_of_guess * guess + part_of_x * x
    if t == 1:
        return mean
    return mean + torch.sqrt(beta * (1 - before) / (1 - now)) * fresh


@alternative("denoise_step")
def plain_numbers(x, t, predicted, kept, fresh):
    now, before = float(kept[t]), float(kept[t - 1])
    alpha = now / before
    scale, share = alpha**-0.5, (1 - alpha) * (1 - now) ** -0.5
    spread = ((1 - before) * (1 - alpha) / (1 - now)) ** 0.5 if t > 1 else 0.0
    return scale * x - scale * share * predicted + spread * fresh


@alternative("denoise_step")
def schedule_worked_out(x, t, predicted, kept, fresh):
    alphas = torch.cat([kept[:1], kept[1:] / kept[:-1]])
    betas, hidden = 1 - alphas, 1 - kept
    mean = torch.rsqrt(alphas[t]) * torch.addcmul(x, predicted, -betas[t] * hidden[t].rsqrt())
    return mean + (hidden[t - 1] / hidden[t] * betas[t]) ** 0.5 * fresh * (t != 1)
