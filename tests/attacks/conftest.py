"""A course with secrets in it, the ears of a machine, and a judge to attack."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from autograder.judge import kernels
from autograder.judge.judge import Judged, judge_notebook
from autograder.judge.session import Limits
from autograder.kernel import WarmParent
from autograder.paths import Course
from autograder.sandbox import DEFAULT_REQUIRED, MECHANISMS, missing, probe
from tests.attacks.traces import Ears, Traces, at_rest, left_over, traces, wait_for_rest
from tests.grading.conftest import LESSON, answered, built_course, trusted

__all__ = ["answered", "built_course", "trusted"]

LIMITS = Limits(cell=2.0, call=1.0, hurried=0.3, check=3.0, notebook=20.0, given=10.0, restarts=3)
SECONDS = 45.0  # for a submission: the notebook's and the given cells' time, and the restarts
JUDGES_OWN = 10.0  # seconds of processor time that the judge itself may need for a submission
JUDGES_MEMORY = 600 * 2**20
# What only the grader knows. None of it may be in what a student gets back.
SECRETS = {
    "hidden check": "8675309",
    "solution": "1 point for additivity",
    "environment": "canary-of-the-environment",
    "home": "canary-of-the-home",
    "another student": "canary-of-bea",
}


@dataclass
class World:
    """What is at stake, and what an attacker knows of it."""

    course: Course
    home: Path
    ears: Ears
    temporary: Path

    @property
    def known(self) -> dict[str, object]:
        """What stands for `@COURSE@` and the like in an attack."""
        tcp, udp = self.ears.ports
        names = {"COURSE": self.course.root, "HOME": self.home, "TCP": tcp, "UDP": udp}
        return {**names, "SOCKET": self.ears.path, "ABSTRACT": self.ears.abstract, "FREE": 48_611}

    @property
    def folders(self) -> list[Path]:
        """Where nothing may change."""
        return [self.course.root, self.home, self.temporary]


@dataclass
class Outcome:
    """A judged submission, and what judging it has cost and left behind."""

    judged: Judged
    seconds: float
    own_seconds: float
    own_memory: int
    left: list[str]
    heard: list[str]


@pytest.fixture(scope="package")
def world(built_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The course of the grader's tests, with a class, a home and servers beside it."""
    if lacking := missing(DEFAULT_REQUIRED, probe()):
        pytest.skip(f"this machine cannot hold {', '.join(lacking)}: see `course doctor`")
    base = tmp_path_factory.mktemp("world")
    home, temporary = base / "home", base / "temporary"
    for folder in (home / "private", temporary, built_course.submitted / "bea" / LESSON):
        folder.mkdir(parents=True)
    (home / "private" / "diary.txt").write_text(SECRETS["home"])
    (built_course.submitted / "bea" / LESSON / f"{LESSON}.ipynb").write_text(
        SECRETS["another student"]
    )
    kept = dict(os.environ), tempfile.tempdir
    os.environ.update(COURSE_TOKEN=SECRETS["environment"], TMPDIR=str(temporary))
    tempfile.tempdir = str(temporary)
    kernels.close()  # the next warm parent is born into this world
    ears = Ears(base)
    yield World(built_course, home, ears, temporary)
    ears.close()
    kernels.close()
    os.environ.clear()
    os.environ.update(kept[0])
    tempfile.tempdir = kept[1]


@pytest.fixture(scope="package")
def start(world: World) -> Callable:
    """Starts kernels, all from one warm parent, as a worker does."""
    begin = partial(kernels.start_kernel, world.course.lessons / LESSON)
    begin().close()
    return begin


@pytest.fixture(scope="package")
def resting(start: Callable) -> int:
    """How many processes there are between two submissions: one kernel is always made ready."""
    return at_rest()


@pytest.fixture(scope="package")
def start_unprotected(world: World) -> Iterator[Callable]:
    """Starts kernels without any sandbox, to see what the attacks would do."""
    with WarmParent(without=MECHANISMS) as parent:
        yield partial(parent.kernel, world.course.lessons / LESSON, seed=0)


@pytest.fixture
def put_to_the_judge(world: World, trusted, start, resting) -> Callable[..., Outcome]:  # type: ignore[no-untyped-def]
    """Judges a submission, and looks at what that has cost and left."""

    def judge(notebook, start=start) -> Outcome:  # type: ignore[no-untyped-def]
        world.ears.heard()
        wait_for_rest(resting)
        before: Traces = traces(world.folders)
        memory, own, began = peak(), time.process_time(), time.monotonic()
        judged = judge_notebook(notebook, trusted, start, LIMITS)
        seconds, own = time.monotonic() - began, time.process_time() - own
        left = left_over(before, world.folders)
        return Outcome(judged, seconds, own, peak() - memory, left, world.ears.heard())

    return judge


def peak() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
