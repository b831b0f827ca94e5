"""One student's kernel as the judge sees it: run a cell, call a function, close."""

from __future__ import annotations

import json
import math
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

from nbformat import NotebookNode

from autograder.kernel import processes
from autograder.kernel.errors import KernelDied, KernelTimeout
from autograder.kernel.link import Ended, Late, Link
from autograder.kernel.outputs import Outputs
from autograder.sandbox.limits import RESOURCES, Resources
from autograder.sandbox.watch import MEMORY
from autograder.wire import CAPS, MIB, Caps, ProtocolViolation, TooLarge, encode
from utils.invoke import How, Reply, StudentError
from utils.student import Handle, Target


class Status(StrEnum):
    """How a cell ended."""

    OK = "ok"
    ERROR = "error"
    TIMED_OUT = "timed out"
    DIED = "died"
    TOO_LARGE = "output too large"
    OUT_OF_MEMORY = "out of memory"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class KernelLimits:
    """What a student's process may take before it is stopped.

    `output` bytes of a cell's outputs are kept, the rest is dropped; a cell that writes more than
    `flood` bytes is interrupted. `grace` is the time in seconds to react to an interrupt.
    `resources` are memory, processor, files and processes.
    """

    output: int = 8 * MIB
    flood: int = 256 * MIB
    grace: float = 1.0
    caps: Caps = CAPS
    resources: Resources = RESOURCES


@dataclass(frozen=True)
class CellResult:
    """What a cell did. `reason` says in words what ended the kernel, when it died."""

    outputs: list[NotebookNode]
    status: Status
    execution_count: int | None = None
    reason: str = ""


class _Flood(Exception):
    """A cell writes without end."""


