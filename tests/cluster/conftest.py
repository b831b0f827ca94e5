"""A real Dask cluster on loopback whose workers share no folder with us; and a tiny course."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder.grade import cluster as cluster_module
from autograder.grade.cluster import Cluster
from autograder.grade.jobs import Job
from autograder.grade.settings import Settings, job_settings
from autograder.judge.restore import grade_id
from autograder.paths import Course

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "grading" / "course"
LESSON = "01_tiny"
SETTINGS = """
c.Judge.cell_seconds, c.Judge.call_seconds, c.Judge.hurried_seconds = 10, 2, 0.5
c.Judge.check_seconds, c.Judge.notebook_seconds, c.Judge.restarts = 5, 40, 3
"""
RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "total": "def total(x):\n    return sum(x, torch.zeros(()))",
}
PATIENCE = 460.0  # what the command gives a submission of the tiny lesson
THREADS = 3  # of `two_workers`


@dataclass
class Machines:
    """A scheduler and its workers, each a process of its own in an empty folder."""

    folder: Path
    processes: list[subprocess.Popen] = field(default_factory=list)
    address: str = ""

    def start_scheduler(self, **environment: str) -> None:
        told = self.folder / "scheduler.json"
        options = ("--port", "0", "--no-dashboard", "--scheduler-file", str(told))
        self._start("scheduler", *options, **environment)
        wait_until(lambda: told.is_file() and told.read_text().endswith("}"))
        self.address = json.loads(told.read_text())["address"]

    def start_worker(self, home: Path = ROOT, *options: str) -> subprocess.Popen:
        """A worker whose Python finds the course in `home`, and nothing else.

        It has one thread and no nanny beside it, unless Dask's `options` say otherwise.
        """
        options = options or ("--nthreads", "1", "--no-nanny")
        always = ("--no-dashboard", self.address)
        return self._start("worker", *always, *options, PYTHONPATH=str(home))

    def _start(self, kind: str, *options: str, **environment: str) -> subprocess.Popen:
        place = self.folder / f"{kind}-{len(self.processes)}"
        place.mkdir()
        log = (place / "log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", kind, *options, "--host", "127.0.0.1"],
            cwd=place,
            env={**os.environ, "TMPDIR": str(place), **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in self.processes:
            with suppress(psutil.NoSuchProcess):
                for child in psutil.Process(process.pid).children():
                    child.kill()  # a nanny's worker
            process.kill()
            process.wait()


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """Wait longer for workers than a person would: the machine may have other tests to run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster_module, "CONNECT", 90.0)
        yield


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The tiny course, built."""
    from autograder.builder.release import build
    from autograder.judge.lesson import load_lesson

    root = tmp_path_factory.mktemp("coordinator") / "course"
    shutil.copytree(TINY, root)
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (root / "nbgrader_config.py").write_text(settings + SETTINGS, encoding="utf-8")
    made = Course(root)
    build(made)
    load_lesson(made, LESSON)  # fills the cache of diagnoses, which travels
    return made


@pytest.fixture(scope="session")
def settings(course: Course) -> dict:
    """What a worker is told about the tiny lesson."""
    return job_settings(Settings(course, LESSON))


@pytest.fixture(scope="session")
def answered(course: Course) -> Callable[..., Job]:
    """Makes a submission: `answered("ada", double="…")`; what is not named is answered right."""
    path = course.lessons / LESSON / f"{LESSON}.ipynb"

    def make(student: str, **texts: str) -> Job:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = {**RIGHT, **texts}.get(grade_id(cell), cell.source)
        return Job(student, {LESSON: nbformat.writes(notebook).encode()})

    return make


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """A scheduler without workers."""
    found = Machines(tmp_path)
    found.start_scheduler()
    try:
        yield found
    finally:
        found.close()


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A scheduler with two workers, one as in the guide, for all tests of a module."""
    found = Machines(tmp_path_factory.mktemp("machines"))
    found.start_scheduler()
    found.start_worker()
    found.start_worker(ROOT, "--nworkers", "1", "--nthreads", "2")
    try:
        yield found
    finally:
        found.close()


@pytest.fixture(scope="module")
def cluster(two_workers: Machines, course: Course, settings: dict) -> Iterator[Cluster]:
    """The executor on those two workers, its judge processes warm from test to test."""
    found = Cluster(two_workers.address, settings, course, PATIENCE)
    yield found
    found.close()


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something to hold; fails when it does not within `seconds`."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"It did not happen within {seconds:g} s."
        time.sleep(0.05)


def judges_of(process: subprocess.Popen) -> list[psutil.Process]:
    """The judge processes that a Dask worker started."""
    with suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children()
        return [one for one in children if "autograder.grade.nursery" in one.cmdline()]
    return []


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them have ended."""
    return not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes)


def kill(process: subprocess.Popen) -> None:
    """End a process as a lost machine does: without a word."""
    process.send_signal(signal.SIGKILL)
    process.wait()
