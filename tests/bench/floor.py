"""One submission beside the floor: the same cells, bare, in a process that is warm already."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat

from autograder.grade import grade
from autograder.judge import kernels
from autograder.judge.judge import judge_notebook
from autograder.judge.lesson import TrustedNotebook, load_lesson
from autograder.wire import encode
from tests.bench.bare import EVERYTHING
from tests.bench.classes import LESSON, School
from tests.bench.measure import Section, Sizes, Spread, table
from tests.bench.parts import parts
from tests.conftest import ROOT
from utils.student import Target

PROFILE = "Where the time of a worker goes, measured inside one, median over the submissions:"


def measure(school: School, sizes: Sizes) -> Section:
    """Pairs of the bare cells and `course grade` with one worker, submission by submission."""
    trusted = load_lesson(school.course, LESSON)[LESSON]
    files = school.course.lessons / LESSON
    asked = [_asked(folder, trusted, files) for folder in school.submissions]
    profile = parts(school.course, LESSON, school.submissions)
    kernels.close()
    bare: list[list[float]] = [[] for _ in asked]
    called: list[list[float]] = [[] for _ in asked]
    ours: list[list[float]] = [[] for _ in asked]
    for _ in range(sizes.pairs):
        for place, (cells, calls) in enumerate(_bare(asked, files)):
            bare[place].append(cells)
            called[place].append(calls)
        for place, seconds in _graded(school, len(asked)):
            ours[place].append(seconds)
    rows, columns = [], []
    for place, requests in enumerate(asked):
        floor, calls, whole = (Spread(tuple(times[place])) for times in (bare, called, ours))
        above = whole.median - floor.median
        columns.append((floor.median, calls.median, whole.median, above, above - calls.median))
        counts = [_count(requests, "cell"), _count(requests, "invoke")]
        spreads = [spread.shown(3) for spread in (floor, calls, whole)]
        rows.append((place + 1, *counts, *spreads, *(f"{value:.3f}" for value in columns[-1][3:])))
    middle = [Spread(values) for values in zip(*columns, strict=True)]
    rows.append(("all", "", "", *(spread.shown(3) for spread in middle)))
    text = (
        "The floor is a fork of a process that has torch, the shell and the first figure behind "
        "it, and runs the submission's needed cells: no sandbox, no checks, no judge.\n"
        "The same fork also makes the calls that the checks make of the student's functions; that "
        "time, “calls”, is the student's own code and no part of the floor.\n"
        "Beside it stands the time between two submissions of `course grade --workers 1`: sandbox, "
        "cells, public and hidden checks, gradebook, files and ledger; start-up left out.\n"
        f"{sizes.pairs} round(s); the last row has the median over the submissions.\n\n"
    )
    head = (
        *("submission", "cells", "calls", "floor, s", "calls, s", "`course grade`, s"),
        *("above the floor, s", "above floor and calls, s"),
    )
    facts = {
        "floor": middle[0].median,
        "whole": middle[2].median,
        "above the floor": middle[3].median,
        "above floor and calls": middle[4].median,
    }
    whole = "\n\n".join((text + table(head, rows), PROFILE, profile))
    return Section("One submission, and the floor", whole, facts)


def _count(requests: list[tuple], kind: str) -> int:
    return sum(request[0] == kind for request in requests)


def _asked(folder: Path, trusted: TrustedNotebook, files: Path) -> list[tuple]:
    """What the judge asks of a submission's kernel, in its order."""
    asked: list[tuple] = []
    start = partial(kernels.start_kernel, files)
    submitted = nbformat.read(folder / f"{LESSON}.ipynb", as_version=4)
    judge_notebook(submitted, trusted, lambda: _Listening(start(), asked))  # type: ignore[arg-type,return-value]
    return asked


class _Listening:
    """A kernel that notes what it is asked, and is otherwise the kernel itself."""

    def __init__(self, kernel: Any, asked: list[tuple]) -> None:
        self._kernel = kernel
        self._asked = asked

    def run_cell(self, source: str, timeout: float) -> Any:
        self._asked.append(("cell", source))
        return self._kernel.run_cell(source, timeout)

    def hold(self, names: Sequence[str], timeout: float) -> Any:
        self._asked.append(("hold", list(names)))
        return self._kernel.hold(names, timeout)

    def invoke(self, target: Target, how: str, args: tuple, kwargs: dict, timeout: float) -> Any:
        self._asked.append(("invoke", target.root, target.path, str(how), args, kwargs))
        return self._kernel.invoke(target, how, args, kwargs, timeout)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernel, name)


def _bare(asked: list[list[tuple]], folder: Path) -> list[tuple[float, float]]:
    """Seconds for each submission's cells, and for its calls; the first, cold, is run twice."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bare"],
        input=b"".join(encode(requests, EVERYTHING) for requests in (asked[0], *asked)),
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        check=True,
    )
    lines = [line.split() for line in done.stdout.decode().splitlines()[1:]]
    return [(float(cells), float(calls)) for cells, calls in lines]


def _graded(school: School, different: int) -> list[tuple[int, float]]:
    """Seconds between the submissions of a class of twice the size, by submission."""
    course = school.of(2 * different + 1)
    times = []
    result = grade(
        course,
        LESSON,
        workers=1,
        force=True,
        progress=lambda done, total, row: times.append((row.student, time.perf_counter())),
    )
    if result.errors:
        raise RuntimeError(f"Not graded: {result.errors}")
    return [
        (int(student.rsplit("-", 1)[1]) % different, now - before)
        for (_, before), (student, now) in pairwise(times)
    ]
