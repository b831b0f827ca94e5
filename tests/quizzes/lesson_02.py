"""Lesson 02's quiz, recomputed. What the tables mean stands in `answers.py`."""

import math
from functools import partial

import torch
from torch import nn

from tests.quizzes.answers import conv, count, outcome, shape

SOBEL_X = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
PREWITT_X = torch.tensor([[-1.0, 0, 1]] * 3)
LAPLACIAN = torch.tensor([[0.0, -1, 0], [-1, 4, -1], [0, -1, 0]])
GAUSSIAN = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
SHARPEN = torch.tensor([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]])
EMBOSS = torch.tensor([[-2.0, -1, 0], [-1, 1, 1], [0, 1, 2]])
SEVEN = torch.stack([SOBEL_X, SOBEL_X.T, PREWITT_X, LAPLACIAN, GAUSSIAN, SHARPEN, EMBOSS])

IDENTITY = torch.tensor([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]])
PLUS = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5  # the mean of a pixel and its four
NEIGHBOURS = torch.tensor([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]]) / 4
FIVE = torch.tensor([1.0, 4, 6, 4, 1])

EDGE = torch.tensor([[1.0, 2, 4], [1, 3, 5], [0, 2, 6]])
BUMP = torch.tensor([[5.0, 2, 5], [1, 6, 3], [5, 4, 5]])
SPOT = torch.tensor([[0.0, 50, 0], [50, 60, 50], [0, 50, 0]])
FLAT = torch.full((5, 5), 0.5)
ROWS, COLUMNS = torch.meshgrid(torch.arange(9.0), torch.arange(9.0), indexing="ij")
ROWS41, COLUMNS41 = torch.meshgrid(torch.arange(41.0), torch.arange(41.0), indexing="ij")
HALVES = torch.tensor([[0.2] * 4 + [0.8] * 4] * 8)  # dark to the left, light to the right


def at(image, kernel) -> float:
    """The one answer of a 3×3 kernel to a 3×3 window."""
    return conv(image, kernel).item()


def unsharp(amount, blur=PLUS) -> torch.Tensor:
    """The kernel of x + amount·(x − blur of x)."""
    return IDENTITY + amount * (IDENTITY - blur)


def bell(K, sigma, two=2.0) -> torch.Tensor:
    """Weights of a Gaussian that sum to 1; `two` is the factor in the exponent's denominator."""
    x = torch.arange(K, dtype=torch.float64) - K // 2
    weights = torch.exp(-(x**2) / (two * sigma**2))
    return weights / weights.sum()


def most(kernel, high=1.0) -> float:
    """The largest answer that pixels from 0 to `high` can give."""
    return kernel.clamp(min=0).sum().item() * high


def is_separable(kernel) -> bool:
    return int(torch.linalg.matrix_rank(kernel)) == 1


def follows(kernel) -> bool:
    """Whether the kernel answers to a light square on grey with a bright rim above and left."""
    square = torch.full((12, 12), 0.5)
    square[4:8, 4:8] = 0.8
    change = conv(square, kernel) - square[1:-1, 1:-1]
    rim = {"upper": change[3, 4:6], "left": change[4:6, 3]}
    lower = {"lower": change[6, 4:6], "right": change[4:6, 6]}
    return all((x > 0).all() for x in rim.values()) and all((x < 0).all() for x in lower.values())


def layer_filters_after(line: str) -> bool:
    """Whether a layer answers with the seven kernels after a line of code."""
    layer, image = nn.Conv2d(1, 7, 3, bias=False), torch.randn(1, 1, 6, 6)
    names = {"layer": layer, "kernels": SEVEN, "nn": nn, "torch": torch}
    if outcome(partial(exec, line, names)):
        return False
    wanted = nn.functional.conv2d(image, SEVEN[:, None])
    return torch.equal(layer(image), wanted)


def error_after(line: str) -> type[Exception] | None:
    """How a line of code about the layer ends."""
    layer = nn.Conv2d(1, 7, 3, bias=False)
    return outcome(partial(exec, line, {"layer": layer, "kernels": SEVEN, "nn": nn}))


