"""`course check`: the public checks on a saved notebook, without opening it.

Needs nothing that a student does not have: the lesson's folder, and no hidden check.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from autograder.intake import GraderFault, NotGradable, parse, read_file
from autograder.judge import judge_notebook, kernels
from autograder.judge.lesson import CHECK_SUFFIX, Exercise, TrustedNotebook
from autograder.judge.needed import asked_by
from autograder.judge.restore import grade_id
from autograder.paths import Course, CourseError
from utils.checks import Check, check_files, load_lesson_checks
from utils.notebook import fingerprints
from utils.verdicts import Verdict


def check_notebook(
    course: Course, lesson: str, path: Path | None = None
) -> dict[str, list[Verdict]]:
    """The verdicts of a lesson's public checks by exercise, for notebooks as they were saved.

    `path` is one notebook; without it all of the lesson's own, in `lessons/`. The cells of each run
    in a process of their own. Raises `CourseError` when there is no such notebook or it is not one.
    Example: `check_notebook(Course.find(), "01_convolution")["conv2d"][0].passed`.
    """
    folder = course.lessons / lesson
    if path is not None and not path.is_file():
        raise CourseError(f"There is no notebook at {path}. Name one with --notebook PATH.")
    verdicts: dict[str, list[Verdict]] = {}
    try:
        for notebook in [path] if path else course.released_notebooks(lesson):
            trusted = _public_part(folder, notebook)
            start = partial(kernels.start_kernel, folder)
            verdicts |= judge_notebook(trusted.released, trusted, start).verdicts
    except GraderFault as fault:
        raise CourseError(str(fault)) from fault
    finally:
        kernels.close()
    return verdicts


def _public_part(folder: Path, path: Path) -> TrustedNotebook:
    """The saved notebook with the public checks of those exercises that it has."""
    try:
        notebook = parse(read_file(path), path.name)
    except NotGradable as reason:
        raise CourseError(str(reason)) from None
    checks = load_lesson_checks(folder)
    cells = {grade_id(cell) for cell in notebook.cells}
    exercises = {
        f"{name}{CHECK_SUFFIX}": _exercise(folder, name, checks)
        for name in dict.fromkeys(check.exercise for check in checks)
        if f"{name}{CHECK_SUFFIX}" in cells
    }
    if not exercises:
        raise CourseError(
            f"{path} has no exercise of {folder.name}. Name another with --notebook PATH."
        )
    asked = asked_by(path.read_text(encoding="utf-8") for path in check_files(folder))
    return TrustedNotebook(folder.name, path.stem, notebook, exercises, asked)


def _exercise(folder: Path, name: str, checks: list[Check]) -> Exercise:
    own = tuple(check for check in checks if check.exercise == name)
    points = sum(check.points for check in own)
    return Exercise(name, points, own, tuple(fingerprints(folder, name)))
