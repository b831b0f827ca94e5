"""One warm parent for all tests about kernels, and a fresh kernel for each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.kernel import KernelLimits, StudentKernel, WarmParent
from autograder.kernel.processes import children

GUARDIANS: dict[StudentKernel, int] = {}  # the process at the root of each kernel's


@pytest.fixture(scope="session")
def parent() -> Iterator[WarmParent]:
    """A warm parent that is gone when it has been closed."""
    with WarmParent() as warm:
        warm.start()
        pid = warm.pid
        yield warm
    assert not Path(f"/proc/{pid}").exists()


@pytest.fixture
def make(parent: WarmParent) -> Iterator[Callable[..., StudentKernel]]:
    """Makes kernels, closes them after the test, and looks whether anything is left of them."""
    made: list[StudentKernel] = []

    def kernel(**settings: Any) -> StudentKernel:
        limits = KernelLimits(**settings.pop("limits", {}))
        parent.start()
        before = children(parent.pid)
        made.append(parent.kernel(limits=limits, **settings))
        (GUARDIANS[made[-1]],) = set(children(parent.pid)) - set(before)
        return made[-1]

    yield kernel
    for one in made:
        pids = processes_of(one)
        one.close()
        assert gone(pids)


@pytest.fixture
def kernel(make: Callable[..., StudentKernel]) -> StudentKernel:
    """A fresh kernel that reacts to an interrupt quickly or not at all."""
    return make(limits={"grace": 0.5})


def processes_of(kernel: StudentKernel) -> list[int]:
    """Every process of a kernel, as this machine numbers them."""
    found = [GUARDIANS[kernel]]
    for pid in found:  # grows while it is gone through
        found += [child for child in children(pid) if child not in found]
    return found


@pytest.fixture(name="processes_of")
def processes_of_fixture() -> Callable[[StudentKernel], list[int]]:
    return processes_of


def alive(pid: int) -> bool:
    """Whether a process still runs; one that has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def gone(pids: list[int], patience: float = 5.0) -> bool:
    """Whether processes have ended, or do so soon: one that is ending still shows for a moment."""
    deadline = time.monotonic() + patience
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(map(alive, pids))


@pytest.fixture(name="gone")
def gone_fixture() -> Callable[[list[int]], bool]:
    return gone
