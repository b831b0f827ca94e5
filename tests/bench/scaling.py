"""More machines: a Dask cluster of several workers on loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from autograder.builder.release import build
from autograder.grade.cluster import Cluster
from autograder.grade.jobs import Job
from autograder.grade.run import cores
from autograder.grade.settings import Settings, job_settings
from autograder.judge.restore import grade_id
from autograder.paths import Course
from tests.bench.classes import LESSON, School
from tests.bench.measure import Section, Sizes, elapsed, table
from tests.conftest import ROOT

TINY, TINY_LESSON = ROOT / "tests" / "grading" / "course", "01_tiny"
SECONDS = 1.0  # that each submission of the waiting class sleeps
WAITS = f"import time\ntime.sleep({SECONDS:g})\ndef double(x):\n    return 2 * x"
PATIENCE = 300.0


def measure(school: School, sizes: Sizes) -> Section:
    """A class that waits and one that computes, with more and more workers."""
    waiting, submissions = _waiting_class(school.folder / "waiting"), _submissions(school)
    jobs = {
        "waits": lambda: _repeated(waiting[1], sizes.waiting),
        "computes": lambda: _repeated(submissions, sizes.computing),
    }
    courses = {"waits": (waiting[0], TINY_LESSON), "computes": (school.of(1), LESSON)}
    found: dict[str, dict[int, float]] = {kind: {} for kind in jobs}
    for count in sizes.machines:
        with dask_cluster(school.folder / f"dask-{count}", count) as address:
            for kind, (course, lesson) in courses.items():
                found[kind][count] = _seconds(address, course, lesson, jobs[kind], count)
    first = sizes.machines[0]
    rows = [
        (
            count,
            *(
                cell
                for kind in jobs
                for cell in (
                    f"{found[kind][count]:.1f}",
                    f"{found[kind][first] / found[kind][count]:.2f}",
                )
            ),
        )
        for count in sizes.machines
    ]
    text = (
        f"`dask worker` processes of one thread on this machine of {cores()} cores, judging "
        "through `--cluster`; start-up and the gradebook left out, one run each.\n"
        f"The waiting class is {sizes.waiting} submissions to a tiny lesson that sleep "
        f"{SECONDS:g} s each: more workers help it as more machines would. The computing class is "
        f"{sizes.computing} submissions to lesson {LESSON[:2]}: more workers than cores cannot "
        "help it here.\n\n"
    )
    head = ("Dask workers", "waiting, s", "faster", "computing, s", "faster")
    last = sizes.machines[-1]
    facts = {
        "cluster speed-up": found["waits"][first] / found["waits"][last],
        "cluster computing": found["computes"][first] * first / sizes.computing,
        "MB sent": sum(map(_megabytes, submissions)) / len(submissions),
    }
    return Section("A Dask cluster", text + table(head, rows), facts)


def _seconds(
    address: str, course: Course, lesson: str, jobs: Callable[[], Iterator[Job]], count: int
) -> float:
    """The time for all jobs on workers that have judged one or two before."""
    settings = job_settings(Settings(course, lesson))
    cluster = Cluster(address, settings, course, PATIENCE)
    try:
        warm = [Job(f"warm-{n}", job.notebooks) for n, job in zip(range(2 * count), _again(jobs))]  # noqa: B905
        _judge(cluster, iter(warm))
        return elapsed(lambda: _judge(cluster, jobs()))
    finally:
        cluster.close()


def _again(jobs: Callable[[], Iterator[Job]]) -> Iterator[Job]:
    while True:
        yield from jobs()


def _judge(cluster: Cluster, jobs: Iterator[Job]) -> None:
    for job, answer in cluster.judge(jobs):
        if "notebooks" not in answer:
            raise RuntimeError(f"{job.student} was not judged: {answer}")


def _repeated(notebooks: list[dict[str, bytes]], count: int) -> Iterator[Job]:
    return (Job(str(number), notebooks[number % len(notebooks)]) for number in range(count))


def _submissions(school: School) -> list[dict[str, bytes]]:
    return [{LESSON: (folder / f"{LESSON}.ipynb").read_bytes()} for folder in school.submissions]


def _megabytes(notebooks: dict[str, bytes]) -> float:
    """What a submission is on its way to a worker: base64 in JSON, a third more than the file."""
    return 4 / 3 * sum(map(len, notebooks.values())) / 1e6


def _waiting_class(root: Path) -> tuple[Course, list[dict[str, bytes]]]:
    """The tiny lesson, and a submission to it that sleeps."""
    shutil.copytree(TINY, root)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    course = Course(root)
    build(course)
    path = course.lessons / TINY_LESSON / f"{TINY_LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if grade_id(cell) == "double":
            cell.source = WAITS
    return course, [{TINY_LESSON: nbformat.writes(notebook).encode()}]


@contextmanager
def dask_cluster(folder: Path, count: int) -> Iterator[str]:
    """The address of a scheduler with `count` workers of one thread, all on loopback."""
    folder.mkdir()
    told = folder / "scheduler.json"
    processes = [_dask(folder, "scheduler", "--port", "0", "--scheduler-file", str(told))]
    try:
        while not (told.is_file() and told.read_text().endswith("}")):
            if processes[0].poll() is not None:
                raise RuntimeError("`dask scheduler` does not start")
            time.sleep(0.05)
        address = json.loads(told.read_text())["address"]
        options = ("--nthreads", "1", "--no-nanny")
        processes += [_dask(folder, "worker", address, *options) for _ in range(count)]
        _wait_for(address, count)
        yield address
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _wait_for(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


def _dask(folder: Path, kind: str, *options: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", kind, *options, "--host", "127.0.0.1", "--no-dashboard"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
