"""Misconceptions and alternatives: named wrong and right solutions of an exercise.

A misconception is a plausible wrong solution with the sentence that corrects it; an alternative is
a right one written differently. A lesson keeps them in `misconceptions.py` or, where there are
many, in a folder `misconceptions/` with a file for each exercise:

    @misconception("conv2d", says="Your kernel is turned by 180°: slide it as it is.")
    def flipped(image, kernel): ...

    @alternative("conv2d")
    def with_unfold(image, kernel): ...

The files are read, never run: a wrong solution only ever runs under the exercise's name, in a
namespace made for it.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from autograder.paths import CourseError

Definition = ast.FunctionDef | ast.ClassDef
Solution = TypeVar("Solution", bound=Callable)
FILE, FOLDER = "misconceptions.py", "misconceptions"


@dataclass(frozen=True)
class Item:
    """A solution that is not the reference's: its name, its exercise and its source."""

    name: str
    exercise: str
    source: str
    path: Path
    line: int


@dataclass(frozen=True)
class Misconception(Item):
    """A wrong solution; `says` is the sentence that names the mistake and how to mend it."""

    says: str


@dataclass(frozen=True)
class Alternative(Item):
    """A right solution, written differently."""


def misconception(exercise: str, *, says: str) -> Callable[[Solution], Solution]:
    """Mark a wrong solution of `exercise`; `says` names the mistake and what to do instead."""
    return lambda solution: solution


def alternative(exercise: str) -> Callable[[Solution], Solution]:
    """Mark a right solution of `exercise` that is written differently from the reference."""
    return lambda solution: solution


def load_misconceptions(lesson: Path | str) -> list[Misconception]:
    """The misconceptions of a lesson, in the order written; a folder's files in order of name.

    `lesson` is the lesson's folder, or one file of misconceptions.
    Raises `CourseError` with file and line for a mark that cannot be read.
    Example: `load_misconceptions("solutions/01_convolution")[0].says`.
    """
    return [item for item in _load(Path(lesson)) if isinstance(item, Misconception)]


def load_alternatives(lesson: Path | str) -> list[Alternative]:
    """The alternatives of a lesson; see `load_misconceptions`."""
    return [item for item in _load(Path(lesson)) if isinstance(item, Alternative)]


def rendered_source(item: Item) -> str:
    """The source under the exercise's name, fit to be pasted into its cell.

    The marks are gone, comments stay, and a call of itself follows the new name.
    Example: `def flipped(image, kernel): …` becomes `def conv2d(image, kernel): …`.
    """
    tree = ast.parse(item.source)
    node = tree.body[0]
    assert isinstance(node, Definition)
    lines = item.source.encode().split(b"\n")
    for line, column in sorted(_mentions(node, item.name, lines), reverse=True):
        text = lines[line - 1]
        end = column + len(item.name.encode())
        lines[line - 1] = text[:column] + item.exercise.encode() + text[end:]
    return b"\n".join(lines[node.lineno - 1 :]).decode() + "\n"


def _load(lesson: Path) -> list[Item]:
    items = [item for path in _files(lesson) for item in _read(path)]
    _refuse_twins(items)
    return items


def _files(lesson: Path) -> list[Path]:
    """The files of a lesson that hold misconceptions; none is not an error."""
    if lesson.is_file():
        return [lesson]
    if not lesson.is_dir():
        raise CourseError(f"{lesson}: expected a lesson's folder, found none. Check the path.")
    single = lesson / FILE
    folder = sorted((lesson / FOLDER).glob("*.py"))
    if single.is_file() and folder:
        raise CourseError(f"{single}: there is a folder {FOLDER}/ too. Keep one of the two.")
    return [single] if single.is_file() else folder


def _read(path: Path) -> Iterator[Item]:
    text = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno}: {error.msg}. Mend the syntax.") from None
    for node in tree.body:
        if isinstance(node, Definition):
            yield from _items_of(node, text, path)


def _items_of(node: Definition, text: str, path: Path) -> Iterator[Item]:
    for mark in node.decorator_list:
        if not isinstance(mark, ast.Call) or not isinstance(mark.func, ast.Name):
            continue
        if mark.func.id not in ("misconception", "alternative"):
            continue
        where = f"{path}:{mark.lineno}"
        exercise = _text(mark.args[0] if mark.args else None, where, "the exercise's name")
        source = _source(node, text)
        if mark.func.id == "alternative":
            yield Alternative(node.name, exercise, source, path, node.lineno)
        else:
            says = next((k.value for k in mark.keywords if k.arg == "says"), None)
            sentence = _text(says, where, "`says`, the sentence that corrects the mistake,")
            yield Misconception(node.name, exercise, source, path, node.lineno, sentence)


def _text(node: ast.expr | None, where: str, what: str) -> str:
    """The string that stands in the source; anything that would have to be run is refused."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
        return node.value
    raise CourseError(f"{where}: {what} must stand here as a plain string.")


def _source(node: Definition, text: str) -> str:
    """The definition with its decorators, to the last line, without indentation."""
    first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
    lines = text.splitlines()[first - 1 : node.end_lineno]
    return textwrap.dedent("\n".join(lines))


def _mentions(node: Definition, name: str, lines: list[bytes]) -> Iterator[tuple[int, int]]:
    """Line and byte column of each place in a definition where its own name stands."""
    header = re.search(rb"\b" + name.encode() + rb"\b", lines[node.lineno - 1])
    if header is not None:
        yield node.lineno, header.start()
    for part in node.body:
        for inner in ast.walk(part):
            if isinstance(inner, ast.Name) and inner.id == name:
                yield inner.lineno, inner.col_offset


def _refuse_twins(items: Iterable[Item]) -> None:
    """A name stands for one item of an exercise: marks, reports and students' files use it."""
    seen: dict[tuple[str, str], Item] = {}
    for item in items:
        first = seen.setdefault((item.exercise, item.name), item)
        if first is not item:
            raise CourseError(
                f"{item.path}:{item.line}: {item.exercise} has a {item.name!r} already, "
                f"at {first.path.name}:{first.line}. Give this one another name."
            )
