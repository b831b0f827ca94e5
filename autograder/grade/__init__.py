"""Grading a class: many submissions at once, with the marks of plain `nbgrader autograde`.

`run` is the coordinator: it alone touches the gradebook and the folders. It streams `jobs` to an
executor (`pool` on this machine, `cluster` on many), whose `worker` is a pure function of bytes.
What is settled stands in the `ledger`, so that a second run goes on where the first ended.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.grade.result import GradeResult, Row, Status, read_result
    from autograder.grade.run import Interrupted, feedback, grade

__all__ = ["GradeResult", "Interrupted", "Row", "Status", "feedback", "grade", "read_result"]

_HOME = {"Interrupted": "run", "feedback": "run", "grade": "run"}


def __getattr__(name: str) -> Any:
    # Imported on demand: a worker needs none of it, and nbgrader takes a second to import.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME.get(name, 'result')}"), name)
