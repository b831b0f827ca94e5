"""How much a kernel may take, and what the system counts for us."""

from __future__ import annotations

import contextlib
import resource
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import system

MIB = 2**20
PAGE = resource.getpagesize()


@dataclass(frozen=True)
class Resources:
    """What a student's processes may take.

    `memory` bytes beyond what the warm parent has loaded, for all of them together; `cpu` seconds
    of each; `scratch` bytes of files, and of one file; `processes` and threads at a time; `files`
    open in each.
    """

    memory: int = 3072 * MIB
    cpu: int = 900
    scratch: int = 256 * MIB
    processes: int = 256
    files: int = 1024


RESOURCES = Resources()


def apply(resources: Resources, *, own_user: bool, address_space: bool) -> None:
    """Put this process and its children under limits that they cannot raise.

    `own_user` says that the count of processes is this sandbox's own, not that of everything which
    the user runs. `address_space` is False where a GPU's driver takes addresses without end.
    """
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: resources.cpu,
        resource.RLIMIT_FSIZE: resources.scratch,
        resource.RLIMIT_NOFILE: resources.files,
    }
    if system.LINUX and address_space:
        limits[resource.RLIMIT_AS] = address_space_used() + resources.memory
    if system.LINUX and own_user:
        limits[resource.RLIMIT_NPROC] = resources.processes
    for which, most in limits.items():
        # A second over the limit of time before the signal that cannot be caught.
        hard = most + 1 if which == resource.RLIMIT_CPU else most
        with contextlib.suppress(ValueError):  # the limit is lower already
            resource.setrlimit(which, (most, hard))


def address_space_used() -> int:
    """The bytes of addresses that this process has in use."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * PAGE
