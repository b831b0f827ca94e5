"""Where a worker's time goes with one submission."""

from __future__ import annotations

import functools
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from autograder import intake
from autograder.grade import finish, worker
from autograder.grade.jobs import pack
from autograder.grade.settings import Settings, job_settings
from autograder.judge import kernels
from autograder.kernel import StudentKernel
from autograder.paths import Course
from tests.bench.measure import table

PARTS = (
    ("reading the notebook", ((intake, "parse"),)),
    ("taking a kernel that was made ready", ((kernels, "start_kernel"),)),
    ("cells: asked, run, outputs taken", ((StudentKernel, "run_cell"),)),
    ("calls: asked, run, results taken", ((StudentKernel, "invoke"), (StudentKernel, "hold"))),
    ("nbgrader's steps, scores, the text of the notebook", ((finish, "finish"),)),
)
REST = "the judge: restoring, expected values, comparing, naming mistakes, tables"
ROUNDS = 3


def parts(course: Course, lesson: str, folders: list[Path]) -> str:
    """A table of milliseconds by part: the median over the submissions in `folders`."""
    settings = job_settings(Settings(course, lesson))
    found = [_of_one(settings, (folder / f"{lesson}.ipynb").read_bytes()) for folder in folders]
    names = [*(name for name, _ in PARTS), REST]
    middle = {name: statistics.median(times[name] for times in found) for name in names}
    rows = [(name, f"{1000 * seconds:.1f}") for name, seconds in middle.items()]
    return table(("a worker's time for a submission", "ms"), rows)


def _of_one(settings: dict[str, Any], data: bytes) -> dict[str, float]:
    """Seconds by part; the first time is not counted."""
    job = {"notebooks": pack({settings["lesson"]: data})}
    worker.answer(settings, job)
    spent: Counter[str] = Counter()
    with ExitStack() as stack:
        for name, functions in PARTS:
            for owner, function in functions:
                stack.enter_context(_timed(owner, function, name, spent))
        began = time.perf_counter()
        for _ in range(ROUNDS):
            worker.answer(settings, job)
        spent[REST] = time.perf_counter() - began - spent.total()
    return {name: seconds / ROUNDS for name, seconds in spent.items()}


@contextmanager
def _timed(owner: Any, name: str, part: str, spent: Counter[str]) -> Iterator[None]:
    function = getattr(owner, name)

    @functools.wraps(function)
    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[part] += time.perf_counter() - began  # type: ignore[assignment]

    with patch.object(owner, name, timed):
        yield
