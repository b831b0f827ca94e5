"""On honest submissions our marks are those of plain nbgrader, exercise by exercise.

Plain nbgrader runs the released check cells in the student's own process, where `check` gives the
points of the public checks. So a course whose checks are all public must get the same marks in
every way of grading; in a real lesson, the points of the public checks must be the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.builder.release import build
from autograder.builder.rules import read_lesson
from autograder.paths import Course
from autograder.report import read_class
from autograder.simulate.answers import Answer, AnswerKind, Pool, answer_pool, of_kind
from autograder.simulate.cast import Student
from autograder.simulate.submission import write_submission
from tests import small_course
from tests.conftest import ROOT, copy_course

LESSON = "01_convolution"
MINUTES = 5
PUBLIC = small_course.CHECKS + small_course.HIDDEN_CHECKS
OPENING = f'from utils import check, hint, idea, start\nstart("{small_course.NAME}")'
NO_HIDDEN = "from utils.checks import check\n"
# nbgrader as it comes: its own kernel and its own preprocessors, our folders only.
PLAIN = (
    "c = get_config()\n"
    "c.CourseDirectory.course_id = 'convolution'\n"
    "c.CourseDirectory.root = {classroom!r}\n"
    "c.Execute.timeout = 300\n"
)
# No answer here is slow; a busy machine must not decide over a mark.
PATIENT = """
c.Judge.cell_seconds = c.Judge.call_seconds = c.Judge.check_seconds = 120
c.Judge.notebook_seconds = 600
"""
KINDS = cycle(
    (AnswerKind.REFERENCE, AnswerKind.MISCONCEPTION, AnswerKind.ALTERNATIVE, AnswerKind.BLANK)
)
Marks = dict[tuple[str, str], float | None]  # by student and exercise


@dataclass(frozen=True)
class Way:
    """One way to grade: a command, on a copy of the class that is its own."""

    name: str
    command: tuple[str, ...]
    plain: bool = True
    provisioner: str = "local-provisioner"

    def start(self, course: Course, lesson: str) -> tuple[Course, subprocess.Popen[str]]:
        """Begin to grade a copy of the course."""
        copy = Course(course.root.parent / self.name)
        shutil.copytree(course.root, copy.root)
        if self.plain:
            settings = PLAIN.format(classroom=str(copy.classroom))
            (copy.root / "nbgrader_config.py").write_text(settings)
        environment = {
            **os.environ,
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
            "PYTHONPATH": str(ROOT),
            "JUPYTER_DEFAULT_PROVISIONER_NAME": self.provisioner,
        }
        running = subprocess.Popen(
            [sys.executable, "-m", *self.command, lesson],
            cwd=copy.root,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return copy, running


STOCK = Way("stock", ("nbgrader", "autograde"))
IN_OUR_KERNEL = Way("provisioned", ("nbgrader", "autograde"), provisioner="course-provisioner")
WITH_OUR_JUDGE = Way("judged", ("nbgrader", "autograde"), plain=False)
COURSE_GRADE = Way("graded", ("autograder.cli", "grade", "--no-feedback"), plain=False)


def patient(course: Course) -> None:
    """Write the course's own settings, with limits that only an endless loop meets."""
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (course.root / "nbgrader_config.py").write_text(settings + PATIENT, encoding="utf-8")


def graded(course: Course, lesson: str, ways: Iterable[Way]) -> dict[str, Course]:
    """The class graded in each way, all at once."""
    started = {way.name: way.start(course, lesson) for way in ways}
    for name, (_, running) in started.items():
        words, _ = running.communicate(timeout=MINUTES * 60)
        assert running.returncode == 0, f"{name}:\n{words[-4000:]}"
    return {name: copy for name, (copy, _) in started.items()}


def marks(course: Course, lesson: str) -> Marks:
    """What the gradebook holds for every exercise of everyone, before a person has looked."""
    with Gradebook(f"sqlite:///{course.classroom / 'gradebook.db'}") as gradebook:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(lesson)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def hand_in(course: Course, lesson: str, answers: list[dict[str, Answer]]) -> None:
    """Submissions of students that are called after their place in the list."""
    for number, answer in enumerate(answers):
        student = Student(f"student{number}", ability=0.5, answers=answer)
        folder = course.submitted / student.id / lesson
        write_submission(student, course.lessons / lesson, folder, seed=0)


