"""What a mark depends on, as digests: the lesson's own files, the submission, the environment.

Two submissions of one key get the same marks, so what is recorded under a key is done.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import stat
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograder.intake import LARGEST, entries
from autograder.paths import Course

LEFT_BEHIND = {"__pycache__", ".ipynb_checkpoints"}
# The parts of the course that decide about marks; a new command line grades nothing anew.
DECIDE = ("intake.py", "wire.py", "misconceptions.py", "judge", "kernel", "sandbox")
DISTRIBUTION = "convolution-course"


def trusted_files(course: Course, lesson: str) -> list[Path]:
    """The course's own files that judging a lesson reads: the release, and the sources' Python."""
    released = _files(course.lessons / lesson)
    sources = (path for path in _files(course.solutions / lesson) if path.suffix == ".py")
    return [*released, *sources]


def lesson_fingerprint(course: Course, lesson: str) -> str:
    """A digest of a lesson as it is graded: its release, hidden checks and misconceptions.

    Example: `lesson_fingerprint(Course.find(), "01_convolution")` is 64 hexadecimal digits.
    """
    files = trusted_files(course, lesson)
    return _digest((path.relative_to(course.root).as_posix(), path) for path in files)


def submission_digest(folder: Path, notebooks: Mapping[str, bytes]) -> str:
    """A digest of what a student handed in: the notebooks as they were read, and the other files.

    Nothing is followed or opened but regular files, so that no link or pipe can do harm.
    """
    content = hashlib.sha256()
    for name, data in sorted(notebooks.items()):
        _add(content, name, hashlib.sha256(data).hexdigest())
    others = [path for path in _entries(folder) if path.suffix != ".ipynb"]
    return f"{content.hexdigest()[:32]}{_digest((_name(folder, path), path) for path in others)}"


def folder_digest(folder: Path) -> str:
    """A digest of a submission that cannot be read as notebooks: every entry, with its kind."""
    return _digest((_name(folder, path), path) for path in _entries(folder))


def environment(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What else marks depend on: versions, the judge's own code, limits and steps.

    `settings` are a worker's; where the course lies and what is required plays no part.
    """
    own = {name: settings[name] for name in ("limits", "run_all", "largest", "steps")}
    return {
        "python": platform.python_version(),
        "torch": metadata.version("torch"),
        "course": course_digest(),
        **own,
    }


def combined(*parts: Any) -> str:
    """One digest of several pieces of plain data."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def course_digest() -> str:
    """The course's version, and a digest of the part of it that decides about marks."""
    try:
        version = metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:  # a course that is run from its folder
        version = ""
    home, others = _package("autograder"), _package("utils")
    paths = [home / name for name in DECIDE] + [others]
    files = [file for path in paths for file in ([path] if path.is_file() else _files(path))]
    sources = (file for file in files if file.suffix == ".py")
    return version + _digest((file.relative_to(home.parent).as_posix(), file) for file in sources)


def _package(name: str) -> Path:
    """A package's folder, found without importing it: `utils` would load torch."""
    found = find_spec(name)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _files(folder: Path) -> list[Path]:
    paths = sorted(folder.rglob("*"))
    return [p for p in paths if p.is_file() and not LEFT_BEHIND & set(p.relative_to(folder).parts)]


def _entries(folder: Path) -> Iterator[Path]:
    """Everything below a folder but folders; links are not followed."""
    if folder.is_dir() and not folder.is_symlink():
        yield from sorted(p for p in entries(folder) if p.is_symlink() or not p.is_dir())


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _digest(files: Iterable[tuple[str, Path]]) -> str:
    content = hashlib.sha256()
    for name, path in files:
        _add(content, name, _content(path))
    return content.hexdigest()


def _content(path: Path) -> str:
    """What stands for a file: its content, but of a very large or an odd one only what it is."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        return f"mode {status.st_mode:o}"
    if status.st_size > LARGEST:
        return f"size {status.st_size} {status.st_mtime_ns}"
    # A pipe or a link may have taken its place by now.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        return hashlib.sha256(file.read(LARGEST)).hexdigest()


def _add(content: Any, name: str, value: str) -> None:
    content.update(f"{len(name)} {name} {value}\n".encode("utf-8", "surrogateescape"))
