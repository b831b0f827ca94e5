"""Ends Python in each cell and each call, until nobody starts it again."""

# costs total: the process is not started for ever

# %% double
import os


def double(x):
    os._exit(1)


def total(x):
    os._exit(1)


# %% total
def total(x):
    os._exit(1)
