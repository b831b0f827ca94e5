"""Lesson 01's quiz, recomputed. What the tables mean stands in `answers.py`."""

import torch
import torch.nn.functional as F
from torch import nn

from tests.quizzes.answers import conv, conv_line, count, shape

IMAGE = torch.arange(1.0, 10).reshape(3, 3)
KERNEL = torch.tensor([[1.0, 1], [0, 2]])
X, K = torch.tensor([2.0, 0, 1, 3]), torch.tensor([1.0, -1, 2])


def ring() -> torch.Tensor:
    """The forgotten zeros: f and g multiplied in a spectrum of 4 points."""
    f, g = torch.tensor([1.0, 0, 0, 2]), torch.tensor([1.0, 3, 0, 0])
    return torch.fft.ifft(torch.fft.fft(f) * torch.fft.fft(g)).real


def gradient(of: str, kernel, G) -> torch.Tensor:
    """Autograd's gradient of Σ G·S with respect to the image or the kernel."""
    image = IMAGE.clone().requires_grad_()
    kernel = torch.as_tensor(kernel).clone().requires_grad_()
    (conv(image, kernel) * torch.as_tensor(G)).sum().backward()
    return (image if of == "image" else kernel).grad


def weights(*sizes) -> torch.Tensor:
    """The weights of nn.Conv2d with these settings."""
    return nn.Conv2d(*sizes).weight


