"""Lesson 03's quiz, recomputed. What the tables mean stands in `answers.py`."""

import itertools
import math

import torch
import torch.nn.functional as F
from torch import nn

from tests.quizzes.answers import conv, conv_line, count, outcome, shape
from tests.quizzes.layers import (
    area,
    dark_corner,
    doubled,
    drawn,
    drift,
    end,
    farthest,
    field,
    framed,
    macs,
    missed,
    net,
    net_width,
    period_seen,
    pooled,
    ratio,
    rings_of_grey,
    rounded_up,
    same_with_stride,
    seen,
    share_seen,
    size,
    transposed,
    visits,
    ways,
    weights,
)

IMAGE = torch.arange(1.0, 10).reshape(3, 3)
ROW = torch.arange(1.0, 5)
CURVE, SLOPE = torch.tensor([1.0, 2, 4, 7, 11, 16, 22]), torch.tensor([-1.0, 0, 1])
STRIPES = torch.tensor([0.0, 1] * 8).expand(4, 16)
SQUARE, THREE = torch.ones(5, 5), torch.ones(3, 3)
STACK = [(3, 8, 3, 2, 1), (8, 16, 3, 2, 1), (16, 16, 3, 2, 1)]
FIVE_STEPS = [(3, 4, 3, 2, 1), *[(4, 4, 3, 2, 1)] * 4]
GIANT = [(3, 4, 32, 32, 0)]


