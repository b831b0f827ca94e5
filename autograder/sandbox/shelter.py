"""What this machine offers, tried out, and a student's process put under all of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from autograder.sandbox import jail, landlock, limits, names, room, seccomp, system
from autograder.sandbox.limits import Resources
from autograder.sandbox.view import View, has_gpu

NAMESPACES, LANDLOCK, SECCOMP = "namespaces", "landlock", "seccomp"
MECHANISMS = (NAMESPACES, LANDLOCK, SECCOMP)
# What programs look up about themselves and the machine, where /proc shows everybody's processes.
OWN_PROC = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/kernel")
RESTRICTS_TRUNCATION = 3


@dataclass(frozen=True)
class Shelter:
    """The mechanisms in use for all kernels of one warm parent: rooms, Landlock, seccomp."""

    rooms: bool
    landlock: int
    filter: bytes
    view: View

    @property
    def protections(self) -> tuple[str, ...]:
        """The names of what holds for a kernel, once `confine` has been called in it."""
        alone = self.rooms or (self.landlock >= landlock.FIRST_WITH_SCOPES and bool(self.filter))
        held = {
            names.FILES: self.rooms or self.landlock >= RESTRICTS_TRUNCATION,
            names.NETWORK: self.rooms or bool(self.filter),
            names.PROCESSES: alone,
            names.SYSTEM_CALLS: bool(self.filter),
            names.MEMORY: system.LINUX,
            names.SCRATCH: self.rooms,
            names.CPU: True,
            names.IDENTITY: self.rooms or os.geteuid() != 0,
        }
        return tuple(name for name, holds in held.items() if holds)

    def confine(self, resources: Resources, writable: Iterable[str]) -> None:
        """Take from this process all that a student's must not have; there is no way back.

        Called in the fork before a student's first line. Raises `OSError` when a protection that
        was promised cannot be had.
        """
        os.umask(0o077)
        limits.apply(resources, own_user=self.rooms, address_space=not has_gpu())
        if not system.LINUX:
            return
        system.give_up_privileges()
        if self.landlock:
            read = ("/",) if self.rooms else (*self.view.read, *OWN_PROC)
            own_devices = ("/dev",) if self.rooms else self.view.devices
            landlock.restrict(read, (*writable, *own_devices))
        if self.filter:
            seccomp.install(self.filter)


def take_shelter(view: View, without: Iterable[str] = ()) -> Shelter:
    """Enter the jail, or do what can be done without; for a process with one thread.

    `without` names mechanisms to leave out, as if this machine did not have them.
    """
    without = set(without)
    rooms = NAMESPACES not in without and _works(lambda: _try_rooms(view))
    abi = 0 if LANDLOCK in without else landlock.version()
    filtered = SECCOMP not in without and seccomp.available()
    program = seccomp.assemble(rooms) if filtered else b""
    if rooms:
        jail.enter(view)
    elif system.LINUX and os.geteuid() == 0 and _works(lambda: _try_nobody(view)):
        jail.become_nobody()
    return Shelter(rooms, abi, program, view)


def _try_rooms(view: View) -> None:
    """Go the whole way of a kernel, down to its room's first process."""
    jail.enter(view)

    def furnish() -> None:
        room.furnish(limits.MIB, view)

    if not _works(furnish, room.open_room):
        raise OSError("a room could not be furnished")


def _try_nobody(view: View) -> None:
    jail.become_nobody()
    for path in view.read:
        os.stat(path)
        if os.path.isdir(path):
            os.listdir(path)


def _works(attempt: Callable[[], None], fork: Callable[[], int] = os.fork) -> bool:
    """Whether something works, tried in a process that is thrown away."""
    if not system.LINUX:
        return False
    ours = os.getpid()
    code = 1
    try:
        pid = fork()
        if pid:
            return os.waitpid(pid, 0)[1] == 0
        attempt()
        code = 0
    except OSError:
        pass
    finally:
        if os.getpid() != ours:
            os._exit(code)
    return False
