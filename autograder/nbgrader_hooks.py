"""What this course plugs into nbgrader, by the doors that nbgrader and nbconvert offer.

`nbgrader_config.py` names these classes; with them stock `nbgrader autograde`, the formgrader and
`nbgrader generate_feedback` do the same as `course grade`:

- `before_submission` moves unsafe files out of the way and says clearly what is missing;
- `SubmissionExporter` reads a submitted file, or says why it cannot be graded;
- `Restore` rebuilds the released notebook around the answers;
- `Judge` stands where nbgrader runs the cells;
- `SaveMarks` stores the judge's points, and no mark where a check failed by our own fault;
- `safe_markdown` and `safe_code` render a student's prose and code without a script in it, in a
  time that they cannot choose.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Float, Instance, Integer, List, Unicode
from traitlets.log import get_logger

from autograder.grade.database import quick_sqlite
from autograder.intake import (
    LARGEST,
    GraderFault,
    missing,
    parse,
    read_file,
    set_aside,
)
from autograder.judge.html import safe_code, safe_markdown
from autograder.paths import Course

if TYPE_CHECKING:
    from autograder.judge.lesson import TrustedNotebook
    from autograder.judge.session import Limits

__all__ = [
    "Judge",
    "Replay",
    "Restore",
    "SaveMarks",
    "SubmissionExporter",
    "before_submission",
    "safe_code",
    "safe_markdown",
]

Step = tuple[NotebookNode, Any]

quick_sqlite()


def before_submission(assignment: str, student: str, notebooks: Sequence[str]) -> None:
    """nbgrader's `pre_convert_hook`: look at a submission's folder before nbgrader copies it."""
    folder = Path(notebooks[0]).parent
    course = Course.find(folder)
    prepare(folder, course)
    for released in course.released_notebooks(assignment):
        if not os.path.lexists(folder / released.name):
            get_logger().error("%s: %s", folder.parent.name, missing(folder, released.name))


def prepare(folder: Path, course: Course) -> None:
    """Move links, pipes and the like out of a submission's folder; say so in the log."""
    store = course.classroom / "set_aside" / folder.parent.name / folder.name
    for entry in set_aside(folder, store):
        get_logger().warning(
            "%s: %r is %s; it was moved to %s", folder.parent.name, entry.name, entry.reason, store
        )


class SubmissionExporter(NotebookExporter):
    """Reads what a student handed in without trusting it; raises `NotGradable` with the reason."""

    largest = Integer(LARGEST, help="The most bytes of a notebook that is graded.").tag(config=True)

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> Step:
        path = Path(filename)
        with unmarked_on_failure(resources):
            notebook = parse(read_file(path, self.largest), path.name)
        modified = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
        resources["metadata"] = {
            "name": path.stem,
            "path": str(path.parent),
            "modified_date": modified.strftime("%B %d, %Y"),
        }
        return self.from_notebook_node(notebook, resources=resources, **options)


class CoursePreprocessor(NbGraderPreprocessor):
    """A step of nbgrader's that knows the course around the folder that nbgrader works in."""

    def trusted(self, resources: Any) -> TrustedNotebook:
        """The course's own files about the notebook at hand."""
        from autograder.judge.lesson import load_lesson

        marks = resources["nbgrader"]
        return load_lesson(Course.find(), marks["assignment"])[marks["notebook"]]


