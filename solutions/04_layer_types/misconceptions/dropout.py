"""Wrong and other right solutions of `dropout`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "dropout",
    says="What stays is not scaled. Multiply it by 1/(1 − p), so that the mean stays the same "
    "in training and evaluation.",
)
def not_scaled(x, p, noise, training):
    return x * (noise >= p) if training else x


@misconception(
    "dropout",
    says="You scale in evaluation. That was the first form of dropout; the inverted one scales in "
    "training by 1/(1 − p) and leaves x alone in evaluation.",
)
def scaled_at_evaluation(x, p, noise, training):
    return x * (noise >= p) if training else x * (1 - p)


@misconception(
    "dropout",
    says="You drop in evaluation too. Where training is False, return x as it is.",
)
def dropped_at_evaluation(x, p, noise, training):
    if p == 1:
        return torch.zeros_like(x)
    return x * (noise >= p) / (1 - p)


@misconception(
    "dropout",
    says="training is turned over: drop where it is True, return x as it is where it is False.",
)
def training_turned_over(x, p, noise, training):
    if training:
        return x
    return torch.zeros_like(x) if p == 1 else x * (noise >= p) / (1 - p)


@misconception(
    "dropout",
    says="You keep what should go: p is the share that is dropped. "
    "Where noise < p stands a 0, the rest stays.",
)
def kept_where_dropped(x, p, noise, training):
    if not training:
        return x
    return torch.zeros_like(x) if p == 1 else x * (noise < p) / (1 - p)


@misconception(
    "dropout",
    says="You take p for the share that is kept, as the paper of 2014 does. Here p is what goes: "
    "0 where noise < p, the rest times 1/(1 − p).",
)
def p_as_the_share_kept(x, p, noise, training):
    if not training:
        return x
    return torch.zeros_like(x) if p == 0 else x * (noise < p) / p


@misconception(
    "dropout",
    says="You divide by p. The share that stays is 1 − p: divide by that.",
)
def divided_by_p(x, p, noise, training):
    return x * (noise >= p) / p if training and p > 0 else x


@misconception(
    "dropout",
    says="You multiply by 1 − p and make what stays smaller still. "
    "Divide by 1 − p, to make up for what is gone.",
)
def multiplied_by_the_share_kept(x, p, noise, training):
    return x * (noise >= p) * (1 - p) if training else x


@misconception(
    "dropout",
    says="You drop where noise is just p as well. "
    "Dropped is where noise < p, so that p = 0 drops nothing.",
)
def dropped_at_p_too(x, p, noise, training):
    if not training:
        return x
    return torch.zeros_like(x) if p == 1 else x * (noise > p) / (1 - p)


@misconception(
    "dropout",
    says="With p = 1 you get 0/0, which is nan. Everything is dropped then: return zeros.",
)
def nan_when_all_is_dropped(x, p, noise, training):
    return x * (noise >= p) / (1 - p) if training else x


@misconception(
    "dropout",
    says="1 / (1 − p) fails for p = 1. Everything is dropped then: return zeros before you divide.",
)
def division_by_zero(x, p, noise, training):
    scale = 1 / (1 - p)
    return x * (noise >= p) * scale if training else x


@misconception(
    "dropout",
    says="You scale by the share that really stayed. "
    "The factor is fixed: 1/(1 − p), whatever the noise was this time.",
)
def scaled_by_what_stayed(x, p, noise, training):
    if not training:
        return x
    kept = (noise >= p).to(x.dtype)
    return torch.zeros_like(x) if p == 1 else x * kept / kept.mean()


@misconception(
    "dropout",
    says="You change x in place, and the caller's tensor with it. "
    "Build a new one: x * (noise >= p), torch.where(…) or x.clone().",
)
def changed_in_place(x, p, noise, training):
    if training:
        x[noise < p] = 0
        if p < 1:
            x = x / (1 - p)
    return x


@misconception(
    "dropout",
    says="Your mask is made on the CPU, wherever x lives, and may have another dtype. "
    "Compare tensors: (noise >= p) lives where noise lives.",
)
def mask_on_the_cpu(x, p, noise, training):
    if not training:
        return x
    if p == 1:
        return torch.zeros_like(x)
    kept = torch.tensor([[float(u >= p)] for u in noise.flatten().tolist()], dtype=x.dtype)
    return x * kept.reshape(x.shape) / (1 - p)


@alternative("dropout")
def one_of_two_numbers(x, p, noise, training):
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    return torch.where(noise < p, torch.zeros_like(x), x / (1 - p))


@alternative("dropout")
def mask_carries_the_scale(x, p, noise, training):
    mask = (noise >= p).to(x.dtype)
    if p < 1:
        mask = mask / (1 - p)
    return mask * x if training else x.clone()


@alternative("dropout")
def copy_with_holes(x, p, noise, training):
    y = x.clone()
    if training:
        y[noise < p] = 0.0
        y = y * (1 / max(1 - p, 1e-12))
    return y


@alternative("dropout")
def filled_by_mask(x, p, noise, training):
    if training:
        return x.div(1.0 - p if p != 1 else 1.0).masked_fill(noise.lt(p), 0)
    return x
