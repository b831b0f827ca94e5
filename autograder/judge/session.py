"""A student's notebook while it is judged: a kernel, its time, and a second start when it dies.

The cells run in order in the student's own process. When a cell or a call ends that process, the
next one that is needed starts with the same cells run again, but for the guilty one, so that one
bad exercise does not cost the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.judge.outputs import notice, plain, safe_outputs, stopped
from autograder.judge.remote import Remote
from autograder.kernel import CellResult, Status, StudentKernel
from utils.invoke import How, Reply
from utils.student import (
    Backend,
    Handle,
    StudentCrash,
    StudentGone,
    StudentTimeout,
    Target,
)

FINISHED = (Status.OK, Status.ERROR, Status.TOO_LARGE)
NO_ANSWER = (StudentGone, StudentTimeout, StudentCrash)


@dataclass(frozen=True)
class Limits:
    """Seconds for a cell, a call, a check and a whole notebook; how often a kernel may die.

    After a time-out, a call to the same exercise has only `hurried` seconds: it is most likely the
    same endless loop. The lesson's own untouched cells have `given` seconds together, which do not
    count for the notebook: a slow demonstration must not use up the time of right answers.
    """

    cell: float = 20.0
    call: float = 10.0
    hurried: float = 2.0
    check: float = 30.0
    notebook: float = 120.0
    given: float = 300.0
    restarts: int = 8


@dataclass
class Pins:
    """The student's functions as they were when their check was reached.

    A name stands for a handle, or for the reply that says why there is none.
    """

    names: tuple[str, ...]
    found: dict[str, Handle | Reply] = field(default_factory=dict)


@dataclass(eq=False)
class _Cell:
    """A cell that ran, the lesson's own (`given`) or a student's; two of one text are two."""

    source: str
    given: bool = False


class Session:
    """Runs cells and calls in a student's kernel, and replaces the kernel when it dies.

    `start` makes a fresh kernel. `clock` is for tests.
    """

    def __init__(
        self,
        start: Callable[[], StudentKernel],
        limits: Limits = Limits(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self._start = start
        self.clock = clock
        self._deadline = clock() + limits.notebook
        self._given = limits.given
        self._kernel: StudentKernel | None = None
        self._deaths = 0
        self._done: list[_Cell | Pins] = []  # what to do again after a second start

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exception: object) -> None:
        self._drop()

    def run(self, source: str, given: bool = False) -> list[NotebookNode]:
        """Run a cell and return its outputs, made safe; never raises for anything it does.

        `given` says that it is the lesson's own, as it was released.
        """
        try:
            kernel = self._ready()
        except StudentGone as gone:
            return [stopped("NotRun", f"This cell was not run. Your code ended Python: {gone}.")]
        except StudentTimeout:
            over = f"the time for the whole notebook, {self.limits.notebook:g} s, is over"
            return [stopped("NotRun", f"This cell was not run: {over}.")]
        cell = _Cell(source, given)
        seconds = self._seconds_for(cell)
        result = self._run(kernel, cell, seconds)
        outputs = safe_outputs(result.outputs)
        if result.status in FINISHED:
            self._done.append(cell)
        if result.status is Status.TIMED_OUT:
            # Where the interrupt met the code is chance; that it came is said by `_end_of`.
            outputs = [output for output in outputs if output.output_type != "error"]
        outputs += _end_of(result, seconds)
        if not kernel.alive:
            self._bury()
        return outputs

    def pin(self, names: Iterable[str]) -> Pins:
        """Hold on to the student's functions of these names as they are now."""
        pins = Pins(tuple(names))
        try:
            self._pin(self._ready(), pins)
        except NO_ANSWER:
            self._bury()
        self._done.append(pins)
        return pins

    def backend(self, pins: Pins | None = None, hurried: bool = False) -> Backend:
        """Where the calls of one check go; its time runs from now."""
        with suppress(*NO_ANSWER):
            self._ready()  # the time of a second start is not the check's
        seconds = min(self.limits.call, self.limits.hurried) if hurried else self.limits.call
        return _CheckBackend(self, pins, seconds, self.clock() + self.limits.check)

    def invoke(self, target: Target, how: str, args: tuple, kwargs: dict, seconds: float) -> Reply:
        """One call; raises `StudentTimeout` or `StudentGone`."""
        kernel = self._ready()
        seconds = round(min(seconds, self._left()), 1)
        try:
            return Remote(kernel, seconds).invoke(target, how, args, kwargs)
        finally:
            if not kernel.alive:
                self._bury()

    def _ready(self) -> StudentKernel:
        """A living kernel in which everything up to here has run, and time to use it."""
        while self._kernel is None and self._left() > 0:
            if self._deaths > self.limits.restarts:
                raise StudentGone(f"it had ended {self._deaths} times before, and was not started")
            began = self.clock()
            self._kernel = self._start()
            self._deadline += self.clock() - began  # our time, not the student's
            self._again(self._kernel)
        if self._kernel is None or self._left() <= 0:
            raise StudentTimeout(self.limits.notebook)
        return self._kernel

    def _again(self, kernel: StudentKernel) -> None:
        """Repeat what was done; a cell that now ends the kernel is not repeated again."""
        for step in list(self._done):
            if self._left() <= 0:
                return
            if isinstance(step, Pins):
                with suppress(*NO_ANSWER):
                    self._pin(kernel, step)
            elif not self._repeat(kernel, step):
                self._done.remove(step)
            if not kernel.alive:
                self._bury()
                return

    def _repeat(self, kernel: StudentKernel, cell: _Cell) -> bool:
        return self._run(kernel, cell, self._seconds_for(cell)).status in FINISHED

    def _seconds_for(self, cell: _Cell) -> float:
        student = min(self.limits.cell, self._left())
        return max(student, self._given) if cell.given else student

    def _run(self, kernel: StudentKernel, cell: _Cell, seconds: float) -> CellResult:
        began = self.clock()
        result = kernel.run_cell(cell.source, seconds)
        if cell.given:
            credit = min(self.clock() - began, self._given)
            self._given -= credit
            self._deadline += credit
        return result

    def _pin(self, kernel: StudentKernel, pins: Pins) -> None:
        pins.found.clear()
        for name in pins.names:
            seconds = min(self.limits.call, max(self._left(), 0.0))
            reply = Remote(kernel, seconds).invoke(Target(name), How.GET, (), {})
            if reply.error is not None:
                pins.found[name] = reply
            elif isinstance(reply.value, Handle):
                pins.found[name] = reply.value

    def _left(self) -> float:
        return self._deadline - self.clock()

    def _bury(self) -> None:
        self._deaths += 1
        self._drop()

    def _drop(self) -> None:
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None


@dataclass
class _CheckBackend:
    """A check's view of the session: pinned functions, and the time that is left to the check."""

    session: Session
    pins: Pins | None
    seconds: float
    until: float

    def invoke(self, target: Target, how: str, args: tuple, kwargs: dict) -> Reply:
        if self.pins is not None and isinstance(target.root, str):
            pinned = self.pins.found.get(target.root)
            if isinstance(pinned, Reply):
                return pinned
            if pinned is not None:
                target = Target(pinned, target.path)
        left = self.until - self.session.clock()
        if left <= 0:
            raise StudentTimeout(self.session.limits.check)
        return self.session.invoke(target, how, args, kwargs, min(self.seconds, left))


def _end_of(result: CellResult, seconds: float) -> list[NotebookNode]:
    """What is said where a cell did not come to its end; nothing where it did."""
    if result.status is Status.TIMED_OUT:
        return [stopped("TimedOut", f"This cell did not end within {seconds:.3g} seconds.")]
    if result.status is Status.TOO_LARGE:
        return [notice("The rest of this cell's output was left out: there is too much.")]
    if result.status is Status.DIED:
        return [stopped("Ended", f"This cell ended its own process: {plain(result.reason)}.")]
    return []
