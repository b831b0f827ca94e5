"""Plain data as bytes, between the judge and a student's process.

A message is a header, a structure and a payload. The structure is msgpack: numbers, short texts and
tagged lists. The payload holds the bytes of tensors and long texts, one after the other, in the
order in which the structure names them. Nothing is ever unpickled, and a reader builds nothing
larger than a message allows: a stranger may have written it.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np
import torch

from utils.student import Handle

MIB = 2**20
HEADER = struct.Struct(">II")
SHORT_TEXT = 4096
LONGEST_SIDE = 2**40
LARGEST_INT_BITS = 4096
_INTEGER = re.compile(r"-?[0-9]{1,1300}")

LIST, TUPLE, DICT, TENSOR, ARRAY, COMPLEX, INTEGER, TEXT, HANDLE = range(9)

DTYPES: dict[str, tuple[torch.dtype, np.dtype]] = {
    str(dtype).removeprefix("torch."): (dtype, np.dtype(numpy))
    for dtype, numpy in (
        (torch.bool, np.uint8),
        (torch.uint8, np.uint8),
        (torch.int8, np.int8),
        (torch.int16, np.int16),
        (torch.int32, np.int32),
        (torch.int64, np.int64),
        (torch.float16, np.float16),
        (torch.bfloat16, np.int16),  # numpy has no bfloat16: its bits travel as integers
        (torch.float32, np.float32),
        (torch.float64, np.float64),
        (torch.complex64, np.complex64),
        (torch.complex128, np.complex128),
    )
}


class ProtocolViolation(Exception):
    """The other side sent bytes that an honest one never sends."""


class Unsendable(TypeError):
    """A value that is not plain data, such as a module or a tensor without numbers."""


class TooLarge(ValueError):
    """A value of plain data that is larger than a message may be."""


@dataclass(frozen=True)
class Caps:
    """How large a message may be: bytes in all, bytes without the payload, items, nesting."""

    message: int = 64 * MIB
    structure: int = 2 * MIB
    items: int = 200_000
    depth: int = 32
    text: int = 16 * MIB
    dimensions: int = 8


CAPS = Caps()


def encode(value: Any, caps: Caps = CAPS) -> bytes:
    """A value as one message.

    Takes None, bool, int, float, complex, str, Handle, strided or sparse tensors, numpy arrays, and
    lists, tuples and dicts of them. A subclass travels as its plain base.
    Raises `Unsendable` for anything else and `TooLarge` for what exceeds `caps`.
    Example: `Frames().feed(encode((1, torch.ones(2))))` yields `(1, tensor([1., 1.]))`.
    """
    writer = _Writer(caps)
    tree = writer.node(value, 0)
    structure = msgpack.packb(tree)
    if len(structure) > caps.structure:
        raise TooLarge(f"a value of {len(structure)} bytes, at most {caps.structure} can travel")
    payload = sum(map(len, writer.payload))
    if len(structure) + payload > caps.message:
        raise TooLarge(f"a value of {payload} bytes, at most {caps.message} can travel")
    return b"".join((HEADER.pack(len(structure), payload), structure, *writer.payload))


def decode(structure: bytes | memoryview, payload: bytes | memoryview, caps: Caps = CAPS) -> Any:
    """The value of one message; every tensor is a plain `torch.Tensor` made from bytes.

    Raises `ProtocolViolation` for anything that `encode` would not write.
    """
    try:
        tree = msgpack.unpackb(
            structure,
            raw=False,
            max_array_len=caps.items,
            max_str_len=caps.structure,
            max_map_len=0,
            max_bin_len=0,
            max_ext_len=0,
        )
    except Exception as error:
        raise ProtocolViolation(f"not a message: {type(error).__name__}") from None
    reader = _Reader(memoryview(payload), caps)
    value = reader.node(tree, 0)
    reader.finish()
    return value


class Frames:
    """Puts bytes together to messages as they arrive.

    Example: `frames.feed(received)`, then `frames.take()` until it returns `Frames.NOTHING`.
    """

    NOTHING = object()

    def __init__(self, caps: Caps = CAPS) -> None:
        self.caps = caps
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def take(self) -> Any:
        """The next complete message, or `NOTHING`; raises `ProtocolViolation`."""
        if len(self._buffer) < HEADER.size:
            return self.NOTHING
        structure, payload = HEADER.unpack_from(self._buffer)
        if structure > self.caps.structure or structure + payload > self.caps.message:
            raise ProtocolViolation(f"a message of {structure + payload} bytes is too long")
        end = HEADER.size + structure + payload
        if len(self._buffer) < end:
            return self.NOTHING
        message = memoryview(self._buffer[HEADER.size : end])
        del self._buffer[:end]
        return decode(message[:structure], message[structure:], self.caps)

    def __len__(self) -> int:
        """Bytes that wait for the rest of their message."""
        return len(self._buffer)


class _Writer:
    """Turns a value into a tree for msgpack and a list of byte strings."""

    def __init__(self, caps: Caps) -> None:
        self.caps = caps
        self.payload: list[bytes] = []
        self.items = 0

    def node(self, value: Any, depth: int) -> Any:
        if value is None or value is True or value is False:
            return value
        if depth > self.caps.depth:
            raise TooLarge(f"a value nested more than {self.caps.depth} deep cannot travel")
        write = _WRITE.get(type(value))
        if write is not None:
            return write(self, value, depth)
        for kind, write in _WRITE.items():
            if isinstance(value, kind):
                return write(self, value, depth)
        raise Unsendable(f"a value of type {type(value).__name__} is not plain data")

    def _count(self, more: int) -> None:
        self.items += more
        if self.items > self.caps.items:
            raise TooLarge(f"a value with more than {self.caps.items} items cannot travel")

    def write_integer(self, value: int, depth: int) -> Any:
        value = int.__int__(value)
        if -(2**63) <= value < 2**64:
            return value
        if value.bit_length() > LARGEST_INT_BITS:
            raise TooLarge(f"an integer of {value.bit_length()} bits cannot travel")
        return [INTEGER, str(value)]

    def write_real(self, value: float, depth: int) -> float:
        return float.__float__(value)

    def write_complex(self, value: complex, depth: int) -> Any:
        return [COMPLEX, value.real, value.imag]

    def write_text(self, value: str, depth: int) -> Any:
        data = str.__str__(value).encode("utf-8", "replace")
        if len(data) <= SHORT_TEXT:
            return data.decode()
        if len(data) > self.caps.text:
            raise TooLarge(f"a text of {len(data)} bytes, at most {self.caps.text} can travel")
        self.payload.append(data)
        return [TEXT, len(data)]

    def write_list(self, value: list, depth: int) -> Any:
        self._count(len(value))
        return [LIST, *(self.node(item, depth + 1) for item in list.__iter__(value))]

    def write_tuple(self, value: tuple, depth: int) -> Any:
        self._count(len(value))
        return [TUPLE, *(self.node(item, depth + 1) for item in tuple.__iter__(value))]

    def write_dict(self, value: dict, depth: int) -> Any:
        self._count(2 * len(value))
        tree: list[Any] = [DICT]
        for key, item in dict.items(value):
            if not _is_key(key):
                raise Unsendable(f"a dict with a key of type {type(key).__name__}")
            tree += (self.node(key, depth + 1), self.node(item, depth + 1))
        return tree

    def write_tensor(self, value: torch.Tensor, depth: int) -> Any:
        name = str(value.dtype).removeprefix("torch.")
        return self._numbers(TENSOR, name, tuple(value.shape), lambda: _tensor_bytes(value))

    def write_array(self, value: np.ndarray, depth: int) -> Any:
        plain = np.asarray(value)
        name = str(plain.dtype)
        return self._numbers(ARRAY, name, plain.shape, plain.tobytes)

    def write_handle(self, value: Handle, depth: int) -> Any:
        return [HANDLE, value.id, value.type[:100]]

    def _numbers(self, tag: int, name: str, shape: tuple, data: Any) -> Any:
        """A tensor's entry in the structure; looks at the size before touching its bytes."""
        if name not in DTYPES:
            raise Unsendable(f"a tensor of dtype {name} cannot travel")
        if len(shape) > self.caps.dimensions:
            raise TooLarge(f"a tensor of {len(shape)} dimensions cannot travel")
        size = math.prod(shape) * DTYPES[name][1].itemsize
        if size > self.caps.message:
            raise TooLarge(f"a tensor of shape {tuple(shape)}, {size} bytes, cannot travel")
        self.payload.append(data())
        return [tag, name, list(shape)]