class Restore(CoursePreprocessor):
    """Rebuild the released notebook around the student's answers; the first step of sanitizing."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> Step:
        from autograder.judge.restore import restore

        with unmarked_on_failure(resources):
            return restore(nb, self.trusted(resources).released), resources


class Judge(CoursePreprocessor):
    """Judge the notebook, and write points and reasons into its check cells."""

    cell_seconds = Float(20.0, help="How long one cell may run.").tag(config=True)
    call_seconds = Float(10.0, help="How long one call of a student's function may run.").tag(
        config=True
    )
    trained_seconds = Float(30.0, help="How long a call may run in a check that trains a net.").tag(
        config=True
    )
    hurried_seconds = Float(
        2.0, help="How long a call may run after an earlier one to the same exercise ran too long."
    ).tag(config=True)
    check_seconds = Float(30.0, help="How long all calls of one check may run.").tag(config=True)
    notebook_seconds = Float(120.0, help="How long a whole notebook may run.").tag(config=True)
    given_seconds = Float(
        300.0, help="How long the lesson's own cells may run together, beside the student's."
    ).tag(config=True)
    restarts = Integer(8, help="How often a kernel that died is replaced.").tag(config=True)
    run_all = Bool(
        False, help="Whether the lesson's own demonstrations run although no answer needs them."
    ).tag(config=True)
    require = List(
        Unicode(),
        ["files", "network"],
        help="The protections without which nothing is graded; see `course doctor`.",
    ).tag(config=True)

    @property
    def seconds(self) -> dict[str, float]:
        """The limits as plain data, by their names in `Limits`."""
        return {
            "cell": self.cell_seconds,
            "call": self.call_seconds,
            "trained": self.trained_seconds,
            "hurried": self.hurried_seconds,
            "check": self.check_seconds,
            "notebook": self.notebook_seconds,
            "given": self.given_seconds,
            "restarts": self.restarts,
        }

    @property
    def limits(self) -> Limits:
        from autograder.judge.session import Limits

        return Limits(**self.seconds)  # type: ignore[arg-type]

    def preprocess(self, nb: NotebookNode, resources: Any) -> Step:
        from autograder.judge.judge import judge_notebook
        from autograder.judge.kernels import start_kernel

        with unmarked_on_failure(resources):
            trusted = self.trusted(resources)
            refuse_other_points(resources, trusted)
            start = partial(start_kernel, Course.find().lessons / trusted.lesson, self.require)
            judged = judge_notebook(nb, trusted, start, self.limits, self.run_all)
        return judged.notebook, resources


class Replay(CoursePreprocessor):
    """Take the place of `Judge` for a submission that a worker has judged already."""

    judged = Instance(dict)

    def preprocess(self, nb: NotebookNode, resources: Any) -> Step:
        judged = self.judged[resources["nbgrader"]["notebook"]]
        refuse_other_points(resources, self.trusted(resources))
        if [(c.id, c.source) for c in nb.cells] != [(c.id, c.source) for c in judged.cells]:
            raise GraderFault("The submission changed while it was being graded. Grade it again.")
        return judged, resources


class SaveMarks(SaveAutoGrades):
    """Save the points; an exercise whose check failed by our own fault waits for a person."""

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        from autograder.judge.outputs import faulty

        if not faulty(cell):
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score, grade.needs_manual_grade = None, True
        self.gradebook.db.commit()


def refuse_other_points(resources: Any, trusted: TrustedNotebook) -> None:
    """Raise `GraderFault` when the gradebook counts other points than the checks give."""
    marks = resources["nbgrader"]
    with Gradebook(marks["db_url"]) as gradebook:
        try:
            notebook = gradebook.find_notebook(marks["notebook"], marks["assignment"])
        except MissingEntry:
            return  # nbgrader says so itself
        counted = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    for cell, exercise in trusted.exercises.items():
        if cell in counted and counted[cell] != exercise.points:
            raise GraderFault(
                f"{exercise.name} has {exercise.points:g} points in lessons/ and {counted[cell]:g} "
                "in the gradebook. Run `course build`, then grade again."
            )


@contextmanager
def unmarked_on_failure(resources: Any) -> Iterator[None]:
    """Leave a submission that could not be graded without an automatic mark, waiting for a person.

    nbgrader would keep the marks of an earlier submission, or store zeros.
    """
    try:
        yield
    except Exception as error:
        marks = resources["nbgrader"]
        # nbgrader goes on to log a traceback and to grade the next submission.
        get_logger().error("%s: %s", marks["student"], error)
        leave_unmarked(marks["db_url"], marks["notebook"], marks["assignment"], marks["student"])
        raise


def leave_unmarked(db_url: str, notebook: str, assignment: str, student: str) -> None:
    """Take back the automatic marks of one notebook; a mark given by hand stays."""
    with Gradebook(db_url) as gradebook:
        try:
            found = gradebook.find_submission_notebook(notebook, assignment, student)
        except MissingEntry:
            return
        for grade in found.grades:
            grade.auto_score, grade.needs_manual_grade = None, True
        found.late_submission_penalty = None  # nothing is left to take it from
        gradebook.db.commit()


def scripts_on_path() -> None:
    """Let nbgrader find `alembic` where the environment is not activated."""
    import sysconfig

    scripts = sysconfig.get_path("scripts")
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if scripts not in paths:
        os.environ["PATH"] = os.pathsep.join([scripts, *paths])
