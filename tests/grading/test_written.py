"""The names in a student's source, as the judge reads them, whatever the process tells."""

import time

import pytest

from autograder.judge.written import names_written

TORCH = "import torch\nimport torch.nn.functional as F"
BORROWED = {
    "an attribute": "def f(x):\n    return torch.conv2d(x, x)",
    "a module's name": "def f(x):\n    return F.conv1d(x, x)",
    "an import": "from torch.nn.functional import conv2d as c\ndef f(x):\n    return c(x, x)",
    "an import within": "def f(x):\n    import torch.nn as n\n    return n.Conv2d(1, 1, 3)(x)",
    "another function": "def g(x):\n    return F.conv2d(x, x)\ndef f(x):\n    return g(x)",
    "a value": "layer = torch.nn.Conv2d(1, 1, 3)\nf = lambda x: layer(x)",
    "another name for it": "f = F.conv2d",
    "a decoy": "def conv2d(x):\n    return x\ndef f(x):\n    return F.conv2d(x, x)",
    "a second definition": "def f(x):\n    return F.conv2d(x)\ndef f(x):\n    return x",
    "beside a magic": "%time\nfiles = !ls\nf?\ndef f(x):\n    return F.conv2d(x, x)",
    "behind another import": "if False:\n    import math as F\ndef f(x):\n    return F.conv2d(x)",
    "under a magic": "%%time\ndef f(x):\n    return F.conv2d(x, x)",
    "in a branch": "if True:\n    def f(x):\n        return F.conv2d(x, x)",
}


@pytest.mark.parametrize("source", BORROWED.values(), ids=BORROWED)
def test_a_borrowed_convolution_is_found(source):
    """Whatever name it goes by, torch's convolution counts under the name of the operator."""
    assert "convolution" in names_written([TORCH, source], "f")


HONEST = {
    "its own name": "def conv2d(x):\n    return x.sum()\nprint(F.conv2d(x, x) - conv2d(x))",
    "a variable": "def conv2d(x):\n    convolution = x\n    return convolution",
    "a helper": "def convolution(x):\n    return x\ndef conv2d(x):\n    return convolution(x)",
    "another's": "def other(x):\n    return F.conv2d(x, x)\ndef conv2d(x):\n    return x",
}


@pytest.mark.parametrize("source", HONEST.values(), ids=HONEST)
def test_what_is_not_used_is_not_found(source):
    """Names of one's own, and comparisons beside the function, are no borrowing."""
    assert "convolution" not in names_written([TORCH, source], "conv2d")


BOMBS = {
    "a long chain": "f = a" + ".a" * 50_000,
    "a long sum": "f = 1" + "+1" * 50_000,
    "signs": "f = " + "-" * 100_000 + "1",
    "magics": "!a\n" * 50_000,
    "no Python": "def f(:",
    "many definitions": "def f(x): return f\n" * 5_000,
    "a circle": "def f(x): return g\ndef g(x): return f",
    "more than is read": "f = 1\n" * 100_000,
    "nothing": "\0",
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_no_source_holds_up_the_judge(source):
    """What cannot be read, or not in a moment, has no names."""
    began = time.process_time()
    assert "convolution" not in names_written([source], "f")
    assert time.process_time() - began < 5
