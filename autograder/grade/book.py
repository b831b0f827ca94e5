"""The gradebook of one lesson: each submission recorded in one transaction.

The tables are nbgrader's own, by its models, and what is written is what the steps of stock
`nbgrader autograde` write one by one. To write the same twice changes nothing, and what a person
gave, a mark, a comment or extra credit, is never touched.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import BindParameter, Boolean, Connection, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session, selectinload, undefer
from traitlets.config import Config

from autograder.grade.database import quick_sqlite
from autograder.intake import GraderFault
from autograder.paths import CourseError

# The tables' own statements: nbgrader's objects would cost five times as much for each submission.
STUDENTS, SUBMISSIONS = Student.__table__, SubmittedAssignment.__table__
NOTEBOOKS, GRADES, COMMENTS = SubmittedNotebook.__table__, Grade.__table__, Comment.__table__
HERE: BindParameter[str] = bindparam("in_notebook")
CELL: BindParameter[str] = bindparam("of_cell")
OPEN = bindparam("open", type_=Boolean)
STORE_GRADE = (
    update(GRADES)
    .where(GRADES.c.notebook_id == HERE, GRADES.c.cell_id == CELL)
    .values(
        auto_score=bindparam("points"),
        # Decided in the database, so that a mark which a person gives at this moment counts too.
        needs_manual_grade=or_(
            GRADES.c.manual_score.is_not(None), bindparam("open", type_=Boolean)
        ),
    )
)
STORE_COMMENT = (
    update(COMMENTS)
    .where(COMMENTS.c.notebook_id == HERE, COMMENTS.c.cell_id == CELL)
    .values(auto_comment=bindparam("text"))
)
TAKE_BACK = update(GRADES).where(GRADES.c.notebook_id == HERE)
TAKE_BACK = TAKE_BACK.values(auto_score=None, needs_manual_grade=True)
STORE_PENALTY = update(NOTEBOOKS).where(NOTEBOOKS.c.id == HERE)
STORE_PENALTY = STORE_PENALTY.values(late_submission_penalty=bindparam("off"))


@dataclass(frozen=True)
class Mark:
    """What the gradebook says of one cell: the automatic points, those that count, who must look.

    Points are None where there are none.
    """

    automatic: float | None
    points: float | None
    waits: bool


@dataclass(frozen=True)
class _Notebook:
    """A notebook of the lesson: its id, and its graded and commented cells by id."""

    id: str
    points: dict[str, float]
    graded: dict[str, str]
    commented: dict[str, str]


class Book:
    """Records the submissions of a lesson; `penalties` are assigned as `config` says."""

    def __init__(self, db_url: str, course_id: str, lesson: str, penalties: Config | None) -> None:
        """Raises `CourseError` when the gradebook does not know the lesson or cannot be opened."""
        quick_sqlite()
        self._gradebook = _open(db_url, course_id)
        self._engine = self._gradebook.engine
        self._late = None if penalties is None else AssignLatePenalties(config=penalties)
        if self._late is not None:
            self._late.init_plugin()
        try:
            self._read_lesson(self._gradebook.find_assignment(lesson))
        except MissingEntry:
            self.close()
            raise CourseError(
                f"The gradebook does not know {lesson}. Run `course build` first."
            ) from None
        self._gradebook.db.remove()

    def _read_lesson(self, assignment: Assignment) -> None:
        self._assignment: str = assignment.id
        self._due: datetime.datetime | None = assignment.duedate
        self._notebooks = {
            book.name: _Notebook(
                book.id,
                {c.name: float(c.max_score) for c in (*book.grade_cells, *book.task_cells)},
                {cell.id: cell.name for cell in (*book.grade_cells, *book.task_cells)},
                {cell.id: cell.name for cell in (*book.solution_cells, *book.task_cells)},
            )
            for book in assignment.notebooks
        }

    @property
    def points(self) -> dict[str, float]:
        """What each graded cell is worth."""
        parts = (notebook.points for notebook in self._notebooks.values())
        return {cell: points for part in parts for cell, points in part.items()}

    def close(self) -> None:
        self._gradebook.close()

    def record(
        self,
        student: str,
        handed_in: datetime.datetime | None,
        notebooks: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Store a judged submission: by notebook what `finish` says of it.

        Raises `GraderFault` when the gradebook knows other cells or points; nothing is stored then.
        """
        if notebooks.keys() != self._notebooks.keys():
            raise GraderFault(
                f"The gradebook knows the notebooks {', '.join(self._notebooks)}, "
                f"lessons/ has {', '.join(notebooks)}. Run `course build`, then grade again."
            )
        for name, notebook in self._notebooks.items():
            _check(notebook, notebooks[name]["scores"])
        with self._engine.begin() as db:
            submission, stored = self._submission(db, student, handed_in)
            for name, notebook in self._notebooks.items():
                _store(db, stored[notebook.id], notebook, notebooks[name])
            if self._late is not None:
                self._assign_penalties(db, student, submission, stored.values())

    def leave_unmarked(self, student: str, handed_in: datetime.datetime | None) -> None:
        """Record what cannot be graded: no automatic mark is left, and a person is asked."""
        with self._engine.begin() as db:
            _, stored = self._submission(db, student, handed_in)
            for notebook in stored.values():
                db.execute(TAKE_BACK, {"in_notebook": notebook})
                db.execute(STORE_PENALTY, {"in_notebook": notebook, "off": None})

    def marks(self, students: Iterable[str] | None = None) -> dict[str, dict[str, Mark]]:
        """By student the marks by cell, of some students or of all that handed in."""
        cells = {id: name for book in self._notebooks.values() for id, name in book.graded.items()}
        wanted = (
            select(SubmittedAssignment.student_id, Grade.cell_id)
            .add_columns(Grade.auto_score, Grade.manual_score, Grade.score)
            .add_columns(Grade.needs_manual_grade)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .where(SubmittedAssignment.assignment_id == self._assignment)
        )
        if students is not None:
            wanted = wanted.where(SubmittedAssignment.student_id.in_(list(students)))
        found: dict[str, dict[str, Mark]] = {}
        with self._engine.connect() as db:
            for student, cell, automatic, by_hand, score, waits in db.execute(wanted):
                points = None if automatic is None and by_hand is None else float(score)
                mark = Mark(automatic, points, bool(waits))
                if cell in cells:
                    found.setdefault(student, {})[cells[cell]] = mark
        return found

    def told(self, student: str) -> dict[str, dict[str, Any]]:
        """What a student is told of each notebook, as plain data for `pages.GivenGrades`."""
        wanted = (
            select(SubmittedNotebook)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .where(SubmittedAssignment.assignment_id == self._assignment)
            .where(SubmittedAssignment.student_id == student)
            .options(undefer(SubmittedNotebook.score))
            .options(selectinload(SubmittedNotebook.grades))
            .options(selectinload(SubmittedNotebook.comments))
        )
        told = {}
        own = {notebook.id: (name, notebook) for name, notebook in self._notebooks.items()}
        with Session(self._engine) as db:
            for stored in db.scalars(wanted):
                name, notebook = own[stored.notebook_id]
                told[name] = _told(stored, notebook)
        return told

    def _submission(
        self, db: Connection, student: str, handed_in: datetime.datetime | None
    ) -> tuple[str, dict[str, str]]:
        """A student's submission and its notebooks by those of the lesson; made where it is new."""
        wanted = select(SUBMISSIONS.c.id).where(
            SUBMISSIONS.c.assignment_id == self._assignment, SUBMISSIONS.c.student_id == student
        )
        submission = db.scalar(wanted) or self._new(db, student)
        if handed_in is not None:
            here = update(SUBMISSIONS).where(SUBMISSIONS.c.id == submission)
            db.execute(here.values(timestamp=handed_in))
        parts = select(NOTEBOOKS.c.notebook_id, NOTEBOOKS.c.id)
        rows = db.execute(parts.where(NOTEBOOKS.c.assignment_id == submission))
        return submission, {row.notebook_id: row.id for row in rows}

    def _new(self, db: Connection, student: str) -> str:
        """The rows of a new submission, one for each cell of the lesson; its id."""
        if db.scalar(select(STUDENTS.c.id).where(STUDENTS.c.id == student)) is None:
            db.execute(insert(STUDENTS).values(id=student))
        submission = new_uuid()
        own = {"id": submission, "assignment_id": self._assignment, "student_id": student}
        db.execute(insert(SUBMISSIONS).values(own))
        for notebook in self._notebooks.values():
            stored = new_uuid()
            part = {"id": stored, "notebook_id": notebook.id, "assignment_id": submission}
            db.execute(insert(NOTEBOOKS).values(part))
            for table, cells in ((GRADES, notebook.graded), (COMMENTS, notebook.commented)):
                if cells:
                    rows = [{"cell_id": cell, "notebook_id": stored} for cell in cells]
                    db.execute(insert(table), rows)
        return submission

    def _assign_penalties(
        self, db: Connection, student: str, submission: str, notebooks: Iterable[str]
    ) -> None:
        """What nbgrader's `AssignLatePenalties` does, after the marks are stored."""
        assert self._late is not None
        late = self._seconds_late(db, submission)
        for notebook in notebooks:
            penalty = None
            if late > 0:
                score = db.scalar(select(SubmittedNotebook.score).where(NOTEBOOKS.c.id == notebook))
                plugin = self._late.plugin_inst
                penalty = plugin.late_submission_penalty(student, score, late)
                if penalty is not None:
                    penalty = self._late._check_late_penalty(SimpleNamespace(score=score), penalty)
            db.execute(STORE_PENALTY, {"in_notebook": notebook, "off": penalty})

    def _seconds_late(self, db: Connection, submission: str) -> float:
        if self._due is None:
            return 0.0
        wanted = select(SUBMISSIONS.c.timestamp, SUBMISSIONS.c.extension)
        handed_in, extension = db.execute(wanted.where(SUBMISSIONS.c.id == submission)).one()
        due = self._due + (extension or datetime.timedelta())
        return 0.0 if handed_in is None else max(0.0, (handed_in - due).total_seconds())