def learned_from_flips() -> torch.Tensor:
    """The kernel that a correlation learns from true convolutions with Sobel X, on white noise."""
    noise = torch.randn(40, 40, generator=torch.Generator().manual_seed(0)).double()
    wanted = conv(noise, SOBEL_X.flip(0, 1)).flatten()
    windows = nn.functional.unfold(noise[None, None], 3)[0].T
    return torch.linalg.lstsq(windows, wanted).solution.reshape(3, 3)


def largest_angle_error(weights) -> float:
    """How far off, at most, an edge kernel's angle is on the rim of a soft round spot (degrees)."""
    right, down = COLUMNS41 - 20, ROWS41 - 20
    distance = torch.hypot(right, down)
    across = torch.tensor(weights).outer(torch.tensor([-1.0, 0, 1]))
    spot = torch.sigmoid(10 - distance)
    found = torch.atan2(conv(spot, across.T), conv(spot, across))
    off = found - torch.atan2(-down, -right)[1:-1, 1:-1]
    off = torch.remainder(off + math.pi, 2 * math.pi) - math.pi
    return off[(distance[1:-1, 1:-1] - 10).abs() < 2].abs().max().rad2deg().item()


def first_step() -> torch.Tensor:
    """What one step of Adam with lr 0.1 makes of a kernel of zeros."""
    kernel = torch.zeros(1, 1, 3, 3, requires_grad=True)
    noise = torch.randn(1, 1, 20, 20, generator=torch.Generator().manual_seed(0))
    optimiser = torch.optim.Adam([kernel], lr=0.1)
    wanted = nn.functional.conv2d(noise, SOBEL_X[None, None])
    nn.functional.mse_loss(nn.functional.conv2d(noise, kernel), wanted).backward()
    optimiser.step()
    return kernel.detach()[0, 0]


def loss_on_noise() -> float:
    """Mean squared error of a kernel of zeros against Sobel X, on much white noise."""
    noise = torch.randn(400, 400, generator=torch.Generator().manual_seed(0))
    return conv(noise, SOBEL_X).square().mean().item()


