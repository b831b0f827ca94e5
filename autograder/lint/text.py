"""Rules that only read the lesson: what must be there, and alt texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.builder.problems import Problem
from autograder.builder.source import Cell, CellKind, Lesson, Part
from autograder.builder.stub import find_regions
from autograder.lint.quiz import quiz_problems
from autograder.lint.standard import Standard
from autograder.paths import Course

MARKDOWN_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(")
HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
HTML_ALT = re.compile(r"""\balt\s*=\s*(["'])\s*\S.*?\1""", re.DOTALL)
MODEL_ANSWER = re.compile(r"^\W*model answer", re.IGNORECASE | re.MULTILINE)


def problems(course: Course, lesson: Lesson, standard: Standard) -> Iterator[Problem]:
    """What is missing in a lesson's text."""
    yield from _exercises(lesson)
    yield from _objectives(lesson)
    yield from _essays(lesson, standard)
    for part in lesson.parts:
        for cell in part.cells:
            yield from _pictures(part, cell)
    yield from quiz_problems(course, lesson, standard)


def _exercises(lesson: Lesson) -> Iterator[Problem]:
    """Each exercise has hints, an idea and a docstring."""
    for part, cell in lesson.cells(CellKind.EXERCISE):
        companions = {c.kind for c in part.of(CellKind.HINTS, CellKind.IDEA) if c.name == cell.name}
        for kind, holds in (
            (CellKind.HINTS, 'three paragraphs in r"""…""": a question, an idea, near the code'),
            (CellKind.IDEA, "what the reference solution does, in 2–4 sentences"),
        ):
            if kind not in companions:
                remedy = f'Add `# %% {kind}="{cell.name}"` with {holds}'
                yield _at(part, cell.line, f"exercise `{cell.name}` has no {kind} cell", remedy)
        if not _docstring(cell):
            remedy = "Say in a docstring what comes in and out: shapes, units, an example"
            yield _at(part, cell.line, f"exercise `{cell.name}` has no docstring", remedy)


def _docstring(cell: Cell) -> str | None:
    for node in ast.parse(cell.source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == cell.name:
            return ast.get_docstring(node)
    return None


def _objectives(lesson: Lesson) -> Iterator[Problem]:
    """Each declared objective has an exercise; `quiz_problems` asks for its question."""
    for part in lesson.parts:
        practised = {cell.options["objective"] for cell in part.of(CellKind.EXERCISE)}
        for name in part.header.objectives:
            if name not in practised:
                line = part.header.lines.get(f"objectives.{name}", 1)
                remedy = f'Write an exercise with objective="{name}", or drop the objective'
                yield _at(part, line, f"objective `{name}` has no exercise", remedy)


def _essays(lesson: Lesson, standard: Standard) -> Iterator[Problem]:
    essays = list(lesson.cells(CellKind.ESSAY))
    if lesson.graded and len(essays) < standard.essays:
        problem = f"{len(essays)} essays, fewer than {standard.essays}"
        remedy = 'Add a question after `# %% [markdown] essay="name" points=…`'
        yield _at(lesson.parts[-1], 0, problem, remedy)
    for part, cell in essays:
        lines = cell.source.split("\n")
        kept = "\n".join("\n".join(lines[a + 1 : b]) for a, b in find_regions(cell.source))
        if "rubric" not in kept.lower():
            remedy = "Say under `**Rubric**`, between the solution markers, what earns what"
            yield _at(part, cell.line, f"essay `{cell.name}` has no rubric", remedy)
        answers = len(MODEL_ANSWER.findall(kept))
        if answers < standard.model_answers:
            problem = f"essay `{cell.name}` has {answers} of {standard.model_answers} model answers"
            remedy = "Add `**Model answer (full marks).** …` between the solution markers"
            yield _at(part, cell.line, problem, remedy)


def _pictures(part: Part, cell: Cell) -> Iterator[Problem]:
    if cell.kind.prose:
        for offset, line in enumerate(cell.source.split("\n")):
            empty = any(not match["alt"].strip() for match in MARKDOWN_IMAGE.finditer(line))
            if empty or any(not HTML_ALT.search(tag) for tag in HTML_IMAGE.findall(line)):
                remedy = "Say what there is to see: `![a 3×3 image …](…)`"
                yield _at(part, cell.body_line + offset, "a picture without alt text", remedy)
    elif cell.kind in (CellKind.CODE, CellKind.EXERCISE):
        for call in ast.walk(ast.parse(cell.source)):
            if isinstance(call, ast.Call) and _shows_without_alt(call):
                remedy = 'Write `plots.show(fig, alt="what there is to see")`'
                number = cell.body_line + call.lineno - 1
                yield _at(part, number, "a picture shown without alt text", remedy)


def _shows_without_alt(call: ast.Call) -> bool:
    """Whether the call is `plt.show()`, `fig.show()`, or `show(fig)` without its alt text."""
    name = ast.unparse(call.func)
    if name in ("show", "plots.show"):
        return len(call.args) < 2 and all(keyword.arg != "alt" for keyword in call.keywords)
    return name in ("plt.show", "fig.show", "figure.show")


def _at(part: Part, line: int, problem: str, remedy: str) -> Problem:
    return Problem(part.file, line, problem, remedy)
