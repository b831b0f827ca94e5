"""Makes itself hard to end: replaced os._exit, os.kill, signal and the recursion limit."""

# %% double
import os
import signal
import sys

os._exit = os.abort = sys.exit = lambda *args: None
os.kill = os.killpg = signal.signal = signal.raise_signal = lambda *args: None
sys.setrecursionlimit(60)
sys.setswitchinterval(1000)


def double(x):
    return double(x)
