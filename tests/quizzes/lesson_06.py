"""Lesson 06's quiz, recomputed. What the tables mean stands in `answers.py`."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from tests.quizzes.answers import count, outcome, shape
from tests.quizzes.coders import (
    SEEN,
    adam_hardly_notices,
    attend,
    autoencoder,
    bag_of_words,
    best_constant_is_the_mean,
    bits,
    codes_may_be_turned,
    dead_code_gets_no_gradient,
    fresh_noise_keeps_the_spread,
    greedy,
    iou,
    linear_net_is_pca,
    linear_then_sigmoid,
    lookup_table,
    lower_threshold_finds_more,
    many_steps_are_one,
    masked_after_softmax,
    patches,
    pca_loss,
    principal_angles,
    psnr,
    roc_auc,
    sampled,
    slope_through_the_codebook,
    spread_of_products,
    tempered,
    u_net,
)
from utils.number_words import english, korean

X, X_HAT = torch.tensor([[1.0, 2.0], [0.0, 0.0]]), torch.tensor([[0.0, 0.0], [3.0, 0.0]])
BATCHES = torch.tensor([[4.0, 64], [4.0, 64], [40.0, 2]])  # mean loss and size
CROSS = torch.tensor([[3.0, 0], [-3, 0], [0, 1], [0, -1]])
ODD, NORMAL = [5, 2], [1, 2, 4]
FOUND, MISSED, FALSE, PASSED = 38, 7, 20, 385
CLEAN, NOISE = torch.tensor([2.0, 0.0]), torch.tensor([4.0, 2.0])
WINDOW = torch.tensor([[1.0, 1, 2], [2, 9, 2], [2, 3, 3]])
# Masks of 6 and of 8 pixels that share 4.
MARKED, TRUTH = torch.zeros(2, 20, dtype=torch.bool)
MARKED[:6], TRUTH[2:10] = True, True
OBJECT = torch.arange(100) < 5
KEPT = 0.64  # ᾱ of the quiz's pixels
LOG3 = math.log(3)
ROWS = torch.tensor([0.0, 4.0, 10.0])


def mixed(x: float, noise: float, kept: float = KEPT) -> float:
    """A pixel after some steps of noise."""
    return math.sqrt(kept) * x + math.sqrt(1 - kept) * noise


def steps_of(epochs: int, size: int = 64) -> int:
    """Adam's steps over the training digits."""
    return epochs * len(torch.arange(1347).split(size))


def up(**settings) -> int:
    return count(nn.ConvTranspose2d(16, 8, settings.pop("K", 2), stride=2, **settings))


