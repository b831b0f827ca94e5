"""The wire carries plain data unchanged, and builds nothing that a stranger wants built."""

from __future__ import annotations

import contextlib
import math
import struct
from typing import Any

import msgpack
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import wire
from autograder.wire import Caps, Frames, ProtocolViolation, TooLarge, Unsendable, encode
from utils.student import Handle

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    TEXTS,
    st.complex_numbers(allow_nan=False),
)
KEYS = st.one_of(TEXTS, st.none(), st.integers())
PLAIN = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(KEYS, inner, max_size=4),
    ),
    max_leaves=12,
)


def there(value: Any) -> Any:
    """What arrives when `value` is sent."""
    frames = Frames()
    frames.feed(encode(value))
    arrived = frames.take()
    assert frames.take() is Frames.NOTHING
    return arrived


def forged(tree: Any, payload: bytes = b"", caps: Caps = wire.CAPS) -> Any:
    """What is made of a message that the writer would not write."""
    return wire.decode(msgpack.packb(tree), payload, caps)


@given(PLAIN)
@settings(max_examples=150, deadline=None)
def test_plain_data_arrives_unchanged(value):
    """Numbers, texts, lists, tuples and dicts come out with the value and the type they went in."""
    assert repr(there(value)) == repr(value)


@pytest.mark.parametrize("name", sorted(wire.DTYPES))
def test_every_dtype_arrives_unchanged(name):
    """A tensor of every dtype keeps dtype, shape and numbers."""
    dtype = wire.DTYPES[name][0]
    tensor = torch.tensor([[0, 1, 2], [3, 4, 5]]).to(dtype)
    arrived = there(tensor)
    assert arrived.dtype == dtype
    assert arrived.shape == (2, 3)
    assert torch.equal(arrived, tensor)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1,), (2, 1, 3)])
def test_shapes_without_numbers_or_dimensions_arrive(shape):
    """A scalar tensor and an empty one are tensors like others."""
    assert there(torch.ones(shape)).shape == shape


def test_every_kind_of_tensor_arrives_as_a_plain_one():
    """A parameter, a view, a sparse, conjugated or negated tensor comes as its numbers."""

    class Odd(torch.Tensor):
        def __eq__(self, other: object) -> bool:  # type: ignore[override]
            return True

    complex_ones = torch.tensor([1 + 2j])
    for tensor, wanted in (
        (torch.nn.Parameter(torch.ones(2)), torch.ones(2)),
        (torch.arange(6).reshape(2, 3).T, torch.tensor([[0, 3], [1, 4], [2, 5]])),
        (torch.tensor([7.0]).expand(3), torch.full((3,), 7.0)),
        (torch.eye(2).to_sparse(), torch.eye(2)),
        (complex_ones.conj(), torch.tensor([1 - 2j])),
        (complex_ones.conj().imag, torch.tensor([-2.0])),
        (torch.ones(2).as_subclass(Odd), torch.ones(2)),
    ):
        arrived = there(tensor)
        assert type(arrived) is torch.Tensor
        assert not arrived.requires_grad
        assert torch.equal(arrived, wanted)


def test_nan_and_infinity_arrive():
    """A student's NaN is an answer, not an error of the wire."""
    numbers = there([math.nan, math.inf, torch.tensor([math.nan, -math.inf])])
    assert math.isnan(numbers[0])
    assert numbers[1] == math.inf
    assert torch.isnan(numbers[2][0])


def test_subclasses_arrive_as_their_plain_base():
    """A shape, a named tuple or a numpy number is a tuple or a number on the other side."""
    best = torch.ones(2, 3).max(dim=1)
    for value in (torch.Size([2, 3]), best, np.float64(2.5)):
        assert type(there(value)) in (tuple, float)


def test_arrays_long_texts_big_integers_and_handles_arrive():
    """What does not fit msgpack's own types arrives all the same."""
    assert np.array_equal(there(np.array([True, False])), np.array([True, False]))
    assert there("ä" * 100_000) == "ä" * 100_000
    assert there(-(2**200)) == -(2**200)
    assert there([Handle(3, "Net")]) == [Handle(3, "Net")]


def test_half_a_character_is_replaced():
    """A lone surrogate, which no file can hold, does not stop a result."""
    assert there("a\ud800b") == "a?b"


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"x", torch.ones(2, device="meta"), len, {(1,): 2}]
)
def test_what_is_not_plain_is_refused_by_the_writer(value):
    """An object never travels, not even by its repr."""
    with pytest.raises(Unsendable):
        encode([value])


