"""Read `lesson.py` (jupytext's py:percent format) into cells, or say what is wrong with it.

A lesson is a folder `solutions/NN_topic/` with one notebook for each of `lesson.py`,
`lesson_2.py`, … A file starts with a YAML header between two lines `# ---`:

    # ---
    # title: Convolution
    # title_ko: 합성곱
    # minutes: 90
    # objectives:
    #   loops: write a convolution as loops
    # ---

(`# graded: false` above the objectives makes it a lesson without marks)
and goes on with cells, each after a line `# %%` that says what the cell is:

    # %% [markdown]                                          prose in r\"""…\"""
    # %%                                                     ordinary code
    # %% exercise="conv2d" stars=2 objective="loops"         what the student fills in
    # %% hints="conv2d"                                      three paragraphs in r\"""…\"""
    # %% idea="conv2d"                                       the solution's idea in r\"""…\"""
    # %% check="conv2d" points=5                             empty: the build writes the call;
                                                             no points where nothing is graded
    # %% [markdown] essay="why_shared" points=10             prose with a solution region

Nothing is executed here.
Reading goes on after a mistake, so that one run shows them all; see `SourceError`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from autograder.builder.header import Header, read_header
from autograder.builder.problems import Problem, shown
from utils.checks import check_files, numbered_files
from utils.weights import WEIGHTS

QUIZ = "quiz.yml"
IMAGES = "images"  # a folder for a lesson's own pictures, which its Markdown shows
NAME = re.compile(r"[a-z][A-Za-z0-9_]*|[A-Z][A-Za-z0-9_]*")
MARKER = re.compile(r"^# %%(?!%)(?P<rest>.*)$")
ALMOST_MARKER = re.compile(r"^(#%%|# %%%|#\s+%%(?!\w))")
OPTION = re.compile(r'\s*(?P<key>[A-Za-z_]\w*)\s*=\s*(?P<value>"(?:[^"\\]|\\.)*"|[^\s"]+)(?=\s|$)')


class CellKind(StrEnum):
    """What a cell is for."""

    MARKDOWN = "markdown"
    CODE = "code"
    EXERCISE = "exercise"
    CHECK = "check"
    HINTS = "hints"
    IDEA = "idea"
    ESSAY = "essay"

    @property
    def prose(self) -> bool:
        """Whether the body is text in r\"""…\""" and not Python."""
        return self in (CellKind.MARKDOWN, CellKind.HINTS, CellKind.IDEA, CellKind.ESSAY)


# The header keys of each kind; the kind's own key (exercise="…") carries the name.
KEYS: dict[CellKind, tuple[str, ...]] = {
    CellKind.MARKDOWN: (),
    CellKind.CODE: (),
    CellKind.EXERCISE: ("exercise", "stars", "objective", "minutes"),
    CellKind.CHECK: ("check", "points"),
    CellKind.HINTS: ("hints",),
    CellKind.IDEA: ("idea",),
    CellKind.ESSAY: ("essay", "points"),
}
ROLES = tuple(
    kind for kind in CellKind if kind.value in KEYS[kind]
)  # the kinds that are named by a key


@dataclass(frozen=True)
class Cell:
    """One cell; `line` is the line of its `# %%`, the body starts on the line `body_line`."""

    kind: CellKind
    name: str | None
    options: dict[str, Any]
    source: str
    line: int
    body_line: int


@dataclass(frozen=True)
class Part:
    """One notebook of a lesson: `notebook` is its file name without the ending."""

    path: Path
    file: str
    notebook: str
    header: Header
    cells: tuple[Cell, ...]

    def of(self, *kinds: CellKind) -> tuple[Cell, ...]:
        """The cells of these kinds, in order."""
        return tuple(cell for cell in self.cells if cell.kind in kinds)


@dataclass(frozen=True)
class Lesson:
    """A lesson folder, read: its name (`01_convolution`) and its notebooks in order."""

    name: str
    folder: Path
    parts: tuple[Part, ...]

    def cells(self, *kinds: CellKind) -> Iterator[tuple[Part, Cell]]:
        """Every cell of these kinds with the notebook that it belongs to."""
        for part in self.parts:
            for cell in part.of(*kinds):
                yield part, cell

    @property
    def exercises(self) -> dict[str, Cell]:
        """The exercise cells by name, in order."""
        return {cell.name or "": cell for _, cell in self.cells(CellKind.EXERCISE)}

    def public_files(self) -> list[Path]:
        """The files that students get as they are: public checks, quiz, pictures, weights."""
        quiz = [path for path in [self.folder / QUIZ] if path.is_file()]
        pictures = sorted((self.folder / IMAGES).glob("*"))
        weights = sorted((self.folder / WEIGHTS).glob("*.safetensors"))
        return check_files(self.folder) + quiz + pictures + weights

    @property
    def graded(self) -> bool:
        """Whether the lesson earns marks; its first notebook's header says so for all of them."""
        return self.parts[0].header.graded

    @property
    def points(self) -> float:
        """What the whole lesson is worth."""
        graded = self.cells(CellKind.CHECK, CellKind.ESSAY)
        return float(sum(cell.options.get("points", 0) for _, cell in graded))


def part_files(folder: Path) -> list[Path]:
    """`lesson.py`, `lesson_2.py`, … of a lesson folder, in order."""
    return numbered_files(folder, "lesson") or [folder / "lesson.py"]


