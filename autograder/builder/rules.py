"""Which cells a lesson may have, and which belong together.

Each rule is a function from a lesson to the problems it finds; `broken_rules` runs them all.
They look at text only: whether solutions pass their checks is the linter's business.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.builder.problems import Problem, SourceError
from autograder.builder.source import NAME, Cell, CellKind, Lesson, Part, part_files, read_part
from autograder.builder.stub import BEGIN, END, RegionError, find_regions, stub
from utils.checks import check_files
from utils.quiz import QuizError, load_quiz

QUIZ = "quiz.yml"
LONGEST_NAME = 40  # nbformat allows 64 characters for a cell id, and `-check` follows
# Words that nbgrader acts on wherever they stand, beside our own solution regions.
RESERVED = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "BEGIN MARK SCHEME", "END MARK SCHEME")
HIDDEN = "hidden_checks.py"
FILES = {
    "checks.py": "Write the public checks there: `from utils.checks import check`",
    HIDDEN: "Write the hidden checks there: `from utils.checks import check`",
}


def read_lesson(folder: Path, root: Path) -> Lesson:
    """Read and check a lesson folder.

    Raises `SourceError` with every problem found.

    >>> read_lesson(Path("solutions/01_convolution"), Path("."))  # doctest: +SKIP
    Lesson(name='01_convolution', …)
    """
    problems: list[Problem] = []
    parts = tuple(read_part(path, root, problems) for path in part_files(folder))
    lesson = Lesson(folder.name, folder, parts)
    problems += broken_rules(lesson)
    if problems:
        raise SourceError(problems)
    return lesson


def broken_rules(lesson: Lesson) -> list[Problem]:
    """Every problem of a lesson's cells and files, in no particular order."""
    rules = (
        _lesson_name,
        _graded_alike,
        _missing_files,
        _quiz,
        _names,
        _exercises,
        _checks,
        _companions,
        _essays,
        _regions,
        _reserved_words,
        _bodies,
    )
    return [problem for rule in rules for problem in rule(lesson)]


def _at(part: Part, line: int, problem: str, remedy: str) -> Problem:
    return Problem(part.file, line, problem, remedy)


def _lesson_name(lesson: Lesson) -> Iterator[Problem]:
    if not re.fullmatch(r"\d\d_[a-z0-9_]+", lesson.name):
        folder = lesson.parts[0].file.rpartition("/")[0]
        yield Problem(folder, 0, f'bad lesson name "{lesson.name}"', "Name it like 01_convolution")


def _graded_alike(lesson: Lesson) -> Iterator[Problem]:
    """All notebooks of a lesson earn marks, or none does."""
    for part in lesson.parts[1:]:
        if part.header.graded is not lesson.graded:
            line = part.header.lines.get("graded", 1)
            problem = "one notebook of the lesson is graded, another is not"
            yield _at(part, line, problem, "Write the same `graded:` into every header")


def _missing_files(lesson: Lesson) -> Iterator[Problem]:
    folder = lesson.parts[0].file.rpartition("/")[0]
    needed = dict(FILES) if lesson.exercises else {}
    if not lesson.graded:
        needed.pop(HIDDEN, None)
        for path in check_files(lesson.folder, hidden=True):
            problem = "hidden checks of a lesson without marks, which nobody would run"
            yield Problem(f"{folder}/{path.name}", 0, problem, "Move them to checks.py")
    needed[QUIZ] = "Write the lesson's quiz there"
    for name, remedy in needed.items():
        if not (lesson.folder / name).is_file():
            yield Problem(f"{folder}/{name}", 0, "file not found", remedy)
    single, several = lesson.folder / "misconceptions.py", lesson.folder / "misconceptions"
    if lesson.exercises and not single.is_file() and not any(several.glob("*.py")):
        remedy = "Write wrong solutions and alternatives there, or in a folder misconceptions/"
        yield Problem(f"{folder}/{single.name}", 0, "file not found", remedy)


def _quiz(lesson: Lesson) -> Iterator[Problem]:
    """The quiz can be shown; whether it asks enough is the linter's business."""
    if not (lesson.folder / QUIZ).is_file():
        return
    file = lesson.parts[0].file.rpartition("/")[0] + "/" + QUIZ
    try:
        load_quiz(lesson.folder / QUIZ)
    except QuizError as error:
        for problem in error.problems:
            yield Problem(file, problem.line, problem.what, problem.remedy)


