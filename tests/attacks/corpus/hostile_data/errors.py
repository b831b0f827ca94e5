"""Raises errors whose names and messages are endless, cannot be shown, or shout orders."""


# %% double
class Endless(Exception):
    def __str__(self):
        return "x" * 10_000_000


class Unspeakable(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


errors = [Endless(), Unspeakable(), type("N" * 10**6, (Exception,), {})("\ud800\0\x1b[2J")]


def double(x):
    raise errors[len(x) % 3]
