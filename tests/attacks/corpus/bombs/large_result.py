"""Returns more than can travel."""

# ends: output too large

# %% double
import torch


def double(x):
    return torch.zeros(2**25)
