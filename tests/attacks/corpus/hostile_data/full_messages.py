"""Sends sixty-four megabytes, over and over, and asks for more room than there is."""

# %% double
import os
import struct

import msgpack


def double(x):
    structure = msgpack.packb([7, 60_000_000])
    frame = struct.pack(">II", len(structure), 60_000_000) + structure + b"x" * 60_000_000
    while True:
        left = memoryview(frame)
        while left:
            left = left[os.write(3, left) :]
