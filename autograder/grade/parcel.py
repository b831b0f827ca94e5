"""The trusted files of a lesson as one text, so that a machine without the course can judge.

A Dask worker shares no file system with the coordinator. It gets the released lesson, the checks
and what is known about misconceptions once, and unpacks them into a folder that only it may read.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.grade.fingerprint import trusted_files
from autograder.intake import GraderFault
from autograder.paths import Course, CourseError

CONFIG = "nbgrader_config.py"  # its presence marks a course's root


def pack_lesson(course: Course, lesson: str) -> dict[str, str]:
    """The files that judging a lesson needs: path below the course's root → base64 text.

    The lesson is loaded here first: a fault in it is told before anything is sent, and how the
    misconceptions behave is worked out once, not on every worker. Raises `CourseError`.
    Example: `unpack_lesson(pack_lesson(course, "01_convolution"), Path("/private/folder"))`.
    """
    # Here, because they load torch: a Dask worker's own process has no need of it.
    from autograder.builder.diagnoses import cache_file
    from autograder.judge.lesson import load_lesson

    try:
        load_lesson(course, lesson)
    except GraderFault as fault:
        raise CourseError(str(fault)) from None
    packed = {CONFIG: ""}
    known = cache_file(course, lesson, course.lessons / lesson)
    for path in [*trusted_files(course, lesson), known]:
        name = path.relative_to(course.root).as_posix()
        packed[name] = base64.b64encode(path.read_bytes()).decode()
    return packed


def unpack_lesson(files: dict[str, str], root: Path) -> None:
    """Write packed files below `root`, a new folder that nobody else may read.

    The folder appears in one step: where it is, it is whole. Raises `ValueError` for a path that
    leads out of it.
    """
    root.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=root.parent))  # with mode 0700
    try:
        for name, text in files.items():
            path = part / _inside(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(text, validate=True))
        part.rename(root)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        if not root.is_dir():  # another thread was quicker: the same content, for it is keyed by it
            raise


def content_key(content: Any) -> str:
    """A name for plain data by its content alone, 32 hexadecimal digits."""
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{name!r} leads out of the lesson's folder")
    return path
