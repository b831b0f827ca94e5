"""Wrong and other right solutions of `add_noise`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "add_noise",
    says="You read the schedule one step too early: kept[0] belongs to t = 0, where nothing has "
    "happened yet. The share at step t is kept[t].",
)
def one_step_too_early(x0, t, noise, kept):
    share = kept[t - 1].reshape(-1, *[1] * (x0.dim() - 1))
    return share.sqrt() * x0 + (1 - share).sqrt() * noise


@misconception(
    "add_noise",
    says="Your roots are missing. kept[t] is a share of the variance: "
    "multiply by √kept[t] and √(1 − kept[t]).",
)
def roots_missing(x0, t, noise, kept):
    share = kept[t].reshape(-1, *[1] * (x0.dim() - 1))
    return share * x0 + (1 - share) * noise


@misconception(
    "add_noise",
    says="The noise is multiplied by 1 − √kept[t]. The two variances must add up to 1, "
    "so it is √(1 − kept[t]).",
)
def one_minus_the_root(x0, t, noise, kept):
    root = kept[t].reshape(-1, *[1] * (x0.dim() - 1)).sqrt()
    return root * x0 + (1 - root) * noise


@misconception(
    "add_noise",
    says="Picture and noise are exchanged. √kept[t] is what is left of the picture, "
    "and √(1 − kept[t]) belongs to the noise.",
)
def picture_and_noise_exchanged(x0, t, noise, kept):
    share = kept[t].reshape(-1, *[1] * (x0.dim() - 1))
    return share.sqrt() * noise + (1 - share).sqrt() * x0


@misconception(
    "add_noise",
    says="All of the noise is added at every t. Its part grows with t: √(1 − kept[t]) · noise.",
)
def noise_not_weighed(x0, t, noise, kept):
    share = kept[t].reshape(-1, *[1] * (x0.dim() - 1))
    return share.sqrt() * x0 + noise


@misconception(
    "add_noise",
    says="Every picture gets the first one's step. Each has its own t.",
)
def first_step_for_all(x0, t, noise, kept):
    share = kept[t[0]]
    return share.sqrt() * x0 + (1 - share).sqrt() * noise


@misconception(
    "add_noise",
    says="kept[t] has shape (N,), which torch lines up with the last axis, the columns. "
    "It belongs to the first: kept[t].reshape(-1, 1, 1, 1).",
)
def shares_along_the_columns(x0, t, noise, kept):
    share = kept[t]
    return share.sqrt() * x0 + (1 - share).sqrt() * noise


@alternative("add_noise")
def axes_added(x0, t, noise, kept):
    signal = kept.index_select(0, t)[(...,) + (None,) * (x0.ndim - 1)]
    return torch.sqrt(signal) * x0 + torch.sqrt(1 - signal) * noise


@alternative("add_noise")
def picture_by_picture(x0, t, noise, kept):
    rows = []
    for number, step in enumerate(t.tolist()):
        share = kept[step]
        rows.append(x0[number] * share**0.5 + noise[number] * (1 - share) ** 0.5)
    return torch.stack(rows)


@alternative("add_noise")
def by_einsum(x0, t, noise, kept):
    a, b = kept.sqrt()[t], (1 - kept).sqrt()[t]
    return torch.einsum("n,n...->n...", a, x0) + torch.einsum("n,n...->n...", b, noise)
