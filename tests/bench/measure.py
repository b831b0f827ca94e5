"""What every measurement is made of: sizes, time, spread, memory, and tables."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import torch


@dataclass(frozen=True)
class Sizes:
    """How much is measured: classes by their number of submissions, rounds, calls."""

    rounds: int = 2
    slow: tuple[int, int] = (1, 3)  # for ways that take many seconds a submission
    middle: tuple[int, int] = (4, 24)
    fast: tuple[int, int] = (8, 64)
    pairs: int = 3  # rounds of what takes little time
    growth: tuple[int, ...] = (10, 100, 1000)
    kernels: int = 15
    calls: int = 20
    waiting: int = 32
    computing: int = 48
    machines: tuple[int, ...] = (1, 2, 4)
    seeds: int = 20


FULL = Sizes()
QUICK = Sizes(
    rounds=1,
    slow=(1, 2),
    middle=(1, 2),
    fast=(2, 4),
    pairs=1,
    growth=(2, 4),
    kernels=3,
    calls=3,
    waiting=6,
    computing=4,
    machines=(1, 2),
    seeds=2,
)


@dataclass(frozen=True)
class Section:
    """A part of BENCHMARKS.md; `facts` are numbers that other sections and the aims refer to."""

    title: str
    text: str
    facts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Spread:
    """Several measurements of one thing."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def shown(self, digits: int = 2, scale: float = 1.0) -> str:
        """Median, least and most: `0.21 (0.19–0.24)`."""
        middle, least, most = (
            f"{scale * value:.{digits}f}"
            for value in (self.median, min(self.values), max(self.values))
        )
        return middle if least == most else f"{middle} ({least}–{most})"


@dataclass(frozen=True)
class Line:
    """Time as a line over the number of submissions, from paired runs of two sizes."""

    sizes: tuple[int, int]
    small: Spread
    large: Spread

    @property
    def slope(self) -> Spread:
        """Seconds for each further submission."""
        pairs = zip(self.small.values, self.large.values, strict=True)
        return Spread(
            tuple((large - small) / (self.sizes[1] - self.sizes[0]) for small, large in pairs)
        )

    @property
    def start(self) -> float:
        """Seconds before the first submission."""
        return self.small.median - self.sizes[0] * self.slope.median

    def whole(self, size: int) -> float:
        """Seconds for a class of this size."""
        return self.start + size * self.slope.median


def elapsed(work: Callable[[], object]) -> float:
    """The wall time of one call, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(ways: dict[str, Callable[[], float]], rounds: int) -> dict[str, Spread]:
    """Measure every way once a round, so that a slow minute of the machine's meets them all."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    return {name: Spread(tuple(values)) for name, values in found.items()}


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def machine() -> str:
    """What it was measured on."""
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB of memory, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"torch {torch.__version__}. Other programs kept {load:.1f} cores busy when it began."
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", text, flags=re.M)
    return found[1] if found else platform.machine()


class Watch:
    """The peak memory of a command and its judging processes, in MB, and its own CPU seconds.

    Read from the kernel's own high-water mark, twice a second, because a process that has ended
    takes it along. Memory that is shared with the process it was forked from counts for both.
    """

    ROLES = (
        ("nursery", "autograder.grade.nursery"),
        ("warm parent", "autograder.warm_parent"),
    )

    def __init__(self, process: subprocess.Popen) -> None:
        self.peaks: dict[str, float] = {}
        self.cpu = 0.0
        self._root = psutil.Process(process.pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Call it when the command has ended."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            try:
                times = self._root.cpu_times()
                self.cpu = times.user + times.system
                self._note("coordinator", self._root.pid)
                for child in self._root.children():
                    self._follow(child)
            except psutil.Error:
                continue

    def _follow(self, child: psutil.Process) -> None:
        command = " ".join(child.cmdline())
        for role, module in self.ROLES:
            if module in command:
                self._note(role, child.pid)
                for fork in child.children():
                    if module in " ".join(fork.cmdline()):
                        self._note("worker" if role == "nursery" else "kernel", fork.pid)
                    else:
                        self._follow(fork)

    def _note(self, role: str, pid: int) -> None:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return
        if found := re.search(r"^VmHWM:\s+(\d+) kB", status, flags=re.M):
            self.peaks[role] = max(self.peaks.get(role, 0.0), int(found[1]) / 1024)