ANSWERS = {
    "sobel-by-hand": lambda: {
        17: at(EDGE, SOBEL_X),
        13: at(EDGE, PREWITT_X),
        -17: at(EDGE, SOBEL_X.flip(1)),
        1: at(EDGE, SOBEL_X.T),
    },
    "laplacian-by-hand": lambda: {
        14: at(BUMP, LAPLACIAN),
        -14: at(BUMP, -LAPLACIAN),
        18: at(BUMP, 9 * IDENTITY - torch.ones(3, 3)),
        20: at(BUMP, SHARPEN),
    },
    "divide-the-five": lambda: {
        256: FIVE.outer(FIVE).sum(),
        16: FIVE.sum(),
        25: FIVE.outer(FIVE).numel(),
        36: FIVE.outer(FIVE)[2, 2],
    },
    "magnitude-by-hand": lambda: {
        10: math.hypot(6, -8),
        14: abs(6) + abs(-8),
        -2: 6 + -8,
        100: 6**2 + (-8) ** 2,
        8: max(abs(6), abs(-8)),
    },
    "angle-by-hand": lambda: {
        135: math.degrees(math.atan2(3, -3)),
        -45: math.degrees(math.atan(3 / -3)),
        45: math.degrees(math.atan2(abs(3), abs(-3))),
        2.36: math.atan2(3, -3),
    },
    "two-passes": lambda: {30: 2 * 15, 225: 15**2, 15: 15, 450: 2 * 15**2},
    "first-pass": lambda: {
        (20, 26): shape(conv(torch.ones(20, 30), torch.ones(1, 5))),
        (16, 26): shape(conv(torch.ones(20, 30), torch.ones(5, 5))),
        (16, 30): shape(conv(torch.ones(20, 30), torch.ones(5, 1))),
        (20, 30): shape(conv(torch.ones(20, 30), torch.ones(1, 5), padding="same")),
    },
    "which-are-separable": lambda: {
        "Gaussian": is_separable(GAUSSIAN),
        "Laplacian": is_separable(LAPLACIAN),
        "Sobel X": is_separable(SOBEL_X),
        "emboss": is_separable(EMBOSS),
        "Prewitt X": is_separable(PREWITT_X),
    },
    "middle-weight": lambda: {
        0.452: bell(3, 1.0)[1],
        1: math.exp(0),
        0.399: 1 / math.sqrt(2 * math.pi),
        0.576: bell(3, 1.0, two=1.0)[1],
        0.333: 1 / 3,
    },
    "flat-grey": lambda: {
        "Gaussian": conv(FLAT, GAUSSIAN)[0, 0],
        "Sobel X": conv(FLAT, SOBEL_X)[0, 0],
        "nine ones": conv(FLAT, torch.ones(3, 3))[0, 0],
        "−1 in the middle, 0 elsewhere": conv(FLAT, -IDENTITY)[0, 0],
    },
    "sobel-most": lambda: {4: most(SOBEL_X), 1: 1.0, 8: SOBEL_X.abs().sum(), 0: SOBEL_X.sum()},
    "sharpen-least": lambda: {
        -4: -most(-SHARPEN),
        0: max(0, -most(-SHARPEN)),
        -1: SHARPEN.min(),
        1: SHARPEN.sum(),
    },
    "wrap-around": lambda: {
        44: torch.tensor(200, dtype=torch.uint8) + torch.tensor(100, dtype=torch.uint8),
        300: 200 + 100,
        255: min(200 + 100, 255),
        45: (200 + 100) % 255,
    },
    "clipped-too-early": lambda: {
        100: at(SPOT, SHARPEN),
        55: min(5 * 60, 255) - 4 * 50,
        255: min(5 * 60, 255),
        68: at(SPOT, unsharp(1)),
    },
    "cut-off": lambda: {
        99: torch.tensor(99.7).to(torch.uint8),
        100: torch.tensor(99.7).round().to(torch.uint8),
        99.7: 99.7,
    },
    "plus-amount": lambda: {
        5: next(a for a in range(50) if torch.allclose(unsharp(a), SHARPEN, atol=1e-6)),
        1: SHARPEN.sum(),
        4: LAPLACIAN[1, 1],
        0.2: PLUS[1, 1],
    },
    "unsharp-by-hand": lambda: {
        11.6: at(BUMP, unsharp(2)),
        8.8: at(BUMP, unsharp(1)),
        0.4: at(BUMP, unsharp(-2)),
        13: at(BUMP, unsharp(2, NEIGHBOURS)),
        10: round(at(BUMP, unsharp(2, torch.ones(3, 3) / 9)), 5),
    },
    "halo": lambda: {
        1.4: conv(HALVES, SHARPEN)[2, 3],
        0.8: conv(HALVES, SHARPEN)[2, 4],
        -0.4: conv(HALVES, SHARPEN)[2, 2],
        1: conv(HALVES, SHARPEN)[2, 3].clamp(0, 1),
    },
    "noise-grows": lambda: {
        5.39: SHARPEN.square().sum().sqrt(),
        1: SHARPEN.sum(),
        9: SHARPEN.abs().sum(),
        29: SHARPEN.square().sum(),
    },
    "seven-weights": lambda: {
        (7, 1, 3, 3): shape(nn.Conv2d(1, 7, 3).weight),
        (7, 3, 3): shape(SEVEN),
        (1, 7, 3, 3): shape(nn.Conv2d(7, 1, 3).weight),
        (3, 3, 1, 7): shape(nn.Conv2d(1, 7, 3).weight.permute(2, 3, 1, 0)),
    },
    "seven-parameters": lambda: {
        63: count(nn.Conv2d(1, 7, 3, bias=False)),
        70: count(nn.Conv2d(1, 7, 3)),
        9: count(nn.Conv2d(1, 1, 3, bias=False)),
        189: count(nn.Conv2d(3, 7, 3, bias=False)),
    },
    "colour-map": lambda: {
        (3, 96, 78): shape(nn.Conv2d(3, 3, (5, 3), groups=3)(torch.ones(3, 100, 80))),
        (1, 96, 78): shape(nn.Conv2d(3, 1, (5, 3))(torch.ones(3, 100, 80))),
        (3, 98, 76): shape(nn.Conv2d(3, 3, (3, 5), groups=3)(torch.ones(3, 100, 80))),
        (96, 78, 3): shape(nn.Conv2d(3, 3, (5, 3))(torch.ones(3, 100, 80)).permute(1, 2, 0)),
    },
    "colour-adds-up": lambda: {
        3: sum(at(torch.ones(3, 3), GAUSSIAN) for _ in range(3)),
        1: at(torch.ones(3, 3), GAUSSIAN),
        27: torch.ones(3, 3, 3).sum(),
    },
    "put-weights-in": lambda: {
        line: layer_filters_after(line.strip("`"))
        for line in (
            "`layer.weight = nn.Parameter(kernels[:, None])`",
            "`layer.weight = kernels[:, None]`",
            "`layer.weights = nn.Parameter(kernels[:, None])`",
            "`with torch.no_grad(): layer.weight.copy_(kernels[:, None])`",
            "`layer.weight.copy_(kernels[:, None])`",
        )
    },
    "flat-pictures": lambda: {
        0: conv(FLAT, SOBEL_X).square().mean(),
        12: SOBEL_X.square().sum(),
        1.333: SOBEL_X.square().mean(),
    },
}

