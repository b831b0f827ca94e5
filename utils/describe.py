"""Values and calls in a few words, for messages."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import torch

SMALL = 12


def describe_call(name: str, args: tuple, kwargs: dict) -> str:
    """A call as a student would type it.

    Example: `conv2d([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 1], [0, 2]])`; a large tensor shows as
    its shape, `<7×5 float64 tensor>`.
    """
    parts = [describe(value) for value in args]
    parts += [f"{key}={describe(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(parts)})"


def describe(value: Any) -> str:
    """A value in a few words: small tensors by their numbers, large ones by shape and dtype."""
    if isinstance(value, torch.Tensor):
        # A side counts even where there is no number: (2**31, 0) would list 2**31 empty rows.
        small = value.numel() <= SMALL and all(side <= SMALL for side in value.shape)
        if small and value.layout is torch.strided:
            return _numbers(value.detach().cpu().tolist())
        return f"<{shape_text(value.shape)} {dtype_text(value.dtype)} tensor>"
    if isinstance(value, list | tuple):
        inside = ", ".join(describe(item) for item in value[:SMALL])
        inside += ", …" if len(value) > SMALL else ""
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, bool | int | float):
        return number(value)
    text = repr(value) if isinstance(value, str | type(None)) else kind_of(value)
    return text if len(text) <= 80 else text[:77] + "…"


def kind_of(value: Any) -> str:
    """What sort of thing a value is: "a list", "a tensor of shape (2, 2)"."""
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, bool | int | float | str):
        return f"the {type(value).__name__} {describe(value)}"
    return f"a {type(value).__name__}"


def shape_text(shape: Any) -> str:
    """`(3, 3)` as "3×3"; a scalar as "0-dimensional"."""
    return "×".join(str(int(size)) for size in shape) or "0-dimensional"


def dtype_text(dtype: torch.dtype) -> str:
    """`torch.float64` as "float64"."""
    return str(dtype).removeprefix("torch.")


def number(value: Any) -> str:
    """A number as a reader wants it: `13` for 13.0, four significant digits otherwise."""
    if isinstance(value, complex):
        return f"{value:.4g}"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):  # may be larger than any float
        return str(value) if abs(value) < 1e15 else f"{Decimal(value):.4g}"
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.4g}"


def close(a: float, b: float, rtol: float, atol: float) -> bool:
    """`math.isclose` that also takes an integer larger than any float, which is close to none."""
    try:
        return math.isclose(a, b, rel_tol=rtol, abs_tol=atol)
    except OverflowError:
        return a == b


def _numbers(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_numbers(item) for item in value) + "]"
    return number(value)
