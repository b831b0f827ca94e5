"""`course build`: from `solutions/` to `lessons/`, all or nothing.

Everything is read, run and rendered before a file is written; nbgrader's release is made in a
folder aside; then the files that differ are replaced one by one.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.builder import feedback, notebook
from autograder.builder.assignment import generate, refuse_lost_marks
from autograder.builder.problems import Problem, SourceError
from autograder.builder.rules import read_lesson
from autograder.builder.source import Lesson
from autograder.builder.weights import make_weights
from autograder.paths import Course
from utils.outcomes import alike


@dataclass(frozen=True)
class Built:
    """What a build did for one lesson: the files that changed and those it kept for a learner."""

    lesson: str
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = f"changed {', '.join(self.changed)}" if self.changed else "nothing changed"
        kept = f"; kept the answers that were there as {', '.join(self.kept)}" if self.kept else ""
        return f"{self.lesson}: {what}{kept}"


@dataclass(frozen=True)
class BuildReport:
    """What a build did, lesson by lesson; printing it gives one line for each."""

    lessons: tuple[Built, ...] = field(default_factory=tuple)

    @property
    def changed(self) -> bool:
        return any(built.changed for built in self.lessons)

    def __str__(self) -> str:
        return "\n".join(map(str, self.lessons)) or "no lessons in solutions/"


@dataclass(frozen=True)
class Rendered:
    """A lesson's source for nbgrader: its notebooks, and every file by its relative path."""

    name: str
    graded: bool
    notebooks: dict[str, NotebookNode]
    files: dict[str, bytes]


def build(
    course: Course, lessons: Sequence[str] | None = None, into: Path | None = None
) -> BuildReport:
    """Build lessons (by name or number; all of them by default) and record them in the gradebook.

    A lesson that is not graded is released like the others; nbgrader is not told of it.
    The nets of a lesson's `weights.py` are trained where they are lacking.
    With `into` the releases are written there, and nothing else is touched but the cache.
    Raises `SourceError` with every problem of every lesson, or `BuildError` when nbgrader refuses;
    in both cases `lessons/` is as it was.
    Example: `print(build(Course.find(), ["01"]))`.
    """
    course = Course(course.root.resolve())  # running cells leaves the working folder
    into = into.resolve() if into is not None else None
    names = _names(course, lessons)
    if into is None:
        for name in names:
            make_weights(course.solutions / name, course.root)
    rendered = render_all(course, names)
    if into is None:
        course.classroom.mkdir(exist_ok=True)
        for lesson in rendered:
            refuse_lost_marks(course, lesson.name, lesson.notebooks if lesson.graded else {})
    with tempfile.TemporaryDirectory(
        prefix=".build-", dir=course.classroom if into is None else None
    ) as folder:
        stage = Path(folder)
        releases = {}
        for lesson in rendered:
            gradebook = course.gradebook if into is None and lesson.graded else None
            releases[lesson.name] = _release(course, lesson, stage, gradebook)
        if into is None:
            for lesson in rendered:
                if lesson.graded:
                    _replace_folder(course.source / lesson.name, stage / "source" / lesson.name)
                else:  # what lies there is an assignment to nbgrader
                    shutil.rmtree(course.source / lesson.name, ignore_errors=True)
        target = course.lessons if into is None else into
        return BuildReport(
            tuple(
                _install(course, name, files, target / name)
                for name, files in sorted(releases.items())
            )
        )


def stale(course: Course, lessons: Sequence[str] | None = None) -> list[str]:
    """The files of `lessons/` that a build would write anew; none when in step.

    Builds aside, without a gradebook. Raises what `build` raises.
    """
    course = Course(course.root.resolve())
    names = _names(course, lessons)
    with tempfile.TemporaryDirectory() as folder:
        build(course, names, into=Path(folder))
        out_of_step = []
        for name in names:
            fresh, old = _files(Path(folder) / name), _files(course.lessons / name)
            wrong = (path for path in sorted(fresh) if fresh[path] != old.get(path))
            out_of_step += [f"lessons/{name}/{path}" for path in wrong]
    return out_of_step


