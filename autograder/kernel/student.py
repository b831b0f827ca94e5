"""From a fork of the warm parent to the student's process."""

from __future__ import annotations

import io
import os
import signal
import socket
import sys
import tempfile
from typing import Any, NoReturn

from autograder.kernel import processes
from autograder.kernel.agent import Agent
from autograder.kernel.place import Place
from autograder.kernel.shell import GradingShell
from autograder.wire import encode
from utils import notebook
from utils.randomness import seed_all

NICENESS = 5


def become_student(
    shell: GradingShell,
    place: Place,
    order: dict[str, Any],
    connection: socket.socket,
    stdout: int,
    stderr: int,
    contents: int,
) -> NoReturn:
    """Turn this forked process into the student's, confine it, and play the order's role.

    The role "agent" serves the judge; "jupyter" is an ipykernel for Jupyter's own clients.
    """
    try:
        os.setsid()
        processes.die_with_parent(signal.SIGKILL)
        processes.default_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # until the agent takes it over
        place.settle(contents)
        _files(connection, stdout, stderr)
        connection = socket.socket(fileno=3)
        _make_home(place)
        os.nice(NICENESS)  # a crowd of processes must not keep the grader from ending it
        place.shelter.confine(place.resources, place.writable)
        held = list(place.shelter.protections)
        _reseed(place.seed)
        if order.get("role", "agent") == "jupyter":
            from autograder.kernel.jupyter import become_jupyter_kernel

            become_jupyter_kernel(shell, place, order, connection, held)
        notebook.graded = True
        agent = Agent(connection, shell, open_streams, place.caps)
        connection.sendall(encode({"ready": held, "scratch": str(place.scratch)}))
        agent.serve()
    finally:
        os._exit(70)  # never return into the warm parent's code


def open_streams() -> None:
    """Make `sys.stdout` and `sys.stderr` write to the pipes that the judge reads."""
    sys.stdout = sys.__stdout__ = _stream(1)  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _stream(2)  # type: ignore[misc]


def _stream(fd: int) -> io.TextIOWrapper:
    # Every line goes out at once, so that it stands before what a subprocess prints next.
    raw = io.BufferedWriter(io.FileIO(fd, "w", closefd=False))
    return io.TextIOWrapper(raw, encoding="UTF-8", errors="replace", line_buffering=True)


def _files(connection: socket.socket, stdout: int, stderr: int) -> None:
    """Leave nothing open but: 0 nothing to read, 1 and 2 the outputs, 3 the judge."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    parts = [os.dup(fd) for fd in (nothing, stdout, stderr, connection.fileno())]
    for number, fd in enumerate(parts):
        os.dup2(fd, number, inheritable=number < 3)
    connection.detach()
    processes.close_all_but(3)
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.FileIO(0, closefd=False))  # type: ignore[misc]
    open_streams()


def _make_home(place: Place) -> None:
    """Let programs find home, settings and temporary files in the scratch folder."""
    home = {"HOME": place.scratch, "IPYTHONDIR": place.scratch / ".ipython"}
    for name, path in {**home, "TMPDIR": place.scratch / "tmp", "PWD": place.work}.items():
        os.environ[name] = str(path)
    tempfile.tempdir = None


def _reseed(seed: int | None) -> None:
    """Forked kernels share the parent's random state: give each a seed."""
    if seed is None:
        seed = int.from_bytes(os.urandom(8), "little") >> 1
    seed_all(seed)
