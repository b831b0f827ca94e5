"""Asks for a petabyte at once."""

# ends: out of memory

# %% double
import torch


def double(x):
    return torch.zeros(2**47)
