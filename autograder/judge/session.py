"""A student's notebook while it is judged: a kernel, its time, and a second start when it dies.

The cells run in order in the student's own process. When a cell or a call ends that process, the
next one that is needed starts with the same cells run again, but for the guilty one, so that one
bad exercise does not cost the others.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from nbformat import NotebookNode

from autograder.judge.outputs import LEFT_OUT, notice, plain, safe_outputs, size_of, stopped
from autograder.judge.remote import Remote
from autograder.judge.written import names_written
from autograder.kernel import CellResult, KernelDied, Status, StudentKernel
from utils.endings import MEMORY, SYSTEM, ending_of
from utils.invoke import How, Reply, StudentError
from utils.student import (
    Backend,
    Handle,
    StudentCrash,
    StudentGone,
    StudentTimeout,
    Target,
)

MOST_OUTPUT = 32_000_000  # bytes of all cells' outputs that are kept
FINISHED = (Status.OK, Status.ERROR, Status.TOO_LARGE)
DEAD = (Status.DIED, Status.OUT_OF_MEMORY, Status.BLOCKED)
NO_ANSWER = (StudentGone, StudentTimeout, StudentCrash)


@dataclass(frozen=True)
class Limits:
    """Seconds for a cell, a call, a check and a whole notebook; how often a kernel may die.

    A kernel is replaced `restarts` times, but an exercise whose checks have ended it `endings`
    times is not called again: it must not use up the restarts of the others.
    A call in a check that trains a net has `trained` seconds, by which the check's own time is
    longer, too: what takes two on a quiet machine must not fail on a busy one.
    After a time-out, a call to the same exercise has only `hurried` seconds: it is most likely the
    same endless loop. The lesson's own untouched cells have `given` seconds together, which do not
    count for the notebook: a slow demonstration must not use up the time of right answers.
    """

    cell: float = 20.0
    call: float = 10.0
    trained: float = 30.0
    hurried: float = 2.0
    check: float = 30.0
    notebook: float = 120.0
    given: float = 300.0
    restarts: int = 8
    endings: int = 2


@dataclass(eq=False)
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
        self._endings: Counter[str] = Counter()  # by the exercise whose check met them
        self._done: list[_Cell | Pins] = []  # what to do again after a second start
        self._held: list[tuple[str, ...]] = []
        self._room = MOST_OUTPUT

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exception: object) -> None:
        self._drop()

    @property
    def protections(self) -> tuple[str, ...]:
        """What kept the student's code from doing harm, in every kernel that was used.

        Told by the trusted side before a student's line runs; none where no kernel was started.
        """
        first, *others = self._held or [()]
        return tuple(name for name in first if all(name in held for held in others))

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
        outputs = self._within_room(outputs) + _end_of(result, seconds, kernel.end)
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

    def backend(
        self,
        pins: Pins | None = None,
        hurried: bool = False,
        exercise: str = "",
        trained: bool = False,
    ) -> Backend:
        """Where the calls of one check of `exercise` go; its time runs from now."""
        with suppress(*NO_ANSWER):
            self._ready()  # the time of a second start is not the check's
        call, check = self.limits.call, self.limits.check
        if trained:
            call, check = max(call, self.limits.trained), check + self.limits.trained
        seconds = min(call, self.limits.hurried) if hurried else call
        return _CheckBackend(self, pins, seconds, self.clock() + check, check, exercise)

    def invoke(
        self,
        target: Target,
        how: str,
        args: tuple,
        kwargs: dict,
        seconds: float,
        exercise: str = "",
    ) -> Reply:
        """One call for `exercise`; raises `StudentTimeout` or `StudentGone`."""
        if self._endings[exercise] >= self.limits.endings:
            ended = self._endings[exercise]
            raise StudentGone(f"it had ended {ended} times in this exercise, and was not called")
        kernel = self._ready()
        seconds = round(min(seconds, self._left()), 1)
        try:
            return Remote(kernel, seconds).invoke(target, how, args, kwargs)
        finally:
            if not kernel.alive:
                self._endings[exercise] += 1
                self._bury()

    def sources(self, pins: Pins | None) -> list[str]:
        """The cells that have run, until the place where these functions were pinned."""
        until = self._done.index(pins) if pins in self._done else len(self._done)
        return [step.source for step in self._done[:until] if isinstance(step, _Cell)]

    def _within_room(self, outputs: list[NotebookNode]) -> list[NotebookNode]:
        """A cell's outputs, as long as those of all cells together are not too much."""
        self._room -= sum(map(size_of, outputs))
        return outputs if self._room >= 0 else [notice(LEFT_OUT)]

    def _ready(self) -> StudentKernel:
        """A living kernel in which everything up to here has run, and time to use it."""
        while self._kernel is None and self._left() > 0:
            if self._deaths > self.limits.restarts:
                raise StudentGone(f"it had ended {self._deaths} times before, and was not started")
            began = self.clock()
            self._kernel = self._start()
            self._held.append(tuple(self._kernel.protections))
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
        seconds = min(self.limits.call, max(self._left(), 0.0))
        for name, reply in Remote(kernel, seconds).hold(pins.names).items():
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
    whole: float
    exercise: str = ""

    def invoke(self, target: Target, how: str, args: tuple, kwargs: dict) -> Reply:
        reply = self._invoke(target, how, args, kwargs)
        if how != How.TRACE or not isinstance(target.root, str):
            return reply
        # What the student's process tells of its steps is not all that there is to know.
        written = names_written(self.session.sources(self.pins), target.root)
        return replace(reply, operators=tuple(sorted(written.union(reply.operators))))

    def _invoke(self, target: Target, how: str, args: tuple, kwargs: dict) -> Reply:
        if self.pins is not None and isinstance(target.root, str):
            pinned = self.pins.found.get(target.root)
            if isinstance(pinned, Reply):
                return pinned
            if pinned is not None:
                target = Target(pinned, target.path)
        left = self.until - self.session.clock()
        if left <= 0:
            raise StudentTimeout(self.whole)
        seconds = min(self.seconds, left)
        return self.session.invoke(target, how, args, kwargs, seconds, self.exercise)


def _end_of(result: CellResult, seconds: float, end: KernelDied | None) -> list[NotebookNode]:
    """What is said where a cell did not come to its end; nothing where it did."""
    if result.status is Status.TIMED_OUT:
        return [stopped("TimedOut", f"This cell did not end within {seconds:.3g} seconds.")]
    if result.status is Status.TOO_LARGE:
        return [notice(LEFT_OUT)]
    if result.status in DEAD:
        return [_end_of_process(result, end)]
    return _end_of_code(result)


def _end_of_process(result: CellResult, end: KernelDied | None) -> NotebookNode:
    said = f"This cell ended its own process: {plain(result.reason)}."
    if end is not None and end.out_of_memory:
        return stopped("OutOfMemory", f"{MEMORY} {said}")
    if end is not None and end.blocked:
        return stopped("Blocked", f"{SYSTEM} {said}")
    return stopped("Ended", said)


def _end_of_code(result: CellResult) -> list[NotebookNode]:
    """A line under an error that a limit or the sandbox has caused."""
    errors = [output for output in result.outputs if output.get("output_type") == "error"]
    if result.status is not Status.ERROR or not errors:
        return []
    error = StudentError(plain(errors[-1]["ename"]), plain(errors[-1]["evalue"]))
    kind, remedy = ending_of(error)
    return [notice(f"{kind.value}: {remedy}")] if remedy else []
