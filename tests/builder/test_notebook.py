"""Cells become nbgrader's source notebook."""

from __future__ import annotations

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.builder.notebook import as_text, source_notebook, title_text
from autograder.builder.rules import read_lesson
from autograder.builder.source import Lesson
from autograder.builder.stub import RegionError, find_regions, stub
from autograder.paths import Course


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return read_lesson(course.solutions / "01_double", course.root)


def test_the_notebook_is_valid_for_jupyter_and_nbgrader(lesson: Lesson) -> None:
    """nbformat and nbgrader's own validator accept the source notebook."""
    notebook = source_notebook(lesson, lesson.parts[0])
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)


def test_graded_cells_are_what_nbgrader_calls_them(lesson: Lesson) -> None:
    """Exercise: a solution; check: locked and graded; essay: solution and graded by hand."""
    notebook = source_notebook(lesson, lesson.parts[0])
    marks = {c.id: c.metadata["nbgrader"] for c in notebook.cells if "nbgrader" in c.metadata}
    flags = {
        name: (meta["solution"], meta["grade"], meta["locked"], meta.get("points"))
        for name, meta in marks.items()
    }
    assert flags == {
        "double": (True, False, False, None),
        "double-check": (False, True, True, 3),
        "why_double": (True, True, False, 2),
    }
    assert all(meta["grade_id"] == name for name, meta in marks.items())


def test_a_check_cell_holds_the_call_alone(lesson: Lesson) -> None:
    """The build writes `check("double")` into the empty check cell."""
    notebook = source_notebook(lesson, lesson.parts[0])
    assert [c.source for c in notebook.cells if c.id == "double-check"] == ['check("double")']


def test_hints_and_ideas_are_no_cells(lesson: Lesson) -> None:
    """What is shown only on request does not stand in the notebook."""
    text = as_text(source_notebook(lesson, lesson.parts[0]))
    assert "What is twice 3?" not in text
    assert "Multiplication works" not in text


def test_the_first_cell_is_made_of_the_header(lesson: Lesson) -> None:
    """Title in both languages, honest minutes, points of checks and essays, objectives."""
    text = title_text(lesson, lesson.parts[0])
    assert text.startswith("# Doubling (두 배)\n")
    assert "about 5 minutes · 5 points" in text
    assert "- double every number of a tensor" in text


def test_ids_are_unique_and_depend_on_the_content_only(lesson: Lesson) -> None:
    """Two cells of one content get two ids, and building again gives the same ones."""
    part = lesson.parts[0]
    twice = type(part)(part.path, part.file, part.notebook, part.header, part.cells[1:2] * 3)
    first, second = (source_notebook(lesson, twice) for _ in range(2))
    ids = [cell.id for cell in first.cells]
    assert len(set(ids)) == len(ids)
    assert ids == [cell.id for cell in second.cells]
    assert ids[2] == f"{ids[1]}-2"


def test_the_stub_is_indented_like_the_solution() -> None:
    """The region gives way to nbgrader's two lines; what is around it stays."""
    source = "def f():\n    y = 1\n    ### BEGIN SOLUTION\n    return y\n    ### END SOLUTION\n# e"
    assert stub(source) == (
        "def f():\n    y = 1\n    # YOUR CODE HERE\n    raise NotImplementedError()\n# e"
    )


def test_several_regions_are_all_cut() -> None:
    """A class may leave several methods to the student."""
    region = "### BEGIN SOLUTION\npass\n### END SOLUTION"
    assert len(find_regions(f"{region}\nx = 1\n{region}")) == 2
    assert "pass" not in stub(f"{region}\nx = 1\n{region}")


def test_a_broken_region_has_a_line_and_a_remedy() -> None:
    """The error counts lines from the cell's first and names the missing marker."""
    with pytest.raises(RegionError) as caught:
        find_regions("x = 1\n### BEGIN SOLUTION\ny = 2")
    assert caught.value.offset == 1
    assert "END SOLUTION" in caught.value.remedy
