"""How a mistake in the course's own files is reported: file, line, problem, remedy."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.paths import CourseError


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake; `file` is relative to the course, `line` is 0 when no line is meant.

    >>> str(Problem("solutions/01/lesson.py", 42, 'unknown header key "pionts"', "Use: points"))
    'solutions/01/lesson.py:42: unknown header key "pionts". Use: points.'
    """

    file: str
    line: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {_sentence(self.problem)} {_sentence(self.remedy)}"


class SourceError(CourseError):
    """Everything that is wrong with a lesson's source, found in one reading.

    Printing it gives one line for each problem, in the order of the files.
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shown(path: Path, root: Path) -> str:
    """The path as messages show it: relative to the course, with forward slashes."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def from_course_error(error: CourseError, folder: Path, root: Path) -> Problem:
    """A loader's one-line error (`path:line: what is wrong. What to do.`) as a problem."""
    place, _, rest = str(error).partition(": ")
    path, _, line = place.rpartition(":")
    if not line.isdigit():
        path, line = place, "0"
    problem, _, remedy = rest.partition(". ")
    inside = Path(path) if Path(path).suffix else folder
    return Problem(shown(inside, root), int(line), problem or str(error), remedy or "Mend it")


def unreadable(path: Path, root: Path, error: Exception) -> Problem:
    """A file of the course's own that cannot be loaded, with the line that stopped it."""
    line = getattr(error, "lineno", None) or _last_line(error, path)
    problem = f"cannot be loaded: {type(error).__name__}: {error}"
    return Problem(shown(path, root), line, problem, "Mend the file, then build again")


def _last_line(error: Exception, path: Path) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 0 for f in reversed(frames) if f.filename == str(path)), 0)
