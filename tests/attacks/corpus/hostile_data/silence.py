"""Never answers a call."""

# %% double
import time


def double(x):
    time.sleep(3600)
