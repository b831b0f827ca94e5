"""Kernels in the full sandbox, and in what is left of it where namespaces are forbidden."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.kernel import CellResult, KernelLimits, StudentKernel, WarmParent
from autograder.kernel.processes import children
from autograder.sandbox import PROTECTIONS, Resources, probe
from autograder.sandbox.shelter import NAMESPACES

GUARDIANS: dict[StudentKernel, int] = {}  # the process at the root of each kernel's


@pytest.fixture(scope="session")
def parent() -> Iterator[WarmParent]:
    """A warm parent with everything that this machine offers."""
    if set(probe()) != set(PROTECTIONS):
        pytest.skip(f"this machine holds only: {', '.join(probe())}")
    with WarmParent() as warm:
        yield warm


@pytest.fixture(scope="session")
def bare_parent() -> Iterator[WarmParent]:
    """A warm parent as in a container that forbids namespaces."""
    if "system calls" not in probe((NAMESPACES,)) or "processes" not in probe((NAMESPACES,)):
        pytest.skip("this machine has no Landlock or no seccomp")
    with WarmParent(without=[NAMESPACES]) as warm:
        yield warm


@pytest.fixture
def make(request: pytest.FixtureRequest) -> Iterator[Callable[..., StudentKernel]]:
    """Makes kernels with limits on their resources: `make(memory=…, bare=True)`."""
    made: list[StudentKernel] = []

    def kernel(bare: bool = False, **resources: int) -> StudentKernel:
        parent = request.getfixturevalue("bare_parent" if bare else "parent")
        limits = KernelLimits(resources=Resources(**resources))
        parent.start()
        before = children(parent.pid)
        made.append(parent.kernel(limits=limits))
        (GUARDIANS[made[-1]],) = set(children(parent.pid)) - set(before)
        return made[-1]

    yield kernel
    for one in made:
        one.close()


@pytest.fixture
def kernel(make: Callable[..., StudentKernel]) -> StudentKernel:
    """A kernel in the full sandbox."""
    return make()


@pytest.fixture
def bare(make: Callable[..., StudentKernel]) -> StudentKernel:
    """A kernel without namespaces."""
    return make(bare=True)


def value(result: CellResult) -> Any:
    """What a cell's last expression was, as the literal that it shows."""
    assert result.status == "ok", result
    return ast.literal_eval(result.outputs[-1]["data"]["text/plain"])


def refused(result: CellResult) -> str:
    """The name of the error that a cell ended with."""
    assert result.outputs, result
    return str(result.outputs[-1].get("ename"))


def processes_of(kernel: StudentKernel) -> list[int]:
    """Every process of a kernel, as this machine numbers them."""
    found = [GUARDIANS[kernel]]
    for pid in found:  # grows while it is gone through
        found += [child for child in children(pid) if child not in found]
    return found


@pytest.fixture(name="value")
def value_fixture() -> Callable[[CellResult], Any]:
    return value


@pytest.fixture(name="refused")
def refused_fixture() -> Callable[[CellResult], str]:
    return refused


@pytest.fixture(name="processes_of")
def processes_of_fixture() -> Callable[[StudentKernel], list[int]]:
    return processes_of


@pytest.fixture(name="gone")
def gone_fixture() -> Callable[..., bool]:
    return gone


def gone(pids: list[int], patience: float = 10.0) -> bool:
    """Whether processes have ended, or do so soon; those that wait to be reaped have."""

    def alive(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    deadline = time.monotonic() + patience
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(map(alive, pids))
