"""Reads a class's results: marks from nbgrader's gradebook, verdicts from the graded notebooks."""

from __future__ import annotations

import re
from dataclasses import replace

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Assignment, Grade, Gradebook, MissingEntry, SubmittedAssignment

from autograder.builder.assignment import tools_on_path
from autograder.grade import read_result
from autograder.intake import NotGradable, parse, submitted_notebook
from autograder.judge.lesson import CHECK_SUFFIX
from autograder.judge.outputs import plain, verdicts_of
from autograder.judge.restore import grade_id
from autograder.paths import Course, CourseError
from autograder.report.model import ClassReport, Mark, Row, State, Task, number, state_of
from utils.verdicts import Verdict


class NothingGraded(CourseError):
    """The gradebook holds no mark for the lesson."""


def read_class(course: Course, lesson: str) -> ClassReport:
    """Everything that the report of a lesson says, read from the classroom folder.

    A submission without a mark is in it as well, with the reason.

    Raises:
        NothingGraded: if the gradebook holds no mark for this lesson.
        CourseError: if the lesson gives no marks.

    Example:
        >>> read_class(Course.find(), "01_convolution").mean  # doctest: +SKIP
        33.5
    """
    course.expect_graded(lesson)
    remedy = f"Run `course grade {lesson.split('_')[0]}` first."
    if not course.has_gradebook:
        raise NothingGraded(f"There is no gradebook in {course.classroom}. {remedy}")
    with tools_on_path(), Gradebook(course.gradebook) as gradebook:
        try:
            assignment = gradebook.find_assignment(lesson)
        except MissingEntry:
            raise NothingGraded(f"The gradebook does not know {lesson}. {remedy}") from None
        handed_in = _handed_in(course, lesson)
        if not assignment.submissions and not handed_in:
            raise NothingGraded(f"Nobody has handed in {lesson} yet. {remedy}")
        released = _released(course, lesson)
        tasks = _tasks(assignment, released)
        graded = [_row(course, lesson, found, tasks) for found in assignment.submissions]
    known = {row.student for row in graded}
    rest = [
        Row(student, trouble=_reason(course, lesson, student))
        for student in handed_in
        if student not in known
    ]
    rows = tuple(map(_shown, sorted([*graded, *rest], key=lambda row: row.student)))
    alerts = tuple(alert for row in rows for alert in _alerts(row))
    return ClassReport(lesson, _title(released, lesson), tuple(tasks), rows, alerts=alerts)


def _released(course: Course, lesson: str) -> list[NotebookNode]:
    """The cells of the released notebooks, in order."""
    paths = sorted((course.lessons / lesson).glob("*.ipynb"))
    return [cell for path in paths for cell in nbformat.read(path, as_version=4).cells]


def _title(cells: list[NotebookNode], lesson: str) -> str:
    """The lesson's number and first heading: `Lesson 01: Convolution`, without its Korean name."""
    texts = (cell.source for cell in cells if cell.cell_type == "markdown")
    lines = (line for text in texts for line in text.splitlines())
    heading = next((line[2:].strip() for line in lines if line.startswith("# ")), lesson)
    return f"Lesson {lesson[:2]}: {re.sub(r' *[(][^()]*[)]$', '', heading)}"


def _tasks(assignment: Assignment, released: list[NotebookNode]) -> list[Task]:
    """What is graded, in the order in which the lesson asks for it."""
    cells = [
        cell for notebook in assignment.notebooks for cell in notebook.grade_cells if cell.max_score
    ]
    place = {grade_id(cell): position for position, cell in enumerate(released)}
    cells.sort(key=lambda cell: (place.get(cell.name, len(place)), cell.name))
    return [
        Task(_task_name(cell.name), cell.max_score, essay=not cell.name.endswith(CHECK_SUFFIX))
        for cell in cells
    ]


def _task_name(cell_name: str) -> str:
    return cell_name.removesuffix(CHECK_SUFFIX)


def _row(course: Course, lesson: str, found: SubmittedAssignment, tasks: list[Task]) -> Row:
    student = found.student
    verdicts: dict[str, list[Verdict]] = {}
    notebooks = sorted((course.autograded / student.id / lesson).glob("*.ipynb"))
    for path in notebooks:
        verdicts |= verdicts_of(nbformat.read(path, as_version=4))
    if not notebooks:  # nbgrader keeps empty marks of a submission that could not be graded
        return Row(student.id, trouble=_reason(course, lesson, student.id))
    grades = {_task_name(grade.name): grade for book in found.notebooks for grade in book.grades}
    marks = tuple(
        _mark(task, grades[task.name], tuple(verdicts.get(task.name, ())))
        for task in tasks
        if task.name in grades
    )
    names = [name for name in (student.first_name, student.last_name) if name]
    penalty = found.late_submission_penalty or 0.0
    return Row(student.id, marks, name=" ".join(names), penalty=penalty)


def _mark(task: Task, grade: Grade, verdicts: tuple[Verdict, ...]) -> Mark:
    by_hand = grade.manual_score is not None
    if grade.needs_manual_grade and task.essay:
        return Mark(task.name, None, task.out_of, State.TO_GRADE, verdicts)
    points = None if grade.auto_score is None and not by_hand else float(grade.score)
    state = state_of(points, task.out_of, verdicts)
    if task.essay and points == 0 and not by_hand:
        state = State.BLANK  # nbgrader gives 0 by itself only to an essay that was not touched
    return Mark(task.name, points, task.out_of, state, verdicts, by_hand and not task.essay)


def _handed_in(course: Course, lesson: str) -> list[str]:
    """The students with a submission of the lesson."""
    if not course.submitted.is_dir():
        return []
    return sorted(path.name for path in course.submitted.iterdir() if (path / lesson).exists())


def _shown(row: Row) -> Row:
    """A row whose names and reasons cannot reorder, hide or overwrite what a reader sees."""
    student, name, trouble = (plain(text) for text in (row.student, row.name, row.trouble))
    return replace(row, student=student, name=name, trouble=trouble)


def _reason(course: Course, lesson: str, student: str) -> str:
    """Why a submission has no mark, in a sentence: the file's own fault, else what grading said."""
    try:
        parse(submitted_notebook(course.submitted / student / lesson, lesson), f"{lesson}.ipynb")
    except NotGradable as trouble:
        return str(trouble)
    result = read_result(course, lesson)
    rows = {row.student: row for row in result.rows} if result else {}
    if student in rows and rows[student].detail:
        return f"{rows[student].detail}".rstrip(".") + "."
    return f"Not graded yet. Run `course grade {lesson.split('_')[0]}`."


def _alerts(row: Row) -> list[str]:
    """What a teacher should look at: no mark, or a mark that the verdicts do not explain."""
    alerts = []
    for mark in row.marks:
        where = f"{row.student}, {mark.task}: "
        earned = sum(verdict.points for verdict in mark.verdicts)
        if mark.state is State.FAULT:
            alerts.append(f"{where}a check failed by itself. Mend the check and grade again.")
        elif mark.state is State.MISSING:
            alerts.append(f"{where}no mark. Grade again.")
        elif mark.verdicts and not mark.changed_by_hand and earned != mark.points:
            given, explained = number(mark.points), number(earned)
            alerts.append(
                f"{where}the gradebook says {given} points, the verdicts {explained}. Grade again."
            )
    return alerts
