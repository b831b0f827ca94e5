"""`course grade`: many submissions at once, with the marks of plain `nbgrader autograde`.

Workers judge bytes and return notebooks; this coordinator alone touches files and the gradebook.
"""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import nbformat

from autograder.intake import GraderFault, NotGradable, submitted_notebook
from autograder.judge.pool import Job, Pool
from autograder.judge.stock import Stock, feedback_page
from autograder.nbgrader_hooks import prepare
from autograder.paths import Course, CourseError

SPARE = 60.0  # seconds that a worker may need beside the student's own time


class Status(StrEnum):
    """How the grading of one submission ended."""

    GRADED = "graded"
    TO_GRADE = "needs manual grading"
    ALREADY = "already graded"
    NOT_GRADABLE = "not gradable"
    FAULT = "grader fault"


@dataclass(frozen=True)
class Row:
    """One student's marks by cell of the gradebook (`conv2d-check`), None where there is none.

    `detail` says why there are no marks, or which exercises a person has to look at.
    """

    student: str
    status: Status
    marks: dict[str, float | None] = field(default_factory=dict)
    out_of: float = 0.0
    detail: str = ""

    @property
    def total(self) -> float:
        return sum(points or 0.0 for points in self.marks.values())


@dataclass(frozen=True)
class GradeResult:
    """The mark table of a lesson; `points` is what each cell is worth."""

    lesson: str
    points: dict[str, float]
    rows: tuple[Row, ...]

    @property
    def errors(self) -> tuple[Row, ...]:
        """The submissions without marks; `detail` says why."""
        return tuple(r for r in self.rows if r.status in (Status.NOT_GRADABLE, Status.FAULT))

    def row(self, student: str) -> Row:
        return next(row for row in self.rows if row.student == student)


Progress = Callable[[int, int, Row], None]


def grade(
    course: Course,
    lesson: str,
    *,
    workers: int | None = None,
    students: Iterable[str] | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> GradeResult:
    """Grade the submissions of a lesson; one bad submission never stops the others.

    What is graded already is left alone unless `force` is given or a newer file was handed in.
    `progress(done, total, row)` is called after each submission. The result is kept for
    `read_result`.
    Raises `CourseError` when the lesson was not built or nobody has handed in.
    Example: `grade(Course.find(), "01_convolution", workers=2).row("ada").total`.
    """
    lesson = course.lesson(lesson)
    stock = Stock(course, lesson)
    points = stock.points()
    names = _notebooks(course, lesson)
    folders = _folders(course, lesson, students)
    todo = {
        student: folder
        for student, folder in folders.items()
        if force or not _is_graded(course, lesson, student, names)
    }
    left_alone = folders.keys() - todo.keys()
    rows = [_row(student, Status.ALREADY, "", stock, points) for student in left_alone]
    steps = _grade_all(course, lesson, stock, todo, names, workers)
    for done, step in enumerate(steps, start=1):
        rows.append(_row(*step, stock, points))
        if progress is not None:
            progress(done, len(todo), rows[-1])
    rows.sort(key=lambda row: row.student)
    result = GradeResult(lesson, points, tuple(rows))
    _keep(course, result)
    return result


def feedback(course: Course, lesson: str) -> dict[str, Path]:
    """Write everyone's feedback with stock `nbgrader generate_feedback`; the pages by student.

    Raises `CourseError` when nothing has been graded or no page could be written.
    """
    lesson = course.lesson(lesson)
    graded = [path.parent.name for path in sorted(course.autograded.glob(f"*/{lesson}"))]
    if not graded:
        raise CourseError(f"Nothing of {lesson} is graded. Run `course grade {lesson[:2]}` first.")
    problem = Stock(course, lesson).feedback()
    first = _notebooks(course, lesson)[0]
    pages = {student: feedback_page(course, lesson, student, first) for student in graded}
    written = {student: page for student, page in pages.items() if page.is_file()}
    if problem and not written:
        raise CourseError(f"nbgrader wrote no feedback: {problem}")
    return written


def read_result(course: Course, lesson: str) -> GradeResult | None:
    """What the last `grade` of a lesson returned; None when there was none."""
    try:
        data = json.loads(_result_file(course, lesson).read_text(encoding="utf-8"))
        rows = tuple(Row(**{**row, "status": Status(row["status"])}) for row in data["rows"])
        return GradeResult(data["lesson"], data["points"], rows)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _grade_all(
    course: Course,
    lesson: str,
    stock: Stock,
    folders: dict[str, Path],
    names: list[str],
    workers: int | None,
) -> Iterator[tuple[str, Status, str]]:
    """Judge and record every submission; yields how each one ended."""
    jobs = []
    for student, folder in folders.items():
        try:
            jobs.append(_take_in(course, stock, student, folder, names))
        except NotGradable as trouble:
            stock.leave_unmarked(student)
            yield student, Status.NOT_GRADABLE, str(trouble)
        except OSError as error:
            yield student, Status.FAULT, f"The folder cannot be read: {error}."
    if not jobs:
        return
    limits = stock.judge.limits
    settings = {
        "root": str(course.root),
        "lesson": lesson,
        "limits": asdict(limits),
        "run_all": stock.judge.run_all,
    }
    size = min(workers or _cores(), len(jobs))
    pool = Pool(settings, size, patience=limits.notebook * len(names) + SPARE)
    for job, answer in pool.judge(jobs):
        yield job.student, *_record(stock, job.student, answer)


def _take_in(course: Course, stock: Stock, student: str, folder: Path, names: list[str]) -> Job:
    if glob.has_magic(student):
        raise NotGradable(
            "nbgrader cannot read a folder whose name holds [, ], * or ?. "
            f"Rename {course.submitted.name}/{student}, and grade again."
        )
    prepare(folder, course)
    return Job(student, {name: submitted_notebook(folder, name, stock.largest) for name in names})


def _record(stock: Stock, student: str, answer: dict[str, Any]) -> tuple[Status, str]:
    """Store one answer of a worker in the gradebook."""
    if "not_gradable" in answer:
        stock.leave_unmarked(student)
        return Status.NOT_GRADABLE, str(answer["not_gradable"])
    if "fault" in answer:
        stock.leave_unmarked(student)
        return Status.FAULT, _explained(stock, student, answer)
    judged = {
        name: nbformat.reads(text, as_version=4) for name, text in answer["notebooks"].items()
    }
    try:
        stock.record(student, judged)
    except GraderFault as fault:
        stock.leave_unmarked(student)
        return Status.FAULT, str(fault)
    return Status.GRADED, ""


def _explained(stock: Stock, student: str, answer: dict[str, Any]) -> str:
    """What a worker's fault was; the traceback, where there is one, goes to a file."""
    if "trace" not in answer:
        return str(answer["fault"])
    path = _result_file(stock.course, stock.lesson).with_name(f"{stock.lesson}-{student}.log")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(answer["trace"]), encoding="utf-8")
    return f"{answer['fault']} (see {path.relative_to(stock.course.root)})"