_WRITE: dict[type, Callable[..., Any]] = {
    int: _Writer.write_integer,
    float: _Writer.write_real,
    str: _Writer.write_text,
    torch.Tensor: _Writer.write_tensor,
    list: _Writer.write_list,
    tuple: _Writer.write_tuple,
    dict: _Writer.write_dict,
    Handle: _Writer.write_handle,
    complex: _Writer.write_complex,
    np.ndarray: _Writer.write_array,
}


def _tensor_bytes(tensor: torch.Tensor) -> bytes:
    """The numbers of a tensor of any subclass, layout and device, row by row."""
    if tensor.device.type == "meta":
        raise Unsendable("a tensor on the device meta has no numbers")
    with torch._C.DisableTorchFunctionSubclass():
        plain = tensor.detach()
        if plain.layout is not torch.strided:
            plain = plain.to_dense()
        plain = plain.cpu().resolve_conj().resolve_neg()
        if plain.dtype is torch.bfloat16:
            plain = plain.view(torch.int16)
        return plain.numpy().tobytes()


class _Reader:
    """Builds a value from a tree of unknown origin."""

    def __init__(self, payload: memoryview, caps: Caps) -> None:
        self.payload = payload
        self.caps = caps
        self.items = 0
        self.position = 0

    def node(self, tree: Any, depth: int) -> Any:
        kind = type(tree)
        if tree is None or kind in (bool, int, float, str):
            return tree
        if kind is not list or not tree or type(tree[0]) is not int:
            raise ProtocolViolation("an item without a tag")
        if depth > self.caps.depth:
            raise ProtocolViolation(f"a message nested more than {self.caps.depth} deep")
        self.items += len(tree) - 1
        if self.items > self.caps.items:
            raise ProtocolViolation(f"a message with more than {self.caps.items} items")
        read = _READ.get(tree[0])
        if read is None:
            raise ProtocolViolation("an unknown tag")
        return read(self, tree[1:], depth)

    def finish(self) -> None:
        if self.position != len(self.payload):
            raise ProtocolViolation("bytes that belong to no value")

    def read_list(self, tree: list, depth: int) -> list:
        return [self.node(item, depth + 1) for item in tree]

    def read_tuple(self, tree: list, depth: int) -> tuple:
        return tuple(self.read_list(tree, depth))

    def read_dict(self, tree: list, depth: int) -> dict:
        keys = [self.node(item, depth + 1) for item in tree[::2]]
        # Values come after their key in the payload too, but a key has no payload of its own.
        if len(tree) % 2 or not all(map(_is_key, keys)):
            raise ProtocolViolation("a dict with a missing value or an odd key")
        values = [self.node(item, depth + 1) for item in tree[1::2]]
        made = dict(zip(keys, values, strict=True))
        if len(made) != len(keys):
            raise ProtocolViolation("a dict with a key twice")
        return made

    def read_tensor(self, tree: list, depth: int) -> torch.Tensor:
        name, numbers = self._numbers(tree)
        made = torch.from_numpy(numbers)
        dtype = DTYPES[name][0]
        if dtype is torch.bool:
            return made.ne(0)  # a byte other than 0 and 1 would be equal to nothing
        return made.view(dtype) if made.dtype != dtype else made

    def read_array(self, tree: list, depth: int) -> np.ndarray:
        name, numbers = self._numbers(tree)
        if name == "bfloat16":
            raise ProtocolViolation("numpy has no bfloat16")
        return numbers != 0 if name == "bool" else numbers

    def read_complex(self, tree: list, depth: int) -> complex:
        if len(tree) != 2 or not all(type(part) is float for part in tree):
            raise ProtocolViolation("a complex number needs two parts")
        return complex(*tree)

    def read_integer(self, tree: list, depth: int) -> int:
        if len(tree) != 1 or type(tree[0]) is not str or not _INTEGER.fullmatch(tree[0]):
            raise ProtocolViolation("a long integer needs digits")
        return int(tree[0])

    def read_text(self, tree: list, depth: int) -> str:
        if len(tree) != 1 or not _is_size(tree[0]) or tree[0] > self.caps.text:
            raise ProtocolViolation("a long text needs its length")
        try:
            return str(self._bytes(tree[0]), "utf-8")
        except UnicodeDecodeError:
            raise ProtocolViolation("a text that is not UTF-8") from None

    def read_handle(self, tree: list, depth: int) -> Handle:
        if len(tree) != 2 or not _is_size(tree[0]) or type(tree[1]) is not str:
            raise ProtocolViolation("a handle needs a number and a type")
        return Handle(tree[0], tree[1][:100])

    def _numbers(self, tree: list) -> tuple[str, np.ndarray]:
        if len(tree) != 2 or type(tree[0]) is not str or tree[0] not in DTYPES:
            raise ProtocolViolation("a tensor of unknown dtype")
        name, shape = tree
        if type(shape) is not list or len(shape) > self.caps.dimensions:
            raise ProtocolViolation("a tensor with too many dimensions")
        if not all(_is_size(side) for side in shape):
            raise ProtocolViolation("a tensor with an impossible shape")
        dtype = DTYPES[name][1]
        data = self._bytes(math.prod(shape) * dtype.itemsize)
        try:
            return name, np.frombuffer(data, dtype).reshape(shape).copy()
        except ValueError:  # numpy refuses such as (0, 2**40, 2**40)
            raise ProtocolViolation("a tensor with an impossible shape") from None

    def _bytes(self, length: int) -> memoryview:
        if length > len(self.payload) - self.position:
            raise ProtocolViolation("a value longer than its message")
        start, self.position = self.position, self.position + length
        return self.payload[start : self.position]


_READ: dict[int, Callable[..., Any]] = {
    LIST: _Reader.read_list,
    TUPLE: _Reader.read_tuple,
    DICT: _Reader.read_dict,
    TENSOR: _Reader.read_tensor,
    ARRAY: _Reader.read_array,
    COMPLEX: _Reader.read_complex,
    INTEGER: _Reader.read_integer,
    TEXT: _Reader.read_text,
    HANDLE: _Reader.read_handle,
}


def _is_size(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LONGEST_SIDE


def _is_key(value: Any) -> bool:
    """Keys are short and hashable, and take nothing from the payload."""
    if isinstance(value, str):
        return len(value) <= SHORT_TEXT // 4
    return value is None or isinstance(value, bool | int | float)
