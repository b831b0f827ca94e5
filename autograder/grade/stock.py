"""nbgrader's own converters run in this process, with the settings of the course.

Only `course grade`'s coordinator is here: it alone writes to the gradebook.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import nbformat
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.utils import capture_log
from sqlalchemy.exc import SAWarning
from traitlets import log

from autograder.grade.plan import is_judge
from autograder.grade.settings import Settings
from autograder.intake import GraderFault
from autograder.nbgrader_hooks import Replay


class Stock:
    """nbgrader for one lesson of a course."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def record(self, student: str, judged: dict[str, str]) -> None:
        """Autograde one submission, with the judge's notebooks in the place of judging.

        Raises `GraderFault` with nbgrader's reason.
        """
        settings = self.settings
        converter = Autograde(coursedir=settings.coursedir(student), config=settings.config)
        converter.force = True
        notebooks = {name: nbformat.reads(text, as_version=4) for name, text in judged.items()}
        converter.autograde_preprocessors = [
            Replay(judged=notebooks) if is_judge(step) else step
            for step in converter.autograde_preprocessors
        ]
        _run(converter)

    def feedback(self) -> str:
        """Write the feedback pages of everyone; returns nbgrader's reasons where it failed."""
        converter = GenerateFeedback(
            coursedir=self.settings.coursedir("*"), config=self.settings.config
        )
        converter.force = True
        try:
            _run(converter)
        except GraderFault as fault:
            return str(fault)
        return ""


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