def _row(
    student: str,
    status: Status,
    detail: str,
    stock: Stock,
    points: dict[str, float],
) -> Row:
    """A student's row, with the marks that are now in the gradebook."""
    found = stock.marks(student)
    waiting = [name for name in points if found.get(name, (None, False))[1]]
    if status is Status.GRADED and waiting:
        status, detail = Status.TO_GRADE, f"waits for a person: {', '.join(waiting)}"
    own = {name: found[name][0] for name in points if name in found}
    return Row(student, status, own, sum(points.values()), detail)


def _notebooks(course: Course, lesson: str) -> list[str]:
    from autograder.judge.lesson import released_notebooks

    return [path.stem for path in released_notebooks(course, lesson)]


def _folders(course: Course, lesson: str, students: Iterable[str] | None) -> dict[str, Path]:
    """The submissions' folders by student; raises `CourseError` when a wanted one is missing."""
    here = sorted(course.submitted.glob("[!.]*"))  # nbgrader passes over hidden folders too
    found = {path.name: path / lesson for path in here if os.path.lexists(path / lesson)}
    wanted = sorted(found) if students is None else list(students)
    unknown = [student for student in wanted if student not in found]
    if unknown or not wanted:
        who = ", ".join(unknown) or "Nobody"
        raise CourseError(
            f"{who} handed in no {lesson}. Submissions belong into "
            f"{course.submitted}/<student>/{lesson}/{lesson}.ipynb."
        )
    return {student: found[student] for student in wanted}


def _is_graded(course: Course, lesson: str, student: str, names: Iterable[str]) -> bool:
    """Whether there is a graded copy of every notebook, no older than what was handed in."""
    for name in names:
        graded = course.autograded / student / lesson / f"{name}.ipynb"
        handed_in = course.submitted / student / lesson / f"{name}.ipynb"
        try:
            if graded.lstat().st_mtime_ns < handed_in.lstat().st_mtime_ns:
                return False
        except OSError:
            return False
    return True


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _result_file(course: Course, lesson: str) -> Path:
    return course.classroom / "graded" / f"{lesson}.json"


def _keep(course: Course, result: GradeResult) -> None:
    path = _result_file(course, result.lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")
    os.replace(part, path)
