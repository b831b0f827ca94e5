"""A lesson in two notebooks: released, checked and graded as one."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.builder.release import build, stale
from autograder.check import check_notebook
from autograder.grade import grade
from autograder.judge.kernels import left_out
from autograder.lint import Standard, lint
from autograder.paths import Course, CourseError
from autograder.report import read_class
from autograder.simulate import compare, simulate
from tests.builder.conftest import GOOD, copy_course
from tests.conftest import ROOT
from utils.checks import check_files, load_lesson_checks

SECOND = f"{GOOD}_2"
TINY = Standard(questions=2, misconceptions=2, alternatives=1)

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

HALVES = {"Twice": "Half", "double": "halve", "2 * x": "x / 2", "x + x": "x * 0.5", "twice": "half",
          "2 * LONG": "LONG / 2", "[2.0, 4.0, -6.0]": "[0.5, 1.0, -1.5]",
          'start("01_halve")': 'start("01_double")'}  # fmt: skip


def halved(text: str) -> str:
    """The fixture lesson's text with halving in place of doubling."""
    for old, new in HALVES.items():
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The fixture course's lesson with a second notebook, built."""
    course = copy_course(tmp_path_factory.mktemp("two"), GOOD)
    folder = course.solutions / GOOD
    for name in ("lesson", "checks", "hidden_checks"):
        text = halved((folder / f"{name}.py").read_text(encoding="utf-8"))
        (folder / f"{name}_2.py").write_text(text, encoding="utf-8")
    for name in ("misconceptions.py", "quiz.yml"):
        text = (folder / name).read_text(encoding="utf-8")
        more = text if name == "misconceptions.py" else text.removeprefix("questions:\n")
        more = halved(more).replace("id: four", "id: one").replace("id: six", "id: three")
        (folder / name).write_text(text + more.replace("squared", "cubed"), encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", course.root)  # with the judge, and our build's steps
    build(course)
    return course


@pytest.fixture(scope="module")
def graded(course: Course) -> Course:
    """A class of twelve handed in both notebooks, and was graded."""
    simulate(course, GOOD, students=12, seed=3)
    grade(course, GOOD)
    return course


def test_both_are_released(course: Course) -> None:
    """Two notebooks, two files of public checks, none of hidden ones; nbgrader counts both."""
    folder = course.lessons / GOOD
    names = {path.name for path in folder.iterdir() if path.is_file()}
    assert names == {f"{GOOD}.ipynb", f"{SECOND}.ipynb", "checks.py", "checks_2.py",
                     "feedback.json", "quiz.yml"}  # fmt: skip
    assert stale(course) == []
    titles = [nbformat.read(folder / f"{name}.ipynb", 4).cells[0].source for name in (GOOD, SECOND)]
    assert "notebook 1 of 2" in titles[0]
    assert "notebook 2 of 2" in titles[1]


def test_the_linter_takes_both(course: Course) -> None:
    """Solutions, misconceptions and alternatives of both are run, each against its own checks."""
    assert [str(problem) for problem in lint(course, [GOOD], TINY)] == []


def test_a_problem_is_told_in_its_own_file(course: Course, tmp_path: Path) -> None:
    """A check of the second notebook is named by its own file."""
    other = copy_course(tmp_path, GOOD)
    for path in (course.solutions / GOOD).glob("*.*"):
        (other.solutions / GOOD / path.name).write_bytes(path.read_bytes())
    checks = other.solutions / GOOD / "checks_2.py"
    text = checks.read_text(encoding="utf-8").replace('@check("halve"', '@check("third"')
    checks.write_text(text, encoding="utf-8")
    told = [str(problem) for problem in lint(other, [GOOD], TINY)]
    assert any("checks_2.py:" in line and 'no exercise "third"' in line for line in told)


def test_checks_are_read_in_order(course: Course) -> None:
    """The second notebook's checks follow the first's, each with its file."""
    assert [c.file for c in load_lesson_checks(course.solutions / GOOD)] == [
        "checks.py", "checks_2.py"]  # fmt: skip
    hidden = check_files(course.solutions / GOOD, hidden=True)
    assert [path.name for path in hidden] == ["hidden_checks.py", "hidden_checks_2.py"]


def test_no_graded_kernel_holds_checks(course: Course) -> None:
    """Neither notebook's checks lie in the folder in which student code runs."""
    assert set(left_out(course.lessons / GOOD)) == {"checks.py", "checks_2.py", "feedback.json"}


def test_both_are_checked_from_a_terminal(course: Course) -> None:
    """`course check` runs the checks of all notebooks, or of the one that is named."""
    assert list(check_notebook(course, GOOD)) == ["double", "halve"]
    second = course.lessons / GOOD / f"{SECOND}.ipynb"
    assert list(check_notebook(course, GOOD, second)) == ["halve"]


def test_a_notebook_without_exercises_is_told(course: Course, tmp_path: Path) -> None:
    """A foreign notebook is refused in a sentence."""
    path = tmp_path / "mine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    with pytest.raises(CourseError, match="has no exercise of 01_double"):
        check_notebook(course, GOOD, path)


def test_every_mark_is_right(graded: Course) -> None:
    """Marks, verdicts and sentences of both notebooks are those that they must be."""
    report = read_class(graded, GOOD)
    expected = simulate(graded, GOOD, students=12, seed=3)
    assert compare(expected, report) == []
    assert {mark.task for row in report.rows for mark in row.marks} >= {"double", "halve"}
