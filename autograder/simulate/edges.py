"""Submissions that went wrong on the way: each gets its marks or a clear refusal, never a stop.

| student | what is handed in | what it must get |
|---|---|---|
| `edge-renamed` | the notebook under another name | refused, with the right name |
| `edge-missing` | a folder without a notebook | refused |
| `edge-broken` | half of the notebook's JSON | refused |
| `edge-empty` | a notebook of 0 bytes | refused |
| `edge-duplicated` | an exercise's cell twice, the wrong attempt first | the marks of the second |
| `edge-deleted-answer` | one exercise's cell deleted | 0 for it, full marks for the rest |
| `edge-deleted-check` | one check cell deleted | full marks |
| `edge-edited-check` | a blank exercise, its check cell made to print full marks | 0 for it |
| `edge-old-format` | the notebook saved as nbformat 3 | full marks |
| `edge-noisy` | an own cell that warns, and shows a made-up verdict | full marks |

All of them hand in right answers but for what the table says, and leave the essay blank.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.simulate.answers import Answer, AnswerKind, Pool, of_kind
from autograder.simulate.cast import Student
from autograder.simulate.submission import write_submission

VERDICTS = "application/vnd.course.verdict+json"


@dataclass(frozen=True)
class Edge:
    """A special student: `spoil(path, notebook, exercise)` does the damage to the file.

    `refused` is a word of the refusal, empty where the submission is graded;
    `unanswered` tells that `exercise` must get nothing.
    """

    id: str
    note: str
    spoil: Callable[[Path, NotebookNode, str], None]
    refused: str = ""
    unanswered: bool = False
    wrong_first: bool = False


def write_edge(edge: Edge, pool: Pool, released: Path, folder: Path, seed: int) -> Student:
    """Write an edge student's submission; returns the answers that its marks follow from."""
    exercise = list(pool)[min(4, len(pool) - 1)]
    answers = {name: of_kind(pool, name, AnswerKind.REFERENCE)[0] for name in pool}
    student = Student(edge.id, 1.0, dict(answers))
    if edge.unanswered:
        student.answers[exercise] = of_kind(pool, exercise, AnswerKind.BLANK)[0]
    notebooks = write_submission(student, released, folder, seed)
    first = min(notebooks)
    name = next((n for n in notebooks if _place(notebooks[n], exercise) is not None), first)
    if edge.wrong_first:
        _put_before(notebooks[name], _wrong(pool, exercise), exercise)
    edge.spoil(folder / name, notebooks[name], exercise)
    return student


def _renamed(path: Path, notebook: NotebookNode, exercise: str) -> None:
    path.rename(path.with_name(f"{path.stem} (1).ipynb"))


def _missing(path: Path, notebook: NotebookNode, exercise: str) -> None:
    path.unlink()


def _broken(path: Path, notebook: NotebookNode, exercise: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")


def _empty(path: Path, notebook: NotebookNode, exercise: str) -> None:
    path.write_bytes(b"")


def _write(path: Path, notebook: NotebookNode, exercise: str) -> None:
    # Not nbformat.write: it would mend duplicated ids.
    path.write_text(nbformat.v4.writes(notebook), encoding="utf-8")


def _deleted_answer(path: Path, notebook: NotebookNode, exercise: str) -> None:
    del notebook.cells[_found(notebook, exercise)]
    _write(path, notebook, exercise)


def _deleted_check(path: Path, notebook: NotebookNode, exercise: str) -> None:
    del notebook.cells[_found(notebook, f"{exercise}-check")]
    _write(path, notebook, exercise)


def _edited_check(path: Path, notebook: NotebookNode, exercise: str) -> None:
    cell = notebook.cells[_found(notebook, f"{exercise}-check")]
    cell.source = "100"
    cell.metadata["nbgrader"]["points"] = 100
    cell.outputs = [nbformat.v4.new_output("execute_result", data=_made_up(exercise))]
    _write(path, notebook, exercise)


def _old_format(path: Path, notebook: NotebookNode, exercise: str) -> None:
    nbformat.write(nbformat.convert(notebook, 3), path, version=3)


def _noisy(path: Path, notebook: NotebookNode, exercise: str) -> None:
    source = (
        "import logging, warnings\n"
        "warnings.warn('I was here')\n"
        "logging.error('something went wrong')\n"
        "from IPython.display import display\n"
        f"display({_made_up(exercise)!r}, raw=True)\n"
    )
    own = nbformat.v4.new_code_cell(source)
    notebook.cells.insert(_found(notebook, f"{exercise}-check"), own)
    _write(path, notebook, exercise)


EDGES = (
    Edge("edge-renamed", "notebook renamed", _renamed, refused="Rename"),
    Edge("edge-missing", "no notebook", _missing, refused="No notebook"),
    Edge("edge-broken", "half of the JSON", _broken, refused="not a readable notebook"),
    Edge("edge-empty", "empty file", _empty, refused="empty"),
    Edge("edge-duplicated", "cell twice, the wrong one first", _write, wrong_first=True),
    Edge("edge-deleted-answer", "exercise's cell deleted", _deleted_answer, unanswered=True),
    Edge("edge-deleted-check", "check cell deleted", _deleted_check),
    Edge("edge-edited-check", "check cell edited", _edited_check, unanswered=True),
    Edge("edge-old-format", "nbformat 3", _old_format),
    Edge("edge-noisy", "stderr and a made-up verdict", _noisy),
)


def _made_up(exercise: str) -> dict[str, object]:
    """What a cheat might show: full marks in the form that the judge writes them."""
    verdict = {
        "exercise": exercise,
        "check": "test_made_up",
        "title": "Made up",
        "kind": "passed",
        "points": 100.0,
        "out_of": 100.0,
    }
    content = {"exercise": exercise, "verdicts": [verdict]}
    return {"text/plain": "100.0", VERDICTS: content}


def _put_before(notebook: NotebookNode, answer: Answer, exercise: str) -> None:
    """A copy of an exercise's cell, ids and all, with another answer above the cell itself."""
    place = _found(notebook, exercise)
    earlier = copy.deepcopy(notebook.cells[place])
    earlier.source = answer.source
    notebook.cells.insert(place, earlier)


def _wrong(pool: Pool, exercise: str) -> Answer:
    wrong = of_kind(pool, exercise, AnswerKind.MISCONCEPTION)
    return (wrong or of_kind(pool, exercise, AnswerKind.BLANK))[0]


def _found(notebook: NotebookNode, grade_id: str) -> int:
    place = _place(notebook, grade_id)
    assert place is not None
    return place


def _place(notebook: NotebookNode, grade_id: str) -> int | None:
    for place, cell in enumerate(notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            return place
    return None
