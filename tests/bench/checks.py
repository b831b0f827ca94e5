"""`check(…)` in a notebook: the time until its table stands there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.builder.rules import read_lesson
from tests.bench.classes import LESSON, School
from tests.bench.measure import Section, Sizes, Spread, elapsed, table
from utils import notebook


def measure(school: School, sizes: Sizes) -> Section:
    """The time of `check` with its table, after the first call, for right answers."""
    course = school.course
    cells = read_lesson(course.solutions / LESSON, course.root)
    namespace: dict[str, object] = {}
    exec("import math, torch\nimport torch.nn.functional as F", namespace)
    for cell in cells.exercises.values():
        exec(cell.source, namespace)
    rows, medians = [], []
    before = notebook._session, notebook._namespace
    with working_in(course.lessons / LESSON):
        notebook._session = notebook.Session(LESSON)
        notebook._namespace = lambda: namespace
        for name in cells.exercises:
            _shown(name)
            times = Spread(tuple(elapsed(lambda: _shown(name)) for _ in range(sizes.calls)))  # noqa: B023
            medians.append(times.median)
            rows.append((name, times.shown(1, 1000)))
    notebook._session, notebook._namespace = before
    text = f"Right answers, {sizes.calls} calls each after the first.\n\n"
    facts = {"slowest check": max(medians)}
    return Section("`check(…)` in a notebook", text + table(("exercise", "ms"), rows), facts)


def _shown(name: str) -> None:
    """What a notebook does for one `check`."""
    notebook.check(name)._repr_mimebundle_()


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Have `folder` as the working folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
