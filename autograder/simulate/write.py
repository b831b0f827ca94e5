"""`course simulate`: writes a class of submissions and the marks that they must get."""

from __future__ import annotations

from pathlib import Path

from autograder.builder.rules import read_lesson
from autograder.builder.source import CellKind, Lesson
from autograder.paths import Course, CourseError
from autograder.simulate.answers import Pool, answer_pool
from autograder.simulate.cast import Student, draw_class
from autograder.simulate.classroom import clear_simulated, mark_simulated, refuse_real_class
from autograder.simulate.edges import EDGES, Edge, write_edge
from autograder.simulate.expected import (
    ANSWERED,
    BLANK,
    ExpectedMarks,
    ExpectedStudent,
    write_expected,
)
from autograder.simulate.referee import Referee
from autograder.simulate.submission import write_submission

EXPECTED = "expected_marks.json"


def simulate(
    course: Course,
    lesson: str,
    students: int = 30,
    seed: int = 0,
    into: Path | None = None,
    edges: bool = False,
) -> ExpectedMarks:
    """Write a simulated class of `students` for a lesson, and return the marks it must get.

    The submissions go to `classroom/submitted/<student>/<lesson>/` (or into the folder `into`),
    the marks to `expected_marks.json` beside that folder. The same seed writes the same class.
    A class simulated before is replaced, its marks in the gradebook included.
    `edges=True` adds the special students of `autograder.simulate.edges`.

    Raises:
        CourseError: if the lesson is not graded or was not built, the number of students is not
            positive, or the folder holds submissions of a real class.

    Example:
        >>> simulate(Course.find(), "01", students=3, seed=1).students[0].student  # doctest: +SKIP
        'student-001'
    """
    if students < 1:
        raise CourseError(f"A class has at least 1 student, got {students}. Use --students 30.")
    name = course.graded_lesson(lesson)
    submitted = into or course.submitted
    released = course.lessons / name
    refuse_real_class(submitted)
    parsed = read_lesson(course.solutions / name, course.root)
    pool = answer_pool(parsed, released)
    referee = Referee(parsed)
    drawn = draw_class(pool, _stars(parsed), _essays(parsed), referee, students, seed)
    expected = [_expected(student, referee) for student in drawn]

    submitted.mkdir(parents=True, exist_ok=True)
    clear_simulated(submitted, name, None if into else course)
    for student in drawn:
        write_submission(student, released, submitted / student.id / name, seed)
    if edges:
        expected += _write_edges(parsed, pool, referee, released, submitted, seed)
    mark_simulated(submitted, name, [student.student for student in expected])
    marks = ExpectedMarks(name, seed, tuple(expected))
    write_expected(marks, submitted.parent / EXPECTED)
    return marks


def _write_edges(
    lesson: Lesson, pool: Pool, referee: Referee, released: Path, submitted: Path, seed: int
) -> list[ExpectedStudent]:
    expected = []
    for edge in EDGES:
        folder = submitted / edge.id / lesson.name
        student = write_edge(edge, pool, released, folder, seed)
        student.essays = dict.fromkeys(_essays(lesson), False)
        expected.append(_expected(student, referee, edge))
    return expected


def _expected(student: Student, referee: Referee, edge: Edge | None = None) -> ExpectedStudent:
    if edge and edge.refused:
        return ExpectedStudent(student.id, refused=edge.refused, note=edge.note)
    marks = tuple(referee.mark(exercise, student.answers) for exercise in student.answers)
    essays = {name: ANSWERED if done else BLANK for name, done in student.essays.items()}
    return ExpectedStudent(student.id, marks, essays, note=edge.note if edge else "")


def _stars(lesson: Lesson) -> dict[str, int]:
    return {name: int(cell.options.get("stars", 1)) for name, cell in lesson.exercises.items()}


def _essays(lesson: Lesson) -> list[str]:
    return [cell.name or "" for _, cell in lesson.cells(CellKind.ESSAY)]
