"""The judge processes inside a Dask worker: lent, lost, replaced, and let go of."""

import json
import os
import sys
import textwrap
import threading
import time

import psutil
import pytest

from autograder.grade import on_dask
from autograder.grade.on_dask import Judges
from tests.cluster.conftest import wait_until

# A task without torch, which does what the job says.
TASK = """
import os, time
from pathlib import Path

def alone():
    pass

def prepare(settings):
    pass

def answer(settings, job):
    name = job["name"]
    seen = Path(settings["here"], name)
    first = not seen.exists()
    seen.touch()
    if name == "dies" or name == "dies once" and first:
        os._exit(7)
    if name == "kills the nursery" and first:
        os.kill(os.getppid(), 9)
        time.sleep(60)
    if name == "slow":
        time.sleep(1)
    if name == "hangs":
        time.sleep(60)
    return {"pid": os.getpid()}
"""


@pytest.fixture
def judges(tmp_path, monkeypatch):
    (tmp_path / "made_up_task.py").write_text(textwrap.dedent(TASK))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setattr(on_dask, "_address", lambda: "tcp://here:1")
    made = Judges({"here": str(tmp_path)}, patience=30.0, idle=60.0, task="made_up_task")
    yield made
    made.close()


def ask(judges, name):
    return judges.answer(json.dumps({"name": name}).encode())


def test_a_process_is_used_again(judges):
    """Submission after submission goes to the same process, while one is enough."""
    assert len({ask(judges, name)["pid"] for name in ("a", "b", "c")}) == 1


def test_threads_never_share_a_process(judges):
    """Two submissions at the same time are judged by two processes."""
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(ask(judges, "slow")["pid"])) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 2
    assert ask(judges, "a")["pid"] in found


@pytest.mark.parametrize(
    ("name", "cause", "told"),
    [("dies", "left", "exit code 7"), ("hangs", "time", "3 s were not enough")],
)
def test_a_loss_is_tried_twice_and_then_told(judges, name, cause, told):
    """A submission that costs two processes is our fault, with evidence; the next one is judged."""
    judges.patience = 3.0 if name == "hangs" else 30.0
    answer = ask(judges, name)
    assert [loss["cause"] for loss in answer["evidence"]["losses"]] == [cause, cause]
    assert answer["evidence"]["worker"] == "tcp://here:1"
    assert told in answer["fault"]
    assert "pid" in ask(judges, "a")


@pytest.mark.parametrize("name", ["dies once", "kills the nursery"])
def test_one_loss_costs_nothing(judges, name):
    """A process that dies once is replaced, and so is their nursery; the submission is judged."""
    assert "pid" in ask(judges, name)
    assert "pid" in ask(judges, "a")


def test_letting_go_ends_also_what_is_busy(judges):
    """A coordinator that stops does not wait for a submission that hangs."""
    found = []
    nursery = psutil.Process(judges._nursery._process.pid)
    thread = threading.Thread(target=lambda: found.append(ask(judges, "hangs")))
    thread.start()
    wait_until(nursery.children)
    left = [nursery, *nursery.children()]
    judges.close()
    thread.join(timeout=5)
    assert found == [None]
    assert not psutil.wait_procs(left, timeout=5)[1]


def test_forgotten_is_only_who_is_not_asked(judges):
    """The time runs from the last answer, and stands still while a process is lent."""
    judges.idle = 0.2
    assert not judges.forgotten
    with judges._borrowed():
        time.sleep(0.4)
        assert not judges.forgotten
    assert not judges.forgotten
    time.sleep(0.4)
    assert judges.forgotten
