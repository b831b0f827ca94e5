"""`make bench`: what the checks and the grading cost, written to BENCHMARKS.md.

Ratios are what to trust: both sides of each are measured in turn on the same machine.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from autograder.builder.release import build
from autograder.builder.rules import read_lesson
from autograder.paths import Course
from autograder.simulate import simulate
from tests.conftest import ROOT, copy_course
from utils import notebook

LESSON = "01_convolution"
STUDENTS = 6
ROUNDS = 2
# nbgrader as it comes: its own kernel and its own preprocessors, our folders only.
STOCK = (
    "c = get_config()\n"
    "c.CourseDirectory.course_id = 'convolution'\n"
    "c.CourseDirectory.root = {root!r}\n"
    "c.CourseDirectory.release_directory = {lessons!r}\n"
)


def main() -> None:
    """Measure, print, and write BENCHMARKS.md."""
    with tempfile.TemporaryDirectory() as folder:
        course = copy_course(Path(folder))
        build(course)
        sections = [machine(), check_latency(course), grading(course)]
    text = "# Benchmarks\n\nWritten by `make bench`.\n\n" + "\n\n".join(sections) + "\n"
    (ROOT / "BENCHMARKS.md").write_text(text, encoding="utf-8")
    print(text)


def machine() -> str:
    """What it was measured on."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"torch {torch.__version__}."
    )


def check_latency(course: Course) -> str:
    """The median time of `check` with its table, after the first call, for right answers."""
    cells = read_lesson(course.solutions / LESSON, course.root)
    namespace: dict[str, object] = {}
    exec("import math, torch\nimport torch.nn.functional as F", namespace)
    for cell in cells.exercises.values():
        exec(cell.source, namespace)
    rows = ["| exercise | median ms | slowest ms |", "|---|---|---|"]
    with working_in(course.lessons / LESSON):
        notebook._session = notebook.Session(LESSON)
        notebook._namespace = lambda: namespace
        for name in cells.exercises:
            times = [elapsed(lambda: check_and_render(name)) * 1000 for _ in range(21)][1:]  # noqa: B023
            rows.append(f"| {name} | {statistics.median(times):.0f} | {max(times):.0f} |")
    return "## `check(…)` in a notebook\n\nTwenty calls each.\n\n" + "\n".join(rows)


def check_and_render(name: str) -> None:
    """What a notebook does for one `check`."""
    notebook.check(name)._repr_mimebundle_()


def grading(course: Course) -> str:
    """Submissions per minute: `course grade` against stock `nbgrader autograde`."""
    simulate(course, LESSON, students=STUDENTS, seed=0)
    drop_endless(course)
    count = sum(path.is_dir() for path in course.submitted.iterdir())
    stock = stock_twin(course)
    ways: dict[str, Callable[[], None]] = {
        "stock `nbgrader autograde`": lambda: run(stock, "nbgrader", "autograde"),
        "`nbgrader autograde` with our judge": lambda: run(course, "nbgrader", "autograde"),
        "`course grade`, 1 worker": lambda: run(course, "autograder.cli", "grade", "--workers=1"),
        "`course grade`, 2 workers": lambda: run(course, "autograder.cli", "grade", "--workers=2"),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(elapsed(way))
    base = statistics.median(times["stock `nbgrader autograde`"])
    rows = ["| way | seconds, median (least–most) | per minute | ratio |", "|---|---|---|---|"]
    for name, taken in times.items():
        middle = statistics.median(taken)
        rows.append(
            f"| {name} | {middle:.1f} ({min(taken):.1f}–{max(taken):.1f}) "
            f"| {60 * count / middle:.0f} | {base / middle:.1f} |"
        )
    return (
        f"## Grading {count} submissions of lesson 01\n\n"
        f"Whole commands, {ROUNDS} rounds in turn, start-up included; no code runs for ever.\n"
        "Stock nbgrader runs every cell and the public checks only.\n\n" + "\n".join(rows)
    )


def drop_endless(course: Course) -> None:
    """Leave out submissions that time out: their cost is the limit, not the grader."""
    expected = json.loads((course.classroom / "expected_marks.json").read_text(encoding="utf-8"))
    for student in expected["students"]:
        if "timed out" in json.dumps(student):
            shutil.rmtree(course.submitted / student["student"])


def stock_twin(course: Course) -> Course:
    """The same class in a course whose nbgrader is as it comes."""
    twin = Course(course.root / "stock")
    shutil.copytree(course.classroom, twin.classroom)
    shutil.copytree(course.lessons, twin.lessons)
    settings = STOCK.format(root=str(twin.classroom), lessons=str(twin.lessons))
    (twin.root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    return twin


def run(course: Course, module: str, task: str, *options: str) -> None:
    """Run one grading command from the start, as a person would."""
    lesson = [LESSON] if module == "nbgrader" else [LESSON, "--no-feedback"]
    subprocess.run(
        [sys.executable, "-m", module, task, *lesson, "--force", *options],
        cwd=course.root,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def elapsed(work: Callable[[], None]) -> float:
    """The wall time of one call, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Have `folder` as the working folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


if __name__ == "__main__":
    main()