def _open(db_url: str, course_id: str) -> Gradebook:
    try:
        return Gradebook(db_url, course_id)
    except Exception as error:  # of the database's driver, whichever it is
        reason = str(error).strip().splitlines()[0]
        raise CourseError(
            f"The gradebook at {_without_password(db_url)} cannot be opened ({reason}). "
            "Look at c.CourseDirectory.db_url in nbgrader_config.py."
        ) from error


def _without_password(db_url: str) -> str:
    head, at, tail = db_url.rpartition("@")
    return f"{head.partition('://')[0]}://…@{tail}" if at else db_url


def _told(stored: SubmittedNotebook, notebook: _Notebook) -> dict[str, Any]:
    penalty = stored.late_submission_penalty or 0
    points, graded, commented = notebook.points, notebook.graded, notebook.commented
    scores = {graded[g.cell_id]: (g.score, points[graded[g.cell_id]]) for g in stored.grades}
    return {
        "scores": scores,
        "comments": {commented[c.cell_id]: c.comment for c in stored.comments},
        "notebook": {
            "score": stored.score - penalty,
            "max_score": sum(points.values()),
            "late_penalty": penalty,
        },
    }


def _check(notebook: _Notebook, scores: Mapping[str, float | None]) -> None:
    """Refuse marks that the gradebook has no place for; also NaN, which nothing equals."""
    unknown = sorted(scores.keys() - set(notebook.graded.values()))
    if unknown:
        raise GraderFault(
            f"The gradebook does not know {', '.join(unknown)}. "
            "Run `course build`, then grade again."
        )
    for cell, score in scores.items():
        most = notebook.points.get(cell, 0.0)
        if score is not None and not 0 <= score <= most:
            raise GraderFault(
                f"{cell} got {score:g} points, and counts {most:g} in the gradebook. "
                "Run `course build`, then grade again."
            )


def _store(db: Connection, stored: str, notebook: _Notebook, judged: Mapping[str, Any]) -> None:
    """Store the marks and nbgrader's own comments of one notebook."""
    scores, comments = judged["scores"], judged["comments"]
    grades = [
        {"of_cell": cell, "points": scores[name], "open": scores[name] is None}
        for cell, name in notebook.graded.items()
        if name in scores
    ]
    texts = [
        {"of_cell": cell, "text": comments[name]}
        for cell, name in notebook.commented.items()
        if name in comments
    ]
    for statement, rows in ((STORE_GRADE, grades), (STORE_COMMENT, texts)):
        if rows:
            db.execute(statement, [{**row, "in_notebook": stored} for row in rows])
