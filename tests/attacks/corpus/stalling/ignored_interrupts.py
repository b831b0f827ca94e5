"""Loops, and takes no interrupt for an answer."""

# ends: timed out

# %% double
import signal


def double(x):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
