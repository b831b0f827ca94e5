"""Sends the parts of msgpack that the protocol does not use: maps, binary data, extensions."""

# %% double
import os
import struct

import msgpack

odd = [
    msgpack.packb({"id": 1, "reply": {}}),
    msgpack.packb(b"\x80\x04cos\nsystem\n"),
    msgpack.packb(msgpack.ExtType(42, b"x" * 100)),
    msgpack.packb(msgpack.Timestamp(1)),
    b"\xc1",
    b"\xdb\xff\xff\xff\xff",
    b"\xdf\xff\xff\xff\xff",
]
turn = iter(odd)


def double(x):
    data = next(turn, odd[0])
    os.write(3, struct.pack(">II", len(data), 0) + data)
