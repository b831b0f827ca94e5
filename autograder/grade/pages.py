"""Feedback pages as `nbgrader generate_feedback` writes them, several times as fast.

Most of a page is the same for everyone: the lesson's own cells. nbconvert's last step parses the
whole page once more; here it takes that step cell by cell, and keeps what it has seen.
"""

from __future__ import annotations

import re
import secrets
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades

from autograder.judge.html import safe_code, safe_markdown

CELL = re.compile(r'(?=<div class="cell border-box-sizing )')
END = f"end-{secrets.token_hex(16)}"  # a tag that no student can guess
CELLS = f"<{END}></{END}>"
KEPT = 2048  # cells of which the result is kept

Step = tuple[str, dict[str, Any]]


@lru_cache(KEPT)
def _known_code(source: str, language: str | None) -> str:
    return safe_code(source, language)


@lru_cache(KEPT)
def _known_markdown(source: str) -> str:
    return safe_markdown({}, source)


def remembered_code(source: str, language: str | None = None, metadata: Any = None) -> str:
    """`safe_code`, which renders the same cell once; of its metadata pygments asks one thing."""
    if metadata and "magic_language" in metadata:
        return safe_code(source, language, metadata)
    return _known_code(source, language)


@pass_context
def remembered_markdown(context: Any, source: str) -> str:
    """`safe_markdown`, which renders the same cell once, unless pictures are pasted into it."""
    cell = context.get("cell") or {}
    return safe_markdown(context, source) if cell.get("attachments") else _known_markdown(source)


REMEMBERED: dict[Any, Any] = {
    "autograder.nbgrader_hooks.safe_code": remembered_code,
    "autograder.nbgrader_hooks.safe_markdown": remembered_markdown,
}


class GivenGrades(GetGrades):
    """`GetGrades` with the marks given, not read from the gradebook: `given` as `Book.told`."""

    given: dict[str, Any]

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        for number, cell in enumerate(nb.cells):
            nb.cells[number], resources = self.preprocess_cell(cell, resources, number)
        resources["nbgrader"].update(self.given["notebook"])
        return nb, resources

    def _get_comment(self, cell: NotebookNode, resources: Any) -> None:
        cell.metadata.nbgrader["comment"] = self.given["comments"][cell.metadata.nbgrader.grade_id]

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        score, most = self.given["scores"][cell.metadata.nbgrader.grade_id]
        cell.metadata.nbgrader["score"], cell.metadata.nbgrader["points"] = score, most


class _Rendering(TemplateExporter):
    """Stands between nbconvert's template and what `HTMLExporter` does with the page after it."""

    piece: str | None = None
    page = ""

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own exporters do it
        self, nb: NotebookNode, resources: Any = None, **options: Any
    ) -> Step:
        if self.piece is not None:
            return self.piece, resources
        self.page, resources = super().from_notebook_node(nb, resources, **options)
        return "", resources


class PageExporter(HTMLExporter, _Rendering):
    """`HTMLExporter` for many notebooks of one lesson, with the same result."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        ours = {name: REMEMBERED.get(chosen, chosen) for name, chosen in self.filters.items()}
        self.filters = ours
        self._finished = lru_cache(KEPT)(self._finish)

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **options: Any
    ) -> Step:
        self._nb_metadata = {}  # of other students' notebooks
        _, resources = super().from_notebook_node(nb, resources, **options)
        head, *cells = CELL.split(self.page)
        if not cells:
            return self._parsed(self.page), resources
        *cells, last = cells
        finished = [self._finished(cell) for cell in cells]
        if any(cell is None for cell in finished):  # a student's HTML looks like a cell
            return self._parsed(self.page), resources
        frame = self._parsed(f"{head}{CELLS}{last}")
        return frame.replace(CELLS, "".join(filter(None, finished))), resources

    def _finish(self, cell: str) -> str | None:
        """A cell after nbconvert's last step; None where it is not whole in itself."""
        done = self._parsed(f"{cell}{CELLS}")
        last: Any = BeautifulSoup(done, "html.parser").contents[-1]
        return done.removesuffix(CELLS) if last.name == END else None

    def _parsed(self, html: str) -> str:
        self.piece = html
        try:
            return str(super().from_notebook_node(NotebookNode(metadata={}))[0])
        finally:
            self.piece = None
