"""The steps that nbgrader runs for us, one by one."""

import dataclasses
import shutil

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.intake import GraderFault
from autograder.judge.html import clean, safe_markdown
from autograder.judge.judge import judge_notebook
from autograder.judge.lesson import load_lesson
from autograder.judge.stock import Stock
from autograder.nbgrader_hooks import refuse_other_points
from autograder.paths import CourseError

LESSON = "01_tiny"


def render(source, **cell):
    return safe_markdown({"cell": cell}, source)


def test_a_grader_fault_is_stored_as_no_mark(course, hand_in, answered, trusted, start, limits):
    """The faulty exercise waits for a person; the other has its points, the essay its zero."""

    def broken(student):
        raise KeyError("our own mistake")

    cell, exercise = next(iter(trusted.exercises.items()))
    checks = (dataclasses.replace(exercise.checks[0], function=broken), *exercise.checks[1:])
    exercises = {**trusted.exercises, cell: dataclasses.replace(exercise, checks=checks)}
    faulty = dataclasses.replace(trusted, exercises=exercises)
    hand_in("ada", answered())
    judged = judge_notebook(answered(), faulty, start, limits)
    stock = Stock(course, LESSON)
    stock.record("ada", {LESSON: judged.notebook})
    assert stock.marks("ada") == {
        "double-check": (None, True),
        "total-check": (3.0, False),
        "why": (0.0, False),
    }
    with Gradebook(stock.db_url) as book:
        assert book.find_submission(LESSON, "ada").score == 3.0


def test_a_result_of_another_file_is_not_stored(course, hand_in, answered, judge):
    """A file that changed after it was judged is graded again, not marked."""
    judged = judge(answered())
    hand_in("ada", answered(double="def double(x): return 3 * x"))
    with pytest.raises(GraderFault, match="changed while it was being graded"):
        Stock(course, LESSON).record("ada", {LESSON: judged.notebook})


def test_other_points_in_the_gradebook_are_a_fault(answered, trusted):
    """A gradebook of an older release does not decide how much a check is worth."""
    notebook = answered()
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "double-check":
            cell.metadata.nbgrader.points = 5
    with pytest.raises(GraderFault, match="double has 4 points in lessons/ and 5 in the gradebook"):
        refuse_other_points(notebook, trusted)


def test_a_release_in_which_someone_worked_is_refused(course):
    """Answers left in lessons/ would be everyone's: the remedy is named."""
    path = course.lessons / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(c for c in notebook.cells if c.id == "double").source = "def double(x):\n    return 2 * x"
    nbformat.write(notebook, path)
    with pytest.raises(CourseError, match=r"worked in its cell double\. Run `course build`"):
        load_lesson(course, LESSON)


def test_a_lesson_that_was_not_built_is_refused(course):
    """Without a release there is nothing to grade against."""
    shutil.rmtree(course.lessons)
    with pytest.raises(CourseError, match="Run `course build` first"):
        load_lesson(course, LESSON)


@pytest.mark.parametrize(
    "source",
    [
        "<script>act()</script>",
        "<img src=x onerror=act()>",
        "<a href='javascript:act()'>x</a>",
        "[x](javascript:act())",
        "<iframe src='https://example.org'></iframe>",
        "<svg onload=act()></svg>",
        "<div style='position:fixed;background:url(https://example.org)'>x</div>",
        "![x](https://example.org/pixel.png)",
        r"$\href{javascript:act()}{x}$",
        "<form action='https://example.org'><input></form>",
        "<base href='https://example.org/'>",
    ],
)
def test_nothing_in_a_students_prose_acts(source):
    """No tag, attribute, address or formula in Markdown runs, loads or sends anything."""
    html = render(source)
    shown = html.replace("&lt;", "").replace("&gt;", "")
    for sign in ("<script", "<iframe", "<svg", "<form", "<base", 'src="https', 'src="x"', "fixed"):
        assert sign not in html
    assert 'href="javascript' not in shown
    assert "\\href" not in html


def test_ordinary_prose_is_rendered():
    """Formatting, formulas, links, tables, and pasted pictures stay."""
    html = render(
        "# T\n**b** $a<b$ [l](https://example.org)\n\n| a |\n|---|\n| 1 |\n\n"
        "![p](attachment:p.png)",
        attachments={"p.png": {"image/png": "QUJD"}},
    )
    parts = ("<h1", "<strong>b</strong>", "$a&lt;b$", 'href="https://example.org"', "<td>1</td>")
    for part in parts:
        assert part in html
    assert 'src="data:image/png;base64,QUJD"' in html
    assert clean('<table><tr><td style="color: red">1</td></tr></table>').count("red") == 1