def render_all(course: Course, names: Iterable[str]) -> list[Rendered]:
    """Read, run and render lessons; raises one `SourceError` for all that is wrong in any."""
    rendered: list[Rendered] = []
    problems: list[Problem] = []
    for name in names:
        try:
            lesson = read_lesson(course.solutions / name, course.root)
            rendered.append(_render(course, lesson))
        except SourceError as error:
            problems += error.problems
    if problems:
        raise SourceError(problems)
    return rendered


def worked_in(path: Path) -> bool:
    """Whether someone has answered in a released notebook: it holds outputs or edited solutions."""
    from nbgrader.utils import compute_checksum, is_solution

    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception:
        return path.is_file()
    return any(
        cell.get("outputs")
        or cell.get("execution_count")
        or (is_solution(cell) and cell.metadata.nbgrader.get("checksum") != compute_checksum(cell))
        for cell in cells
    )


def _names(course: Course, lessons: Sequence[str] | None) -> list[str]:
    if lessons is None:
        return course.lesson_names()
    return sorted({course.lesson(name) for name in lessons})


def _render(course: Course, lesson: Lesson) -> Rendered:
    notebooks = {part.notebook: notebook.source_notebook(lesson, part) for part in lesson.parts}
    files = {f"{name}.ipynb": notebook.as_text(nb).encode() for name, nb in notebooks.items()}
    for path in lesson.public_files():
        files[path.relative_to(lesson.folder).as_posix()] = path.read_bytes()
    files["feedback.json"] = _feedback(course, lesson)
    return Rendered(lesson.name, lesson.graded, notebooks, files)


def _feedback(course: Course, lesson: Lesson) -> bytes:
    """feedback.json, or the one in place where only rounding differs.

    Machines round differently in the last digits, and a build must not change a file for that.
    """
    fresh = feedback.feedback_of(course, lesson)
    path = course.lessons / lesson.name / "feedback.json"
    try:
        old = path.read_bytes()
        if alike(json.loads(old), fresh) and feedback.as_text(json.loads(old)).encode() == old:
            return old
    except (OSError, ValueError):
        pass
    return feedback.as_text(fresh).encode()


def _release(
    course: Course, lesson: Rendered, stage: Path, gradebook: str | None
) -> dict[str, bytes]:
    for name, data in lesson.files.items():
        path = stage / "source" / lesson.name / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    files = _files(generate(course, lesson.name, stage, gradebook))
    for name in lesson.notebooks:
        released = nbformat.reads(files[f"{name}.ipynb"].decode(), as_version=4)
        files[f"{name}.ipynb"] = notebook.as_text(released).encode()
    return files


def _install(course: Course, name: str, files: dict[str, bytes], target: Path) -> Built:
    """Write the files that differ, each in one step; keep a copy of a learner's answers."""
    changed, kept = [], []
    for relative, data in sorted(files.items()):
        path = target / relative
        if path.is_file() and path.read_bytes() == data:
            continue
        if path.suffix == ".ipynb" and path.is_file() and worked_in(path):
            kept.append(_keep(course, name, path))
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(data)
        os.replace(part, path)
        changed.append(relative)
    return Built(name, tuple(changed), tuple(kept))


def _keep(course: Course, name: str, path: Path) -> str:
    folder = course.classroom / "kept" / name
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while (copy := folder / f"{path.stem}-{number}.ipynb").exists():
        number += 1
    shutil.copyfile(path, copy)
    return copy.relative_to(course.root).as_posix()


def _replace_folder(target: Path, fresh: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        shutil.rmtree(target)
    os.replace(fresh, target)


def _files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its relative path, without what Jupyter and Python leave."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(relative.parts):
            found[relative.as_posix()] = path.read_bytes()
    return found
