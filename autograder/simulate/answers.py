"""What a simulated student can write into an exercise's cell, right or wrong."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import nbformat

from autograder.builder.source import Lesson
from autograder.builder.stub import BEGIN, END
from autograder.misconceptions import load_alternatives, load_misconceptions, rendered_source
from autograder.paths import CourseError


class AnswerKind(StrEnum):
    """What kind of answer it is, which decides what it must earn."""

    REFERENCE = "reference"
    ALTERNATIVE = "alternative"
    MISCONCEPTION = "misconception"
    BLANK = "blank"
    CRASH = "crash"
    TIMEOUT = "time-out"

    @property
    def right(self) -> bool:
        return self in (AnswerKind.REFERENCE, AnswerKind.ALTERNATIVE)


@dataclass(frozen=True)
class Answer:
    """One way to fill in an exercise's cell; `says` is a misconception's corrective sentence."""

    exercise: str
    kind: AnswerKind
    name: str
    source: str
    says: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.name}"


# Bodies of a function that was not answered, or that cannot work.
BLANK_BODIES = {"pass": "pass", "return None": "return None"}
CRASH_BODIES = {
    "raises": 'raise ValueError("this is as far as I got")',
    "undefined name": "return my_helper()",
    "index out of range": "parts = []\nreturn parts[0]",
    "syntax error": "result = (\nreturn result",
}
ENDLESS = "endless loop"
TIMEOUT_BODY = "step = 0\nwhile True:\n    step += 1"
DELETED = "# I wanted to come back to this one."

Pool = dict[str, list[Answer]]


def answer_pool(lesson: Lesson, released: Path) -> Pool:
    """Every answer that can be given, by exercise in the lesson's order, the reference first.

    `released` is the folder of the released notebooks, out of which the stubs come.
    Raises `CourseError` when an exercise is not in them.
    Example: `answer_pool(lesson, course.lessons / lesson.name)["conv2d"][0].name` is `reference`.
    """
    stubs = _stubs(released)
    pool: Pool = {}
    for name, cell in lesson.exercises.items():
        if name not in stubs:
            raise CourseError(f"{released} has no exercise {name}. Run `course build` first.")
        reference = Answer(name, AnswerKind.REFERENCE, "reference", solution_of(cell.source))
        pool[name] = [reference, *_unfinished(name, stubs[name])]
    items = [*load_alternatives(lesson.folder), *load_misconceptions(lesson.folder)]
    for item in items:
        if item.exercise in pool:
            says = getattr(item, "says", "")
            kind = AnswerKind.MISCONCEPTION if says else AnswerKind.ALTERNATIVE
            answer = Answer(item.exercise, kind, item.name, rendered_source(item), says)
            pool[item.exercise].append(answer)
    return pool


def of_kind(pool: Pool, exercise: str, kind: AnswerKind) -> list[Answer]:
    """The answers of one kind to an exercise, in their order."""
    return [answer for answer in pool[exercise] if answer.kind is kind]


def solution_of(source: str) -> str:
    """An exercise cell of `lesson.py` without the marks around its solution."""
    return "\n".join(line for line in source.split("\n") if line.strip() not in (BEGIN, END))


def with_body(source: str, name: str, body: str) -> str | None:
    """The cell's source with another body under the function's docstring.

    None where the cell does not define a function of that name.

    Example:
        >>> print(with_body('def f(x):\\n    "doc"\\n    raise NotImplementedError()', "f", "pass"))
        def f(x):
            "doc"
            pass
    """
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            lines = source.split("\n")
            has_docstring = ast.get_docstring(node) is not None
            kept = node.body[0].end_lineno if has_docstring else _header_end(node)
            indent = " " * node.body[0].col_offset
            rest = lines[node.end_lineno :]
            return "\n".join([*lines[:kept], textwrap.indent(body, indent), *rest])
    return None


def _header_end(node: ast.FunctionDef) -> int:
    return min(node.body[0].lineno - 1, node.end_lineno or node.lineno)


def _unfinished(exercise: str, stub: str) -> list[Answer]:
    """Blanks, crashes and the time-out made from a released cell."""
    answers = [Answer(exercise, AnswerKind.BLANK, "stub left", stub)]
    bodies = (
        (AnswerKind.BLANK, BLANK_BODIES),
        (AnswerKind.CRASH, CRASH_BODIES),
        (AnswerKind.TIMEOUT, {ENDLESS: TIMEOUT_BODY}),
    )
    for kind, variants in bodies:
        for name, body in variants.items():
            source = with_body(stub, exercise, body)
            if source is not None:
                answers.append(Answer(exercise, kind, name, source))
    answers.append(Answer(exercise, AnswerKind.CRASH, "function deleted", DELETED))
    return answers


def _stubs(released: Path) -> dict[str, str]:
    """The released source of each exercise's cell."""
    stubs = {}
    for path in sorted(released.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            marks = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and marks.get("solution"):
                stubs[marks["grade_id"]] = cell.source
    return stubs
