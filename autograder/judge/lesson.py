"""What the judge knows about a lesson: files of the course's own, never a student's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.builder.diagnoses import known_diagnoses
from autograder.intake import GraderFault
from autograder.judge.needed import Names, asked_by, names_of
from autograder.judge.restore import grade_id
from autograder.paths import Course, CourseError
from utils.checks import Check, load_lesson_checks
from utils.outcomes import Fingerprint

CHECK_SUFFIX = "-check"


@dataclass(frozen=True)
class Exercise:
    """An exercise as the judge sees it: the checks, public ones first, and how mistakes look."""

    name: str
    points: float
    checks: tuple[Check, ...]
    fingerprints: tuple[Fingerprint, ...] = ()


@dataclass(frozen=True)
class TrustedNotebook:
    """A released notebook and, by nbgrader's name of the check cell, the exercises in it.

    `asked` are the names of the student's that the notebook's checks ask for, read from the whole
    files in which these stand; `names` the global names of the released cells, by their source.
    """

    lesson: str
    name: str
    released: NotebookNode
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    names: Mapping[str, Names | None] = field(default_factory=dict)


def load_lesson(course: Course, lesson: str) -> dict[str, TrustedNotebook]:
    """The notebooks of a lesson by name, with public and hidden checks.

    Runs the course's own checks and misconceptions in this process.
    Raises `CourseError` when the lesson was not built or is not as it was released.
    Example: `load_lesson(Course.find(), "01_convolution")["01_convolution"].exercises`.
    """
    return _load(course, lesson, _state(course, lesson))


@lru_cache(maxsize=8)
def _load(course: Course, lesson: str, state: object) -> dict[str, TrustedNotebook]:
    paths = course.released_notebooks(lesson)
    # Public checks as released, hidden ones from where they are edited.
    public, hidden = course.lessons / lesson, course.solutions / lesson
    checks = load_lesson_checks(public) + load_lesson_checks(hidden, hidden=True)
    marks = known_diagnoses(course, lesson, public)
    notebooks = {}
    for path in paths:
        released = nbformat.read(path, as_version=4)
        _refuse_answers(released, path)
        _refuse_odd_metadata(released, path)
        exercises = _exercises(released, checks, marks)
        asked = asked_by(_files_of(exercises.values()))
        names = {c.source: names_of(c.source) for c in released.cells if c.cell_type == "code"}
        notebooks[path.stem] = TrustedNotebook(lesson, path.stem, released, exercises, asked, names)
    return notebooks


def _files_of(exercises: Iterable[Exercise]) -> list[str]:
    """The text of each file in which a check of these exercises stands."""
    checks = (check for exercise in exercises for check in exercise.checks)
    files = {Path(check.function.__code__.co_filename) for check in checks}
    return [path.read_text(encoding="utf-8") for path in sorted(files)]


def _state(course: Course, lesson: str) -> object:
    """Changes whenever a file of the lesson does: a formgrader runs for days."""
    folders = (course.lessons / lesson, course.solutions / lesson)
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


def _refuse_answers(released: NotebookNode, path: Path) -> None:
    """A release in which someone has worked would give its answers to every blank submission."""
    from nbgrader.utils import compute_checksum

    for cell in released.cells:
        checksum = cell.metadata.get("nbgrader", {}).get("checksum")
        if checksum is not None and checksum != compute_checksum(cell):
            raise CourseError(
                f"{path.name} in {path.parent} is not as it was released: someone has worked in "
                f"its cell {grade_id(cell)}. Run `course build`, which keeps a copy of the work."
            )


def _refuse_odd_metadata(released: NotebookNode, path: Path) -> None:
    """What nbgrader's own step asks of every submission: there the metadata is the release's."""
    from nbgrader.nbgraderformat import MetadataValidator, ValidationError

    try:
        MetadataValidator().validate_nb(released)
    except ValidationError as error:
        raise CourseError(
            f"nbgrader cannot read the metadata of {path.name} in {path.parent}: {error} "
            "Run `course build`."
        ) from None


def _exercises(
    released: NotebookNode,
    checks: Sequence[Check],
    fingerprints: Mapping[str, Sequence[Fingerprint]],
) -> dict[str, Exercise]:
    exercises = {}
    for cell in released.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or not marks.get("grade") or marks.get("solution"):
            continue
        name = grade_id(cell).removesuffix(CHECK_SUFFIX)
        own = tuple(check for check in checks if check.exercise == name)
        points, promised = sum(check.points for check in own), float(marks["points"])
        if points != promised:
            raise GraderFault(
                f"The checks of {name} are worth {points:g} points, its cell in the released "
                f"notebook {promised:g}. Run `course build`."
            )
        exercises[grade_id(cell)] = Exercise(name, promised, own, tuple(fingerprints.get(name, ())))
    return exercises
