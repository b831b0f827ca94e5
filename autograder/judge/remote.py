"""The student's functions seen from the judge's side: every call goes to the student's process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from autograder.kernel import KernelDied, KernelTimeout, StudentKernel
from autograder.wire import ProtocolViolation, TooLarge
from utils.invoke import Reply, StudentError
from utils.student import (
    Handle,
    StudentCrash,
    StudentGone,
    StudentObject,
    StudentTimeout,
    Target,
)


class Remote:
    """The backend of `Student` in grading.

    `seconds` is the time limit of one call.
    Raises `StudentTimeout`, `StudentGone` when the process ended, and `StudentCrash` when what came
    back is no reply, or what is handed on of an earlier one is too large.
    Example: `Student(Remote(kernel, 10)).conv2d(image, kernel)`.
    """

    def __init__(self, kernel: StudentKernel, seconds: float = 10.0) -> None:
        self.kernel = kernel
        self.seconds = seconds

    def invoke(self, target: Target, how: str, args: tuple, kwargs: dict) -> Reply:
        with _as_students():
            return self.kernel.invoke(target, how, _sent(args), _sent(kwargs), self.seconds)

    def hold(self, names: Sequence[str]) -> dict[str, Reply]:
        """What stands for each global name now: a handle, or the error of looking it up."""
        with _as_students():
            return self.kernel.hold(names, self.seconds)


@contextmanager
def _as_students() -> Iterator[None]:
    """What goes wrong in a kernel, told as a check knows it."""
    try:
        yield
    except KernelTimeout as timeout:
        raise StudentTimeout(timeout.seconds) from None
    except KernelDied as death:
        raise StudentGone(death.how, death.out_of_memory, death.blocked) from None
    except TooLarge as much:
        # A check hands on what the student's code returned before.
        raise StudentCrash(StudentError("TooLarge", str(much))) from None
    except ProtocolViolation as violation:
        what = f"the answer was no result: {violation}"
        raise StudentCrash(StudentError("ProtocolViolation", what)) from None


def _sent(value: Any) -> Any:
    """A call's arguments, with the student's own objects named by their handles."""
    if isinstance(value, StudentObject):
        target = value._target
        if isinstance(target.root, Handle) and not target.path:
            return target.root
    if isinstance(value, list | tuple):
        return type(value)(_sent(item) for item in value)
    if isinstance(value, dict):
        return {key: _sent(item) for key, item in value.items()}
    return value
