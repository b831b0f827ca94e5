"""Workers that die, hang or answer: every job gets exactly one answer."""

import os
import signal
import sys
import textwrap
import time

import pytest

from autograder.grade.children import Nursery
from autograder.grade.jobs import Job, plain
from autograder.grade.pool import Pool
from autograder.paths import CourseError

# A task without torch, which does what the name of the notebook says.
TASK = """
import os, subprocess, time
from pathlib import Path
from autograder.grade import blackbox

def alone():
    pass

def prepare(settings):
    if settings.get("broken"):
        raise RuntimeError("there can be no kernels")
    Path(settings["here"], "prepared").open("a").write("x")
    vital = subprocess.Popen(["sleep", "100"])
    Path(settings["here"], "vital").write_text(str(vital.pid))
    return vital.pid

def answer(settings, job):
    [name] = job["notebooks"]
    blackbox.note(f"doing {name}")
    seen = Path(settings["here"], name)
    first = not seen.exists()
    seen.touch()
    if name == "dies" or name == "dies once" and first:
        os.kill(os.getpid(), 9)
    if name == "crashes":
        os.abort()
    if name == "leaves":
        os._exit(3)
    if name == "hangs":
        time.sleep(60)
    if name == "kills the vital process" and first:
        os.kill(int(Path(settings["here"], "vital").read_text()), 9)
        time.sleep(60)
    if name == "kills the nursery" and first:
        os.kill(os.getppid(), 9)
        time.sleep(60)
    return {"notebooks": {}, "pid": os.getpid()}
"""


@pytest.fixture
def make_pool(tmp_path, monkeypatch):
    (tmp_path / "made_up_task.py").write_text(textwrap.dedent(TASK))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    pools = []

    def make(size=2, patience=4.0, **more):
        settings = {"here": str(tmp_path), **more}
        pools.append(Pool(Nursery("made_up_task", settings), settings, size, patience, plain))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


def answers(pool, names):
    found = [(job.student, answer) for job, answer in pool.judge(Job(n, {n: b""}) for n in names)]
    assert len(found) == len(names)
    return dict(found)


def test_every_job_is_answered_by_few_workers(make_pool, tmp_path):
    """Ten jobs are shared by two forks of one process, which loads everything once."""
    pool = make_pool()
    found = answers(pool, [f"s{number}" for number in range(10)])
    assert len(found) == 10
    assert len({answer["pid"] for answer in found.values()}) <= 2
    assert (tmp_path / "prepared").read_text() == "x"


def test_a_pool_is_asked_again(make_pool):
    """After its first jobs a pool takes more, with the same workers."""
    pool = make_pool(size=1)
    first, second = answers(pool, ["a"]), answers(pool, ["b"])
    assert first["a"]["pid"] == second["b"]["pid"]


def test_a_lost_worker_costs_one_submission_at_most(make_pool):
    """A worker's death or silence is tried once more, then told; the others are not affected."""
    names = ["a", "dies", "b", "dies once", "c", "hangs", "crashes", "leaves", "d"]
    found = answers(make_pool(), names)
    dies = "lost 2 times: it was killed by signal 9 (SIGKILL), having used"
    assert dies in found["dies"]["fault"]
    assert "while doing dies; then it was killed" in found["dies"]["fault"]
    assert "lost 2 times: 4 s were not enough" in found["hangs"]["fault"]
    assert "it crashed with signal 6 (SIGABRT)" in found["crashes"]["fault"]
    assert "it left with exit code 3" in found["leaves"]["fault"]
    causes = {n: [loss["cause"] for loss in found[n]["evidence"]["losses"]] for n in names[5:8]}
    assert causes == {"hangs": ["time"] * 2, "crashes": ["crash"] * 2, "leaves": ["left"] * 2}
    for name in ("a", "b", "c", "d", "dies once"):
        assert "pid" in found[name]


@pytest.mark.parametrize("name", ["kills the nursery", "kills the vital process"])
def test_a_lost_nursery_is_replaced(make_pool, tmp_path, name):
    """When what forks the workers is killed, or what they all need, another takes its place."""
    found = answers(make_pool(), ["a", name, "b", "c"])
    assert all("pid" in answer for answer in found.values())
    assert (tmp_path / "prepared").read_text() == "xx"


def test_a_nursery_that_cannot_start_ends_the_run(make_pool):
    """Where nothing can be judged at all, that is one error, not a fault of every submission."""
    pool = make_pool(broken=True)
    with pytest.raises(CourseError, match=r"RuntimeError: there can be no kernels\. Run"):
        answers(pool, ["a", "b"])


def test_an_idle_worker_that_died_costs_nobody_a_try(make_pool):
    """A worker that was killed between two jobs is replaced without a word."""
    pool = make_pool(size=1)
    pid = answers(pool, ["a"])["a"]["pid"]
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    assert answers(pool, ["b"])["b"]["pid"] != pid


def test_jobs_are_taken_one_by_one(make_pool):
    """A pool takes no more jobs than it has workers for: a large class never lies in memory."""
    taken = []

    def jobs():
        for number in range(20):
            taken.append(number)
            yield Job(f"s{number}", {f"s{number}": b""})

    pool = make_pool()
    for count, _ in enumerate(pool.judge(jobs()), start=1):
        assert len(taken) <= count + pool.size


def test_stopping_early_ends_the_workers(make_pool):
    """When the coordinator stops in the middle, no worker stays."""
    pool = make_pool()
    running = pool.judge(Job(n, {n: b""}) for n in ("a", "hangs", "b"))
    next(running)
    workers = [task.worker.pid for task in pool._busy]
    pool.close()
    assert workers
    assert pool.nursery._process.poll() is not None
    until = time.monotonic() + 5
    while any(alive(pid) for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in workers)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
