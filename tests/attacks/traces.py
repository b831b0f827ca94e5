"""What an attack could leave behind: processes, files, shared memory, open files, messages."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sysconfig
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import autograder
import utils

PATIENCE = 10.0  # seconds for ended processes to be gone, and for a kernel to be made ready
REST = 1.0  # seconds without a change
MARKS = re.compile(r"attack|planted|bomb|graded_once")
SHARED_KEYS = {str(0x41544B), *(str(0x1000 + number) for number in range(40))}
EVERYWHERE = (
    *("/tmp", "/var/tmp", "/dev/shm", "/etc", "/etc/profile.d", "/usr/local/bin"),
    *(str(Path(package.__file__).parent) for package in (autograder, utils)),
    *sysconfig.get_paths().values(),
)


@dataclass(frozen=True)
class Traces:
    """A machine's state, as far as an attack may have changed it."""

    processes: frozenset[tuple[int, str]]
    files: dict[str, tuple[int, int]] = field(repr=False)
    shared: frozenset[str]
    open_files: int


def traces(folders: Iterable[Path]) -> Traces:
    """The state now; every file in `folders`, elsewhere what bears an attack's mark."""
    return Traces(
        frozenset(_descendants()), dict(_files(folders)), frozenset(_shared()), _open_files()
    )


def at_rest() -> int:
    """How many processes descend from this one, once their number no longer changes."""
    known, since = -1, time.monotonic()
    while time.monotonic() - since < REST:
        if (count := len(list(_descendants()))) != known:
            known, since = count, time.monotonic()
        time.sleep(0.02)
    return known


def wait_for_rest(resting: int) -> None:
    """Wait for the kernel that is made ready ahead, so that it does not pass for a left-over."""
    until = time.monotonic() + PATIENCE
    while len(list(_descendants())) < resting and time.monotonic() < until:
        time.sleep(0.02)


def left_over(before: Traces, folders: Iterable[Path]) -> list[str]:
    """What is there that was not, or is not what it was; waits for processes to be gone."""
    until = time.monotonic() + PATIENCE
    # One kernel is always forked ahead, and is another one each time: so the count tells.
    most = len(before.processes)
    while len((after := traces(folders)).processes) > most and time.monotonic() < until:
        time.sleep(0.02)
    changed = {
        path
        for path in before.files.keys() | after.files.keys()
        if before.files.get(path) != after.files.get(path)
    }
    new = after.processes - before.processes if len(after.processes) > most else ()
    left = [f"process {process}" for process in new]
    left += [f"file {path}" for path in sorted(changed)]
    left += [f"shared memory {name}" for name in after.shared - before.shared]
    if after.open_files > before.open_files:
        left.append(f"{after.open_files - before.open_files} open files")
    return left


class Ears:
    """Servers on every kind of local socket, which hear what gets out of the sandbox."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "ears")
        self.abstract = f"ears-of-{os.getpid()}"
        self._tcp, self._udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        self._unix, self._abstract = (socket.socket(socket.AF_UNIX) for _ in range(2))
        for line, address in (
            (self._tcp, ("127.0.0.1", 0)),
            (self._udp, ("127.0.0.1", 0)),
            (self._unix, self.path),
            (self._abstract, f"\0{self.abstract}"),
        ):
            line.bind(address)
            line.setblocking(False)
            if line is not self._udp:
                line.listen()

    @property
    def ports(self) -> tuple[int, int]:
        """The numbers of the TCP and the UDP server."""
        return self._tcp.getsockname()[1], self._udp.getsockname()[1]

    def heard(self) -> list[str]:
        """Who has connected or sent something since the last time."""
        news = []
        for name in ("_tcp", "_unix", "_abstract"):
            with contextlib.suppress(BlockingIOError):
                getattr(self, name).accept()[0].close()
                news.append(name)
        with contextlib.suppress(BlockingIOError):
            news.append(f"_udp {self._udp.recv(100)!r}")
        return news

    def close(self) -> None:
        for line in (self._tcp, self._udp, self._unix, self._abstract):
            line.close()


def _descendants() -> Iterator[tuple[int, str]]:
    """The processes that descend from this one, with what they run."""
    parents: dict[int, list[tuple[int, str]]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            text = stat.read_text()
            name, rest = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :]
            state, parent = rest.split()[:2]
            if state != "Z":
                parents.setdefault(int(parent), []).append((int(stat.parent.name), name))
    waiting = [os.getpid()]
    while waiting:
        for child in parents.get(waiting.pop(), ()):
            waiting.append(child[0])
            yield child


def _marked(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from (path for path in folder.iterdir() if MARKS.search(path.name))


def _files(folders: Iterable[Path]) -> Iterator[tuple[str, tuple[int, int]]]:
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for name in [".", *names]:
                path = os.path.join(parent, name)
                with contextlib.suppress(FileNotFoundError):
                    status = os.lstat(path)
                    yield path, (status.st_size if name != "." else 0, status.st_mtime_ns)
    for path in (path for folder in EVERYWHERE for path in _marked(Path(folder))):
        yield str(path), (0, 0)


def _shared() -> Iterator[str]:
    """System V memory, queues and semaphores with the keys that the corpus uses."""
    for kind in ("shm", "msg", "sem"):
        with contextlib.suppress(OSError):
            for line in Path("/proc/sysvipc", kind).read_text().splitlines()[1:]:
                if line.split()[0] in SHARED_KEYS:
                    yield f"{kind} {line.split()[0]}"


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))
