"""`course grade --cluster`: an executor whose workers are those of a running Dask cluster.

The coordinator sends bytes and gets bytes; what is in them is JSON and is read as such. The lesson
travels once to each worker, a submission with its task, and only as many as are soon judged.
"""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.grade import on_dask
from autograder.grade.fingerprint import environment
from autograder.grade.jobs import Answer, Job, plain
from autograder.grade.parcel import content_key, pack_lesson
from autograder.paths import Course, CourseError
from autograder.sandbox.names import NETWORK, missing, remedy

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT = 30.0  # seconds to wait for a scheduler, and for the first worker
ALONE = 60.0  # seconds without any worker before the grading stops
LOOK_UP = 2.0  # seconds between two looks at the cluster while nothing comes back
IDLE = 60.0  # seconds after which a worker lets go of a lesson that nobody asks for
AHEAD = 2  # tasks in flight for each thread of the cluster
SAME = ("course", "torch", "python")  # what must be the same here and there


@dataclass
class _Flight:
    job: Job
    future: Future


class Cluster:
    """Judges jobs on the workers of the Dask scheduler at `address`, such as `tcp://host:8786`.

    `settings` are those of a local worker; a job may take `patience` seconds. TLS is configured as
    for every Dask client, by Dask's own files or environment.
    Raises `CourseError`, also while it judges, when the cluster cannot be used, with what to do.
    Example: `Cluster("tcp://10.0.0.1:8786", settings, course, patience=180.0).judge(jobs)`.
    """

    def __init__(
        self,
        address: str,
        settings: dict[str, Any],
        course: Course,
        patience: float,
        idle: float = IDLE,
    ) -> None:
        self._address = address
        self._require = list(settings.get("require", ()))
        if NETWORK not in self._require:
            # A scheduler obeys whoever reaches it.
            raise CourseError(
                f"On a cluster --require must name {NETWORK}: a submission that reaches the "
                f"network could command the cluster. Use for example --require files,{NETWORK}."
            )
        self._settings = {name: value for name, value in settings.items() if name != "root"}
        self._here = environment(self._settings)
        parcel = {
            "files": pack_lesson(course, settings["lesson"]),
            "settings": self._settings,
            "patience": patience,
            "idle": idle,
        }
        self._key = content_key(parcel)
        self._parcel = json.dumps({**parcel, "key": self._key}).encode()
        self._done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._flights: dict[object, _Flight] = {}
        self._sent = 0
        self._room = 0
        self._looked = float("-inf")
        self._seen = time.monotonic()  # when there was a worker last
        self._client = _connect(address)
        try:
            self._admit(self._workers())
        except BaseException:
            self.close()
            raise

    def judge(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Answer]]:
        """The answer to every job, as they come; jobs are taken as the workers get on."""
        waiting = iter(jobs)
        while True:
            while len(self._flights) < self._window() and (job := next(waiting, None)):
                self._send(job)
            if not self._flights:
                return
            if (future := self._landed()) is None or self._made_again(future):
                continue
            flight = self._flights.pop(future.key)
            answer = self._read(future)
            if "needs" in answer:
                self._admit([answer["needs"]])
                self._send(flight.job)
            else:
                yield flight.job, answer

    def close(self) -> None:
        """Cancel what is pending and have the workers end what they started for us."""
        with contextlib.suppress(Exception):  # whatever is wrong with the cluster, we are leaving
            self._client.cancel([flight.future for flight in self._flights.values()])
            if self._client.status == "running":
                self._client.run(on_dask.release, self._key, on_error="ignore")
        self._flights.clear()
        self._client.close()

    def _send(self, job: Job) -> None:
        self._sent += 1
        future = self._client.submit(
            on_dask.judge,
            self._key,
            json.dumps(plain(job)).encode(),
            key=f"course-{self._key[:8]}-{id(self):x}-{self._sent}",
            pure=False,
        )
        self._flights[future.key] = _Flight(job, future)
        future.add_done_callback(self._done.put)

    def _landed(self) -> Future | None:
        """A task that has ended; None when it is time to look at the cluster again."""
        try:
            future = self._done.get(timeout=LOOK_UP)
        except queue.Empty:
            self._expect_workers()
            return None
        return future if future.key in self._flights else None

    def _made_again(self, future: Future) -> bool:
        """Whether a worker has gone and taken the result along, so that another makes it again."""
        lost = future.status == "lost" and self._client.status == "running"
        if lost:
            future.add_done_callback(self._done.put)
        return bool(lost)

    def _read(self, future: Future) -> Answer:
        """What a task brought back; a worker that was lost too often is the grader's fault."""
        from distributed.scheduler import KilledWorker

        if future.status not in ("finished", "error"):
            raise self._gone()
        try:
            return dict(json.loads(future.result()))
        except KilledWorker as lost:
            return _given_up(lost.allowed_failures + 1, lost.last_worker.address)
        except Exception as error:
            if self._client.status != "running":
                raise self._gone() from None
            raise CourseError(
                f"A Dask worker could not run the judge ({type(error).__name__}: {error}). "
                f"Install the same course on every worker of {self._address}, and run again: "
                "what is graded is kept."
            ) from error

    def _window(self) -> int:
        """How many tasks may be in flight: what the workers do now and what they do next."""
        if time.monotonic() - self._looked > LOOK_UP:
            self._looked = time.monotonic()
            self._room = AHEAD * sum(self._threads().values())
        return max(self._room, 1)

    def _expect_workers(self) -> None:
        """Raise `CourseError` when nobody is left who could answer."""
        if self._client.status not in ("running", "connecting"):
            raise self._gone()
        now = time.monotonic()
        if self._client.status == "connecting" or self._threads():
            self._seen = now
        elif now - self._seen > ALONE:
            raise CourseError(
                f"The cluster at {self._address} has had no worker for {ALONE:g} s. Start workers "
                f"(`dask worker {self._address}`), and run again: what is graded is kept."
            )

    def _threads(self) -> dict[str, int]:
        """The number of threads by worker."""
        try:
            return dict(self._client.nthreads())
        except OSError:
            raise self._gone() from None

    def _gone(self) -> CourseError:
        return CourseError(
            f"The connection to the Dask scheduler at {self._address} was lost. "
            "When it is back, run again: what is graded is kept."
        )

    def _workers(self) -> list[str]:
        """The addresses of the workers; waits a while for the first."""
        from distributed import TimeoutError as NoWorkers

        try:
            self._client.wait_for_workers(1, timeout=CONNECT)
        except NoWorkers:
            raise CourseError(
                f"The Dask scheduler at {self._address} has no workers. "
                f"Start some: `dask worker {self._address}`."
            ) from None
        return list(self._threads())

    def _admit(self, workers: list[str]) -> None:
        """Look whether these workers judge as this machine would, and give them the lesson."""
        about = self._ask(on_dask.about, self._settings, workers)
        for worker, there in about.items():
            _expect_the_same(worker, self._here, there)
            _expect_protections(worker, self._require, there["protections"])
        self._ask(on_dask.prepare, self._parcel, list(about))

    def _ask(
        self, function: Callable[..., Any], argument: Any, workers: list[str]
    ) -> dict[str, Any]:
        """What a function returns on these workers, those left out that have gone meanwhile."""
        found = self._client.run(function, argument, workers=workers, on_error="return")
        failed = {worker: told for worker, told in found.items() if isinstance(told, Exception)}
        if not failed:
            return found
        time.sleep(LOOK_UP)  # so that the scheduler knows who has gone
        for worker in failed.keys() & self._threads().keys():
            raise CourseError(
                f"The Dask worker {worker} cannot judge ({failed[worker]}). "
                "See that the same course is installed there, and start it again."
            )
        return {worker: told for worker, told in found.items() if worker not in failed}