def test_what_is_too_large_is_refused_before_it_is_copied():
    """A tensor that is a terabyte on paper, an endless list or a long text names its size."""
    endless: list[Any] = []
    endless.append(endless)
    for value in (
        torch.zeros(1).expand(2**40),
        endless,
        [0] * 300_000,
        "x" * (17 * wire.MIB),
        1 << 10_000,
        torch.zeros([1] * 9),
    ):
        with pytest.raises(TooLarge):
            encode(value)


def test_messages_are_put_together_from_pieces():
    """Bytes come one by one, and two messages in one piece: neither loses anything."""
    frames = Frames()
    data = encode((1, torch.ones(2))) + encode("two")
    got = []
    for byte in data:
        frames.feed(bytes([byte]))
        while (message := frames.take()) is not Frames.NOTHING:
            got.append(message)
    assert got[0][0] == 1
    assert got[1] == "two"
    assert len(frames) == 0


def test_bytes_of_a_bool_are_made_zero_or_one():
    """A forged True of byte 7 is equal to True, as every True is."""
    arrived = forged([wire.TENSOR, "bool", [2]], b"\x07\x00")
    assert torch.equal(arrived, torch.tensor([True, False]))
    assert arrived.view(torch.uint8).tolist() == [1, 0]


VIOLATIONS = {
    "a map": {"a": 1},
    "raw bytes": b"x",
    "an extension": msgpack.ExtType(3, b"x"),
    "a timestamp": msgpack.Timestamp(0),
    "no tag": [],
    "a text for a tag": ["x", 1],
    "True for a tag": [True, 1],
    "an unknown tag": [99],
    "a dtype of our making": [wire.TENSOR, "object", [1]],
    "too many bytes wanted": [wire.TENSOR, "float32", [2]],
    "a shape of overflow": [wire.TENSOR, "uint8", [2**39, 2**39]],
    "a shape beyond numpy": [wire.TENSOR, "uint8", [0, 2**40, 2**40]],
    "a negative side": [wire.TENSOR, "uint8", [-1]],
    "True for a side": [wire.TENSOR, "uint8", [True]],
    "nine dimensions": [wire.TENSOR, "uint8", [0] * 9],
    "a shape that is no list": [wire.TENSOR, "uint8", 1],
    "an array of bfloat16": [wire.ARRAY, "bfloat16", [0]],
    "a text longer than its message": [wire.TEXT, 10],
    "a dict without its last value": [wire.DICT, "a"],
    "a dict with a key twice": [wire.DICT, "a", 1, "a", 2],
    "a list for a key": [wire.DICT, [wire.LIST], 1],
    "a complex number of one part": [wire.COMPLEX, 1.0],
    "an integer of words": [wire.INTEGER, "ten"],
    "an integer beyond reason": [wire.INTEGER, "9" * 100_000],
    "a handle without a type": [wire.HANDLE, 1],
    "a negative handle": [wire.HANDLE, -1, "Net"],
}


@pytest.mark.parametrize("tree", VIOLATIONS.values(), ids=VIOLATIONS)
def test_forged_messages_are_violations(tree):
    """Nothing but what the writer writes is read, and nothing but a violation is raised."""
    with pytest.raises(ProtocolViolation):
        forged(tree)


def test_forged_depth_items_and_left_over_bytes_are_violations():
    """Nesting, the number of items, and bytes that nobody named have a limit."""
    deep: Any = 0
    for _ in range(100):
        deep = [wire.LIST, deep]
    with pytest.raises(ProtocolViolation):
        forged(deep)
    with pytest.raises(ProtocolViolation):
        forged([wire.LIST, *([wire.LIST, 0] * 500)], caps=Caps(items=900))
    with pytest.raises(ProtocolViolation):
        forged(1, b"more")
    with pytest.raises(ProtocolViolation):
        forged([wire.TEXT, 2], b"\xff\xff")


def test_a_header_that_promises_too_much_is_a_violation():
    """The reader does not wait for a terabyte to arrive."""
    frames = Frames(Caps(message=1000, structure=100))
    frames.feed(struct.pack(">II", 10, 2**31))
    with pytest.raises(ProtocolViolation):
        frames.take()


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_garbage_is_a_violation_or_a_value_and_never_another_error(garbage):
    """Whatever bytes come, the reader raises nothing that the judge does not expect."""
    frames = Frames()
    frames.feed(struct.pack(">II", len(garbage), 0) + garbage)
    with contextlib.suppress(ProtocolViolation):
        frames.take()
