"""The coordinator: streams submissions to an executor, and alone writes what comes back.

For each submission the order is: gradebook, files, ledger. Whatever is cut off in between is not
in the ledger, so the next run does it again, and doing it twice is the same as doing it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from autograder.grade.book import Book, Mark
from autograder.grade.fingerprint import combined, environment, lesson_fingerprint
from autograder.grade.folder import Graded
from autograder.grade.jobs import Answer, Executor, Job
from autograder.grade.ledger import Entry, Ledger, ledger_file
from autograder.grade.result import GradeResult, Progress, Row, Status, result_file
from autograder.grade.settings import Settings, job_settings
from autograder.grade.stock import Stock
from autograder.grade.submissions import Submissions, Taken, is_text, submitted_folders
from autograder.intake import GraderFault
from autograder.paths import Course, CourseError

SETTLED = (Status.GRADED, Status.NOT_GRADABLE)


class Coordinator:
    """Grades the submissions of one lesson; hold the lesson's `lock`."""

    def __init__(
        self,
        course: Course,
        lesson: str,
        students: Iterable[str] | None,
        require: Sequence[str] | None,
        force: bool,
    ) -> None:
        """Raises `CourseError` where nothing can be graded, with the reason and the remedy."""
        self.course = course
        self.lesson = lesson
        self.settings = Settings(course, lesson, require)
        self.names = tuple(path.stem for path in course.released_notebooks(lesson))
        folders = submitted_folders(course, lesson, students)
        plan = self.settings.plan
        penalties = self.settings.config if plan.penalties else None
        course_id = self.settings.coursedir("*").course_id
        self._book = Book(self.settings.db_url, course_id, lesson, penalties)
        self._folder = Graded(course, lesson, plan)
        self._ledger = Ledger(ledger_file(course, lesson))
        common = combined(
            lesson_fingerprint(course, lesson), environment(self.settings_for_workers)
        )
        self._submissions = Submissions(self.settings, self.names, common)
        self._rows: dict[str, Row] = {}
        self._taken: dict[str, Taken] = {}
        self._progress: Progress | None = None
        self._finished = 0
        self._all = folders
        self.todo = dict(folders) if force else self._left_to_do(folders)

    @cached_property
    def settings_for_workers(self) -> dict[str, Any]:
        return job_settings(self.settings)

    def run(self, executor: Executor, progress: Progress | None) -> None:
        """Grade what is left to do; whatever stops it, what was finished until then is recorded.

        Raises `CourseError` when the gradebook can no longer be written.
        """
        self._progress = progress
        try:
            for job, answer in executor.judge(self._jobs()):
                self._settle(self._taken.pop(job.student), answer)
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise CourseError(
                f"The gradebook could not be written ({reason}). What is settled is kept: mend "
                f"that, and go on with `course grade {self.lesson[:2]}`."
            ) from error

    def result(self) -> GradeResult:
        """What has been graded; a submission that nobody came to is there as interrupted."""
        points = self._book.points
        open_ones = [student for student in self._all if student not in self._rows]
        marks = self._book.marks() if open_ones else {}
        for student in open_ones:
            self._rows[student] = self._row(student, Status.INTERRUPTED, "", marks.get(student, {}))
        rows = tuple(self._rows[student] for student in sorted(self._all))
        return GradeResult(self.lesson, points, rows, self._note)

    @property
    def _note(self) -> str:
        unknown = self.settings.plan.unknown
        return unknown and (
            f"nbgrader_config.py has {unknown}, which `course grade` does not know. So nbgrader "
            "itself took its steps for each submission: the marks are right, but it takes longer."
        )

    def close(self) -> None:
        self._ledger.close()
        self._folder.close()
        self._book.close()

    def _left_to_do(self, folders: dict[str, Path]) -> dict[str, Path]:
        """The submissions that are not settled; those that are get their rows."""
        marks = self._book.marks()
        left = {}
        for student, folder in folders.items():
            entry = self._ledger.entry(student)
            own = marks.get(student, {})
            if entry is None or not self._is_settled(entry, folder, own):
                left[student] = folder
                continue
            done = entry.status is Status.GRADED
            status, detail = (Status.ALREADY, "") if done else (entry.status, entry.detail)
            self._rows[student] = self._row(student, status, detail, own, entry.protections)
        return left

    def _is_settled(self, entry: Entry, folder: Path, marks: dict[str, Mark]) -> bool:
        """Whether an entry is of this very submission, and gradebook and files agree with it."""
        if entry.status not in SETTLED:
            return False
        graded = entry.status is Status.GRADED
        if graded and not set(self.settings.required) <= set(entry.protections):
            return False
        if {cell: mark.automatic for cell, mark in marks.items()} != entry.scores:
            return False
        if graded and not self._folder.holds(entry.student, entry.sizes):
            return False
        try:
            return entry.key == self._submissions.key(entry.student, folder)
        except Exception:  # it is looked at more closely when it is taken in
            return False

    def _jobs(self) -> Iterator[Job]:
        """The submissions to be judged, each read when there is room for it."""
        for student, folder in self.todo.items():
            try:
                taken = self._submissions.take_in(student, folder)
            except Exception as error:  # whatever one folder does, the others are graded
                self._settle(Taken(student, ""), {"fault": f"The folder cannot be read: {error}."})
                continue
            if taken.job is None:
                self._settle(taken, {"not_gradable": taken.trouble})
            else:
                self._taken[student] = taken
                yield taken.job

    def _settle(self, taken: Taken, answer: Answer) -> None:
        """Record one answer: in the gradebook, in the folders, and then in the ledger."""
        student = taken.student
        status, detail, sizes = self._record(taken, answer)
        marks = self._book.marks([student]).get(student, {}) if is_text(student) else {}
        scores = {cell: mark.automatic for cell, mark in marks.items()}
        held = tuple(map(str, answer.get("protections", ())))
        self._ledger.add(Entry(student, taken.key, status, detail, scores, sizes, held))
        self._rows[student] = self._row(student, status, detail, marks, held)
        self._finished += 1
        if self._progress is not None:
            self._progress(self._finished, len(self.todo), self._rows[student])

    def _record(self, taken: Taken, answer: Answer) -> tuple[Status, str, dict[str, int]]:
        if "not_gradable" in answer:
            self._leave_unmarked(taken)
            return Status.NOT_GRADABLE, str(answer["not_gradable"]), {}
        if "fault" in answer:
            self._leave_unmarked(taken)
            return Status.FAULT, self._explained(taken.student, answer), {}
        try:
            return Status.GRADED, "", self._store(taken, answer["notebooks"])
        except OperationalError:
            raise  # the gradebook itself is out of order
        except Exception as fault:
            self._leave_unmarked(taken)
            known = isinstance(fault, GraderFault)
            return Status.FAULT, str(fault) if known else f"{type(fault).__name__}: {fault}", {}

    def _store(self, taken: Taken, notebooks: dict[str, dict[str, Any]]) -> dict[str, int]:
        texts = {name: str(notebook["text"]) for name, notebook in notebooks.items()}
        if not self.settings.plan.fast:
            self._stock.record(taken.student, texts)
            return self._folder.sizes(taken.student, texts)
        self._book.record(taken.student, taken.handed_in, notebooks)
        return self._folder.write(taken.student, texts)

    @cached_property
    def _stock(self) -> Stock:
        return Stock(self.settings)

    def _leave_unmarked(self, taken: Taken) -> None:
        if not is_text(taken.student):  # no gradebook has a place for it
            return
        self._book.leave_unmarked(taken.student, taken.handed_in)
        self._folder.remove(taken.student)

    def _explained(self, student: str, answer: Answer) -> str:
        """What a fault was; the traceback, where there is one, goes to a file."""
        if "trace" not in answer:
            return str(answer["fault"])
        path = result_file(self.course, self.lesson).with_name(f"{self.lesson}-{student}.log")
        path.write_text(str(answer["trace"]), encoding="utf-8")
        return f"{answer['fault']} (see {path.relative_to(self.course.root)})"

    def _row(
        self,
        student: str,
        status: Status,
        detail: str,
        marks: dict[str, Mark],
        held: tuple[str, ...] = (),
    ) -> Row:
        """A student's row, with the marks that are now in the gradebook."""
        points = self._book.points
        waiting = [cell for cell in points if cell in marks and marks[cell].waits]
        if status is Status.GRADED and waiting:
            status, detail = Status.TO_GRADE, f"waits for a person: {', '.join(waiting)}"
        own = {cell: marks[cell].points for cell in points if cell in marks}
        return Row(student, status, own, sum(points.values()), detail, held)
