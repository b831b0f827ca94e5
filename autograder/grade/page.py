"""A worker that makes feedback pages: a graded notebook and its marks in, HTML out."""

from __future__ import annotations

import signal
import traceback
from functools import cache
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from autograder.grade.pages import GivenGrades, PageExporter
from autograder.paths import Course


class Maker:
    """Makes the pages of one course, with one exporter for all of them."""

    def __init__(self, root: Path) -> None:
        config = Course(root).settings()
        self._converter = GenerateFeedback(coursedir=CourseDirectory(config=config), config=config)
        self._exporter = PageExporter(parent=self._converter, config=self._converter.config)
        self._grades = GivenGrades(parent=self._exporter)
        self._exporter.register_preprocessor(self._grades)
        self._exporter.register_preprocessor(CSSHTMLHeaderPreprocessor)

    def page(self, notebook: Path, told: dict[str, Any]) -> str:
        """The page of a graded notebook, which lies where nbgrader keeps it."""
        self._grades.given = told
        resources = self._converter.init_single_notebook_resources(str(notebook))
        return str(self._exporter.from_filename(str(notebook), resources=resources)[0])


def alone() -> None:
    """Set up this process: Ctrl-C in the terminal is for the coordinator."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def prepare(settings: dict[str, Any]) -> int | None:
    """Load the templates, which all pages share."""
    _ = _maker(settings["root"])._exporter.template
    return None


def answer(settings: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    """The pages of one student by notebook: `job` has the files and what the student is told."""
    maker = _maker(settings["root"])
    try:
        files = {name: Path(path) for name, path in job["files"].items()}
        return {"pages": {n: maker.page(path, job["told"][n]) for n, path in files.items()}}
    except Exception as error:
        return {
            "fault": f"{type(error).__name__}: {error}",
            "trace": traceback.format_exc(limit=20),
        }


@cache
def _maker(root: str) -> Maker:
    return Maker(Path(root))
