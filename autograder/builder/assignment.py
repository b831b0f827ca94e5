"""Stock `nbgrader generate_assignment`, run in this process on one lesson.

The settings are those of the course's `nbgrader_config.py`; only the folders differ, because a
release is made aside and put in place when all of it is right.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.paths import Course, CourseError

CONFIG = "nbgrader_config.py"


class BuildError(CourseError):
    """nbgrader would not make the assignment; the text says why and what to do."""


@contextlib.contextmanager
def tools_on_path() -> Iterator[None]:
    """Let nbgrader find `alembic` beside this interpreter, where the venv is not activated."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join(filter(None, [str(Path(sys.executable).parent), before]))
    try:
        yield
    finally:
        os.environ["PATH"] = before


def generate(course: Course, lesson: str, stage: Path, gradebook: str | None) -> Path:
    """Make the release of `stage/source/<lesson>`; returns the folder with the result.

    `gradebook` is a database's address; with None the assignment is recorded nowhere.
    Raises `BuildError`.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log

    config = _config(course)
    config.CourseDirectory.root = str(stage)
    config.CourseDirectory.source_directory = "source"
    config.CourseDirectory.release_directory = "release"
    config.CourseDirectory.assignment_id = lesson
    if gradebook is not None:
        config.CourseDirectory.db_url = gradebook
    else:
        config.SaveCells.enabled = False
        config.GenerateAssignment.no_database = True
    with tools_on_path(), _no_console_log():
        directory = CourseDirectory(config=config)
        result = capture_log(GenerateAssignment(coursedir=directory, config=config))
    if not result["success"]:
        raise BuildError(_explained(lesson, result))
    return stage / "release" / lesson


def refuse_lost_marks(course: Course, lesson: str, notebooks: dict[str, NotebookNode]) -> None:
    """Raise `BuildError` where nbgrader would refuse: cells changed, and students handed in.

    Looks before anything is written, so that the gradebook is never half changed.
    """
    if not course.has_gradebook:
        return
    from nbgrader.api import Gradebook, MissingEntry

    with tools_on_path(), Gradebook(course.gradebook) as book:
        try:
            assignment = book.find_assignment(lesson)
        except MissingEntry:
            return
        if not assignment.submissions:
            return
        changed = {n.name for n in assignment.notebooks} ^ set(notebooks)
        for known in assignment.notebooks:
            if known.name in notebooks:
                before = {cell.name for cell in known.source_cells}
                changed |= before ^ _graded_cells(notebooks[known.name])
        count = len(assignment.submissions)
    if changed:
        raise BuildError(
            f"{lesson}: {count} submissions are in the gradebook, and nbgrader then lets no cell "
            f"be added, removed or renamed. Changed: {', '.join(sorted(changed))}. "
            "Put those cells back, or move classroom/ away to start a new class."
        )


def _graded_cells(notebook: NotebookNode) -> set[str]:
    cells = (cell.metadata.get("nbgrader") for cell in notebook.cells)
    return {meta["grade_id"] for meta in cells if meta}


def _config(course: Course) -> Any:
    from traitlets.config.loader import Config, PyFileConfigLoader

    if not (course.root / CONFIG).is_file():
        return Config()
    return PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()


@contextlib.contextmanager
def _no_console_log() -> Iterator[None]:
    """Keep nbgrader's progress off the screen; `capture_log` still sees it."""
    import logging

    from traitlets import log

    logger: Any = log.get_logger()
    logger = getattr(logger, "logger", logger)  # inside a Jupyter application it is an adapter
    handlers, level, propagate = list(logger.handlers), logger.level, logger.propagate
    logger.handlers, logger.propagate = [], False
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def _explained(lesson: str, result: dict[str, str]) -> str:
    """The line of nbgrader's log or traceback that says what happened."""
    lines = (result.get("log", "") + "\n" + result.get("error", "")).splitlines()
    telling = [line.strip() for line in lines if "Error: " in line and "NbGrader" not in line]
    reason = telling[-1] if telling else (lines[-1].strip() if lines else "no reason given")
    return (
        f"{lesson}: nbgrader could not make the assignment ({reason}). "
        f"Mend that, or run `nbgrader generate_assignment {lesson} --debug` for the whole log."
    )
