"""nbgrader's own converters run in this process, with the settings of the course.

Only `course grade`'s coordinator is here: it alone writes to the gradebook.
"""

from __future__ import annotations

import contextlib
import glob
import logging
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from sqlalchemy.exc import SAWarning
from traitlets import log
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.intake import GraderFault
from autograder.nbgrader_hooks import (
    Judge,
    Replay,
    SubmissionExporter,
    leave_unmarked,
    scripts_on_path,
)
from autograder.paths import Course, CourseError

CONFIG = "nbgrader_config.py"
JUDGE = f"{Judge.__module__}.{Judge.__qualname__}"


class Stock:
    """nbgrader for one lesson of a course."""

    def __init__(self, course: Course, lesson: str) -> None:
        scripts_on_path()
        self.course = course
        self.lesson = lesson
        self.config: Config = PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()
        self.config.CourseDirectory.assignment_id = lesson
        self.db_url: str = CourseDirectory(config=self.config).db_url
        self.judge = Judge(config=self.config)
        self.largest: int = SubmissionExporter(config=self.config).largest

    def record(self, student: str, judged: dict[str, NotebookNode]) -> None:
        """Autograde one submission, with the judge's results in the place of judging.

        Raises `GraderFault` with nbgrader's reason.
        """
        converter = Autograde(coursedir=self._coursedir(student), config=self.config)
        converter.force = True
        converter.pre_convert_hook = None  # the folder has been looked at
        steps = [str(step) for step in converter.autograde_preprocessors]
        if JUDGE not in steps:
            raise CourseError(
                f"{CONFIG} does not name {JUDGE} in c.Autograde.autograde_preprocessors. "
                "Put it back where nbgrader's own Execute stands."
            )
        converter.autograde_preprocessors = [
            Replay(judged=judged) if str(step) == JUDGE else step
            for step in converter.autograde_preprocessors
        ]
        _run(converter)

    def leave_unmarked(self, student: str) -> None:
        """Record that a student handed in what cannot be graded: no marks; a person is asked."""
        with _off_the_screen(), Gradebook(self.db_url) as gradebook:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(self.lesson, student)
            names = [book.name for book in gradebook.find_assignment(self.lesson).notebooks]
        for name in names:
            leave_unmarked(self.db_url, name, self.lesson, student)
        # What an earlier submission gave is no longer what was handed in.
        for folder in (self.course.autograded, self.course.feedback):
            shutil.rmtree(folder / student / self.lesson, ignore_errors=True)

    def feedback(self) -> str:
        """Write the feedback pages of everyone; returns nbgrader's reasons where it failed."""
        converter = GenerateFeedback(coursedir=self._coursedir("*"), config=self.config)
        converter.force = True
        try:
            _run(converter)
        except GraderFault as fault:
            return str(fault)
        return ""

    def points(self) -> dict[str, float]:
        """What the gradebook counts for each cell of the lesson.

        Raises `CourseError` when it does not know the lesson.
        """
        with Gradebook(self.db_url) as gradebook:
            try:
                assignment = gradebook.find_assignment(self.lesson)
            except MissingEntry:
                raise CourseError(
                    f"The gradebook does not know {self.lesson}. Run `course build` first."
                ) from None
            return {
                cell.name: float(cell.max_score)
                for book in assignment.notebooks
                for cell in book.grade_cells
            }

    def marks(self, student: str) -> dict[str, tuple[float | None, bool]]:
        """A student's points by cell, None where there are none; and whether a person must look."""
        with Gradebook(self.db_url) as gradebook:
            try:
                submission = gradebook.find_submission(self.lesson, student)
            except MissingEntry:
                return {}
            return {
                grade.name: (_points(grade), bool(grade.needs_manual_grade))
                for book in submission.notebooks
                for grade in book.grades
            }

    def _coursedir(self, student: str) -> CourseDirectory:
        coursedir = CourseDirectory(config=self.config)
        coursedir.student_id = student if student == "*" else glob.escape(student)
        return coursedir


def _points(grade: Any) -> float | None:
    marked = grade.auto_score is not None or grade.manual_score is not None
    return float(grade.score) if marked else None


def _run(converter: Any) -> None:
    with _off_the_screen():
        result = capture_log(converter)
    if not result["success"]:
        raise GraderFault(_reason(result))


def _reason(result: dict[str, str]) -> str:
    """The line of nbgrader's log that says what happened."""
    lines = f"{result.get('log', '')}\n{result.get('error', '')}".splitlines()
    telling = [line for line in lines if "Error: " in line or "Fault: " in line]
    return telling[0].strip() if telling else "nbgrader gave no reason"


@contextlib.contextmanager
def _off_the_screen() -> Iterator[None]:
    """Keep nbgrader's progress off the screen; `capture_log` still sees it."""
    logger: Any = log.get_logger()
    before = list(logger.handlers), logger.propagate, logger.level
    logger.handlers, logger.propagate = [], False
    logger.setLevel(logging.INFO)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader's own, at every submission
            yield
    finally:
        logger.handlers, logger.propagate = before[0], before[1]
        logger.setLevel(before[2])


def feedback_page(course: Course, lesson: str, student: str, notebook: str) -> Path:
    """Where nbgrader writes a student's feedback."""
    return course.feedback / student / lesson / f"{notebook}.html"
