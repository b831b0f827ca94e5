"""An instructor's way: see the class in the formgrader, grade an essay by hand, export the mark."""

import csv
import re
import subprocess
import sys

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import expect

from autograder.grade import grade
from autograder.report import write_report
from autograder.simulate import simulate
from tests.browser.lab_page import PICTURES

LESSON = "01_convolution"
ESSAY = "dense_or_convolution"
STUDENTS = 8

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def graded(course):
    """A small class, graded."""
    from autograder.builder.release import build

    build(course)
    simulate(course, LESSON, students=STUDENTS, seed=1)
    grade(course, LESSON, workers=2)
    return course


def test_an_essay_graded_by_hand_reaches_the_export(graded, lab, page):
    """The formgrader shows the class; a hand-given mark appears in nbgrader's export."""
    before = exported_points(graded)
    page.goto(f"{lab}/formgrader/gradebook/{LESSON}/{LESSON}")
    rows = page.locator("table tbody tr")
    expect(rows.first).to_contain_text("Submission #")
    page.screenshot(path=PICTURES / "formgrader.png")
    assert rows.count() == STUDENTS
    rows.locator(f"a[href*='{with_essay(graded)}']").first.click()
    box = page.locator(f"input[id='{ESSAY}']")
    # The page's own mark, set once it has loaded the grades.
    expect(box).to_have_class(re.compile("needs_manual_grade"))
    box.fill("7")
    with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.ok):
        box.blur()
    page.screenshot(path=PICTURES / "essay.png")
    assert exported_points(graded) == before + 7


def test_the_report_shows_the_class(graded, page):
    """The class report opens without a server, with a row for each student."""
    page.goto(write_report(graded, LESSON).as_uri())
    students = page.locator("tbody th[scope=row]").all_inner_texts()
    assert {f"student-{n:03}" for n in range(1, STUDENTS + 1)} <= set(students)
    page.screenshot(path=PICTURES / "report.png")


def with_essay(course):
    """The id of a submission whose essay waits for a mark; an empty one has its 0 already."""
    with Gradebook(course.gradebook) as gradebook:
        waiting = (
            notebook.id
            for submission in gradebook.assignment_submissions(LESSON)
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.name == ESSAY and grade.needs_manual_grade
        )
        return next(waiting)


def exported_points(course):
    """The points of the whole class, from `nbgrader export` as an instructor runs it."""
    command = [sys.executable, "-m", "nbgrader", "export"]
    subprocess.run(command, cwd=course.root, check=True, capture_output=True, timeout=120)
    with (course.root / "grades.csv").open() as table:
        return sum(float(row["raw_score"] or 0) for row in csv.DictReader(table))
