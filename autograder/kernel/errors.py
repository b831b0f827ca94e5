"""What can go wrong between the judge and a student's process."""

from __future__ import annotations


class KernelError(Exception):
    """The student's process gave no answer."""


class KernelTimeout(KernelError):
    """No answer within `seconds`. `alive` says whether the process could be interrupted."""

    def __init__(self, seconds: float, alive: bool) -> None:
        super().__init__(f"no answer within {seconds:g} s")
        self.seconds = seconds
        self.alive = alive


class KernelDied(KernelError):
    """The student's process has ended.

    `how` tells in words what ended it; `code` is its exit code, or minus a signal's number, where
    known; `out_of_memory` is True when it was killed for lack of memory, `blocked` when it was for
    a system call that the sandbox forbids.
    """

    def __init__(
        self,
        how: str,
        code: int | None = None,
        out_of_memory: bool = False,
        blocked: bool = False,
    ) -> None:
        super().__init__(how)
        self.how = how
        self.code = code
        self.out_of_memory = out_of_memory
        self.blocked = blocked
