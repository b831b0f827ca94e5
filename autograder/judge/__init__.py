"""The judge: decides what every check of a submission earns, and says why.

`lesson` is what the course knows and `restore` puts a student's answers into it; `judge` runs the
cells in a `session` (a kernel, its time, its replacement) and the checks against it; `outputs`
writes the result into the notebook, and `remote` is how a check reaches a student's function. For
many submissions at once see `autograder.grade`.
"""

from importlib import import_module
from typing import Any

_HOME = {"Judged": "judge", "judge_notebook": "judge", "verdicts_of": "outputs"}


def __getattr__(name: str) -> Any:
    # Imported on demand: a worker sets its environment before torch is loaded.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
