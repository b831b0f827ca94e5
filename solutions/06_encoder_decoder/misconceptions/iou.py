"""Wrong and other right solutions of `iou`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "iou",
    says="You return one number for the whole batch. Each image has its own: "
    "add up its pixels only, .flatten(1).sum(dim=1).",
)
def one_for_all(masks, truth):
    a, b = masks.bool(), truth.bool()
    return (a & b).sum() / (a | b).sum()


@misconception(
    "iou",
    says="Your denominator counts the overlap twice: |A| + |B| is not the union. "
    "Take the overlap off once, or use `|`.",
)
def overlap_counted_twice(masks, truth):
    a, b = masks.bool().flatten(1), truth.bool().flatten(1)
    both, total = (a & b).sum(dim=1), a.sum(dim=1) + b.sum(dim=1)
    return torch.where(total > 0, both / total, 1.0)


@misconception(
    "iou",
    says="That is the Dice score, 2·overlap/(|A| + |B|), which is never below the IoU. "
    "The IoU is overlap over union.",
)
def dice(masks, truth):
    a, b = masks.bool().flatten(1), truth.bool().flatten(1)
    both, total = (a & b).sum(dim=1), a.sum(dim=1) + b.sum(dim=1)
    return torch.where(total > 0, 2 * both / total, 1.0)


@misconception(
    "iou",
    says="You divide by the true mask alone: whoever marks every pixel would get 1. "
    "Divide by the union.",
)
def divided_by_the_truth(masks, truth):
    a, b = masks.bool().flatten(1), truth.bool().flatten(1)
    both, total = (a & b).sum(dim=1), b.sum(dim=1)
    return torch.where(total > 0, both / total, 1.0)


@misconception(
    "iou",
    says="You count the pixels that are right, background among them: where the object is small, "
    "an empty mask scores high. The IoU looks at marked pixels only.",
)
def background_counts(masks, truth):
    return (masks.bool() == truth.bool()).flatten(1).float().mean(dim=1)


@misconception(
    "iou",
    says="Where both masks are empty you get 0/0, no number. There the IoU is 1: nothing to find, "
    "nothing claimed.",
)
def nothing_over_nothing(masks, truth):
    a, b = masks.bool().flatten(1), truth.bool().flatten(1)
    return (a & b).sum(dim=1) / (a | b).sum(dim=1)


@misconception(
    "iou",
    says="Where both masks are empty you say 0. Nothing to find and nothing claimed is right: 1.",
)
def empty_is_wrong(masks, truth):
    a, b = masks.bool().flatten(1), truth.bool().flatten(1)
    return (a & b).sum(dim=1) / (a | b).sum(dim=1).clamp(min=1)


@misconception(
    "iou",
    says="You add 1 above and below, which moves every small mask's score. "
    "Treat the one case apart: where the union is empty, the IoU is 1.",
)
def one_added(masks, truth):
    a, b = masks.bool().flatten(1), truth.bool().flatten(1)
    return ((a & b).sum(dim=1) + 1) / ((a | b).sum(dim=1) + 1)


@alternative("iou")
def by_products(masks, truth):
    a, b = masks.float().flatten(1), truth.float().flatten(1)
    both = (a * b).sum(1)
    either = a.sum(1) + b.sum(1) - both
    return torch.where(either == 0, torch.ones_like(either), both / either.clamp(min=1))


@alternative("iou")
def by_least_and_most(masks, truth):
    a, b = masks.to(torch.float32), truth.to(torch.float32)
    least = torch.minimum(a, b).sum(dim=(1, 2, 3))
    most = torch.maximum(a, b).sum(dim=(1, 2, 3))
    return (least / most).nan_to_num(nan=1.0)


@alternative("iou")
def image_after_image(masks, truth):
    scores = []
    for a, b in zip(masks.bool(), truth.bool(), strict=True):
        union = torch.logical_or(a, b).sum().item()
        scores.append(torch.logical_and(a, b).sum().item() / union if union else 1.0)
    return torch.tensor(scores, device=masks.device)
