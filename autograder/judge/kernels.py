"""One warm parent for this process, started when the first kernel is asked for."""

from __future__ import annotations

import atexit
from pathlib import Path

from autograder.intake import GraderFault
from autograder.kernel import StudentKernel, WarmParent

_parent: WarmParent | None = None


def start_kernel(files: Path) -> StudentKernel:
    """A fresh kernel whose working folder holds copies of `files`, a released lesson.

    Every kernel has the same seed, so that a submission is always judged in the same way.
    Raises `GraderFault` when none can be started: that is not the student's doing.
    """
    try:
        return _warm().kernel(files, seed=0)
    except Exception as error:
        raise GraderFault(
            f"No kernel could be started ({type(error).__name__}: {error}). "
            "Run `course doctor` to see what is missing."
        ) from error


def close() -> None:
    """End the warm parent and every kernel of it."""
    global _parent
    if _parent is not None:
        parent, _parent = _parent, None
        parent.close()


def _warm() -> WarmParent:
    global _parent
    if _parent is None:
        _parent = WarmParent()
        atexit.register(close)
    return _parent
