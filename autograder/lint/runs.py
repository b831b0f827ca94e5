"""Rules that run solutions against checks, in this process."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

from autograder.builder.diagnoses import (
    SECONDS,
    Diagnoses,
    read_checks,
    reference_namespaces,
    remember,
)
from autograder.builder.problems import Problem, SourceError, from_course_error, shown
from autograder.builder.running import (
    CellFailed,
    Namespace,
    fresh_namespace,
    quiet_place,
    run_cell,
    time_limit,
    with_item,
    with_source,
)
from autograder.builder.source import Cell, CellKind, Lesson, Part
from autograder.builder.stub import stub
from autograder.lint.standard import Standard
from autograder.misconceptions import Item, Misconception, load_alternatives, load_misconceptions
from autograder.paths import Course, CourseError
from utils import training
from utils.checks import Check, run_check
from utils.describe import describe
from utils.invoke import How, Reply
from utils.outcomes import Fingerprint, Result, diagnose, fingerprint
from utils.student import InProcess, Target
from utils.verdicts import Kind

CELL_SECONDS = 300.0
# Values that a function might return by mistake or mischief.
HOSTILE: tuple[Any, ...] = (
    None,
    "text",
    [],
    {"a": 1},
    math.nan,
    torch.empty(0),
    torch.tensor(1 + 2j),
    [torch.zeros(1), None],
)


class Watching(InProcess):
    """Answers a check's calls and remembers whether tensors came in and a device was tried."""

    def __init__(self, namespace: Namespace):
        super().__init__(namespace)
        self.tensors = False
        self.device = False

    def invoke(self, target: Target, how: str, args: tuple, kwargs: dict) -> Reply:
        given = [*args, *kwargs.values()]
        self.tensors |= any(isinstance(value, torch.Tensor) for value in given)
        self.device |= how == How.DEVICE
        return super().invoke(target, how, args, kwargs)


@dataclass(frozen=True)
class Exercise:
    """An exercise with all that is said and done about it."""

    part: Part
    cell: Cell
    namespace: Namespace
    checks: list[Check] = field(default_factory=list)
    misconceptions: list[Misconception] = field(default_factory=list)
    alternatives: list[Item] = field(default_factory=list)
    marks: list[Fingerprint] = field(default_factory=list)  # of the misconceptions that were run

    @property
    def name(self) -> str:
        return self.cell.name or ""


@dataclass(frozen=True)
class Files:
    """Where problems of checks and misconceptions are: their files as messages show them."""

    course: Course
    lesson: Lesson

    def check(self, check: Check, problem: str, remedy: str) -> Problem:
        file = shown(self.lesson.folder / check.file, self.course.root)
        return Problem(file, check.line, problem, remedy)

    def item(self, item: Item, problem: str, remedy: str) -> Problem:
        return Problem(shown(item.path, self.course.root), item.line, problem, remedy)


def problems(
    course: Course, lesson: Lesson, standard: Standard, only: str | None = None
) -> list[Problem]:
    """Run the lesson's cells, then every solution, stub and misconception against its checks.

    With `only` the name of one exercise, the cells between the exercises are left out.
    """
    with quiet_place(lesson):
        files = Files(course, lesson)
        found = [] if only else [problem for part in lesson.parts for problem in _runs(part)]
        return found + list(_problems(files, course, lesson, standard, only))


def _runs(part: Part) -> Iterator[Problem]:
    yield from _cells_run(part)
    yield from _released_cells_run(part)


def _problems(
    files: Files, course: Course, lesson: Lesson, standard: Standard, only: str | None
) -> Iterator[Problem]:
    try:
        checks = read_checks(lesson, course.root) if lesson.exercises else []
        namespaces = reference_namespaces(lesson)
        misconceptions = load_misconceptions(lesson.folder) if lesson.exercises else []
        alternatives = load_alternatives(lesson.folder) if lesson.exercises else []
    except SourceError as error:
        yield from error.problems
        return
    except CourseError as error:
        yield from_course_error(error, lesson.folder, course.root)
        return
    yield from _unknown_exercises(files, checks, [*misconceptions, *alternatives])
    marks: Diagnoses = {}
    for part, cell in lesson.cells(CellKind.EXERCISE):
        if only not in (None, cell.name):
            continue
        exercise = Exercise(
            part,
            cell,
            namespaces[cell.name or ""],
            [check for check in checks if check.exercise == cell.name],
            [item for item in misconceptions if item.exercise == cell.name],
            [item for item in alternatives if item.exercise == cell.name],
        )
        yield from _counts(exercise, standard, lesson.graded)
        yield from _check_texts(files, exercise)
        if exercise.checks:
            yield from _points(exercise) if lesson.graded else _no_points(files, exercise)
            yield from _reference(exercise)
            yield from _stub(exercise)
            yield from _hostile(files, exercise)
            yield from _alternatives(files, exercise)
            yield from _misconceptions(files, exercise)
            marks[exercise.name] = exercise.marks
    if sum(map(len, marks.values())) == len(misconceptions):
        remember(course, lesson, marks)


