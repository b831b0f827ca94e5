"""The course's own linter: `course lint`.

A lesson is in order when every stub fails, every solution and alternative passes, every
misconception fails with its own diagnosis, and everything a lesson must have is there.
Each problem says where it is and what to do.

`text` has the rules that only read, `runs` those that run solutions against checks,
`folders` those about the files around them.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from autograder.builder.problems import Problem, SourceError
from autograder.builder.rules import read_lesson
from autograder.builder.weights import weight_problems
from autograder.grade.run import cores
from autograder.lint import folders, runs, text
from autograder.lint.standard import Standard
from autograder.paths import Course, CourseError

__all__ = ["Problem", "Standard", "lint", "lint_exercise"]


def lint(
    course: Course, lessons: Sequence[str] | None = None, standard: Standard | None = None
) -> list[Problem]:
    """Every problem of these lessons (by name or number; all by default), by file and line.

    Example: `for problem in lint(Course.find(), ["01"]): print(problem)`.
    """
    course = Course(course.root.resolve())  # the rules that run cells leave the working folder
    standard = standard or Standard()
    names = sorted({course.lesson(name) for name in lessons or course.lesson_names()})
    problems = {problem for found in _each(course, names, standard) for problem in found}
    if lessons is None:
        problems |= set(folders.without_source(course))
    return sorted(problems)


def lint_exercise(
    course: Course, lesson: str, exercise: str, standard: Standard | None = None
) -> list[Problem]:
    """The problems of one exercise's stub, solution, misconceptions and alternatives: a quick look.

    Raises `SourceError` for a lesson that cannot be read, `CourseError` for an unknown exercise.
    Example: `lint_exercise(Course.find(), "01", "conv2d")`.
    """
    course = Course(course.root.resolve())
    read = read_lesson(course.solutions / course.lesson(lesson), course.root)
    if exercise not in read.exercises:
        known = ", ".join(read.exercises)
        raise CourseError(f"{read.name} has no exercise {exercise!r}. Use one of: {known}.")
    return sorted(set(runs.problems(course, read, standard or Standard(), only=exercise)))


def _each(course: Course, names: list[str], standard: Standard) -> list[list[Problem]]:
    """The problems lesson by lesson, several lessons at once where there are several cores."""
    work = partial(lint_lesson, course, standard=standard)
    if len(names) == 1:
        return [work(names[0])]
    # Fresh processes: torch's threads do not survive a fork.
    fresh = multiprocessing.get_context("spawn")
    count = min(cores(), len(names))
    with ProcessPoolExecutor(count, mp_context=fresh) as pool:
        return list(pool.map(work, reversed(names)))  # the later ones are the longest


def lint_lesson(course: Course, name: str, standard: Standard) -> list[Problem]:
    """The problems of one lesson; a source that cannot be read ends with those."""
    problems = list(folders.strays(course, name))
    problems += weight_problems(course.solutions / name, course.root)
    try:
        lesson = read_lesson(course.solutions / name, course.root)
    except SourceError as error:
        return problems + error.problems
    problems += text.problems(course, lesson, standard)
    problems += runs.problems(course, lesson, standard)
    # What stops a build has been said already, so say it only where nothing else did.
    problems += folders.released(course, lesson, standard, already=bool(problems))
    return problems
