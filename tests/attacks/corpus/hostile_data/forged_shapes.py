"""Sends tensors whose bytes do not fit their shapes, and shapes that overflow."""

# %% double
import os
import struct

import msgpack

shapes = iter([[2**40, 2**40, 0], [-1, 3], [2**63], [3] * 64, ["3"], [1.5], None, [4], [True]])


def send(number, value, payload=b""):
    tree = [2, "id", number, "reply", [2, "value", value, "error", None]]
    tree[-1] += ["changed", [1], "operators", [1], "ran_on", ""]
    structure = msgpack.packb(tree)
    os.write(3, struct.pack(">II", len(structure), len(payload)) + structure + payload)


def double(x):
    for number in range(12):
        send(number, [3, "float32", next(shapes, [3])], b"\0" * 12)
