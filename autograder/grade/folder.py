"""The folders of graded submissions and of feedback, each put in its place at once, or not at all.

A submission's folder is made aside and then moved, so that a reader, or a run after one that was
killed, never meets half of one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from nbgrader.utils import find_all_files

from autograder.grade.plan import Plan
from autograder.paths import Course

WRITABLE = 0o644  # as nbgrader leaves feedback


class _Folders:
    """Folders of one lesson by student: files that are copied, and texts that were made."""

    ending: str

    def __init__(self, home: Path, aside: Path, lesson: str, ignored: Iterable[str]) -> None:
        self._home = home
        self._lesson = lesson
        self._aside = aside
        self._ignored = [*ignored, "*.ipynb"]
        shutil.rmtree(aside, ignore_errors=True)  # of a run that was killed

    def place(self, student: str) -> Path:
        return self._home / student / self._lesson

    def sizes(self, student: str, names: Iterable[str]) -> dict[str, int]:
        """The sizes in bytes of what was made; raises `OSError` where one is missing."""
        place = self.place(student)
        return {name: (place / f"{name}{self.ending}").stat().st_size for name in names}

    def holds(self, student: str, sizes: Mapping[str, int]) -> bool:
        """Whether all that was made is there, with the sizes that it was written with."""
        try:
            return self.sizes(student, sizes) == dict(sizes)
        except OSError:
            return False

    def close(self) -> None:
        shutil.rmtree(self._aside, ignore_errors=True)

    def _put(
        self, student: str, files: Mapping[str, Path], texts: Mapping[str, str], permissions: int
    ) -> dict[str, int]:
        """Make a student's folder anew, without anything that was there before; the sizes."""
        shutil.rmtree(self._aside, ignore_errors=True)
        fresh = self._aside / "fresh"
        fresh.mkdir(parents=True)
        for name, path in files.items():
            copy = fresh / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy, follow_symlinks=False)
            copy.chmod(permissions)
        for name, text in texts.items():
            made = fresh / f"{name}{self.ending}"
            made.write_text(text, encoding="utf-8")
            made.chmod(permissions)
        place = self.place(student)
        place.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(place):
            os.replace(place, self._aside / "old")
        os.replace(fresh, place)
        shutil.rmtree(self._aside, ignore_errors=True)
        return self.sizes(student, texts)

    def _files(self, folder: Path) -> dict[str, Path]:
        """The ordinary files below a folder by relative name, but what nbgrader passes over."""
        paths = map(Path, find_all_files(str(folder), self._ignored))
        ordinary = (path for path in paths if path.is_file() and not path.is_symlink())
        return {path.relative_to(folder).as_posix(): path for path in ordinary}


class Graded(_Folders):
    """`classroom/autograded/`, as stock `nbgrader autograde` leaves it."""

    ending = ".ipynb"

    def __init__(self, course: Course, lesson: str, plan: Plan) -> None:
        aside = course.classroom / "graded" / f".{lesson}.part"
        super().__init__(course.autograded, aside, lesson, plan.ignore)
        self._course = course
        self._permissions = plan.permissions
        own = self._files(course.source / lesson)
        self._own = {name: path for name, path in own.items() if name not in plan.keep}

    def write(self, student: str, notebooks: Mapping[str, str]) -> dict[str, int]:
        """Put a graded submission in its place; returns the notebooks' sizes in bytes.

        Beside the notebooks it holds the student's other files, those of the lesson in their own
        version.
        """
        handed_in = self._files(self._course.submitted / student / self._lesson)
        return self._put(student, handed_in | self._own, notebooks, self._permissions)

    def remove(self, student: str) -> None:
        """Take away what an earlier submission left: it is no longer what was handed in."""
        for folder in (self._course.autograded, self._course.feedback):
            shutil.rmtree(folder / student / self._lesson, ignore_errors=True)


class Pages(_Folders):
    """`classroom/feedback/`, as stock `nbgrader generate_feedback` leaves it."""

    ending = ".html"

    def __init__(self, course: Course, lesson: str, ignored: Iterable[str]) -> None:
        aside = course.classroom / "graded" / f".{lesson}.feedback.part"
        super().__init__(course.feedback, aside, lesson, ignored)
        self._graded = course.autograded

    def write(self, student: str, pages: Mapping[str, str]) -> dict[str, int]:
        """Put a student's pages in their place, beside the other files; the sizes in bytes."""
        files = self._files(self._graded / student / self._lesson)
        return self._put(student, files, pages, WRITABLE)
