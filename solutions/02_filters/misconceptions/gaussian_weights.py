"""Wrong and other right solutions of `gaussian_weights`."""

import math

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "gaussian_weights",
    says="Your weights do not add up to 1, so the filter makes a picture brighter. "
    "Divide them by their sum.",
)
def not_normalised(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K // 2
    return torch.exp(-(x**2) / (2 * sigma**2))


@misconception(
    "gaussian_weights",
    says="1 / (σ√(2π)) normalises the whole bell curve. You keep K points of it, and they do not "
    "add up to 1: divide them by their sum instead.",
)
def density_of_the_bell_curve(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K // 2
    return torch.exp(-(x**2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))


@misconception(
    "gaussian_weights",
    says="You divided the weights by K, their number. Divide them by their sum.",
)
def divided_by_their_number(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K // 2
    return torch.exp(-(x**2) / (2 * sigma**2)) / K


@misconception(
    "gaussian_weights",
    says="The 2 is missing: the exponent is −x² / (2σ²), so divide by 2 * sigma**2.",
)
def two_forgotten(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K // 2
    weights = torch.exp(-(x**2) / sigma**2)
    return weights / weights.sum()


@misconception(
    "gaussian_weights",
    says="σ is not squared: the exponent is −x² / (2σ²), so divide by 2 * sigma**2.",
)
def sigma_not_squared(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K // 2
    weights = torch.exp(-(x**2) / (2 * sigma))
    return weights / weights.sum()


@misconception(
    "gaussian_weights",
    says="x**2 / 2 * sigma**2 divides by 2 and then multiplies by σ². "
    "Put brackets round what you divide by: x**2 / (2 * sigma**2).",
)
def brackets_forgotten(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K // 2
    weights = torch.exp(-(x**2) / 2 * sigma**2)
    return weights / weights.sum()


@misconception(
    "gaussian_weights",
    says="x is not squared, so your weights have a sharp point in the middle. "
    "The exponent is −x² / (2σ²).",
)
def distance_not_squared(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K // 2
    weights = torch.exp(-x.abs() / (2 * sigma**2))
    return weights / weights.sum()


@misconception(
    "gaussian_weights",
    says="The minus is missing in your exponent: the weights grow away from the middle. "
    "Take exp(−x² / (2σ²)); in Python, mind that (-x)**2 is x².",
)
def minus_lost(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K // 2
    weights = torch.exp((-x) ** 2 / (2 * sigma**2))
    return weights / weights.sum()


@misconception(
    "gaussian_weights",
    says="You count x from the first weight, so the first is the largest. "
    "Count from the middle: subtract K // 2.",
)
def counted_from_the_left(K, sigma):
    x = torch.arange(K, dtype=torch.float64)
    weights = torch.exp(-(x**2) / (2 * sigma**2))
    return weights / weights.sum()


@misconception(
    "gaussian_weights",
    says="Your middle lies half a pixel off, so the two sides differ. "
    "K is odd: the middle is K // 2, a whole number, not K / 2.",
)
def half_a_pixel_off(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K / 2
    weights = torch.exp(-(x**2) / (2 * sigma**2))
    return weights / weights.sum()


@misconception(
    "gaussian_weights",
    says="Your x runs from −1 to 1, whatever K is. "
    "Let it count pixels from the middle: for K = 5 it is −2, −1, 0, 1, 2.",
)
def x_from_minus_one_to_one(K, sigma):
    x = torch.linspace(-1, 1, K, dtype=torch.float64)
    weights = torch.exp(-(x**2) / (2 * sigma**2))
    return weights / weights.sum()


@misconception(
    "gaussian_weights",
    says="You made the whole K×K kernel. One line of K weights is asked for: "
    "the next exercise uses it once along the rows and once along the columns.",
)
def whole_kernel(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - K // 2
    weights = torch.exp(-(x**2) / (2 * sigma**2))
    kernel = torch.outer(weights, weights)
    return kernel / kernel.sum()


@misconception(
    "gaussian_weights",
    says="Your weights are float32. Start from float64: torch.arange(K, dtype=torch.float64).",
)
def made_in_float32(K, sigma):
    x = torch.arange(K) - K // 2
    weights = torch.exp(-(x**2) / (2 * sigma**2))
    return weights / weights.sum()


@misconception(
    "gaussian_weights",
    says="Your weights are float64 and were float32 on the way, so only seven digits are right. "
    "Start from float64: torch.arange(K, dtype=torch.float64).",
)
def converted_too_late(K, sigma):
    x = torch.arange(K) - K // 2
    weights = torch.exp(-(x**2) / (2 * sigma**2))
    return (weights / weights.sum()).double()


@misconception(
    "gaussian_weights",
    says="You return a list. Make a tensor of it: torch.tensor(weights, dtype=torch.float64).",
)
def list_returned(K, sigma):
    weights = [math.exp(-((i - K // 2) ** 2) / (2 * sigma**2)) for i in range(K)]
    return [weight / sum(weights) for weight in weights]


@alternative("gaussian_weights")
def softmax_of_the_exponents(K, sigma):
    x = torch.linspace(-(K // 2), K // 2, K, dtype=torch.float64)
    return torch.softmax(-(x**2) / (2 * sigma**2), dim=0)


@alternative("gaussian_weights")
def one_half_mirrored(K, sigma):
    half = [1.0]
    for x in range(1, K // 2 + 1):
        half.append(math.exp(-0.5 * (x / sigma) ** 2))
    total = half[0] + 2 * sum(half[1:])
    return torch.tensor(half[:0:-1] + half, dtype=torch.float64) / total


@alternative("gaussian_weights")
def powers_of_one_number(K, sigma):
    ratio = torch.tensor(1 / (2 * sigma * sigma), dtype=torch.float64).neg().exp()
    x = torch.arange(-(K // 2), K // 2 + 1)
    return F.normalize(ratio ** x.square(), p=1, dim=0)


@alternative("gaussian_weights")
def density_then_normalised(K, sigma):
    x = torch.arange(K, dtype=torch.float64) - (K - 1) / 2
    width = torch.tensor(sigma, dtype=torch.float64)
    density = torch.distributions.Normal(torch.zeros_like(width), width).log_prob(x).exp()
    return density / density.sum()
