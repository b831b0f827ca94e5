"""What an instructor sees while a class is graded: progress, marks, checks, where the report is."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from autograder.grade import GradeResult, Interrupted, Row, Status, feedback, grade
from autograder.paths import Course

ATTENTION = (Status.NOT_GRADABLE, Status.FAULT)
WITH_MARKS = (Status.GRADED, Status.TO_GRADE, Status.ALREADY)
MOST_ALIKE = 3  # submissions that are named one by one where all have the same fault of ours
CONTROL = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)  # what a terminal may obey, or what hides and reorders other text


def grade_class(
    course: Course,
    lesson: str,
    console: Console,
    *,
    workers: int | None = None,
    students: Sequence[str] | None = None,
    force: bool = False,
    pages: bool = True,
    require: Sequence[str] | None = None,
    cluster: str | None = None,
) -> GradeResult:
    """Grade a class with a progress bar; then say how many got marks, and why others did not.

    `pages` writes each student's feedback page; for the rest see `autograder.grade.grade`.
    Raises `Interrupted` on Ctrl-C, when it has been said how to go on.
    """
    began = time.monotonic()
    bar = Progress(
        TextColumn("grading"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn(),
        console=console, transient=True,
    )  # fmt: skip

    faults: Counter[str] = Counter()

    def told(done: int, total: int, row: Row) -> None:
        bar.update(task, completed=done, total=total)
        if row.status in ATTENTION:
            fault = row.detail.partition(" (see ")[0] if row.status is Status.FAULT else row.student
            faults[fault] += 1
            if faults[fault] <= MOST_ALIKE:
                say(bar.console, f"  {row.student}: {row.status}. {row.detail}")

    try:
        with bar:
            task = bar.add_task("grading", total=None)
            result = grade(
                course,
                lesson,
                workers=workers or None,
                students=students,
                force=force,
                progress=told,
                require=require,
                cluster=cluster,
            )
    except Interrupted as interrupted:
        _say_interrupted(interrupted.result, lesson, console)
        raise
    for fault, count in faults.items():
        if count > MOST_ALIKE:
            say(console, f"  {count - MOST_ALIKE} more with the same fault: {fault}")
    _say_result(result, time.monotonic() - began, console)
    if pages and any(row.status in WITH_MARKS for row in result.rows):
        written = feedback(course, lesson, workers or None)
        console.print(f"{len(written)} feedback pages in {_shown(course, course.feedback)}/.")
    return result


def say(console: Console, text: str) -> None:
    """Print a line in which a student may have a word: nothing in it is markup or acts."""
    text = text.encode("utf-8", "replace").decode()  # a folder's name may be any bytes
    console.print(Text(CONTROL.sub("", text)), soft_wrap=True)


def _say_result(result: GradeResult, seconds: float, console: Console) -> None:
    counts = Counter(row.status for row in result.rows)
    parts = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    say(console, f"{len(result.rows)} submissions in {seconds:.0f} s: {parts}.")
    for line in (*protection_lines(result), *filter(None, [result.note])):
        say(console, line)


def _say_interrupted(result: GradeResult, lesson: str, console: Console) -> None:
    left = sum(row.status is Status.INTERRUPTED for row in result.rows)
    done = len(result.rows) - left
    say(
        console,
        f"Stopped. {done} of {len(result.rows)} submissions are settled, and their marks are kept. "
        f"Go on with: course grade {lesson[:2]}",
    )


def protection_lines(result: GradeResult) -> list[str]:
    """What held while students' code ran, in a line; one more for each set that held for fewer."""
    held = Counter(row.protections for row in result.rows if row.protections)
    if len(held) <= 1:
        return [f"Held for every submission: {', '.join(names)}." for names in held]
    return [f"Held for {count} submissions: {', '.join(names)}." for names, count in held.items()]


class Rate(ProgressColumn):
    """How many submissions a minute."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed * 60:.0f}/min", style="progress.data.speed")


def show_report(course: Course, lesson: str, console: Console, path: Path | None = None) -> Path:
    """Print the mark table and a line per check; write the report's page and the marks as CSV."""
    # It loads torch, which whoever grades has no use for.
    from autograder.report import check_lines, mark_table, read_class, write_marks, write_report

    report = read_class(course, lesson)
    console.print(mark_table(report))
    console.print(check_lines(report))
    page = write_report(course, lesson, path)
    marks = write_marks(report, page.with_suffix(".csv"))
    console.print(f"Report: {_shown(course, page)}\nMarks:  {_shown(course, marks)}")
    return page


def _shown(course: Course, path: Path) -> str:
    return str(path.relative_to(course.root) if path.is_relative_to(course.root) else path)
