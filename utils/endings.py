"""Why a student's code came to no result, told by the error it ended with.

The error comes from the student's own process. It chooses between the ways of earning nothing,
never a way of earning something.
"""

from __future__ import annotations

import errno
import re

from utils.invoke import StudentError
from utils.verdicts import Kind

MEMORY = (
    "It needs more memory than there is. "
    "Look for a list or a tensor that grows in a loop, or for a shape that is far too large."
)
SIZE = "The result is too large to be looked at. Return only what is asked for."
ACCESS = (
    "Graded code sees the lesson's own files only, may write to its working folder only, and must "
    "leave other processes alone. Use the files beside the notebook, by their names."
)
NETWORK = "Graded code has no network. Use the files that come with the lesson."
SPACE = "Graded code may fill only a small disk. Write less, and remove what you no longer need."
NUMBER = (
    "Graded code may have only so many processes, threads and open files. "
    "Work in one process, and close files with `with`."
)
SYSTEM = (
    "Your code asked the operating system for something that graded code may not do. "
    "Use Python and the lesson's libraries alone."
)

_MEMORY_TYPES = ("MemoryError", "OutOfMemoryError", "_ArrayMemoryError")
_MEMORY_WORDS = re.compile(
    r"[Cc]an(?:'|no)t allocate memory|not enough memory|out of memory|Unable to allocate|bad_alloc"
)
_ERRNO = re.compile(r"\[Errno (-?[0-9]{1,6})\]")
_NUMBER_WORDS = "can't start new thread"


def _numbers(*names: str) -> frozenset[int]:
    """The system's numbers of errors; not every system has every name."""
    return frozenset(getattr(errno, name) for name in names if hasattr(errno, name))


_REMEDIES = {
    ACCESS: _numbers("EPERM", "EACCES", "EROFS"),
    # The last three are those of looking up a host's name.
    NETWORK: _numbers("ENETUNREACH", "ENETDOWN", "EHOSTUNREACH", "EAFNOSUPPORT") | {-2, -3, -5},
    SPACE: _numbers("ENOSPC", "EDQUOT", "EFBIG"),
    NUMBER: _numbers("EAGAIN", "EMFILE", "ENFILE"),
}


def ending_of(error: StudentError) -> tuple[Kind, str]:
    """What kind of end an error is, and what to do about it; no sentence for a plain crash.

    Example: a `MemoryError` gives `Kind.OUT_OF_MEMORY` and "It needs more memory than there is. …".
    """
    if error.type == "TooLarge":
        return Kind.TOO_LARGE, SIZE
    if error.type in _MEMORY_TYPES or _MEMORY_WORDS.search(error.message):
        return Kind.OUT_OF_MEMORY, MEMORY
    if remedy := _remedy(error):
        return Kind.BLOCKED, remedy
    return Kind.CRASHED, ""


def _remedy(error: StudentError) -> str:
    """What the sandbox does not allow and what to do instead; empty where it stopped nothing."""
    if error.type == "gaierror":
        return NETWORK
    if error.type == "PermissionError":
        return ACCESS
    if _NUMBER_WORDS in error.message:
        return NUMBER
    found = {int(number) for number in _ERRNO.findall(error.message)}
    return next((says for says, numbers in _REMEDIES.items() if numbers & found), "")
