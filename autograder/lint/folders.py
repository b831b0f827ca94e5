"""Rules about files: nothing astray, nothing too large, `lessons/` in step with `solutions/`."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import nbformat

from autograder.builder.assignment import BuildError
from autograder.builder.problems import Problem, SourceError, shown
from autograder.builder.release import stale
from autograder.builder.source import IMAGES, Lesson
from autograder.builder.weights import RECIPES
from autograder.lint.standard import Standard
from autograder.paths import Course
from utils.weights import WEIGHTS

SOURCES = (
    "lesson.py",
    "lesson_[2-9].py",
    "checks.py",
    "checks_[2-9].py",
    "hidden_checks.py",
    "hidden_checks_[2-9].py",
    "misconceptions.py",
    "misconceptions/*.py",
    "quiz.yml",
    "calibration.py",
    "calibration.md",
    RECIPES,
    f"{IMAGES}/*",
    f"{WEIGHTS}/*.safetensors",
)
LEFT_BY_TOOLS = {"__pycache__", ".ipynb_checkpoints"}


def strays(course: Course, name: str) -> Iterator[Problem]:
    """Files of `solutions/NN` that no part of the course reads."""
    folder = course.solutions / name
    for path in _files(folder):
        relative = path.relative_to(folder).as_posix()
        if not any(fnmatch(relative, pattern) for pattern in SOURCES):
            remedy = f"Remove it, or use one of: {', '.join(SOURCES)}"
            yield Problem(shown(path, course.root), 0, "a stray file", remedy)


def without_source(course: Course) -> Iterator[Problem]:
    """Folders of `lessons/` that belong to no lesson of `solutions/`."""
    names = set(course.lesson_names())
    for path in sorted(course.lessons.glob("*")) if course.lessons.is_dir() else []:
        if path.name not in names and not path.name.startswith("."):
            remedy = "Remove it; lessons/ holds only what `course build` makes"
            yield Problem(shown(path, course.root), 0, "no lesson of this name", remedy)


def released(
    course: Course, lesson: Lesson, standard: Standard, *, already: bool
) -> Iterator[Problem]:
    """Problems of `lessons/NN`, and files that are too large.

    With `already` a build that fails is not reported again.
    """
    yield from _too_large(course, lesson, standard)
    folder = course.lessons / lesson.name
    if not folder.is_dir():
        remedy = f"Run `course build {lesson.name[:2]}`"
        yield Problem(f"lessons/{lesson.name}", 0, "not built yet", remedy)
        return
    used = set()
    for path in sorted(folder.glob("*.ipynb")):
        if _holds_outputs(path):
            used.add(shown(path, course.root))
            remedy = f"Run `course build {lesson.name[:2]}`: it keeps answers in classroom/kept"
            yield Problem(shown(path, course.root), 0, "the notebook holds outputs", remedy)
    yield from _released_strays(course, lesson)
    try:
        for file in stale(course, [lesson.name]):
            if file not in used:
                problem = "not in step with solutions/"
                yield Problem(file, 0, problem, f"Run `course build {lesson.name[:2]}`")
    except SourceError as error:
        yield from [] if already else error.problems
    except BuildError as error:
        yield Problem(f"lessons/{lesson.name}", 0, str(error), "Mend that, then build again")


def _released_strays(course: Course, lesson: Lesson) -> Iterator[Problem]:
    made = {path.relative_to(lesson.folder).as_posix() for path in lesson.public_files()}
    made |= {"feedback.json", *(f"{part.notebook}.ipynb" for part in lesson.parts)}
    folder = course.lessons / lesson.name
    for path in _files(folder):
        if path.relative_to(folder).as_posix() not in made:
            remedy = "Remove it; lessons/ holds only what `course build` makes"
            yield Problem(shown(path, course.root), 0, "a stray file", remedy)


def _too_large(course: Course, lesson: Lesson, standard: Standard) -> Iterator[Problem]:
    for path in [*_files(lesson.folder), *_files(course.lessons / lesson.name)]:
        limit = standard.feedback_kb if path.name == "feedback.json" else standard.file_kb
        size = path.stat().st_size / 1000
        if size > limit:
            problem = f"{size:.0f} kB, more than {limit} kB"
            yield Problem(shown(path, course.root), 0, problem, "Make it smaller, or split it")
    for path in lesson.folder.rglob("*.py"):
        lines = path.read_bytes().count(b"\n")
        if lines > standard.code_lines and not path.name.startswith("lesson"):
            problem = f"{lines} lines, more than {standard.code_lines}"
            remedy = "Move what can be shared to utils/, or split the file"
            yield Problem(shown(path, course.root), 0, problem, remedy)


def _holds_outputs(path: Path) -> bool:
    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception:
        return False  # `stale` says so
    return any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def _files(folder: Path) -> list[Path]:
    """The files below a folder, without what Python and Jupyter leave behind."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [p for p in found if not LEFT_BY_TOOLS & set(p.relative_to(folder).parts)]
