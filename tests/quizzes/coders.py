"""What lesson 06's quiz needs recomputed: autoencoders, scores, noise, attention and tokens."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from utils import data

SEEN, SEEN_LABELS = data.digits("train")


def draws(seed: int = 0) -> torch.Generator:
    """A generator of its own, so that every number here is the same each time."""
    return torch.Generator().manual_seed(seed)


# ------------------------------------------------------------------ autoencoders


def autoencoder(*sizes: int) -> tuple[nn.Sequential, nn.Sequential]:
    """Encoder and decoder of linear layers, with ReLU between them and a sigmoid at the end."""

    def stack(widths: Sequence[int]) -> list[nn.Module]:
        pairs = list(itertools.pairwise(widths))
        return [layer for a, b in pairs for layer in (nn.Linear(a, b), nn.ReLU())][:-1]

    encoder = nn.Sequential(nn.Flatten(), *stack(sizes))
    return encoder, nn.Sequential(*stack(sizes[::-1]), nn.Sigmoid())


def linear_then_sigmoid(bias: float) -> Tensor:
    """The quiz's net by hand: x = (2, 1), We = (1, −3), be = 4, Wd = 1."""
    z = F.relu(torch.tensor([1.0, -3.0]) @ torch.tensor([2.0, 1.0]) + 4)
    return torch.sigmoid(1 * z + bias)


def dead_code_gets_no_gradient() -> bool:
    """Whether a number of the code that ReLU cuts off for all pictures has gradients of 0."""
    layer = nn.Linear(64, 2)
    nn.init.constant_(layer.bias, -100.0)
    F.relu(layer(SEEN[:50].flatten(1))).sum().backward()
    return not layer.weight.grad.any() and not layer.bias.grad.any()


def adam_hardly_notices() -> bool:
    """Whether a loss 64 times as large has 64 times the gradient and the same steps by Adam."""
    moved, slopes = [], []
    for factor in (1.0, 64.0):
        w = torch.tensor([0.3, -0.7], requires_grad=True)
        adam = torch.optim.Adam([w], lr=0.01)
        for _ in range(20):
            adam.zero_grad()
            (factor * (w - torch.tensor([1.0, 2.0])).square().mean()).backward()
            if len(slopes) < 20 * len(moved) + 1:
                slopes.append(w.grad.clone())
            adam.step()
        moved.append(w.detach())
    return torch.allclose(slopes[1], 64 * slopes[0]) and torch.allclose(*moved, atol=1e-5)


def best_constant_is_the_mean() -> bool:
    """Whether the mean restores all digits better than itself, a little moved, and any digit."""
    rows = SEEN.flatten(1)
    mean = rows.mean(dim=0)

    def loss(picture: Tensor) -> float:
        return (rows - picture).square().sum(dim=1).mean().item()

    others = [mean + 0.01, mean - 0.01, *rows[:30]]
    return all(loss(mean) < loss(other) for other in others)


def principal(rows: Tensor, k: int) -> Tensor:
    """The k principal components (k, D)."""
    return torch.linalg.svd(rows - rows.mean(dim=0), full_matrices=False)[2][:k]


def pca_loss(images: Tensor, k: int) -> float:
    """1/N Σ‖x − x′‖² of k principal components."""
    rows = images.flatten(1).double()
    centred = rows - rows.mean(dim=0)
    components = principal(rows, k)
    return (centred - centred @ components.T @ components).square().sum(dim=1).mean().item()


def principal_angles(A: Tensor, B: Tensor) -> Tensor:
    """In degrees, rising."""
    bases = [torch.linalg.qr(M.double().T)[0] for M in (A, B)]
    return torch.linalg.svdvals(bases[0].T @ bases[1]).clamp(max=1).acos().rad2deg().round()


@functools.cache
def linear_code() -> tuple[Tensor, Tensor]:
    """Encoder (2, D) and decoder (D, 2) of a linear net of two numbers, trained on made data."""
    rows = torch.randn(200, 6, generator=draws(), dtype=torch.float64)
    rows = rows * torch.tensor([5.0, 4.0, 1.0, 0.5, 0.3, 0.2])
    rows = rows - rows.mean(dim=0)
    down = torch.randn(2, 6, generator=draws(1), dtype=torch.float64)
    for _ in range(300):  # alternating least squares: the best decoder, then the best encoder
        codes = rows @ down.T
        up = torch.linalg.lstsq(codes, rows).solution.T
        down = torch.linalg.pinv(up)
    return down, rows


