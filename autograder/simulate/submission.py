"""Writes a simulated student's submission, as nbgrader's exchange would have delivered it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.simulate.cast import Student

TEXT_STUB = "YOUR ANSWER HERE"
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
FIRST_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTES_TO_DEADLINE = 7 * 24 * 60
ESSAYS = (
    "In short: it depends on what has to be learned.\n\n"
    "I compared both on the lesson's numbers. The smaller one was enough for my image.",
    "In short: share the weights where the same pattern may appear anywhere.\n\n"
    "A pattern that is learned in one place then counts in every place.",
    "In short: I am not sure yet.\n\nI would try both and look at the validation error.",
)


def write_submission(
    student: Student, released: Path, folder: Path, seed: int
) -> dict[str, NotebookNode]:
    """Write the lesson's folder as this student hands it in; returns the notebooks by name.

    `released` is the lesson's folder in `lessons/`; everything in it is handed in, as the exchange
    does it, with the notebooks filled in and the time in `timestamp.txt`.
    """
    shutil.copytree(released, folder, ignore=LEFT_BEHIND)
    rng = random.Random(f"{seed} {student.id}")
    notebooks = {}
    for path in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        fill_in(notebook, student, rng)
        nbformat.write(notebook, path)
        notebooks[path.name] = notebook
    handed_in = FIRST_DAY + timedelta(minutes=rng.randrange(MINUTES_TO_DEADLINE))
    (folder / "timestamp.txt").write_text(handed_in.strftime("%Y-%m-%d %H:%M:%S.%f UTC\n"))
    return notebooks


def fill_in(notebook: NotebookNode, student: Student, rng: random.Random) -> None:
    """Put the student's answers into the solution cells, and number the cells as if run."""
    sources: Mapping[str, str] = {
        name: answer.source for name, answer in student.answers.items() if not student.untouched
    }
    run = 0
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type == "code":
            cell.source = sources.get(name, cell.source)
            run += 1
            cell.execution_count = None if student.untouched else run
        elif student.essays.get(name):
            cell.source = _essay(cell.source, rng.choice(ESSAYS))


def _essay(released: str, text: str) -> str:
    return released.replace(TEXT_STUB, text) if TEXT_STUB in released else f"{released}\n\n{text}"
