"""Wrong ways to double and to add."""

from autograder.misconceptions import misconception


@misconception("double", says="You squared: twice x is x + x.")
def squared(x):
    return x**2


@misconception("total", says="You took the mean: a sum is not divided by anything.")
def mean(x):
    return x.mean()