def read_part(path: Path, root: Path, problems: list[Problem]) -> Part:
    """Read one notebook's source; what is wrong is added to `problems`."""
    reader = _Reader(shown(path, root), problems)
    header, cells = Header(), []
    text = reader.text(path)
    if text is not None:
        lines = text.split("\n")
        header, start = read_header(lines, reader.wrong)
        cells = reader.cells(lines, start)
    number = path.stem.removeprefix("lesson")
    return Part(path, reader.file, path.parent.name + number, header, tuple(cells))


class _Reader:
    """Reads one file and notes what is wrong with it."""

    def __init__(self, file: str, problems: list[Problem]):
        self.file = file
        self.problems = problems

    def wrong(self, line: int, problem: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, problem, remedy))

    def text(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.wrong(0, "file not found", "Write it: it holds the lesson's notebook as cells")
        except UnicodeDecodeError as error:
            self.wrong(0, f"not UTF-8 text ({error.reason})", "Save the file as UTF-8")
        return None

    def cells(self, lines: list[str], start: int) -> list[Cell]:
        marks = [i for i in range(start, len(lines)) if MARKER.match(lines[i])]
        for i in range(start, len(lines)):
            if i not in marks and ALMOST_MARKER.match(lines[i]):
                self.wrong(i + 1, "not a cell marker, though it looks like one", "Write `# %% …`")
        first = marks[0] if marks else len(lines)
        for i in range(start, first):
            if lines[i].strip():
                self.wrong(i + 1, "text before the first cell", "Put a line `# %%` above it")
                break
        if not marks:
            self.wrong(len(lines), "no cell", "Write cells, each after a line `# %%`")
        cells = []
        for mark, end in pairwise([*marks, len(lines)]):
            cell = self._cell(lines, mark, end)
            if cell is not None:
                cells.append(cell)
        return cells

    def _cell(self, lines: list[str], mark: int, end: int) -> Cell | None:
        match = MARKER.match(lines[mark])
        assert match is not None
        header = self._cell_header(match["rest"], mark + 1)
        if header is None:
            return None
        kind, options = header
        first = mark + 1
        while first < end and not lines[first].strip():
            first += 1
        body = "\n".join(lines[first:end]).rstrip()
        if kind.prose:
            return self._prose_cell(kind, options, body, mark + 1, first + 1)
        name = options.get(kind.value)
        return Cell(kind, name, options, body, mark + 1, first + 1)

    def _cell_header(self, rest: str, line: int) -> tuple[CellKind, dict[str, Any]] | None:
        bracket = re.match(r"\s*\[([^\]]*)\]", rest)
        if bracket and bracket[1] != "markdown":
            self.wrong(line, f"unknown kind of cell [{bracket[1]}]", "Use [markdown] or nothing")
            return None
        options = self._options(rest[bracket.end() :] if bracket else rest, line)
        if options is None:
            return None
        roles = [kind for kind in ROLES if kind.value in options]
        if len(roles) > 1:
            both = " and ".join(roles)
            self.wrong(line, f"a cell cannot be {both} at once", "Make a cell for each")
            return None
        kind = roles[0] if roles else CellKind.MARKDOWN if bracket else CellKind.CODE
        if (kind is CellKind.ESSAY) != bool(bracket) and roles:
            right = f"# %% {'[markdown] ' if kind is CellKind.ESSAY else ''}{kind}=…"
            self.wrong(line, f"wrong kind of cell for `{kind}`", f"Write `{right}`")
            return None
        return kind, self._known(kind, options, line)

    def _options(self, text: str, line: int) -> dict[str, Any] | None:
        options: dict[str, Any] = {}
        position = 0
        while text[position:].strip():
            match = OPTION.match(text, position)
            if match is None:
                self.wrong(
                    line,
                    f"cannot read `{text[position:].strip()}` in the cell's header",
                    'Write key="text" or key=number, with one space between',
                )
                return None
            key, value = match["key"], match["value"]
            if key in options:
                self.wrong(line, f'header key "{key}" is given twice', "Keep one of the two")
            try:
                options[key] = json.loads(value)
            except ValueError:
                self.wrong(line, f"{key}={value} is not a number", f'For text, write {key}="…"')
                return None
            position = match.end()
        return options

    def _known(self, kind: CellKind, options: dict[str, Any], line: int) -> dict[str, Any]:
        """The options without unknown ones, each of which is noted."""
        known = KEYS[kind] or tuple(key.value for key in ROLES)
        for key in options:
            if key not in KEYS[kind]:
                self.wrong(line, f'unknown header key "{key}"', f"Use one of: {', '.join(known)}")
        return {key: value for key, value in options.items() if key in KEYS[kind]}

    def _prose_cell(
        self, kind: CellKind, options: dict[str, Any], body: str, line: int, body_line: int
    ) -> Cell:
        name = options.get(kind.value)
        quoted = re.fullmatch(r'(r""")(.*?)(""")?', body, re.DOTALL)
        text = ""
        if quoted is None:
            self.wrong(
                body_line if body else line,
                "a prose cell that is not text in quotes",
                'Write r""" on a line of its own, then the prose, then """',
            )
        elif quoted[3] is None:
            self.wrong(body_line, 'the text in r"""…""" is left open', 'Close it with a line """')
        else:
            text = quoted[2]
        inside = text.split("\n")
        for offset, prose in enumerate(inside):
            if '"""' in prose:
                self.wrong(
                    body_line + offset,
                    'Markdown containing `"""`, which would end the cell here',
                    "Write ''' instead, or put what you quote into a code cell",
                )
        leading = len(text) - len(text.lstrip("\n"))
        return Cell(kind, name, options, text.strip("\n").rstrip(), line, body_line + leading)
