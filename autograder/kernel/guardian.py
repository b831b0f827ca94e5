"""The guardian of one kernel: a small process that never runs a student's line.

It stands between the warm parent and the student's process. In a room of its own it is the room's
first process: no signal from inside reaches it, and with it everything in the room ends. Elsewhere,
whatever the student starts, and however it cuts itself loose, becomes the guardian's child in the
end and goes with the kernel.

The judge speaks to it in single bytes and hears one message, when the kernel has ended.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from collections.abc import Callable
from typing import NoReturn

from autograder.kernel import processes
from autograder.kernel.place import Place
from autograder.sandbox import room, system
from autograder.sandbox.watch import Watcher
from autograder.wire import encode

INTERRUPT = bytes([signal.SIGINT])  # as any other signal, for all of the student's process group
END = b"e"


def guard(
    orders: socket.socket,
    place: Place,
    student: Callable[[], NoReturn],
    let_go: Callable[[], None],
) -> NoReturn:
    """Fork the student's process, follow the judge's orders, and leave nothing behind.

    `let_go` closes the files that only the student's process needs.
    """
    processes.adopt_orphans()
    processes.die_with_parent(signal.SIGKILL if place.room else signal.SIGTERM)
    processes.first_to_go()
    wake = processes.wake_on(signal.SIGCHLD, signal.SIGTERM)
    if place.room:
        room.furnish(place.resources.scratch, place.shelter.view)
    pid = os.fork()
    if pid == 0:
        student()
    if processes.LINUX:
        system.set_dumpable(False)  # nobody shall look into this process
    let_go()
    code, excess = _Watch(pid, orders, wake, place).run()
    _tell(orders, {"ended": code, "excess": excess})
    if not place.room:  # where there is one, it ends with its first process
        _clean_up(pid, place)
    os._exit(0)


class _Watch:
    """Waits until the student's process ends, must end, or takes too much."""

    def __init__(self, pid: int, orders: socket.socket, wake: int, place: Place) -> None:
        self._pid, self._orders, self._wake = pid, orders, wake
        listing = processes.others if place.room else processes.descendants
        self._watcher = Watcher(place.resources, listing) if processes.LINUX else None

    def run(self) -> tuple[int, str]:
        """The exit code or minus the signal, and what there was too much of, if anything."""
        waiting = select.poll()
        waiting.register(self._orders, select.POLLIN)
        waiting.register(self._wake, select.POLLIN)
        while True:
            pause = None if self._watcher is None else self._watcher.pause() * 1000
            ready = [fd for fd, _ in waiting.poll(pause)]
            if self._wake in ready:
                signals = os.read(self._wake, 4096)
                for ended, code in processes.reaped():
                    if ended == self._pid:
                        return code, ""
                if signal.SIGTERM in signals:
                    return self._end(), ""
            if self._orders.fileno() in ready and not self._follow():
                return self._end(), ""
            excess = self._watcher.look() if self._watcher is not None else ""
            if excess:
                return self._end(), excess

    def _follow(self) -> bool:
        """Follow one order; False when it is to end, or the judge has gone."""
        order = self._orders.recv(1)
        if order in (END, b""):
            return False
        with contextlib.suppress(ProcessLookupError, ValueError):
            os.killpg(self._pid, order[0])
        return True

    def _end(self) -> int:
        processes.end_group(self._pid)
        with contextlib.suppress(ChildProcessError):
            return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return -signal.SIGKILL


def _clean_up(pid: int, place: Place) -> None:
    if not processes.LINUX:
        processes.end_group(pid)
    processes.end_children()
    processes.remove_tree(place.scratch)


def _tell(orders: socket.socket, message: dict[str, int | str]) -> None:
    with contextlib.suppress(OSError):
        orders.sendall(encode(message))
