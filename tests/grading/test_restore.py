"""The released notebook with a student's answers: what is kept, what comes back, what is undone."""

import copy
import json

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.intake import NotGradable, parse
from autograder.judge.restore import grade_id, restore


def by_name(notebook):
    return {grade_id(cell): cell for cell in notebook.cells if grade_id(cell)}


def own(source, kind="code"):
    made = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return made[kind](source)


def test_answers_and_own_cells_stay_in_place(answered, trusted):
    """Answers, the essay, an edited ordinary cell and own cells are the student's; outputs go."""
    notebook = answered(double="d = 1", why="Because.", after_double="helper = 1")
    notebook.cells[1].source += "\nimport numpy"
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="100 points")]
    found = restore(notebook, trusted.released)
    names = [grade_id(cell) or cell.source for cell in found.cells]
    place = names.index("double")
    assert names[place : place + 3] == ["double", "helper = 1", "double-check"]
    assert by_name(found)["double"].source == "d = 1"
    assert by_name(found)["why"].source == "Because."
    assert found.cells[1].source.endswith("import numpy")
    assert all(cell.get("outputs", []) == [] for cell in found.cells)
    nbformat.validate(found)


def test_an_untouched_release_is_restored_to_itself(trusted):
    """A blank submission gives the released notebook."""
    assert restore(parse(nbformat.writes(trusted.released).encode()), trusted.released) == (
        trusted.released
    )


def test_deleted_cells_come_back(answered, trusted):
    """A deleted check, exercise and essay stand where the release has them."""
    notebook = answered()
    notebook.cells = [c for c in notebook.cells if grade_id(c) in ("double", "")]
    found = restore(notebook, trusted.released)
    assert [c.id for c in found.cells] == [c.id for c in trusted.released.cells]
    assert by_name(found)["total"].source == by_name(trusted.released)["total"].source
    assert by_name(found)["double"].source != by_name(trusted.released)["double"].source


def test_edited_checks_points_and_marks_are_undone(answered, trusted):
    """A check cell is the course's, whatever the student made of its text and metadata."""
    notebook = answered()
    check = by_name(notebook)["double-check"]
    check.source = "100.0"
    check.metadata.nbgrader.points = 100
    by_name(notebook)["double"].metadata.nbgrader.update(grade=True, points=50, locked=True)
    check.cell_type = "markdown"
    notebook.cells.append(own("1/0"))
    notebook.cells[-1].metadata["nbgrader"] = {
        "grade": True, "grade_id": "extra", "points": 9, "solution": False, "locked": True,
    }  # fmt: skip
    notebook.metadata["kernelspec"] = {"name": "bash", "display_name": "x"}
    found = restore(notebook, trusted.released)
    assert by_name(found)["double-check"] == by_name(trusted.released)["double-check"]
    assert by_name(found)["double"].metadata == by_name(trusted.released)["double"].metadata
    assert found.cells[-1].metadata == {}
    assert found.metadata == trusted.released.metadata


def test_of_two_cells_with_one_name_the_first_is_the_answer(answered, trusted):
    """A copied cell stays as an ordinary cell with an id of its own."""
    notebook = answered(double="first = 1")
    place = next(i for i, c in enumerate(notebook.cells) if grade_id(c) == "double")
    twin = copy.deepcopy(notebook.cells[place])
    twin.source = "second = 2"
    notebook.cells.insert(place + 1, twin)
    found = restore(notebook, trusted.released)
    assert by_name(found)["double"].source == "first = 1"
    assert found.cells[place + 1].source == "second = 2"
    assert len({c.id for c in found.cells}) == len(found.cells)
    assert sum(grade_id(c) == "double" for c in found.cells) == 1


def test_lost_metadata_costs_nothing(answered, trusted):
    """Without nbgrader's names and ids the exercises are found by what they define."""
    notebook = answered(after_double="def total_(x): return 0")
    for cell in notebook.cells:
        cell.metadata = {}
        cell.id = ""
    found = restore(notebook, trusted.released)
    for name in ("double", "total"):
        assert by_name(found)[name].source == answered_source(answered, name)
    assert len(found.cells) == len(trusted.released.cells) + 1


def answered_source(answered, name):
    return by_name(answered())[name].source


def test_a_cell_of_another_type_keeps_its_text(answered, trusted):
    """An essay turned into code is read as prose again, a solution turned into prose as code."""
    notebook = answered()
    for name, kind in (("why", "code"), ("double", "markdown")):
        place = next(i for i, c in enumerate(notebook.cells) if grade_id(c) == name)
        changed = own(f"text of {name}", kind)
        changed.metadata = notebook.cells[place].metadata
        notebook.cells[place] = changed
    found = by_name(restore(notebook, trusted.released))
    assert (found["why"].cell_type, found["why"].source) == ("markdown", "text of why")
    assert (found["double"].cell_type, found["double"].source) == ("code", "text of double")


def test_pictures_in_an_essay_stay(answered, trusted):
    """Attachments of a student's prose are part of the answer."""
    notebook = answered(why="![](attachment:p.png)")
    by_name(notebook)["why"]["attachments"] = {"p.png": {"image/png": "QUJD"}}
    found = by_name(restore(parse(nbformat.writes(notebook).encode()), trusted.released))
    assert found["why"].attachments == {"p.png": {"image/png": "QUJD"}}


@pytest.mark.parametrize("cells", [[], [own("print(1)"), own("# Hello", "markdown")]])
def test_another_notebook_is_refused(cells, trusted):
    """A notebook without any exercise of the lesson is not graded."""
    with pytest.raises(NotGradable, match="not the lesson's notebook"):
        restore(nbformat.v4.new_notebook(cells=cells), trusted.released)


def test_another_lessons_exercises_are_named(trusted):
    """The message says which exercises were found instead."""
    cell = own("def relu(x): ...")
    cell.metadata["nbgrader"] = {"grade_id": "relu"}
    with pytest.raises(NotGradable, match="its exercises are relu"):
        restore(nbformat.v4.new_notebook(cells=[cell]), trusted.released)


@st.composite
def mangled(draw, released):
    """The release with cells deleted, moved, copied, edited and added."""
    cells = [copy.deepcopy(cell) for cell in released.cells]
    count = draw(st.integers(1, 2 * len(cells)))
    chosen = []
    for _ in range(count):
        cell = copy.deepcopy(draw(st.sampled_from(cells)))
        if draw(st.booleans()):
            cell.source = draw(st.sampled_from(["", "x = 1", "def double(x): ...", "class total:"]))
        if draw(st.booleans()):
            cell.id = draw(st.sampled_from(["", "double", "a b", "own", released.cells[1].id]))
        if draw(st.booleans()):
            cell.metadata = {}
        if cell.cell_type == "code" and draw(st.booleans()):
            cell = own(cell.source, draw(st.sampled_from(["code", "markdown"])))
            cell.metadata = {"nbgrader": {"grade_id": draw(st.sampled_from(["why", "total", "z"]))}}
        chosen.append(cell)
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": chosen}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_restoring_twice_changes_nothing(trusted, data):
    """Whatever was handed in, the result is a fixed point, valid, with each released cell once."""
    submitted = parse(json.dumps(data.draw(mangled(trusted.released))).encode())
    try:
        once = restore(submitted, trusted.released)
    except NotGradable:
        return
    again = restore(parse(nbformat.writes(once).encode()), trusted.released)
    assert again == once
    nbformat.validate(once)
    ids = [cell.id for cell in once.cells]
    assert len(set(ids)) == len(ids)
    released = [cell.id for cell in trusted.released.cells]
    assert [name for name in ids if name in released] == released
