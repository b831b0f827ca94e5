"""The steps that nbgrader runs for us, one by one."""

import dataclasses
import shutil
from contextlib import closing

import nbformat
import pytest

from autograder.grade.book import Book, Mark
from autograder.grade.finish import finish
from autograder.grade.settings import Settings
from autograder.grade.stock import Stock
from autograder.intake import GraderFault
from autograder.judge.html import clean, safe_markdown
from autograder.judge.judge import judge_notebook
from autograder.judge.lesson import load_lesson
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
    settings = Settings(course, LESSON)
    must = {
        "double-check": Mark(None, None, True),
        "total-check": Mark(3.0, 3.0, False),
        "why": Mark(0.0, 0.0, False),
    }
    with closing(Book(settings.db_url, "", LESSON, None)) as book:
        Stock(settings).record("ada", {LESSON: nbformat.writes(judged.notebook)})
        assert book.marks() == {"ada": must}
        book.leave_unmarked("ada", None)
        book.record("ada", None, {LESSON: finish(judged.notebook, settings.plan.steps)})
        assert book.marks() == {"ada": must}


def test_a_result_of_another_file_is_not_stored(course, hand_in, answered, judge):
    """A file that changed after it was judged is graded again, not marked."""
    judged = judge(answered())
    hand_in("ada", answered(double="def double(x): return 3 * x"))
    with pytest.raises(GraderFault, match="changed while it was being graded"):
        Stock(Settings(course, LESSON)).record("ada", {LESSON: nbformat.writes(judged.notebook)})


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
