"""The names in a student's own source, as the judge reads them.

Which operators a function uses is told by the student's process, and that may lie. Its source was
handed in: a name that stands in it is found, whatever the process says.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from autograder.judge.needed import LONGEST_SOURCE

FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST
# `%magic`, `!command`, `help?` on a line of their own, and what they are assigned to.
MAGIC_LINE = re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?+[ \t]*)$", re.M)
MAGIC_VALUE = re.compile(r"=[ \t]*[%!].*$", re.M)
LONGEST_PATH = 20
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
Path = tuple[str, ...]  # the parts of a dotted name


@dataclass(frozen=True)
class Uses:
    """What code takes from elsewhere: globals, and what it asks a name for, as dotted names."""

    globals: frozenset[str] = frozenset()
    paths: frozenset[Path] = frozenset()

    def __or__(self, other: Uses) -> Uses:
        return Uses(self.globals | other.globals, self.paths | other.paths)


@dataclass(frozen=True)
class Cell:
    """What a cell defines, and what its imports stand for, also those within its functions."""

    defines: tuple[tuple[str, Uses], ...] = ()
    imports: tuple[tuple[str, Path], ...] = ()


def names_written(sources: Iterable[str], function: str) -> frozenset[str]:
    """The names that a function's definitions in these cells use, also by way of one another.

    A global that the cells define is looked into rather than counted, as in `utils.invoke`. torch's
    own convolutions count by the operator's name as well, as they do when they are called.
    Example: `names_written(["def f(x):\\n    return torch.conv2d(x, x)"], "f")` is
    `frozenset({"torch", "conv2d", "convolution"})`.
    """
    cells = [_read(source) for source in sources]
    imports: dict[str, set[Path]] = {}  # every import of a name: one that is not run hides none
    for name, path in (pair for cell in cells for pair in cell.imports):
        imports.setdefault(name, set()).add(path)
    known: dict[str, Uses] = {}
    for name, uses in (pair for cell in cells for pair in cell.defines):
        known[name] = known.get(name, Uses()) | uses
    found, seen, waiting = Uses(), {function}, [function]
    while waiting:
        uses = known.get(waiting.pop(), Uses())
        found |= uses
        waiting += (uses.globals & known.keys()) - seen
        seen |= uses.globals
    used = {(name,) for name in found.globals - known.keys()} | found.paths
    full = {(*base, *path[1:]) for path in used for base in imports.get(path[0], {path[:1]})}
    names = {name for path in used for name in path[1:]} | {path[-1] for path in full} - {""}
    names |= found.globals - known.keys()
    if any(path[0] == "torch" and path[-1].lower().startswith("conv") for path in full):
        names.add("convolution")
    return frozenset(names)


@lru_cache(maxsize=512)  # most cells are the lesson's own, the same in every submission
def _read(source: str) -> Cell:
    tree = _parsed(source)
    return Cell(tuple(_defined(tree)), tuple(_imported(tree)))


def _defined(tree: ast.Module) -> Iterator[tuple[str, Uses]]:
    """Each global that a cell makes a function or a value, and what that uses."""
    for node in _outside_functions(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, _uses(node, node.name)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, _uses(node, target.id)


def _imported(tree: ast.Module) -> Iterator[tuple[str, Path]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                path = tuple(alias.name.split("."))
                yield (alias.asname, path) if alias.asname else (path[0], path[:1])
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                parts = (*(node.module or "").split("."), alias.name)
                yield alias.asname or alias.name, tuple(parts)


def _outside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes that run with the cell itself, also inside its branches and loops."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            yield node
            if not isinstance(node, SCOPES):
                waiting.append(node)


def _parsed(source: str) -> ast.Module:
    """A cell as Python; nothing where it is none, as nothing of it runs then."""
    for text in (source, MAGIC_VALUE.sub("= None", MAGIC_LINE.sub(r"\1pass", source))):
        if len(source) > LONGEST_SOURCE:
            break
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return compile(text, "<cell>", "exec", FLAGS)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ast.Module([], [])


def _uses(node: ast.stmt, own: str) -> Uses:
    """What a statement takes from elsewhere; its own name and its variables are none of it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(ast.Module([node], []), "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Uses()
    nodes = list(ast.walk(node))
    read = {part.id for part in nodes if isinstance(part, ast.Name)}
    paths = (_path(part) for part in nodes if isinstance(part, ast.Attribute))
    return Uses(frozenset(read & set(_names(code))) - {own}, frozenset(paths))


def _path(node: ast.Attribute) -> Path:
    """`torch.nn.functional` as its parts; what is no name, such as a call, is left empty."""
    parts: list[str] = []
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute) and len(parts) < LONGEST_PATH:
        parts.append(inner.attr)
        inner = inner.value
    return (inner.id if isinstance(inner, ast.Name) else "", *reversed(parts))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