def different_answers(pool: Pool, exercise: str) -> list[Answer]:
    """The reference, every alternative and misconception, and an unfinished or broken answer."""
    kinds = {kind: of_kind(pool, exercise, kind) for kind in AnswerKind}
    return [
        *kinds[AnswerKind.REFERENCE],
        *kinds[AnswerKind.ALTERNATIVE],
        *kinds[AnswerKind.MISCONCEPTION],
        *kinds[AnswerKind.BLANK][:1],
        *kinds[AnswerKind.CRASH][:1],
    ]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Course]:
    """A course whose checks are all public, and a class with every kind of answer, graded."""
    root = tmp_path_factory.mktemp("agreement") / "course"
    small_course.write_small_course(root)
    folder = root / "solutions" / small_course.NAME
    opened = small_course.LESSON.replace("import math", OPENING)
    (folder / "lesson.py").write_text(opened)
    (folder / "checks.py").write_text(PUBLIC)
    (folder / "hidden_checks.py").write_text(NO_HIDDEN)
    course = Course(root)
    patient(course)
    build(course)
    lesson = read_lesson(folder, root)
    pool = answer_pool(lesson, course.lessons / small_course.NAME)
    first, second = (different_answers(pool, name) for name in ("double", "fourfold"))
    pairs = zip(first, cycle(second), strict=False)
    hand_in(course, small_course.NAME, [{"double": a, "fourfold": b} for a, b in pairs])
    return graded(course, small_course.NAME, (STOCK, IN_OUR_KERNEL, WITH_OUR_JUDGE, COURSE_GRADE))


@pytest.fixture(scope="module")
def small_marks(small: dict[str, Course]) -> dict[str, Marks]:
    """The marks of the small course by way of grading."""
    return {name: marks(course, small_course.NAME) for name, course in small.items()}


def test_the_class_shows_every_kind_of_mark(small_marks):
    """Full, partial and no marks occur, so that agreement says something."""
    given = {points for (_, task), points in small_marks["stock"].items() if task == "double-check"}
    assert given == {0.0, 1.0, 3.0}


@pytest.mark.parametrize("way", [WITH_OUR_JUDGE, COURSE_GRADE, IN_OUR_KERNEL], ids=lambda w: w.name)
def test_public_checks_give_the_stock_marks(small_marks, way):
    """Our judge, `course grade`, and plain nbgrader in our kernels: the same marks as stock."""
    assert small_marks[way.name] == small_marks["stock"]


@pytest.fixture(scope="module")
def lesson_one(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Course]:
    """Lesson 01, with a submission of right, differently right, wrong and missing answers."""
    course = copy_course(tmp_path_factory.mktemp("lesson") / "course", LESSON)
    patient(course)
    build(course)
    lesson = read_lesson(course.solutions / LESSON, course.root)
    pool = answer_pool(lesson, course.lessons / LESSON)
    mixed = {
        name: next(iter(of_kind(pool, name, kind)), pool[name][0])
        for name, kind in zip(pool, KINDS, strict=False)
    }
    hand_in(course, LESSON, [mixed])
    return graded(course, LESSON, (STOCK, COURSE_GRADE))


def test_a_real_lessons_public_points_are_the_stock_marks(lesson_one):
    """In lesson 01 the judge's points for the public checks are what stock nbgrader gives."""
    stock = marks(lesson_one["stock"], LESSON)
    (row,) = read_class(lesson_one["graded"], LESSON).rows
    ours = {
        (row.student, f"{mark.task}-check"): sum(v.points for v in mark.verdicts if not v.hidden)
        for mark in row.marks
        if mark.verdicts
    }
    assert ours == {key: points for key, points in stock.items() if key[1].endswith("-check")}
    assert len(set(ours.values())) > 2