def linear_net_is_pca() -> bool:
    """Whether the linear net restores as PCA does, in the same plane, with other axes."""
    down, rows = linear_code()
    restored = rows @ down.T @ torch.linalg.pinv(down).T
    loss = (rows - restored).square().sum(dim=1).mean().item()
    components = principal(rows, 2)
    axes = F.normalize(down, dim=1)
    same_axes = (axes @ components.T).abs().max(dim=1).values
    return (
        math.isclose(loss, pca_loss(rows, 2), rel_tol=1e-9)
        and not principal_angles(down, components).any()
        and bool((same_axes < 0.999).any())
    )


def codes_may_be_turned() -> bool:
    """Whether a code that is turned, and turned back by the decoder, restores the same pictures."""
    components = principal(SEEN.flatten(1).double(), 2)
    turn = torch.linalg.qr(torch.randn(2, 2, generator=draws(), dtype=torch.float64))[0]
    rows = SEEN[:50].flatten(1).double()
    plain, turned = (rows @ C.T @ C for C in (components, turn @ components))
    return torch.allclose(plain, turned) and not torch.allclose(components, turn @ components)


# ------------------------------------------------------------------ scores


def roc_auc(odd: Sequence[float], normal: Sequence[float], tie: float = 0.5) -> float:
    """The share of pairs in which the anomalous one scores higher, by a loop."""
    points = [1.0 if a > n else tie if a == n else 0.0 for a in odd for n in normal]
    return sum(points) / len(points)


def lower_threshold_finds_more() -> bool:
    """Whether a lower threshold never finds fewer and never gives fewer false alarms."""
    odd, normal = torch.rand(2, 200, generator=draws())
    shares = [[int((s > t).sum()) for s in (odd, normal)] for t in torch.linspace(1, 0, 50)]
    return all(a <= b and c <= d for (a, c), (b, d) in itertools.pairwise(shares))


def psnr(mse: float) -> float:
    """In dB, for pixels from 0 to 1."""
    return 10 * math.log10(1 / mse)


def iou(masks: Tensor, truth: Tensor) -> Tensor:
    """Of two boolean masks."""
    return (masks & truth).sum() / (masks | truth).sum()


def lookup_table() -> tuple[bool, bool, bool, bool]:
    """What holds for a table that fetches a training digit: readable, diverse, a copy, new.

    Readable here means that its nearest real neighbour, another digit than itself, has its label
    as often as test digits' nearest ones have theirs, or oftener.
    """
    test, labels = data.digits("test")
    picked = torch.randperm(len(SEEN), generator=draws())[: len(test)]
    samples = SEEN[picked].flatten(1)
    seen, new = SEEN.flatten(1), test.flatten(1)
    away = torch.cdist(samples, seen, compute_mode="donot_use_mm_for_euclid_dist")
    copies = away.min(dim=1).values
    away[torch.arange(len(picked)), picked] = math.inf
    read = (SEEN_LABELS[away.argmin(dim=1)] == SEEN_LABELS[picked]).double().mean()
    real = (SEEN_LABELS[torch.cdist(new, seen).argmin(dim=1)] == labels).double().mean()
    spread = [
        torch.stack([torch.pdist(x[y == digit]).mean() for digit in range(10)]).mean()
        for x, y in ((samples, SEEN_LABELS[picked]), (new, labels))
    ]
    known = {tuple(row) for row in seen.tolist()}
    return (
        bool(read > real - 0.02),
        bool((spread[0] / spread[1] - 1).abs() < 0.05),
        not copies.any(),
        any(tuple(row) not in known for row in samples.tolist()),
    )


# ------------------------------------------------------------------ nets for pictures


