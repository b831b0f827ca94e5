"""Workers that die, hang or answer: every job gets exactly one answer."""

import sys

import pytest

from autograder.judge.pool import Job, Pool

# A worker without torch, which does what the student's name says.
WORKER = """
import os, sys, time
from multiprocessing.connection import Connection
from pathlib import Path
from autograder.judge.worker import receive, send
connection = Connection(int(sys.argv[1]))
here = Path(receive(connection)["here"])
while True:
    try:
        [name] = receive(connection)["notebooks"]
    except EOFError:
        break
    first = not (here / name).exists()
    (here / name).touch()
    if name == "dies" or name == "dies once" and first:
        os.kill(os.getpid(), 9)
    if name == "hangs":
        time.sleep(60)
    send(connection, {"notebooks": {}, "pid": os.getpid()})
"""


@pytest.fixture
def pool(tmp_path):
    command = (sys.executable, "-c", WORKER)
    return Pool({"here": str(tmp_path)}, size=2, patience=4.0, command=command)


def answers(pool, names):
    found = [(job.student, answer) for job, answer in pool.judge(Job(n, {n: b""}) for n in names)]
    assert len(found) == len(names)
    return dict(found)


def test_every_job_is_answered_by_few_workers(pool):
    """Ten jobs are shared by two processes, which end with the last job."""
    found = answers(pool, [f"s{number}" for number in range(10)])
    assert len(found) == 10
    assert len({answer["pid"] for answer in found.values()}) == 2


def test_a_lost_worker_costs_one_submission_at_most(pool):
    """A worker's death or silence is tried once more, then told; the others are not affected."""
    found = answers(pool, ["a", "dies", "b", "dies once", "c", "hangs", "d"])
    assert "lost 2 times (it ended, exit code -9)" in found["dies"]["fault"]
    assert "lost 2 times (4 s were not enough" in found["hangs"]["fault"]
    for name in ("a", "b", "c", "d", "dies once"):
        assert "pid" in found[name]


def test_stopping_early_ends_the_workers(pool):
    """When the coordinator stops in the middle, no worker stays."""
    running = pool.judge(Job(n, {n: b""}) for n in ("a", "hangs", "b"))
    next(running)
    workers = [worker.process for worker in pool._workers]
    running.close()
    assert workers
    assert all(process.poll() is not None for process in workers)
