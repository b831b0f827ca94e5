"""A class of simulated students: real submissions, and the marks that each must get."""

from autograder.simulate.expected import (
    ExpectedMark,
    ExpectedMarks,
    ExpectedStudent,
    compare,
    read_expected,
)
from autograder.simulate.write import simulate

__all__ = [
    "ExpectedMark",
    "ExpectedMarks",
    "ExpectedStudent",
    "compare",
    "read_expected",
    "simulate",
]
