"""Waits for locks that nobody frees, and for children that do not end."""

# ends: timed out

# %% double
import os
import threading


def double(x):
    if os.fork() == 0:
        threading.Event().wait()
    os.wait()
