"""Grading a class: `course grade` beside nbgrader and Otter, on the same submissions."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.grade.run import cores
from autograder.paths import Course
from tests.bench import otter
from tests.bench.classes import DIFFERENT, LESSON, School, command, finished
from tests.bench.measure import Line, Section, Sizes, Spread, elapsed, in_turn, table

STOCK = "stock `nbgrader autograde`"
HOOKS = "`nbgrader autograde` with our hooks"
OTTER_RUN = "`otter run`, once for each"
OTTER = "Otter's `grade_submission` in one process"
ONE = "`course grade --workers 1`"
ALL = f"`course grade`, {cores()} workers"


@dataclass(frozen=True)
class Way:
    """A way to grade a class, and the two sizes that it is measured with."""

    sizes: tuple[int, int]
    run: Callable[[int], None]


def measure(school: School, sizes: Sizes) -> Section:
    """Whole commands of two sizes each, in turn; start-up and the rest told apart."""
    ways = {
        STOCK: Way(sizes.slow, lambda size: grade_with_nbgrader(school, size, stock=True)),
        HOOKS: Way(sizes.middle, lambda size: grade_with_nbgrader(school, size)),
        ONE: Way(sizes.fast, lambda size: grade_with_course(school, size, 1)),
        ALL: Way(sizes.fast, lambda size: grade_with_course(school, size, cores())),
    }
    rival = otter.install()
    if isinstance(rival, otter.Otter):
        assignment = rival.assignment(school)
        ways[OTTER_RUN] = Way(sizes.slow, lambda n: rival.run_each(assignment, n))
        ways[OTTER] = Way(sizes.slow, lambda n: rival.run_in_one_process(assignment, n))
    lines = _lines(ways, sizes.rounds)
    rows = [_row(name, line, lines[STOCK], sizes.fast[1]) for name, line in lines.items()]
    if isinstance(rival, str):
        rows.append([OTTER_RUN, "—", "—", "—", "—", f"not measured: {rival}"])
    head = ("way", "start-up, s", "s a submission", "a minute", "ratio", "ratio, class of {}")
    text = _explained(sizes, rival) + table([cell.format(sizes.fast[1]) for cell in head], rows)
    return Section(f"Grading lesson {LESSON[:2]}", text, _facts(lines))


def _lines(ways: dict[str, Way], rounds: int) -> dict[str, Line]:
    steps = {
        (name, size): lambda way=way, size=size: elapsed(lambda: way.run(size))
        for name, way in ways.items()
        for size in way.sizes
    }
    named = {f"{name} {size}": step for (name, size), step in steps.items()}
    found = in_turn(named, rounds)
    return {
        name: Line(way.sizes, *(found[f"{name} {size}"] for size in way.sizes))
        for name, way in ways.items()
    }


def _row(name: str, line: Line, stock: Line, size: int) -> list[str]:
    slope = line.slope
    return [
        name,
        f"{line.start:.1f}",
        slope.shown(3 if slope.median < 1 else 1),
        f"{60 / slope.median:.0f}",
        f"{_ratio(stock.slope, slope).shown(1)}",
        f"{stock.whole(size) / line.whole(size):.1f}",
    ]


def _ratio(stock: Spread, other: Spread) -> Spread:
    """How many times as fast, round by round."""
    pairs = zip(stock.values, other.values, strict=True)
    return Spread(tuple(one / two for one, two in pairs))


def _facts(lines: dict[str, Line]) -> dict[str, float]:
    stock = lines[STOCK]
    facts = {
        f"{name} ratio": _ratio(stock.slope, line.slope).median for name, line in lines.items()
    }
    facts |= {f"{name} seconds": line.slope.median for name, line in lines.items()}
    return facts | {"grading start": lines[ALL].start}


def _explained(sizes: Sizes, rival: otter.Otter | str) -> str:
    slow, middle, fast = sizes.slow, sizes.middle, sizes.fast
    told = (
        f"The same {DIFFERENT} submissions for everyone, of which none runs for ever; a larger "
        "class hands them in again under other names.\n"
        "Each way is measured as a whole command with two sizes, in turn, "
        f"{sizes.rounds} round(s): `course grade` with {fast[0]} and {fast[1]} submissions, "
        f"nbgrader with our hooks with {middle[0]} and {middle[1]}, the others with {slow[0]} and "
        f"{slow[1]}.\n"
        "The difference between the sizes is what a further submission costs, the rest is "
        "start-up; shown is the median, with the least and the most.\n"
        "“Ratio” compares a further submission with stock nbgrader's, the last column a whole "
        f"class of {fast[1]}, start-up included.\n"
        "`course grade` also runs the hidden checks, in sandboxes, and names misconceptions; "
        "stock nbgrader and Otter run the public checks only, inside the student's kernel, and "
        "every cell of the lesson.\n"
    )
    if isinstance(rival, otter.Otter):
        told += (
            f"Otter {rival.version} has the lesson's cells with `grader.check(…)` in the check "
            "cells and each public check as a test case of its own format; `otter grade` is the "
            "same in Docker containers, which are not used here.\n"
        )
    return told + "\n"


def grade_with_nbgrader(school: School, size: int, stock: bool = False) -> None:
    """`nbgrader autograde` on a class of this size, as it comes or with our hooks."""
    course = school.of(size, stock=stock)
    _forget(course)
    finished(command(course, "nbgrader", "autograde", school.lesson, "--force"), course, size)


def grade_with_course(school: School, size: int, workers: int) -> None:
    """`course grade` on a class of this size."""
    course = school.of(size)
    _forget(course)
    words = ("grade", school.lesson, "--force", "--no-feedback", f"--workers={workers}")
    finished(command(course, "autograder.cli", *words), course, size)


def _forget(course: Course) -> None:
    """Remove what an earlier round wrote, so that it cannot pass for this round's."""
    shutil.rmtree(Path(course.autograded), ignore_errors=True)
