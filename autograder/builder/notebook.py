"""Turn a lesson's cells into the notebook that nbgrader calls the source.

Cell ids come from names and contents alone, so that building twice gives the same bytes.
"""

from __future__ import annotations

import hashlib
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from autograder.builder.source import Cell, CellKind, Lesson, Part

# Nothing that depends on the machine, such as a Python version, stands here.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
CHECK_ID = "{name}-check"


def source_notebook(lesson: Lesson, part: Part) -> NotebookNode:
    """The notebook of one part with solutions, as `nbgrader generate_assignment` reads it."""
    cells = [_titled(lesson, part), *(_cell(cell) for cell in part.cells if _shown(cell))]
    _make_unique(cells)
    return v4.new_notebook(cells=cells, metadata=METADATA)


def as_text(notebook: NotebookNode) -> str:
    """The notebook as the file holds it: sorted keys, one space of indentation, final newline."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def title_text(lesson: Lesson, part: Part) -> str:
    """The first cell in Markdown: title, place, time, points, objectives."""
    header = part.header
    place = f"Lesson {lesson.name[:2]}"
    if len(lesson.parts) > 1:
        place += f", notebook {lesson.parts.index(part) + 1} of {len(lesson.parts)}"
    facts = [place, f"about {header.minutes} minutes"]
    points = sum(c.options.get("points", 0) for c in part.of(CellKind.CHECK, CellKind.ESSAY))
    if points:
        facts.append(f"{points:g} points")
    elif not lesson.graded:
        facts.append("not graded")
    objectives = [f"- {sentence}" for sentence in header.objectives.values()]
    lines = [f"# {header.title} ({header.title_ko})", "", " · ".join(facts), ""]
    return "\n".join([*lines, "**At the end you can:**", "", *objectives])


def _titled(lesson: Lesson, part: Part) -> NotebookNode:
    return _node("markdown", title_text(lesson, part))


def _shown(cell: Cell) -> bool:
    """Hints and ideas are shown on request, out of feedback.json."""
    return cell.kind not in (CellKind.HINTS, CellKind.IDEA)


def _cell(cell: Cell) -> NotebookNode:
    name = cell.name or ""
    if cell.kind is CellKind.EXERCISE:
        return _node("code", cell.source, name, solution=True)
    if cell.kind is CellKind.CHECK:
        identity = CHECK_ID.format(name=name)
        call = f'check("{name}")'
        if "points" not in cell.options:  # a lesson without marks: nbgrader only keeps it as it is
            return _node("code", call, identity, locked=True)
        points = cell.options["points"]
        return _node("code", call, identity, grade=True, locked=True, points=points)
    if cell.kind is CellKind.ESSAY:
        points = cell.options["points"]
        return _node("markdown", cell.source, name, grade=True, solution=True, points=points)
    return _node("markdown" if cell.kind is CellKind.MARKDOWN else "code", cell.source)


def _node(kind: str, source: str, identity: str = "", **nbgrader: Any) -> NotebookNode:
    """A cell; with `identity` it is one of nbgrader's, which goes by that name."""
    make = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
    digest = hashlib.sha256(f"{kind}\n{source}".encode()).hexdigest()[:8]
    node = make(source, id=identity or digest)
    if identity:
        flags = {"grade": False, "locked": False, "solution": False, "task": False}
        node.metadata["nbgrader"] = flags | {"grade_id": identity, "schema_version": 3} | nbgrader
    return node


def _make_unique(cells: list[NotebookNode]) -> None:
    """Number the later ones of cells with one content: `3f2a91bc`, `3f2a91bc-2`, …"""
    names = {cell.id for cell in cells if "nbgrader" in cell.metadata}
    seen: dict[str, int] = dict.fromkeys(names, 1)
    for cell in cells:
        if "nbgrader" in cell.metadata:
            continue
        first = cell.id
        seen[first] = seen.get(first, 0) + 1
        if seen[first] > 1:
            cell.id = f"{first}-{seen[first]}"
