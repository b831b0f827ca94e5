"""Stops itself, its parent and its group, so that it neither runs nor ends."""

# %% double
import os
import signal


def double(x):
    for process in (os.getppid(), 0, os.getpid()):
        try:
            os.kill(process, signal.SIGSTOP)
        except OSError:
            continue
    while True:
        signal.pause()
