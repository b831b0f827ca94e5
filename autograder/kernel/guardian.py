"""The guardian of one kernel: a small process that never runs a student's line.

It stands between the warm parent and the student's process. Whatever the student starts, and
however it cuts itself loose, becomes the guardian's child in the end and goes with the kernel.

The judge speaks to it in single bytes and hears one message when the kernel is up and one when it
has ended.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from autograder.kernel import processes
from autograder.wire import encode

INTERRUPT = b"i"
END = b"e"


def guard(
    orders: socket.socket,
    student: Callable[[], NoReturn],
    let_go: Callable[[], None],
    scratch: Path,
) -> NoReturn:
    """Fork the student's process, follow the judge's orders, and leave nothing behind.

    `let_go` closes the files that only the student's process needs.
    """
    processes.adopt_orphans()
    processes.die_with_parent(signal.SIGTERM)
    wake = processes.wake_on(signal.SIGCHLD, signal.SIGTERM)
    pid = os.fork()
    if pid == 0:
        student()
    let_go()
    _tell(orders, {"student": pid, "guardian": os.getpid()})
    status = _watch(pid, orders, wake)
    _tell(orders, {"ended": status})
    if not processes.LINUX:
        processes.end_group(pid)
    processes.end_children()
    processes.remove_tree(scratch)
    os._exit(0)


def _watch(pid: int, orders: socket.socket, wake: int) -> int:
    """Wait until the student's process ends or must end; returns its exit code or -signal."""
    waiting = select.poll()
    waiting.register(orders, select.POLLIN)
    waiting.register(wake, select.POLLIN)
    while True:
        ready = [fd for fd, _ in waiting.poll()]
        if wake in ready:
            signals = os.read(wake, 4096)
            for ended, status in processes.reaped():
                if ended == pid:
                    return status
            if signal.SIGTERM in signals:
                return _end(pid)
        if orders.fileno() in ready:
            order = orders.recv(1)
            if order != INTERRUPT:  # END, or the judge has gone
                return _end(pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGINT)


def _end(pid: int) -> int:
    processes.end_group(pid)
    with contextlib.suppress(ChildProcessError):
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return -signal.SIGKILL


def _tell(orders: socket.socket, message: dict[str, int]) -> None:
    with contextlib.suppress(OSError):
        orders.sendall(encode(message))
