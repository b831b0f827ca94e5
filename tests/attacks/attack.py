"""The corpus of attacks: each file of `corpus/<group>/` is one; its docstring says what it tries.

Most hold the cells of a student's notebook, told apart by lines such as `# %% double`: the source
of an exercise's cell, or of a cell of the student's own, `first`, `after_double` or `last`. What
stands in `@COURSE@`, `@HOME@` and the like is filled in, so that an attacker knows the machine.
The others define `attack(…)`, which makes a hostile file or folder that is handed in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from utils.checks import load_module
from utils.verdicts import Kind

CORPUS = Path(__file__).resolve().parent / "corpus"
# These are made by a function; all others are cells.
MADE = ("bulk", "folder", "notebook")
CELL = re.compile(r"^# %% (\w+)\n", re.M)
REMARK = re.compile(r"^# (costs|earns|ends) ?([\w.]*): (.+)$", re.M)


@dataclass(frozen=True)
class Attack:
    """One attack on the exercise `double`; the exercise `total` is answered right.

    `earns` is what honest wrong code of the same kind earns for `double`, mostly nothing.
    `costs` says why the attacker's own `total` cannot keep its marks, where it cannot.
    `ends` is the kind of verdict or the status that it must come to, where only one will do.
    """

    group: str
    name: str
    says: str
    source: str
    path: Path

    def __str__(self) -> str:
        return f"{self.group}-{self.name}"

    @property
    def cells(self) -> dict[str, str]:
        """The student's cells by name."""
        _, *parts = CELL.split(self.source)
        return dict(zip(parts[::2], (text.strip() for text in parts[1::2]), strict=True))

    @cached_property
    def remarks(self) -> dict[str, tuple[str, str]]:
        return {kind: (word, text) for kind, word, text in REMARK.findall(self.source)}

    @property
    def earns(self) -> float:
        return float(self.remarks["earns"][0]) if "earns" in self.remarks else 0.0

    @property
    def costs(self) -> str:
        return self.remarks["costs"][1] if "costs" in self.remarks else ""

    @property
    def ends(self) -> str:
        return self.remarks["ends"][1] if "ends" in self.remarks else ""

    @property
    def make(self) -> Callable[..., Any]:
        """The function `attack` of an attack that is handed in as a file or a folder."""
        return load_module(self.path).attack

    def filled(self, world: Mapping[str, object]) -> dict[str, str]:
        """The cells with what the attacker knows of the machine."""
        cells = self.cells
        for key, value in world.items():
            cells = {name: text.replace(f"@{key}@", str(value)) for name, text in cells.items()}
        return cells


def corpus(*groups: str) -> list[Attack]:
    """The attacks of the named groups in the order of their names; of all groups without any."""
    return [
        _read(path) for path in sorted(CORPUS.glob("*/*.py")) if path.parent.name in groups
    ] or [_read(path) for path in sorted(CORPUS.glob("*/*.py"))]


def groups() -> list[str]:
    """The groups' names: one folder each."""
    return sorted({path.parent.name for path in CORPUS.glob("*/*.py")})


def cell_attacks() -> list[Attack]:
    """The attacks that are cells of a notebook."""
    return corpus(*(group for group in groups() if group not in MADE))


def _read(path: Path) -> Attack:
    source = path.read_text(encoding="utf-8")
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(source, str(path), "exec", flags)
    says = ast.get_docstring(tree) or ""  # type: ignore[arg-type]
    attack = Attack(path.parent.name, path.stem, says, source, path)
    if attack.ends and attack.ends not in (*Kind, "not gradable", "graded"):
        raise ValueError(f"{path}: no kind of ending is named {attack.ends!r}")
    return attack
