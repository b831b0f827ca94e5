"""Wrong and other right solutions of `reconstruction_loss`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "reconstruction_loss",
    says="You average over the pixels too, as F.mse_loss does: on digits that is 64 times too "
    "small. Add up the squares of each image, then average over the N images.",
)
def averaged_over_the_pixels(x, x_hat):
    return F.mse_loss(x_hat, x)


@misconception(
    "reconstruction_loss",
    says="You add up the images too: twice the batch would be twice the loss. Divide by N.",
)
def summed_over_the_images(x, x_hat):
    return ((x - x_hat) ** 2).sum()


@misconception(
    "reconstruction_loss",
    says="You return one number for each image. Their mean is asked for, a single number.",
)
def one_for_each_image(x, x_hat):
    return ((x - x_hat) ** 2).flatten(1).sum(dim=1)


@misconception(
    "reconstruction_loss",
    says="You add up along the last axis alone, and average over all the others. "
    "An image has more axes than one: flatten(1) first, then sum(dim=1).",
)
def last_axis_alone(x, x_hat):
    return ((x - x_hat) ** 2).sum(dim=-1).mean()


@misconception(
    "reconstruction_loss",
    says="You add up over the batch and average over the pixels. It is the other way round: "
    "add up each image's pixels, average over the images.",
)
def axes_swapped(x, x_hat):
    return ((x - x_hat) ** 2).sum(dim=0).mean()


@misconception(
    "reconstruction_loss",
    says="The square is missing: you add up the differences' sizes, |x − x′|.",
)
def absolute_differences(x, x_hat):
    return (x - x_hat).abs().flatten(1).sum(dim=1).mean()


@misconception(
    "reconstruction_loss",
    says="You take the root: that is the length ‖x − x′‖. The loss has its square, ‖x − x′‖².",
)
def root_taken(x, x_hat):
    return (x - x_hat).flatten(1).norm(dim=1).mean()


@misconception(
    "reconstruction_loss",
    says="`.item()` makes a Python number, from which no gradient flows back: "
    "a net could not learn from it. Return the tensor.",
)
def turned_into_a_number(x, x_hat):
    return ((x - x_hat) ** 2).flatten(1).sum(dim=1).mean().item()


@alternative("reconstruction_loss")
def all_over_the_count(x, x_hat):
    return (x - x_hat).pow(2).sum() / x.shape[0]


@alternative("reconstruction_loss")
def product_with_itself(x, x_hat):
    apart = (x_hat - x).reshape(len(x), -1)
    return torch.einsum("nd,nd->", apart, apart) / len(apart)


@alternative("reconstruction_loss")
def image_after_image(x, x_hat):
    lengths = [torch.dist(a, b) ** 2 for a, b in zip(x.flatten(1), x_hat.flatten(1), strict=True)]
    return torch.stack(lengths).mean()
