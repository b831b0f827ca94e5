"""Announces a message of four gigabytes, and one that never ends."""

# %% double
import os
import struct
import time


def double(x):
    os.write(3, struct.pack(">II", 1000, 1000))
    while True:
        os.write(3, b"\0")
        time.sleep(0.02)
