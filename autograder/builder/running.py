"""Run a lesson's cells in this process, to see what its solutions do.

Only the course's own code runs here, never a student's.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import tempfile
import threading
import traceback
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import torch

from autograder.builder.source import Cell, CellKind, Lesson, Part
from autograder.misconceptions import Item, rendered_source

Namespace = dict[str, Any]


class CellFailed(Exception):
    """A cell of the course's own raised; `line` is the line of its file where it happened."""

    def __init__(self, part: Part, cell: Cell, line: int, error: BaseException):
        self.part = part
        self.cell = cell
        self.line = line
        self.reason = f"{type(error).__name__}: {error}".split("\n")[0]
        super().__init__(f"{part.file}:{line}: {self.reason}")


@contextlib.contextmanager
def quiet_place(lesson: Lesson | None = None) -> Iterator[None]:
    """Run what is inside in a new folder, with figures off the screen and output thrown away.

    With a lesson the folder goes by its name and holds its public files, as a student's does.
    One thread, as in grading: sums come out in one order, and small nets are no slower.
    """
    import matplotlib
    from matplotlib import pyplot as plt

    before, backend = os.getcwd(), matplotlib.get_backend()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        matplotlib.use("Agg")
        os.chdir(_lesson_folder(lesson, Path(folder)) if lesson else folder)
        try:
            yield
        finally:
            os.chdir(before)
            plt.close("all")
            matplotlib.use(backend)
            torch.set_num_threads(threads)


@contextlib.contextmanager
def without_gpu() -> Iterator[None]:
    """Let torch say that there is no GPU, so that a result is the same on every machine.

    Device checks then run on the stand-in, here as on a machine that has none.
    """
    before = torch.cuda.is_available
    torch.cuda.is_available = lambda: False
    try:
        yield
    finally:
        torch.cuda.is_available = before


def _lesson_folder(lesson: Lesson, parent: Path) -> Path:
    folder = parent / lesson.name
    folder.mkdir()
    for path in lesson.public_files():
        target = folder / path.relative_to(lesson.folder)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)
    return folder


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` in what is inside once it has run for `seconds`.

    Works in the main thread on Linux and macOS; elsewhere there is no limit.
    """
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"no answer within {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run_cell(part: Part, cell: Cell, namespace: Namespace, source: str | None = None) -> None:
    """Run a code cell in a namespace; raises `CellFailed` with the line of `lesson.py`.

    `source` runs in the cell's place, such as its stub.
    """
    # The empty lines make Python count from the top of lesson.py.
    padded = "\n" * (cell.body_line - 1) + (cell.source if source is None else source)
    try:
        exec(compile(padded, str(part.path), "exec", dont_inherit=True), namespace)
    except (Exception, SystemExit) as error:
        raise CellFailed(part, cell, _line(error, part, cell), error) from error


def reference_namespace(part: Part) -> Namespace:
    """A namespace in which the setup cell and all reference solutions of a notebook have run.

    The setup cell is the notebook's first code cell.
    Raises `CellFailed`.
    """
    namespace = fresh_namespace()
    for cell in [*part.of(CellKind.CODE)[:1], *part.of(CellKind.EXERCISE)]:
        run_cell(part, cell, namespace)
    return namespace


def fresh_namespace() -> Namespace:
    """What a cell finds in a new kernel: its own name and IPython's `display`."""
    from IPython.display import display

    return {"__name__": "__main__", "display": display}


def with_item(namespace: Namespace, item: Item) -> Namespace:
    """A copy of the namespace in which an exercise is solved by a misconception or alternative."""
    solved = dict(namespace)
    exec(compile(rendered_source(item), str(item.path), "exec", dont_inherit=True), solved)
    return solved


def with_source(part: Part, cell: Cell, namespace: Namespace, source: str) -> Namespace:
    """A copy of the namespace in which an exercise's cell reads `source`."""
    solved = dict(namespace)
    run_cell(part, cell, solved, source)
    return solved


def part_of(parts: Iterable[Part], exercise: str) -> Part | None:
    """The notebook that holds an exercise."""
    for part in parts:
        if any(cell.name == exercise for cell in part.of(CellKind.EXERCISE)):
            return part
    return None


def _line(error: BaseException, part: Part, cell: Cell) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    inside = [f.lineno for f in frames if f.filename == str(part.path) and f.lineno]
    return inside[-1] if inside else cell.body_line
