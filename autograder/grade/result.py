"""What grading a class came to: a row for each student, kept beside the gradebook."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from autograder.paths import Course


class Status(StrEnum):
    """How the grading of one submission ended."""

    GRADED = "graded"
    TO_GRADE = "needs manual grading"
    ALREADY = "already graded"
    NOT_GRADABLE = "not gradable"
    FAULT = "grader fault"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Row:
    """One student's marks by cell of the gradebook (`conv2d-check`), None where there is none.

    `detail` says why there are no marks, or which exercises a person has to look at.
    `protections` names what held while the student's code ran, see `autograder.sandbox`.
    """

    student: str
    status: Status
    marks: dict[str, float | None] = field(default_factory=dict)
    out_of: float = 0.0
    detail: str = ""
    protections: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        return sum(points or 0.0 for points in self.marks.values())


@dataclass(frozen=True)
class GradeResult:
    """The mark table of a lesson; `points` is what each cell is worth.

    `note` is a sentence for the instructor, empty where all is as usual.
    """

    lesson: str
    points: dict[str, float]
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def errors(self) -> tuple[Row, ...]:
        """The submissions without marks; `detail` says why."""
        without = (Status.NOT_GRADABLE, Status.FAULT, Status.INTERRUPTED)
        return tuple(row for row in self.rows if row.status in without)

    def row(self, student: str) -> Row:
        return next(row for row in self.rows if row.student == student)


Progress = Callable[[int, int, Row], None]
"""Called as `progress(done, total, row)` after each submission."""


def read_result(course: Course, lesson: str) -> GradeResult | None:
    """What the last `grade` of a lesson returned; None when there was none."""
    try:
        data = json.loads(result_file(course, lesson).read_text(encoding="utf-8"))
        rows = tuple(_row(item) for item in data["rows"])
        return GradeResult(data["lesson"], data["points"], rows, data.get("note", ""))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_result(course: Course, result: GradeResult) -> None:
    """Write a result for `read_result`, in one step."""
    path = result_file(course, result.lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")
    os.replace(part, path)


def result_file(course: Course, lesson: str) -> Path:
    return course.classroom / "graded" / f"{lesson}.json"


def _row(data: dict) -> Row:
    status, protections = Status(data["status"]), tuple(data.get("protections", ()))
    return Row(**{**data, "status": status, "protections": protections})
