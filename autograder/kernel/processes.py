"""Small services of the operating system: who descends from whom, and how to end them all."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.sandbox.watch import CROWD, MEMORY

LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
MADV_COLLAPSE = 25
HUGE = 2**21  # bytes
EXCESSES = {MEMORY: "it ran out of memory", CROWD: "it started too many processes"}
LIMITS = {
    -signal.SIGXCPU: "it used up its time on the processor",
    -signal.SIGSYS: "it was blocked: it made a system call that graded code may not make",
}


def adopt_orphans() -> None:
    """Make this process the parent of every orphan among its descendants (Linux only).

    A daemon that cuts itself loose by two forks then still belongs to someone.
    """
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(signum: int) -> None:
    """Send this process a signal when its parent ends (Linux only)."""
    _prctl(PR_SET_PDEATHSIG, signum)


def default_signals() -> None:
    """Undo what the warm parent does on a signal."""
    signal.set_wakeup_fd(-1)
    for signum in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(signum, signal.SIG_DFL)


def first_to_go() -> None:
    """When the machine runs out of memory, let it take this process and its children first."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def use_huge_pages() -> None:
    """Put what this process has in memory into pages of 2 MiB, where the system has them.

    A fork copies a table with one entry for each page. For a process with torch loaded, forking and
    ending the fork take half the time with few large ones; a fork still copies small parts only.
    """
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/maps").read_text().splitlines():
            addresses, rights, _, _, file, *_ = line.split()
            start, end = (int(address, 16) for address in addresses.split("-"))
            start, end = -(-start // HUGE) * HUGE, end // HUGE * HUGE
            if rights == "rw-p" and file == "0" and start < end:
                # Where it is refused, the pages stay as they are.
                _LIBC.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_COLLAPSE)


def children(pid: int | str = "self") -> list[int]:
    """The processes whose parent is this one, or `pid`, where the system can tell."""
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, listing.read_text().split())
    return found


def descendants() -> list[int]:
    """The children of this process, theirs, and so on."""
    found = children()
    for pid in found:  # grows while it is gone through
        found += children(pid)
    return found


def others() -> list[int]:
    """Every process that /proc shows but this one: in a room, all that are the student's."""
    mine = os.getpid()
    return [pid for name in os.listdir("/proc") if name.isdecimal() and (pid := int(name)) != mine]


def end_children(spare: set[int] | frozenset[int] = frozenset(), patience: float = 5.0) -> None:
    """Kill every child of this process but those in `spare`, and theirs as they become orphans.

    Gives up after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while strays := [pid for pid in children() if pid not in spare]:
        for pid in strays:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        for pid in strays:
            _reap_until(pid, deadline)
        if time.monotonic() > deadline:
            return


def end_group(leader: int) -> None:
    """Kill a process and all of its process group."""
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(leader, signal.SIGKILL)


def reaped() -> Iterator[tuple[int, int]]:
    """The children that have ended, with exit code or minus the signal's number."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, os.waitstatus_to_exitcode(status)


def wake_on(*signals: int) -> int:
    """A file descriptor that becomes readable, with the signal's number, when a signal arrives."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for signum in signals:
        signal.signal(signum, lambda *_: None)
    return reader


def close_all_but(*keep: int) -> None:
    """Close every file descriptor above 2 that is not in `keep`."""
    start = 3
    for fd in sorted(keep):
        os.closerange(start, fd)
        start = max(start, fd + 1)
    os.closerange(start, 2**20)


def remove_tree(folder: Path) -> None:
    """Remove a folder that a stranger filled: locked folders, endless nesting, odd files."""
    with contextlib.suppress(OSError, RecursionError):
        if folder.is_symlink():  # put in its place to lead us astray
            folder.unlink()
            return
        shutil.rmtree(folder)
        return
    if not os.path.lexists(folder):
        return
    # Locked folders, or folders nested deeper than Python's stack.
    for command in (["chmod", "-R", "u+rwX", "--"], ["rm", "-rf", "--"]):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                [*command, str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=60,
            )


def describe_exit(code: int | None, excess: str = "") -> str:
    """In words how a process ended, from its exit code or minus a signal's number.

    `excess` is what there was too much of, as the watcher says.
    Example: `describe_exit(-11)` is "it was killed by signal 11 (SIGSEGV)".
    """
    if excess in EXCESSES:
        return EXCESSES[excess]
    if code is None:
        return "it cut its connection to the grader"
    if code in LIMITS:
        return LIMITS[code]
    if code >= 0:
        return f"it left with exit code {code}"
    with contextlib.suppress(ValueError):
        return f"it was killed by signal {-code} ({signal.Signals(-code).name})"
    return f"it was killed by signal {-code}"


def killed_for_memory() -> int:
    """How many processes the system has killed for lack of memory; 0 where it does not tell."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def _reap_until(pid: int, deadline: float) -> None:
    while True:
        try:
            done, _ = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            return
        if done or time.monotonic() > deadline:
            return
        time.sleep(0.0005)


def _prctl(option: int, value: int) -> None:
    if LINUX:
        _LIBC.prctl(option, value, 0, 0, 0)