def _given_up(attempts: int, last: str) -> Answer:
    told = f"Dask workers lost while they judged it: {attempts}, the last was {last}."
    evidence = {"attempts": attempts, "worker": last, "reason": "the worker was lost"}
    return {"fault": f"{told} Grade this submission again, alone.", "evidence": evidence}


def _connect(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise CourseError(
            "Grading on a cluster needs Dask, which is not installed here. "
            "Run `pip install 'convolution-course[cluster]'`, on the workers too."
        ) from None
    # Dask tells of every lost connection; what matters of it is said by `CourseError`.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        return Client(address, timeout=CONNECT, set_as_default=False, name="course")
    except (OSError, ValueError, TypeError) as error:
        raise CourseError(
            f"No Dask scheduler answers at {address} ({error}). Start one with `dask scheduler`, "
            "and give the address that it prints, such as tcp://192.168.0.1:8786."
        ) from None


def _expect_the_same(worker: str, here: dict[str, Any], there: dict[str, Any]) -> None:
    """Marks must not depend on which machine gave them."""
    for name in SAME:
        if there[name] != here[name]:
            raise CourseError(
                f"The Dask worker {worker} has another {name} than this machine "
                f"({there[name]:.20}, here {here[name]:.20}). "
                "Install the same there, and start the worker again."
            )


def _expect_protections(worker: str, required: list[str], held: list[str]) -> None:
    for name in missing(required, held):
        raise CourseError(
            f"The Dask worker {worker} cannot protect {name}, which --require asks for. "
            f"{remedy(name)}"
        )
