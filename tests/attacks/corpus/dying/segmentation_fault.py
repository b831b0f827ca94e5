"""Reads from address nothing."""

# %% double
import ctypes


def double(x):
    ctypes.string_at(0)
