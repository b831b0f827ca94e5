"""What an instructor sees while a class is graded: progress, marks, checks, where the report is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.grade import GradeResult, feedback, grade
from autograder.paths import Course
from autograder.report import check_lines, mark_table, read_class, write_marks, write_report


def grade_class(
    course: Course,
    lesson: str,
    console: Console,
    *,
    workers: int | None = None,
    students: Sequence[str] | None = None,
    force: bool = False,
    pages: bool = True,
) -> GradeResult:
    """Grade a class with a progress bar; then say how many got marks, and why others did not.

    `pages` writes each student's feedback page with nbgrader's `generate_feedback`.
    """
    began = time.monotonic()
    bar = Progress(
        TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("grading", total=None)
        result = grade(
            course,
            lesson,
            workers=workers or None,
            students=students,
            force=force,
            progress=lambda done, total, row: bar.update(task, completed=done, total=total),
        )
    console.print(f"{len(result.rows)} submissions in {time.monotonic() - began:.0f} s.")
    for row in result.errors:
        console.print(f"  {row.student}: {row.status}. {row.detail}", markup=False, highlight=False)
    if pages:
        written = feedback(course, lesson)
        console.print(f"{len(written)} feedback pages in {_shown(course, course.feedback)}/.")
    return result


def show_report(course: Course, lesson: str, console: Console, path: Path | None = None) -> Path:
    """Print the mark table and a line per check; write the report's page and the marks as CSV."""
    report = read_class(course, lesson)
    console.print(mark_table(report))
    console.print(check_lines(report))
    page = write_report(course, lesson, path)
    marks = write_marks(report, page.with_suffix(".csv"))
    console.print(f"Report: {_shown(course, page)}\nMarks:  {_shown(course, marks)}")
    return page


def _shown(course: Course, path: Path) -> str:
    return str(path.relative_to(course.root) if path.is_relative_to(course.root) else path)