CLAIMS = {
    "1, 4, 6, 4, 1 is 1, 2, 1 blurred by 1, 2, 1": lambda: (
        conv([[0, 0, 1, 2, 1, 0, 0]], [[1, 2, 1]]).flatten().tolist() == FIVE.tolist()
    ),
    "Prewitt is calmer: less noise for an edge of the same height": lambda: (
        PREWITT_X.square().sum().sqrt() / PREWITT_X.clamp(min=0).sum()
        < SOBEL_X.square().sum().sqrt() / SOBEL_X.clamp(min=0).sum()
    ),
    "Sobel's largest error of the angle is less than half of Prewitt's": lambda: (
        2 * largest_angle_error([1.0, 2, 1]) < largest_angle_error([1.0, 1, 1])
    ),
    "Adam's first step is ±lr": lambda: torch.allclose(
        first_step().abs(), torch.full((3, 3), 0.1), atol=1e-5
    ),
    "Sobel X mirrored, or with other signs, is −Sobel X": lambda: torch.equal(
        SOBEL_X.flip(1), -SOBEL_X
    ),
    "a quarter turn to the left gives −Sobel Y": lambda: torch.equal(SOBEL_X.rot90(), -SOBEL_X.T),
    "turned by 180°, Sobel X is −Sobel X": lambda: torch.equal(SOBEL_X.flip(0, 1), -SOBEL_X),
    "Sobel X and Prewitt X sum to 0": lambda: SOBEL_X.sum() == PREWITT_X.sum() == 0,
    "a horizontal edge cancels out in both": lambda: (
        at(torch.tensor([[0.0] * 3, [1.0] * 3, [1.0] * 3]), SOBEL_X) == 0
        and at(torch.tensor([[0.0] * 3, [1.0] * 3, [1.0] * 3]), PREWITT_X) == 0
    ),
    "Sobel X is the column 1, 2, 1 times the row −1, 0, 1": lambda: torch.equal(
        torch.tensor([1.0, 2, 1]).outer(torch.tensor([-1.0, 0, 1])), SOBEL_X
    ),
    "on a ramp the Laplacian is 0 and Sobel X 8 times the slope": lambda: (
        conv(3 * COLUMNS, LAPLACIAN).abs().max() == 0 and (conv(3 * COLUMNS, SOBEL_X) == 24).all()
    ),
    "on a bump ∇² is negative, and the lesson's Laplacian positive": lambda: (
        conv(-((ROWS - 4) ** 2) - (COLUMNS - 4) ** 2, LAPLACIAN) == 4
    ).all(),
    "along an edge the Laplacian has both signs": lambda: (
        conv(HALVES, LAPLACIAN)[2, 2] < 0 < conv(HALVES, LAPLACIAN)[2, 3]
    ),
    "the Laplacian makes a single noisy pixel 4 times as strong": lambda: (
        at(IDENTITY, LAPLACIAN) == 4
    ),
    "emboss: bright rim above and left, dark below and right": lambda: follows(EMBOSS),
    "emboss, sharpen and the Gaussian sum to 1": lambda: (
        EMBOSS.sum() == SHARPEN.sum() == GAUSSIAN.sum() == 1
    ),
    "no row of emboss is a multiple of another": lambda: torch.linalg.matrix_rank(EMBOSS) == 3,
    "more weights average more noise away": lambda: (
        (FIVE.outer(FIVE) / 256).square().sum() < GAUSSIAN.square().sum() < 1
    ),
    "a step down the page has the angle π/2": lambda: (
        math.atan2(conv(HALVES.T, SOBEL_X.T)[2, 2], conv(HALVES.T, SOBEL_X)[2, 2]) == math.pi / 2
    ),
    "0/0 is nan, and atan2 of it is not": lambda: (
        torch.atan(torch.tensor(0.0) / torch.tensor(0.0)).isnan()
        and torch.atan2(torch.tensor(0.0), torch.tensor(0.0)) == 0
    ),
    "a 3-bell of σ = 10 is 0.333, 0.334, 0.333": lambda: (
        [round(w, 3) for w in bell(3, 10.0).tolist()] == [0.333, 0.334, 0.333]
    ),
    "the 3-bell of σ = 1 before dividing: 0.607, sum 2.213": lambda: (
        round(math.exp(-0.5), 3) == 0.607 and round(1 + 2 * math.exp(-0.5), 3) == 2.213
    ),
    "K = 6σ + 1 holds 99.7 % of a bell": lambda: math.erf(3 / math.sqrt(2)) > 0.997,
    "8-bit sharpening reaches from −1,020 to 1,275": lambda: (
        -most(-SHARPEN, 255) == -1020 and most(SHARPEN, 255) == 1275
    ),
    "sharpening reaches from −4 to 5": lambda: -most(-SHARPEN) == -4 and most(SHARPEN) == 5,
    "cutting off makes a picture half a level darker": lambda: (
        abs((torch.linspace(0, 254, 10**5) % 1).mean() - 0.5) < 0.01
    ),
    "sharpen = identity + Laplacian": lambda: torch.equal(IDENTITY + LAPLACIAN, SHARPEN),
    "amount 1 has −1/5 and 1.8": lambda: torch.allclose(
        unsharp(1)[1], torch.tensor([-0.2, 1.8, -0.2])
    ),
    "amount −1 is the blur, amount 0 the picture": lambda: (
        torch.allclose(unsharp(-1), PLUS) and torch.equal(unsharp(0), IDENTITY)
    ),
    "Gaussian at 5, 8 and 16": lambda: all(
        torch.allclose(unsharp(a, GAUSSIAN)[0], -a * torch.tensor([1.0, 2, 1]) / 16)
        for a in (5, 8, 16)
    ),
    "Gaussian at 8 has 7 in the middle": lambda: unsharp(8, GAUSSIAN)[1, 1] == 7,
    "a parameter takes nothing but a parameter": lambda: (
        error_after("layer.weight = kernels[:, None]") is TypeError
    ),
    "a watched parameter cannot be overwritten": lambda: (
        error_after("layer.weight.copy_(kernels[:, None])") is RuntimeError
    ),
    "another name makes no error": lambda: (
        error_after("layer.weights = nn.Parameter(kernels[:, None])") is None
    ),
    "a correlation learns −Sobel X from convolutions": lambda: torch.allclose(
        learned_from_flips(), -SOBEL_X.double(), atol=1e-6
    ),
    "the loss on white noise is the sum of the squared weights": lambda: (
        abs(loss_on_noise() - 12) < 0.3
    ),
}
