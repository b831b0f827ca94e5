"""One submission beside the floor: the same cells, bare, in a process that is warm already."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat

from autograder.grade import grade
from autograder.judge import kernels
from autograder.judge.judge import judge_notebook
from autograder.judge.lesson import TrustedNotebook, load_lesson
from tests.bench.classes import LESSON, School
from tests.bench.measure import Section, Sizes, Spread, table
from tests.conftest import ROOT


def measure(school: School, sizes: Sizes) -> Section:
    """Pairs of the bare cells and `course grade` with one worker, submission by submission."""
    trusted = load_lesson(school.course, LESSON)[LESSON]
    files = school.course.lessons / LESSON
    cells = [_needed_cells(folder, trusted, files) for folder in school.submissions]
    kernels.close()
    bare: list[list[float]] = [[] for _ in cells]
    ours: list[list[float]] = [[] for _ in cells]
    for _ in range(sizes.pairs):
        for place, seconds in enumerate(_bare(cells, files)):
            bare[place].append(seconds)
        for place, seconds in _graded(school, len(cells)):
            ours[place].append(seconds)
    rows, floors, wholes, above = [], [], [], []
    for place, count in enumerate(map(len, cells)):
        floor, whole = Spread(tuple(bare[place])), Spread(tuple(ours[place]))
        floors.append(floor.median)
        wholes.append(whole.median)
        above.append(whole.median - floor.median)
        rows.append((place + 1, count, floor.shown(3), whole.shown(3), f"{above[-1]:.3f}"))
    middle = [Spread(tuple(values)) for values in (floors, wholes, above)]
    rows.append(("all", "", *(spread.shown(3) for spread in middle)))
    text = (
        "The floor is a fork of a process that has torch, the shell and the first figure behind "
        "it, and runs the submission's needed cells: no sandbox, no checks, no judge.\n"
        "Beside it stands the time between two submissions of `course grade --workers 1`: sandbox, "
        "cells, public and hidden checks, gradebook, files and ledger; start-up left out.\n"
        f"{sizes.pairs} round(s); the last row has the median over the submissions.\n\n"
    )
    head = ("submission", "cells", "floor, s", "`course grade`, s", "above, s")
    facts = {
        "floor": middle[0].median,
        "whole": middle[1].median,
        "above the floor": middle[2].median,
    }
    return Section("One submission, and the floor", text + table(head, rows), facts)


def _needed_cells(folder: Path, trusted: TrustedNotebook, files: Path) -> list[str]:
    """The cells that the judge runs for a submission, in its order."""
    asked: list[str] = []
    start = partial(kernels.start_kernel, files)
    submitted = nbformat.read(folder / f"{LESSON}.ipynb", as_version=4)
    judge_notebook(submitted, trusted, lambda: _Listening(start(), asked))  # type: ignore[arg-type,return-value]
    return asked


class _Listening:
    """A kernel that notes its cells, and is otherwise the kernel itself."""

    def __init__(self, kernel: Any, asked: list[str]) -> None:
        self._kernel = kernel
        self._asked = asked

    def run_cell(self, source: str, timeout: float) -> Any:
        self._asked.append(source)
        return self._kernel.run_cell(source, timeout)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernel, name)


def _bare(cells: list[list[str]], folder: Path) -> list[float]:
    """Seconds for each submission's cells; the first is run twice, for the first fork is cold."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bare"],
        input=json.dumps([cells[0], *cells]),
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(line) for line in done.stdout.splitlines()[1:]]


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
