"""nbgrader's own tests of `nbgrader autograde`, from its wheel, with kernels of ours.

They run in two processes at once; most of their time goes into nbgrader's own making of gradebooks.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder.sandbox import probe

ROOT = Path(__file__).resolve().parents[2]
MODULE = "nbgrader.tests.apps.test_nbgrader_autograde"
LEAST = 40
# nbgrader skips these two everywhere: one wants a PostgreSQL server with fifty students, the other
# prints without end into the memory of the test's own process.
SKIPPED_BY_NBGRADER = {"test_many_students", "test_infinite_loop_with_output"}


def start_half(half: int, place: Path) -> subprocess.Popen[str]:
    """Run every second test in a process and a home of its own."""
    place.mkdir()
    scripts = str(Path(sys.executable).parent)  # nbgrader calls `alembic`
    environment = {
        "PATH": os.pathsep.join((scripts, os.environ["PATH"])),
        "PYTHONPATH": str(ROOT),
        "HOME": str(place),
        "IPYTHONDIR": str(place / "ipython"),
        "JUPYTER_DEFAULT_PROVISIONER_NAME": "course-provisioner",
        "COUNT_KERNELS": str(place / "kernels.txt"),
        "HALF": str(half),
    }
    command = [sys.executable, "-m", "pytest", "--pyargs", MODULE, "-q", "--junitxml=outcome.xml"]
    plugins = ["-p", "tests.provisioner.count_kernels", "-p", "no:cacheprovider"]
    return subprocess.Popen(
        [*command, *plugins],
        cwd=place,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders in which both halves have left their outcome; fails when a test has failed."""
    places = [tmp_path_factory.mktemp("nbgrader") / "home" for _ in range(2)]
    running = [start_half(half, place) for half, place in enumerate(places)]
    told = [process.communicate()[0] for process in running]
    for process, words in zip(running, told, strict=True):
        assert process.returncode == 0, words[-8000:]
    return places


def test_nbgraders_own_autograde_tests_pass(halves):
    """All of them, but for the two that nbgrader itself skips."""
    cases = [
        case
        for place in halves
        for case in ElementTree.parse(place / "outcome.xml").iter("testcase")
    ]
    skipped = {case.get("name") for case in cases if case.find("skipped") is not None}
    assert skipped == SKIPPED_BY_NBGRADER
    assert len(cases) - len(skipped) >= LEAST


def test_every_kernel_was_ours_and_confined(halves):
    """No test fell back to a stock kernel, and each kernel had all that this machine can hold."""
    kernels = [
        line for place in halves for line in (place / "kernels.txt").read_text().splitlines()
    ]
    assert len(kernels) > LEAST
    assert set(kernels) == {f"CourseProvisioner: {', '.join(probe())}"}
