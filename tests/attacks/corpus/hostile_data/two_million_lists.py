"""Sends as many small lists as a message may hold, nested as deep as msgpack goes."""

# %% double
import os
import struct

bombs = iter([b"\x90" * 2_000_000, b"\x91" * 2_000_000, b"\xdc\xff\xff" * 600_000])


def double(x):
    data = next(bombs)
    frame = memoryview(struct.pack(">II", len(data), 0) + data)
    while frame:
        frame = frame[os.write(3, frame) :]
