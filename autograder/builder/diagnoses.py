"""How each misconception behaves in a lesson's checks, worked out once and kept.

Running every misconception takes seconds; the outcomes depend on the course's files alone. They are
kept in `classroom/cache/`, because those of hidden checks must not be where students look.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

import utils
from autograder import builder
from autograder.builder.problems import (
    Problem,
    SourceError,
    from_course_error,
    shown,
    unreadable,
)
from autograder.builder.rules import read_lesson
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
from autograder.paths import Course, CourseError
from utils.checks import Check, check_files, load_checks, run_check
from utils.outcomes import Fingerprint, Result, fingerprint
from utils.student import InProcess

Diagnoses = dict[str, list[Fingerprint]]

# One wrong solution against one check; an endless loop in a misconception ends here.
SECONDS = 20.0


def known_diagnoses(course: Course, lesson: Lesson | str, public: Path | None = None) -> Diagnoses:
    """The misconceptions' fingerprints by exercise, from the cache where it is up to date.

    They tell of public and hidden checks. The public ones are read from the folder `public`, such
    as the release's; without it they are those of `solutions/`.
    Raises `SourceError` when a check file, a solution or a misconception cannot be run.
    """
    path = cache_file(course, lesson if isinstance(lesson, str) else lesson.name, public)
    try:
        return _read(path)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    if isinstance(lesson, str):
        lesson = read_lesson(course.solutions / lesson, course.root)
    checks = read_checks(lesson, course.root, public)
    with without_gpu():
        _store(path, diagnoses_of(lesson, checks, course.root))
    # Read back, so that a first run and a later one compare with the same rounded numbers.
    return _read(path)


def remember(course: Course, lesson: Lesson, found: Diagnoses) -> None:
    """Keep what somebody who ran all misconceptions without a GPU has found out by the way."""
    if not torch.cuda.is_available():
        _store(cache_file(course, lesson.name), {name: row for name, row in found.items() if row})


def cache_file(course: Course, lesson: str, public: Path | None = None) -> Path:
    """Where the fingerprints of a lesson as it is now are kept."""
    files = [
        *sorted((course.solutions / lesson).rglob("*.py")),
        *check_files(public or course.solutions / lesson),
        *_modules(utils),
        *_modules(builder),
    ]
    digest = hashlib.sha256(torch.__version__.encode())
    for path in files:
        data = path.read_bytes()
        digest.update(f"{path.name} {len(data)} ".encode() + data)
    return course.classroom / "cache" / f"{lesson}-{digest.hexdigest()[:16]}.json"


def read_checks(lesson: Lesson, root: Path, public: Path | None = None) -> list[Check]:
    """The public and hidden checks of a lesson; raises `SourceError` for a file that breaks."""
    checks: list[Check] = []
    hidden = check_files(lesson.folder, hidden=True) if lesson.graded else []
    for path in [*check_files(public or lesson.folder), *hidden]:
        try:
            checks += load_checks(path, hidden=path in hidden)
        except Exception as error:
            raise SourceError([unreadable(path, root, error)]) from error
    return checks


def diagnoses_of(lesson: Lesson, checks: Sequence[Check], root: Path) -> Diagnoses:
    """How each misconception of a lesson behaves in these checks, by exercise.

    Raises `SourceError`.
    """
    try:
        items = load_misconceptions(lesson.folder) if lesson.exercises else []
    except CourseError as error:
        raise SourceError([from_course_error(error, lesson.folder, root)]) from error
    known: Diagnoses = {}
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


def _cannot_run(item: Misconception, root: Path, error: Exception) -> Problem:
    problem = f"misconception `{item.name}` cannot be run: {type(error).__name__}: {error}"
    return Problem(shown(item.path, root), item.line, problem, "Mend its definition")


def _modules(package: Any) -> Iterator[Path]:
    for folder in package.__path__:
        yield from sorted(Path(folder).rglob("*.py"))


def _read(path: Path) -> Diagnoses:
    data = json.loads(path.read_text(encoding="utf-8"))
    return {name: [Fingerprint.from_dict(one) for one in row] for name, row in data.items()}


def _store(path: Path, found: Diagnoses) -> None:
    """Write in one step, in place of older ones: several workers may do so at once."""
    data = {name: [mark.to_dict() for mark in row] for name, row in found.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    lesson = path.stem.rpartition("-")[0]
    for old in path.parent.glob(f"{lesson}-*.json"):
        old.unlink(missing_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(json.dumps(data), encoding="utf-8")
    os.replace(part, path)
