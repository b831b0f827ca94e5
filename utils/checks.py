"""Checks: pytest tests about one exercise, and what it takes to run one.

A check is a function of one argument, `student`, marked with its exercise and points:

    @check("conv2d", points=2)
    def test_worked_example(student):
        \"\"\"The 3×3 image and 2×2 kernel of the lesson.\"\"\"
        expect(student.conv2d(IMAGE, KERNEL), equals=[[13, 17], [25, 29]])
"""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from utils.endings import MEMORY, SYSTEM, ending_of
from utils.expect import Mismatch
from utils.outcomes import Result, outcome_of
from utils.randomness import SEED, random_state_kept
from utils.student import (
    Backend,
    ChangedArgument,
    Student,
    StudentCrash,
    StudentGone,
    StudentTimeout,
)
from utils.verdicts import Evidence, Kind, Verdict

CheckFunction = Callable[[Student], None]


@dataclass(frozen=True)
class Check:
    """One check: `function(student)` returns when the student's work is right."""

    exercise: str
    name: str
    title: str
    points: float
    function: CheckFunction
    hidden: bool = False
    file: str = ""
    line: int = 0
    trained: bool = False


def check(
    exercise: str, *, points: float = 0, trained: bool = False
) -> Callable[[CheckFunction], CheckFunction]:
    """Mark a pytest test as a check of `exercise` that is worth `points` (whole or half ones).

    In a lesson that is not graded, a check has no points. `trained` says that a net is trained in
    it: its numbers differ from machine to machine, and no mistake is recognised by them.
    """
    if not (points >= 0 and float(points * 2).is_integer()):
        raise ValueError(f"points of a check of {exercise!r}: expected 0, 0.5, 1, …, got {points}")

    def mark(function: CheckFunction) -> CheckFunction:
        function.check_of = exercise  # type: ignore[attr-defined]
        function.points = float(points)  # type: ignore[attr-defined]
        function.trained = trained  # type: ignore[attr-defined]
        return function

    return mark


def check_files(folder: Path, *, hidden: bool = False) -> list[Path]:
    """A lesson's files of public or hidden checks; those of its second notebook have a `_2`.

    Example: `check_files(Path("lessons/04_layer_types"))` are `checks.py` and `checks_2.py`.
    """
    return numbered_files(folder, "hidden_checks" if hidden else "checks")


def numbered_files(folder: Path, stem: str) -> list[Path]:
    """`stem.py`, `stem_2.py`, …, `stem_9.py`: those that the folder has, in this order."""
    names = (f"{stem}.py", *(f"{stem}_{number}.py" for number in range(2, 10)))
    return [folder / name for name in names if (folder / name).is_file()]


def load_checks(path: Path | str, *, hidden: bool = False) -> list[Check]:
    """The checks of a file, in the order written.

    Example: `load_checks("lessons/01_convolution/checks.py")`.
    """
    module = load_module(Path(path))
    marked = [item for item in vars(module).values() if hasattr(item, "check_of")]
    return [_check(function, hidden, Path(path).name) for function in marked]


def load_lesson_checks(folder: Path, *, hidden: bool = False) -> list[Check]:
    """The public or hidden checks of a lesson's folder, all notebooks' together."""
    files = check_files(folder, hidden=hidden)
    return [check for path in files for check in load_checks(path, hidden=hidden)]


def load_module(path: Path) -> ModuleType:
    """Import a Python file by its path, under a name of its own, without leaving bytecode."""
    name = "_".join(("course", *path.resolve().parts[-2:])).replace(".", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileNotFoundError(f"expected a Python file at {path}, found none")
    module = importlib.util.module_from_spec(spec)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(module))
    return module


def _check(function: Any, hidden: bool, file: str) -> Check:
    title = (inspect.getdoc(function) or "").split("\n")[0]
    return Check(
        exercise=function.check_of,
        name=function.__name__,
        title=title,
        points=function.points,
        function=function,
        hidden=hidden,
        file=file,
        line=function.__code__.co_firstlineno,
        trained=function.trained,
    )


def run_check(check: Check, backend: Backend) -> Result:
    """Run one check and say how it ended; never raises for anything that a student did.

    Every check begins with the same random numbers, in a notebook and in grading: the first weights
    of a net are those that its misconceptions were recorded with. A notebook's own are kept.
    """
    student = Student(backend)
    with random_state_kept():
        kind, message, evidence = _run(check, student)
    verdict = Verdict(
        exercise=check.exercise,
        check=check.name,
        title=check.title,
        kind=kind,
        points=check.points if kind is Kind.PASSED else 0.0,
        out_of=check.points,
        message=message,
        hidden=check.hidden,
        evidence=evidence,
        note=" ".join(dict.fromkeys(student._notes)),  # two device calls, one note
    )
    calls = () if check.trained else student._calls
    return Result(verdict, tuple(outcome_of(call.how, call.reply) for call in calls))


def _run(check: Check, student: Student) -> tuple[Kind, str, Evidence | None]:
    try:
        student._seed(SEED)
        check.function(student)
    except Mismatch as mismatch:
        call = student._calls[-1].text if student._calls else ""
        return Kind.WRONG, mismatch.message, mismatch.evidence(call)
    except ChangedArgument as changed:
        message = (
            f"Your function changed its argument `{changed.name}` in place. "
            "Work on a copy (`.clone()`) or build a new tensor."
        )
        return Kind.WRONG, message, Evidence(changed.call, "the argument unchanged", "changed")
    except StudentCrash as crash:
        return _crashed(check, crash)
    except StudentTimeout as timeout:
        message = (
            f"No answer within {timeout.seconds:g} seconds. "
            "Look for a loop that never ends, or for work repeated inside a loop."
        )
        return Kind.TIMED_OUT, message, None
    except StudentGone as gone:
        return _gone(gone)
    except Exception as fault:
        reason = f"{type(fault).__name__}: {fault}"
        return (
            Kind.GRADER_FAULT,
            f"The check itself failed ({reason}). This is not your fault.",
            None,
        )
    return Kind.PASSED, "", None


def _crashed(check: Check, crash: StudentCrash) -> tuple[Kind, str, Evidence | None]:
    error = crash.error
    # torch raises it as well, with words of its own: that is a mistake, and no stub.
    stub = not error.message or "NotImplementedError" in error.source
    if error.type == "NotImplementedError" and stub:
        return Kind.UNANSWERED, f"`{check.exercise}` is not answered yet.", None
    if error.type == "NameError" and f"'{check.exercise}'" in error.message:
        message = f"`{check.exercise}` is not defined yet. Fill in its cell and run it."
        return Kind.UNANSWERED, message, None
    kind, remedy = ending_of(error)
    said = f"Your function stopped with {error.type}: {error.message}"
    where = f"line {error.line}: {error.source}" if error.line else ""
    evidence = Evidence(crash.call, "an answer", error.type, where)
    return kind, f"{remedy} {said}" if remedy else said, evidence


def _gone(gone: StudentGone) -> tuple[Kind, str, None]:
    """The student's process has ended: by itself, or because a limit ended it."""
    said = f"Your code ended its own process: {gone.how}."
    if gone.out_of_memory:
        return Kind.OUT_OF_MEMORY, f"{MEMORY} {said}", None
    if gone.blocked:
        return Kind.BLOCKED, f"{SYSTEM} {said}", None
    return Kind.CRASHED, said, None
