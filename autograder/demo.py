"""`course demo`: the main job from end to end, on a class of simulated students."""

from __future__ import annotations

import time

from rich.console import Console

from autograder.builder.release import build
from autograder.paths import Course
from autograder.report import read_class
from autograder.simulate import compare, simulate
from autograder.workflow import grade_class, show_report


def demo(course: Course, console: Console, *, students: int = 30, seed: int = 0) -> int:
    """Build the lessons, simulate a class for the first with marks, grade it and show the marks.

    Returns the exit code: 0 when every mark is the one that it must be.
    """
    began = time.monotonic()
    console.rule("1. Build and release the lessons")
    console.print(str(build(course)), markup=False)
    lesson = next(name for name in course.lesson_names() if course.is_graded(name))
    console.rule(f"2. Simulate a class of {students}")
    expected = simulate(course, lesson, students=students, seed=seed)
    console.print(f"{len(expected.students)} submissions in classroom/submitted/.")
    console.rule("3. Grade it with nbgrader and the judge")
    grade_class(course, lesson, console, force=True)
    console.rule("4. Marks and report")
    show_report(course, lesson, console)
    differences = compare(expected, read_class(course, lesson))
    for difference in differences:
        console.print(difference, markup=False)
    verdict = f"{len(differences)} marks differ from" if differences else "Every mark is"
    console.print(f"{verdict} what it must be. {time.monotonic() - began:.0f} s in all.")
    return 1 if differences else 0
