"""Cases: wrong solutions whose mistake a lesson knows, written in other words than the lesson's.

A lesson's module holds them under their exercises' names, each with the mistake's name or, where
a check itself says what is wrong, with the beginning of its sentence:

    @told("one_window_short")
    def correlate1d(x, k): ...

    @told(says="Your layer has a bias")
    def seven_filter_layer(): ...

As with misconceptions the files are read, never run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from autograder.misconceptions import Item

Solution = TypeVar("Solution", bound=Callable)


@dataclass(frozen=True)
class Case:
    """A wrong solution, and the name of its mistake or the sentence that it must get."""

    item: Item
    mistake: str = ""
    says: str = ""

    def __str__(self) -> str:
        return f"{self.item.exercise}-{self.mistake or 'said'}"


def told(mistake: str = "", *, says: str = "") -> Callable[[Solution], Solution]:
    """Mark a wrong solution with the mistake that it makes."""
    return lambda solution: solution


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a file, in the order written."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            (mark,) = node.decorator_list
            assert isinstance(mark, ast.Call)
            source = "\n".join(lines[mark.lineno - 1 : node.end_lineno])
            item = Item(node.name, node.name, source, path, node.lineno)
            yield Case(item, _text(mark.args), _text(k.value for k in mark.keywords))


def _text(values: Iterable[ast.expr]) -> str:
    return "".join(ast.literal_eval(value) for value in values)