def _names(lesson: Lesson) -> Iterator[Problem]:
    """Names are names, and each exercise or essay has one of its own."""
    seen: dict[str, str] = {}
    for part, cell in lesson.cells(CellKind.EXERCISE, CellKind.ESSAY):
        name: Any = cell.name
        if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            remedy = f"Use letters, digits and _, at most {LONGEST_NAME} of them"
            yield _at(part, cell.line, f"bad {cell.kind} name {name!r}", remedy)
        elif name in seen:
            problem = f'two {cell.kind}s of one name "{name}" (the other is at {seen[name]})'
            yield _at(part, cell.line, problem, "Rename one of them")
        else:
            seen[name] = f"{part.file}:{cell.line}"


def _exercises(lesson: Lesson) -> Iterator[Problem]:
    for part, cell in lesson.cells(CellKind.EXERCISE):
        stars = cell.options.get("stars")
        if type(stars) is not int or not 1 <= stars <= 3:
            yield _at(part, cell.line, f"stars are {stars!r}", "Write stars=1, stars=2 or stars=3")
        minutes = cell.options.get("minutes", 1)
        if type(minutes) is not int or minutes < 1:
            problem = f"minutes are {minutes!r}"
            yield _at(part, cell.line, problem, "Write a whole number, such as minutes=10")
        objective = cell.options.get("objective")
        if objective is None:
            remedy = 'Add objective="…" with a name from the header\'s objectives'
            yield _at(part, cell.line, f"exercise `{cell.name}` has no objective", remedy)
        elif objective not in part.header.objectives:
            known = ", ".join(part.header.objectives) or "(none yet)"
            problem = f'objective "{objective}" is not declared in the header'
            yield _at(part, cell.line, problem, f"Declare it, or use one of: {known}")
        if not _defines(cell):
            problem = f"exercise `{cell.name}` defines no function or class of that name"
            yield _at(part, cell.line, problem, f"Write `def {cell.name}(…):` in the cell")


def _defines(cell: Cell) -> bool:
    """Whether the cell defines its exercise; True for a cell that is not Python at all."""
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError):
        return True  # `_bodies` says so
    kinds = (ast.FunctionDef, ast.ClassDef)
    return any(isinstance(node, kinds) and node.name == cell.name for node in tree.body)


def _checks(lesson: Lesson) -> Iterator[Problem]:
    """Each exercise has one check, below it in the same notebook; graded, it is worth something."""
    checked: set[str] = set()
    for part in lesson.parts:
        above: set[str | None] = set()
        for cell in part.of(CellKind.EXERCISE, CellKind.CHECK):
            if cell.kind is CellKind.EXERCISE:
                above.add(cell.name)
                continue
            yield from _check_cell(part, cell, lesson.graded)
            if cell.name not in above:
                problem = f'check "{cell.name}" without an exercise of that name above it'
                remedy = f'Put the exercise above it: `# %% exercise="{cell.name}" …`'
                yield _at(part, cell.line, problem, remedy)
            elif cell.name in checked:
                problem = f'a second check of "{cell.name}"'
                yield _at(part, cell.line, problem, "Remove one of them and add its points")
            checked.add(cell.name or "")
    for part, cell in lesson.cells(CellKind.EXERCISE):
        if cell.name not in checked:
            problem = f'exercise "{cell.name}" without a check'
            remedy = f'Add below it `# %% check="{cell.name}" points=…`'
            yield _at(part, cell.line, problem, remedy)


def _check_cell(part: Part, cell: Cell, graded: bool) -> Iterator[Problem]:
    yield from _points(part, cell) if graded else _no_points(part, cell)
    if cell.source:
        remedy = "Leave it empty: the build writes the call; checks go into checks.py"
        yield _at(part, cell.body_line, f'the check cell of "{cell.name}" has a body', remedy)


def _points(part: Part, cell: Cell) -> Iterator[Problem]:
    points = cell.options.get("points")
    if points is None:
        yield _at(part, cell.line, f"{cell.kind} without points", "Add points=… to its header")
        return
    number = isinstance(points, int | float) and not isinstance(points, bool)
    if not number or not math.isfinite(points) or not 0 < points <= 100 or points * 2 % 1:
        remedy = "Write a whole or half number above 0, such as points=4 or points=2.5"
        yield _at(part, cell.line, f"bad points {points!r}", remedy)


def _no_points(part: Part, cell: Cell) -> Iterator[Problem]:
    if "points" in cell.options:
        problem = f"{cell.kind} with points in a lesson that is not graded"
        remedy = "Leave points=… out, or drop `graded: false` from the lesson's header"
        yield _at(part, cell.line, problem, remedy)


