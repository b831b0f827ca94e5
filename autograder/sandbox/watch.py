"""The watcher: adds up the memory of every process in a room, and how many they are.

A limit on addresses holds for each process alone; a crowd of them could still fill the machine.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from autograder.sandbox.limits import PAGE, Resources

MEMORY = "memory"
CROWD = "processes"
PAUSE = 0.05  # seconds between two looks
SHARE = 10  # a look that takes long is followed by a pause this many times as long


class Watcher:
    """Looks at the processes that `listing` names, when it is time to."""

    def __init__(self, resources: Resources, listing: Callable[[], list[int]]) -> None:
        self._processes = resources.processes
        self._memory = resources.memory + _resident(os.getpid())  # what every fork has loaded
        self._listing = listing
        self._due = 0.0

    def pause(self) -> float:
        """The seconds until the next look."""
        return max(self._due - time.monotonic(), 0.0)

    def look(self) -> str:
        """What there is too much of, MEMORY or CROWD; "" when all is well or it is not time."""
        began = time.monotonic()
        if began < self._due:
            return ""
        found = self._look()
        ended = time.monotonic()
        self._due = ended + max(PAUSE, SHARE * (ended - began))
        return found

    def _look(self) -> str:
        pids = self._listing()
        if len(pids) > self._processes:
            return CROWD
        if sum(map(_resident, pids)) <= self._memory:
            return ""
        return MEMORY if sum(map(_own, pids)) > self._memory else ""


def _resident(pid: int) -> int:
    """Bytes in memory, shared ones in full; quick to read."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * PAGE
    except (OSError, IndexError):  # it has just ended
        return 0


def _own(pid: int) -> int:
    """Bytes in memory, with its part of what it shares; slower to read."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(b"Pss:"))
    except (OSError, StopIteration, IndexError):  # it has ended, or hides: then all counts
        return _resident(pid)
