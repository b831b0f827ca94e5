"""The judge's end of the connections to one kernel; never waits longer than it is told to.

Four files: the student's socket, the pipes of its outputs, and the guardian's socket. All are read
and written without blocking, at once, so that a student who stops reading, never stops writing, or
sends a byte an hour holds up nothing but his own deadline.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from collections.abc import Callable
from typing import Any

from autograder.kernel.guardian import END, INTERRUPT
from autograder.wire import CAPS, Caps, Frames

CHUNK = 2**18
MOST_BEFORE_EVENT = 2**20  # no pipe holds more
LAST_WORDS = 1.0  # seconds for the guardian to say how a process ended


class Late(Exception):
    """The deadline has passed."""


class Ended(Exception):
    """The student's process has ended, or has hung up; `code` is its exit code where known."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Link:
    """Sends requests to a kernel and receives what it says.

    `on_stream(name, data)` takes what the student's process writes to its outputs. `excess` is what
    the kernel took too much of, if that ended it.
    """

    def __init__(
        self,
        student: socket.socket,
        guardian: socket.socket,
        stdout: int,
        stderr: int,
        caps: Caps = CAPS,
    ) -> None:
        self.on_stream: Callable[[str, bytes], None] = lambda name, data: None
        self._student, self._guardian = student, guardian
        self._pipes = {stdout: "stdout", stderr: "stderr"}
        self._frames, self._news = Frames(caps), Frames()
        self._outbox = memoryview(b"")
        self._hung_up = self._ended = False
        self._code: int | None = None
        self.excess = ""
        self._poll = select.poll()
        for file in (student.fileno(), guardian.fileno(), stdout, stderr):
            os.set_blocking(file, False)
            self._poll.register(file, select.POLLIN)

    @property
    def sending(self) -> bool:
        """Whether a part of a request is still unsent."""
        return len(self._outbox) > 0

    def silent(self) -> bool:
        """Whether the kernel has said nothing that nobody asked for."""
        self._handle(self._poll.poll(0))
        return len(self._frames) == 0

    def send(self, frame: bytes) -> None:
        """Begin to send a message; `receive` goes on with it."""
        self._outbox = memoryview(bytes(self._outbox) + frame)
        self._write()

    def receive(self, deadline: float) -> Any:
        """The next message of the student's process, after everything that it printed before.

        Raises `Late`, `Ended`, and `ProtocolViolation` for what is no message.
        """
        while (message := self._frames.take()) is Frames.NOTHING:
            if self._ended:
                self._read()  # its last words
                message = self._frames.take()
            if message is Frames.NOTHING and (self._ended or self._hung_up):
                self._drain()
                raise Ended(self._exit_code())
            if message is Frames.NOTHING:
                self._step(deadline)
        self._drain()
        return message

    def interrupt(self) -> None:
        """Ask the guardian to interrupt the student's code, as Jupyter's stop button does."""
        self._order(INTERRUPT)

    def end(self) -> None:
        """Ask the guardian to end the kernel and all that belongs to it."""
        self._order(END)

    def close(self) -> None:
        self._student.close()
        self._guardian.close()
        for pipe in self._pipes:
            with contextlib.suppress(OSError):
                os.close(pipe)
        self._pipes = {}

    def _step(self, deadline: float) -> None:
        """Wait for something to happen, and take it in."""
        left = deadline - time.monotonic()
        ready = self._poll.poll(left * 1000 + 1) if left > 0 else []
        if not ready:
            raise Late
        self._handle(ready)

    def _handle(self, ready: list[tuple[int, int]]) -> None:
        for fd, mask in ready:
            if fd in self._pipes:
                self._read_pipe(fd)
            elif fd == self._guardian.fileno():
                self._listen()
            elif mask & select.POLLOUT:
                self._write()
            if fd == self._student.fileno() and mask & ~select.POLLOUT:
                self._read()

    def _read(self) -> None:
        """Take in what the student's process has sent."""
        data = _received(self._student)
        if data is not None:
            self._frames.feed(data)
            self._hung_up = not data
        if self._hung_up:
            with contextlib.suppress(KeyError):
                self._poll.unregister(self._student)

    def _write(self) -> None:
        with contextlib.suppress(BlockingIOError):
            try:
                self._outbox = self._outbox[self._student.send(self._outbox[:CHUNK]) :]
            except (BrokenPipeError, ConnectionResetError):
                self._outbox = memoryview(b"")  # the end is learned by reading
        if not self._hung_up:
            wanted = select.POLLIN | (select.POLLOUT if self.sending else 0)
            self._poll.register(self._student, wanted)

    def _read_pipe(self, pipe: int) -> int:
        """Take in what was printed; returns how many bytes, 0 when there are none for now."""
        try:
            data = os.read(pipe, CHUNK)
        except BlockingIOError:
            return 0
        if data:
            self.on_stream(self._pipes[pipe], data)
        else:  # nobody is left who could print
            self._poll.unregister(pipe)
            os.close(pipe)
            del self._pipes[pipe]
        return len(data)

    def _drain(self) -> None:
        """Take in everything that was printed until now."""
        for pipe in list(self._pipes):
            taken = 0
            while taken < MOST_BEFORE_EVENT and (size := self._read_pipe(pipe)):
                taken += size

    def _listen(self) -> None:
        """Hear the guardian: the kernel has ended; and, when it hangs up, all is cleaned up."""
        data = _received(self._guardian)
        if data is None:
            return
        self._news.feed(data)
        while (news := self._news.take()) is not Frames.NOTHING:
            self._ended, self._code, self.excess = True, news["ended"], news["excess"]
        if not data:
            self._ended = True
            with contextlib.suppress(KeyError):
                self._poll.unregister(self._guardian)

    def _exit_code(self) -> int | None:
        """How the process ended; waits a moment for the guardian to say so."""
        deadline = time.monotonic() + LAST_WORDS
        waiting = select.poll()
        waiting.register(self._guardian, select.POLLIN)
        while not self._ended and (left := deadline - time.monotonic()) > 0:
            if waiting.poll(left * 1000):
                self._listen()
        return self._code

    def _order(self, order: bytes) -> None:
        with contextlib.suppress(OSError):
            self._guardian.send(order)


def _received(connection: socket.socket) -> bytes | None:
    """What has arrived: b"" when the other side has hung up, None when there is nothing yet."""
    try:
        return connection.recv(CHUNK)
    except BlockingIOError:
        return None
    except ConnectionResetError:
        return b""
