"""A Jupyter kernel's working folder: a copy of the client's, whose written files come home.

The kernel's side looks after every cell which files are new or changed and sends them. The
client's side trusts nothing that arrives: it writes ordinary files, inside the folder, up to a
limit.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import signal
import socket
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack

CHUNK = 2**20
SLOWEST = 60.0  # seconds that the client may take for a chunk
DEEPEST = 32
TAKEN = b"t"
LEFT_OUT = {".git", ".ipynb_checkpoints", "__pycache__"}


class TooMuch(Exception):
    """A folder that is too large to be copied for a kernel."""


def read_folder(folder: Path, most: int) -> dict[str, bytes]:
    """A folder's ordinary files by relative name; links and odd files stay where they are.

    Raises `TooMuch` as soon as they are more than `most` bytes together.
    """
    files: dict[str, bytes] = {}
    left = most
    for name, status in ordinary_files(folder):
        left -= status.st_size
        if left < 0:
            raise TooMuch(
                f"{folder} holds more than {most / 2**20:.0f} MiB, and a kernel gets a copy of its "
                "folder. Start the notebook in a folder of its own, or allow more: "
                f'c.CourseProvisioner.resources = {{"scratch": {4 * most}}}'
            )
        with contextlib.suppress(OSError, UnicodeError):  # gone, not ours to read, no text
            files[name.encode().decode()] = (folder / name).read_bytes()
    return files


def ordinary_files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every regular file below a folder by its relative name, links neither followed nor named."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        for name in names:
            with contextlib.suppress(OSError):
                status = os.lstat(os.path.join(place, name))
                if stat.S_ISREG(status.st_mode):
                    yield os.path.relpath(os.path.join(place, name), folder), status


def tell(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one message from the kernel to its client."""
    connection.sendall(msgpack.packb(message))


class Outgoing:
    """The kernel's side: sends the files of `folder` that have changed since it looked last."""

    def __init__(self, folder: Path, connection: socket.socket) -> None:
        self._folder = folder
        self._connection = connection
        self._connection.settimeout(SLOWEST)
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._seen = self._look()

    def send_changed(self) -> None:
        """Send what has changed; a client that takes no more files gets none."""
        with self._lock, undisturbed():
            if os.getpid() != self._pid:
                return
            seen, self._seen = self._seen, self._look()
            for name, mark in self._seen.items():
                if seen.get(name) != mark:
                    self._send(name)

    def _look(self) -> dict[str, tuple[int, int, int]]:
        return {
            name: (status.st_ino, status.st_size, status.st_mtime_ns)
            for name, status in ordinary_files(self._folder)
        }

    def _send(self, name: str) -> None:
        """Send one file, and wait until it is there: the client may look for it at once."""
        with contextlib.suppress(OSError), open(self._folder / name, "rb") as file:
            last = False
            while not last:
                data = file.read(CHUNK)
                last = len(data) < CHUNK
                tell(self._connection, {"file": os.fsencode(name), "data": data, "last": last})
            self._connection.recv(len(TAKEN))


class Incoming(threading.Thread):
    """The client's side: hears that the kernel is ready, then writes the files that come.

    Ends when the kernel hangs up, or says something that no honest kernel says.
    """

    def __init__(
        self, connection: socket.socket, folder: Path | None, most: int, log: logging.Logger
    ) -> None:
        super().__init__(name="files of a kernel", daemon=True)
        self.protections: tuple[str, ...] | None = None
        self._heard = threading.Event()
        self._connection = connection
        self._arrivals = None if folder is None else Arrivals(folder, most)
        self._log = log

    def wait_until_ready(self, seconds: float) -> bool:
        """Whether the kernel has said within `seconds` that it is there."""
        self._heard.wait(seconds)
        return self.protections is not None

    def run(self) -> None:
        try:
            for message in self._messages():
                self._take(message)
        except Exception as error:
            self._log.warning("No more files are taken from the kernel: %s", error)
        finally:
            self._heard.set()
            self._connection.close()
            if self._arrivals is not None:
                self._arrivals.close()

    def _messages(self) -> Iterator[dict[str, Any]]:
        unpacker = msgpack.Unpacker(
            max_buffer_size=2 * CHUNK,
            max_bin_len=CHUNK,
            max_str_len=4096,
            max_array_len=64,
            max_map_len=3,
            max_ext_len=0,
        )
        with contextlib.suppress(ConnectionResetError):
            while data := self._connection.recv(CHUNK // 4):
                unpacker.feed(data)
                yield from unpacker

    def _take(self, message: dict[str, Any]) -> None:
        if self.protections is None:
            self.protections = tuple(str(name) for name in message["ready"])
            self._heard.set()
            return
        if self._arrivals is not None:
            self._arrivals.take(message["file"], message["data"], message["last"])
        if message["last"]:
            self._connection.sendall(TAKEN)


class Arrivals:
    """Writes files that a stranger names into a folder and nowhere else, `most` bytes in all."""

    def __init__(self, folder: Path, most: int) -> None:
        self._root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self._most = self._left = most
        self._name = b""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (`close` closes it)

    def take(self, name: bytes, data: bytes, last: bool) -> None:
        """The next chunk of a file; the file is there when the last one has come.

        Raises `ValueError` for a name that leads elsewhere and for too many bytes, `OSError` where
        the folder has something else in the file's place.
        """
        if self._name not in (b"", name):
            raise ValueError("two files came at the same time")
        self._name = name
        self._left -= len(data)
        if self._left < 0:
            raise ValueError(f"they are more than {self._most / 2**20:.0f} MiB together")
        self._file.write(data)
        if last:
            self._put(_parts(name))
            self._name = b""
            self._file.seek(0)
            self._file.truncate()

    def close(self) -> None:
        self._file.close()
        os.close(self._root)

    def _put(self, parts: list[bytes]) -> None:
        """Give what has come its place, in one step."""
        *folders, name = parts
        place = os.dup(self._root)
        for folder in folders:
            place = _enter(place, folder)
        unfinished = b".%s.part" % secrets.token_hex(8).encode()
        try:
            _expect_replaceable(place, name)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with open(os.open(unfinished, flags, 0o666, dir_fd=place), "wb") as file:
                self._file.seek(0)
                shutil.copyfileobj(self._file, file)
            os.replace(unfinished, name, src_dir_fd=place, dst_dir_fd=place)
        finally:
            os.close(place)


def _parts(name: bytes) -> list[bytes]:
    """A relative name's folders and file; raises `ValueError` when it leads anywhere else."""
    parts = name.split(b"/")
    if len(parts) > DEEPEST or any(part in (b"", b".", b"..") or b"\0" in part for part in parts):
        raise ValueError(f"{os.fsdecode(name)[:200]!r} is no file of the working folder")
    return parts


def _enter(place: int, folder: bytes) -> int:
    """A folder in the folder `place`, made when it is missing; never by a link."""
    try:
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, dir_fd=place)
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=place)
    finally:
        os.close(place)


def _expect_replaceable(place: int, name: bytes) -> None:
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode):
            raise FileExistsError(f"{os.fsdecode(name)!r} is there and is no ordinary file")


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Keep an interrupt from cutting in two what belongs together."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
