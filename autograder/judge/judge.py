"""The judge: a submission in, a notebook with points and reasons out.

The verdicts depend on the submission's bytes and the lesson's own files alone. The student's code
runs in a process of its own and hands back plain data; expected values and hidden checks stay here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.intake import GraderFault
from autograder.judge.lesson import Exercise, TrustedNotebook
from autograder.judge.needed import needed
from autograder.judge.outputs import check_output, has_fault, presentable
from autograder.judge.restore import grade_id, restore
from autograder.judge.session import Limits, Pins, Session
from autograder.kernel import StudentKernel
from utils.checks import run_check
from utils.outcomes import Result, diagnose
from utils.verdicts import Kind, Verdict


@dataclass(frozen=True)
class Judged:
    """A judged notebook: nbgrader reads the points from its check cells' outputs.

    `protections` are the names of what held in every kernel that ran the student's code.
    """

    notebook: NotebookNode
    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)
    protections: tuple[str, ...] = ()

    @property
    def points(self) -> dict[str, float]:
        """The points by exercise."""
        return {
            name: sum(verdict.points for verdict in verdicts)
            for name, verdicts in self.verdicts.items()
        }

    @property
    def faults(self) -> list[str]:
        """The exercises that have no mark, because a check failed by our own fault."""
        return [name for name, verdicts in self.verdicts.items() if has_fault(verdicts)]


def judge_notebook(
    submitted: NotebookNode,
    trusted: TrustedNotebook,
    start: Callable[[], StudentKernel],
    limits: Limits | None = None,
    run_all: bool = False,
) -> Judged:
    """Judge a submitted notebook; `start` makes a kernel for the student's code.

    Public checks run where their cell stands. Hidden ones run after the last cell, on the functions
    as they were at their check: whatever the student's code keeps of them, no output can show it.
    With `run_all` the lesson's untouched demonstrations run as well, see `needed`.

    Raises `NotGradable` for another lesson's notebook, `GraderFault` for a fault of our own.
    """
    notebook = restore(submitted, trusted.released)
    exercises = trusted.exercises
    own = _own(notebook, trusted)
    chosen = None if run_all else needed(notebook.cells, own, trusted.asked, trusted.names)
    with Session(start, limits or Limits()) as session:
        results = _results(notebook, exercises, session, own, chosen)
        held = session.protections
    verdicts = {
        exercise.name: _verdicts(exercise, results[exercise.name])
        for exercise in exercises.values()
    }
    for cell in notebook.cells:
        exercise = exercises.get(grade_id(cell))
        if exercise is not None:
            cell.outputs = [check_output(exercise, verdicts[exercise.name], held)]
    return Judged(notebook, verdicts, held)


def _results(
    notebook: NotebookNode,
    exercises: Mapping[str, Exercise],
    session: Session,
    own: frozenset[int],
    chosen: frozenset[int] | None,
) -> dict[str, list[Result]]:
    """Run the chosen cells (None: all), which get their outputs, and every check.

    `own` are the places of the cells with a student's text.
    """
    names = [exercise.name for exercise in exercises.values()]
    results: dict[str, list[Result]] = {name: [] for name in names}
    pinned: dict[str, Pins] = {}
    for place, cell in enumerate(notebook.cells):
        exercise = exercises.get(grade_id(cell))
        if exercise is not None:
            _run(exercise, session, results[exercise.name], hidden=False)
            pinned[exercise.name] = session.pin(names)
        elif cell.cell_type == "code" and (chosen is None or place in chosen):
            cell.outputs = session.run(cell.source, given=place not in own)
    for exercise in exercises.values():
        pins = pinned[exercise.name]
        _run(exercise, session, results[exercise.name], hidden=True, pins=pins)
    return results


def _run(
    exercise: Exercise,
    session: Session,
    results: list[Result],
    *,
    hidden: bool,
    pins: Pins | None = None,
) -> None:
    """Run an exercise's public or hidden checks, and add what came of them to `results`."""
    for check in exercise.checks:
        if check.hidden is not hidden:
            continue
        late = any(result.verdict.kind is Kind.TIMED_OUT for result in results)
        backend = session.backend(pins, late, exercise.name, trained=check.trained)
        results.append(run_check(check, backend))


def _verdicts(exercise: Exercise, results: Sequence[Result]) -> list[Verdict]:
    """The verdicts in the order of the checks, each with its diagnosis and fit to be shown."""
    if [result.verdict.check for result in results] != [check.name for check in exercise.checks]:
        raise GraderFault(f"The checks of {exercise.name} did not all run. Please report this.")
    return [presentable(verdict) for verdict in diagnose(results, exercise.fingerprints)]


def _own(notebook: NotebookNode, trusted: TrustedNotebook) -> frozenset[int]:
    """The places of the cells with a student's text: the exercises and what they wrote beside."""
    known = {cell.id: cell.source for cell in trusted.released.cells}
    return frozenset(
        place
        for place, cell in enumerate(notebook.cells)
        if grade_id(cell) not in trusted.exercises
        and (known.get(cell.id) != cell.source or grade_id(cell))
    )
