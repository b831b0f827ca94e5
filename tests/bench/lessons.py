"""Every lesson beside stock nbgrader: nowhere may `course grade` be the slower one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.bench.classes import School
from tests.bench.grading import grade_with_course, grade_with_nbgrader
from tests.bench.measure import Line, Section, Sizes, elapsed, in_turn, table
from tests.conftest import graded_lessons


def measure(school: School, sizes: Sizes) -> Section:
    """A further submission of each lesson, with one worker and with stock nbgrader, in turn."""
    rows, ratios = [], []
    for lesson in graded_lessons():
        own = school if lesson == school.lesson else School(_folder(school, lesson), lesson)
        stock, ours = _lines(own, sizes)
        ratio = stock.slope.median / ours.slope.median
        ratios.append(ratio)
        seconds = [f"{line.slope.median:.2f}" for line in (stock, ours)]
        rows.append((lesson, *seconds, f"{60 / ours.slope.median:.0f}", f"{ratio:.1f}"))
    text = (
        "What a further submission costs, as above, in one round: stock `nbgrader autograde` and "
        "`course grade --workers 1`.\n\n"
    )
    head = ("lesson", "stock, s", "`course grade`, s", "a minute", "ratio")
    return Section("Every lesson", text + table(head, rows), {"slowest lesson": min(ratios)})


def _folder(school: School, lesson: str) -> Path:
    folder = school.folder / "lessons" / lesson
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _lines(school: School, sizes: Sizes) -> tuple[Line, Line]:
    steps = {
        f"{name} {size}": lambda way=way, size=size: elapsed(lambda: way(school, size))
        for name, way, pair in (
            ("stock", partial(grade_with_nbgrader, stock=True), sizes.slow),
            ("ours", partial(grade_with_course, workers=1), sizes.middle),
        )
        for size in pair
    }
    found = in_turn(steps, 1)
    stock, ours = (
        Line(pair, *(found[f"{name} {size}"] for size in pair))
        for name, pair in (("stock", sizes.slow), ("ours", sizes.middle))
    )
    return stock, ours
