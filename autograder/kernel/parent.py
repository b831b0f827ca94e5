"""The warm parent: has torch loaded, holds no secret, and forks a kernel whenever it is asked.

It takes orders over one socket from the process that started it. An order to fork comes with four
files: the student's and the guardian's end of a connection, and the pipes for the outputs. When
the socket closes, everything that it started ends.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from pathlib import Path
from typing import Any, NoReturn

from autograder.kernel import processes
from autograder.kernel.guardian import guard
from autograder.kernel.shell import GradingShell
from autograder.kernel.student import Place, become_student
from autograder.kernel.warmup import warm_up
from autograder.wire import Caps, Frames, encode

FILES = 4
PATIENCE = 5.0
LOOK_UP = 2000  # milliseconds between two looks at whether the judge still lives


class Parent:
    """Forks kernels for the process at the other end of `control`."""

    def __init__(self, control: socket.socket, shell: GradingShell) -> None:
        self._control = control
        self._shell = shell
        self._frames = Frames()
        self._files: list[int] = []
        self._guardians: set[int] = set()

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
        self._frames.feed(data)
        while (order := self._frames.take()) is not Frames.NOTHING:
            if "end" in order:
                self._kill(order["end"])
            else:
                self._fork(order)
        return True

    def _fork(self, order: dict[str, Any]) -> None:
        files, self._files = self._files[:FILES], self._files[FILES:]
        try:
            pid = os.fork()
        except OSError:  # too many processes: the judge sees its connection closed
            pid = -1
        if pid == 0:
            self._start_kernel(order, *files)
        if pid > 0:
            self._guardians.add(pid)
        for fd in files:
            os.close(fd)

    def _start_kernel(
        self, order: dict[str, Any], student: int, guardian: int, stdout: int, stderr: int
    ) -> NoReturn:
        try:
            processes.close_all_but(student, guardian, stdout, stderr)
            self._control.detach()
            scratch, work = Path(order["scratch"]), Path(order["work"])
            place = Place(scratch, work, order["seed"], Caps(**order["caps"]))
            orders = socket.socket(fileno=guardian)
            connection = socket.socket(fileno=student)
            guard(
                orders,
                lambda: become_student(self._shell, place, connection, stdout, stderr),
                lambda: _close(connection, stdout, stderr),
                place.scratch,
            )
        finally:
            os._exit(71)

    def _kill(self, guardian: int) -> None:
        if guardian in self._guardians:
            with contextlib.suppress(ProcessLookupError):
                os.kill(guardian, signal.SIGKILL)

    def _reap(self) -> None:
        """Take note of ended guardians; what one of them left behind comes here, and ends."""
        for pid, _ in processes.reaped():
            self._guardians.discard(pid)
        processes.end_children(spare=self._guardians)

    def _end(self) -> None:
        for pid in self._guardians:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while self._guardians and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.002)
        processes.end_children()


def _close(connection: socket.socket, stdout: int, stderr: int) -> None:
    connection.close()
    os.close(stdout)
    os.close(stderr)


def main(control_fd: int) -> None:
    """Warm up, say so, and serve; the entry point of the warm parent's process.

    The folder it starts in is its own, and goes with it.
    """
    home = Path.cwd()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    processes.adopt_orphans()
    control = socket.socket(fileno=control_fd)
    try:
        shell = warm_up()
        with contextlib.suppress(OSError):
            control.sendall(encode({"ready": os.getpid()}))
            Parent(control, shell).serve()
    finally:
        processes.remove_tree(home)
