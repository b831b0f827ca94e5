"""Courses to measure in: the lesson built, classes of any size, and the same class for others."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.builder.release import build
from autograder.paths import Course
from autograder.simulate import simulate
from tests.conftest import ROOT, copy_course

LESSON = "01_convolution"
DIFFERENT = 8  # submissions that differ; a larger class hands them in again under other names
# nbgrader as it comes: its own kernel and its own preprocessors, our folders only.
STOCK = (
    "c = get_config()\n"
    "c.CourseDirectory.course_id = 'convolution'\n"
    "c.CourseDirectory.root = {root!r}\n"
    "c.CourseDirectory.release_directory = {lessons!r}\n"
)


class School:
    """Where a lesson's classes are made; nothing of it is left when its folder is removed."""

    def __init__(self, folder: Path, lesson: str = LESSON) -> None:
        self.folder, self.lesson = folder, lesson
        self.course = copy_course(folder / "course", lesson)
        build(self.course)
        simulate(self.course, lesson, students=DIFFERENT + 6, seed=0)
        self._drop_endless()
        self.submissions = sorted(
            path / lesson for path in self.course.submitted.iterdir() if path.is_dir()
        )[:DIFFERENT]

    def of(self, size: int, stock: bool = False) -> Course:
        """A course with a class of this size in which nothing is graded yet.

        With `stock`, its nbgrader is as it comes.
        """
        made = Course(self.folder / f"{'stock' if stock else 'ours'}-{size}")
        if made.root.is_dir():
            return made
        copied = shutil.ignore_patterns("submitted", "autograded", "feedback", "stock")
        for name in ("lessons", "solutions", "classroom"):
            shutil.copytree(self.course.root / name, made.root / name, ignore=copied)
        for number in range(size):
            source = self.submissions[number % len(self.submissions)]
            shutil.copytree(source, made.submitted / f"student-{number:04}" / self.lesson)
        settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
        if stock:
            settings = STOCK.format(root=str(made.classroom), lessons=str(made.lessons))
        (made.root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
        return made

    def _drop_endless(self) -> None:
        """Leave out submissions that time out: their cost is the limit, not the grader."""
        path = self.course.classroom / "expected_marks.json"
        for student in json.loads(path.read_text(encoding="utf-8"))["students"]:
            if "timed out" in json.dumps(student):
                shutil.rmtree(self.course.submitted / student["student"])


def command(course: Course, *words: str) -> subprocess.Popen:
    """Start a command as a person does in the course's folder."""
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=course.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def graded(course: Course) -> int:
    """How many submissions have been graded."""
    return len(list(course.autograded.glob("*/*/*.ipynb")))


def finished(process: subprocess.Popen, course: Course, size: int) -> None:
    """Wait for a command that grades; raises `RuntimeError` when it did not grade everyone."""
    code = process.wait()
    if graded(course) != size:
        raise RuntimeError(
            f"{process.args} ended with exit code {code} and graded {graded(course)} of {size}."
        )
