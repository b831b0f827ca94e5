"""Takes memory until there is none."""

# ends: out of memory

# %% double
import torch


def double(x):
    hoard = []
    while True:
        hoard.append(torch.empty(2**28))
