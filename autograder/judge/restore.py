"""Restoring a submission: the released notebook with the student's answers put into it.

What is judged is never the student's file but a notebook rebuilt from the release. Deleted cells
come back, edited checks and points are undone, and cells of the student's own stay where they were.
Restoring twice is the same as restoring once.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator

from nbformat import NotebookNode

from autograder.intake import NotGradable, give_ids, new_cell

Pairs = dict[int, int]  # place of a released cell → place of the student's version of it
NOWHERE = -1  # the place of cells before the first released one


def restore(submitted: NotebookNode, released: NotebookNode) -> NotebookNode:
    """The released notebook with the answers and own cells of `submitted`, without outputs.

    A student's cell is recognised by its nbgrader name, else by its id, else by the exercise it
    defines, else by an unchanged source. Of two cells with one name the first is the answer; the
    second stays as an ordinary cell.
    Raises `NotGradable` when no exercise of the lesson is found: it is another notebook.
    """
    pairs = _match(submitted.cells, released.cells)
    if not any(grade_id(released.cells[place]) for place in pairs):
        raise NotGradable(_another_notebook(submitted))
    own = _own_cells(submitted.cells, pairs)
    give_ids([cell for cells in own.values() for cell in cells], [c.id for c in released.cells])
    notebook = copy.copy(released)
    notebook.metadata = copy.deepcopy(released.metadata)
    notebook.cells = list(own.get(NOWHERE, ()))
    for place, cell in enumerate(released.cells):
        student = submitted.cells[pairs[place]] if place in pairs else None
        notebook.cells += [_filled(cell, student), *own.get(place, ())]
    return notebook


def grade_id(cell: NotebookNode) -> str:
    """nbgrader's name of a cell, empty where it has none."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _match(submitted: list[NotebookNode], released: list[NotebookNode]) -> Pairs:
    """Which cell of the student's stands for which released one; each stands for one at most."""
    pairs: Pairs = {}
    _pair_by(grade_id, submitted, released, pairs)
    _pair_by(lambda cell: str(cell.get("id", "")), submitted, released, pairs)
    _pair_by_definition(submitted, released, pairs)
    _pair_by(_source, submitted, released, pairs)
    return pairs


def _pair_by(
    key: Callable[[NotebookNode], str],
    submitted: list[NotebookNode],
    released: list[NotebookNode],
    pairs: Pairs,
) -> None:
    """Pair the cells with the same key, the first with the first, and note it in `pairs`."""
    free: dict[str, list[int]] = {}
    for place in _unpaired(len(submitted), pairs.values()):
        free.setdefault(key(submitted[place]), []).append(place)
    for place in _unpaired(len(released), pairs):
        name = key(released[place])
        if name and free.get(name):
            pairs[place] = free[name].pop(0)


def _pair_by_definition(
    submitted: list[NotebookNode], released: list[NotebookNode], pairs: Pairs
) -> None:
    """Pair an exercise whose cell was lost with the student's first cell that defines it.

    Some programs drop the metadata by which nbgrader knows its cells.
    """
    for place in _unpaired(len(released), pairs):
        cell = released[place]
        if not _is_answer(cell) or cell.cell_type != "code":
            continue
        defines = re.compile(rf"^(?:async +def|def|class) +{re.escape(grade_id(cell))}\b", re.M)
        for candidate in _unpaired(len(submitted), pairs.values()):
            found = submitted[candidate]
            if found.cell_type == "code" and defines.search(found.source):
                pairs[place] = candidate
                break


def _unpaired(count: int, paired: Iterable[int]) -> Iterator[int]:
    known = set(paired)
    return (place for place in range(count) if place not in known)


def _own_cells(submitted: list[NotebookNode], pairs: Pairs) -> dict[int, list[NotebookNode]]:
    """The student's own cells, by the place of the released cell that they follow."""
    placed = {student: place for place, student in pairs.items()}
    own: dict[int, list[NotebookNode]] = {}
    after = NOWHERE
    for number, cell in enumerate(submitted):
        if number in placed:
            after = placed[number]
        else:
            own.setdefault(after, []).append(_extra(cell))
    return own


def _filled(released: NotebookNode, student: NotebookNode | None) -> NotebookNode:
    """A released cell, holding the student's text where students write."""
    cell = copy.deepcopy(released)
    if cell.cell_type == "code":
        cell.outputs = []
        cell.execution_count = None
    if student is not None and not _is_locked(released):
        cell.source = student.source
        if cell.cell_type != "code" and "attachments" in student:
            cell["attachments"] = copy.deepcopy(student.attachments)
    return cell


def _extra(student: NotebookNode) -> NotebookNode:
    """A cell of the student's own: an ordinary cell, whatever its metadata claims."""
    cell = new_cell(student.cell_type, student.source)
    cell.id = student.get("id", "")
    if student.cell_type != "code" and "attachments" in student:
        cell["attachments"] = copy.deepcopy(student.attachments)
    return cell


def _is_answer(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _is_locked(cell: NotebookNode) -> bool:
    """Whether the cell is the course's: a check, or one that was released read-only."""
    marks = cell.metadata.get("nbgrader", {})
    return not marks.get("solution") and bool(marks.get("grade") or marks.get("locked"))


def _source(cell: NotebookNode) -> str:
    return f"{cell.cell_type}\n{cell.source}"


def _another_notebook(submitted: NotebookNode) -> str:
    names = [name for name in map(grade_id, submitted.cells) if name]
    found = f"its exercises are {', '.join(names[:3])}" if names else "it has no exercise"
    return (
        f"This is not the lesson's notebook ({found}). "
        "Hand in the lesson's own notebook with your answers in its cells."
    )
