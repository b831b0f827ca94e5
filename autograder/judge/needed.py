"""Which of the lesson's own cells a submission needs.

A lesson is full of demonstrations: pictures, sliders, small trainings. A student has seen them; to
judge the answers most of them need not run again. A released cell that the student left as it was
is skipped when nothing that is judged can depend on it: it binds no name that a student's cell or a
check uses, and touches no variable of a cell that does.
"""

from __future__ import annotations

import re
import symtable
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

# Code that can reach any name without writing it.
BUILTINS = ("globals", "locals", "vars", "eval", "exec", "compile", "__import__")
MODULES = ("sys", "importlib", "inspect", "gc", "__builtins__", "__main__", "get_ipython")
REFLECTION = frozenset((*BUILTINS, *MODULES))
LONGEST_SOURCE = 200_000  # characters: reading code takes several hundred times its own memory
# What IPython makes Python of, and Python refuses: magics, commands, prompts, `await` outside.
NOT_ONLY_PYTHON = re.compile(r"[%!?]|\basync\b|\bawait\b|>>>|\bIn \[|\A\s|^[,;/]", re.MULTILINE)
STUDENT_NAME = re.compile(r"\bstudent\.([A-Za-z]\w*)")


@dataclass(frozen=True)
class Names:
    """The global names of a cell: those it uses, those it binds, and of these the variables."""

    used: frozenset[str]
    bound: frozenset[str]
    variables: frozenset[str]


def needed(
    cells: Sequence[NotebookNode],
    own: Iterable[int],
    asked: Iterable[str],
    known_names: Mapping[str, Names | None] = {},
) -> frozenset[int]:
    """The places of the code cells that must run.

    `own` are the places of cells with a student's text, `asked` the names that checks ask for,
    `known_names` what `names_of` says of released cells, by their source.
    All code cells are needed when a student's cell is not plain Python or uses reflection.
    The first code cell, which imports, is always needed.
    """
    code = [place for place, cell in enumerate(cells) if cell.cell_type == "code"]
    names = {}
    for place in code:
        source = cells[place].source
        names[place] = known_names[source] if source in known_names else names_of(source)
    chosen = {place for place in own if place in names} | set(code[:1])
    known = [names[place] for place in chosen]
    if any(found is None or found.used & REFLECTION for found in known):
        return frozenset(code)
    asked = frozenset(asked)
    live = asked.union(*(found.used | found.bound for found in known if found))
    # What is asked for may be a model that later cells train; a function is not changed by its use.
    functions = frozenset[str]().union(*(f.bound - f.variables for f in names.values() if f))
    variables = (asked - functions).union(*(found.variables for found in known if found))
    while True:
        more = {
            place
            for place, found in names.items()
            if place not in chosen
            and (found is None or found.bound & live or (found.used | found.bound) & variables)
        }
        if not more:
            return frozenset(chosen)
        chosen |= more
        for found in (names[place] for place in more):
            if found is not None:
                live = live | found.used | found.bound
                variables = variables | found.variables


def asked_by(sources: Iterable[str]) -> frozenset[str]:
    """The names that checks ask a student for, read from the checks' own text."""
    return frozenset(name for source in sources for name in STUDENT_NAME.findall(source))


def names_of(source: str) -> Names | None:
    """The global names of a cell; None when it is not plain Python, or too long to be read.

    A cell with a mistake in its grammar has none: it does not even begin to run.
    """
    if len(source) > LONGEST_SOURCE:
        return None
    try:
        table = symtable.symtable(source, "<cell>", "exec")
    except SyntaxError:
        never_runs = NOT_ONLY_PYTHON.search(source) is None
        return Names(frozenset(), frozenset(), frozenset()) if never_runs else None
    except (ValueError, RecursionError, MemoryError):
        return None
    used, bound, variables = set[str](), set[str](), set[str]()
    for symbol in table.get_symbols():
        name = symbol.get_name()
        if symbol.is_assigned() or symbol.is_imported():
            bound.add(name)
            if not symbol.is_imported() and not symbol.is_namespace():
                variables.add(name)
        if symbol.is_referenced():
            used.add(name)
    for scope in _inner(table):
        for symbol in scope.get_symbols():
            if symbol.is_global():
                used.add(symbol.get_name())
                if symbol.is_assigned():
                    bound.add(symbol.get_name())
                    variables.add(symbol.get_name())
    return Names(frozenset(used), frozenset(bound), frozenset(variables))


def _inner(table: symtable.SymbolTable) -> Iterable[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)
