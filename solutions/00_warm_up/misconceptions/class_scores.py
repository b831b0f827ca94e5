"""Wrong and other right solutions of `class_scores`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "class_scores",
    says="The inner sizes do not agree: (N×D) times (K×D). "
    "Turn the weights over with weight.T, then D meets D.",
)
def not_transposed(images, weight, bias):
    return images.flatten(1) @ weight + bias


@misconception(
    "class_scores",
    says="flatten() without a number melts all pictures into one line. "
    "flatten(1) keeps axis 0, the pictures, and flattens what comes after it.",
)
def everything_in_one_line(images, weight, bias):
    return images.flatten() @ weight.T + bias


@misconception(
    "class_scores",
    says="The bias is missing: every class has one number that is added to its score.",
)
def bias_forgotten(images, weight, bias):
    return images.flatten(1) @ weight.T


@misconception(
    "class_scores",
    says="Your answer lies on its side: a row is a picture, a column a class, so shape (N, K).",
)
def lying_on_its_side(images, weight, bias):
    return weight @ images.flatten(1).T + bias[:, None]


@misconception(
    "class_scores",
    says="reshape does not turn a matrix over, it only cuts the same line of numbers elsewhere. "
    "Use weight.T.",
)
def reshaped_instead_of_transposed(images, weight, bias):
    classes, numbers = weight.shape
    return images.flatten(1) @ weight.reshape(numbers, classes) + bias


@misconception(
    "class_scores",
    says="You made chances of the scores. The loss takes the softmax itself: return plain scores.",
)
def softmax_taken(images, weight, bias):
    return (images.flatten(1) @ weight.T + bias).softmax(dim=1)


@misconception(
    "class_scores",
    says="You took the first channel only. flatten(1) takes channels, rows and columns together.",
)
def first_channel_only(images, weight, bias):
    rows = images[:, 0].flatten(1)
    return rows @ weight[:, : rows.shape[1]].T + bias


@alternative("class_scores")
def ready_made(images, weight, bias):
    return F.linear(images.flatten(1), weight, bias)


@alternative("class_scores")
def by_einsum(images, weight, bias):
    rows = images.reshape(len(images), -1)
    return torch.einsum("nd,kd->nk", rows, weight) + bias


@alternative("class_scores")
def one_class_after_the_other(images, weight, bias):
    rows = images.flatten(start_dim=1)
    columns = [(rows * w).sum(dim=1) + b for w, b in zip(weight, bias, strict=True)]
    return torch.stack(columns, dim=1)
