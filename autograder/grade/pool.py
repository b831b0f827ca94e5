"""Worker processes that judge many submissions at once, and outlive the loss of any of them."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Any, Generic, Protocol, TypeVar

from autograder.grade.children import Lost, Nursery, Worker
from autograder.grade.jobs import Answer
from autograder.grade.losses import Loss, given_up
from autograder.paths import CourseError

ATTEMPTS = 2


class Submission(Protocol):
    """What can be worked on: something of one student's."""

    @property
    def student(self) -> str: ...


Work = TypeVar("Work", bound=Submission)


@dataclass(eq=False)
class _Task(Generic[Work]):
    """A job on its way to an answer, with the workers that were lost over it."""

    job: Work
    losses: list[Loss] = field(default_factory=list)
    worker: Worker | None = None
    until: float = 0.0


@dataclass
class Pool(Generic[Work]):
    """Answers jobs in up to `size` forks of a nursery; an `Executor`.

    `settings` is what each worker is told first, `plain` makes a message of a job, and `patience`
    is how many seconds a worker may spend on one. A worker that ends or exceeds it is replaced, and
    its job tried once more; then the answer is `{"fault": …, "evidence": …}`.
    """

    nursery: Nursery
    settings: dict[str, Any]
    size: int
    patience: float
    plain: Callable[[Work], dict[str, Any]]
    _idle: list[Worker] = field(default_factory=list)
    _busy: list[_Task[Work]] = field(default_factory=list)

    def judge(self, jobs: Iterable[Work]) -> Iterator[tuple[Work, Answer]]:
        """The answer to every job, as they come; no more jobs are taken than can be worked on."""
        fresh = (_Task(job) for job in jobs)
        again: deque[_Task[Work]] = deque()
        while True:
            while len(self._busy) < self.size:
                task = again.popleft() if again else next(fresh, None)
                if task is None:
                    break
                self._hand_out(task)
            if not self._busy:
                return
            for task, answer in self._collect():
                if answer is not None:
                    yield task.job, answer
                elif len(task.losses) < ATTEMPTS:
                    again.append(task)
                else:
                    yield task.job, given_up(task.losses)

    def close(self) -> None:
        """End the workers, also in the middle of a job, and the nursery with all its kernels."""
        working = [task.worker for task in self._busy if task.worker is not None]
        for worker in working:
            worker.kill()
        for worker in [*self._idle, *working]:
            worker.close()
        self._idle, self._busy = [], []
        self.nursery.close()

    def _hand_out(self, task: _Task[Work]) -> None:
        message = json.dumps(self.plain(task.job)).encode()
        while True:
            worker = self._idle.pop() if self._idle else self._new()
            try:
                worker.connection.send_bytes(message)
            except OSError:  # it ended while it had nothing to do
                worker.close()
                continue
            task.worker, task.until = worker, time.monotonic() + self.patience
            self._busy.append(task)
            return

    def _new(self) -> Worker:
        """A new worker; where the nursery has ended, from a new one."""
        for _ in range(ATTEMPTS):
            try:
                return self.nursery.worker(self.settings)
            except Lost as lost:
                reason = str(lost).strip().rpartition("\n")[2]
                self._replace_nursery()
        raise CourseError(
            f"The judging processes cannot be started: {reason}. "
            "Run `course doctor` to see what is missing."
        )

    def _replace_nursery(self) -> None:
        """Start another; the old one's workers have no kernels any more, and end with it."""
        for task in self._busy:
            if task.worker is not None:
                task.worker.kill()
        for worker in self._idle:
            worker.kill()
            worker.close()
        self._idle = []
        self.nursery.close()
        self.nursery = self.nursery.again()

    def _collect(self) -> Iterator[tuple[_Task[Work], Answer | None]]:
        """The tasks that ended, with their answers; None where the worker was lost."""
        workers = {task.worker.connection: task for task in self._busy if task.worker is not None}
        left = min(task.until for task in self._busy) - time.monotonic()
        ready = wait(list(workers), timeout=max(0.0, left))
        for connection, task in workers.items():
            worker = task.worker
            assert worker is not None
            if connection in ready:
                with suppress(EOFError, OSError, ValueError):
                    answer = dict(json.loads(connection.recv_bytes()))
                    self._busy.remove(task)
                    self._idle.append(worker)
                    yield task, answer
                    continue
                self._lose(task, worker, late=False)
            elif task.until <= time.monotonic():
                worker.kill()
                self._lose(task, worker, late=True)
            else:
                continue
            yield task, None

    def _lose(self, task: _Task[Work], worker: Worker, late: bool) -> None:
        """Note how a task's worker ended, and let go of it."""
        self._busy.remove(task)
        worker.kill()
        doing, end = worker.note, self.nursery.end_of(worker)
        seconds = self.patience if late else None
        task.losses.append(Loss(end.get("code"), end.get("peak"), doing, seconds))
        worker.close()
        if self.nursery.ended:
            self._replace_nursery()