def u_net(c: int, size: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """The shapes on the way through the lesson's U-Net, with a convolution for each block."""
    shapes: dict[str, tuple[int, ...]] = {}

    def block(name: str, x: Tensor, C: int) -> Tensor:
        shapes[f"into {name}"] = tuple(x.shape)
        made: Tensor = nn.Conv2d(x.shape[1], C, 3, padding=1)(x)
        shapes[name] = tuple(made.shape)
        return made

    def up(x: Tensor) -> Tensor:
        made: Tensor = nn.ConvTranspose2d(x.shape[1], x.shape[1] // 2, 2, stride=2)(x)
        return made

    first = block("enc1", torch.zeros(size), c)
    second = block("enc2", F.max_pool2d(first, 2), 2 * c)
    low = block("bottom", F.max_pool2d(second, 2), 4 * c)
    low = block("dec2", torch.cat([second, up(low)], dim=1), 2 * c)
    low = block("dec1", torch.cat([first, up(low)], dim=1), c)
    shapes["out"] = tuple(nn.Conv2d(c, 1, 1)(low).shape)
    return shapes


def patches(x: Tensor, P: int) -> Tensor:
    """Patches by slicing, (N, how many, C·P·P)."""
    N, _, H, W = x.shape
    cut = [
        x[:, :, i : i + P, j : j + P].reshape(N, -1) for i in range(0, H, P) for j in range(0, W, P)
    ]
    return torch.stack(cut, dim=1)


# ------------------------------------------------------------------ noise


def many_steps_are_one() -> bool:
    """Whether steps of β one after the other leave the share and the variance of one jump."""
    betas = [0.1, 0.25, 0.4]
    signal, variance = 1.0, 0.0
    for beta in betas:
        signal *= math.sqrt(1 - beta)
        variance = (1 - beta) * variance + beta
    kept = math.prod(1 - beta for beta in betas)
    return math.isclose(signal, math.sqrt(kept)) and math.isclose(variance, 1 - kept)


def fresh_noise_keeps_the_spread() -> bool:
    """Of a data set with one picture, 0: what a step back leaves with and without fresh noise.

    A perfect net sees the noise x / √(1 − ᾱ). Without fresh noise the variance falls below
    1 − ᾱ at t − 1, with it it is just that; and at t = 1 the fresh noise has the factor 0.
    """
    kept = [1.0, 0.9, 0.6, 0.3]
    fine = []
    for t in (1, 2, 3):
        alpha = kept[t] / kept[t - 1]
        beta = 1 - alpha
        factor = (1 - beta / (1 - kept[t])) / math.sqrt(alpha)
        without = factor**2 * (1 - kept[t])
        fresh = beta * (1 - kept[t - 1]) / (1 - kept[t])
        fine.append(math.isclose(without + fresh, 1 - kept[t - 1], abs_tol=1e-12))
        fine.append(fresh == 0 if t == 1 else without < 1 - kept[t - 1])
    return all(fine)


# ------------------------------------------------------------------ attention and tokens


def attend(products: Sequence[float], divisor: float) -> float:
    """The first weight of products that are divided and go through softmax."""
    return (torch.tensor(products, dtype=torch.float64) / divisor).softmax(dim=0)[0].item()


def spread_of_products(d: int = 64) -> bool:
    """Whether products of standard vectors of width d have the standard deviation √d."""
    q, k = torch.randn(2, 50_000, d, generator=draws())
    return abs((q * k).sum(dim=1).std().item() / math.sqrt(d) - 1) < 0.02


def masked_after_softmax() -> bool:
    """Whether weights that are set to 0 after the softmax leave rows below 1, and others wrong."""
    scores = torch.randn(4, 4, generator=draws())
    mask = torch.ones(4, 4).tril().bool()
    late = scores.softmax(dim=1) * mask
    early = scores.masked_fill(~mask, -math.inf).softmax(dim=1)
    return bool((late.sum(dim=1)[:3] < 1).all()) and bool((late[:3] <= early[:3]).all())


def bag_of_words() -> bool:
    """Whether self-attention without positions gives the same rows in the words' new order.

    And whether a query that reads them, the decoder's, then gets the same answer.
    """
    layer = nn.MultiheadAttention(8, 2, batch_first=True).eval()
    words, asker = torch.randn(1, 5, 8, generator=draws()), torch.randn(1, 3, 8, generator=draws(1))
    order = torch.tensor([3, 0, 4, 1, 2])
    with torch.no_grad():
        memory, other = (layer(x, x, x)[0] for x in (words, words[:, order]))
        answers = [layer(asker, x, x)[0] for x in (memory, other)]
    return torch.allclose(memory[:, order], other, atol=1e-6) and torch.allclose(
        *answers, atol=1e-6
    )


def greedy(of_prefix: Callable[[list[int]], int], start: int = 2, end: int = 9) -> list[int]:
    """What is written when the next token is a number of the prefix plus 1, at most `end`."""
    prefix = [start]
    while len(prefix) <= 8 and (len(prefix) == 1 or prefix[-1] != end):
        prefix.append(min(of_prefix(prefix) + 1, end))
    return prefix[1:]


def slope_through_the_codebook(way: str) -> float:
    """The gradient of (q − 1)² by z = 3.2 with the nearest row 4, three ways."""
    z = torch.tensor(3.2, dtype=torch.float64, requires_grad=True)
    row = torch.tensor(4.0, dtype=torch.float64)
    q = {"straight": z + (row - z).detach(), "true": row + 0 * z, "at z": z}[way]
    (q - 1).square().backward()
    return z.grad.item()


def bits(tokens: int, rows: int) -> float:
    """How many bits so many tokens of a codebook need."""
    return tokens * math.log2(rows)


def tempered(temperature: float) -> list[float]:
    """The chances of the logits log 9 and 0."""
    logits = torch.tensor([math.log(9), 0.0], dtype=torch.float64)
    return (logits / temperature).softmax(dim=0).tolist()


def sampled(chances: Sequence[float], luck: float) -> int:
    """The first token whose sum of chances exceeds the number."""
    total = 0.0
    for token, chance in enumerate(chances):
        total += chance
        if total > luck:
            return token
    return len(chances) - 1
