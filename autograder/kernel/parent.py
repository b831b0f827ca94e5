"""The warm parent: has torch loaded, holds no secret, and forks a kernel whenever it is asked.

It takes orders over one socket from the process that started it. An order to fork comes with five
files: the student's and the guardian's end of a connection, the pipes for the outputs, and what
lies in the working folder. When the socket closes, everything that it started ends.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn

import msgpack

from autograder.kernel import processes
from autograder.kernel.guardian import guard
from autograder.kernel.place import Place
from autograder.kernel.shell import GradingShell
from autograder.kernel.student import become_student
from autograder.kernel.warm import READY
from autograder.kernel.warmup import warm_up
from autograder.sandbox import room
from autograder.sandbox.jail import HOME
from autograder.sandbox.shelter import Shelter

FILES = 5
PATIENCE = 5.0
LOOK_UP = 2000  # milliseconds between two looks at whether the judge still lives


class Parent:
    """Forks kernels for the process at the other end of `control`."""

    def __init__(
        self, control: socket.socket, shell: GradingShell, shelter: Shelter, home: Path
    ) -> None:
        self._control = control
        self._shell = shell
        self._shelter, self._home = shelter, home
        self._orders = msgpack.Unpacker()
        self._files: list[int] = []
        self._guardians: dict[int, str] = {}  # the kernels' names by their guardian's process
        self._overdue: dict[int, float] = {}  # when a guardian must have ended

    def serve(self) -> None:
        """Fork until the judge hangs up, then end every kernel."""
        wake = processes.wake_on(signal.SIGCHLD)
        waiting = select.poll()
        waiting.register(self._control, select.POLLIN)
        waiting.register(wake, select.POLLIN)
        judge = os.getppid()
        while os.getppid() == judge:  # a fork of the judge's may keep the socket open
            ready = [fd for fd, _ in waiting.poll(LOOK_UP)]
            if wake in ready:
                os.read(wake, 4096)
            self._reap()
            if self._control.fileno() in ready and not self._take_orders():
                break
        self._end()

    def _take_orders(self) -> bool:
        """Follow what has arrived; False when the judge has hung up."""
        try:
            data, files, _, _ = socket.recv_fds(self._control, 2**16, FILES)
        except ConnectionResetError:
            return False
        if not data:
            return False
        self._files += files
        self._orders.feed(data)
        for order in self._orders:
            if "end" in order:
                self._end_kernel(order["end"])
            else:
                self._fork(order)
        return True

    def _fork(self, order: dict[str, Any]) -> None:
        files, self._files = self._files[:FILES], self._files[FILES:]
        place = Place.of(order, self._shelter, self._home)
        if not place.room:
            place.scratch.mkdir(mode=0o700)
        ours = os.getpid()
        try:
            pid = room.open_room() if place.room else os.fork()
            if pid == 0:
                self._start_kernel(order, place, *files)
            self._guardians[pid] = order["name"]
        except OSError:  # too many processes: the judge sees its connection closed
            pass
        finally:
            if os.getpid() != ours:
                os._exit(71)
        for fd in files:
            os.close(fd)

    def _start_kernel(
        self,
        order: dict[str, Any],
        place: Place,
        student: int,
        guardian: int,
        stdout: int,
        stderr: int,
        contents: int,
    ) -> NoReturn:
        processes.close_all_but(student, guardian, stdout, stderr, contents)
        self._control.detach()
        connection = socket.socket(fileno=student)
        guard(
            socket.socket(fileno=guardian),
            place,
            lambda: become_student(self._shell, place, order, connection, stdout, stderr, contents),
            lambda: _close(connection, stdout, stderr, contents),
        )

    def _end_kernel(self, name: str) -> None:
        """End a kernel whether or not its guardian gets to answer, as among a hundred processes."""
        for pid, kernel in self._guardians.items():
            if kernel == name:
                # All that is in a room ends with the guardian; elsewhere it has to clean up.
                _signal(pid, signal.SIGKILL if self._shelter.rooms else signal.SIGTERM)
                self._overdue[pid] = time.monotonic() + PATIENCE

    def _reap(self) -> None:
        """Take note of ended guardians; what one of them left behind comes here, and ends."""
        for pid, _ in processes.reaped():
            name = self._guardians.pop(pid, None)
            self._overdue.pop(pid, None)
            if name is not None and not self._shelter.rooms:
                processes.remove_tree(self._home / name)  # gone, unless the guardian came to harm
        overdue = {pid for pid, until in self._overdue.items() if until < time.monotonic()}
        for pid in overdue | (set(processes.children()) - set(self._guardians)):
            _signal(pid, signal.SIGKILL)

    def _end(self) -> None:
        for name in list(self._guardians.values()):
            self._end_kernel(name)
        deadline = time.monotonic() + 2 * PATIENCE
        while processes.children() and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.002)


def _signal(pid: int, signum: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signum)


def _close(connection: socket.socket, *files: int) -> None:
    connection.close()
    for file in files:
        os.close(file)


def main(control_fd: int, shelter: Shelter) -> None:
    """Warm up, say so, and serve: what the warm parent's process does in its jail."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    processes.adopt_orphans()
    control = socket.socket(fileno=control_fd)
    home = Path(HOME) if shelter.rooms else Path(tempfile.mkdtemp(prefix="course-parent-"))
    os.environ["HOME"] = str(home)
    os.chdir(home)
    try:
        shell = warm_up()
        with contextlib.suppress(OSError):
            control.sendall(READY)
            Parent(control, shell, shelter, home).serve()
    finally:
        if not shelter.rooms:
            processes.remove_tree(home)
