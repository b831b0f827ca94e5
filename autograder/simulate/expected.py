"""What a simulated class must get, worked out without kernel, wire, judge or nbgrader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.paths import CourseError
from autograder.report.model import ClassReport, Mark, Row, State, number
from utils.verdicts import Kind

ANSWERED, BLANK = "answered", "blank"


@dataclass(frozen=True)
class ExpectedMark:
    """What one student must get for one exercise, and why.

    `answer` names what stands in the cell, such as `misconception: flipped`.
    Every verdict that is not passed must be of one of `kinds`;
    `says` is the sentence that at least each wrong verdict must carry, empty where none is due.
    """

    exercise: str
    answer: str
    points: float
    out_of: float
    kinds: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True)
class ExpectedStudent:
    """What one student must get; `refused` holds a word of the reason where nothing is graded."""

    student: str
    marks: tuple[ExpectedMark, ...] = ()
    essays: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    note: str = ""

    @property
    def total(self) -> float:
        return sum(mark.points for mark in self.marks)


@dataclass(frozen=True)
class ExpectedMarks:
    """What a whole simulated class must get.

    Example:
        >>> marks = simulate(course, "01_convolution", students=30, seed=7)  # doctest: +SKIP
        >>> marks.students[0].total  # doctest: +SKIP
        38.0
    """

    lesson: str
    seed: int
    students: tuple[ExpectedStudent, ...]

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> ExpectedMarks:
        data = json.loads(text)
        return cls(data["lesson"], data["seed"], tuple(_student(item) for item in data["students"]))


def write_expected(expected: ExpectedMarks, path: Path) -> Path:
    """Write the marks as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(expected.to_json(), encoding="utf-8")
    return path


def read_expected(path: Path) -> ExpectedMarks:
    """The marks that `simulate` wrote.

    Raises `CourseError` where there are none.
    """
    if not path.is_file():
        raise CourseError(f"No expected marks at {path}. Run `course simulate` first.")
    return ExpectedMarks.from_json(path.read_text(encoding="utf-8"))


def compare(expected: ExpectedMarks, report: ClassReport) -> list[str]:
    """A sentence for everything in the report that is not as it must be; empty when all is right.

    Example:
        >>> compare(expected, read_class(course, expected.lesson))  # doctest: +SKIP
        []
    """
    rows = {row.student: row for row in report.rows}
    differences: list[str] = []
    for student in expected.students:
        row = rows.pop(student.student, None)
        if row is None:
            differences.append(f"{student.student}: not in the report.")
        elif student.refused:
            differences += _refusal(student, row)
        else:
            differences += _marks(student, row)
    return [*differences, *(f"{name}: was not simulated." for name in rows)]


def _refusal(student: ExpectedStudent, row: Row) -> list[str]:
    if row.graded:
        return [f"{student.student}: graded, but expected to be refused ({student.note})."]
    if student.refused not in row.trouble:
        return [f"{student.student}: expected {student.refused!r} in the reason: {row.trouble}"]
    return []


def _marks(student: ExpectedStudent, row: Row) -> list[str]:
    if not row.graded:
        return [f"{student.student}: not graded: {row.trouble}"]
    found: list[str] = []
    for expected in student.marks:
        mark = row.mark(expected.exercise)
        where = f"{student.student}, {expected.exercise} ({expected.answer}): "
        if mark is None:
            found.append(f"{where}no mark.")
        elif mark.points != expected.points:
            given, due = number(mark.points), number(expected.points)
            found.append(f"{where}got {given} points, must get {due}.")
        else:
            found += [where + text for text in _verdicts(expected, mark)]
    for essay, state in student.essays.items():
        mark = row.mark(essay)
        due_state = State.TO_GRADE if state == ANSWERED else State.BLANK
        if mark is None or mark.state is not due_state:
            shown = mark.state if mark else "missing"
            found.append(f"{student.student}, {essay}: {shown}, must be {due_state}.")
    return found


def _verdicts(expected: ExpectedMark, mark: Mark) -> list[str]:
    found = []
    if not mark.verdicts:
        found.append("no verdicts.")
    for verdict in mark.verdicts:
        if verdict.passed:
            continue
        if verdict.kind.value not in expected.kinds:
            kinds = " or ".join(expected.kinds) or "passed"
            found.append(f"{verdict.check} is {verdict.kind}, must be {kinds}.")
        if verdict.kind in (Kind.WRONG, Kind.CRASHED) and expected.says not in (
            "",
            verdict.message,
        ):
            found.append(f"{verdict.check} says {verdict.message!r}, must say {expected.says!r}.")
    return found


def _student(data: dict[str, Any]) -> ExpectedStudent:
    marks = tuple(_mark(item) for item in data["marks"])
    return ExpectedStudent(
        data["student"], marks, data["essays"], data["refused"], data.get("note", "")
    )


def _mark(data: dict[str, Any]) -> ExpectedMark:
    kinds: Sequence[str] = data["kinds"]
    return ExpectedMark(**{**data, "kinds": tuple(kinds)})