ANSWERS = {
    "through-both-halves": lambda: {
        0.5: linear_then_sigmoid(bias=-3),
        3: F.relu(torch.tensor([1.0, -3]) @ torch.tensor([2.0, 1]) + 4),
        0: 1 * 3 - 3,
        0.953: linear_then_sigmoid(bias=0),
    },
    "loss-of-two-pictures": lambda: {
        7: (X - X_HAT).square().sum(dim=1).mean(),
        3.5: F.mse_loss(X, X_HAT),
        14: (X - X_HAT).square().sum(),
        3: (X - X_HAT).abs().sum(dim=1).mean(),
    },
    "factor-of-the-pixels": lambda: {
        1.28: 0.02 * 8 * 8,
        0.02: 0.02,
        0.16: 0.02 * 8,
        0.0003125: 0.02 / 64,
    },
    "code-s-shape": lambda: {
        (32, 5): shape(autoencoder(64, 150, 50, 20, 5)[0](torch.zeros(32, 1, 8, 8))),
        (32, 20): shape(autoencoder(64, 150, 50, 20)[0](torch.zeros(32, 1, 8, 8))),
        (32, 1, 8, 8): shape(torch.zeros(32, 1, 8, 8)),
        (5,): shape(autoencoder(64, 150, 50, 20, 5)[0](torch.zeros(32, 1, 8, 8))[0]),
    },
    "parameters-of-an-autoencoder": lambda: {
        1406: sum(map(count, autoencoder(64, 10, 2))),
        1344: 2 * count(autoencoder(64, 10, 2)[0]),
        1320: sum(p.numel() for h in autoencoder(64, 10, 2) for p in h.parameters() if p.dim() > 1),
        672: count(autoencoder(64, 10, 2)[0]),
    },
    "steps-in-ten-epochs": lambda: {
        220: steps_of(10),
        210: 10 * (1347 // 64),
        13470: steps_of(10, size=1),
        10: steps_of(10, size=1347),
    },
    "mean-of-an-epoch": lambda: {
        4.55: BATCHES.prod(dim=1).sum() / BATCHES[:, 1].sum(),
        16: BATCHES[:, 0].mean(),
        48: BATCHES[:, 0].sum(),
        4: BATCHES[:2, 0].mean(),
    },
    "shape-of-components": lambda: {
        (5, 64): shape(torch.linalg.svd(SEEN[:100].flatten(1), full_matrices=False)[2][:5]),
        (100, 5): (100, 5),
        (64, 64): shape(torch.linalg.svd(SEEN[:100].flatten(1), full_matrices=False)[2]),
        (5, 5): shape(torch.cov(torch.rand(100, 5).T)),
    },
    "two-planes": lambda: {
        "[0, 90]": principal_angles(torch.eye(3)[:2], torch.eye(3)[[0, 2]]),
        "[0, 0]": principal_angles(torch.eye(3)[:2], torch.eye(3)[[1, 0]]),
    },
    "lost-by-one-component": lambda: {
        0.5: pca_loss(CROSS, 1),
        0.25: pca_loss(CROSS, 1) / 2,
        4.5: pca_loss(CROSS, 0) - pca_loss(CROSS, 1),
        2: 4 * pca_loss(CROSS, 1),
    },
    "pairs-of-scores": lambda: {
        0.75: roc_auc(ODD, NORMAL),
        0.667: roc_auc(ODD, NORMAL, tie=0),
        0.833: roc_auc(ODD, NORMAL, tie=1),
        0.25: roc_auc(NORMAL, ODD),
    },
    "a-worthless-detector": lambda: {
        0.5: roc_auc([3] * 4, [3] * 7),
        0: roc_auc([1, 2], [3, 4]),
        1: roc_auc([3, 4], [1, 2]),
    },
    "how-many-alarms-are-right": lambda: {
        0.655: FOUND / (FOUND + FALSE),
        0.844: FOUND / (FOUND + MISSED),
        0.951: PASSED / (PASSED + FALSE),
        0.049: FALSE / (PASSED + FALSE),
    },
    "denoising-loss-by-hand": lambda: {
        1: F.mse_loss((CLEAN + NOISE) / 2, CLEAN),
        5: F.mse_loss((CLEAN + NOISE) / 2, CLEAN + NOISE),
        2: F.mse_loss((CLEAN + NOISE) / 2, CLEAN, reduction="sum"),
        0.5: F.mse_loss(CLEAN / 2, CLEAN),
    },
    "psnr-of-a-hundredth": lambda: {
        20: psnr(0.01),
        40: 2 * psnr(0.01),
        -20: -psnr(0.01),
        2: psnr(0.01) / 10,
    },
    "ten-decibels-more": lambda: {
        10: 10 ** (10 / 10),
        100: 10 ** (20 / 10),
        1000: 10 ** (30 / 10),
        20: 20 if round(psnr(1 / 20)) == 13 else None,
    },
    "median-of-a-window": lambda: {
        2: WINDOW.flatten().median(),
        2.78: WINDOW.mean(),
        9: WINDOW.max(),
        1: WINDOW.min(),
    },
    "overlap-of-two-masks": lambda: {
        0.4: iou(MARKED, TRUTH),
        0.5: (MARKED & TRUTH).sum() / TRUTH.sum(),
        0.667: (MARKED & TRUTH).sum() / MARKED.sum(),
        0.571: 2 * (MARKED & TRUTH).sum() / (MARKED.sum() + TRUTH.sum()),
    },
    "marking-nothing": lambda: {
        0: iou(torch.zeros(100).bool(), OBJECT),
        0.95: (torch.zeros(100).bool() == OBJECT).double().mean(),
        0.05: iou(torch.ones(100).bool(), OBJECT),
        1: iou(OBJECT, OBJECT),
    },
    "loss-of-not-knowing": lambda: {
        0.693: F.binary_cross_entropy_with_logits(torch.zeros(9), (torch.arange(9) < 4).float()),
        0.5: torch.sigmoid(torch.tensor(0.0)),
        1: F.binary_cross_entropy_with_logits(torch.zeros(1), torch.ones(1)) / math.log(2),
        0: F.binary_cross_entropy_with_logits(torch.tensor([999.0]), torch.ones(1)),
    },
    "what-arrives-at-dec1": lambda: {
        (2, 8, 16, 24): u_net(4, (2, 1, 16, 24))["into dec1"],
        (2, 4, 16, 24): u_net(4, (2, 1, 16, 24))["enc1"],
        (2, 16, 8, 12): u_net(4, (2, 1, 16, 24))["into dec2"],
        (2, 1, 16, 24): u_net(4, (2, 1, 16, 24))["out"],
    },
    "shape-at-the-bottom": lambda: {
        (1, 32, 8, 8): u_net(8, (1, 1, 32, 32))["bottom"],
        (1, 16, 16, 16): u_net(8, (1, 1, 32, 32))["enc2"],
        (1, 16, 8, 8): u_net(8, (1, 1, 32, 32))["into bottom"],
        (1, 64, 4, 4): u_net(16, (1, 1, 16, 16))["bottom"],
    },
    "thirty-pixels-wide": lambda: {
        14: 2 * (30 // 2 // 2),
        15: 30 // 2,
        7: 30 // 2 // 2,
        16: 2 * math.ceil(15 / 2),
    },
    "weights-on-the-way-up": lambda: {
        520: up(),
        512: up(bias=False),
        528: up(bias=False) + 16,
        1160: up(K=3),
    },
    "draw-a-code": lambda: {
        2: 1 + math.sqrt(4) * 0.5,
        3: 1 + 4 * 0.5,
        1.5: 1 + 0.5,
        1: math.sqrt(4) * 0.5,
    },
    "a-lookup-table": lambda: dict(
        zip(
            (
                "Its accuracy is as high as that of real pictures.",
                "Its diversity is about that of real pictures.",
                "Its distance to the nearest training picture is 0.",
                "It can draw something that is not in the training data.",
            ),
            lookup_table(),
            strict=True,
        )
    ),
    "two-steps-of-noise": lambda: {
        0.72: math.prod(1 - beta for beta in (0.1, 0.2)),
        0.7: 1 - 0.1 - 0.2,
        0.02: 0.1 * 0.2,
        0.8: 1 - 0.2,
    },
    "a-pixel-with-noise": lambda: {
        -0.2: mixed(0.5, -1),
        -0.04: KEPT * 0.5 - (1 - KEPT),
        -0.5: 0.5 - 1,
        0.4: mixed(0.5, 0),
    },
    "variance-on-the-way": lambda: {
        1: mixed(1, 0, 0.36) ** 2 + mixed(0, 1, 0.36) ** 2,
        0.5392: 0.36**2 + 0.64**2,
        0.36: mixed(1, 0, 0.36) ** 2,
        2: 1 + 1,
    },
    "half-way-of-the-cosine": lambda: {
        0.5: math.cos(math.pi / 4) ** 2,
        0.707: math.cos(math.pi / 4),
        0.25: math.cos(math.pi / 4) ** 4,
        0: round(math.cos(math.pi / 2) ** 2, 9),
    },
    "loss-of-answering-nothing": lambda: {
        1: round(torch.randn(10**6, generator=torch.Generator().manual_seed(0)).var().item(), 1),
        0: F.mse_loss(torch.ones(64), torch.ones(64)),
        64: 64 * 1,
        0.5: 1 / 2,
    },
    "the-picture-behind-the-noise": lambda: {
        0.875: (1 - math.sqrt(1 - KEPT) * 0.5) / math.sqrt(KEPT),
        0.5: 1 - 0.5,
        0.7: 1 - math.sqrt(1 - KEPT) * 0.5,
        1.281: (1 - (1 - KEPT) * 0.5) / KEPT,
    },
    "how-often-it-is-asked": lambda: {
        50: len(range(50, 0, -1)),
        500: 10 * len(range(50, 0, -1)),
        51: len(range(50, -1, -1)),
        10: 10,
    },
    "two-scores": lambda: {
        0.75: attend([2 * LOG3, 0], math.sqrt(4)),
        0.9: attend([2 * LOG3, 0], 1),
        0.25: 1 - attend([2 * LOG3, 0], math.sqrt(4)),
        0.634: attend([2 * LOG3, 0], 4),
    },
    "shape-of-what-is-read": lambda: {
        (2, 5, 3): shape(
            F.scaled_dot_product_attention(
                torch.rand(2, 5, 8), torch.rand(2, 7, 8), torch.rand(2, 7, 3)
            )
        ),
        (2, 5, 7): shape(torch.rand(2, 5, 8) @ torch.rand(2, 7, 8).mT),
        (2, 7, 3): (2, 7, 3),
        (2, 5, 8): (2, 5, 8),
    },
    "who-may-look": lambda: {
        10: torch.ones(4, 4).tril().sum(),
        6: torch.ones(4, 4).tril(-1).sum(),
        16: torch.ones(4, 4).sum(),
        4: torch.eye(4).sum(),
    },
    "parameters-of-four-heads": lambda: {
        16384: sum(p.numel() for p in nn.MultiheadAttention(64, 4, bias=False).parameters()),
        65536: 4 * 4 * 64 * 64,
        4096: 64 * 64,
        12288: nn.MultiheadAttention(64, 4, bias=False).in_proj_weight.numel(),
    },
    "words-of-three-hundred-ten": lambda: {
        2: len(korean(310)),
        3: len(english(310)),
        4: 2 * len(korean(310)),
    },
    "how-many-questions": lambda: {
        3: len(greedy(sum)),
        7: len(greedy(lambda prefix: prefix[-1])),
        8: 8,
        2: len(greedy(sum)) - 1,
    },
    "four-words-right": lambda: {
        0.922: 0.98**4,
        0.98: 0.98,
        0.92: 1 - 4 * 0.02,
        0.078: 1 - 0.98**4,
    },
    "shape-of-patches": lambda: {
        (3, 16, 4): shape(patches(torch.zeros(3, 1, 8, 8), 2)),
        (3, 4, 16): shape(patches(torch.zeros(3, 1, 8, 8), 4)),
        (3, 16, 2, 2): shape(patches(torch.zeros(3, 1, 8, 8), 2).unflatten(2, (2, 2))),
        (48, 4): shape(patches(torch.zeros(3, 1, 8, 8), 2).flatten(0, 1)),
    },
    "patches-in-colour": lambda: {
        192: patches(torch.zeros(1, 3, 32, 32), 8).shape[2],
        64: patches(torch.zeros(1, 1, 32, 32), 8).shape[2],
        16: patches(torch.zeros(1, 3, 32, 32), 8).shape[1],
        3072: torch.zeros(1, 3, 32, 32).numel(),
    },
    "first-of-the-patches": lambda: {
        "[0, 1, 4, 5]": patches(torch.arange(16.0).reshape(1, 1, 4, 4), 2)[0, 0],
        "[0, 1, 2, 3]": torch.arange(16).reshape(4, 4)[0],
        "[0, 4, 1, 5]": torch.arange(16).reshape(4, 4)[:2, :2].T.flatten(),
        "[0, 2, 8, 10]": torch.arange(16).reshape(4, 4)[::2, ::2].flatten(),
    },
    "hidden-ones-only": lambda: {
        5: torch.tensor([1.0, 2, 3])[[0, 2]].square().mean(),
        4.667: torch.tensor([1.0, 2, 3]).square().mean(),
        3.333: torch.tensor([1.0, 2, 3])[[0, 2]].square().sum() / 3,
        10: torch.tensor([1.0, 2, 3])[[0, 2]].square().sum(),
    },
    "number-of-the-nearest": lambda: {
        1: (ROWS - 6.5).abs().argmin(),
        2: (ROWS - 6.5).abs().argsort()[1],
        0: (ROWS - 6.5).abs().argsort()[2],
        4: ROWS[(ROWS - 6.5).abs().argmin()],
    },
    "straight-through": lambda: {
        6: slope_through_the_codebook("straight"),
        0: slope_through_the_codebook("true"),
        4.4: slope_through_the_codebook("at z"),
        3: slope_through_the_codebook("straight") / 2,
    },
    "bits-of-a-digit": lambda: {80: bits(16, 32), 512: 16 * 32, 5: bits(1, 32), 20: bits(4, 32)},
    "warmer": lambda: {
        0.75: tempered(2)[0],
        0.45: tempered(1)[0] / 2,
        0.988: tempered(0.5)[0],
        0.9: tempered(1)[0],
    },
    "token-by-luck": lambda: {
        1: sampled([0.5, 0.25, 0.25], 0.6),
        0: torch.tensor([0.5, 0.25, 0.25]).argmax(),
        2: sampled([0.5, 0.25, 0.25], 0.75),
    },
}

CLAIMS = {
    "down 650 + 22, up 30 + 704": lambda: (
        [count(layer) for half in autoencoder(64, 10, 2) for layer in half if count(layer)]
        == [650, 22, 30, 704]
    ),
    "a code behind ReLU that is negative for every picture gets no gradient": (
        dead_code_gets_no_gradient
    ),
    "linear layers of full width can copy everything": lambda: pca_loss(SEEN[:100], 64) < 1e-6,
    "1,347 digits: 21 full batches and one of 3": lambda: (
        len(SEEN) == 1347 and [len(b) for b in torch.arange(1347).split(64)] == [64] * 21 + [3]
    ),
    "the sum's gradient is 64 times the mean's, and Adam hardly notices": adam_hardly_notices,
    "of all fixed pictures the mean has the smallest squared error": best_constant_is_the_mean,
    "a linear net at its best is PCA": linear_net_is_pca,
    "turned codes restore as well, with other axes": codes_may_be_turned,
    "lowering a threshold loses none and frees none": lower_threshold_finds_more,
    "38 + 7 = 45 and 20 + 385 = 405": lambda: (FOUND + MISSED, FALSE + PASSED) == (45, 405),
    "−log(1 − sigmoid(1000)) is inf in float32, and the loss from logits 1000": lambda: (
        math.isinf(-torch.log(1 - torch.sigmoid(torch.tensor(1000.0))))
        and F.binary_cross_entropy_with_logits(torch.tensor(1000.0), torch.tensor(0.0)) == 1000
    ),
    "float32 has nothing between 1 − 10⁻⁸ and 1": lambda: (
        torch.nextafter(torch.tensor(1.0), torch.tensor(0.0)).double() < 1 - 1e-8
    ),
    "skips of 15 and maps of 14 do not fit together": lambda: (
        outcome(lambda: u_net(4, (1, 1, 30, 30))) is RuntimeError
    ),
    "many steps of noise are one": many_steps_are_one,
    "at t = 1 the variance of the step is 0, and fresh noise keeps the spread": (
        fresh_noise_keeps_the_spread
    ),
    "products of d = 64 standard numbers have standard deviation 8": spread_of_products,
    "masked after softmax: rows below 1": masked_after_softmax,
    "eight heads have as many parameters": lambda: (
        count(nn.MultiheadAttention(64, 8)) == count(nn.MultiheadAttention(64, 4))
    ),
    "without positions the memory is a bag": bag_of_words,
    "21,300 and what the wrong words say": lambda: (
        [" ".join(korean(n)) for n in (21300, 20300, 310)]
        == ["이만 천 삼백", "이만 삼백", "삼백 십"]
        and " ".join(english(21300)) == "twenty one thousand three hundred"
    ),
    "temperatures: cold is greedy, hot is even": lambda: (
        tempered(0.01)[0] > 0.999999 and abs(tempered(1e6)[0] - 0.5) < 1e-5
    ),
    "PSNR of a twentieth is 13 dB": lambda: round(psnr(1 / 20)) == 13,
}
