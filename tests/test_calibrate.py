"""`course calibrate`: how sure a check of a trained exercise is, measured over many seeds."""

import math
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.calibrate import (
    REFERENCE,
    TABLE,
    Calibration,
    Row,
    calibrate,
    calibration,
    load_calibrations,
    measure_lesson,
    problems,
)
from autograder.paths import Course, CourseError
from tests.small_course import NAME, write_small_course

ROOT = Path(__file__).resolve().parent.parent
# `double` of a random number near 2: its error is the "trained" number.
SOURCE = """import random
from autograder.calibrate import calibration

@calibration("double", number="the error of a noisy answer", at_most={at_most}, against={against})
def error(student, seed):
    return abs(student.double(2) + random.gauss(0, 0.1) - 4)
"""


@pytest.fixture
def course(tmp_path):
    return Course(write_small_course(tmp_path))


def write(course, at_most=1.0, against=("unchanged",)):
    text = SOURCE.format(at_most=at_most, against=tuple(against))
    (course.solutions / NAME / "calibration.py").write_text(text, encoding="utf-8")


def row(numbers, solution=REFERENCE, threshold=1.0, at_most=True, fit="normal", tries=1):
    item = Calibration("e", lambda *_: 0, "a number", threshold, at_most, (), fit, tries)
    return Row(item, solution, tuple(numbers))


def test_threshold_that_holds(course):
    """The reference passes, the misconception fails, and the table is kept beside the lesson."""
    write(course)
    said = []
    assert calibrate(course, NAME, seeds=5, tell=said.append) == []
    table = (course.solutions / NAME / TABLE).read_text(encoding="utf-8")
    assert "| the reference |" in table
    assert "| unchanged |" in table
    assert "at most 1" in table
    assert len(said) == 2


def test_table_is_the_same_every_time(course):
    """The seeds decide everything, so measuring again changes no byte."""
    write(course)
    calibrate(course, NAME, seeds=4, tell=lambda _: None)
    first = (course.solutions / NAME / TABLE).read_bytes()
    calibrate(course, NAME, seeds=4, tell=lambda _: None)
    assert (course.solutions / NAME / TABLE).read_bytes() == first


def test_threshold_too_wide(course):
    """A misconception that passes is a problem, and so is its remedy told."""
    write(course, at_most=9.0)
    (problem,) = calibrate(course, NAME, seeds=5, tell=lambda _: None)
    assert "unchanged passes 5 of 5" in problem
    assert "Narrow the threshold" in problem


def test_threshold_too_narrow(course):
    """A reference that fails, or would soon, is a problem."""
    write(course, at_most=0.05)
    (problem,) = calibrate(course, NAME, seeds=8, tell=lambda _: None)
    assert "the reference fails" in problem


def test_unknown_misconception_is_refused(course):
    """A name in `against` that no misconception has is answered with what to do."""
    write(course, against=("nobody",))
    with pytest.raises(CourseError, match="no misconception 'nobody'"):
        measure_lesson(course, NAME, seeds=2)


def test_lesson_without_calibration_is_refused(course):
    """A lesson that trains nothing has nothing to calibrate."""
    with pytest.raises(CourseError, match="no exercise of it is trained"):
        calibrate(course, NAME)


def test_solution_that_stops_has_no_number(course):
    """A misconception that raises an error counts as failing."""
    text = SOURCE.format(at_most=1.0, against=("squared",)).replace("(2)", "(None)")
    (course.solutions / NAME / "calibration.py").write_text(text, encoding="utf-8")
    rows = measure_lesson(course, NAME, seeds=2)
    assert all(math.isnan(number) for row in rows for number in row.numbers)
    assert [row.chance for row in rows] == [1.0, 0.0]


@pytest.mark.parametrize(
    ("numbers", "threshold", "at_most", "fit", "chance"),
    [
        ([-1, 0, 1], 3, True, "normal", 0.00135),
        ([-1, 0, 1], -3, False, "normal", 0.00135),
        ([0.1, 1, 10], 1000, True, "log", 0.00135),
        ([2, 2, 2], 3, True, "normal", 0.0),
        ([2, 2, 2], 1, True, "normal", 1.0),
    ],
)
def test_fitted_chance(numbers, threshold, at_most, fit, chance):
    """Three spreads from the threshold: once in 741 times, of numbers or of their logarithms."""
    got = row(numbers, threshold=threshold, at_most=at_most, fit=fit).chance
    assert got == pytest.approx(chance, abs=1e-5)


def test_chance_of_a_misconception_is_that_of_passing():
    """A misconception is misjudged when it passes."""
    wrong = row([4, 5, 6], solution="wrong", threshold=2)
    assert wrong.chance == pytest.approx(0.00135, abs=1e-5)
    assert wrong.wrongly == 0
    assert row([4, 5, 6], threshold=2).wrongly == 3


def test_second_try():
    """With two tries the reference must fail twice, and a misconception may pass once of twice."""
    assert row([-1, 0, 1], threshold=1, tries=2).chance == pytest.approx(0.15866**2, abs=1e-4)
    wrong = row([-1, 0, 1], "wrong", threshold=-1, tries=2)
    assert wrong.chance == pytest.approx(1 - (1 - 0.15866) ** 2, abs=1e-4)


def test_rare_failure_is_asked_for():
    """A reference that has not failed yet, but soon would, is a problem."""
    assert list(problems([row([-1, 0, 1], threshold=3.2)])) == []
    assert len(list(problems([row([-1, 0, 1], threshold=2.5)]))) == 1


@pytest.mark.parametrize(
    "wrong",
    [{}, {"at_most": 1, "at_least": 0}, {"at_most": 1, "fit": "t"}, {"at_most": 1, "tries": 0}],
)
def test_mark_is_checked(wrong):
    """One threshold, a fit that is known, at least one try."""
    with pytest.raises(ValueError, match="calibration of 'e'"):
        calibration("e", number="a number", **wrong)


@pytest.mark.parametrize("folder", sorted((ROOT / "solutions").iterdir()), ids=lambda p: p.name)
def test_kept_tables_are_of_the_lesson(folder):
    """Every lesson with trained exercises keeps its table, with the thresholds of its checks."""
    for item in load_calibrations(folder):
        table = (folder / TABLE).read_text(encoding="utf-8")
        assert f"## {item.exercise}" in table
        assert f"{item.threshold:.4g}**" in table
        assert all(f"| {name} |" in table for name in item.against)


def test_command_says_what_does_not_hold(course):
    """`course calibrate` ends with 1 and the problem when a threshold does not hold."""
    write(course, at_most=9.0)
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "calibrate", "1", "--seeds", "2"],
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "passes 2 of 2 seeds" in done.stdout