class StudentKernel:
    """A student's process. Not for two threads at once.

    Example:
        with WarmParent() as parent, parent.kernel() as kernel:
            kernel.run_cell("def double(x): return 2 * x", timeout=10).status  # Status.OK
            kernel.invoke("double", How.CALL, (21,), {}, timeout=10).value  # 42
    """

    def __init__(
        self,
        link: Link,
        limits: KernelLimits,
        end: Callable[[], None],
    ) -> None:
        self.scratch = Path()  # as the kernel itself sees it
        self.protections: tuple[str, ...] = ()
        self._link = link
        self._limits = limits
        self._make_end = end
        self._outputs = Outputs()
        self._runs_cell = False
        self._flood = math.inf
        self._number = 0
        link.on_stream = self._take_stream
        self._end: KernelDied | None = None
        self._closed = False
        self._memory_kills = processes.killed_for_memory()

    @property
    def alive(self) -> bool:
        """Whether the kernel can still be asked."""
        return self._end is None

    @property
    def end(self) -> KernelDied | None:
        """How the kernel has ended; None while it can be asked."""
        return self._end

    def wait_until_ready(self, timeout: float) -> None:
        """Wait for the first sign of life; raises `KernelDied` when there is none."""
        try:
            message = self._link.receive(time.monotonic() + timeout)
            # No line of a student's has run yet: this is still our own code that speaks.
            self.protections = tuple(message["ready"])
            self.scratch = Path(message["scratch"])
        except (Late, Ended, ProtocolViolation, KeyError, TypeError) as error:
            self._stop("it did not start")
            raise KernelDied("it did not start") from error

    def run_cell(self, source: str, timeout: float) -> CellResult:
        """Run one code cell; never raises for what the cell does, only on a dead kernel.

        At the deadline the cell is interrupted; when it does not react, the kernel is ended. The
        outputs until then are returned in either case.
        """
        self._expect_alive()
        self._outputs.begin(self._limits.output)
        self._runs_cell, self._flood = True, self._limits.flood
        request = {"op": "cell", "source": source, "budget": self._limits.output}
        reply: dict[str, Any] = {}
        try:
            reply = self._ask(request, timeout)
            status = Status.OK if reply.get("ok") is True else Status.ERROR
        except _Flood:
            status = Status.TOO_LARGE
        except KernelTimeout:
            status = Status.TIMED_OUT
        except ProtocolViolation:
            status = Status.DIED
        except KernelDied as death:
            status = _status(death)
        except TooLarge as error:
            status = Status.ERROR
            told = {"ename": "TooLarge", "evalue": str(error), "traceback": [str(error)]}
            self._outputs.event("error", json.dumps(told))
        self._runs_cell = False
        outputs = self._outputs.finish()
        if self._outputs.truncated and status in (Status.OK, Status.ERROR):
            status = Status.TOO_LARGE
        count = reply.get("count")
        return CellResult(
            outputs,
            status,
            count if type(count) is int else None,
            "" if self._end is None else self._end.how,
        )

    def invoke(
        self,
        target: Target | Handle | str,
        how: str = How.CALL,
        args: tuple = (),
        kwargs: dict[str, Any] | None = None,
        timeout: float = 10.0,
    ) -> Reply:
        """Call a student's function in the student's process.

        `target` is a global's name, a `Handle` from an earlier reply, or a `Target` with a path of
        attributes; handles may stand among the arguments too. An exception of the student's comes
        back as `Reply.error`.
        Raises `KernelTimeout`, `KernelDied`, and `ProtocolViolation` when what came back is no
        reply; after a violation the kernel is ended.
        """
        self._expect_alive()
        if not isinstance(target, Target):
            target = Target(target)
        request = {
            "op": "invoke",
            "root": target.root,
            "path": target.path,
            "how": str(how),
            "args": tuple(args),
            "kwargs": dict(kwargs or {}),
        }
        reply = self._ask(request, timeout)
        with self._ended_by_violation():
            return read_reply(reply.get("reply"))

    def hold(self, names: Sequence[str], timeout: float = 10.0) -> dict[str, Reply]:
        """What each global name stands for now, in one question: a `Handle` that stays.

        A name that stands for plain data has an empty reply, an unknown one an error.
        Raises as `invoke` does.
        """
        self._expect_alive()
        answer = self._ask({"op": "hold", "names": list(names)}, timeout)
        with self._ended_by_violation():
            return read_replies(answer, names)

    def close(self) -> None:
        """End the kernel, everything it started, and its scratch folder, without waiting for it.

        The warm parent sees to it; `WarmParent.close` waits until nothing is left.
        """
        if self._closed:
            return
        self._closed = True
        self._stop("it was closed")
        self._make_end()
        self._link.close()

    def __enter__(self) -> StudentKernel:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Send a request and await its reply; the deadline counts from now, on this side."""
        deadline = time.monotonic() + timeout
        self._number += 1
        frame = encode({**request, "id": self._number}, self._limits.caps)
        try:
            if not self._link.silent():
                raise ProtocolViolation("it spoke without being asked")
            self._link.send(frame)
            return self._await(deadline)
        except Late:
            raise KernelTimeout(timeout, self._interrupt()) from None
        except _Flood:
            self._interrupt()
            raise
        except Ended as ended:
            raise self._died(ended.code) from None
        except ProtocolViolation as violation:
            self._stop(f"it broke the protocol: {violation}")
            raise

    def _await(self, deadline: float) -> dict[str, Any]:
        while True:
            message = self._link.receive(deadline)
            if not isinstance(message, dict):
                raise ProtocolViolation("a message that is neither a reply nor an output")
            if "event" in message:
                if self._link.sending:  # it waits for no acknowledgement
                    raise ProtocolViolation("an output before the last one was taken")
                self._take_event(message)
                self._link.send(ACKNOWLEDGED)
            elif type(message.get("id")) is int and message["id"] == self._number:
                if self._link.sending:
                    raise ProtocolViolation("an answer to a question that it has not read")
                return message
            else:
                raise ProtocolViolation("a reply to something else")

    def _interrupt(self) -> bool:
        """Stop what runs; returns whether the kernel still lives."""
        self._flood = math.inf
        self._link.interrupt()
        try:
            self._await(time.monotonic() + self._limits.grace)
            return True
        except Late:
            self._stop("it did not react to an interrupt")
        except Ended as ended:
            self._died(ended.code)
        except ProtocolViolation as violation:
            self._stop(f"it broke the protocol: {violation}")
        return False

    def _take_stream(self, name: str, data: bytes) -> None:
        if self._runs_cell:  # what a called function prints is nobody's output
            self._outputs.stream(name, data)
            self._expect_no_flood()

    def _take_event(self, message: dict[str, Any]) -> None:
        kind, content = message["event"], message.get("content")
        if not self._runs_cell or not isinstance(kind, str) or not isinstance(content, str):
            raise ProtocolViolation("an output that nobody asked for")
        self._outputs.event(kind, content)
        self._expect_no_flood()

    def _expect_no_flood(self) -> None:
        if self._outputs.received > self._flood:
            raise _Flood

    def _expect_alive(self) -> None:
        if self._end is not None:
            raise self._end

    @contextmanager
    def _ended_by_violation(self) -> Iterator[None]:
        try:
            yield
        except ProtocolViolation as violation:
            self._stop(f"it broke the protocol: {violation}")
            raise

    def _stop(self, why: str) -> None:
        if self._end is None:
            self._end = KernelDied(why)
        self._link.end()

    def _died(self, code: int | None) -> KernelDied:
        """Note the end of the process, with what is known about it."""
        excess = self._link.excess
        if code == -signal.SIGKILL and processes.killed_for_memory() > self._memory_kills:
            excess = MEMORY
        how = processes.describe_exit(code, excess)
        self._end = KernelDied(how, code, excess == MEMORY, blocked=code == -signal.SIGSYS)
        self._link.end()
        return self._end


ACKNOWLEDGED = encode({"op": "ack"})


def _status(death: KernelDied) -> Status:
    if death.out_of_memory:
        return Status.OUT_OF_MEMORY
    return Status.BLOCKED if death.blocked else Status.DIED


def read_reply(raw: Any) -> Reply:
    """A reply from plain data of unknown origin; raises `ProtocolViolation` where it is none."""
    if not isinstance(raw, dict):
        raise ProtocolViolation("a reply that is no reply")
    error = raw.get("error")
    changed, operators = _texts(raw.get("changed")), _texts(raw.get("operators"))
    (ran_on,) = _texts([raw.get("ran_on")])
    return Reply(
        raw.get("value"),
        None if error is None else _read_error(error),
        changed,
        operators,
        ran_on[:200],
    )


def read_replies(answer: dict[str, Any], names: Sequence[str]) -> dict[str, Reply]:
    """The answer to `hold`, of unknown origin; an agent that failed tells one error for all."""
    replies = answer.get("replies")
    if replies is None:
        return dict.fromkeys(names, read_reply(answer.get("reply")))
    if not isinstance(replies, dict) or set(replies) != set(names):
        raise ProtocolViolation("an answer about other names than were asked for")
    return {name: read_reply(replies[name]) for name in names}


def _read_error(raw: Any) -> StudentError:
    if not isinstance(raw, dict):
        raise ProtocolViolation("an error that is none")
    kind, message, source = _texts([raw.get(key) for key in ("type", "message", "source")])
    line = raw.get("line")
    if line is not None and type(line) is not int:
        raise ProtocolViolation("an error with an odd line")
    return StudentError(kind[:100], message[:2000], line, source[:300])


def _texts(values: Any) -> tuple[str, ...]:
    if isinstance(values, list | tuple) and all(isinstance(value, str) for value in values):
        return tuple(values)
    raise ProtocolViolation("a reply with something else where texts belong")
