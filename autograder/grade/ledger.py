"""What is settled: a line for each submission that was recorded, so that nothing is done twice.

A line is written after the gradebook has committed and the files are in place, and it is believed
only while both still say the same: so ledger and gradebook cannot disagree, and a run that was
killed between the three loses at most the line, upon which the same is recorded once more.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.grade.result import Status
from autograder.paths import Course, CourseError


@dataclass(frozen=True)
class Entry:
    """How one submission was settled, under the key of all that its marks depend on.

    `scores` are the automatic points by cell, `sizes` those of the graded notebooks in bytes.
    """

    student: str
    key: str
    status: Status
    detail: str = ""
    scores: dict[str, float | None] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    protections: tuple[str, ...] = ()


class Ledger:
    """The entries of a lesson, in a file that only grows during a run.

    A student's last entry counts. Opening the file tidies it up, so hold the `lock` of the lesson.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._entries = {entry.student: entry for entry in _read(path)}
        part = path.with_suffix(".part")
        part.write_bytes(b"".join(map(_line, self._entries.values())))
        os.replace(part, path)
        self._file = path.open("ab", buffering=0)

    def entry(self, student: str) -> Entry | None:
        return self._entries.get(student)

    def add(self, entry: Entry) -> None:
        """Settle a submission; in one write, so that a line is there as a whole or torn off."""
        self._file.write(_line(entry))
        self._entries[entry.student] = entry

    def close(self) -> None:
        self._file.close()


@contextlib.contextmanager
def lock(course: Course, lesson: str) -> Iterator[None]:
    """Keep a second coordinator from a lesson; it ends with this process, however that ends.

    Raises `CourseError` where another has it.
    """
    path = course.classroom / "graded" / f"{lesson}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CourseError(
                f"{lesson} is being graded by process {file.read().strip() or 'of another'}. "
                "Wait until it has ended, or stop it with Ctrl-C."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def ledger_file(course: Course, lesson: str) -> Path:
    return course.classroom / "graded" / f"{lesson}.ledger.jsonl"


def known_students(path: Path) -> set[str]:
    """Whom a ledger has an entry of, whatever it is worth by now."""
    return {entry.student for entry in _read(path)}


def _read(path: Path) -> Iterator[Entry]:
    """The entries that can be read; a torn line is one that was never settled."""
    with contextlib.suppress(FileNotFoundError):
        for line in path.read_bytes().splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                data = json.loads(line)
                status, held = Status(data["status"]), tuple(data["protections"])
                yield Entry(**{**data, "status": status, "protections": held})


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry)).encode() + b"\n"
