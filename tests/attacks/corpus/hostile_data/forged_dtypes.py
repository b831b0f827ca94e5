"""Sends tensors of dtypes that carry code or addresses, and names of attributes in their place."""

# %% double
import os
import struct

import msgpack

names = ["object", "O", "V8", "__reduce__", "float32\0", "complex256", "datetime64", 7, [3], None]


def double(x):
    for name in names:
        for number in range(8):
            tree = [2, "id", number, "reply", [2, "value", [4, name, [1]], "error", None]]
            structure = msgpack.packb(tree)
            os.write(3, struct.pack(">II", len(structure), 8) + structure + b"\x41" * 8)
