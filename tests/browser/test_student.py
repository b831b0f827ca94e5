"""A student's way through lesson 01 in a real JupyterLab."""

import json

import pytest
from playwright.sync_api import expect

from autograder.misconceptions import load_misconceptions, rendered_source
from tests.browser.lab_page import LabPage

LESSON = "01_convolution"
NOTEBOOK = f"lessons/{LESSON}/{LESSON}.ipynb"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def right_answers(course):
    """The reference solutions by exercise, as a student would have typed them."""
    from autograder.builder.rules import read_lesson

    lesson = read_lesson(course.solutions / LESSON, course.root)
    return {name: cell.source for name, cell in lesson.exercises.items()}


@pytest.fixture(scope="module")
def notebook(course, lab, page, right_answers):
    """The lesson, all exercises answered but `conv2d`, whose kernel is flipped; run to the end."""
    path = course.root / NOTEBOOK
    content = json.loads(path.read_text(encoding="utf-8"))
    wrong = next(
        item
        for item in load_misconceptions(course.solutions / LESSON)
        if item.exercise == "conv2d" and "180" in item.says
    )
    answers = right_answers | {"conv2d": rendered_source(wrong)}
    for cell in content["cells"]:
        if cell["id"] in answers:
            cell["source"] = answers[cell["id"]]
    path.write_text(json.dumps(content), encoding="utf-8")
    opened = LabPage(page, lab, course.root, NOTEBOOK)
    opened.run_all()
    opened.wait_until_run(opened.cell_with("quiz()"), seconds=240)
    return opened


def test_the_lesson_runs_to_the_end(notebook):
    """Every cell of an answered lesson runs without an error."""
    errors = notebook.page.locator(".jp-RenderedText[data-mime-type*='error']")
    assert errors.count() == 0, errors.first.inner_text()
    notebook.picture("lesson_end")


def test_every_picture_has_alternative_text(notebook):
    """No picture is without words for those who cannot see it."""
    pictures = notebook.page.locator(".jp-OutputArea img")
    texts = pictures.evaluate_all("images => images.map(image => image.alt)")
    assert len(texts) > 10
    assert all(len(text) > 20 for text in texts)


def test_the_slider_changes_the_picture(notebook):
    """A step of the slider, by keyboard, moves the window and spells out new arithmetic."""
    cell = notebook.cell_with("widgets.convolution_stepper(IMAGE, KERNEL)")
    cell.scroll_into_view_if_needed()
    before = cell.locator("img").first.get_attribute("src")
    notebook.picture("stepper", cell)
    cell.locator(".noUi-handle").first.focus()
    notebook.page.keyboard.press("ArrowRight")
    expect(cell.locator("img").first).not_to_have_attribute("src", before)
    expect(cell).to_contain_text("17")


def test_a_wrong_answer_is_named_and_a_mended_one_passes(notebook, right_answers):
    """A flipped kernel is named with its sentence; after mending the cell the check passes."""
    output = notebook.cell("conv2d-check").locator(".jp-OutputArea-output")
    expect(output).to_contain_text("180°")
    expect(output).to_contain_text("expected")
    notebook.picture("check", output)
    notebook.replace("conv2d", right_answers["conv2d"])
    notebook.run("conv2d")
    notebook.run("conv2d-check")
    expect(output).to_contain_text("Well done")
    notebook.picture("check_passed", output)
