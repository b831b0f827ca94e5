"""Worker processes that judge many submissions at once, and outlive the loss of any of them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any

from autograder.judge.worker import pack, receive, send

ATTEMPTS = 2
GRACE = 3.0  # seconds for all workers together to end by themselves


@dataclass(frozen=True)
class Job:
    """A submission to be judged: its student and the bytes of its notebooks by name."""

    student: str
    notebooks: dict[str, bytes]


@dataclass
class _Worker:
    process: subprocess.Popen
    connection: Connection
    job: Job | None = None
    until: float = float("inf")


@dataclass
class Pool:
    """Judges jobs in `size` processes; `settings` is what `worker.main` is told first.

    `patience` is how many seconds a worker may spend on a job. A worker that ends or exceeds it is
    replaced, and its job tried once more; then the answer is `{"fault": …}`.
    """

    settings: dict[str, Any]
    size: int
    patience: float
    command: Sequence[str] = (sys.executable, "-m", "autograder.judge.worker")
    _workers: list[_Worker] = field(default_factory=list)
    _attempts: dict[str, int] = field(default_factory=dict)

    def judge(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, dict[str, Any]]]:
        """The answer to every job, as they come."""
        waiting = deque(jobs)
        try:
            while waiting or any(worker.job for worker in self._workers):
                self._hand_out(waiting)
                yield from self._collect(waiting)
        finally:
            self.close()

    def close(self) -> None:
        """End the workers and their kernels."""
        for worker in self._workers:
            worker.connection.close()
        until = time.monotonic() + GRACE
        for worker in self._workers:
            _end(worker, grace=until - time.monotonic())
        self._workers = []

    def _hand_out(self, waiting: deque[Job]) -> None:
        idle = [worker for worker in self._workers if worker.job is None]
        while waiting:
            if not idle and len(self._workers) == self.size:
                return
            worker = idle.pop() if idle else self._start()
            job = waiting.popleft()
            worker.job, worker.until = job, time.monotonic() + self.patience
            with contextlib.suppress(OSError):  # its end is noticed when the answer is collected
                send(worker.connection, {"notebooks": pack(job.notebooks)})

    def _collect(self, waiting: deque[Job]) -> Iterator[tuple[Job, dict[str, Any]]]:
        busy = [worker for worker in self._workers if worker.job is not None]
        left = min(worker.until for worker in busy) - time.monotonic()
        ready = wait([worker.connection for worker in busy], timeout=max(0.0, left))
        for worker in busy:
            job = worker.job
            assert job is not None
            if worker.connection in ready:
                try:
                    answer = receive(worker.connection)
                except (EOFError, OSError, ValueError):
                    yield from self._lost(worker, job, waiting, "it ended")
                    continue
                worker.job = None
                yield job, answer
            elif worker.until <= time.monotonic():
                yield from self._lost(worker, job, waiting, f"{self.patience:g} s were not enough")

    def _lost(
        self, worker: _Worker, job: Job, waiting: deque[Job], reason: str
    ) -> Iterator[tuple[Job, dict[str, Any]]]:
        """Replace a worker; its job goes to another, or is given up."""
        self._workers.remove(worker)
        worker.connection.close()
        code = _end(worker, grace=0.0)
        self._attempts[job.student] = self._attempts.get(job.student, 0) + 1
        if self._attempts[job.student] < ATTEMPTS:
            waiting.appendleft(job)
        else:
            told = f"The judging process was lost {ATTEMPTS} times ({reason}, exit code {code})."
            yield job, {"fault": f"{told} Grade this submission again, alone."}

    def _start(self) -> _Worker:
        ours, theirs = Pipe()
        process = subprocess.Popen(
            [*self.command, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": _import_path()},
            start_new_session=True,
        )
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        with contextlib.suppress(OSError):
            send(ours, self.settings)
        return worker


def _import_path() -> str:
    """Where the worker finds this package, also where it is not installed."""
    here = Path(__file__).resolve().parents[2]
    return os.pathsep.join(filter(None, [str(here), os.environ.get("PYTHONPATH")]))


def _end(worker: _Worker, grace: float) -> int | None:
    """Wait for a worker that was told to stop, then kill it with all that it started."""
    try:
        if grace > 0:
            return worker.process.wait(timeout=grace)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(worker.process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        worker.process.kill()
    return worker.process.wait()
