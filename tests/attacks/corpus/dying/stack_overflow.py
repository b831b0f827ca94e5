"""Recurses in C until the stack is gone."""

# %% double
import sys

sys.setrecursionlimit(10**9)


def double(x):
    class Loop:
        def __getattr__(self, name):
            return getattr(self, name + "x")

    return Loop().start