ANSWERS = {
    "conv-parameters": lambda: {
        4640: count(nn.Conv2d(16, 32, 3)),
        4608: count(nn.Conv2d(16, 32, 3, bias=False)),
        320: count(nn.Conv2d(1, 32, 3)),
        4624: count(nn.Conv2d(16, 32, 3, bias=False)) + 16,
    },
    "dense-parameters": lambda: {
        1184: count(nn.Linear(36, nn.Conv2d(1, 2, 3)(torch.zeros(1, 6, 6)).numel())),
        1152: count(nn.Linear(36, 32, bias=False)),
        2664: count(nn.Linear(36, 2 * 6 * 6)),
        74: count(nn.Linear(36, 2)),
        20: count(nn.Conv2d(1, 2, 3)),
    },
    "correlate-by-hand": lambda: {
        5: conv_line(X, K)[1],
        2: conv_line(X, K.flip(0))[1],
        4: conv_line(X, K)[0],
    },
    "full-length": lambda: {
        7: len(conv_line(torch.ones(5), torch.ones(3), padding=2)),
        3: len(conv_line(torch.ones(5), torch.ones(3))),
        8: 5 + 3,
        5: len(conv_line(torch.ones(5), torch.ones(3), padding="same")),
    },
    "fft-room": lambda: {
        128: len(conv_line(torch.ones(100), torch.ones(29), padding=28)),
        100: max(100, 29),
        129: 100 + 29,
    },
    "fft-ring": lambda: {
        7: ring()[0].round(),
        1: conv_line([1, 0, 0, 2], [3, 1], padding=1)[0],
        6: conv_line([1, 0, 0, 2], [3, 1], padding=1)[4],
    },
    "all-ones": lambda: {
        16: conv(IMAGE, torch.ones(2, 2))[0, 1],
        24: conv(IMAGE, torch.ones(2, 2))[1, 0],
        4: conv(IMAGE, torch.ones(2, 2) / 4)[0, 1],
        12: conv(IMAGE, torch.ones(2, 2))[0, 0],
    },
    "worked-example": lambda: {
        25: conv(IMAGE, KERNEL)[1, 0],
        17: conv(IMAGE, KERNEL)[0, 1],
        23: conv(IMAGE, KERNEL.flip(0, 1))[1, 0],
        27: conv(IMAGE, KERNEL.T)[1, 0],
    },
    "new-kernel": lambda: {
        "[[0, 2], [6, 8]]": conv(IMAGE, [[1, 2], [0, -1]]),
        "[[12, 14], [18, 20]]": conv(IMAGE, [[-1, 0], [2, 1]]),
        "[[4, 6], [10, 12]]": conv(IMAGE, [[1, 0], [2, -1]]),
        "[[0, 6], [2, 8]]": conv(IMAGE, [[1, 2], [0, -1]]).T,
    },
    "valid-size": lambda: {
        (24, 18): shape(conv(torch.ones(28, 20), torch.ones(5, 3))),
        (26, 16): shape(conv(torch.ones(28, 20), torch.ones(3, 5))),
        (23, 17): shape(conv(torch.ones(28 - 1, 20 - 1), torch.ones(5, 3))),
        (28, 20): shape(conv(torch.ones(28, 20), torch.ones(5, 3), padding="same")),
    },
    "im2col-shape": lambda: {
        (6, 16): shape(F.unfold(torch.ones(1, 1, 6, 5), (3, 2))[0]),
        (16, 6): shape(F.unfold(torch.ones(1, 1, 6, 5), (3, 2))[0].T),
        (6, 15): shape(F.unfold(torch.ones(1, 1, 6, 5), (2, 3))[0]),
        (6, 30): (6, 6 * 5),
    },
    "second-filters": lambda: {
        (32, 16, 5, 5): shape(weights(16, 32, 5)),
        (32, 3, 5, 5): shape(weights(3, 32, 5)),
        (32, 5, 5): shape(weights(16, 32, 5)[:, 0]),
        (16, 32, 5, 5): shape(nn.ConvTranspose2d(16, 32, 5).weight),
    },
    "layer-output": lambda: {
        (8, 16, 28, 28): shape(nn.Conv2d(3, 16, 5)(torch.ones(8, 3, 32, 32))),
        (8, 48, 28, 28): shape(nn.Conv2d(3, 48, 5, groups=3)(torch.ones(8, 3, 32, 32))),
        (8, 16, 32, 32): shape(nn.Conv2d(3, 16, 5, padding=2)(torch.ones(8, 3, 32, 32))),
        (16, 8, 28, 28): shape(nn.Conv2d(3, 16, 5)(torch.ones(8, 3, 32, 32)).transpose(0, 1)),
    },
    # TF32's fraction has as many bits as half precision's: 2⁻¹⁰ is the step above 1.
    "tf32-bits": lambda: {
        10: -torch.tensor(torch.finfo(torch.float16).eps).log2(),
        23: -torch.tensor(torch.finfo(torch.float32).eps).log2(),
        19: 1 + 8 + 10,
        32: torch.finfo(torch.float32).bits,
    },
    "kernel-gradient": lambda: {
        14: gradient("kernel", KERNEL, [[1, 0], [0, 2]])[0, 1],
        16: gradient("kernel", KERNEL, torch.ones(2, 2))[0, 1],
        11: gradient("kernel", KERNEL, [[1, 0], [0, 2]])[0, 0],
        10: gradient("kernel", KERNEL, [[2, 0], [0, 1]])[0, 1],
    },
    "pixel-gradient": lambda: {
        2: gradient("image", KERNEL, torch.ones(2, 2))[2, 2],
        1: gradient("image", KERNEL, torch.ones(2, 2))[0, 0],
        4: gradient("image", KERNEL, torch.ones(2, 2))[1, 1],
        9: IMAGE[2, 2],
    },
    "gradient-shape": lambda: {
        (7, 9): shape(conv(torch.ones(5, 7), torch.ones(3, 3), padding=2)),
        (5, 7): shape(conv(torch.ones(7, 9), torch.ones(3, 3))),
        (3, 3): shape(torch.ones(3, 3)),
        (3, 5): shape(conv(torch.ones(5, 7), torch.ones(3, 3))),
    },
    "shift-by-hand": lambda: {
        "[[0, 0], [2, 0]]": F.pad(torch.tensor([[1, 2], [3, 4]]), (-1, 1, 1, -1)),
        "[[0, 3], [0, 0]]": F.pad(torch.tensor([[1, 2], [3, 4]]), (1, -1, -1, 1)),
        "[[4, 3], [2, 1]]": torch.tensor([[1, 2], [3, 4]]).roll((1, -1), (0, 1)),
        "[[0, 0], [0, 1]]": F.pad(torch.tensor([[1, 2], [3, 4]]), (1, -1, 1, -1)),
    },
}

CLAIMS = {
    "1, 2 meets 1, 10: 21 without the flip": lambda: conv_line([1, 2], [1, 10]).item() == 21,
    "1, 2 meets 1, 10: 12 with the flip": lambda: conv_line([1, 2], [10, 1]).item() == 12,
    "the full answer is 1, 3, 0, 2, 6": lambda: (
        conv_line([1, 0, 0, 2], [3, 1], padding=1).tolist() == [1, 3, 0, 2, 6]
    ),
    "im2col with 3×3 stores a pixel up to 9 times": lambda: (
        F.fold(F.unfold(torch.ones(1, 1, 9, 9), 3), (9, 9), 3).max().item() == 9
    ),
    "the map of the worked example is 13, 17, 25, 29": lambda: (
        conv(IMAGE, KERNEL).tolist() == [[13, 17], [25, 29]]
    ),
}
