"""What a notebook needs to answer a student: hints, ideas, and how misconceptions behave.

It goes to students as `feedback.json`. A misconception is there as the outcomes of its calls in
the public checks; its code stays with the instructor.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from autograder.builder.problems import Problem, SourceError, shown
from autograder.builder.rules import paragraphs, read_lesson
from autograder.builder.running import (
    CellFailed,
    Namespace,
    quiet_place,
    reference_namespace,
    time_limit,
    with_item,
    without_gpu,
)
from autograder.builder.source import CellKind, Lesson
from autograder.misconceptions import Misconception, load_misconceptions
from autograder.paths import CourseError
from utils.checks import Check, check_files, load_checks, run_check
from utils.outcomes import Fingerprint, Result, fingerprint
from utils.student import InProcess

# One wrong solution against one check; an endless loop in a misconception ends here.
SECONDS = 20.0


def feedback_of(lesson: Lesson, root: Path) -> dict[str, dict[str, Any]]:
    """The content of feedback.json: exercise → stars, objective, hints, idea, diagnoses.

    Runs the reference solutions and every misconception in this process.
    Raises `SourceError` when the setup, a solution or a misconception cannot be run.
    """
    checks = []
    for path in check_files(lesson.folder) if lesson.exercises else []:
        try:
            checks += load_checks(path)
        except Exception as error:
            raise SourceError([unreadable(path, root, error)]) from error
    with without_gpu():
        diagnoses = diagnoses_of(lesson, checks, root)
    feedback: dict[str, dict[str, Any]] = {}
    for part, cell in lesson.cells(CellKind.EXERCISE):
        name = cell.name or ""
        texts = {c.kind: c.source for c in part.of(CellKind.HINTS, CellKind.IDEA) if c.name == name}
        entry: dict[str, Any] = {"stars": cell.options["stars"]}
        if "minutes" in cell.options:
            entry["minutes"] = cell.options["minutes"]
        entry["objective"] = cell.options["objective"]
        entry["hints"] = paragraphs(texts.get(CellKind.HINTS, ""))
        entry["idea"] = texts.get(CellKind.IDEA, "")
        entry["diagnoses"] = [mark.to_dict() for mark in diagnoses.get(name, [])]
        feedback[name] = entry
    return feedback


def fingerprints(lesson: Path, checks: Sequence[Check]) -> dict[str, list[Fingerprint]]:
    """How each misconception of a lesson folder behaves in these checks, by exercise.

    The notebook gets those of the public checks; grading asks for public and hidden ones.
    Raises `SourceError`.
    Example: `fingerprints(Path("solutions/01_convolution"), public + hidden)["conv2d"][0].says`.
    """
    root = lesson.resolve().parent.parent
    return diagnoses_of(read_lesson(lesson, root), checks, root)


def diagnoses_of(
    lesson: Lesson, checks: Sequence[Check], root: Path
) -> dict[str, list[Fingerprint]]:
    """`fingerprints` of a lesson that has been read."""
    try:
        items = load_misconceptions(lesson.folder) if lesson.exercises else []
    except CourseError as error:
        raise SourceError([from_course_error(error, lesson.folder, root)]) from error
    known: dict[str, list[Fingerprint]] = {}
    problems = []
    with quiet_place(lesson):
        namespaces = reference_namespaces(lesson)
        for item in items:
            if item.exercise not in namespaces:
                continue  # the linter says so
            try:
                results = run_item(item, namespaces[item.exercise], checks)
            except Exception as error:
                problems.append(_cannot_run(item, root, error))
                continue
            mark = fingerprint(item.name, item.says, results)
            known.setdefault(item.exercise, []).append(mark)
    if problems:
        raise SourceError(problems)
    return known


def reference_namespaces(lesson: Lesson) -> dict[str, Namespace]:
    """By exercise the namespace of its notebook, with every reference solution in it.

    Raises `SourceError` when a solution or a setup cell raises.
    """
    namespaces: dict[str, Namespace] = {}
    for part in lesson.parts:
        try:
            namespace = reference_namespace(part)
        except CellFailed as error:
            remedy = "Mend the cell; the setup cell and the solutions must run on their own"
            problem = f"the cell stops with {error.reason}"
            raise SourceError([Problem(part.file, error.line, problem, remedy)]) from error
        for cell in part.of(CellKind.EXERCISE):
            namespaces[cell.name or ""] = namespace
    return namespaces


def run_item(item: Any, namespace: Namespace, checks: Iterable[Check]) -> list[Result]:
    """The results of a misconception or alternative in the checks of its exercise."""
    backend = InProcess(with_item(namespace, item))
    results = []
    for check in checks:
        if check.exercise == item.exercise:
            with time_limit(SECONDS):
                results.append(run_check(check, backend))
    return results


def as_text(feedback: dict[str, dict[str, Any]]) -> str:
    """The file's text: one line for each fact and each misconception, so that diffs can be read."""
    blocks = []
    for name, entry in feedback.items():
        lines = [f"  {_compact(key)}: {_value(value)}" for key, value in entry.items()]
        blocks.append(f"{_compact(name)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(blocks) + "\n}\n" if blocks else "{}\n"


def _value(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n    " + ",\n    ".join(_compact(item) for item in value) + "\n  ]"
    return _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_course_error(error: CourseError, folder: Path, root: Path) -> Problem:
    """A loader's one-line error (`path:line: what is wrong. What to do.`) as a problem."""
    place, _, rest = str(error).partition(": ")
    path, _, line = place.rpartition(":")
    if not line.isdigit():
        path, line = place, "0"
    problem, _, remedy = rest.partition(". ")
    inside = Path(path) if Path(path).suffix else folder
    return Problem(shown(inside, root), int(line), problem or str(error), remedy or "Mend it")


def _cannot_run(item: Misconception, root: Path, error: Exception) -> Problem:
    problem = f"misconception `{item.name}` cannot be run: {type(error).__name__}: {error}"
    return Problem(shown(item.path, root), item.line, problem, "Mend its definition")


def unreadable(path: Path, root: Path, error: Exception) -> Problem:
    line = getattr(error, "lineno", None) or _last_line(error, path)
    problem = f"cannot be loaded: {type(error).__name__}: {error}"
    return Problem(shown(path, root), line, problem, "Mend the file, then build again")


def _last_line(error: Exception, path: Path) -> int:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 0 for f in reversed(frames) if f.filename == str(path)), 0)
