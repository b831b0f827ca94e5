"""The coordinator's end of a nursery: its process, and the workers that it forks."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import IO, Any

from autograder.grade.blackbox import last_note
from autograder.grade.nursery import ORDER
from autograder.paths import CourseError

START = 180.0  # seconds that a nursery may take to load everything on a busy machine
SOON = 5.0  # seconds in which the nursery tells how a worker ended
GRACE = 3.0  # seconds for it to end by itself


class Lost(Exception):
    """The nursery has ended; the text is the last that it said."""


@dataclass(eq=False)
class Worker:
    """A forked worker: its process, the connection to it, and its black box."""

    pid: int
    connection: Connection
    box: IO[bytes]

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        self.connection.close()
        self.box.close()

    @property
    def note(self) -> str:
        """What it was doing last."""
        return last_note(self.box.fileno())


@dataclass
class Nursery:
    """Starts the process `autograder.grade.nursery` for a task, and orders workers from it.

    `ended` is set once it was found to be gone. It starts loading at once, so make it early.
    `command` is for tests.
    """

    task: str
    settings: dict[str, Any]
    command: Sequence[str] = (sys.executable, "-m", "autograder.grade.nursery")
    ended: bool = False
    _forked: set[int] = field(default_factory=set)
    _ended: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as the process runs)
        self._control, theirs = socket.socketpair()
        self._text = b""
        with theirs:
            self._process = subprocess.Popen(
                [*self.command, str(theirs.fileno()), self.task],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.PIPE,
                stdout=self._log,
                stderr=self._log,
                env={**os.environ, "PYTHONPATH": import_path()},
                start_new_session=True,  # Ctrl-C in a terminal is for the coordinator alone
            )
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin as stdin:
            stdin.write(json.dumps(self.settings).encode())

    def worker(self, settings: dict[str, Any]) -> Worker:
        """A new worker that has been told its settings; raises `Lost` when there is no nursery."""
        ours, theirs = Pipe()
        box = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as the worker)
        try:
            with theirs:
                socket.send_fds(self._control, [ORDER], [theirs.fileno(), box.fileno()])
            pid = self._started()
        except (OSError, Lost) as error:
            ours.close()
            box.close()
            raise Lost(self.last_words or str(error)) from None
        self._forked.add(pid)
        worker = Worker(pid, ours, box)
        with contextlib.suppress(OSError):  # its end is noticed when it is asked
            ours.send_bytes(json.dumps(settings).encode())
        return worker

    def end_of(self, worker: Worker) -> dict[str, Any]:
        """How a worker ended: `code`, below 0 for a signal, and `peak` memory in MB.

        Empty where nobody can tell: it is another nursery's, or its nursery has ended.
        """
        if worker.pid not in self._forked:
            return {}
        self._forked.discard(worker.pid)
        until = time.monotonic() + SOON
        with contextlib.suppress(OSError, Lost):
            while worker.pid not in self._ended and time.monotonic() < until:
                self._listen(until - time.monotonic())
        return self._ended.pop(worker.pid, {})

    def again(self) -> Nursery:
        """Another one like this, started anew."""
        return Nursery(self.task, self.settings, self.command)

    @property
    def last_words(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace").strip()[-2000:]

    def close(self) -> None:
        """Hang up, upon which it ends with all its workers; kill it when it does not."""
        self._control.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._log.close()

    def _started(self) -> int:
        until = time.monotonic() + START
        while True:
            message = self._listen(until - time.monotonic())
            if "started" in message:
                return int(message["started"])
            if time.monotonic() > until:
                raise Lost(f"nothing was heard of it for {START:g} s")

    def _listen(self, seconds: float) -> dict[str, Any]:
        """The next message; what it says of ended workers is kept. Empty when there was none."""
        while b"\n" not in self._text:
            if not select.select([self._control], [], [], max(0.0, seconds))[0]:
                return {}
            data = self._control.recv(4096)
            if not data:
                self.ended = True
                raise Lost("it has ended")
            self._text += data
        line, _, self._text = self._text.partition(b"\n")
        message = dict(json.loads(line))
        if "ended" in message:
            self._ended[message["ended"]] = message
        return message


def started(task: str, settings: dict[str, Any]) -> Nursery:
    """A nursery; raises `CourseError` where no process can be started at all."""
    try:
        return Nursery(task, settings)
    except OSError as error:
        raise CourseError(f"No process can be started ({error}). Free some memory.") from error


def import_path() -> str:
    """Where a process finds this package, also where it is not installed."""
    here = Path(__file__).resolve().parents[2]
    return os.pathsep.join(filter(None, [str(here), os.environ.get("PYTHONPATH")]))