def _cells_run(part: Part) -> Iterator[Problem]:
    """The notebook runs from top to bottom, and leaves no figure without an alt text."""
    from matplotlib import pyplot as plt

    namespace = fresh_namespace()
    for cell in part.of(CellKind.CODE, CellKind.EXERCISE):
        try:
            with time_limit(CELL_SECONDS):
                run_cell(part, cell, namespace)
        except CellFailed as error:
            remedy = "Mend it: the solution's notebook must run from top to bottom"
            yield Problem(part.file, error.line, f"the cell stops with {error.reason}", remedy)
            return
        if plt.get_fignums():
            plt.close("all")
            problem = "the cell leaves a figure open, which a notebook shows without alt text"
            yield Problem(part.file, cell.line, problem, "Show it with plots.show(fig, alt=…)")


def _released_cells_run(part: Part) -> Iterator[Problem]:
    """Before anything is answered "Run All" comes to the end: demonstrations wait with `ready`."""
    namespace = fresh_namespace()
    for cell in part.of(CellKind.CODE, CellKind.EXERCISE):
        released = stub(cell.source) if cell.kind is CellKind.EXERCISE else cell.source
        try:
            with time_limit(CELL_SECONDS), training.hurried():
                run_cell(part, cell, namespace, released)
        except CellFailed as error:
            if isinstance(error.__cause__, NotImplementedError) and cell.kind is CellKind.EXERCISE:
                continue  # `_stub` looks at these
            problem = f"with nothing answered yet, the cell stops with {error.reason}"
            remedy = "Begin it with `if ready(…):`, naming what it waits for"
            yield Problem(part.file, cell.line, problem, remedy)
            return


def _unknown_exercises(files: Files, checks: list[Check], items: list[Any]) -> Iterator[Problem]:
    known = files.lesson.exercises
    use = f"Use one of: {', '.join(known)}"
    for check in checks:
        if check.exercise not in known:
            yield files.check(check, f'no exercise "{check.exercise}" in this lesson', use)
    for item in items:
        if item.exercise not in known:
            yield files.item(item, f'no exercise "{item.exercise}" in this lesson', use)


def _counts(exercise: Exercise, standard: Standard, graded: bool) -> Iterator[Problem]:
    hidden = sum(check.hidden for check in exercise.checks)
    for what, count, least, file in (
        ("public checks", len(exercise.checks) - hidden, standard.public_checks, "checks.py"),
        ("hidden checks", hidden, standard.hidden_checks * graded, "hidden_checks.py"),
        ("misconceptions", len(exercise.misconceptions), standard.misconceptions, "misconceptions"),
        ("alternatives", len(exercise.alternatives), standard.alternatives, "misconceptions"),
    ):
        if count < least:
            problem = f"exercise `{exercise.name}` has {count} {what}, fewer than {least}"
            yield _at(exercise, problem, f"Write more of them in {file}")


def _check_texts(files: Files, exercise: Exercise) -> Iterator[Problem]:
    names: set[str] = set()
    for check in exercise.checks:
        if not check.title.strip():
            remedy = "Give it a docstring: students see its first line as the check's title"
            yield files.check(check, f"check `{check.name}` has no docstring", remedy)
        if check.name in names:
            problem = f"a second check `{check.name}` of `{exercise.name}`"
            yield files.check(check, problem, "Rename one: results are kept by name")
        names.add(check.name)


def _points(exercise: Exercise) -> Iterator[Problem]:
    cell = next(c for c in exercise.part.of(CellKind.CHECK) if c.name == exercise.name)
    worth = sum(check.points for check in exercise.checks)
    if abs(worth - cell.options["points"]) > 1e-9:
        problem = f"the cell is worth {cell.options['points']:g} points, its checks {worth:g}"
        remedy = f"Write points={worth:g}, or change the points of the checks"
        yield Problem(exercise.part.file, cell.line, problem, remedy)


def _no_points(files: Files, exercise: Exercise) -> Iterator[Problem]:
    for check in exercise.checks:
        if check.points:
            problem = f"check `{check.name}` has points in a lesson that is not graded"
            yield files.check(check, problem, f'Write `@check("{exercise.name}")` alone')


def _reference(exercise: Exercise) -> Iterator[Problem]:
    """The solution passes everything; where a tensor comes in, a check tries another device."""
    backend = Watching(exercise.namespace)
    for result in _results(exercise.checks, backend):
        if not result.verdict.passed:
            problem = f"the solution of `{exercise.name}` fails {_told(result)}"
            yield _at(exercise, problem, "Mend the solution or the check")
    if backend.tensors and not backend.device:
        problem = f"`{exercise.name}` takes a tensor, but no check tries it on another device"
        yield _at(exercise, problem, "Add a check that calls expect_same_on_device")


