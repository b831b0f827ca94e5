"""The main job from end to end: each lesson's class is simulated and graded, every mark right.

The first lesson's class is whole: each misconception and each alternative is somebody's. Every
other lesson has a dozen students, who give as many of them as they can; `course lint` has tried
all of them by then. `make classes` grades the whole class of every lesson.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from autograder.misconceptions import load_alternatives, load_misconceptions
from autograder.paths import Course
from autograder.report import ClassReport, State, read_class, render_page
from autograder.simulate import ExpectedMarks, ExpectedStudent, compare, read_expected
from tests.conftest import ROOT, copy_course, graded_lessons
from utils.verdicts import Kind

LESSONS = graded_lessons()
FIRST, SEED = LESSONS[0], 1
SPARE = 20  # students beyond those who are needed for every wrong and right solution to occur
DOZEN = 12
MINUTES = 30  # for one command, beside other tests


@dataclass(frozen=True)
class GradedClass:
    """A course folder with a graded class, what the class must get and what it got."""

    lesson: str
    whole: bool
    course: Course
    expected: ExpectedMarks
    report: ClassReport
    before: Path


def run(course: Course, *command: str) -> subprocess.CompletedProcess[str]:
    """A command as an instructor types it in the course's folder, with the venv not activated."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=course.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )


def course_command(course: Course, *arguments: str) -> None:
    done = run(course, "autograder.cli", *arguments)
    assert done.returncode == 0, f"course {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"


def students_needed(lesson: str) -> int:
    """So many that each misconception and each alternative of an exercise can be somebody's."""
    folder = Course(ROOT).solutions / lesson
    items = (*load_misconceptions(folder), *load_alternatives(folder))
    return max(Counter(item.exercise for item in items).values()) + SPARE


@pytest.fixture(scope="module", params=LESSONS)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """A class, with the special students in the first lesson, made and graded by `course` alone."""
    lesson = request.param
    whole = lesson == FIRST or request.config.getoption("--whole-classes")
    students = students_needed(lesson) if whole else DOZEN
    course = copy_course(tmp_path_factory.mktemp("class"), lesson)
    course_command(course, "build")
    options = ("--students", str(students), "--seed", str(SEED))
    course_command(course, "simulate", lesson, *options, *(["--edges"] if lesson == FIRST else []))
    before = tmp_path_factory.mktemp("ungraded")
    if lesson == FIRST:
        shutil.copytree(course.root, before, dirs_exist_ok=True)
    run(course, "autograder.cli", "grade", lesson, "--no-feedback")
    expected = read_expected(course.classroom / "expected_marks.json")
    return GradedClass(lesson, whole, course, expected, read_class(course, lesson), before)


only_first = pytest.mark.parametrize("graded", [FIRST], indirect=True)


def test_every_mark_is_the_one_it_must_be(graded: GradedClass) -> None:
    """All students, and the special ones, get exactly their marks, verdicts and sentences."""
    assert len(graded.expected.students) >= DOZEN
    assert compare(graded.expected, graded.report) == []


def test_nothing_is_left_to_explain(graded: GradedClass) -> None:
    """No check failed by itself, no mark differs from its verdicts, and all kinds occur."""
    assert graded.report.alerts == ()
    kinds = {verdict.kind for _, verdict in graded.report.verdicts}
    assert Kind.GRADER_FAULT not in kinds
    assert {Kind.PASSED, Kind.WRONG, Kind.CRASHED, Kind.UNANSWERED} <= kinds
    assert Kind.TIMED_OUT in kinds or not graded.whole  # a dozen have no answer to spare for it


def test_every_misconception_has_its_own_sentence(graded: GradedClass) -> None:
    """Each wrong solution that was handed in is told by its name and sentence; none is left out."""
    rows = {row.student: row for row in graded.report.rows}
    told: set[tuple[str, str]] = set()
    for student in graded.expected.students:
        for mark in student.marks:
            kind, _, name = mark.answer.partition(": ")
            if kind != "misconception" or not mark.says:
                continue
            graded_mark = rows[student.student].mark(mark.exercise)
            assert graded_mark is not None
            failed = [item for item in graded_mark.verdicts if not item.passed]
            assert failed, f"{mark.exercise}: {name} passes every check"
            assert {item.misconception for item in failed} == {name}
            assert {item.message for item in failed} == {mark.says}
            told.add((mark.exercise, name))
    assert told
    if graded.whole:
        items = load_misconceptions(graded.course.solutions / graded.lesson)
        assert {(item.exercise, item.name) for item in items} - told == set()


def test_every_alternative_gets_full_marks(graded: GradedClass) -> None:
    """Each right solution that is written differently earns everything; none is left out."""
    rows = {row.student: row for row in graded.report.rows}
    seen: set[tuple[str, str]] = set()
    for student in graded.expected.students:
        for mark in student.marks:
            kind, _, name = mark.answer.partition(": ")
            if kind == "alternative" and mark.points == mark.out_of:
                graded_mark = rows[student.student].mark(mark.exercise)
                assert graded_mark is not None
                assert graded_mark.state is State.FULL
                seen.add((mark.exercise, name))
    assert seen
    if graded.whole:
        items = load_alternatives(graded.course.solutions / graded.lesson)
        assert {(item.exercise, item.name) for item in items} - seen == set()


def test_report_has_the_classs_figures(graded: GradedClass) -> None:
    """Mean and median of the page are those of the expected marks."""
    totals = [student.total for student in graded.expected.students if not student.refused]
    assert graded.report.mean == pytest.approx(statistics.fmean(totals))
    assert graded.report.median == statistics.median(totals)
    page = render_page(graded.report)
    out_of = f"{graded.report.out_of:g}"
    assert f"{round(statistics.fmean(totals), 1):g} <small>of {out_of}</small>" in page
    for student in graded.expected.students:
        assert student.student in page


@only_first
def test_plain_nbgrader_gives_the_same_marks(graded: GradedClass, tmp_path: Path) -> None:
    """`nbgrader autograde`, typed by hand, gives a sample of the class the same marks."""
    sample = _sample(graded.expected)
    shutil.copytree(graded.before, tmp_path, dirs_exist_ok=True)
    course = Course(tmp_path)
    for folder in course.submitted.iterdir():
        if folder.is_dir() and folder.name not in {student.student for student in sample}:
            shutil.rmtree(folder)
    done = run(course, "nbgrader", "autograde", FIRST)
    expected = replace(graded.expected, students=tuple(sample))
    assert compare(expected, read_class(course, FIRST)) == [], done.stderr[-3000:]


@only_first
def test_a_new_class_forgets_the_old_marks(graded: GradedClass, tmp_path: Path) -> None:
    """After a smaller class is simulated, no mark of the larger one is left in the gradebook."""
    shutil.copytree(graded.course.root, tmp_path, dirs_exist_ok=True)
    course = Course(tmp_path)
    course_command(course, "simulate", FIRST, "--students", "2", "--seed", "9")
    rows = read_class(course, FIRST).rows
    assert [row.student for row in rows] == ["student-001", "student-002"]
    assert {row.trouble for row in rows} == {"Not graded yet. Run `course grade 01`."}


def _sample(expected: ExpectedMarks) -> list[ExpectedStudent]:
    """Six students: an endless loop, three others, and two whose file would stop stock nbgrader."""
    loops = [
        student
        for student in expected.students
        if any(mark.answer.startswith("time-out") for mark in student.marks)
    ]
    others = [student for student in expected.students if student not in loops]
    edges = [s for s in expected.students if s.student in ("edge-broken", "edge-duplicated")]
    return [*loops[:1], *others[:3], *edges]
