"""Wrong and other right solutions of `masked_loss`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "masked_loss",
    says="You count the patches that were shown, which the net need only copy. "
    "The loss is on the hidden ones: predicted[hidden].",
)
def visible_patches_only(predicted, patches, hidden):
    return (predicted[~hidden] - patches[~hidden]).square().mean()


@misconception(
    "masked_loss",
    says="Your loss is over all patches. Those that were shown teach nothing: "
    "take the hidden ones alone.",
)
def all_patches(predicted, patches, hidden):
    return (predicted - patches).square().mean()


@misconception(
    "masked_loss",
    says="You sum over the hidden patches, but divide by the count of all numbers. "
    "Divide by the hidden ones': how many are hidden times the numbers of a patch.",
)
def divided_by_all(predicted, patches, hidden):
    return ((predicted - patches).square() * hidden.unsqueeze(-1)).mean()


@misconception(
    "masked_loss",
    says="You sum over each patch and divide by the number of patches alone. "
    "The mean is over all their numbers: divide by the numbers of a patch, too.",
)
def summed_over_the_patch(predicted, patches, hidden):
    return (predicted[hidden] - patches[hidden]).square().sum(dim=-1).mean()


@misconception(
    "masked_loss",
    says="You take each picture's mean first, so that a patch counts more where few are hidden. "
    "Take one mean over all hidden patches together.",
)
def mean_of_the_pictures_means(predicted, patches, hidden):
    each = (predicted - patches).square().mean(dim=-1)
    return ((each * hidden).sum(dim=1) / hidden.sum(dim=1)).mean()


@misconception(
    "masked_loss",
    says="You take the mean of the absolute differences. Square them.",
)
def absolute_differences(predicted, patches, hidden):
    return (predicted[hidden] - patches[hidden]).abs().mean()


@misconception(
    "masked_loss",
    says="Your loss is a sum: it doubles when twice as many patches are hidden. Take the mean.",
)
def not_averaged(predicted, patches, hidden):
    return (predicted[hidden] - patches[hidden]).square().sum()


@alternative("masked_loss")
def ready_made_mean(predicted, patches, hidden):
    return F.mse_loss(predicted[hidden], patches[hidden])


@alternative("masked_loss")
def weighted(predicted, patches, hidden):
    share = hidden[..., None].to(predicted) / (hidden.sum() * patches.shape[-1])
    return torch.sum(share * (predicted - patches) ** 2)


@alternative("masked_loss")
def rows_picked(predicted, patches, hidden):
    rows = hidden.flatten().nonzero().squeeze(1)
    difference = (patches - predicted).flatten(0, 1).index_select(0, rows)
    return difference.pow(2).mean(dim=1).mean()
