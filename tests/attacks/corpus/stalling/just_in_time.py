"""Takes each call to just below its limit."""

# %% double
import time


def double(x):
    time.sleep(0.9)
