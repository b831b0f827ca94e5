"""Wrong and other right solutions of `kept_share`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "kept_share",
    says="Your cosine is not squared. f(t) is the cosine's square: "
    "the share of the signal's variance that is kept.",
)
def not_squared(T, s=0.008):
    t = torch.arange(T + 1)
    f = torch.cos((t / T + s) / (1 + s) * torch.pi / 2)
    beta = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return torch.cat([torch.ones(1), (1 - beta).cumprod(dim=0)])


@misconception(
    "kept_share",
    says="Your steps are not clipped, and the last one keeps nothing at all. "
    "Limit each β to 0.999, and multiply 1 − β up again.",
)
def not_clipped(T, s=0.008):
    t = torch.arange(T + 1)
    f = torch.cos((t / T + s) / (1 + s) * torch.pi / 2) ** 2
    return f / f[0]


@misconception(
    "kept_share",
    says="You limit the shares that are kept. It is each step's β that may not exceed 0.999: "
    "β = 1 − f(t)/f(t−1), clipped, and the shares are the product of all 1 − β.",
)
def share_clipped(T, s=0.008):
    t = torch.arange(T + 1)
    f = torch.cos((t / T + s) / (1 + s) * torch.pi / 2) ** 2
    return (f / f[0]).clamp(min=0.001)


@misconception(
    "kept_share",
    says="Your schedule begins below 1: it is not divided by f(0). "
    "Before the first step all is kept.",
)
def not_divided_by_the_first(T, s=0.008):
    t = torch.arange(T + 1)
    f = torch.cos((t / T + s) / (1 + s) * torch.pi / 2) ** 2
    beta = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return f[0] * torch.cat([torch.ones(1), (1 - beta).cumprod(dim=0)])


@misconception(
    "kept_share",
    says="Your schedule begins after the first step. Its first entry belongs to t = 0, where the "
    "share is 1: T + 1 entries.",
)
def first_entry_missing(T, s=0.008):
    t = torch.arange(T + 1)
    f = torch.cos((t / T + s) / (1 + s) * torch.pi / 2) ** 2
    beta = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return (1 - beta).cumprod(dim=0)


@misconception(
    "kept_share",
    says="You return what a single step keeps. The share at t is the product of all steps up to "
    "it: cumprod.",
)
def single_steps(T, s=0.008):
    t = torch.arange(T + 1)
    f = torch.cos((t / T + s) / (1 + s) * torch.pi / 2) ** 2
    beta = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return torch.cat([torch.ones(1), 1 - beta])


@misconception(
    "kept_share",
    says="This is the straight schedule of 2020, β from 0.0001 to 0.02. "
    "Here the shares follow a cosine's square.",
)
def straight_schedule(T, s=0.008):
    beta = torch.linspace(1e-4, 0.02, T)
    return torch.cat([torch.ones(1), (1 - beta).cumprod(dim=0)])


@misconception(
    "kept_share",
    says="The small offset s is not used. It keeps the first steps from being too small: "
    "(t/T + s) / (1 + s).",
)
def offset_not_used(T, s=0.008):
    t = torch.arange(T + 1)
    f = torch.cos(t / T * torch.pi / 2) ** 2
    beta = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return torch.cat([torch.ones(1), (1 - beta).cumprod(dim=0)])


@alternative("kept_share")
def step_by_step(T, s=0.008):
    def f(t):
        return torch.cos(torch.tensor((t / T + s) / (1 + s) * torch.pi / 2).double()) ** 2

    kept = [torch.tensor(1.0).double()]
    for t in range(1, T + 1):
        kept.append(kept[-1] * max(f(t) / f(t - 1), torch.tensor(0.001)))
    return torch.stack(kept).float()


@alternative("kept_share")
def by_the_double_angle(T, s=0.008):
    angle = torch.linspace(0, 1, T + 1, dtype=torch.float64).add(s).div(1 + s).mul(torch.pi)
    f = (1 + torch.cos(angle)) / 2
    ratio = torch.maximum(f[1:] / f[:-1], torch.tensor(1 - 0.999).double())
    return torch.nn.functional.pad(torch.cumprod(ratio, dim=0), (1, 0), value=1.0).float()


@alternative("kept_share")
def logarithms_added(T, s=0.008):
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.sin((1 - (t / T + s) / (1 + s)) * (torch.pi / 2)).square()
    beta = torch.clip(1 - f / f.roll(1), max=0.999)
    beta[0] = 0
    return torch.log1p(-beta).cumsum(dim=0).exp().float()
