"""The settings of `nbgrader_config.py` that grading a lesson goes by, read once."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.grade.plan import Plan, make_plan
from autograder.nbgrader_hooks import Judge, SubmissionExporter, scripts_on_path
from autograder.paths import Course

NONE = "none"


@dataclass(frozen=True)
class Settings:
    """nbgrader's settings of a course, for one lesson; `require` overrides `c.Judge.require`."""

    course: Course
    lesson: str
    require: Sequence[str] | None = None

    @cached_property
    def config(self) -> Config:
        scripts_on_path()
        config = self.course.settings()
        config.CourseDirectory.assignment_id = self.lesson
        return config

    @cached_property
    def db_url(self) -> str:
        return str(CourseDirectory(config=self.config).db_url)

    @cached_property
    def judge(self) -> Judge:
        return Judge(config=self.config)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The protections without which nothing is graded."""
        chosen = self.judge.require if self.require is None else self.require
        return tuple(name for name in chosen if name != NONE)

    @cached_property
    def largest(self) -> int:
        return int(SubmissionExporter(config=self.config).largest)

    @cached_property
    def plan(self) -> Plan:
        """How nbgrader's own steps are taken."""
        return make_plan(self.config, self.coursedir("*"), self.course)

    def coursedir(self, student: str) -> CourseDirectory:
        """nbgrader's view of the folders, for one student or for all of them (`*`)."""
        coursedir = CourseDirectory(config=self.config)
        coursedir.student_id = student if student == "*" else glob.escape(student)
        return coursedir


def job_settings(settings: Settings) -> dict[str, Any]:
    """What a worker is told, as plain data; `root` is the only path in it."""
    return {
        "root": str(settings.course.root),
        "lesson": settings.lesson,
        "limits": settings.judge.seconds,
        "run_all": bool(settings.judge.run_all),
        "require": list(settings.required),
        "largest": settings.largest,
        "steps": settings.plan.steps,
    }