ANSWERS = {
    "photo-halved": lambda: {
        (150, 200): area(300, 400, 3, 2, 1),
        (151, 201): (rounded_up(300, 3, 2, 1), rounded_up(400, 3, 2, 1)),
        (149, 199): area(300, 400, 3, 2, 0),
        (300, 400): area(300, 400, 3, 1, 1),
    },
    "high-and-wide": lambda: {
        (30, 23): area(30, 50, (3, 5), (1, 2), (1, 0)),
        (13, 50): area(30, 50, (5, 3), (2, 1), (0, 1)),
        (29, 23): (30 - 3 + 1 + 1, (50 - 5) // 2 + 1),
        (30, 24): (rounded_up(30, 3, 1, 1), rounded_up(50, 5, 2)),
    },
    "effective-kernel": lambda: {
        9: 32 - size(32, 3, D=4) + 1,
        12: 4 * 3,
        8: 4 * (3 - 1),
        11: 32 - size(32, 3, D=5) + 1,
    },
    "dilated-size": lambda: {
        22: size(32, 3, D=5),
        30: size(32, 3),
        18: size(32, 15),
        6: size(32, 3, S=5),
    },
    "alexnet-fraction": lambda: {
        54.25: (224 - 11) / 4 + 1,
        53.25: (224 - 11) / 4,
        55: size(227, 11, 4),
        53.5: (224 - 11 + 1) / 4,
    },
    "alexnet-meant": lambda: {
        "224, P = 0": size(224, 11, 4) == 55,
        "227, P = 0": size(227, 11, 4) == 55,
        "224, P = 1": size(224, 11, 4, 1) == 55,
        "224, P = 2": size(224, 11, 4, 2) == 55,
    },
    "pool-stride": lambda: {
        3: pooled(10, 3),
        8: pooled(10, 3, 1),
        4: pooled(10, 3, ceil_mode=True),
    },
    "ceil-mode": lambda: {
        3: pooled(6, 3, 2, ceil_mode=True),
        2: pooled(6, 3, 2),
        4: pooled(6, 3, 1, ceil_mode=True),
    },
    "last-window": lambda: {
        1: pooled(4, 2, 4, ceil_mode=True),
        2: rounded_up(4, 2, 4),
        3: pooled(4, 2, 1, ceil_mode=True),
    },
    "transposed-size": lambda: {
        14: transposed(7, 4, 2, 1),
        3: size(7, 4, 2, 1),
        18: transposed(7, 4, 2) + 2 * 1,
        16: transposed(7, 4, 2),
    },
    "three-places": lambda: {
        "a corner": visits(5, 5, 3)[0, 0],
        "the middle of a side": visits(5, 5, 3)[0, 2],
        "the middle of the image": visits(5, 5, 3)[2, 2],
        "the pixel diagonally inside a corner": visits(5, 5, 3)[1, 1],
    },
    "corner-with-zeros": lambda: {
        4: visits(5, 5, 3, P=1)[0, 0],
        9: visits(5, 5, 3, P=2)[0, 0],
        1: visits(5, 5, 3)[0, 0],
        2: visits(5, 5, 3, P=1)[0, 0].sqrt(),
    },
    "sum-of-visits": lambda: {
        81: visits(5, 5, 3).sum(),
        225: 25 * visits(5, 5, 3).max(),
        25: SQUARE.sum(),
        9: size(5, 3) ** 2,
    },
    "visits-with-stride": lambda: {
        4: visits(7, 7, 3, 2).max(),
        9: visits(7, 7, 3, 1).max(),
        2: visits(7, 7, 3, 2).max().sqrt(),
        1: visits(7, 7, 3, 3).max(),
    },
    "shrinking-away": lambda: {
        12: net_width(32, [3] * 10),
        22: 32 - 10,
        2: 32 - 3 * 10,
        32: net_width(32, [3] * 10, P=1),
    },
    "dark-rim": lambda: {
        4: dark_corner("constant"),
        9: dark_corner("reflect"),
        6: dark_corner("constant", (0, 2)),
        1: 9 / 9,
    },
    "reflected-corner": lambda: {
        5: F.pad(IMAGE[None], (1, 1, 1, 1), mode="reflect")[0, 0, 0],
        1: F.pad(IMAGE[None], (1, 1, 1, 1), mode="replicate")[0, 0, 0],
        9: F.pad(IMAGE[None], (1, 1, 1, 1), mode="circular")[0, 0, 0],
        0: F.pad(IMAGE[None], (1, 1, 1, 1))[0, 0, 0],
    },
    "farthest-mirror": lambda: {4: farthest("reflect", 5), 5: farthest("circular", 5), 2: 5 // 2},
    "valid-same-full": lambda: {
        "valid": size(10, 4),
        "same": len(conv_line(torch.ones(10), torch.ones(4), padding="same")),
        "full": size(10, 4, P=3),
    },
    "padding-keeps-the-size": lambda: {
        (4, 4): area(3, 3, 2, 1, 1),
        (3, 3): area(3, 3, 3, 1, 1),
        (2, 2): area(3, 3, 2),
        (5, 5): shape(F.pad(IMAGE, (1, 1, 1, 1))),
    },
    "same-for-odd": lambda: {
        6: next(P for P in range(30) if size(40, 5, 1, P, 3) == 40),
        2: next(P for P in range(30) if size(40, 5, 1, P) == 40),
        12: 40 - size(40, 5, D=3),
        7: next(P for P in range(30) if size(40, 15, 1, P) == 40),
    },
    "same-for-even": lambda: {
        "[3, 5, 3]": conv_line([1, 2, 3], [1, 1], padding="same"),
        "[1, 3, 5]": conv_line([0, 1, 2, 3], [1, 1]),
        "[1, 3, 5, 3]": conv_line([1, 2, 3], [1, 1], padding=1),
        "[3, 5]": conv_line([1, 2, 3], [1, 1]),
    },
    "half-a-pixel": lambda: {8: drift(2), 0: drift(3), 16: 16 * 1},
    "strided-by-hand": lambda: {
        "[3, 7, 11]": conv_line(CURVE, SLOPE, stride=2),
        "[3, 5, 7, 9, 11]": conv_line(CURVE, SLOPE),
        "[10, 18]": conv_line(CURVE[::2], SLOPE),
        "[5, 9]": conv_line(CURVE, SLOPE)[1::2],
    },
    "work-saved": lambda: {
        9: round(math.prod(area(3002, 3002, 3)) / math.prod(area(3002, 3002, 3, 3))),
        3: round(size(3002, 3) / size(3002, 3, 3)),
        6: 2 * round(size(3002, 3) / size(3002, 3, 3)),
        1: 1,
    },
    "pooled-shape": lambda: {
        (8, 16, 16, 10): shape(nn.MaxPool2d(2)(torch.ones(8, 16, 33, 20))),
        (8, 16, 17, 10): shape(nn.MaxPool2d(2, ceil_mode=True)(torch.ones(8, 16, 33, 20))),
        (8, 8, 16, 10): shape(nn.MaxPool3d(2)(torch.ones(8, 16, 33, 20))),
        (8, 16, 32, 19): shape(nn.MaxPool2d(2, 1)(torch.ones(8, 16, 33, 20))),
    },
    "slow-stripes": lambda: {20: period_seen(5, 4), 5: 5, 4: 4, 1.25: 5 / 4},
    "finest-stripes": lambda: {8: 2 * 4, 4: 4, 2: 2 * 1, 16: 4 * 4},
    "three-threes": lambda: {
        7: field((3, 1, 1), (3, 1, 1), (3, 1, 1)),
        9: 3 + 3 + 3,
        3: field((3, 1, 1)),
        27: 3 * 3 * 3,
    },
    "stride-first": lambda: {
        7: field((3, 2, 1), (3, 1, 1)),
        5: field((3, 1, 1), (3, 1, 1)),
        9: 1 + 2 * 2 + 2 * 2,
        10: 2 * field((3, 1, 1), (3, 1, 1)),
    },
    "three-small-for-one-large": lambda: {
        27: 3 * weights(3),
        49: weights(field(*[(3, 1, 1)] * 3)),
        9: weights(3),
        21: 3 * 7,
    },
    "a-pool-between": lambda: {
        8: field((3, 1, 1), (2, 2, 1), (3, 1, 1)),
        5: field((3, 1, 1), (3, 1, 1)),
        7: field((3, 1, 1), (1, 2, 1), (3, 1, 1)),
        6: field((3, 1, 1), (2, 1, 1), (3, 1, 1)),
    },
    "holes-in-the-field": lambda: {
        29: round(share_seen(2, 2, 2)),
        100: round(share_seen(1, 2, 3)),
        54: round(100 * math.sqrt(share_seen(2, 2, 2) / 100)),
        25: 100 // 2**2,
    },
    "which-halve": lambda: {
        "K = 3, S = 2, P = 1": size(224, 3, 2, 1) == 112,
        "K = 3, S = 2, P = 0": size(224, 3, 2) == 112,
        "K = 2, S = 2, P = 0": size(224, 2, 2) == 112,
        "K = 1, S = 2, P = 0": size(224, 1, 2) == 112 and missed(1, 2) == 0,
        "K = 5, S = 2, P = 1": size(224, 5, 2, 1) == 112,
    },
    "never-seen": lambda: {
        56: round(missed(2, 3)),
        33: round(100 / 3),
        44: round(100 - missed(2, 3)),
        11: round(100 / 9),
    },
    "where-the-work-is": lambda: {
        64: macs(3, 3, 112) / macs(3, 3, 14),
        8: 112 / 14,
        1: weights(3) / weights(3),
    },
    "stack-end": lambda: {
        (16, 28, 28): end(STACK),
        (16, 27, 27): end([(*layer[:4], 0) for layer in STACK]),
        (40, 28, 28): (8 + 16 + 16, *end(STACK)[1:]),
        (3, 28, 28): (3, *end(STACK)[1:]),
    },
    "stack-price": lambda: {
        1392: count(net(STACK[:2])),
        1368: count(net(STACK[:2], bias=False)),
        240: count(nn.Conv2d(1, 8, 3)) + count(nn.Conv2d(1, 16, 3)),
        1379: count(net(STACK[:2], bias=False)) + 3 + 8,
    },
}


FRAMES = {
    "zeros": "constant",
    "reflect": "reflect",
    "replicate": "replicate",
    "circular": "circular",
}

CLAIMS = {
    **{
        f"the frame of mode {mode}": lambda mode=mode, match=match: (
            drawn(framed(ROW, 2, FRAMES[mode]), 2) == match
        )
        for mode, match in {
            "zeros": "0 0 | 1 2 3 4 | 0 0",
            "reflect": "3 2 | 1 2 3 4 | 3 2",
            "replicate": "1 1 | 1 2 3 4 | 4 4",
            "circular": "3 4 | 1 2 3 4 | 1 2",
        }.items()
    },
    "300 rows: windows start at 0 to 298 and end at 300, of 0 to 301": lambda: (
        2 * (size(300, 3, 2, 1) - 1) == 298 and 300 + 2 - 1 == 301
    ),
    "224 with P = 1 gives 54, with P = 2 55": lambda: (
        (size(224, 11, 4), size(224, 11, 4, 1), size(224, 11, 4, 2)) == (54, 54, 55)
    ),
    "7 and 8 both become 4": lambda: size(7, 3, 2, 1) == size(8, 3, 2, 1) == 4,
    "back from 4: 7 or 8": lambda: (transposed(4, 3, 2, 1), transposed(4, 3, 2, 1, 1)) == (7, 8),
    "torch refuses a 5×5 kernel on 2×2 pixels": lambda: (
        outcome(lambda: conv(torch.ones(2, 2), torch.ones(5, 5))) is RuntimeError
    ),
    "K = 3, S = 2 visits 1, 2 or 4 times": lambda: (
        visits(7, 7, 3, 2).unique().tolist() == [1, 2, 4]
    ),
    "replicate has no dark rim either": lambda: dark_corner("replicate") == 9,
    "zeros and replicate know no limit": lambda: all(
        outcome(lambda mode=mode: framed(ROW, 50, mode)) is None
        for mode in ("constant", "replicate")
    ),
    "a flat picture: one number, unless the frame is zeros": lambda: (
        rings_of_grey("replicate") == rings_of_grey("reflect") == 1 < rings_of_grey("constant")
    ),
    "2,601 ways from the middle, 1 from a corner": lambda: (ways(5, 5), ways(0, 0)) == (2601, 1),
    "the odd zero goes to the end": lambda: (
        conv_line([1, 2, 3, 4, 5], torch.ones(4), padding="same").tolist()
        == conv_line([0, 1, 2, 3, 4, 5, 0, 0], torch.ones(4)).tolist()
    ),
    "same with a stride is refused when the layer is made": lambda: (
        outcome(same_with_stride) is ValueError
    ),
    "stride 2 is every second place of stride 1": lambda: torch.equal(
        conv_line(CURVE, SLOPE, stride=2), conv_line(CURVE, SLOPE)[::2]
    ),
    "2×2 average pooling is a convolution with ¼ and stride 2": lambda: torch.allclose(
        F.avg_pool2d(torch.arange(36.0).reshape(1, 6, 6), 2)[0].double(),
        conv(torch.arange(36.0).reshape(6, 6), torch.full((2, 2), 0.25), stride=2),
    ),
    "max pooling is not linear": lambda: (
        not torch.equal(F.max_pool1d(-ROW[None], 2), -F.max_pool1d(ROW[None], 2))
    ),
    "stripes of one pixel: all black, all white, or grey after a blur": lambda: (
        (STRIPES[:, ::2] == 0).all()
        and (STRIPES[:, 1::2] == 1).all()
        and (conv(STRIPES, torch.full((1, 2), 0.5))[:, ::2] == 0.5).all()
    ),
    "the wave's places under every 4th pixel are 0, 4, 3, 2, 1": lambda: (
        [4 * n % 5 for n in range(6)] == [0, 4, 3, 2, 1, 0]
    ),
    "stride first 7, stride last 5": lambda: (
        field((3, 2, 1), (3, 1, 1)) == 7 and field((3, 1, 1), (3, 2, 1)) == 5
    ),
    "2, 2, 2 and 1, 2, 3 both have 13": lambda: (
        field(*[(3, 1, 2)] * 3) == 13 == field((3, 1, 1), (3, 1, 2), (3, 1, 3))
    ),
    "2, 2, 2 sees 7 of 13 along an axis": lambda: seen(*[(3, 1, 2)] * 3).sum() == 7,
    "3, 3, 3 sees every third": lambda: (
        set(seen(*[(3, 1, 3)] * 3).nonzero().flatten().diff().tolist()) == {3}
    ),
    "0 or ±1, ±2, ±3 add up to every number from −6 to 6": lambda: (
        {a + b + c for a, b, c in itertools.product((-1, 0, 1), (-2, 0, 2), (-3, 0, 3))}
        == set(range(-6, 7))
    ),
    "224 → 112 → 56 → 28 → 14 → 7": lambda: end(FIVE_STEPS) == (4, 7, 7) == end(GIANT),
    "K = 5, P = 2 halves": lambda: size(224, 5, 2, 2) == 112 and size(224, 5, 2, 1) == 111,
    "K = 1, S = 2 gives 112 and misses three of four": lambda: (
        size(224, 1, 2) == 112 and missed(1, 2) == 75
    ),
    "2P of K − 1 or K − 2 halves": lambda: all(
        size(224, K, 2, P) == 112
        for K in range(2, 12)
        for P in (((K - 1) // 2), ((K - 2) // 2))
        if 2 * P in (K - 1, K - 2)
    ),
    "without padding 224 → 111 → 55 → 27": lambda: (
        [size(224, 3, 2), size(111, 3, 2), size(55, 3, 2)] == [111, 55, 27]
    ),
    "twice the channels, almost four times the parameters": lambda: 3.3 < ratio(STACK) < 4,
    "five layers 704, the giant 12,292": lambda: (
        (count(net(FIVE_STEPS)), count(net(GIANT))) == (704, 12292)
    ),
    "channels that do not chain end with an error": lambda: (
        outcome(lambda: end([(3, 8, 3, 2, 1), (16, 16, 3, 2, 1)])) is RuntimeError
    ),
}
