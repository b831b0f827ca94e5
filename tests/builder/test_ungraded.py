"""A lesson without marks: built, linted and checked like the others, and unknown to nbgrader."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import nbformat
import pytest
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.nbgraderformat import MetadataValidator

from autograder.builder.assignment import BuildError
from autograder.builder.notebook import source_notebook, title_text
from autograder.builder.problems import SourceError
from autograder.builder.release import build, stale
from autograder.builder.rules import read_lesson
from autograder.check import check_notebook
from autograder.grade import feedback, grade
from autograder.lint import Standard, lint
from autograder.paths import Course, CourseError
from autograder.report import read_class
from autograder.simulate import simulate

GOOD = "01_double"
TINY = Standard(questions=2, misconceptions=2, alternatives=1)
DEVICE_CHECK = '''

@check("double")
def test_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.double, SMALL, equals=2 * SMALL)
'''
Edit = Callable[[str, str, str], str]

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def drop_marks(course: Course, edit: Edit) -> None:
    """Take the marks out of the good lesson: header, points, essay and hidden checks."""
    text = edit("lesson.py", "# objectives:", "# graded: false\n# objectives:")
    start = text.index("# %% [markdown] essay")
    edit("lesson.py", text[start : text.index("# %% [markdown]", start + 5)], "")
    edit("lesson.py", " points=3", "")
    edit("checks.py", ", points=1", "")
    edit("checks.py", "import expect\n", "import expect, expect_same_on_device\n")
    path = course.solutions / GOOD / "checks.py"
    path.write_text(path.read_text(encoding="utf-8") + DEVICE_CHECK, encoding="utf-8")
    (course.solutions / GOOD / "hidden_checks.py").unlink()


@pytest.fixture
def unmarked(course: Course, edit: Edit) -> Course:
    """The good lesson without marks, not built yet."""
    drop_marks(course, edit)
    return course


@pytest.fixture
def released(unmarked: Course) -> Course:
    """The good lesson without marks, built."""
    build(unmarked)
    return unmarked


def told(course: Course) -> list[str]:
    return [str(problem) for problem in lint(course, [GOOD], TINY)]


def test_nothing_in_the_notebook_is_graded(unmarked: Course) -> None:
    """Exercises are answers without marks, check cells are read-only, and nbgrader accepts both."""
    lesson = read_lesson(unmarked.solutions / GOOD, unmarked.root)
    notebook = source_notebook(lesson, lesson.parts[0])
    MetadataValidator().validate_nb(notebook)
    marks = {c.id: c.metadata["nbgrader"] for c in notebook.cells if "nbgrader" in c.metadata}
    flags = {n: (m["solution"], m["grade"], m["locked"], "points" in m) for n, m in marks.items()}
    assert flags == {
        "double": (True, False, False, False),
        "double-check": (False, False, True, False),
    }


def test_the_first_cell_says_so(unmarked: Course) -> None:
    """Where a graded lesson names its points, this one says that it is not graded."""
    lesson = read_lesson(unmarked.solutions / GOOD, unmarked.root)
    assert "about 5 minutes · not graded" in title_text(lesson, lesson.parts[0])


def test_nbgrader_is_not_told(released: Course) -> None:
    """It is released with its stub; neither gradebook nor classroom/source has heard of it."""
    cells = nbformat.read(released.lessons / GOOD / f"{GOOD}.ipynb", as_version=4).cells
    assert any("YOUR CODE HERE" in cell.source for cell in cells)
    assert not (released.source / GOOD).exists()
    if released.has_gradebook:
        with Gradebook(released.gradebook) as book, pytest.raises(MissingEntry):
            book.find_assignment(GOOD)
    assert stale(released) == []


def test_the_linter_asks_for_no_essay_and_no_hidden_check(released: Course) -> None:
    """Hints, misconceptions, alternatives and quiz are due as elsewhere; marks are not."""
    assert told(released) == []


def test_the_checks_answer_without_points(released: Course) -> None:
    """`course check` runs them on the saved notebook, here the stub."""
    verdicts = check_notebook(released, GOOD)["double"]
    assert [(verdict.kind, verdict.out_of) for verdict in verdicts] == [("unanswered", 0)] * 2


@pytest.mark.parametrize("work", [grade, simulate, read_class, feedback])
def test_whoever_deals_in_marks_says_that_there_are_none(
    released: Course, work: Callable[[Course, str], object]
) -> None:
    """Grading, simulating and reporting answer in a sentence that says where the checks are."""
    with pytest.raises(CourseError, match=r"01_double is not graded: .*course check 01"):
        work(released, GOOD)


def test_a_graded_lesson_is_known_by_its_release(built_course: Course) -> None:
    """A released lesson with points is graded; so is, until it is built, one that is not."""
    assert built_course.is_graded(GOOD)
    assert built_course.graded_lesson("1") == GOOD
    shutil.rmtree(built_course.lessons)
    assert built_course.is_graded(GOOD)


MISTAKES = [
    ("lesson.py", "graded: false", "graded: no marks", 5, "`graded` is 'no marks', not true or"),
    ("lesson.py", '# %% check="double"', '# %% check="double" points=3', 0, "check with points in"),
    ("lesson.py", "# %% [markdown]", '# %% [markdown] essay="why" points=2', 0,
     "essay `why` in a lesson that is not graded"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "line", "says"), MISTAKES)
def test_marks_in_a_lesson_without_marks_are_a_mistake(
    unmarked: Course, edit: Edit, file: str, old: str, new: str, line: int, says: str
) -> None:
    """What would promise a mark is told, with what to do."""
    edit(file, old, new)
    with pytest.raises(SourceError) as caught:
        read_lesson(unmarked.solutions / GOOD, unmarked.root)
    found = [p for p in caught.value.problems if says in p.problem]
    assert found, str(caught.value)
    assert line in (0, found[0].line)


def test_hidden_checks_of_it_are_a_mistake(unmarked: Course) -> None:
    """Nobody would ever run them, so they are to be public."""
    (unmarked.solutions / GOOD / "hidden_checks.py").write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match=r"Move them to checks\.py"):
        read_lesson(unmarked.solutions / GOOD, unmarked.root)


def test_points_of_a_check_are_a_mistake(released: Course, edit: Edit) -> None:
    """A check that is worth something in a lesson without marks is told by the linter."""
    edit("checks.py", '@check("double")', '@check("double", points=1)')
    assert any("has points in a lesson that is not graded" in message for message in told(released))


def test_notebooks_of_one_lesson_agree(unmarked: Course) -> None:
    """A second notebook with marks beside a first one without is told."""
    folder = unmarked.solutions / GOOD
    text = (folder / "lesson.py").read_text(encoding="utf-8").replace("# graded: false\n", "")
    (folder / "lesson_2.py").write_text(text.replace("double", "treble"), encoding="utf-8")
    with pytest.raises(SourceError, match="one notebook of the lesson is graded, another is not"):
        read_lesson(folder, unmarked.root)


def test_a_lesson_that_was_handed_in_keeps_its_marks(built_course: Course, edit: Edit) -> None:
    """Once there are submissions a lesson cannot lose its marks: they would be orphans."""
    with Gradebook(built_course.gradebook) as book:
        book.add_student("ada")
        book.add_submission(GOOD, "ada")
    drop_marks(built_course, edit)
    with pytest.raises(BuildError, match="1 submissions are in the gradebook"):
        build(built_course)


def test_without_submissions_a_lesson_may_lose_its_marks(built_course: Course, edit: Edit) -> None:
    """What nbgrader was given of it to release goes away again."""
    assert (built_course.source / GOOD).is_dir()
    drop_marks(built_course, edit)
    build(built_course)
    assert not (built_course.source / GOOD).exists()
    assert not built_course.is_graded(GOOD)
