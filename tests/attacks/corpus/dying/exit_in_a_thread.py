"""Ends the process from a thread while the judge waits for the answer."""

# %% double
import os
import threading
import time


def double(x):
    threading.Thread(target=lambda: (time.sleep(0.1), os._exit(0))).start()
    time.sleep(5)
