"""Asks for a new namespace, for which the sandbox ends it."""

# ends: blocked

# %% double
import ctypes


def double(x):
    ctypes.CDLL(None).syscall(0x40000000 + 39)
