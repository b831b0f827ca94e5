"""What lies to be graded: the submissions' folders, and what is read from them."""

from __future__ import annotations

import datetime
import glob
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.grade.fingerprint import combined, folder_digest, submission_digest
from autograder.grade.jobs import Job
from autograder.grade.settings import Settings
from autograder.intake import NotGradable, submitted_notebook
from autograder.nbgrader_hooks import prepare
from autograder.paths import Course, CourseError


@dataclass(frozen=True)
class Taken:
    """A submission as it was taken in: the key that its marks are recorded under, and when it came.

    `trouble` says why it cannot be graded; otherwise there is a `job`.
    """

    student: str
    key: str
    handed_in: datetime.datetime | None = None
    job: Job | None = None
    trouble: str = ""


@dataclass(frozen=True)
class Submissions:
    """Reads a lesson's submissions; `names` are its notebooks, `common` is in all their keys."""

    settings: Settings
    names: tuple[str, ...]
    common: str

    def key(self, student: str, folder: Path) -> str:
        """The key of a submission as it lies there now."""
        try:
            content = submission_digest(folder, self._notebooks(student, folder))
        except NotGradable:
            content = folder_digest(folder)
        return combined(content, self.common)

    def take_in(self, student: str, folder: Path) -> Taken:
        """Read a submission, after what nbgrader must not see was moved away.

        Raises `OSError` and others where the folder cannot be read.
        """
        prepare(folder, self.settings.course)
        handed_in = self.settings.coursedir("*").get_existing_timestamp(str(folder))
        try:
            notebooks = self._notebooks(student, folder)
        except NotGradable as trouble:
            key = combined(folder_digest(folder), self.common)
            return Taken(student, key, handed_in, trouble=str(trouble))
        key = combined(submission_digest(folder, notebooks), self.common)
        return Taken(student, key, handed_in, Job(student, notebooks))

    def _notebooks(self, student: str, folder: Path) -> dict[str, bytes]:
        if not is_text(student):
            raise NotGradable("The name of the folder is no text. Rename it, and grade again.")
        if glob.has_magic(student):
            raise NotGradable(
                "nbgrader cannot read a folder whose name holds [, ], * or ?. "
                f"Rename {self.settings.course.submitted.name}/{student}, and grade again."
            )
        largest = self.settings.largest
        return {name: submitted_notebook(folder, name, largest) for name in self.names}


def is_text(name: str) -> bool:
    """Whether a folder's name can be stored and shown; a name on disk may be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def submitted_folders(
    course: Course, lesson: str, students: Iterable[str] | None
) -> dict[str, Path]:
    """The submissions' folders by student; raises `CourseError` when a wanted one is missing."""
    here = sorted(course.submitted.glob("[!.]*"))  # nbgrader passes over hidden folders too
    found = {path.name: path / lesson for path in here if os.path.lexists(path / lesson)}
    wanted = sorted(found) if students is None else list(dict.fromkeys(students))
    unknown = [student for student in wanted if student not in found]
    if unknown or not wanted:
        who = ", ".join(unknown) or "Nobody"
        raise CourseError(
            f"{who} handed in no {lesson}. Submissions belong into "
            f"{course.submitted}/<student>/{lesson}/{lesson}.ipynb."
        )
    return {student: found[student] for student in wanted}
