"""Wrong and other right solutions of `pca`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "pca",
    says="You never took the mean off, so that your first component points to the mean picture. "
    "The components are the directions of spread: use flat − mean.",
)
def mean_left_in(images, k):
    flat = images.flatten(1)
    _, _, rows = torch.linalg.svd(flat, full_matrices=False)
    return flat.mean(dim=0), rows[:k]


@misconception(
    "pca",
    says="You took each picture's own mean off. The mean is over the N images, one for each pixel: "
    "mean(dim=0).",
)
def mean_of_each_picture(images, k):
    flat = images.flatten(1)
    mean = flat.mean(dim=1)
    _, _, rows = torch.linalg.svd(flat - mean[:, None], full_matrices=False)
    return mean, rows[:k]


@misconception(
    "pca",
    says="You divide each pixel by its spread, so that a pixel that hardly moves counts as much as "
    "the others. Only the mean is taken off here.",
)
def divided_by_the_spread(images, k):
    flat = images.flatten(1)
    mean = flat.mean(dim=0)
    _, _, rows = torch.linalg.svd((flat - mean) / flat.std(dim=0), full_matrices=False)
    return mean, rows[:k]


@misconception(
    "pca",
    says="You return columns of U, which have a number for each image. A component has one for "
    "each pixel: it is a row of Vᵀ, the third result.",
)
def columns_of_u(images, k):
    flat = images.flatten(1)
    mean = flat.mean(dim=0)
    columns, _, _ = torch.linalg.svd(flat - mean, full_matrices=False)
    return mean, columns[:, :k].T


@misconception(
    "pca",
    says="torch.linalg.svd returns Vᵀ, already transposed: its components are the rows. "
    "You took columns.",
)
def columns_of_v_transposed(images, k):
    flat = images.flatten(1)
    mean = flat.mean(dim=0)
    _, _, rows = torch.linalg.svd(flat - mean, full_matrices=True)
    return mean, rows[:, :k].T


@misconception(
    "pca",
    says="Your rows have the singular values for lengths. A component is a direction: "
    "its length is 1.",
)
def scaled_by_the_spread(images, k):
    flat = images.flatten(1)
    mean = flat.mean(dim=0)
    _, sizes, rows = torch.linalg.svd(flat - mean, full_matrices=False)
    return mean, sizes[:k, None] * rows[:k]


@misconception(
    "pca",
    says="You return the directions of the smallest variance: torch.linalg.eigh sorts upwards. "
    "Turn the order round before you take k.",
)
def smallest_variances(images, k):
    flat = images.flatten(1)
    mean = flat.mean(dim=0)
    _, _, rows = torch.linalg.svd(flat - mean, full_matrices=True)
    return mean, rows.flip(0)[:k]


@misconception(
    "pca",
    says="You have the right k directions, the smallest variance first. "
    "The largest comes first: .flip(0).",
)
def largest_last(images, k):
    flat = images.flatten(1)
    mean = flat.mean(dim=0)
    _, _, rows = torch.linalg.svd(flat - mean, full_matrices=False)
    return mean, rows[:k].flip(0)


@alternative("pca")
def from_the_covariance(images, k):
    flat = images.reshape(len(images), -1)
    mean = flat.sum(0) / len(flat)
    spread = (flat - mean).T @ (flat - mean) / len(flat)
    _, vectors = torch.linalg.eigh(spread)
    return mean, vectors.flip(1)[:, :k].T


@alternative("pca")
def from_the_whole_square(images, k):
    flat = images.flatten(1)
    columns, _, _ = torch.linalg.svd(torch.cov(flat.T, correction=0))
    return flat.mean(0), columns.T[:k]


@alternative("pca")
def one_after_the_other(images, k):
    flat = images.flatten(1)
    mean = flat.mean(0)
    left, found = flat - mean, []
    for _ in range(k):
        direction = torch.linalg.svd(left, full_matrices=False).Vh[0]
        left = left - torch.outer(left @ direction, direction)
        found.append(direction)
    return mean, torch.stack(found)
