"""Public checks of the tiny lesson."""

import torch

from utils.checks import check
from utils.expect import expect

SMALL = torch.tensor([1.0, 2.0, -3.0])


@check("double", points=1)
def test_small(student):
    """Three numbers."""
    expect(student.double(SMALL), equals=[2.0, 4.0, -6.0])


@check("total", points=1)
def test_sum(student):
    """The sum of three numbers."""
    expect(student.total(SMALL + 1), equals=3.0)
