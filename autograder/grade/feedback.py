"""Everyone's feedback pages, as `nbgrader generate_feedback` writes them: only what has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from autograder.grade.book import Book
from autograder.grade.children import started
from autograder.grade.fingerprint import combined
from autograder.grade.folder import Pages
from autograder.grade.ledger import Entry, Ledger, lock
from autograder.grade.plan import plain_pages
from autograder.grade.pool import Pool
from autograder.grade.result import Status
from autograder.grade.settings import Settings
from autograder.grade.stock import Stock
from autograder.paths import Course, CourseError

WORKER = "autograder.grade.page"
PATIENCE = 120.0  # seconds for one student's pages
MADE_BY = ("nbgrader", "nbconvert", "jinja2", "bleach", "mistune", "pygments")
Found = dict[str, Path]


@dataclass(frozen=True)
class PageJob:
    """A student's graded notebooks, what the student is told of them, and the key of both."""

    student: str
    key: str
    files: Found
    told: dict[str, Any]


def write_feedback(course: Course, lesson: str, workers: int) -> Found:
    """Write the pages of all graded submissions of a lesson; the first page by student.

    Raises `CourseError` when nothing has been graded or no page could be written.
    """
    graded = [path.parent.name for path in sorted(course.autograded.glob(f"*/{lesson}"))]
    if not graded:
        raise CourseError(f"Nothing of {lesson} is graded. Run `course grade {lesson[:2]}` first.")
    settings = Settings(course, lesson)
    with lock(course, lesson):
        if plain_pages(settings.config, settings.coursedir("*")):
            problem = _write(settings, graded, workers)
        else:
            problem = Stock(settings).feedback()
    first = course.released_notebooks(lesson)[0].stem
    pages = {student: course.feedback / student / lesson / f"{first}.html" for student in graded}
    written = {student: page for student, page in pages.items() if page.is_file()}
    if problem and not written:
        raise CourseError(f"nbgrader wrote no feedback: {problem}")
    return written


def _write(settings: Settings, graded: list[str], workers: int) -> str:
    """Write what has changed; returns the last fault, if there was one."""
    course, lesson = settings.course, settings.lesson
    course_id = settings.coursedir("*").course_id
    path = course.classroom / "graded" / f"{lesson}.feedback.jsonl"
    with (
        closing(Book(settings.db_url, course_id, lesson, penalties=None)) as book,
        closing(Ledger(path)) as ledger,
        closing(Pages(course, lesson, tuple(settings.coursedir("*").ignore))) as folder,
    ):
        todo = _Todo(settings, book, ledger, folder, graded)
        jobs = iter(todo.jobs())
        first = next(jobs, None)
        if first is None:
            return ""
        told = {"root": str(course.root)}
        size = min(workers, len(graded))
        pool = Pool(started(WORKER, told), told, size, PATIENCE, todo.plain)
        with closing(pool):
            return todo.write(pool, _chained(first, jobs))


@dataclass
class _Todo:
    settings: Settings
    book: Book
    ledger: Ledger
    folder: Pages
    graded: list[str]

    def jobs(self) -> Iterator[PageJob]:
        """The students whose pages are not what they must be, each read when there is room."""
        config = self.settings.config
        versions = [metadata.version(name) for name in MADE_BY]
        common = combined(versions, str(config.get("HTMLExporter", {})), _own_code())
        for student in self.graded:
            place = self.settings.course.autograded / student / self.settings.lesson
            told = self.book.told(student)
            files = {path.stem: path for path in sorted(place.glob("*.ipynb")) if path.stem in told}
            digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files.values()]
            key = combined(digests, told, common)
            entry = self.ledger.entry(student)
            known = entry is not None and entry.key == key
            if not known or not self.folder.holds(student, entry.sizes if entry else {}):
                yield PageJob(student, key, files, told)

    def plain(self, job: PageJob) -> dict[str, Any]:
        return {"files": {name: str(path) for name, path in job.files.items()}, "told": job.told}

    def write(self, pool: Pool[PageJob], jobs: Iterator[PageJob]) -> str:
        problem = ""
        for job, answer in pool.judge(jobs):
            if "fault" in answer:
                problem = f"{job.student}: {answer['fault']}"
                continue
            sizes = self.folder.write(job.student, answer["pages"])
            self.ledger.add(Entry(job.student, job.key, Status.GRADED, sizes=sizes))
        return problem


def _chained(first: PageJob, rest: Iterator[PageJob]) -> Iterator[PageJob]:
    yield first
    yield from rest


def _own_code() -> str:
    """A digest of the filters that render students' texts."""
    home = Path(__file__).resolve().parents[1]
    sources = [home / "judge" / "html.py", home / "grade" / "pages.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
