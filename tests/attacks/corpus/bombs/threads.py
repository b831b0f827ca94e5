"""Starts threads until none can be started."""

# ends: blocked

# %% double
import threading
import time


def double(x):
    for _ in range(10_000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
