"""A Jupyter kernel that the warm parent has forked, as its client's process sees it."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.kernel.client import KernelLimits
from autograder.kernel.errors import KernelDied
from autograder.kernel.guardian import END
from autograder.kernel.warm import FORK, WarmParent, make_order, packed
from autograder.kernel.working_folder import Incoming, read_folder
from autograder.sandbox import Resources
from autograder.wire import Frames

LAST_WORDS = 2000
CLOSING = 5.0  # seconds for the guardian to clean up


@dataclass(frozen=True)
class Wishes:
    """What a client asks of a kernel.

    `folder` is the client's working folder, and its files come back only if `keep_files`.
    `listening` are sockets that listen for ipykernel's channels, `connection` is the content of the
    connection file, `arguments` are for ipykernel's command line.
    """

    folder: Path
    keep_files: bool
    resources: Resources
    listening: Sequence[socket.socket]
    connection: dict[str, Any]
    arguments: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)


class ForkedKernel:
    """Signals one kernel and hears of its end, over the line to its guardian."""

    def __init__(
        self,
        guardian: socket.socket,
        output: int,
        incoming: Incoming,
        end_guardian: Callable[[], None],
    ) -> None:
        self._guardian = guardian
        self._output = output
        self._incoming = incoming
        self._end_guardian = end_guardian
        self._news = Frames()
        self._code: int | None = None
        self._gone = False
        guardian.setblocking(False)

    @property
    def protections(self) -> tuple[str, ...]:
        """The names of what holds for this kernel."""
        return self._incoming.protections or ()

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for the kernel's first sign of life; raises `KernelDied`."""
        if not self._incoming.wait_until_ready(seconds):
            self.end()
            self._wait_until_gone(CLOSING)
            raise KernelDied(f"the kernel did not start: {self.last_words()}", self._code)

    def poll(self) -> int | None:
        """The exit code, or minus the signal's number; None while the kernel runs."""
        self._listen()
        return self._code

    def signal(self, signum: int) -> None:
        """Send a signal to the kernel's process group; nothing happens when it has ended."""
        if signum in (signal.SIGKILL, signal.SIGTERM):
            self.end()
        elif signum:
            self._tell(bytes([signum]))

    def end(self) -> None:
        """Have the kernel killed, with all that it has started."""
        self._tell(END)

    def close(self) -> None:
        """Wait until nothing is left of the kernel, and its files have arrived."""
        self.end()
        if not self._wait_until_gone(CLOSING):
            self._end_guardian()
            self._wait_until_gone(CLOSING)
        self._incoming.join(CLOSING)
        self._guardian.close()
        os.close(self._output)

    def _tell(self, order: bytes) -> None:
        with contextlib.suppress(OSError):
            self._guardian.send(order)

    def _listen(self) -> None:
        """Take in the guardian's news; when it has hung up, all is cleaned up."""
        while not self._gone:
            try:
                data = self._guardian.recv(4096)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            self._gone = not data
            self._news.feed(data)
            while (news := self._news.take()) is not Frames.NOTHING:
                self._code = news.get("ended", self._code)
        if self._code is None:
            self._code = -signal.SIGKILL

    def _wait_until_gone(self, patience: float) -> bool:
        deadline = time.monotonic() + patience
        self._listen()
        while not self._gone and (left := deadline - time.monotonic()) > 0:
            select.select([self._guardian], [], [], left)
            self._listen()
        return self._gone

    def last_words(self) -> str:
        """What the kernel said besides its messages, such as a complaint of the C library."""
        with contextlib.suppress(BlockingIOError):
            return os.read(self._output, 2**16).decode(errors="replace").strip()[-LAST_WORDS:]
        return ""


def fork_kernel(parent: WarmParent, wishes: Wishes, log: logging.Logger) -> ForkedKernel:
    """Have a kernel forked, and wait for its first sign of life.

    Raises `KernelDied` when it does not start, and `TooMuch` when the folder is too large.
    """
    parent.start()
    most = wishes.resources.scratch
    files = read_folder(wishes.folder, most)
    order = make_order(
        work_name(wishes.folder),
        KernelLimits(resources=wishes.resources),
        role="jupyter",
        connection=wishes.connection,
        arguments=list(wishes.arguments),
        environment=wishes.environment,
    )
    with ExitStack() as ours, ExitStack() as theirs:
        connection, kernels = _pair(ours, theirs)
        guardian, guardians = _pair(ours, theirs)
        output, outputs = _pipe(ours, theirs)
        contents = packed(files)
        theirs.callback(os.close, contents)
        socket.send_fds(connection, [b"s"], [s.fileno() for s in wishes.listening])
        parent.order(order, (kernels.fileno(), guardians.fileno(), outputs, outputs, contents))
        theirs.close()
        folder = wishes.folder if wishes.keep_files else None
        incoming = Incoming(connection, folder, most, log)
        incoming.start()
        ours.pop_all()
    kernel = ForkedKernel(guardian, output, incoming, lambda: parent.end_kernel(order["name"]))
    try:
        kernel.wait_until_ready(FORK)
    except BaseException:
        kernel.close()
        raise
    return kernel


def work_name(folder: Path) -> str:
    """The name of the kernel's working folder, which stands beside "tmp" and hidden folders."""
    return "work" if folder.name in ("", "tmp") or folder.name.startswith(".") else folder.name


def _pair(ours: ExitStack, theirs: ExitStack) -> tuple[socket.socket, socket.socket]:
    here, there = socket.socketpair()
    return ours.enter_context(here), theirs.enter_context(there)


def _pipe(ours: ExitStack, theirs: ExitStack) -> tuple[int, int]:
    """A pipe for what escapes ipykernel; when it is full, the rest is lost and nobody waits."""
    here, there = os.pipe()
    ours.callback(os.close, here)
    theirs.callback(os.close, there)
    os.set_blocking(here, False)
    os.set_blocking(there, False)
    return here, there
