"""The calibration of every trained exercise, measured again."""

from __future__ import annotations

import math

from autograder.calibrate import Row, load_calibrations, measure_lesson, problems
from autograder.paths import Course
from tests.bench.classes import School
from tests.bench.measure import Section, Sizes, table
from tests.conftest import ROOT


def measure(school: School, sizes: Sizes) -> Section:
    """Reference and misconceptions of each lesson with a `calibration.py`."""
    course = Course(ROOT)
    rows, wrong = [], []
    for lesson in course.lesson_names():
        if load_calibrations(course.solutions / lesson):
            measured = measure_lesson(course, lesson, seeds=sizes.seeds)
            wrong += list(problems(measured))
            rows += [(lesson, *_cells(row)) for row in measured]
    text = (
        f"Each over {sizes.seeds} seeds, one thread; the tables with spread and fit are beside the "
        "lessons, in `solutions/*/calibration.md`.\n"
        + ("".join(f"**{problem}**\n" for problem in wrong) or "Every threshold holds.\n")
        + "\n"
    )
    head = ("lesson", "exercise", "threshold", "solution", "least", "most", "misjudged")
    facts = {"thresholds that do not hold": float(len(wrong))}
    return Section("Calibration", text + table(head, rows), facts)


def _cells(row: Row) -> tuple[str, ...]:
    item = row.calibration
    values = [value for value in row.numbers if math.isfinite(value)]
    ends = [f"{end(values):.3g}" if values else "—" for end in (min, max)]
    threshold = f"{'≤' if item.at_most else '≥'} {item.threshold:g}"
    return (item.exercise, threshold, row.solution, *ends, f"{row.wrongly} of {len(row.numbers)}")
