"""`course grade`: many submissions at once, with the marks of plain `nbgrader autograde`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.grade.children import Nursery, started
from autograder.grade.jobs import Executor, plain
from autograder.grade.ledger import known_students, ledger_file, lock
from autograder.grade.pool import Pool
from autograder.grade.result import GradeResult, Progress, keep_result
from autograder.paths import Course, CourseError

if TYPE_CHECKING:
    from autograder.grade.coordinator import Coordinator

WORKER = "autograder.grade.worker"
SPARE = 120.0  # seconds that a worker may need beside those of a submission


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while grading; `result` has what was finished until then."""

    def __init__(self, result: GradeResult) -> None:
        super().__init__()
        self.result = result


def grade(
    course: Course,
    lesson: str,
    *,
    workers: int | None = None,
    students: Iterable[str] | None = None,
    force: bool = False,
    progress: Progress | None = None,
    require: Sequence[str] | None = None,
    cluster: str | None = None,
) -> GradeResult:
    """Grade the submissions of a lesson; one bad submission never stops the others.

    A submission that is settled already is left alone, unless `force` is given, or what was handed
    in, the lesson or the grader has changed since. `require` names the protections without which
    nothing is graded (default: `c.Judge.require`), `cluster` the address of a Dask scheduler.
    `progress(done, total, row)` is called after each submission. The result is kept for
    `read_result`.
    Raises `CourseError` when the lesson is not graded or was not built, nobody has handed in, or a
    protection is missing; `Interrupted` on Ctrl-C, after what is finished was recorded.
    Example: `grade(Course.find(), "01_convolution", workers=2).row("ada").total`.
    """
    lesson = course.graded_lesson(lesson)
    with ExitStack() as stack:
        stack.enter_context(lock(course, lesson))
        # It loads while this process does, and looks at the folders.
        early = cluster is None and (force or not seems_settled(course, lesson))
        nursery = stack.enter_context(closing(_nursery(course, lesson))) if early else None
        from autograder.grade.coordinator import Coordinator

        coordinator = Coordinator(course, lesson, students, require, force)
        stack.enter_context(closing(coordinator))
        try:
            if coordinator.todo:
                if cluster is None:
                    refuse_unprotected(coordinator.settings.required)
                    size = min(workers or cores(), len(coordinator.todo))
                    executor = _pool(coordinator, nursery or _nursery(course, lesson), size)
                else:
                    executor = _cluster(coordinator, cluster)
                stack.enter_context(closing(executor))
                coordinator.run(executor, progress)
        except KeyboardInterrupt:
            raise Interrupted(_kept(coordinator)) from None
        return _kept(coordinator)


def seems_settled(course: Course, lesson: str) -> bool:
    """Whether everybody who handed in is in the ledger, so that perhaps nothing is to be done."""
    known = known_students(ledger_file(course, lesson))
    here = course.submitted.glob("[!.]*")
    return all(path.name in known for path in here if os.path.lexists(path / lesson))


def _nursery(course: Course, lesson: str) -> Nursery:
    return started(WORKER, {"root": str(course.root), "lesson": lesson})


def _pool(coordinator: Coordinator, nursery: Nursery, size: int) -> Executor:
    told = coordinator.settings_for_workers
    return Pool(nursery, told, size, _patience(coordinator), plain)


def _cluster(coordinator: Coordinator, address: str) -> Executor:
    from autograder.grade.cluster import Cluster

    told, patience = coordinator.settings_for_workers, _patience(coordinator)
    return Cluster(address, told, coordinator.course, patience)


def _patience(coordinator: Coordinator) -> float:
    """How many seconds a submission may rightly take, and some more."""
    limits = coordinator.settings_for_workers["limits"]
    return float((limits["notebook"] + limits["given"]) * len(coordinator.names) + SPARE)


def _kept(coordinator: Coordinator) -> GradeResult:
    result = coordinator.result()
    keep_result(coordinator.course, result)
    return result


def refuse_unprotected(required: Sequence[str]) -> None:
    """Raise `CourseError` with the remedies where this machine cannot hold what is required."""
    from autograder.sandbox import missing, probe, remedy

    try:
        lacking = missing(required, probe())
    except ValueError as error:
        raise CourseError(f"{error} Or: none.") from None
    if lacking:
        remedies = " ".join(f"{name}: {remedy(name)}" for name in lacking)
        raise CourseError(
            f"Graded code would run without the protections {', '.join(lacking)}. {remedies} "
            "Or grade all the same, for people you trust: `course grade --require none`."
        )


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def feedback(course: Course, lesson: str, workers: int | None = None) -> dict[str, Path]:
    """Write everyone's feedback, as stock `nbgrader generate_feedback` does; the pages by student.

    Only what has changed since the last time is written.
    Raises `CourseError` when nothing has been graded or no page could be written.
    Example: `feedback(Course.find(), "01_convolution")["ada"]` is the path of an HTML page.
    """
    from autograder.grade.feedback import write_feedback

    return write_feedback(course, course.graded_lesson(lesson), workers or cores())
