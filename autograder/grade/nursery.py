"""One process that loads all that workers need, and then forks them: torch is imported once.

Started as `python -m autograder.grade.nursery FD TASK`. FD is a stream to the coordinator, TASK a
module with `alone()`, `prepare(settings)` and `answer(settings, job)`, such as `worker`. The
settings come on its standard input, one JSON text. Then each order on the stream is one byte with
two descriptors, a worker's connection and its black box. The nursery answers `{"started": pid}`,
and later `{"ended": pid, "code": number, "peak": MB}`, where a signal is a negative code.

When the coordinator hangs up, or dies, the nursery ends and takes all workers with it; also when
the process ends of which `prepare` gave the pid: without the warm parent every kernel dies, and
that must not look like a student's doing. It has one thread: others would not survive the forks.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
from importlib import import_module
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, NoReturn

from autograder.grade import blackbox
from autograder.grade.worker import serve

ORDER = b"w"
PR_SET_PDEATHSIG = 1
MB = 1024  # kilobytes, in which the system counts memory


class Nursery:
    """Forks workers for the coordinator at the other end of `control`."""

    def __init__(self, control: socket.socket, task: ModuleType, vital: int | None) -> None:
        self._control = control
        self._task = task
        self._vital = vital
        self._workers: set[int] = set()

    def run(self) -> None:
        """Fork on order until the coordinator hangs up; then end every worker."""
        wake = _wake_on_children()
        waiting = select.poll()
        waiting.register(self._control, select.POLLIN)
        waiting.register(wake, select.POLLIN)
        try:
            while True:
                ready = [fd for fd, _ in waiting.poll()]
                if wake in ready:
                    os.read(wake, 4096)
                    if not self._tell_ended():
                        return
                if self._control.fileno() in ready and not self._follow_order():
                    return
        except OSError:  # nobody listens any more
            return
        finally:
            self._end()

    def _follow_order(self) -> bool:
        """Fork one worker; False when the coordinator has hung up."""
        order, files, _, _ = socket.recv_fds(self._control, 1, 2)
        if not order:
            return False
        connection, box = files
        pid = os.fork()
        if pid == 0:
            self._be_worker(connection, box)
        os.close(connection)
        os.close(box)
        self._workers.add(pid)
        self._tell({"started": pid})
        return True

    def _be_worker(self, connection: int, box: int) -> NoReturn:
        code = 70
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._control.close()
            _die_with_nursery()
            blackbox.record_in(box)
            with Connection(connection) as stream:
                serve(stream, self._task.answer)
            code = 0
        finally:
            os._exit(code)  # what the nursery registered for its own end is not a worker's

    def _tell_ended(self) -> bool:
        """Tell of ended workers; False when the process that all of them need has ended."""
        while True:
            try:
                pid, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if pid == 0:
                return True
            if pid == self._vital:
                return False
            if pid in self._workers:
                self._workers.discard(pid)
                code = os.waitstatus_to_exitcode(status)
                self._tell({"ended": pid, "code": code, "peak": used.ru_maxrss // MB})

    def _tell(self, message: dict[str, Any]) -> None:
        self._control.sendall(json.dumps(message).encode() + b"\n")

    def _end(self) -> None:
        for pid in self._workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _die_with_nursery() -> None:
    """Without its nursery a worker has no kernels, and no one to tell how it ended (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _wake_on_children() -> int:
    """A descriptor that becomes readable when a child ends."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return read


def main(control: int, task: str) -> None:
    """Load the task, then fork workers; the entry point of the nursery's process."""
    module = import_module(task)
    module.alone()
    settings = json.loads(sys.stdin.read())
    vital = module.prepare(settings)
    gc.collect()
    gc.freeze()  # a collection in a worker then touches no page that it shares with the others
    Nursery(socket.socket(fileno=control), module, vital).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
