"""Grading on a Dask cluster: the marks of the local pool, whatever happens to the workers."""

import json
import os
import shutil
import subprocess
import sys

from autograder.grade.children import Nursery
from autograder.grade.cluster import AHEAD, Cluster
from autograder.grade.jobs import Job, plain
from autograder.grade.on_dask import TASK
from autograder.grade.pool import Pool
from autograder.grade.result import read_result
from autograder.paths import Course
from tests.cluster.conftest import (
    LESSON,
    PATIENCE,
    ROOT,
    THREADS,
    gone,
    judges_of,
    kill,
    wait_until,
)

SLOW = "import time\ntime.sleep(0.3)\ndef double(x):\n    return 2 * x"
CLASS = {
    "right": {},
    "square": {"double": "def double(x):\n    return x ** 2"},
    "crash": {"total": "def total(x):\n    raise KeyError('no')"},
    "exits": {"double": "import os\ndef double(x):\n    os._exit(0)"},
    "loops": {"total": "def total(x):\n    while True:\n        pass"},
}
# What a student may try: hand back something that acts when it is unpickled or printed.
MARKER = "marker-5471"
HOSTILE = f"""
class Loaded:
    def __reduce__(self):
        return (open, ("{MARKER}", "w"))
    def __repr__(self):
        return "{MARKER}"
print("{MARKER}")
def double(x):
    import pickle
    return pickle.dumps(Loaded()), Loaded()
"""
COORDINATOR = """
import json, sys
from pathlib import Path
from autograder.grade.cluster import Cluster
from autograder.grade.jobs import Job
from autograder.paths import Course
told = json.loads(sys.stdin.readline())
cluster = Cluster(told["address"], told["settings"], Course(Path(told["root"])), 60.0, idle=1.0)
data = told["notebook"].encode()
for job, answer in cluster.judge(Job(str(n), {told["lesson"]: data}) for n in range(1000)):
    print(job.student, flush=True)
"""


def run_course(course, *words):
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", *words],
        cwd=course.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def marks_of(answer):
    """An answer as comparable text; which protections held is the machine's affair."""
    return json.dumps({**answer, "protections": None}, sort_keys=True)


def judged(executor, jobs):
    found = [(job.student, answer) for job, answer in executor.judge(jobs)]
    assert len(found) == len(dict(found)), "a submission was answered twice"
    return dict(found)


def test_the_answers_are_those_of_the_pool(cluster, settings, answered):
    """Right, wrong, crashing, dying, endless and broken submissions: byte for byte the same."""
    jobs = [answered(student, **texts) for student, texts in CLASS.items()]
    jobs.append(Job("broken", {LESSON: b"{"}))
    there = judged(cluster, jobs)
    pool = Pool(Nursery(TASK, settings), settings, 1, PATIENCE, plain)
    try:
        here = judged(pool, jobs)
    finally:
        pool.close()
    assert "not_gradable" in there["broken"]
    for student in CLASS:
        assert "notebooks" in there[student], there[student]
    for job in jobs:
        assert marks_of(there[job.student]) == marks_of(here[job.student])


def test_a_hostile_reply_stays_plain_data(cluster, answered, two_workers, monkeypatch):
    """What a student's code made is neither unpickled nor run, here or in a Dask worker."""
    from distributed.protocol import pickle

    unpickled = []
    loads = pickle.loads
    monkeypatch.setattr(
        pickle, "loads", lambda data, *a, **k: unpickled.append(bytes(data)) or loads(data, *a, **k)
    )
    answer = judged(cluster, [answered("mallory", double=HOSTILE)])["mallory"]
    assert MARKER in json.dumps(answer), "the print belongs to the notebook"
    assert not any(MARKER.encode() in data for data in unpickled)
    assert not list(two_workers.folder.rglob(MARKER))


def test_jobs_are_taken_as_the_workers_get_on(cluster, answered):
    """Of a large class only a few submissions at a time are read and sent."""
    taken = []

    def jobs():
        for number in range(4 * THREADS):
            taken.append(number)
            yield answered(f"s{number}")

    for done, _ in enumerate(cluster.judge(jobs())):
        assert len(taken) - done <= AHEAD * THREADS + 1
    assert len(taken) == 4 * THREADS


def test_the_command_grades_on_a_cluster(two_workers, course, answered, tmp_path):
    """`course grade --cluster` writes gradebook, files and ledger as `course grade` does."""
    place = Course(tmp_path / "course")
    shutil.copytree(course.root, place.root)
    for student, texts in {"ada": {}, "bob": CLASS["square"]}.items():
        path = place.submitted / student / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(answered(student, **texts).notebooks[LESSON])
    words = ("grade", LESSON, "--no-feedback")
    done = run_course(place, *words, "--cluster", two_workers.address)
    assert done.returncode == 0, done.stderr
    found = read_result(place, LESSON)
    assert found is not None
    assert [(row.student, row.total) for row in found.rows] == [("ada", 7.0), ("bob", 3.5)]
    assert all({"files", "network"} <= set(row.protections) for row in found.rows)
    again = run_course(place, *words)
    assert "2 already graded" in again.stdout, again.stdout + again.stderr


def test_workers_come_and_go(machines, course, settings, answered):
    """One of two workers is killed midway and a third joins: each submission has its mark, once."""
    lost, stays = machines.start_worker(), machines.start_worker()
    cluster = Cluster(machines.address, settings, course, PATIENCE)
    texts = {"double": SLOW}
    late: list[subprocess.Popen] = []

    def jobs():
        for number in range(2000):
            if late and judges_of(late[0]):
                return  # the worker that joined later has been given something to do
            yield answered(f"s{number}", **texts)

    running = cluster.judge(jobs())
    found = [next(running) for _ in range(3)]
    wait_until(lambda: bool(judges_of(lost)))
    orphans = judges_of(lost)
    kill(lost)
    late.append(machines.start_worker())
    found += list(running)
    assert sorted(job.student for job, _ in found) == sorted(f"s{n}" for n in range(len(found)))
    expected = judged(cluster, [answered("again", **texts)])["again"]
    assert {marks_of(answer) for _, answer in found} == {marks_of(expected)}
    mine = judges_of(stays) + judges_of(late[0])
    assert len(mine) == 2, "the worker that joined later had nothing to do"
    cluster.close()
    wait_until(lambda: gone(orphans))
    assert gone(mine), "closing leaves a judge process behind"


def forgotten(folder):
    """Whether no lesson's files are left below a folder; not while they are being removed."""
    try:
        return not list(folder.rglob("hidden_checks.py"))
    except FileNotFoundError:
        return False


def test_a_killed_coordinator_leaves_nothing_running(
    machines, course, settings, answered, tmp_path
):
    """After `kill -9` of the coordinator, the worker ends its judges and forgets the lesson."""
    worker = machines.start_worker()
    notebook = answered("any").notebooks[LESSON].decode()
    told = {"address": machines.address, "settings": settings, "root": str(course.root)}
    coordinator = subprocess.Popen(
        [sys.executable, "-c", COORDINATOR],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert coordinator.stdin is not None
    assert coordinator.stdout is not None
    with coordinator.stdin, coordinator.stdout:
        coordinator.stdin.write(json.dumps({**told, "lesson": LESSON, "notebook": notebook}) + "\n")
        coordinator.stdin.flush()
        assert coordinator.stdout.readline().strip().isdigit()
        left = judges_of(worker)
        assert left
        kill(coordinator)
    wait_until(lambda: gone(left))
    wait_until(lambda: forgotten(machines.folder))
