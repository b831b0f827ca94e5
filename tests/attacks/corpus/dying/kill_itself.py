"""Kills itself and its process group, by every signal that ends a process."""

# %% double
import os
import signal

turn = iter([signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGTERM])


def double(x):
    os.killpg(0, next(turn, signal.SIGKILL))
    os.kill(os.getpid(), signal.SIGKILL)
