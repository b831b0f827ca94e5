"""Hidden checks of the tiny lesson; their numbers must not be seen in any output."""

import torch

from utils.checks import check
from utils.expect import expect

SECRET = torch.tensor([8675309.0, -8675309.0, 8675309.0])
EMPTY = torch.zeros(0)


@check("double", points=2.5)
def test_secret(student):
    """Large numbers."""
    expect(student.double(SECRET), equals=2 * SECRET)


@check("double", points=0.5)
def test_empty(student):
    """No numbers at all."""
    expect(student.double(EMPTY), equals=EMPTY)


@check("total", points=2)
def test_secret_sum(student):
    """The sum of large numbers."""
    expect(student.total(SECRET), equals=8675309.0)
