"""A worker's last steps with a judged notebook: nbgrader's own pure ones, then the marks.

What comes out is what stock `nbgrader autograde` would write to the autograded folder and to the
gradebook for this notebook.
"""

from __future__ import annotations

from typing import Any

import nbformat
import nbgrader.preprocessors
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task
from traitlets.config import Config

from autograder.judge.outputs import faulty

NO_RESPONSE = "No response."


def finish(notebook: NotebookNode, steps: dict[str, Any] | None) -> dict[str, Any]:
    """A judged notebook as plain data: its text, and what the gradebook is to hold.

    `scores` are the points by cell, None where a person has to decide; `comments` those of nbgrader
    itself. With `steps` None nbgrader takes all further steps, and there is the text alone.
    """
    if steps is None:
        return {"text": nbformat.writes(notebook)}
    notebook = _through(notebook, steps)
    marked = [cell for cell in notebook.cells if is_grade(cell)]
    commented = [cell for cell in notebook.cells if is_solution(cell) or is_task(cell)]
    return {
        "text": nbformat.writes(notebook) + "\n",
        "scores": {cell.metadata.nbgrader.grade_id: _score(cell) for cell in marked},
        "comments": {cell.metadata.nbgrader.grade_id: _comment(cell) for cell in commented},
    }


def _through(notebook: NotebookNode, steps: dict[str, Any]) -> NotebookNode:
    config = Config(steps["config"])
    resources: dict[str, Any] = {}
    for name in steps["names"]:
        step = getattr(nbgrader.preprocessors, name)(config=config)
        notebook, resources = step(notebook, resources)
    nbformat.validate(notebook, relax_add_props=True)
    return notebook


def _score(cell: NotebookNode) -> float | None:
    """The points of a cell; None where a check failed by our own fault, or a person is needed."""
    if faulty(cell):
        return None
    points, _ = determine_grade(cell)
    return None if points is None else float(points)


def _comment(cell: NotebookNode) -> str | None:
    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    return NO_RESPONSE if untouched and not is_task(cell) else None
