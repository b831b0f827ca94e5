"""An instructor's way: see the class in the formgrader, grade an essay by hand, export the mark."""

import csv
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from autograder.grade import grade
from autograder.simulate import simulate
from tests.browser.lab_page import PICTURES

LESSON = "01_convolution"
ESSAY = "dense_or_convolution"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def graded(course):
    """A small class, graded."""
    from autograder.build.release import build

    build(course)
    simulate(course, LESSON, students=4, seed=1)
    grade(course, LESSON, workers=1)
    return course


def test_an_essay_graded_by_hand_reaches_the_export(graded, lab, page):
    """The formgrader shows the class; a hand-given mark appears in nbgrader's export."""
    page.goto(f"{lab}/formgrader/gradebook/{LESSON}/{LESSON}")
    rows = page.locator("table tbody tr")
    expect(rows.first).to_contain_text("Submission #")
    page.screenshot(path=PICTURES / "formgrader.png")
    assert rows.count() == 4
    rows.first.locator("a").first.click()
    box = page.locator(f"input[id='{ESSAY}'], .score[data-id='{ESSAY}']").first
    expect(box).to_be_visible()
    box.fill("7")
    box.blur()
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / "essay.png")
    export(graded)
    with (graded.root / "grades.csv").open() as table:
        scores = [float(row["raw_score"] or 0) for row in csv.DictReader(table)]
    assert scores


def export(course):
    """Run `nbgrader export` as an instructor does."""
    command = [sys.executable, "-m", "nbgrader", "export"]
    subprocess.run(command, cwd=course.root, check=True, capture_output=True, timeout=120)
