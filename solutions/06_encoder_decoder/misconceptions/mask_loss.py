"""Wrong and other right solutions of `mask_loss`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "mask_loss",
    says="You take the logits for probabilities: the logarithm of a negative number is none. "
    "p = sigmoid(logit) comes first, or a formula made for logits.",
)
def logits_taken_for_probabilities(logits, masks):
    return -(masks * logits.log() + (1 - masks) * (1 - logits).log()).mean()


@misconception(
    "mask_loss",
    says="You take the sigmoid twice: all probabilities are squeezed between ½ and 0.73, "
    "and the loss cannot fall to 0. Hand the formula for logits the plain logits.",
)
def sigmoid_twice(logits, masks):
    z = logits.sigmoid()
    return (z.clamp(min=0) - z * masks + torch.log1p((-z.abs()).exp())).mean()


@misconception(
    "mask_loss",
    says="You form the probability first: at a logit of ±1000 it rounds to 0 or 1, and the "
    "logarithm to −∞. Stay with the logit: max(z, 0) − z·mask + log(1 + exp(−|z|)).",
)
def probability_first(logits, masks):
    p = torch.sigmoid(logits)
    return -(masks * p.log() + (1 - masks) * (1 - p).log()).mean()


@misconception(
    "mask_loss",
    says="A tiny number inside the logarithm caps the loss, and far out no gradient is left. "
    "Stay with the logit: max(z, 0) − z·mask + log(1 + exp(−|z|)).",
)
def loss_capped(logits, masks):
    p = torch.sigmoid(logits)
    small = 1e-7
    return -(masks * (p + small).log() + (1 - masks) * (1 - p + small).log()).mean()


@misconception(
    "mask_loss",
    says="You look at the marked pixels alone: whoever marks everything would lose nothing. "
    "The background's −log(1 − p) belongs to the mean.",
)
def background_forgotten(logits, masks):
    return (masks * ((-logits).clamp(min=0) + torch.log1p((-logits.abs()).exp()))).mean()


@misconception(
    "mask_loss",
    says="You have the two kinds of pixel the wrong way round: −log p belongs where the mask is 1, "
    "−log(1 − p) where it is 0.",
)
def kinds_swapped(logits, masks):
    z = logits
    return (z.clamp(min=0) - z * (1 - masks) + torch.log1p((-z.abs()).exp())).mean()


@misconception(
    "mask_loss",
    says="You add up the pixels. Take the mean over all of them.",
)
def summed(logits, masks):
    z = logits
    return (z.clamp(min=0) - z * masks + torch.log1p((-z.abs()).exp())).sum()


@misconception(
    "mask_loss",
    says="The ready-made function did the work. Write the steps out.",
)
def ready_made(logits, masks):
    return F.binary_cross_entropy_with_logits(logits, masks)


@alternative("mask_loss")
def two_logits_each(logits, masks):
    # The second class has the logit 0: log(e^z + e^0) − the right one's logit.
    both = torch.stack([logits, torch.zeros_like(logits)])
    return (both.logsumexp(dim=0) - masks * logits).mean()


@alternative("mask_loss")
def kind_after_kind(logits, masks):
    wrong = torch.where(masks > 0.5, -logits, logits)  # log(1 + e^wrong) is each pixel's loss
    over = wrong.relu()
    return (over + ((-over).exp() + (wrong - over).exp()).log()).sum() / wrong.numel()


@alternative("mask_loss")
def added_in_logs(logits, masks):
    sign = 1 - 2 * masks
    return torch.logaddexp(logits * sign, torch.zeros_like(logits)).mean()
