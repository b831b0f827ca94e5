"""How time and memory grow with the class."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from autograder.grade.run import cores
from tests.bench.classes import LESSON, School, command, finished
from tests.bench.measure import Section, Sizes, Watch, elapsed, table

SHOWN = ("coordinator", "nursery", "worker", "warm parent")
MB = 1e6


@dataclass(frozen=True)
class Run:
    """One class graded: seconds, the coordinator's own CPU seconds, peaks in MB, files in MB."""

    size: int
    seconds: float
    cpu: float
    peaks: dict[str, float]
    written: float


def measure(school: School, sizes: Sizes) -> Section:
    """`course grade` on classes of growing size, with the peak memory of each of its processes."""
    runs = [_graded(school, size) for size in sizes.growth]
    further = [(two.seconds - one.seconds) / (two.size - one.size) for one, two in pairwise(runs)]
    rows = [
        (
            run.size,
            f"{run.seconds:.1f}",
            f"{run.seconds / run.size:.3f}",
            f"{slope:.3f}" if slope is not None else "",
            *(f"{run.peaks[role]:.0f}" if role in run.peaks else "—" for role in SHOWN),
        )
        for run, slope in zip(runs, [None, *further], strict=True)
    ]
    text = (
        f"`course grade` with {cores()} workers, whole commands, one run each.\n"
        "“Each further one” is the time beyond the next smaller class, without start-up; where the "
        "growth is linear it stays the same.\n"
        "Memory is the peak of each process (of the workers: the largest); what a worker shares "
        "with the nursery that it was forked from counts for both.\n\n"
    )
    head = ("submissions", "seconds", "each", "each further one", *(f"{r}, MB" for r in SHOWN))
    return Section("As the class grows", text + table(head, rows), _facts(runs, further))


def _facts(runs: list[Run], further: list[float]) -> dict[str, float]:
    first, last = runs[0], runs[-1]
    facts = {
        "coordinator MB": last.peaks["coordinator"],
        "coordinator growth": 100 * (last.peaks["coordinator"] / first.peaks["coordinator"] - 1),
        "coordinator CPU": (last.cpu - first.cpu) / (last.size - first.size),
        "MB written": (last.written - first.written) / (last.size - first.size),
    }
    if any("worker" in run.peaks for run in runs):
        facts["worker MB"] = max(run.peaks.get("worker", 0.0) for run in runs)
    if len(further) > 1:
        facts["bend"] = 100 * (further[-1] / further[0] - 1)
    return facts


def _graded(school: School, size: int) -> Run:
    course = school.of(size)
    shutil.rmtree(course.autograded, ignore_errors=True)
    watches = []

    def run() -> None:
        words = ("grade", LESSON, "--force", "--no-feedback")
        process = command(course, "autograder.cli", *words)
        watches.append(Watch(process))
        finished(process, course, size)

    seconds = elapsed(run)
    [watch] = watches
    watch.stop()
    written = _size(course.autograded) + _size(course.classroom / "gradebook.db")
    return Run(size, seconds, watch.cpu, watch.peaks, written / MB)


def _size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
