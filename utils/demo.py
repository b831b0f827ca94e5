"""For cells that show off a student's own function: they wait until it has been written."""

from __future__ import annotations

from types import FunctionType
from typing import Any


def ready(*functions: Any) -> bool:
    """True when every function has been written; otherwise say kindly which one the cell waits for.

    A function, or a class's method, still is the released stub when its own code mentions
    `NotImplementedError`.
    So "Run All" in a fresh notebook goes on to the end instead of stopping at the first gap.

    >>> def conv2d(image, kernel):
    ...     raise NotImplementedError()
    >>> if ready(conv2d):
    ...     conv2d(1, 2)
    This cell waits for your `conv2d`: write it above, then run this cell again.
    """
    waiting = [function.__name__ for function in functions if _is_stub(function)]
    if waiting:
        names = " and ".join(f"`{name}`" for name in waiting)
        them = "it" if len(waiting) == 1 else "them"
        print(f"This cell waits for your {names}: write {them} above, then run this cell again.")
    return not waiting


def _is_stub(function: Any) -> bool:
    if isinstance(function, type):
        return any(_is_stub(method) for method in vars(function).values())
    if not isinstance(function, FunctionType):
        return False  # a callable object: the student has made something
    return "NotImplementedError" in function.__code__.co_names