def _companions(lesson: Lesson) -> Iterator[Problem]:
    """Hints and ideas belong to an exercise of the same notebook, once each."""
    for part in lesson.parts:
        exercises = {cell.name for cell in part.of(CellKind.EXERCISE)}
        seen: set[tuple[str, str | None]] = set()
        for cell in part.of(CellKind.HINTS, CellKind.IDEA):
            if cell.name not in exercises:
                problem = f'{cell.kind} for "{cell.name}", which is no exercise of this notebook'
                yield _at(part, cell.line, problem, f"Use one of: {', '.join(map(str, exercises))}")
            if (cell.kind, cell.name) in seen:
                problem = f'{cell.kind} of "{cell.name}" given twice'
                yield _at(part, cell.line, problem, "Keep one of the two")
            seen.add((cell.kind, cell.name))
            count = len(paragraphs(cell.source))
            if cell.kind is CellKind.HINTS and count != 3:
                problem = f"{count} hints for `{cell.name}`, not three"
                remedy = "Write three paragraphs, a blank line between: question, idea, near code"
                yield _at(part, cell.line, problem, remedy)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, which blank lines separate."""
    return [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]


def _essays(lesson: Lesson) -> Iterator[Problem]:
    for part, cell in lesson.cells(CellKind.ESSAY):
        if lesson.graded:
            yield from _points(part, cell)
        else:
            problem = f"essay `{cell.name}` in a lesson that is not graded"
            yield _at(part, cell.line, problem, "Ask it in prose: nobody would read the answer")


def _regions(lesson: Lesson) -> Iterator[Problem]:
    """Solution regions are whole, and stand in exercises and essays, nowhere else."""
    for part, cell in lesson.cells(*CellKind):
        graded = cell.kind in (CellKind.EXERCISE, CellKind.ESSAY)
        try:
            regions = find_regions(cell.source)
        except RegionError as error:
            yield _at(part, cell.body_line + error.offset, error.problem, error.remedy)
            continue
        if graded and not regions:
            problem = f"{cell.kind} `{cell.name}` has no solution region"
            remedy = f"Put what students must not see between `{BEGIN}` and `{END}`"
            yield _at(part, cell.line, problem, remedy)
        if regions and not graded:
            problem = "a solution region outside an exercise or essay"
            remedy = 'Give the cell a header such as `# %% exercise="name" …`, or drop the markers'
            yield _at(part, cell.body_line + regions[0][0], problem, remedy)


def _reserved_words(lesson: Lesson) -> Iterator[Problem]:
    for part, cell in lesson.cells(*CellKind):
        for offset, line in enumerate(cell.source.split("\n")):
            for words in RESERVED:
                if words in line:
                    problem = f"`{words}`, at which nbgrader would cut the cell"
                    remedy = "Write hidden checks in hidden_checks.py, and other words here"
                    yield _at(part, cell.body_line + offset, problem, remedy)
            if cell.kind is CellKind.CODE and ("AUTOTEST" in line or "HASHED" in line):
                problem = "`AUTOTEST` or `HASHED`, at which nbgrader would rewrite the cell"
                yield _at(part, cell.body_line + offset, problem, "Use other words")


def _bodies(lesson: Lesson) -> Iterator[Problem]:
    """Cells hold something, and code is Python both as written and as released."""
    for part, cell in lesson.cells(*CellKind):
        if not cell.source.strip():
            if cell.kind is not CellKind.CHECK:
                yield _at(part, cell.line, f"empty {cell.kind} cell", "Write something or drop it")
        elif cell.kind in (CellKind.CODE, CellKind.EXERCISE):
            yield from _python(part, cell)


def _python(part: Part, cell: Cell) -> Iterator[Problem]:
    try:
        compile(cell.source, part.file, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = cell.body_line + (getattr(error, "lineno", None) or 1) - 1
        problem = f"not Python: {getattr(error, 'msg', error)}"
        yield _at(part, line, problem, "Mend it; notebook magics (% and !) cannot be used")
        return
    if cell.kind is not CellKind.EXERCISE:
        return
    try:
        compile(stub(cell.source), part.file, "exec", dont_inherit=True)
    except RegionError:
        return  # `_regions` says so
    except SyntaxError as error:
        problem = f"exercise `{cell.name}` is not Python once its solution is cut out: {error.msg}"
        yield _at(part, cell.line, problem, "Move the solution markers to whole statements")
