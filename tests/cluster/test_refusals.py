"""Clusters that cannot be used: each is refused with what to do, before anything is graded."""

import shutil
import sys
import threading

import pytest

from autograder.grade import cluster as module
from autograder.grade.cluster import Cluster
from autograder.paths import CourseError
from tests.cluster.conftest import PATIENCE, ROOT, Machines, kill

# Put before everything else that a Python imports, as an administrator may.
POORER = """
import sys
if sys.argv[0] == "-m" and "autograder.sandbox" in sys.orig_argv:
    sys.orig_argv.extend(("namespaces", "landlock", "seccomp"))
    sys.argv.extend(("namespaces", "landlock", "seccomp"))
"""


def refusal(address, course, settings):
    with pytest.raises(CourseError) as refused:
        Cluster(address, settings, course, PATIENCE)
    return str(refused.value)


def test_dask_is_not_installed(course, settings, monkeypatch):
    """Without `distributed` the sentence names the extra to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    told = refusal("tcp://127.0.0.1:8786", course, settings)
    assert "pip install 'convolution-course[cluster]'" in told


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x", "127.0.0.1:port"])
def test_nobody_answers(address, course, settings, monkeypatch):
    """A wrong address names itself and says how a scheduler is started."""
    monkeypatch.setattr(module, "CONNECT", 1.0)
    told = refusal(address, course, settings)
    assert f"No Dask scheduler answers at {address}" in told
    assert "dask scheduler" in told


def test_no_workers(machines, course, settings, monkeypatch):
    """A scheduler alone cannot grade; the sentence is the command that starts a worker."""
    monkeypatch.setattr(module, "CONNECT", 1.0)
    told = refusal(machines.address, course, settings)
    assert f"Start some: `dask worker {machines.address}`" in told


def test_another_version_of_the_course(machines, course, settings, tmp_path):
    """A worker whose judge differs by one line would give other marks: it is refused by name."""
    for package in ("autograder", "utils"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / "older" / package, ignore=ignored)
    with (tmp_path / "older/autograder/judge/judge.py").open("a") as file:
        file.write("# another version\n")
    machines.start_worker(home=tmp_path / "older")
    told = refusal(machines.address, course, settings)
    assert "has another course than this machine" in told
    assert "tcp://127.0.0.1" in told


def test_the_network_must_be_closed(course, settings):
    """Whoever reaches a scheduler commands it, so no submission may reach anything."""
    told = refusal("tcp://127.0.0.1:9", course, {**settings, "require": ["files"]})
    assert "--require must name network" in told


def test_a_worker_without_a_required_protection(machines, course, settings, tmp_path):
    """What --require asks for must hold on every worker: one on which it does not is refused."""
    for package in ("autograder", "utils"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / "poorer" / package, ignore=ignored)
    # The same course; but its probe runs as on a system without namespaces, Landlock and seccomp.
    (tmp_path / "poorer/sitecustomize.py").write_text(POORER)
    machines.start_worker(home=tmp_path / "poorer")
    told = refusal(machines.address, course, settings)
    assert "cannot protect files, which --require asks for" in told


def test_a_worker_without_the_course(machines, course, settings, tmp_path):
    """A worker whose Python cannot import the course is named, with what to do."""
    (tmp_path / "bare" / "autograder").mkdir(parents=True)
    (tmp_path / "bare/autograder/__init__.py").write_text("raise ImportError('not installed')")
    machines.start_worker(tmp_path / "bare")
    told = refusal(machines.address, course, settings)
    assert "cannot judge (ImportError('not installed')). See that the same course" in told


def test_a_submission_that_costs_worker_after_worker(tmp_path, course, settings, answered):
    """It is given up as often as Dask allows, as our fault, with the last worker as evidence."""
    machines = Machines(tmp_path)
    machines.start_scheduler(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    worker = machines.start_worker()
    cluster = Cluster(machines.address, settings, course, PATIENCE)
    threading.Timer(1.0, lambda: kill(worker)).start()
    [(job, answer)] = cluster.judge([answered("ada")])
    machines.close()
    cluster.close()
    assert job.student == "ada"
    assert "Dask workers lost while they judged it: 1" in answer["fault"]
    assert answer["evidence"]["attempts"] == 1
    assert answer["evidence"]["worker"].startswith("tcp://127.0.0.1")


def test_all_workers_are_lost(machines, course, settings, answered, monkeypatch):
    """A cluster that has had no worker for a while is told of, with the command for new ones."""
    monkeypatch.setattr(module, "ALONE", 1.0)
    worker = machines.start_worker()
    cluster = Cluster(machines.address, settings, course, PATIENCE)
    threading.Timer(1.0, lambda: kill(worker)).start()
    with pytest.raises(
        CourseError, match=r"has had no worker for 1 s. Start workers \(`dask worker"
    ):
        next(cluster.judge([answered("ada")]))
    cluster.close()


def test_the_scheduler_is_lost_midway(machines, course, settings, answered):
    """The grading ends with one sentence instead of waiting for answers that cannot come."""
    machines.start_worker()
    cluster = Cluster(machines.address, settings, course, PATIENCE)
    running = cluster.judge(answered(f"s{number}") for number in range(5))
    threading.Timer(1.0, lambda: kill(machines.processes[0])).start()
    with pytest.raises(CourseError, match="run again: what is graded is kept"):
        next(running)
    cluster.close()
