"""`course check`: the public checks on a saved notebook, with what a student has and no more."""

import json
import shutil

import pytest

from autograder.builder.rules import read_lesson
from autograder.check import check_notebook
from autograder.paths import CourseError

LESSON = "01_convolution"


@pytest.fixture
def student_course(fresh_course):
    """A student's copy: no solutions, all exercises answered but for a blank and a wrong one."""
    lesson = read_lesson(fresh_course.solutions / LESSON, fresh_course.root)
    answers = {name: cell.source for name, cell in lesson.exercises.items()}
    answers["correlate1d"] = "def correlate1d(x, k):\n    return x[:2].undefined"
    del answers["im2col"]
    path = fresh_course.lessons / LESSON / f"{LESSON}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    path.write_text(json.dumps(notebook), encoding="utf-8")
    shutil.rmtree(fresh_course.solutions)
    return fresh_course


def test_a_saved_notebook_is_checked_without_solutions(student_course):
    """Right answers pass, a blank one is unanswered, a crash shows the student's line."""
    assert student_course.lesson("1") == LESSON
    verdicts = check_notebook(student_course, LESSON)
    kinds = {name: {verdict.kind for verdict in found} for name, found in verdicts.items()}
    assert kinds.pop("im2col") == {"unanswered"}
    assert kinds.pop("correlate1d") == {"crashed"}
    assert set.union(*kinds.values()) == {"passed"}
    assert "x[:2].undefined" in verdicts["correlate1d"][0].evidence.where
    assert not any(verdict.hidden for found in verdicts.values() for verdict in found)


@pytest.mark.parametrize(
    ("content", "part"),
    [(None, "no notebook"), ("{", "not a readable notebook"), ('{"cells": []}', "mine")],
)
def test_what_is_no_notebook_is_told_in_a_line(fresh_course, tmp_path, content, part):
    """A missing, broken or foreign file gives one sentence that says what to do."""
    path = tmp_path / "mine.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CourseError, match=part) as caught:
        check_notebook(fresh_course, LESSON, path)
    assert "\n" not in str(caught.value)
