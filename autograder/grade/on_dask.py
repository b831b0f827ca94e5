"""What runs inside a Dask worker: it hands submissions to judge processes of its own.

A Dask worker has threads, and a process with threads must not fork kernels. So the judging is done
beside it, by the same nursery and workers as on one machine, which live on from one submission to
the next. In and out go bytes that hold JSON, and nothing else.

The coordinator calls `about`, `prepare` and `release`; the scheduler calls `judge`.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.grade.children import Lost, Nursery, Worker
from autograder.grade.fingerprint import environment
from autograder.grade.jobs import Answer
from autograder.grade.losses import Loss, given_up
from autograder.grade.parcel import unpack_lesson
from autograder.sandbox import probe

TASK = "autograder.grade.worker"
ATTEMPTS = 2
LOOK_UP = 0.5  # seconds between two looks at whether the coordinator has let go


async def about(settings: dict[str, Any]) -> dict[str, Any]:
    """What marks depend on here, and what protects this machine from whom it judges."""
    here = await asyncio.to_thread(environment, settings)
    return {**here, "protections": list(await asyncio.to_thread(probe))}


async def prepare(parcel: bytes, dask_worker: Any = None) -> None:
    """Take in a lesson: its key, its files, the judge's settings and its times in seconds."""
    await asyncio.to_thread(_prepare, json.loads(parcel), dask_worker.local_directory)


def judge(key: str, job: bytes) -> bytes:
    """Judge one submission of a prepared lesson; where it is not prepared, ask for it."""
    judges = _known.get(key)
    answer = None if judges is None else judges.answer(job)
    return json.dumps({"needs": _address()} if answer is None else answer).encode()


async def release(key: str) -> None:
    """End the judge processes of a lesson, also in the middle of one, and forget its files."""
    await asyncio.to_thread(_release, key)


@dataclass
class Judges:
    """The judge processes of one lesson on this worker, as many as its threads borrow at once.

    `settings` and `patience` are those of a `Pool`. Every method may be called by any thread.
    """

    settings: dict[str, Any]
    patience: float
    idle: float
    task: str = TASK
    stop: threading.Event = field(default_factory=threading.Event)
    _free: list[Worker] = field(default_factory=list)
    _lent: int = 0
    _used: float = field(default_factory=time.monotonic)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._nursery = Nursery(self.task, self.settings)

    def answer(self, job: bytes) -> Answer | None:
        """The answer to a job, at the second try if need be; None when all was let go."""
        losses: list[Loss] = []
        while len(losses) < ATTEMPTS:
            try:
                with self._borrowed() as worker:
                    return self._ask(worker, job)
            except _Silent as silent:
                losses.append(silent.loss)
            except Lost as lost:
                if not self.stop.is_set():
                    return {"fault": f"The judging processes cannot be started here: {lost}"}
            if self.stop.is_set():
                return None
        told = given_up(losses)
        return {**told, "evidence": {**told["evidence"], "worker": _address()}}

    @property
    def forgotten(self) -> bool:
        """Whether nobody has asked for anything for `idle` seconds."""
        with self._lock:
            return not self._lent and time.monotonic() - self._used > self.idle

    def close(self) -> None:
        """End the processes, also those that are lent."""
        self.stop.set()
        with self._lock:
            for worker in self._free:
                worker.close()
            self._free = []
            self._nursery.close()

    def _ask(self, worker: Worker, job: bytes) -> Answer:
        """The answer of one process; raises `_Silent` where there is none in time."""
        until = time.monotonic() + self.patience
        try:
            worker.connection.send_bytes(job)
            while not worker.connection.poll(LOOK_UP):
                if self.stop.is_set() or time.monotonic() > until:
                    raise _Silent(self._loss(worker, late=not self.stop.is_set()))
            return dict(json.loads(worker.connection.recv_bytes()))
        except (EOFError, OSError, ValueError):
            raise _Silent(self._loss(worker, late=False)) from None

    def _loss(self, worker: Worker, late: bool) -> Loss:
        worker.kill()
        with self._lock:
            end = {} if self.stop.is_set() else self._nursery.end_of(worker)
            doing = worker.note
        return Loss(end.get("code"), end.get("peak"), doing, self.patience if late else None)

    @contextmanager
    def _borrowed(self) -> Iterator[Worker]:
        with self._lock:
            self._lent += 1
        try:
            worker = self._take()
            try:
                yield worker
            except BaseException:
                worker.close()
                raise
            self._give_back(worker)
        finally:
            with self._lock:
                self._lent -= 1
                self._used = time.monotonic()

    def _take(self) -> Worker:
        """A process that has nothing to do; where the nursery has ended, one from a new nursery."""
        with self._lock:
            if self._free:
                return self._free.pop()
            try:
                return self._nursery.worker(self.settings)
            except Lost:
                if self.stop.is_set():
                    raise
                self._nursery.close()
                self._nursery = self._nursery.again()
                return self._nursery.worker(self.settings)

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            if self.stop.is_set():
                worker.close()
            else:
                self._free.append(worker)


class _Silent(Exception):
    """A judge process gave no answer."""

    def __init__(self, loss: Loss) -> None:
        super().__init__(str(loss))
        self.loss = loss


_known: dict[str, Judges] = {}
_lock = threading.Lock()


def _prepare(content: dict[str, Any], place: str) -> None:
    key = content["key"]
    with _lock:
        if key in _known:
            return
        root = Path(place, "course", key)
        if not root.is_dir():
            unpack_lesson(content["files"], root)
        settings = {**content["settings"], "root": str(root)}
        _known[key] = judges = Judges(settings, content["patience"], content["idle"])
    threading.Thread(target=_let_go_when_idle, args=[key, judges], daemon=True).start()


def _release(key: str) -> None:
    with _lock:
        judges = _known.pop(key, None)
    if judges is not None:
        judges.close()
        shutil.rmtree(judges.settings["root"], ignore_errors=True)


def _let_go_when_idle(key: str, judges: Judges) -> None:
    """A coordinator that was killed releases nothing; nobody asking is then the only sign."""
    while not judges.stop.wait(judges.idle / 4):
        if judges.forgotten:
            _release(key)


def _address() -> str:
    from distributed import get_worker

    return str(get_worker().address)