def _stub(exercise: Exercise) -> Iterator[Problem]:
    """What a student starts with counts as unanswered in every check."""
    source = stub(exercise.cell.source)
    try:
        solved = with_source(exercise.part, exercise.cell, exercise.namespace, source)
    except CellFailed as error:
        if not isinstance(error.__cause__, NotImplementedError):
            remedy = "A released cell must run, or stop with NotImplementedError"
            yield Problem(exercise.part.file, error.line, f"the stub stops: {error.reason}", remedy)
            return
        solved = {k: v for k, v in exercise.namespace.items() if k != exercise.name}
    for result in _results(exercise.checks, InProcess(solved)):
        if result.verdict.kind is not Kind.UNANSWERED:
            problem = f"the stub of `{exercise.name}` is not unanswered: {_told(result)}"
            yield _at(exercise, problem, "Let each check call the student's function first")


def _hostile(files: Files, exercise: Exercise) -> Iterator[Problem]:
    """Whatever a function returns, its checks say what is wrong: none passes, none breaks."""
    if not callable(exercise.namespace.get(exercise.name)) or _is_class(exercise):
        return
    told: set[str] = set()
    for value in HOSTILE:
        backend = InProcess(exercise.namespace | {exercise.name: lambda *args, **kw: value})  # noqa: B023
        for check, result in zip(exercise.checks, _results(exercise.checks, backend), strict=True):
            if check.name in told:
                continue
            returned = f"returns {describe(value)}"
            if result.verdict.kind is Kind.GRADER_FAULT:
                reason = result.verdict.message.partition("(")[2].partition(")")[0]
                problem = (
                    f"check `{check.name}` itself fails where the function {returned} ({reason})"
                )
                yield files.check(check, problem, "Hand each value to an expect_… as it comes")
                told.add(check.name)
            elif result.verdict.passed:
                problem = f"check `{check.name}` passes a function that {returned}"
                yield files.check(check, problem, "Expect a value that only a right answer has")
                told.add(check.name)


def _is_class(exercise: Exercise) -> bool:
    return isinstance(exercise.namespace[exercise.name], type)


def _alternatives(files: Files, exercise: Exercise) -> Iterator[Problem]:
    for item in exercise.alternatives:
        try:
            backend = InProcess(with_item(exercise.namespace, item))
        except Exception as error:
            yield _cannot_run(files, item, error)
            continue
        for result in _results(exercise.checks, backend):
            if not result.verdict.passed:
                problem = f"alternative `{item.name}` fails {_told(result)}"
                remedy = "It is right: widen the check. It is wrong: make it a misconception"
                yield files.item(item, problem, remedy)


def _misconceptions(files: Files, exercise: Exercise) -> Iterator[Problem]:
    """Each fails, and both the grader and the notebook call it by its own name."""
    tried: list[tuple[Misconception, list[Result]]] = []
    for item in exercise.misconceptions:
        try:
            backend = InProcess(with_item(exercise.namespace, item))
        except Exception as error:
            yield _cannot_run(files, item, error)
            continue
        tried.append((item, _results(exercise.checks, backend)))
    exercise.marks.extend(fingerprint(item.name, item.says, results) for item, results in tried)
    public = {check.name for check in exercise.checks if not check.hidden}
    for item, results in tried:
        failing = [result for result in results if not result.verdict.passed]
        if not failing:
            problem = f"misconception `{item.name}` passes every check"
            yield files.item(item, problem, "Add a check that it fails, or drop it")
        for result in failing:
            if result.verdict.kind not in (Kind.WRONG, Kind.CRASHED):
                problem = f"misconception `{item.name}` is not recognised: {_told(result)}"
                yield files.item(item, problem, "It must give a wrong value, or raise an error")
    yield from _mistaken(files, tried, "")
    in_notebook = [
        (item, [result for result in results if result.verdict.check in public])
        for item, results in tried
    ]
    yield from _mistaken(files, in_notebook, " in the notebook")


def _mistaken(
    files: Files, tried: list[tuple[Misconception, list[Result]]], where: str
) -> Iterator[Problem]:
    """Misconceptions that get another one's diagnosis.

    In a notebook only the sentence is told: there two may be one, if they have the same.
    """
    known: list[Fingerprint] = [fingerprint(i.name, i.says, results) for i, results in tried]
    for item, results in tried:
        twins = {i.name for i, _ in tried if where and i.says == item.says}
        named = {v.misconception for v in diagnose(results, known) if v.misconception}
        for other in sorted(named - twins - {item.name}):
            problem = f"misconception `{item.name}` is taken for `{other}`{where}"
            remedy = "Add a check that tells them apart" + (
                " to checks.py" if where else ", or make one of the two"
            )
            yield files.item(item, problem, remedy)


def _results(checks: list[Check], backend: InProcess) -> list[Result]:
    results = []
    for check in checks:
        with time_limit(SECONDS):
            results.append(run_check(check, backend))
    return results


def _told(result: Result) -> str:
    verdict = result.verdict
    place = "hidden check" if verdict.hidden else "check"
    said = verdict.message.rstrip(".")
    return f"{place} `{verdict.check}` ({verdict.kind}{': ' + said if said else ''})"


def _cannot_run(files: Files, item: Item, error: Exception) -> Problem:
    problem = f"`{item.name}` cannot be run: {type(error).__name__}: {error}"
    return files.item(item, problem, "Mend its definition")


def _at(exercise: Exercise, problem: str, remedy: str) -> Problem:
    return Problem(exercise.part.file, exercise.cell.line, problem, remedy)
